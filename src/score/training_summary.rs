//! What a model was trained on, as part of its scores.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::{RateNow, RiskModel};

/// What the model was trained on, as part of the result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingSummary {
    /// Inspections learned from.
    pub inspections: usize,
    /// Of these, inspections with the event.
    pub events: usize,
    /// First day of the earliest of them.
    pub first_start: Date,
    /// Publication of the newest judgement.
    pub last_published: Date,
    /// Share of them with the event, whenever they were.
    pub base_rate: f64,
    /// The rate of now.
    pub base_rate_now: RateNow,
    /// Penalty per observation, where one was stated.
    pub penalty: Option<f64>,
    /// Penalties per observation with their weights.
    pub penalties: Vec<(f64, f64)>,
    /// Calibration in time.
    pub calibration: CalibrationSummary,
    /// Largest component of the gradient at the solution.
    pub gradient_norm: f64,
    /// Judgements known on the training day and not learned from.
    pub excluded: Vec<crate::features::Excluded>,
}

/// Calibration in time, as part of the result.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationSummary {
    /// Years after which a row weighs half; `None` where all years weigh the same.
    pub half_life_years: Option<f64>,
    /// Shift of the log-odds.
    pub shift: f64,
    /// How many events of equal weight would be as informative.
    pub effective_events: f64,
    /// Slope of the log-odds.
    pub slope: f64,
}

impl TrainingSummary {
    pub(super) fn new(model: &RiskModel) -> Self {
        let record = model.training();
        let found = record.recalibration;
        TrainingSummary {
            inspections: record.inspections,
            events: record.events,
            first_start: record.first_start,
            last_published: record.last_published,
            base_rate: record.base_rate,
            base_rate_now: record.rate_now,
            penalty: record.penalty,
            penalties: record.penalties(),
            calibration: CalibrationSummary {
                half_life_years: found.half_life_years,
                shift: found.shift,
                effective_events: found.effective_events,
                slope: found.slope,
            },
            gradient_norm: model.fit_report().gradient_norm,
            excluded: record.excluded.clone(),
        }
    }
}
