//! What a ridge model would say with less penalty, from what a saved model holds.
//!
//! At the ridge estimate b the gradient of the log-loss alone is -alpha b. One Newton step of the
//! objective with the smaller penalty a therefore leads to b + (alpha - a) V b with
//! V = (X'WX + a I)^-1, intercept without penalty: a one-step estimator (van der Vaart 1998,
//! *Asymptotic Statistics*, section 5.7). W is that of b.

use super::fitted::{Logistic, invert};
use crate::error::Result;
use ndarray::{Array1, Array2};

/// Coefficients, intercept first, and their covariance.
pub(crate) struct Lighter {
    pub(crate) beta: Array1<f64>,
    pub(crate) covariance: Array2<f64>,
}

impl Logistic {
    /// One step towards the estimate with at most `per_observation` of penalty; the estimate
    /// itself where it has no more. `Singular` where that step is not determined.
    pub(crate) fn lighter(&self, per_observation: f64) -> Result<Lighter> {
        let beta = Array1::from(self.start());
        let report = self.report();
        let removed = report.alpha - per_observation * report.rows as f64;
        let heavier = removed > 0.0; // false for NaN
        if !heavier {
            return Ok(Lighter {
                covariance: self.covariance().clone(),
                beta,
            });
        }
        let mut information = self.information().clone();
        let mut pulled = &beta * removed;
        pulled[0] = 0.0;
        for diagonal in information.diag_mut().iter_mut().skip(1) {
            *diagonal -= removed;
        }
        let values: Vec<f64> = information.iter().copied().collect();
        let (covariance, _) = invert(&values, beta.len())?;
        Ok(Lighter {
            beta: beta + covariance.dot(&pulled),
            covariance,
        })
    }
}
