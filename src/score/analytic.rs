//! Analytic intervals of an authority's probability: the fast path, and the only one for a saved
//! model, which brings no training rows to draw again.
//!
//! With x the standardised features and a leading 1, the linear predictor x'b has the variance
//! x' V x, where V is the inverse of the penalised information (le Cessie and van Houwelingen 1992,
//! *Applied Statistics* 41, section 3). That takes the penalty for a prior, so that its pull is no
//! bias, and intervals about a strongly drawn x'b miss the truth. So the middle m is x'b after one
//! Newton step towards a penalty of at most [`INTERVAL_PENALTY`](super::INTERVAL_PENALTY), V is the
//! inverse of that information, and the interval m +- z sqrt(x' V x), widened to x'b, is carried
//! over to the probability.
//!
//! It is conditional on the preprocessing: imputation values, scaling and shrinkage count as known.
//! Rows count as independent, which inspections of one authority are not. For all of this see
//! [`IntervalParams`](super::IntervalParams), where the coverage of both stands. The step is taken
//! for ridge and proportional odds; other families with a penalty keep their own middle, and a
//! strong penalty is then a bias that their interval does not hold.
//! There is no analytic interval of the rank: ranks depend on all authorities together.

use jiff::civil::Date;
use ndarray::{Array1, ArrayView1};
use serde::Serialize;

use super::interval::INTERVAL_PENALTY;
use super::watchlist::Day;
use crate::data::{AuthorityCode, Panel};
use crate::error::Result;
use crate::model::{RiskModel, design, probability};
use crate::resample::interval::{Interval, normal_half_width};

/// One authority's analytic interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AnalyticInterval {
    /// The authority.
    pub authority: AuthorityCode,
    /// Its linear predictor, in log-odds.
    pub linear_predictor: f64,
    /// The same one step towards a penalty of at most [`INTERVAL_PENALTY`], in log-odds: the
    /// middle of the interval.
    pub centre: f64,
    /// The standard error of the middle, in log-odds.
    pub standard_error: f64,
    /// The interval of the probability, which holds the score's own.
    pub probability: Interval,
}

impl RiskModel {
    /// The analytic interval of every authority that [`RiskModel::score`] scores, by code.
    ///
    /// # Errors
    /// [`Error::InvalidValue`](crate::Error::InvalidValue) for a level not above 0 and below 1;
    /// those of [`RiskModel::score`].
    pub fn analytic_intervals(
        &self,
        panel: &Panel,
        as_of: Date,
        level: f64,
    ) -> Result<Vec<AnalyticInterval>> {
        super::interval::check_level(level)?;
        let day = Day::new(self, panel, as_of)?;
        let matrix = day.scored();
        let rows: Vec<usize> = (0..matrix.rows().len()).collect();
        let x = design(&matrix, &rows, self.columns());
        let log_odds = self.linear_predictors(&matrix)?;
        let lighter = self.lighter(INTERVAL_PENALTY)?;
        let half = normal_half_width(level);
        let of = |((&(authority, _), &linear_predictor), x): ((_, &f64), ArrayView1<f64>)| {
            // With a leading 1 before the used columns' values.
            let x: Array1<f64> = [1.0].iter().chain(x).copied().collect();
            let centre = lighter.beta.dot(&x);
            let standard_error = x.dot(&lighter.covariance.dot(&x)).sqrt();
            let end = |z: f64| centre + z * standard_error;
            AnalyticInterval {
                authority,
                linear_predictor,
                centre,
                standard_error,
                probability: Interval {
                    low: probability(end(-half).min(linear_predictor)),
                    high: probability(end(half).max(linear_predictor)),
                },
            }
        };
        let scored = matrix.rows().iter().zip(&log_odds);
        Ok(scored.zip(x.rows()).map(of).collect())
    }
}
