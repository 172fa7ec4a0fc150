//! What a model would have said of rows that it had not seen: one cluster left out at a time.
//!
//! The model without a cluster's rows is found from the model of all: one Newton step of the
//! objective without them, from the estimate with them (Rad and Maleki 2020, *JRSS B* 82:965-996,
//! section 2; for ridge logistic regression Meijer and Goeman 2013, *Biometrical Journal*
//! 55:141-155). One fit takes the place of hundreds, and no division into folds can be lucky.
//! Scaling, stand-ins for missing figures and shrinkage are those of all rows here.

use ndarray::{ArrayView1, ArrayView2};

use super::cholesky::Cholesky;
use super::logistic::probability;
use super::newton::Optimum;

/// A fitted likelihood from which the part of some rows can be told apart.
pub(crate) trait LeaveOut {
    /// Adds the part of these rows, with the pull that leaves with them, to the gradient and to the
    /// information (row-major, lower triangle) at `beta`.
    fn add(&self, rows: &[usize], beta: &[f64], gradient: &mut [f64], information: &mut [f64]);

    /// Log-odds of the event of one of the rows left out, where `beta` is what it is without them.
    fn log_odds(&self, left_out: &[usize], row: usize, beta: &[f64]) -> f64;
}

/// The log-odds of each of `rows` rows under the model without its cluster. Where there is no such
/// model they are the model's own.
pub(crate) fn held_out(
    problem: &impl LeaveOut,
    optimum: &Optimum,
    clusters: &[Vec<usize>],
    rows: usize,
) -> Vec<f64> {
    let beta = &optimum.beta;
    let order = beta.len();
    let mut found = vec![0.0; rows];
    let mut cholesky = Cholesky::new(order);
    let (mut part, mut without) = (vec![0.0; order * order], vec![0.0; order * order]);
    let mut step = vec![0.0; order];
    for cluster in clusters {
        part.fill(0.0);
        step.fill(0.0);
        problem.add(cluster, beta, &mut step, &mut part);
        for (without, (all, part)) in without
            .iter_mut()
            .zip(optimum.information.iter().zip(&part))
        {
            *without = all - part;
        }
        match cholesky.factor(&without) {
            // Of all rows the gradient is 0, so that without these it is minus theirs.
            Some(factor) => factor.solve(&mut step),
            None => step.fill(0.0),
        }
        for (step, beta) in step.iter_mut().zip(beta) {
            *step += beta;
        }
        for &row in cluster {
            found[row] = problem.log_odds(cluster, row, &step);
        }
    }
    found
}

/// Rows of a logistic likelihood, and the pull that each of them brings.
pub(crate) struct LogitRows<'a> {
    pub(crate) x: ArrayView2<'a, f64>,
    pub(crate) y: &'a [bool],
    /// How often each row counts.
    pub(crate) weights: &'a [f64],
    /// Of each coefficient, intercept first, for each row that counts once; and where it is drawn
    /// to.
    pub(crate) per_row: &'a [f64],
    pub(crate) centres: &'a [f64],
}

impl LeaveOut for LogitRows<'_> {
    fn add(&self, rows: &[usize], beta: &[f64], gradient: &mut [f64], information: &mut [f64]) {
        let order = beta.len();
        let left: f64 = rows.iter().map(|&row| self.weights[row]).sum();
        let pulls = self.per_row.iter().zip(self.centres).enumerate();
        for (j, (pull, centre)) in pulls {
            gradient[j] += left * pull * (beta[j] - centre);
            information[j * order + j] += left * pull;
        }
        for &row in rows {
            let x = self.x.row(row);
            let z = |j: usize| if j == 0 { 1.0 } else { x[j - 1] };
            let p = probability(linear_predictor(beta, x));
            let residual = self.weights[row] * (p - f64::from(u8::from(self.y[row])));
            let weight = self.weights[row] * p * (1.0 - p);
            for i in 0..order {
                gradient[i] += residual * z(i);
                for j in 0..=i {
                    information[i * order + j] += weight * z(i) * z(j);
                }
            }
        }
    }

    fn log_odds(&self, _: &[usize], row: usize, beta: &[f64]) -> f64 {
        linear_predictor(beta, self.x.row(row))
    }
}

pub(crate) fn linear_predictor(beta: &[f64], x: ArrayView1<f64>) -> f64 {
    beta[0] + x.iter().zip(&beta[1..]).map(|(x, b)| x * b).sum::<f64>()
}
