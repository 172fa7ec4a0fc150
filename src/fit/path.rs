//! Logistic fits of the same rows under one pull after another, each starting from the one before,
//! with the log-odds of every row by the model without its cluster.
//!
//! The rows are checked and laid out once.

use ndarray::ArrayView2;

use super::design::Design;
use super::held_out::{LogitRows, held_out};
use super::likelihood::{Logit, Pull};
use super::logistic::Logistic;
use super::newton::{Optimum, Search};
use crate::error::{Error, Result};

/// As the defaults of [`RidgeParams`](super::ridge::RidgeParams).
const TOLERANCE: f64 = 1e-14;
const MAX_ITERATIONS: usize = 100;

/// How strongly coefficients are drawn, intercept first.
pub(crate) struct Draws {
    /// By every row: this part leaves with a row.
    pub(crate) per_row: Vec<f64>,
    /// Whatever the rows.
    pub(crate) fixed: Vec<f64>,
    /// Where to.
    pub(crate) centres: Vec<f64>,
}

impl Draws {
    /// No pull on any of so many coefficients, the intercept's among them.
    pub(crate) fn none(order: usize) -> Self {
        Draws {
            per_row: vec![0.0; order],
            fixed: vec![0.0; order],
            centres: vec![0.0; order],
        }
    }

    fn pull(&self, mass: f64) -> Pull {
        let sums = self.per_row.iter().zip(&self.fixed);
        Pull {
            precisions: sums.map(|(row, fixed)| row * mass + fixed).collect(),
            centres: self.centres.clone(),
        }
    }
}

/// One fit, and what it says of rows that it did not see.
pub(crate) struct Fit {
    pub(crate) logistic: Logistic,
    pub(crate) held_out: Vec<f64>,
}

/// The fit under each pull. `alpha` of the reports is that of the first column.
///
/// The errors of [`RidgeParams::fit_rows`](super::ridge::RidgeParams::fit_rows); where the classes are separated and
/// nothing is drawn, `Separated`.
pub(crate) fn logit_path<'a>(
    x: ArrayView2<'a, f64>,
    y: &'a [bool],
    weights: &'a [f64],
    clusters: &[Vec<usize>],
    path: &'a [Draws],
) -> Result<Vec<Fit>> {
    let design = match weights.iter().all(|&weight| weight == 1.0) {
        true => Design::new(x, y)?,
        false => Design::weighted(x, y, weights)?,
    };
    let search = Search {
        tolerance: TOLERANCE,
        max_iterations: MAX_ITERATIONS,
        fixed: &[],
    };
    let mut fits = Vec::with_capacity(path.len());
    let mut last: Option<Vec<f64>> = None;
    for draws in path {
        let problem = Logit {
            design: &design,
            pull: draws.pull(design.mass),
        };
        let optimum = problem
            .minimise(last.take(), &search)
            .map_err(|error| refusal(&design, error))?;
        last = Some(optimum.beta.clone());
        let rows = LogitRows {
            x,
            y,
            weights,
            per_row: &draws.per_row,
            centres: &draws.centres,
        };
        fits.push(Fit {
            held_out: held_out(&rows, &optimum, clusters, y.len()),
            logistic: finish(optimum, &design, &problem.pull)?,
        });
    }
    Ok(fits)
}

fn finish(optimum: Optimum, design: &Design, pull: &Pull) -> Result<Logistic> {
    let alpha = pull.precisions.get(1).copied().unwrap_or(0.0);
    Logistic::from_optimum(optimum, design, pull, alpha)
}

/// Names the columns that separate the classes, where that is why there is no fit.
fn refusal(design: &Design, error: Error) -> Error {
    match (design.separation(), &error) {
        (Ok(Some(found)), Error::NotConverged { .. } | Error::Singular) => found.refusal(),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::super::logistic::log_loss;
    use super::super::ridge::RidgeParams;
    use super::*;
    use ndarray::{Array2, Axis};

    /// Coefficients of a gradient of at most 1e-14 per row, over a curvature of some 0.1 per row.
    const SAME: f64 = 1e-12;
    /// One Newton step, in log-loss per row.
    const ONE_STEP: f64 = 2e-4;

    fn ridge(penalty: f64, order: usize) -> Draws {
        let mut draws = Draws::none(order);
        draws.per_row[1..].fill(penalty);
        draws
    }

    #[test]
    fn each_fit_of_a_path_is_the_fit_alone() {
        let x = Array2::from_shape_fn((150, 4), |(i, j)| ((i * 7 + j * 3) as f64).sin());
        let y: Vec<bool> = (0..150).map(|i| (i * i) % 7 < 2).collect();
        let penalties = [3.0, 0.3, 0.05, 0.01, 0.001, 0.5];
        let path: Vec<Draws> = penalties.iter().map(|&p| ridge(p, 5)).collect();
        for (penalty, found) in penalties
            .iter()
            .zip(&logit_path(x.view(), &y, &[1.0; 150], &[], &path).unwrap())
        {
            let alone = RidgeParams::new().penalty(*penalty);
            let alone = alone.fit_rows(x.view(), &y).unwrap().start();
            for (a, b) in found.logistic.start().iter().zip(&alone) {
                assert!((a - b).abs() < SAME, "{penalty}: {a} and {b}");
            }
        }
    }

    #[test]
    fn leaving_out_by_one_step_is_nearly_leaving_out_by_fitting_again() {
        let x = Array2::from_shape_fn((120, 4), |(i, j)| 1.5 * ((i * 7 + j * 31) as f64).sin());
        let y: Vec<bool> = (0..120).map(|i| (i * i + i / 3) % 7 < 2).collect();
        let clusters: Vec<Vec<usize>> = (0..40).map(|c| vec![c, c + 40, c + 80]).collect();
        for penalty in [0.5, 0.05, 0.01] {
            let fits =
                logit_path(x.view(), &y, &[1.0; 120], &clusters, &[ridge(penalty, 5)]).unwrap();
            let losses = fits[0].held_out.iter().zip(&y);
            let found: f64 = losses.map(|(&eta, &y)| log_loss(eta, y)).sum();
            let exactly = |rows: &Vec<usize>| -> f64 {
                let kept: Vec<usize> = (0..120).filter(|row| !rows.contains(row)).collect();
                let labels: Vec<bool> = kept.iter().map(|&row| y[row]).collect();
                let model = RidgeParams::new()
                    .penalty(penalty)
                    .fit_rows(x.select(Axis(0), &kept).view(), &labels)
                    .unwrap();
                let eta = model
                    .linear_predictor(x.select(Axis(0), rows).view())
                    .unwrap();
                rows.iter()
                    .zip(&eta)
                    .map(|(&row, &eta)| log_loss(eta, y[row]))
                    .sum()
            };
            let expected: f64 = clusters.iter().map(exactly).sum();
            let apart = (found - expected).abs() / 120.0;
            assert!(apart < ONE_STEP, "{penalty}: {apart}");
        }
    }
}
