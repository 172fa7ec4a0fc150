//! Whether a combination of figures lies within what a model was trained on.
//!
//! With z the standardised terms and a leading 1, z' (X'X)^-1 z is how far a row lies from the
//! training rows in their own spread. Above the largest of a training row it is outside of the
//! smallest ellipsoid around them, even where each figure alone is not (hidden extrapolation:
//! Montgomery, Peck and Vining 2012, *Introduction to Linear Regression Analysis*, section 3.8).

use ndarray::{Array2, ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::fit::cholesky::Cholesky;

/// What the training rows span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Support {
    inverse: Array2<f64>,
    largest: f64,
}

impl Support {
    /// Of the rows of a design; `None` where its columns depend on each other.
    pub(super) fn of(design: ArrayView2<f64>) -> Option<Support> {
        let order = design.ncols() + 1;
        let mut sums = Array2::<f64>::zeros((order, order));
        for row in design.rows() {
            let z = with_one(row);
            for i in 0..order {
                for j in 0..order {
                    sums[[i, j]] += z[i] * z[j];
                }
            }
        }
        let values: Vec<f64> = sums.iter().copied().collect();
        let mut cholesky = Cholesky::new(order);
        let inverse = cholesky.factor(&values)?.inverse();
        let inverse = Array2::from_shape_vec((order, order), inverse).ok()?;
        let mut support = Support {
            inverse,
            largest: f64::INFINITY,
        };
        let distances = design.rows().into_iter().map(|row| support.distance(row));
        support.largest = distances.fold(0.0, f64::max);
        Some(support)
    }

    fn distance(&self, terms: ArrayView1<f64>) -> f64 {
        let z = ndarray::Array1::from(with_one(terms));
        z.dot(&self.inverse.dot(&z))
    }

    /// Whether a row lies outside.
    pub(crate) fn excludes(&self, terms: ArrayView1<f64>) -> bool {
        // Rounding must not put the farthest training row outside.
        self.distance(terms) > self.largest * (1.0 + 1e-9)
    }

    /// Whether it is that of so many terms.
    pub(super) fn is_valid(&self, terms: usize) -> bool {
        self.inverse.dim() == (terms + 1, terms + 1)
            && self.inverse.iter().all(|v| v.is_finite())
            && self.largest.is_finite()
            && self.largest > 0.0
    }
}

fn with_one(row: ArrayView1<f64>) -> Vec<f64> {
    [1.0].iter().chain(row).copied().collect()
}
