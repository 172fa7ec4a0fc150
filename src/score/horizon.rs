//! What will be judged within a horizon: timing and risk, apart and together.

use serde::{Deserialize, Serialize};

use crate::data::{Authority, Snapshot};
use crate::features::FeatureMatrix;
use crate::fit::logistic::probability;
use crate::model::{HorizonModel, Programme};
use crate::stats::interval::{Limits, Z95};

/// The probability that a full judgement with the event is published within a horizon. It is no
/// answer to "if inspected now": that is the probability of the score itself.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HorizonRisk {
    /// Of both: a full judgement is published, and with the event.
    pub probability: f64,
    /// Its 95% interval, with the timing held: that is a scenario.
    pub ci95: Limits<f64>,
    /// That a full judgement is published.
    pub judged: f64,
    /// That it is with the event, if one is published.
    pub inadequate_if_judged: f64,
    /// How the programme of inspections is taken to go on.
    pub scenario: Programme,
}

/// Of rows that are scored on a day.
pub(super) fn horizon_risks(
    model: &HorizonModel,
    on: Snapshot<'_>,
    matrix: &FeatureMatrix,
    programme: Programme,
) -> Vec<HorizonRisk> {
    let risk = model.risk();
    let design = risk.design(matrix);
    let record = risk.training();
    let ahead = f64::from(model.months().0) / 12.0;
    let drift = record.drift.over(record.recalibration.lag_years + ahead);
    let log_odds = risk.rule().log_odds(matrix);
    let register = on.panel().register();
    let rows = matrix.rows().iter().zip(design.rows()).zip(log_odds);
    rows.map(|((&(code, _), z), eta)| {
        let standing = register.get(code).map(|a: &Authority| on.standing(a));
        let judged = standing.map_or(0.0, |standing| model.judged(standing, programme));
        let (fit, between) = risk.variances(z);
        let half = Z95 * (fit + between + record.recalibration.shift_variance + drift).sqrt();
        HorizonRisk {
            probability: judged * probability(eta),
            ci95: Limits {
                low: judged * probability(eta - half),
                high: judged * probability(eta + half),
            },
            judged,
            inadequate_if_judged: probability(eta),
            scenario: programme,
        }
    })
    .collect()
}
