//! Logistic regression drawn towards equal weights in declared directions.
//!
//! beta = tau s + delta with s the declared weights with their signs and delta orthogonal to s
//! (otherwise tau would not be identified). tau is not drawn, delta is: the objective is the summed
//! log-loss plus alpha/2 |delta|^2. Under a heavy penalty this is the regression on the weighted
//! sum alone, its slope not drawn; without a penalty it is maximum likelihood, where it exists
//! (targeted ridge: Anderson and Hjort's shrinkage to a fixed direction is of this form; Davis-Stober,
//! Dana and Budescu 2010, *Psychometrika* 75:521-541, on why equal weights are hard to beat).

use ndarray::{Array1, Array2, ArrayView1, ArrayView2};

use super::logistic::Logistic;
use super::path::{Draws, logit_path};
use super::ridge::{L2, require};
use super::rotation::in_basis;
use crate::error::{Error, Result};

/// Logistic regression drawn towards equal weights, not yet fitted.
///
/// ```
/// use forewarn::model::{L2, TowardsEqualParams};
/// use ndarray::array;
///
/// let x = array![[-1.0, 1.0], [-0.5, 0.2], [0.2, -0.4], [0.4, 0.1], [0.9, -0.8], [0.3, 0.6]];
/// let y = [false, false, true, false, true, true];
/// // So strong a penalty leaves equal weights.
/// let params = TowardsEqualParams::new(vec![1.0, 1.0]).l2(L2::PerObservation(1e6));
/// let fitted = params.fit_rows(x.view(), &y)?;
/// assert!((fitted.coefficients[0] - fitted.coefficients[1]).abs() < 1e-4);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct TowardsEqualParams {
    pub(crate) checked: CheckedTowardsEqualParams,
}

/// [`TowardsEqualParams`] whose values have been checked, as linfa's [`ParamGuard`](linfa::ParamGuard) wants them.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedTowardsEqualParams {
    pub(crate) weights: Vec<f64>,
    pub(crate) penalty: L2,
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
    pub(super) fn check_values(&self) -> Result<()> {
        self.checked.penalty.alpha(1.0)?;
        let finite = self.checked.weights.iter().all(|w| w.is_finite());
        require("weights", "not finite", finite, "finite numbers")
    }

    /// Towards these weights, signed as their columns' declared directions; 0 for a column that
    /// equal weights leave out. The penalty is 0.05 per observation.
    pub fn new(weights: Vec<f64>) -> Self {
        TowardsEqualParams {
            checked: CheckedTowardsEqualParams {
                weights,
                penalty: L2::PerObservation(0.05),
            },
        }
    }

    /// How strongly all that is not along the weights is drawn to 0.
    pub fn l2(mut self, penalty: L2) -> Self {
        self.checked.penalty = penalty;
        self
    }

    /// Fits P(label is `true`) to `x`, rows by columns, and one label per row.
    ///
    /// # Errors
    /// Those of [`RidgeParams::fit_rows`](super::ridge::RidgeParams::fit_rows); `Shape` or `InvalidValue` for
    /// weights that cannot be.
    pub fn fit_rows<'a>(
        &self,
        x: ArrayView2<f64>,
        y: impl Into<ArrayView1<'a, bool>>,
    ) -> Result<TowardsEqual> {
        let y = y.into();
        self.fit_weighted(x, y, &vec![1.0; y.len()])
    }

    /// The same where row i counts `weights[i]` times, from 0; the penalty per observation is per
    /// unit of weight.
    ///
    /// # Errors
    /// Those of [`fit_rows`](Self::fit_rows); `Shape` or `InvalidValue` for weights that cannot be.
    pub fn fit_weighted<'a>(
        &self,
        x: ArrayView2<f64>,
        y: impl Into<ArrayView1<'a, bool>>,
        weights: &[f64],
    ) -> Result<TowardsEqual> {
        let y = &y.into().to_vec();
        let width = x.ncols();
        if self.checked.weights.len() != width {
            return Err(Error::Shape {
                what: "weights",
                found: self.checked.weights.len(),
                expected: width,
            });
        }
        self.check_values()?;
        let basis = basis(&self.checked.weights, &vec![1.0; width])?;
        let mut draws = Draws::none(width + 1);
        let mass: f64 = weights.iter().sum();
        let alpha = self.checked.penalty.alpha(mass)?;
        draws.per_row[2..].fill(if mass > 0.0 { alpha / mass } else { 0.0 });
        let rotated = x.dot(&basis);
        let fits = logit_path(rotated.view(), y, weights, &[], &[draws])?;
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
