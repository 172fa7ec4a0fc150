//! Every figure that a report shows, as JSON.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::model::TrainingRecord;
use crate::read_back::OutputSchema;
use crate::report::input::ReportInput;
use crate::score::{Profiles, Scores};
use crate::validate::Evidence;

#[derive(Serialize)]
struct Figures<'a> {
    schema: OutputSchema,
    scores: &'a Scores,
    training: &'a TrainingRecord,
    evidence: Option<&'a Evidence>,
    profiles: Option<&'a Profiles>,
}

impl ReportInput<'_> {
    /// Every figure that the report shows, unrounded, as JSON: the scores, their intervals, what
    /// was learned from, the evidence, and each authority over time.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if it cannot be written as JSON.
    pub fn figures(&self) -> Result<String> {
        let figures = Figures {
            schema: OutputSchema,
            scores: self.scores,
            training: self.model.training(),
            evidence: self.evidence,
            profiles: self.profiles,
        };
        serde_json::to_string_pretty(&figures).map_err(|error| Error::InvalidValue {
            what: "figures of a report",
            found: error.to_string(),
            expected: "JSON".to_owned(),
        })
    }
}
