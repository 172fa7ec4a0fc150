//! What became of past scores: how far up the scale a model has been tested.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::data::AuthorityCode;
use crate::fit::logistic::probability;
use crate::stats::interval::{Limits, clopper_pearson};

/// Fewer past scores than this say next to nothing.
pub const FEWEST_TESTED: usize = 10;

/// One score of a back-test, with what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestedScore {
    /// Whose it was.
    pub organisation: AuthorityCode,
    /// Log-odds, calibrated in time at the origin.
    pub log_odds: f64,
    /// Whether the event happened.
    pub event: bool,
}

/// Past scores that were at least as high as one of today.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// How many.
    pub at_least_as_high: usize,
    /// Events that they expected.
    pub expected: f64,
    /// Events that came.
    pub came_true: usize,
    /// Clopper and Pearson's 95% interval of the share that came true; `None` where there is none.
    pub ci95: Option<Limits<f64>>,
    /// Of how many organisations.
    pub organisations: usize,
    /// Whether there are fewer than [`FEWEST_TESTED`].
    pub few: bool,
}

impl Tested {
    /// Of a score with these log-odds.
    pub fn of(log_odds: f64, past: &[TestedScore]) -> Tested {
        let high: Vec<&TestedScore> = past.iter().filter(|p| p.log_odds >= log_odds).collect();
        let organisations: BTreeSet<AuthorityCode> = high.iter().map(|p| p.organisation).collect();
        let came_true = high.iter().filter(|p| p.event).count();
        Tested {
            at_least_as_high: high.len(),
            expected: high.iter().map(|p| probability(p.log_odds)).sum(),
            came_true,
            ci95: clopper_pearson(came_true, high.len())
                .ok()
                .map(Limits::from),
            organisations: organisations.len(),
            few: high.len() < FEWEST_TESTED,
        }
    }
}
