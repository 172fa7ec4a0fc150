//! One landmark, forecast.

use jiff::civil::Date;

use crate::data::AuthorityCode;
use crate::fit::logistic::probability;

/// One landmark, forecast.
pub(super) struct Row {
    // After the origin of its models.
    pub(super) year: i16,
    pub(super) organisation: AuthorityCode,
    pub(super) on: Date,
    pub(super) judged: Option<Date>,
    pub(super) event: bool,
    pub(super) already: bool,
    pub(super) abolished: bool,
    pub(super) timing: f64,
    // Log-odds of the event, if judged: of the model, the capped grade, and everybody.
    pub(super) risk: f64,
    pub(super) grade: f64,
    pub(super) rate: f64,
}

impl Row {
    pub(super) fn product(&self) -> f64 {
        self.timing * probability(self.risk)
    }
}
