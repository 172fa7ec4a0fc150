//! The penalty: stated, or none chosen.
//!
//! The data cannot tell penalties a factor of ten apart: their held-out log-losses differ by less
//! than their errors, and whoever chooses one lets the risks jump with it. So log-odds are averaged
//! over the penalties of a path, each weighing exp(-(L - min L)) with L the summed log-loss of
//! organisations left out (a pseudo-likelihood in Akaike weights: Burnham and Anderson 2002, *Model
//! Selection and Multimodel Inference*, section 2.9; stacking by pseudo-BMA: Yao et al. 2018,
//! *Bayesian Analysis* 13:917-1007, section 3.4). Nothing jumps, and what the penalties leave open
//! is part of every interval.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::fit::ridge::require;

/// How strongly coefficients are drawn to 0, or to equal weights: the objective is the mean
/// log-loss plus `penalty / 2` times the sum of squared standardised coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Penalty {
    /// This much, per observation, so that the pull does not fade as the window grows.
    PerObservation(f64),
    /// Log-odds averaged over [`PENALTIES`], by the log-loss of organisations left out.
    Averaged,
}

/// The penalties of the path, the strongest first.
pub const PENALTIES: [f64; 11] = [3.0, 1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.01, 0.003, 0.001];

impl Penalty {
    /// The penalties at which there is something to fit.
    pub(super) fn path(&self) -> Result<Vec<f64>> {
        let path = match *self {
            Penalty::PerObservation(penalty) => vec![penalty],
            Penalty::Averaged => PENALTIES.to_vec(),
        };
        for penalty in &path {
            let valid = (0.0..=1e150).contains(penalty);
            require("penalty", penalty, valid, "0 to 1e150")?;
        }
        Ok(path)
    }

    /// The weight of each of them, given the summed log-loss of organisations left out under each.
    pub(super) fn weights(&self, losses: &[f64]) -> Vec<f64> {
        match self {
            Penalty::PerObservation(_) => vec![1.0],
            Penalty::Averaged => {
                let least = losses.iter().copied().fold(f64::INFINITY, f64::min);
                let weights: Vec<f64> = losses.iter().map(|loss| (least - loss).exp()).collect();
                let sum: f64 = weights.iter().sum();
                weights.iter().map(|weight| weight / sum).collect()
            }
        }
    }
}
