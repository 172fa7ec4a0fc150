//! What the forecasts within a horizon were worth.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::features::Months;
use crate::model::Programme;
use crate::stats::interval::{Interval, Limits};
use crate::stats::undefined::{Estimate, or_why};

/// What the forecasts within a horizon were worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HorizonEvidence {
    /// The horizon.
    pub months: Months,
    /// The scenario for timing: the programme as it ran.
    pub scenario: Programme,
    /// First and last landmark.
    pub landmarks: Option<(Date, Date)>,
    /// Organisations abolished in their windows without a judgement, counted as not judged.
    pub abolished: usize,
    /// A judgement with the event.
    pub any: OutcomeEvidence,
    /// A judgement with the event of an organisation whose grade was not the worst one already.
    pub newly: OutcomeEvidence,
    /// Expected and observed by year, of any.
    pub years: Vec<HorizonYear>,
}

/// One outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutcomeEvidence {
    /// Landmarks: organisations at quarter ends.
    pub n: usize,
    /// Judged within the horizon.
    pub judged: usize,
    /// With the event.
    pub events: usize,
    /// Judgements and organisations behind these.
    pub distinct: (usize, usize),
    /// Gain over timing times one rate for all.
    pub over_timing: Gain,
    /// Gain over timing times the capped previous grade.
    pub over_timing_and_grade: Gain,
    /// Within-quarter C-statistic of the risk part among those judged.
    #[serde(with = "or_why")]
    pub risk_c: Estimate,
    /// Its 95% interval.
    #[serde(with = "or_why")]
    pub risk_c_ci95: Estimate<Interval>,
    /// Judged: observed over expected.
    #[serde(with = "or_why")]
    pub timing_observed_expected: Estimate,
    /// The event, among those judged: observed over expected.
    #[serde(with = "or_why")]
    pub risk_observed_expected: Estimate,
    /// Both: observed over expected.
    #[serde(with = "or_why")]
    pub observed_expected: Estimate,
}

/// What a forecast adds to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// Mean log-loss of a landmark that it saves: above 0 is better.
    #[serde(with = "or_why")]
    pub log_loss: Estimate,
    /// Its 95% interval, two-way by organisation and quarter.
    #[serde(with = "or_why")]
    pub log_loss_ci95: Estimate<Interval>,
    /// Within-quarter C-statistic that it adds.
    #[serde(with = "or_why")]
    pub c_within_quarter: Estimate,
    /// Its 95% interval, drawing organisations and quarters.
    #[serde(with = "or_why")]
    pub c_ci95: Estimate<Interval>,
}

/// The landmarks that were forecast at one origin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HorizonYear {
    /// Year of the landmarks: from 31 December before it, the origin, to 30 September.
    pub year: i16,
    /// Landmarks.
    pub n: usize,
    /// Judged: expected and observed.
    pub judged: (f64, usize),
    /// With the event: expected and observed.
    pub events: (f64, usize),
    /// Between how many events 95 of 100 such years lie, given how far years were off before.
    pub events_ci95: Limits<f64>,
}
