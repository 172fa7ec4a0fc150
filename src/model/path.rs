//! Ridge fits of the same rows under one penalty after another, for choosing among them.
//!
//! The rows are checked and laid out once. Each fit starts from the one before, whose log-loss and
//! information at that point are still known: only the penalty's part of them is new. No model is
//! made, so nothing is inverted.

use ndarray::ArrayView2;

use super::design::Design;
use super::likelihood::{Logit, Pull};
use super::newton::{Optimum, Point, Search};
use crate::error::Result;

/// Mean gradient at which a fit is good enough to compare held-out losses with: the losses are then
/// known to about 1e-10 per row, and penalties within 1e-4 are as good as each other.
const TOLERANCE: f64 = 1e-10;
const MAX_ITERATIONS: usize = 100;

/// Intercept and coefficients for each penalty per observation, all of them above 0.
///
/// The errors of [`RidgeParams::fit`](super::RidgeParams::fit).
pub(super) fn ridge_path(
    x: ArrayView2<f64>,
    y: &[bool],
    penalties: &[f64],
) -> Result<Vec<Vec<f64>>> {
    let design = Design::new(x, y)?;
    let search = Search {
        tolerance: TOLERANCE,
        max_iterations: MAX_ITERATIONS,
        fixed: &[],
    };
    let mut path = Vec::with_capacity(penalties.len());
    let mut last: Option<(f64, Optimum)> = None;
    for penalty in penalties {
        let alpha = penalty * design.mass;
        let problem = Logit {
            design: &design,
            pull: Pull::ridge(alpha, design.order),
        };
        let optimum = match last {
            None => problem.minimise(None, &search)?,
            Some((before, optimum)) => {
                search.minimise(&problem, optimum.under_another(alpha - before))?
            }
        };
        path.push(optimum.beta.clone());
        last = Some((alpha, optimum));
    }
    Ok(path)
}

impl Optimum {
    /// The same point where all but the intercept are drawn to 0 by `more`. The gradient was 0.
    fn under_another(self, more: f64) -> Point {
        let order = self.beta.len();
        let mut information = self.information;
        for j in 1..order {
            information[j * order + j] += more;
        }
        let mut gradient: Vec<f64> = self.beta.iter().map(|b| more * b).collect();
        gradient[0] = 0.0;
        let squares: f64 = self.beta[1..].iter().map(|b| b * b).sum();
        Point {
            objective: self.objective + 0.5 * more * squares,
            beta: self.beta,
            gradient,
            information,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RidgeParams;
    use ndarray::Array2;

    /// Coefficients of a gradient of at most 1e-10 per row, over a curvature of some 0.1 per row.
    const SAME: f64 = 1e-8;

    #[test]
    fn each_fit_of_a_path_is_the_fit_alone() {
        let x = Array2::from_shape_fn((150, 4), |(i, j)| ((i * 7 + j * 3) as f64).sin());
        let y: Vec<bool> = (0..150).map(|i| (i * i) % 7 < 2).collect();
        let penalties = [3.0, 0.3, 0.05, 0.01, 0.001, 0.5];
        let path = ridge_path(x.view(), &y, &penalties).unwrap();
        for (penalty, found) in penalties.iter().zip(&path) {
            let alone = RidgeParams::new().penalty(*penalty);
            let alone = alone.fit(x.view(), &y).unwrap().start();
            for (a, b) in found.iter().zip(&alone) {
                assert!((a - b).abs() < SAME, "{penalty}: {a} and {b}");
            }
        }
    }
}
