//! The penalty: stated, or chosen by cross-validation grouped by authority inside the training
//! window.

use std::collections::BTreeMap;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use super::fitted::{linear_predictor, log_loss};
use super::path::ridge_path;
use super::preprocess::{design, learn, used};
use crate::data::AuthorityCode;
use crate::error::{Error, Result};
use crate::features::TrainingSet;

/// How strongly coefficients are drawn to 0: the objective is the mean log-loss plus
/// `penalty / 2` times the sum of squared standardised coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Penalty {
    /// This much, per observation, so that the pull does not fade as the window grows.
    PerObservation(f64),
    /// Chosen from [`PENALTIES`] by held-out log-loss; the authority, not the row, is held out.
    CrossValidated {
        /// Parts that authorities are divided into, 2 to 20.
        folds: usize,
    },
}

/// The penalties that cross-validation chooses from, the strongest first.
pub const PENALTIES: [f64; 11] = [3.0, 1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.01, 0.003, 0.001];

/// Repeats over different divisions, because one division of 60 events is a lottery.
const REPEATS: u64 = 5;

/// Penalties whose held-out log-loss is within this much per row of the best are as good: the
/// strongest of them is taken.
const AS_GOOD: f64 = 1e-4;

impl Penalty {
    /// The penalty per observation for this training set.
    pub(crate) fn choose(self, training: &TrainingSet) -> Result<f64> {
        match self {
            Penalty::PerObservation(penalty) => Ok(penalty),
            Penalty::CrossValidated { folds } if (2..=20).contains(&folds) => {
                cross_validate(training, folds)
            }
            Penalty::CrossValidated { folds } => Err(Error::InvalidValue {
                what: "folds of the cross-validation",
                found: folds.to_string(),
                expected: "2 to 20".to_owned(),
            }),
        }
    }
}

fn cross_validate(training: &TrainingSet, folds: usize) -> Result<f64> {
    let mut losses = [0.0; PENALTIES.len()];
    for seed in 0..REPEATS {
        let fold_of = divide(training, folds, seed);
        for fold in 0..folds {
            held_out_losses(training, &fold_of, fold, &mut losses)?;
        }
    }
    let rows = (training.rows().len() as f64) * REPEATS as f64;
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let chosen = losses
        .iter()
        .position(|&loss| loss <= best + AS_GOOD * rows);
    Ok(PENALTIES[chosen.unwrap_or(0)])
}

/// The fold of each row: authorities with an event are dealt out first, then the others, so that
/// every fold has its share of events.
fn divide(training: &TrainingSet, folds: usize, seed: u64) -> Vec<usize> {
    let mut had_event: BTreeMap<AuthorityCode, bool> = BTreeMap::new();
    for row in training.rows() {
        *had_event.entry(row.authority).or_default() |= row.event;
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut order: Vec<(bool, u64, AuthorityCode)> = had_event
        .into_iter()
        .map(|(authority, event)| (!event, random.next_u64(), authority))
        .collect();
    order.sort();
    let fold_of: BTreeMap<AuthorityCode, usize> = order
        .into_iter()
        .enumerate()
        .map(|(place, (_, _, authority))| (authority, place % folds))
        .collect();
    training
        .rows()
        .iter()
        .map(|r| fold_of[&r.authority])
        .collect()
}

/// Adds the log-loss on one fold, of models fitted to the others, for each penalty.
fn held_out_losses(
    training: &TrainingSet,
    fold_of: &[usize],
    fold: usize,
    losses: &mut [f64],
) -> Result<()> {
    let (held, kept): (Vec<usize>, Vec<usize>) =
        (0..fold_of.len()).partition(|&row| fold_of[row] == fold);
    let outcome = |rows: &[usize]| -> Vec<bool> {
        rows.iter().map(|&row| training.rows()[row].event).collect()
    };
    let (y, held_y) = (outcome(&kept), outcome(&held));
    let learned = learn(training.matrix(), &kept)?;
    if held.is_empty() || used(&learned).is_empty() {
        return Ok(());
    }
    let x = design(training.matrix(), &kept, &learned);
    let held_x = design(training.matrix(), &held, &learned);
    for (loss, beta) in losses.iter_mut().zip(ridge_path(x.view(), &y, &PENALTIES)?) {
        let coefficients = beta[1..].iter().copied().collect();
        let log_odds = linear_predictor(held_x.view(), beta[0], &coefficients)?;
        *loss += log_odds
            .iter()
            .zip(&held_y)
            .map(|(&eta, &y)| log_loss(eta, y))
            .sum::<f64>();
    }
    Ok(())
}
