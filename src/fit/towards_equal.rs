//! Logistic regression drawn towards equal weights in declared directions.
//!
//! beta = tau s + delta with s the declared weights with their signs and delta orthogonal to s
//! (otherwise tau would not be identified). tau is not drawn, delta is: the objective is the summed
//! log-loss plus alpha/2 |delta|^2. Under a heavy penalty this is the regression on the weighted
//! sum alone, its slope not drawn; without a penalty it is maximum likelihood, where it exists
//! (targeted ridge: Anderson and Hjort's shrinkage to a fixed direction is of this form; Davis-Stober,
//! Dana and Budescu 2010, *Psychometrika* 75:521-541, on why equal weights are hard to beat).

use ndarray::{Array1, Array2, ArrayView2};

use super::logistic::Logistic;
use super::path::{Draws, logit_path};
use super::ridge::{L2, require};
use super::rotation::in_basis;
use crate::error::{Error, Result};

/// Logistic regression drawn towards equal weights, not yet fitted.
#[derive(Clone, Debug, PartialEq)]
pub struct TowardsEqualParams {
    weights: Vec<f64>,
    penalty: L2,
}

/// Log-odds that are linear in the columns of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct TowardsEqual {
    /// In log-odds.
    pub intercept: f64,
    /// Log-odds per unit of each column.
    pub coefficients: Array1<f64>,
    /// Of intercept and coefficients, intercept first; the penalty counts as a prior.
    pub covariance: Array2<f64>,
    /// The regression in the weighted sum and what is orthogonal to it.
    pub rotated: Logistic,
}

impl TowardsEqualParams {
    /// Towards these weights, signed as their columns' declared directions; 0 for a column that
    /// equal weights leave out. The penalty is 0.05 per observation.
    pub fn new(weights: Vec<f64>) -> Self {
        TowardsEqualParams {
            weights,
            penalty: L2::PerObservation(0.05),
        }
    }

    /// How strongly all that is not along the weights is drawn to 0.
    pub fn l2(mut self, penalty: L2) -> Self {
        self.penalty = penalty;
        self
    }

    /// Fits P(label is `true`) to `x`, rows by columns, and one label per row.
    ///
    /// # Errors
    /// Those of [`RidgeParams::fit`](super::ridge::RidgeParams::fit); `Shape` or `InvalidValue` for
    /// weights that cannot be.
    pub fn fit(&self, x: ArrayView2<f64>, y: &[bool]) -> Result<TowardsEqual> {
        let width = x.ncols();
        if self.weights.len() != width {
            return Err(Error::Shape {
                what: "weights",
                found: self.weights.len(),
                expected: width,
            });
        }
        let finite = self.weights.iter().all(|w| w.is_finite());
        require("weights", "not finite", finite, "finite numbers")?;
        let basis = basis(&self.weights, &vec![1.0; width])?;
        let mut draws = Draws::none(width + 1);
        draws.per_row[2..].fill(self.penalty.alpha(y.len() as f64)? / y.len().max(1) as f64);
        let rotated = x.dot(&basis);
        let fits = logit_path(rotated.view(), y, &vec![1.0; y.len()], &[], &[draws])?;
        let rotated = fits.into_iter().next().ok_or(Error::Singular)?.logistic;
        let (coefficients, covariance) = in_basis(&rotated, basis.view());
        Ok(TowardsEqual {
            intercept: rotated.intercept(),
            coefficients,
            covariance,
            rotated,
        })
    }
}

/// Columns that span everything: the weights first, scaled to length 1, then directions orthogonal
/// to them whose lengths are 1 where column j counts `known[j]`.
pub(crate) fn basis(weights: &[f64], known: &[f64]) -> Result<Array2<f64>> {
    let width = weights.len();
    let length = weights.iter().map(|w| w * w).sum::<f64>().sqrt();
    if length == 0.0 {
        return Err(Error::NoUsableFeature { features: width });
    }
    let mut basis = Array2::zeros((width, width));
    let first = Array1::from_iter(weights.iter().map(|w| w / length));
    basis.column_mut(0).assign(&first);
    let known = Array1::from(known.to_vec());
    // Unit vectors, the one nearest to the weights left out, by Gram-Schmidt: first from the
    // weights, then from one another where column j counts known[j].
    let nearest = (0..width).fold(0, |best, j| {
        if first[j].abs() > first[best].abs() {
            j
        } else {
            best
        }
    });
    for (placed, j) in (0..width).filter(|&j| j != nearest).enumerate() {
        let mut column = Array1::zeros(width);
        column[j] = 1.0;
        // Twice, for the digits.
        for _ in 0..2 {
            column = &column - &(&first * first.dot(&column));
            for k in 1..=placed {
                let other = basis.column(k).to_owned();
                let along = (&other * &known).dot(&column);
                column = &column - &(&other * along);
            }
        }
        let size = (&column * &known).dot(&column).sqrt();
        basis.column_mut(placed + 1).assign(&(column / size));
    }
    Ok(basis)
}
