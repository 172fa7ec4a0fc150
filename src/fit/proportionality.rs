//! Whether the slopes of a graded outcome are the same at every threshold (Peterson and Harrell 1990,
//! *Applied Statistics* 39).

use super::cholesky::Cholesky;
use super::cumulative::Cumulative;
use super::newton::{Point, Problem};
use super::ordinal::OrdinalParams;
use super::profile_likelihood::ChiSquareTest;
use super::ridge::require;
use crate::error::{Error, Result};
use crate::stats::chi_square::survival;
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// Tests that the slopes are the same at every threshold, unpenalised.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proportionality {
    /// Score test at the proportional fit, with the observed information.
    pub score: ChiSquareTest,
    /// Likelihood ratio against slopes of each threshold's own; none where those have no finite
    /// estimate.
    pub likelihood_ratio: Option<ChiSquareTest>,
}

impl OrdinalParams {
    /// Tests of proportionality on the same rows, whatever the penalty.
    ///
    /// # Errors
    /// Those of [`fit_rows`](Self::fit_rows) without a penalty; `InvalidValue` for two levels, where there is
    /// nothing to test; `Singular` where the slopes of some threshold are not determined.
    pub fn proportionality(
        &self,
        x: ArrayView2<f64>,
        grades: &[usize],
        levels: usize,
    ) -> Result<Proportionality> {
        require("levels", levels, levels > 2, "at least 3")?;
        let mut problem = self.problem(x, grades, levels, &vec![1.0; grades.len()])?;
        problem.precisions.fill(0.0);
        let shared = self.minimise(&problem, problem.null())?;
        let full = problem.with_own_slopes();
        let start = full.spread(&shared.beta);
        let degrees = start.len() - shared.beta.len();
        let ratio = match self.minimise(&full, start.clone()) {
            Ok(own) => Some(ChiSquareTest::ratio(
                -own.objective,
                -shared.objective,
                degrees,
            )),
            Err(Error::Singular | Error::NotConverged { .. }) => None,
            Err(other) => return Err(other),
        };
        let chi_square = full.score(start).ok_or(Error::Singular)?;
        Ok(Proportionality {
            score: ChiSquareTest {
                chi_square,
                degrees_of_freedom: degrees,
                p: survival(chi_square, degrees),
            },
            likelihood_ratio: ratio,
        })
    }
}

impl Cumulative {
    /// The same rows with slopes of each threshold's own.
    fn with_own_slopes(mut self) -> Self {
        let one = &self.magnitudes[self.thresholds() - 1..];
        self.magnitudes = one.repeat(self.thresholds());
        self.shared = false;
        self
    }

    /// The coefficients of a shared fit, where each threshold has slopes of its own.
    fn spread(&self, shared: &[f64]) -> Vec<f64> {
        let mut own = vec![0.0; self.order()];
        for k in 0..self.thresholds() {
            own[self.place(k, 0)] = shared[k];
            for j in 1..self.width {
                own[self.place(k, j)] = shared[self.thresholds() - 1 + j];
            }
        }
        own
    }

    /// The score statistic U' I^-1 U at `beta`.
    fn score(&self, beta: Vec<f64>) -> Option<f64> {
        let mut point = Point::new(beta);
        self.evaluate(&mut point);
        let mut solved = point.gradient.clone();
        let mut memory = Cholesky::new(solved.len());
        memory.factor(&point.information)?.solve(&mut solved);
        Some(point.gradient.iter().zip(&solved).map(|(u, s)| u * s).sum())
    }
}
