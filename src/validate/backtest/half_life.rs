//! The candidates with every half-life side by side: the data cannot choose among them.

use serde::{Deserialize, Serialize};

use super::prediction::{HALF_LIVES, Prediction};
use crate::error::Result;
use crate::stats::undefined::{Estimate, or_why};
use crate::validate::measure::forecast::Forecast;

/// One candidate with one half-life, or without calibration in time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HalfLife {
    /// The model.
    pub model: String,
    /// The recipe.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// First year of the rows.
    pub since: i16,
    /// Whether it was calibrated in time.
    pub calibrated: bool,
    /// Years after which a row weighs half; `None` where all years weigh the same.
    pub half_life_years: Option<f64>,
    /// Observed over expected events.
    #[serde(with = "or_why")]
    pub observed_expected: Estimate,
    /// Mean log-loss.
    #[serde(with = "or_why")]
    pub log_loss: Estimate,
    /// Brier score.
    #[serde(with = "or_why")]
    pub brier: Estimate,
}

/// One candidate's rows since a year.
pub(crate) fn half_lives(rows: &[&Prediction], since: i16) -> Result<Vec<HalfLife>> {
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let outcomes: Vec<bool> = rows.iter().map(|p| p.outcome).collect();
    let one = |half_life: Option<usize>| {
        let score = |p: &&Prediction| match half_life {
            Some(place) => p.by_half_life[place],
            None => p.uncalibrated_linear_predictor,
        };
        let scores: Vec<f64> = rows.iter().map(score).collect();
        let forecast = Forecast::from_log_odds(&scores, &outcomes)?;
        Ok(HalfLife {
            model: first.model.clone(),
            recipe: first.recipe.clone(),
            lead_months: first.lead_months,
            since,
            calibrated: half_life.is_some(),
            half_life_years: half_life.and_then(|place| HALF_LIVES[place]),
            observed_expected: forecast.observed_expected().map(|o| o.ratio),
            log_loss: forecast.log_loss(),
            brier: forecast.brier(),
        })
    };
    let all = (0..HALF_LIVES.len()).map(Some).chain([None]);
    all.map(one).collect()
}
