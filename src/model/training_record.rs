//! What a model was trained on, and how.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::drift::Drift;
use super::family::Family;
use super::rate::RateNow;
use super::recalibrate::{Recalibration, RecalibrationParams};
use crate::data::Framework;
use crate::features::Excluded;

/// One family of a model: an average has several, any other model one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberFit {
    /// The family.
    pub family: Family,
    /// Penalties per observation with their weights, which sum to 1; none for a family that has no
    /// penalty.
    pub penalties: Vec<(f64, f64)>,
}

/// What a model was trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRecord {
    /// All judgements were published before this day.
    pub date: Date,
    /// Inspections learned from.
    pub inspections: usize,
    /// Of these, inspections with the event.
    pub events: usize,
    /// Inspections and events by framework.
    pub frameworks: Vec<(Framework, usize, usize)>,
    /// First day of the earliest inspection.
    pub first_start: Date,
    /// Publication of the newest judgement.
    pub last_published: Date,
    /// Inspections whose first day is unknown and was assumed.
    pub assumed_starts: usize,
    /// Share of the inspections with the event, whenever they were.
    pub base_rate: f64,
    /// The rate of now, by the same calibration as the model's.
    pub rate_now: RateNow,
    /// Penalty per observation, where one was stated.
    pub penalty: Option<f64>,
    /// The families, each with the weights of its penalties.
    pub members: Vec<MemberFit>,
    /// How many features could be chosen at most, if that was limited.
    pub most_features: Option<usize>,
    /// How calibration in time was asked for.
    pub recalibration_params: RecalibrationParams,
    /// What it found.
    pub recalibration: Recalibration,
    /// How far the rate drifts.
    pub drift: Drift,
    /// Judgements known on the day and not learned from, by reason.
    pub excluded: Vec<Excluded>,
}

impl TrainingRecord {
    /// Penalties per observation with their weights; of an average, those of all members that have
    /// one, each counting the same. None for a family without a penalty.
    pub fn penalties(&self) -> Vec<(f64, f64)> {
        let with = self.members.iter().filter(|m| !m.penalties.is_empty());
        let share = 1.0 / with.clone().count().max(1) as f64;
        let mut all: Vec<(f64, f64)> = Vec::new();
        for &(penalty, weight) in with.flat_map(|m| &m.penalties) {
            match all.iter_mut().find(|(known, _)| *known == penalty) {
                Some((_, sum)) => *sum += share * weight,
                None => all.push((penalty, share * weight)),
            }
        }
        all
    }
}
