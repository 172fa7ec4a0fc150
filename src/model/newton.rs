//! Damped Newton steps for ridge logistic regression, with a certificate.
//!
//! With rows x_i (a leading 1 for the intercept), labels y_i in {0, 1}, log-odds
//! eta_i = x_i' beta and p_i = 1 / (1 + exp(-eta_i)), the objective is
//!
//! f(beta) = sum_i [ln(1 + exp(eta_i)) - y_i eta_i] + alpha/2 * sum_{j>=1} beta_j^2,
//!
//! its gradient is X'(p - y) + alpha beta_{-0}, and its second derivative, the penalised
//! information, is X'WX + alpha diag(0, 1, ..., 1) with W = diag(p (1 - p)). A Newton step is
//! iteratively reweighted least squares (le Cessie and van Houwelingen 1992, *Applied Statistics*
//! 41); steps are halved until the Armijo condition holds (Nocedal and Wright, *Numerical
//! Optimization*, 2nd ed., section 3.1), so that the objective, which is convex, only falls.

use super::cholesky::Cholesky;
use super::design::{BLOCK, Block, Design};
use crate::error::{Error, Result};

/// A step may be halved this often: by then it has moved nothing.
const MOST_HALVINGS: usize = 50;

/// At a solution, the next Newton step would move no row's log-odds by more than this. Where the
/// classes are separated every step moves them by about one, for ever, while the gradient vanishes.
const LONGEST_LAST_STEP: f64 = 1e-4;

/// Where the objective has its minimum.
pub(crate) struct Optimum {
    /// Intercept first.
    pub(crate) beta: Vec<f64>,
    pub(crate) objective: f64,
    /// See `RidgeParams::tolerance` for its unit.
    pub(crate) gradient_norm: f64,
    /// Row-major, intercept first, both triangles.
    pub(crate) information: Vec<f64>,
    pub(crate) iterations: usize,
    pub(crate) step_halvings: usize,
}

impl Design {
    /// The best model without columns: the log-odds of the share of events.
    fn null(&self) -> (Vec<f64>, f64) {
        let (events, others) = (self.events as f64, (self.rows - self.events) as f64);
        let rows = self.rows as f64;
        let mut beta = vec![0.0; self.order];
        beta[0] = (events / others).ln();
        let objective = -events * (events / rows).ln() - others * (others / rows).ln();
        (beta, objective)
    }

    /// Newton steps from `start` (intercept first), or from the null model where that is better.
    /// `NotConverged` or `Singular` unless the returned point is the minimum.
    pub(crate) fn minimise(
        &self,
        alpha: f64,
        start: Option<Vec<f64>>,
        tolerance: f64,
        max_iterations: usize,
    ) -> Result<Optimum> {
        let (null, null_objective) = self.null();
        let mut here = Point::new(start.unwrap_or_else(|| null.clone()));
        self.evaluate(alpha, &mut here);
        let better = here.objective <= null_objective * (1.0 + 1e-12); // false for NaN
        if !better {
            here.beta = null;
            self.evaluate(alpha, &mut here);
        }
        let mut there = Point::new(vec![0.0; self.order]);
        let mut step = vec![0.0; self.order];
        let mut cholesky = Cholesky::new(self.order);
        let (mut iterations, mut step_halvings) = (0, 0);
        loop {
            step.copy_from_slice(&here.gradient);
            cholesky
                .factor(&here.information)
                .ok_or(Error::Singular)?
                .solve(&mut step);

            let noise = self.noise(&here.beta);
            let tolerance = tolerance.max(noise);
            let gradient_norm = self.gradient_norm(&here.gradient);
            let flat = gradient_norm <= tolerance;
            let short = self.reach(&step) <= LONGEST_LAST_STEP;
            if flat && short {
                return Ok(here.into_optimum(gradient_norm, iterations, step_halvings));
            }
            if iterations == max_iterations {
                // Flat, but with no end in sight: the classes are separated, and in that direction
                // the information tends to zero.
                return Err(if flat {
                    Error::Singular
                } else {
                    Error::NotConverged {
                        gradient_norm,
                        tolerance,
                        iterations,
                    }
                });
            }

            let descent: f64 = here.gradient.iter().zip(&step).map(|(g, s)| g * s).sum();
            let rounding = noise * self.rows as f64 + 4.0 * f64::EPSILON * here.objective;
            let mut length = 1.0;
            for halvings in 0.. {
                for ((new, old), step) in there.beta.iter_mut().zip(&here.beta).zip(&step) {
                    *new = old - length * step;
                }
                self.evaluate(alpha, &mut there);
                if there.objective <= here.objective - 1e-4 * length * descent + rounding {
                    break;
                }
                if halvings == MOST_HALVINGS {
                    return Err(Error::NotConverged {
                        gradient_norm,
                        tolerance,
                        iterations,
                    });
                }
                length /= 2.0;
                step_halvings += 1;
            }
            std::mem::swap(&mut here, &mut there);
            iterations += 1;
        }
    }

