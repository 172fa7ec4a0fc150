//! How much of a model's apparent quality is optimism: the whole pipeline, refitted to resampled
//! authorities.
//!
//! Harrell, Lee and Mark 1996, *Statistics in Medicine* 15:361-387, section 6; Steyerberg et al.
//! 2001, *Journal of Clinical Epidemiology* 54:774-781. In every replicate authorities are drawn
//! with replacement, everything is learned again (shrinkage priors, imputation, scaling, penalty,
//! coefficients), and the model is measured on its own rows and on the original ones: the mean
//! difference is the optimism.
//!
//! Harrell's correction takes away too little where there is next to no signal: a replicate's model
//! resembles the original one, and so is measured too kindly on the original rows. With
//! coefficients that are all noise it leaves about 0.3 of the apparent excess over 0.5. The
//! leave-one-out bootstrap (Efron and Tibshirani 1997, *JASA* 92:548-560, section 2) measures each
//! replicate on the authorities that were not drawn; it averages 0.5 where there is no signal, is a
//! little severe where there is, and stands beside. Both say how a model generalises to other
//! authorities of the same
//! years, not how it will do next year: the back-test does.

use serde::{Deserialize, Serialize};

use super::forecaster::{Forecaster, Scorer};
use crate::error::Result;
use crate::features::TrainingSet;
use crate::model::{DrawFailure, FailedReplicates};
use crate::stats::bootstrap::{Bootstrap, Clusters};
use crate::stats::interval::quantile;
use crate::stats::undefined::{Estimate, Undefined, or_why};
use crate::validate::measure::forecast::Forecast;
use crate::validate::measure::rank::Ranking;

/// Apparent and optimism-corrected measures of a model on its training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Optimism {
    /// Replicates that gave a model.
    pub succeeded: usize,
    /// Replicates that did not, by reason and count: never dropped in silence.
    pub failed: Vec<FailedReplicates>,
    /// C-statistic on the rows learned from.
    #[serde(with = "or_why")]
    pub apparent_c: Estimate,
    /// The same less the optimism.
    #[serde(with = "or_why")]
    pub corrected_c: Estimate,
    /// Mean C-statistic on the authorities that a replicate did not draw.
    #[serde(with = "or_why")]
    pub left_out_c: Estimate,
    /// Brier score on the rows learned from.
    #[serde(with = "or_why")]
    pub apparent_brier: Estimate,
    /// The same with the optimism, which is negative, taken away.
    #[serde(with = "or_why")]
    pub corrected_brier: Estimate,
    /// Calibration slope on the rows learned from less its optimism, best 1: below 1 the log-odds of
    /// new rows will be too far apart. The optimism is the median over replicates, because a slope
    /// can be far off in a few.
    #[serde(with = "or_why")]
    pub corrected_slope: Estimate,
}

/// Of one replicate: what the model lost between its own rows and the original ones.
struct Lost {
    c: f64,
    // On the authorities not drawn; none where they are of one class.
    left_out: Option<f64>,
    brier: f64,
    slope: Option<f64>,
}

struct Quality {
    c: Estimate,
    brier: Estimate,
    slope: Estimate,
}

/// Resamples authorities and repeats the whole pipeline.
///
/// # Errors
/// Those of fitting the model to the original rows.
pub fn optimism(
    training: &TrainingSet,
    forecaster: &dyn Forecaster,
    bootstrap: Bootstrap,
) -> Result<Optimism> {
    let apparent = quality(&*forecaster.fit(training)?, training)?;
    let authorities: Vec<_> = training.rows().iter().map(|r| r.organisation).collect();
    let clusters = Clusters::new(&authorities);
    let replicates = bootstrap.run(&clusters, |counts| replicate(training, forecaster, counts));
    let mut failed: std::collections::BTreeMap<DrawFailure, usize> = Default::default();
    let mut lost = Vec::with_capacity(replicates.len());
    for replicate in replicates {
        match replicate {
            Ok(found) => lost.push(found),
            Err(why) => *failed.entry(why).or_default() += 1,
        }
    }
    let mean = |part: fn(&Lost) -> f64| mean_of(&lost.iter().map(part).collect::<Vec<_>>());
    let left_out: Vec<f64> = lost.iter().filter_map(|l| l.left_out).collect();
    Ok(Optimism {
        left_out_c: mean_of(&left_out),
        succeeded: lost.len(),
        failed: failed
            .into_iter()
            .map(|(why, count)| FailedReplicates { why, count })
            .collect(),
        apparent_c: apparent.c,
        corrected_c: apparent.c.and_then(|c| Ok(c - mean(|l| l.c)?)),
        apparent_brier: apparent.brier,
        corrected_brier: apparent.brier.and_then(|b| Ok(b - mean(|l| l.brier)?)),
        corrected_slope: apparent.slope.and_then(|slope| {
            let optimism = median(lost.iter().filter_map(|l| l.slope).collect())?;
            Ok(slope - optimism)
        }),
    })
}

fn replicate(
    training: &TrainingSet,
    forecaster: &dyn Forecaster,
    counts: &[u32],
) -> std::result::Result<Lost, DrawFailure> {
    let rows: Vec<usize> = counts
        .iter()
        .enumerate()
        .flat_map(|(row, &count)| std::iter::repeat_n(row, count as usize))
        .collect();
    let drawn = training.take_rows(&rows);
    let scorer = forecaster.fit(&drawn).map_err(|e| DrawFailure::from(&e))?;
    let left: Vec<usize> = (0..counts.len()).filter(|&row| counts[row] == 0).collect();
    let left = quality(&*scorer, &training.take_rows(&left)).map_err(|e| DrawFailure::from(&e))?;
    let own = quality(&*scorer, &drawn).map_err(|e| DrawFailure::from(&e))?;
    let original = quality(&*scorer, training).map_err(|e| DrawFailure::from(&e))?;
    let difference = |a: Estimate, b: Estimate| Ok(a? - b?);
    let undefined = |why: Undefined| DrawFailure::Other(why.to_string());
    Ok(Lost {
        c: difference(own.c, original.c).map_err(undefined)?,
        left_out: left.c.ok(),
        brier: difference(own.brier, original.brier).map_err(undefined)?,
        slope: difference(own.slope, original.slope).ok(),
    })
}

fn median(mut values: Vec<f64>) -> Estimate {
    values.sort_unstable_by(f64::total_cmp);
    quantile(&values, 0.5)
}

fn mean_of(values: &[f64]) -> Estimate {
    match values.len() {
        0 => Err(Undefined::TooFewReplicates {
            succeeded: 0,
            needed: 1,
        }),
        n => Ok(values.iter().sum::<f64>() / n as f64),
    }
}

fn quality(scorer: &dyn Scorer, rows: &TrainingSet) -> Result<Quality> {
    let log_odds = scorer.log_odds(rows.matrix())?;
    let outcomes: Vec<bool> = rows.rows().iter().map(|r| r.event).collect();
    let forecast = Forecast::from_log_odds(&log_odds, &outcomes)?;
    Ok(Quality {
        c: Ranking::new(&log_odds, &outcomes)?.tally().c_statistic(),
        brier: forecast.brier(),
        slope: forecast.calibration_line().map(|line| line.slope.estimate),
    })
}
