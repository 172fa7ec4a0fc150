//! One row scored by one model, and what was learned at its origin.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::AuthorityCode;
use crate::error::Result;
use crate::model::Recalibration;
use crate::validate::measure::rank::StratifiedRanking;

/// Half-lives, in years, that stand side by side; `None` weighs all years the same. The best of
/// them is never picked.
pub const HALF_LIVES: [Option<f64>; 5] = [Some(1.0), Some(2.0), Some(3.0), Some(5.0), None];

/// One row scored by one model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// The model or rival.
    pub model: String,
    /// The recipe under test.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// The authority.
    pub organisation: AuthorityCode,
    /// First day of the inspection, or the day assumed for it.
    pub inspection_start: Date,
    /// The day that the features are as of.
    pub as_of: Date,
    /// The day before which all judgements learned from were published.
    pub origin: Date,
    /// Whether the event happened.
    pub outcome: bool,
    /// Probability of the event, calibrated in time at the origin, as it would have been shown. Of
    /// an outcome of which there is none to show, a rank and no probability: see
    /// [`OutcomeRule::no_probability`](crate::data::OutcomeRule::no_probability).
    pub probability: f64,
    /// Its log-odds.
    pub linear_predictor: f64,
    /// Log-odds before calibration in time.
    pub uncalibrated_linear_predictor: f64,
    /// The same as `probability`.
    pub recalibrated_probability: f64,
    /// Whether the newest grade known on the as-of day was the event.
    pub already_inadequate: bool,
    /// Whether no grade was known on the as-of day.
    pub first_inspection: bool,
    /// Log-odds calibrated with each of [`HALF_LIVES`].
    pub by_half_life: [f64; HALF_LIVES.len()],
}

/// Recalibration of one model at one origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OriginDrift {
    /// The model.
    pub model: String,
    /// The recipe under test.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// The origin.
    pub origin: Date,
    /// What was found.
    #[serde(flatten)]
    pub found: Recalibration,
}

/// What was learned from at one origin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OriginRecord {
    /// The recipe under test.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// The origin.
    pub origin: Date,
    /// Inspections learned from.
    pub inspections: usize,
    /// Of these, with the event.
    pub events: usize,
    /// Features or themes that the model weighs.
    pub parameters: usize,
}

pub(crate) fn ranked_by_year(rows: &[&Prediction]) -> Result<StratifiedRanking> {
    let scores: Vec<f64> = rows.iter().map(|p| p.linear_predictor).collect();
    let outcomes: Vec<bool> = rows.iter().map(|p| p.outcome).collect();
    let years: Vec<i16> = rows.iter().map(|p| p.inspection_start.year()).collect();
    StratifiedRanking::new(&scores, &outcomes, &years)
}
