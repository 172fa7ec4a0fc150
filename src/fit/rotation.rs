//! From coefficients of combinations of columns to those of the columns.

use super::logistic::Logistic;
use ndarray::{Array1, Array2, ArrayView2, Axis};

/// Coefficients and covariance, intercept first, of the columns whose combinations `basis` were
/// regressed on. What stands behind those combinations in the regression is left out.
pub(crate) fn in_basis(rotated: &Logistic, basis: ArrayView2<f64>) -> (Array1<f64>, Array2<f64>) {
    let (width, used) = basis.dim();
    let coefficients = rotated.coefficients();
    let coefficients = basis.dot(&coefficients.slice_axis(Axis(0), (0..used).into()));
    // The intercept is what it is.
    let whole = Array2::from_shape_fn((width + 1, used + 1), |(i, j)| match (i, j) {
        (0, _) | (_, 0) => f64::from(u8::from(i == j)),
        _ => basis[[i - 1, j - 1]],
    });
    let covariance = whole
        .dot(&corner(rotated.covariance(), used + 1))
        .dot(&whole.t());
    // Rounding must not make it unsymmetric.
    (coefficients, (&covariance + &covariance.t()) / 2.0)
}

/// The upper left corner of a square matrix.
pub(crate) fn corner(matrix: &Array2<f64>, order: usize) -> Array2<f64> {
    Array2::from_shape_fn((order, order), |at| matrix[at])
}
