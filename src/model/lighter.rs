//! What a ridge model would say with less penalty, from what a saved model holds.
//!
//! At the ridge estimate b the gradient of the log-loss alone is -alpha b. One Newton step of the
//! objective with the smaller penalty a therefore leads to b + (alpha - a) V b with
//! V = (X'WX + a I)^-1, intercept without penalty: a one-step estimator (van der Vaart 1998,
//! *Asymptotic Statistics*, section 5.7). W is that of b.

use super::family::Family;
use super::fitted::invert;
use super::risk_model::RiskModel;
use crate::error::Result;
use ndarray::{Array1, Array2};

/// Coefficients, intercept first, and their covariance.
pub(crate) struct Lighter {
    pub(crate) beta: Array1<f64>,
    pub(crate) covariance: Array2<f64>,
}

impl RiskModel {
    /// One step towards the estimate with at most `per_observation` of penalty. The estimate itself
    /// where it has no more, and for a family whose covariance is not that of one penalised
    /// likelihood or was stretched by recalibration. `Singular` where that step is not determined.
    pub(crate) fn lighter(&self, per_observation: f64) -> Result<Lighter> {
        let linear = &self.linear;
        let beta: Array1<f64> = [linear.intercept]
            .iter()
            .chain(&linear.coefficients)
            .copied()
            .collect();
        let report = &linear.report;
        let removed = report.alpha - per_observation * report.rows as f64;
        let one_likelihood = matches!(self.family, Family::Ridge | Family::Ordinal);
        let stretched = self
            .training
            .recalibration
            .is_some_and(|r| r.found.slope != 1.0);
        let heavier = one_likelihood && !stretched && removed > 0.0; // false for NaN
        if !heavier {
            return Ok(Lighter {
                covariance: linear.covariance.clone(),
                beta,
            });
        }
        let order = beta.len();
        let inverse = |matrix: &Array2<f64>| {
            invert(&matrix.iter().copied().collect::<Vec<_>>(), order).map(|(inverse, _)| inverse)
        };
        // Of the thresholds below the highest nothing is asked: what is inverted holds their part.
        let mut information = inverse(&linear.covariance)?;
        let mut pulled = &beta * removed;
        pulled[0] = 0.0;
        for diagonal in information.diag_mut().iter_mut().skip(1) {
            *diagonal -= removed;
        }
        let covariance = inverse(&information)?;
        Ok(Lighter {
            beta: beta + covariance.dot(&pulled),
            covariance,
        })
    }
}
