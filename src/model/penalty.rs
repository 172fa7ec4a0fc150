//! The penalty: stated, or chosen inside the training window by leaving out one authority at a time.
//!
//! The log-loss of an authority's inspections under the model of all others is found from the model
//! of all: one Newton step of the objective without that authority's rows, from the estimate with
//! them (Rad and Maleki 2020, *JRSS B* 82:965-996, section 2; for ridge logistic regression Meijer
//! and Goeman 2013, *Biometrical Journal* 55:141-155). One fit per penalty takes the place of
//! hundreds, and no division into folds can be lucky. Scaling, imputed values and shrinkage are
//! those of all rows here; the fit that follows, and every window of a back-test, learns its own.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView1};
use serde::{Deserialize, Serialize};

use super::cholesky::Cholesky;
use super::fitted::{log_loss, probability};
use super::path::{Stop, ridge_path};
use crate::error::Result;

/// How strongly coefficients are drawn to 0: the objective is the mean log-loss plus
/// `penalty / 2` times the sum of squared standardised coefficients.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Penalty {
    /// This much, per observation, so that the pull does not fade as the window grows.
    PerObservation(f64),
    /// Chosen from [`PENALTIES`] by the log-loss of authorities left out.
    CrossValidated,
}

/// The penalties that cross-validation chooses from, the strongest first.
pub const PENALTIES: [f64; 11] = [3.0, 1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.01, 0.003, 0.001];

/// Penalties whose held-out log-loss is within this much per row of the best are as good: the
/// strongest of them is taken.
const AS_GOOD: f64 = 1e-4;

impl Penalty {
    /// The penalty per observation for standardised rows, each with its cluster.
    pub(super) fn choose<C: Copy + Ord>(
        self,
        x: &Array2<f64>,
        y: &[bool],
        clusters: &[C],
    ) -> Result<f64> {
        match self {
            Penalty::PerObservation(penalty) => Ok(penalty),
            Penalty::CrossValidated => cross_validate(x, y, clusters),
        }
    }
}

fn cross_validate<C: Copy + Ord>(x: &Array2<f64>, y: &[bool], clusters: &[C]) -> Result<f64> {
    let mut members: BTreeMap<C, Vec<usize>> = BTreeMap::new();
    for (row, &cluster) in clusters.iter().enumerate() {
        members.entry(cluster).or_default().push(row);
    }
    let path = ridge_path(x.view(), y, &PENALTIES)?;
    let loss = |stop: &Stop| -> f64 {
        let mut without = Without::new(stop, x, y);
        members.values().map(|rows| without.loss(rows)).sum()
    };
    let losses: Vec<f64> = path.iter().map(loss).collect();
    let best = losses.iter().copied().fold(f64::INFINITY, f64::min);
    let near = best + AS_GOOD * y.len() as f64;
    let chosen = losses.iter().position(|&loss| loss <= near);
    Ok(PENALTIES[chosen.unwrap_or(0)])
}

/// One model, and room for what it would be without some of its rows.
struct Without<'a> {
    stop: &'a Stop,
    x: &'a Array2<f64>,
    y: &'a [bool],
    cholesky: Cholesky,
    information: Vec<f64>,
    step: Vec<f64>,
}

impl<'a> Without<'a> {
    fn new(stop: &'a Stop, x: &'a Array2<f64>, y: &'a [bool]) -> Self {
        let order = stop.beta.len();
        Without {
            stop,
            x,
            y,
            cholesky: Cholesky::new(order),
            information: vec![0.0; order * order],
            step: vec![0.0; order],
        }
    }

    /// The log-loss of these rows under the model without them; infinite where there is none.
    fn loss(&mut self, rows: &[usize]) -> f64 {
        let Stop {
            penalty,
            beta,
            information,
        } = self.stop;
        let order = beta.len();
        self.information.copy_from_slice(information);
        self.step.fill(0.0);
        // The penalty is per observation: it leaves with the rows.
        let left = penalty * rows.len() as f64;
        for (j, b) in beta.iter().enumerate().skip(1) {
            self.information[j * order + j] -= left;
            self.step[j] = -left * b;
        }
        for &row in rows {
            let (x, y) = (self.x.row(row), self.y[row]);
            let p = probability(linear_predictor(beta, x));
            self.remove(x, f64::from(u8::from(y)) - p, p * (1.0 - p));
        }
        let Some(factor) = self.cholesky.factor(&self.information) else {
            return f64::INFINITY;
        };
        factor.solve(&mut self.step);
        let moved: Vec<f64> = beta
            .iter()
            .zip(&self.step)
            .map(|(b, step)| b - step)
            .collect();
        let loss = |&row: &usize| log_loss(linear_predictor(&moved, self.x.row(row)), self.y[row]);
        rows.iter().map(loss).sum()
    }

    /// Takes one row's part out of gradient and information (lower triangle).
    fn remove(&mut self, x: ArrayView1<f64>, residual: f64, weight: f64) {
        let order = self.step.len();
        let z = |j: usize| if j == 0 { 1.0 } else { x[j - 1] };
        for i in 0..order {
            self.step[i] += residual * z(i);
            for j in 0..=i {
                self.information[i * order + j] -= weight * z(i) * z(j);
            }
        }
    }
}

fn linear_predictor(beta: &[f64], x: ArrayView1<f64>) -> f64 {
    beta[0] + x.iter().zip(&beta[1..]).map(|(x, b)| x * b).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RidgeParams;
    use ndarray::Axis;

    /// One Newton step, in log-loss per row.
    const ONE_STEP: f64 = 2e-4;

    #[test]
    fn leaving_out_by_one_step_is_nearly_leaving_out_by_fitting_again() {
        let x = Array2::from_shape_fn((120, 4), |(i, j)| 1.5 * ((i * 7 + j * 31) as f64).sin());
        let y: Vec<bool> = (0..120).map(|i| (i * i + i / 3) % 7 < 2).collect();
        let clusters: Vec<Vec<usize>> = (0..40).map(|c| vec![c, c + 40, c + 80]).collect();
        for stop in ridge_path(x.view(), &y, &[0.5, 0.05, 0.01]).unwrap() {
            let mut without = Without::new(&stop, &x, &y);
            let found: f64 = clusters.iter().map(|rows| without.loss(rows)).sum();
            let exactly = |rows: &Vec<usize>| -> f64 {
                let kept: Vec<usize> = (0..120).filter(|row| !rows.contains(row)).collect();
                let labels: Vec<bool> = kept.iter().map(|&row| y[row]).collect();
                let model = RidgeParams::new()
                    .penalty(stop.penalty)
                    .fit(x.select(Axis(0), &kept).view(), &labels)
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
            assert!(apart < ONE_STEP, "{}: {apart}", stop.penalty);
        }
    }
}
