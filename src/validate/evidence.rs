//! A back-test with what is drawn from it: one result for a report.

use serde::Serialize;

use super::backtest::Backtest;
use super::census_lag::CensusLag;

/// Everything that says how far to trust the scores.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// Every prediction, and the measures of every model and rival.
    pub backtest: Backtest,
    /// The audit of consequence posing as warning.
    pub census_lags: Vec<CensusLag>,
}
