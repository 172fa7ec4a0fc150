//! The intercept of the event beside slopes that come from elsewhere, without some of the rows.
//!
//! It makes the expected events those observed: sum_i w_i (y_i - p_i) = 0 with the slopes as an
//! offset. One Newton step of that equation leads to the one without a cluster, whose slopes are
//! others too (see [`held_out`](super::held_out)).

use ndarray::{Array1, ArrayView2};

use super::logistic::{linear_predictor, probability};
use crate::error::Result;

/// The intercept of all rows, and what each row did to it.
pub(crate) struct EventIntercept {
    value: f64,
    slopes: Array1<f64>,
    /// By row: the gradient of the log-likelihood of the event, and its curvature.
    residuals: Vec<f64>,
    curvatures: Array1<f64>,
    /// Of all rows, the latter alone and times each column.
    total: f64,
    by_slope: Array1<f64>,
}

impl EventIntercept {
    pub(crate) fn new(
        (value, slopes): (f64, &Array1<f64>),
        x: ArrayView2<f64>,
        events: &[bool],
        weights: &[f64],
    ) -> Result<Self> {
        let p = linear_predictor(x, value, slopes)?.mapv(probability);
        let weighted = || weights.iter().zip(&p);
        let residuals = weighted().zip(events);
        let residuals = residuals.map(|((w, p), event)| w * (f64::from(u8::from(*event)) - p));
        let curvatures: Array1<f64> = weighted().map(|(w, p)| w * p * (1.0 - p)).collect();
        Ok(EventIntercept {
            value,
            slopes: slopes.clone(),
            residuals: residuals.collect(),
            total: curvatures.sum(),
            by_slope: x.t().dot(&curvatures),
            curvatures,
        })
    }

    /// What it is without these rows, where the slopes are others without them.
    pub(crate) fn without(&self, rows: &[usize], x: ArrayView2<f64>, slopes: &[f64]) -> f64 {
        let (mut gradient, mut curvature) = (0.0, self.total);
        let mut by_slope = self.by_slope.clone();
        for &row in rows {
            gradient -= self.residuals[row];
            curvature -= self.curvatures[row];
            by_slope.scaled_add(-self.curvatures[row], &x.row(row));
        }
        let moved = slopes.iter().zip(&self.slopes).map(|(new, old)| new - old);
        let moved: f64 = moved.zip(&by_slope).map(|(moved, by)| moved * by).sum();
        self.value + (gradient - moved) / curvature
    }
}
