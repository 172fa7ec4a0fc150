//! The families of models that a risk model can be fitted by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How coefficients of standardised features are estimated. Each gives log-odds of the event that
/// add up from contributions.
///
/// A penalty is a prior on the slopes, and these mean the same in every family: the change of the
/// log-odds of the event per standard deviation. Unless one is stated, log-odds are averaged over
/// penalties by the family's own log-loss of organisations left out, see
/// [`Penalty::Averaged`](super::penalty::Penalty::Averaged).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Family {
    /// Ridge: coefficients are drawn to 0.
    Ridge,
    /// Firth's penalised likelihood: no penalty to choose, finite where the classes are separated.
    Firth,
    /// Firth's slopes with an intercept that makes mean and base rate equal.
    Flic,
    /// Firth's likelihood with its pseudo-observations as rows of their own: mean and base rate
    /// are equal, and slopes less drawn than by [`Family::Flic`].
    Flac,
    /// Proportional odds of all four grades, ridge on the slopes.
    Ordinal,
    /// Every judgement of an inspection on a scale of its own, with shared slopes; see
    /// [`PooledParams`](crate::fit::PooledParams).
    Pooled,
    /// Equal weights: the mean of the themes, or of the features in their declared directions, in
    /// their declared weights, mapped to log-odds by a logistic regression on it alone. The default: how it was chosen is said in
    /// [`validate::primary`](crate::validate::primary).
    #[default]
    Composite,
    /// Weights drawn towards those of [`Family::Composite`] instead of to 0, see
    /// [`TowardsEqualParams`](crate::fit::TowardsEqualParams).
    TowardsEqual,
    /// Ridge under which no coefficient contradicts its declared direction.
    Constrained,
    /// Ridge on the inspections of the newest framework, drawn to what ridge says of those of
    /// earlier frameworks, with half of their precision; see [`CARRIED_SHARE`].
    Carried,
    /// The mean of the log-odds of several families, [`AVERAGED`] unless stated.
    Average,
}

/// The families of an average: one that looks at the event, one at every judgement, one that
/// estimates no weights. They were chosen before any of them was back-tested together.
pub const AVERAGED: [Family; 3] = [Family::Ridge, Family::Pooled, Family::Composite];

/// How much of the precision of an earlier framework's coefficients counts for the newest one: the
/// power of a power prior (Ibrahim and Chen 2000, *Statistical Science* 15:46-60).
pub const CARRIED_SHARE: f64 = 0.5;

impl Family {
    /// All of them.
    pub const ALL: [Family; 11] = [
        Family::Ridge,
        Family::Firth,
        Family::Flic,
        Family::Flac,
        Family::Ordinal,
        Family::Pooled,
        Family::Composite,
        Family::TowardsEqual,
        Family::Constrained,
        Family::Carried,
        Family::Average,
    ];

    /// The family's name.
    pub fn name(self) -> &'static str {
        match self {
            Family::Ridge => "ridge",
            Family::Firth => "firth",
            Family::Flic => "flic",
            Family::Flac => "flac",
            Family::Ordinal => "ordinal",
            Family::Pooled => "pooled",
            Family::Composite => "composite",
            Family::TowardsEqual => "towards_equal",
            Family::Constrained => "constrained",
            Family::Carried => "carried",
            Family::Average => "average",
        }
    }

    /// Whether it is fitted at penalties, a stated one or those of the path.
    pub fn has_penalty(self) -> bool {
        match self {
            Family::Ridge
            | Family::Ordinal
            | Family::Pooled
            | Family::TowardsEqual
            | Family::Constrained
            | Family::Carried => true,
            Family::Firth | Family::Flic | Family::Flac | Family::Composite => false,
            // Its members say.
            Family::Average => true,
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
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
