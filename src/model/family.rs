//! The families of logistic models that a risk model can be fitted by.

use std::str::FromStr;

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::constrained::ConstrainedParams;
use super::firth::{FirthParams, InterceptCorrection};
use super::fitted::Logistic;
use super::logistic::{L2, RidgeParams};
use crate::data::Direction;
use crate::error::{Error, Result};

/// How coefficients of standardised features are estimated. Each gives log-odds that add up from
/// contributions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Ridge: coefficients are drawn to 0.
    #[default]
    Ridge,
    /// Firth's penalised likelihood: no penalty to choose, finite where the classes are separated.
    Firth,
    /// Firth's slopes with an intercept that makes mean and base rate equal.
    Flic,
    /// Ridge under which no coefficient contradicts its declared direction.
    Constrained,
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 4] = [
        Family::Ridge,
        Family::Firth,
        Family::Flic,
        Family::Constrained,
    ];

    /// The family's name.
    pub fn name(self) -> &'static str {
        match self {
            Family::Ridge => "ridge",
            Family::Firth => "firth",
            Family::Flic => "flic",
            Family::Constrained => "constrained",
        }
    }

    /// Whether a penalty has to be stated or chosen for it.
    pub fn has_penalty(self) -> bool {
        matches!(self, Family::Ridge | Family::Constrained)
    }

    /// Fits standardised columns with their declared directions; the penalty is per observation.
    pub(super) fn fit(
        self,
        x: ArrayView2<f64>,
        y: &[bool],
        penalty: f64,
        directions: Vec<Direction>,
    ) -> Result<Logistic> {
        let firth = |correction| {
            let params = FirthParams::new().correction(correction);
            params.fit(x, y).map(|firth| firth.logistic().clone())
        };
        match self {
            Family::Ridge => RidgeParams::new().penalty(penalty).fit(x, y),
            Family::Firth => firth(InterceptCorrection::None),
            Family::Flic => firth(InterceptCorrection::Flic),
            Family::Constrained => ConstrainedParams::new()
                .l2(L2::PerObservation(penalty))
                .directions(directions)
                .fit(x, y)
                .map(|found| found.logistic().clone()),
        }
    }
}

impl FromStr for Family {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let found = Family::ALL.into_iter().find(|family| family.name() == text);
        found.ok_or_else(|| Error::InvalidValue {
            what: "model",
            found: text.to_owned(),
            expected: Family::ALL.map(Family::name).join(", "),
        })
    }
}
