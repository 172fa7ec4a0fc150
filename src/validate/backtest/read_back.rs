//! A back-test from JSON: what does not hold together is refused.

use super::prediction::Prediction;
use super::result::Backtest;
use crate::fit::logistic::probability;
use crate::read_back::{checked, require};

/// Of one logistic function; another platform's may differ in the last digits.
const ROUNDING: f64 = 1e-12;

checked!(Backtest, backtest);

fn backtest(read: &Backtest) -> Result<(), String> {
    require(read.from <= read.to, || {
        format!(
            "found years {} to {}, expected the first before",
            read.from, read.to
        )
    })?;
    read.predictions.iter().try_for_each(prediction)
}

fn prediction(read: &Prediction) -> Result<(), String> {
    let what = || {
        let (model, code, day) = (&read.model, read.organisation, read.inspection_start);
        format!("prediction of {model} for {code}, inspected from {day}")
    };
    let expected = probability(read.linear_predictor);
    require((read.probability - expected).abs() <= ROUNDING, || {
        let found = read.probability;
        format!(
            "{}: found probability {found}, expected {expected} of its log-odds",
            what()
        )
    })?;
    let earlier = read.origin <= read.inspection_start && read.as_of < read.inspection_start;
    require(earlier, || {
        let (origin, as_of) = (read.origin, read.as_of);
        format!(
            "{}: found origin {origin} and day {as_of}, expected them before",
            what()
        )
    })
}
