//! The rate of now: what share of inspections of today is expected to end with the event.

use serde::{Deserialize, Serialize};

use super::drift::Drift;
use super::recalibrate::Recalibration;
use crate::fit::logistic::probability;
use crate::stats::interval::{Interval, Z95, as_limits};

/// The rate of the event on a day, for everyone alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateNow {
    /// As a probability.
    pub value: f64,
    /// Its 95% interval, normal in log-odds: the variance of the shift and that of the drift of the
    /// rate since the rows that it was learned from.
    #[serde(with = "as_limits")]
    pub ci95: Interval,
}

impl RateNow {
    /// The rate of all years, in log-odds, shifted to now.
    pub(super) fn new(all_years: f64, shift: &Recalibration, drift: Drift) -> Self {
        let log_odds = shift.apply(all_years);
        let variance = shift.shift_variance + drift.over(shift.lag_years);
        let half = Z95 * variance.sqrt();
        RateNow {
            value: probability(log_odds),
            ci95: Interval {
                low: probability(log_odds - half),
                high: probability(log_odds + half),
            },
        }
    }
}
