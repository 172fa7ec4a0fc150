//! Columns in units of their own spread about their mean, in which leverages keep their digits.
//!
//! Firth's likelihood does not change with the units of the columns but for a constant, so that the
//! fit is made here and said in the units of the table. A year as it is written (2014, with a spread
//! of 3) costs the leverages six digits, which is more than the score can be without.

use ndarray::{Array2, ArrayView2, Axis};

/// What each column is centred at and divided by.
pub(crate) struct Basis {
    means: Vec<f64>,
    spreads: Vec<f64>,
}

impl Basis {
    /// Of rows of weight above 0. The spread is the mean absolute deviation, which cannot overflow
    /// where the column did not; of a constant column, 1.
    pub(crate) fn of(x: ArrayView2<f64>, weights: &[f64]) -> Basis {
        let kept: Vec<usize> = (0..x.nrows().min(weights.len()))
            .filter(|&i| weights[i] > 0.0)
            .collect();
        let n = kept.len() as f64;
        let (mut means, mut spreads) = (Vec::new(), Vec::new());
        for column in x.columns() {
            let mean = kept.iter().map(|&i| column[i] / n).sum::<f64>();
            let spread = kept.iter().map(|&i| (column[i] - mean).abs() / n).sum();
            means.push(mean);
            spreads.push(if spread > 0.0 { spread } else { 1.0 });
        }
        Basis { means, spreads }
    }

    /// The columns in this basis.
    pub(crate) fn columns(&self, x: ArrayView2<f64>) -> Array2<f64> {
        let mut own = x.to_owned();
        let units = self.means.iter().zip(&self.spreads);
        for (mut column, (mean, spread)) in own.axis_iter_mut(Axis(1)).zip(units) {
            column.mapv_inplace(|value| (value - mean) / spread);
        }
        own
    }

    /// Coefficients of the table's columns from those of this basis, intercept first.
    pub(crate) fn in_units(&self, own: &[f64]) -> Vec<f64> {
        let slopes = own[1..].iter().zip(&self.spreads).map(|(b, s)| b / s);
        let mut beta = vec![own[0]];
        beta.extend(slopes);
        beta[0] -= self.at_means(&beta[1..]);
        beta
    }

    /// By how much the log-determinant of the information, halved, is larger here.
    pub(crate) fn half_log_determinant(&self) -> f64 {
        -self.spreads.iter().map(|s| s.ln()).sum::<f64>()
    }

    /// A limit of coefficient `j`, not the intercept, in the table's units.
    pub(crate) fn slope_in_units(&self, j: usize, own: f64) -> f64 {
        own / self.spreads[j - 1]
    }

    /// The variance of the table's intercept from the covariance in this basis.
    pub(crate) fn intercept_variance(&self, covariance: &Array2<f64>) -> f64 {
        let slopes = self.means.iter().zip(&self.spreads).map(|(m, s)| -m / s);
        let part: Vec<f64> = std::iter::once(1.0).chain(slopes).collect();
        let pairs = part.iter().enumerate();
        pairs
            .flat_map(|(i, a)| part.iter().enumerate().map(move |(j, b)| (i, j, a * b)))
            .map(|(i, j, product)| product * covariance[[i, j]])
            .sum()
    }

    fn at_means(&self, slopes: &[f64]) -> f64 {
        self.means.iter().zip(slopes).map(|(m, b)| m * b).sum()
    }
}
