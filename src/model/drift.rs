//! How far the rate of the event drifts: a random walk of the intercept.
//!
//! Let a_t be what has to be added to the model's log-odds in year t, a_t = a_(t-1) + e_t with
//! e_t normal of standard deviation s. One Newton step from a_t = 0 turns the rows of a year into
//! an observation d_t = sum (y - p) / sum p (1 - p) of a_t with variance 1 / sum p (1 - p), so that
//! the likelihood of s is that of a local level model (Harvey 1989, *Forecasting, Structural Time
//! Series Models and the Kalman Filter*, section 3.2). A dozen years say little of s, and nothing
//! says that it is 0: its prior is half-normal (Gelman 2006, *Bayesian Analysis* 1:515-534), and
//! what is used is the posterior mean of s^2.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::recalibrate::CalibrationRow;
use crate::fit::logistic::probability;

/// Scale of the half-normal prior of the standard deviation of a year's change, in log-odds.
pub const DRIFT_PRIOR_SD: f64 = 0.2;

/// Standard deviation of the first year's level, in log-odds.
const FIRST_LEVEL_SD: f64 = 1.0;

/// Standard deviations at which the posterior is summed: 0 to 1 log-odds, five prior scales.
const GRID: usize = 101;
const STEP: f64 = 0.01;

/// How far the rate drifts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// Variance of a year's change of the log-odds: its posterior mean.
    pub variance_per_year: f64,
    /// Years with rows.
    pub years: usize,
}

impl Drift {
    /// From rows with the log-odds of models that did not see them. Without rows it is the prior's.
    pub fn estimate<C>(rows: &[CalibrationRow<C>]) -> Drift {
        let mut sums: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
        for row in rows {
            let p = probability(row.log_odds);
            // The oldest year first.
            let year = sums.entry(-(row.age_years.floor() as i64)).or_default();
            year.0 += row.count * (f64::from(u8::from(row.event)) - p);
            year.1 += row.count * p * (1.0 - p);
        }
        let years: Vec<(i64, f64, f64)> = sums
            .into_iter()
            .filter(|(_, (_, information))| *information > 0.0)
            .map(|(year, (residual, information))| (year, residual / information, information))
            .collect();
        let posterior: Vec<(f64, f64)> = (0..GRID)
            .map(|i| {
                let sd = STEP * i as f64;
                let prior = -0.5 * (sd / DRIFT_PRIOR_SD).powi(2);
                (sd * sd, log_likelihood(&years, sd * sd) + prior)
            })
            .collect();
        let highest = posterior
            .iter()
            .map(|(_, log)| *log)
            .fold(f64::MIN, f64::max);
        let (mut mean, mut mass) = (0.0, 0.0);
        for (variance, log) in posterior {
            // By trapezoids: the posterior is even in the standard deviation, so that half the
            // weight at 0 leaves next to no error; the other end has none.
            let half = if variance == 0.0 { 0.5 } else { 1.0 };
            let weight = half * (log - highest).exp();
            mean += weight * variance;
            mass += weight;
        }
        Drift {
            variance_per_year: mean / mass,
            years: years.len(),
        }
    }

    /// Variance of the log-odds' change over so many years.
    pub fn over(&self, years: f64) -> f64 {
        self.variance_per_year * years.max(0.0)
    }
}

/// Of a local level model: the Kalman filter's prediction errors.
fn log_likelihood(years: &[(i64, f64, f64)], variance: f64) -> f64 {
    let (mut level, mut spread) = (0.0, FIRST_LEVEL_SD * FIRST_LEVEL_SD);
    let mut last = None;
    let mut sum = 0.0;
    for &(year, observed, information) in years {
        if let Some(last) = last {
            spread += variance * (year - last) as f64;
        }
        last = Some(year);
        let total = spread + 1.0 / information;
        let error: f64 = observed - level;
        sum -= 0.5 * (error * error / total + total.ln());
        let gain = spread / total;
        level += gain * error;
        spread *= 1.0 - gain;
    }
    sum
}