    /// Largest mean gradient component, each in units of its column's largest magnitude.
    fn gradient_norm(&self, gradient: &[f64]) -> f64 {
        let scaled = |(g, &m): (&f64, &f64)| g.abs() / if m > 0.0 { m } else { 1.0 };
        gradient
            .iter()
            .zip(&self.magnitudes)
            .map(scaled)
            .fold(0.0, f64::max)
            / self.rows as f64
    }

    /// At most this much do the log-odds of any row move when `step` is added to the coefficients.
    fn reach(&self, step: &[f64]) -> f64 {
        step.iter()
            .zip(&self.magnitudes)
            .map(|(s, m)| s.abs() * m)
            .sum()
    }

    /// Rounding error of one row's log-odds, and so of the mean gradient: the floor of `gradient_norm`.
    fn noise(&self, beta: &[f64]) -> f64 {
        4.0 * f64::EPSILON * (1.0 + self.reach(beta))
    }

    /// Objective, gradient and information at `point.beta`, in one pass over the rows and always in
    /// the same order of summation.
    fn evaluate(&self, alpha: f64, point: &mut Point) {
        let p = self.order;
        let Point {
            beta,
            objective,
            gradient,
            information,
        } = point;
        gradient.fill(0.0);
        information.fill(0.0);
        let mut loss = 0.0;
        for (block, signs) in self.columns.chunks_exact(p).zip(&self.signs) {
            let terms = Terms::new(block, signs, beta);
            loss += terms.loss;
            for (j, column) in block.iter().enumerate() {
                gradient[j] += dot(&terms.residual, column);
                let weighted = std::array::from_fn(|i| terms.weight[i] * column[i]);
                for (sum, other) in information[j * p..][..=j].iter_mut().zip(block) {
                    *sum += dot(&weighted, other);
                }
            }
        }
        for j in 1..p {
            loss += 0.5 * alpha * beta[j] * beta[j];
            gradient[j] += alpha * beta[j];
            information[j * p + j] += alpha;
        }
        *objective = loss;
    }
}

/// What one block of rows adds, row by row.
struct Terms {
    loss: f64,
    /// p - y.
    residual: Block,
    /// p (1 - p).
    weight: Block,
}

impl Terms {
    /// With s = eta for an event and -eta without, e = exp(-|s|) never overflows, and the
    /// probability of the other label, the loss and the weight keep their digits in both tails:
    /// ln(1 + exp(-s)) = ln(1 + e) + max(-s, 0).
    fn new(block: &[Block], signs: &Block, beta: &[f64]) -> Terms {
        let mut eta = [0.0; BLOCK];
        for (column, &coefficient) in block.iter().zip(beta) {
            for (eta, value) in eta.iter_mut().zip(column) {
                *eta += coefficient * value;
            }
        }
        let mut tail = [0.0; BLOCK];
        for (tail, eta) in tail.iter_mut().zip(&eta) {
            *tail = (-eta.abs()).exp();
        }
        let (mut residual, mut weight) = ([0.0; BLOCK], [0.0; BLOCK]);
        // One logarithm of a product, at most 2^32, for the sum of 32 logarithms.
        let (mut product, mut hinge) = ([1.0; 4], [0.0; 4]);
        for i in 0..BLOCK {
            let s = signs[i] * eta[i];
            let likely = 1.0 / (1.0 + tail[i]);
            let unlikely = tail[i] * likely;
            residual[i] = -signs[i] * if s < 0.0 { likely } else { unlikely };
            weight[i] = likely * unlikely;
            product[i % 4] *= 1.0 + tail[i] * signs[i].abs();
            hinge[i % 4] += (-s).max(0.0);
        }
        let loss = product.iter().product::<f64>().ln() + hinge.iter().sum::<f64>();
        Terms {
            loss,
            residual,
            weight,
        }
    }
}

/// A point, and the objective with its derivatives there (information: lower triangle).
struct Point {
    beta: Vec<f64>,
    objective: f64,
    gradient: Vec<f64>,
    information: Vec<f64>,
}

impl Point {
    fn new(beta: Vec<f64>) -> Self {
        let order = beta.len();
        Point {
            beta,
            objective: f64::NAN,
            gradient: vec![0.0; order],
            information: vec![0.0; order * order],
        }
    }

    fn into_optimum(
        mut self,
        gradient_norm: f64,
        iterations: usize,
        step_halvings: usize,
    ) -> Optimum {
        let p = self.beta.len();
        for i in 0..p {
            for j in 0..i {
                self.information[j * p + i] = self.information[i * p + j];
            }
        }
        Optimum {
            beta: self.beta,
            objective: self.objective,
            gradient_norm,
            information: self.information,
            iterations,
            step_halvings,
        }
    }
}

/// Eight partial sums, so that the compiler can use vector instructions.
fn dot(a: &Block, b: &Block) -> f64 {
    let mut sums = [0.0; 8];
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}
