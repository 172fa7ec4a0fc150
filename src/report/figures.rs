//! Every figure that a report shows, as JSON.

use serde::Serialize;

use crate::data::AuthorityCode;
use crate::error::{Error, Result};
use crate::model::TrainingRecord;
use crate::report::input::ReportInput;
use crate::score::{Contribution, Profiles, Scores};
use crate::validate::Evidence;

#[derive(Serialize)]
struct Figures<'a> {
    scores: &'a Scores,
    /// What the scores' own JSON leaves out, by rank.
    beside: Vec<Beside<'a>>,
    training: &'a TrainingRecord,
    evidence: Option<&'a Evidence>,
    profiles: Option<&'a Profiles>,
}

#[derive(Serialize)]
struct Beside<'a> {
    authority: AuthorityCode,
    figures: Vec<Figure<'a>>,
}

#[derive(Serialize)]
struct Figure<'a> {
    feature: &'a str,
    england: Option<f64>,
    /// The value that entered the score, where shrinkage changed it.
    counted_as: Option<f64>,
}

impl<'a> ReportInput<'a> {
    /// Every figure that the report shows, unrounded, as JSON: the scores, their intervals, what
    /// was learned from, the evidence, and each authority over time.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if it cannot be written as JSON.
    pub fn figures(&self) -> Result<String> {
        let figure = |contribution: &'a Contribution| Figure {
            feature: &contribution.feature,
            england: contribution.england,
            counted_as: contribution.shrunk,
        };
        let beside = self.scores.scores.iter().map(|score| Beside {
            authority: score.authority,
            figures: score.contributions.iter().map(figure).collect(),
        });
        let figures = Figures {
            scores: self.scores,
            beside: beside.collect(),
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
