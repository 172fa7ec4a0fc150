//! Predictions as CSV.

use jiff::civil::Date;
use serde::Serialize;

use super::prediction::Prediction;
use super::result::Backtest;
use crate::data::OrganisationCode;
use crate::error::Result;
use crate::spreadsheet::{neutral, not_csv};
use crate::validate::track_record::{NextJudgement, TrackRecord};

impl Backtest {
    /// One row for each prediction, with the columns of the JSON but the log-odds by half-life.
    ///
    /// # Errors
    /// [`Error::InvalidValue`](crate::Error::InvalidValue) if the CSV writer fails, which writing to memory does not.
    pub fn to_csv(&self) -> Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for prediction in &self.predictions {
            writer.serialize(Row::from(prediction)).map_err(not_csv)?;
        }
        into_text(writer)
    }
}

/// A prediction as a row: a cell holds one number.
#[derive(Serialize)]
struct Row {
    model: String,
    recipe: String,
    lead_months: u16,
    organisation: OrganisationCode,
    inspection_start: Date,
    as_of: Date,
    origin: Date,
    outcome: bool,
    probability: f64,
    linear_predictor: f64,
    uncalibrated_linear_predictor: f64,
    recalibrated_probability: f64,
    already_inadequate: bool,
    first_inspection: bool,
}

impl From<&Prediction> for Row {
    fn from(of: &Prediction) -> Self {
        Row {
            model: neutral(&of.model),
            recipe: neutral(&of.recipe),
            lead_months: of.lead_months,
            organisation: of.organisation,
            inspection_start: of.inspection_start,
            as_of: of.as_of,
            origin: of.origin,
            outcome: of.outcome,
            probability: of.probability,
            linear_predictor: of.linear_predictor,
            uncalibrated_linear_predictor: of.uncalibrated_linear_predictor,
            recalibrated_probability: of.recalibrated_probability,
            already_inadequate: of.already_inadequate,
            first_inspection: of.first_inspection,
        }
    }
}

impl TrackRecord {
    /// One row for each name of each list, with what was judged next.
    ///
    /// # Errors
    /// [`Error::InvalidValue`](crate::Error::InvalidValue) if the CSV writer fails, which writing to memory does not.
    pub fn to_csv(&self) -> Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(TRACK_COLUMNS).map_err(not_csv)?;
        for quarter in &self.quarters {
            for listed in &quarter.listed {
                let next = listed.next;
                let of = |text: &dyn Fn(&NextJudgement) -> String| {
                    next.as_ref().map_or_else(String::new, text)
                };
                let row = [
                    quarter.on.to_string(),
                    listed.organisation.to_string(),
                    neutral(&listed.name),
                    listed.place.to_string(),
                    listed.probability.to_string(),
                    of(&|n| n.started.to_string()),
                    of(&|n| n.published.to_string()),
                    of(&|n| n.grade.words().to_owned()),
                    of(&|n| n.event.to_string()),
                ];
                writer.write_record(row).map_err(not_csv)?;
            }
        }
        into_text(writer)
    }
}

const TRACK_COLUMNS: [&str; 9] = [
    "quarter_end",
    "organisation",
    "name",
    "place",
    "probability",
    "next_started",
    "next_published",
    "next_grade",
    "next_event",
];

fn into_text(writer: csv::Writer<Vec<u8>>) -> Result<String> {
    let bytes = writer
        .into_inner()
        .map_err(|e| not_csv(e.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
