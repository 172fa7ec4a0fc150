//! The families of models that a risk model can be fitted by.

use std::str::FromStr;

use ndarray::{Array1, Array2, Axis};
use serde::{Deserialize, Serialize};

use super::constrained::{Belief, ConstrainedParams};
use super::firth::{FirthParams, InterceptCorrection};
use super::linear::Linear;
use super::logistic::{L2, RidgeParams};
use super::ordinal::OrdinalParams;
use super::pooled::PooledParams;
use crate::data::{Direction, Framework};
use crate::error::{Error, Result};
use crate::features::TrainingRow;

/// How coefficients of standardised features are estimated. Each gives log-odds of the event that
/// add up from contributions.
///
/// A penalty is a prior on the slopes, and these mean the same in every family: the change of the
/// log-odds of the event per standard deviation. So one penalty serves all families that need one,
/// chosen by the held-out log-loss of ridge models where it is not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Ridge: coefficients are drawn to 0.
    #[default]
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
    /// [`PooledParams`](super::PooledParams).
    Pooled,
    /// The mean of the features in their declared directions, mapped to log-odds by a logistic
    /// regression on it alone. A missing value counts as the training mean.
    Composite,
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

/// Just enough to keep the one slope of a composite finite where it separates the classes.
const LIGHT: f64 = 1e-3;

/// What a family is fitted to.
pub(super) struct Sample<'a> {
    /// Standardised columns.
    pub(super) x: Array2<f64>,
    pub(super) events: Vec<bool>,
    pub(super) rows: &'a [TrainingRow],
    /// Of the columns.
    pub(super) directions: Vec<Direction>,
    /// Per observation.
    pub(super) penalty: f64,
    /// Of an average.
    pub(super) members: &'a [Family],
}

impl Family {
    /// All of them.
    pub const ALL: [Family; 10] = [
        Family::Ridge,
        Family::Firth,
        Family::Flic,
        Family::Flac,
        Family::Ordinal,
        Family::Pooled,
        Family::Composite,
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
            Family::Constrained => "constrained",
            Family::Carried => "carried",
            Family::Average => "average",
        }
    }

    /// Whether a penalty has to be stated or chosen for it.
    pub fn has_penalty(self) -> bool {
        use Family::*;
        matches!(
            self,
            Ridge | Ordinal | Pooled | Constrained | Carried | Average
        )
    }

    pub(super) fn fit(self, sample: &Sample) -> Result<Linear> {
        match self {
            Family::Ridge => sample.ridge(),
            Family::Firth => sample.firth(InterceptCorrection::None),
            Family::Flic => sample.firth(InterceptCorrection::Flic),
            Family::Flac => sample.firth(InterceptCorrection::Flac),
            Family::Ordinal => sample.ordinal(),
            Family::Pooled => sample.pooled(),
            Family::Composite => sample.composite(),
            Family::Constrained => sample.constrained(),
            Family::Carried => sample.carried(),
            Family::Average => sample.average(),
        }
    }
}

impl Sample<'_> {
    fn ridge(&self) -> Result<Linear> {
        let ridge = RidgeParams::new().penalty(self.penalty);
        Ok(Linear::from(&ridge.fit(self.x.view(), &self.events)?))
    }

    fn firth(&self, correction: InterceptCorrection) -> Result<Linear> {
        let params = FirthParams::new().correction(correction);
        Ok(Linear::from(
            params.fit(self.x.view(), &self.events)?.logistic(),
        ))
    }

    /// A grade that nobody was given has no level. The highest is Inadequate: there are events.
    fn ordinal(&self) -> Result<Linear> {
        let mut given: Vec<usize> = self.rows.iter().map(|r| r.grade as usize).collect();
        given.sort_unstable();
        given.dedup();
        let level = |r: &TrainingRow| given.partition_point(|&g| g < r.grade as usize);
        let levels: Vec<usize> = self.rows.iter().map(level).collect();
        let params = OrdinalParams::new().l2(L2::PerObservation(self.penalty));
        let ordinal = params.fit(self.x.view(), &levels, given.len())?;
        Ok(Linear::of_highest_grade(&ordinal, &self.events))
    }

    fn pooled(&self) -> Result<Linear> {
        let grade = |grade: Option<_>| grade.map(|g| g as usize);
        let grades = self.rows.iter().map(|r| r.judgements.graded().map(grade));
        let grades: Vec<[Option<usize>; 5]> = grades.collect();
        let authorities: Vec<_> = self.rows.iter().map(|r| r.authority).collect();
        let params = PooledParams::new().l2(L2::PerObservation(self.penalty));
        let pooled = params.fit(self.x.view(), &grades, &self.events, &authorities)?;
        Ok(Linear::of_pooled(&pooled))
    }

    fn composite(&self) -> Result<Linear> {
        let signs: Array1<f64> = self
            .directions
            .iter()
            .map(|d| d.sign().unwrap_or(0.0))
            .collect();
        let declared = signs.mapv(f64::abs).sum();
        if declared == 0.0 {
            return Err(Error::NoUsableFeature {
                features: signs.len(),
            });
        }
        let weights = signs / declared;
        let composite = self.x.dot(&weights).insert_axis(Axis(1));
        let ridge = RidgeParams::new().penalty(LIGHT);
        let line = ridge.fit(composite.view(), &self.events)?;
        Ok(Linear::of_sum(&line, &weights))
    }

    fn constrained(&self) -> Result<Linear> {
        let params = ConstrainedParams::new()
            .l2(L2::PerObservation(self.penalty))
            .directions(self.directions.clone());
        Ok(Linear::from(
            params.fit(self.x.view(), &self.events)?.logistic(),
        ))
    }

    /// Plain ridge where one framework alone has inspections of both classes.
    fn carried(&self) -> Result<Linear> {
        let newest = self.newest_framework();
        let (new, old): (Vec<usize>, Vec<usize>) =
            (0..self.rows.len()).partition(|&row| Some(self.rows[row].framework) == newest);
        let both = |rows: &[usize]| {
            let events = rows.iter().filter(|&&row| self.events[row]).count();
            events > 0 && events < rows.len()
        };
        if !both(&new) || !both(&old) {
            return self.ridge();
        }
        let events =
            |rows: &[usize]| -> Vec<bool> { rows.iter().map(|&r| self.events[r]).collect() };
        let earlier = RidgeParams::new()
            .penalty(self.penalty)
            .fit(self.x.select(Axis(0), &old).view(), &events(&old))?;
        let variances = earlier.covariance().diag();
        let known = earlier.coefficients().iter().zip(variances.iter().skip(1));
        let beliefs = known.map(|(&centre, variance)| Belief {
            centre,
            precision: CARRIED_SHARE / variance,
        });
        let params = ConstrainedParams::new().beliefs(beliefs.collect());
        let found = params.fit(self.x.select(Axis(0), &new).view(), &events(&new))?;
        Ok(Linear {
            prior_shares: found.prior_shares().to_vec(),
            ..Linear::from(found.logistic())
        })
    }

    /// The framework of the inspection that started last.
    pub(super) fn newest_framework(&self) -> Option<Framework> {
        let last = self.rows.iter().max_by_key(|r| (r.start, r.framework));
        last.map(|r| r.framework)
    }

    fn average(&self) -> Result<Linear> {
        let members = self.members.iter().map(|member| match member {
            Family::Average => Err(Error::InvalidValue {
                what: "models to average",
                found: Family::Average.name().to_owned(),
                expected: "other families".to_owned(),
            }),
            other => other.fit(self),
        });
        Linear::mean(&members.collect::<Result<Vec<_>>>()?)
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
