//! Damped Newton steps to the minimum of a smooth function, with a certificate.
//!
//! Steps are halved until the Armijo condition holds (Nocedal and Wright, *Numerical Optimization*,
//! 2nd ed., section 3.1), so that the objective only falls.

use super::cholesky::Cholesky;
use crate::error::{Error, Result};

/// A step may be halved this often: by then it has moved nothing.
const MOST_HALVINGS: usize = 50;

/// At a solution, the next Newton step would move no row's log-odds by more than this. Where the
/// classes are separated every step moves them by about one, for ever, while the gradient vanishes.
const LONGEST_LAST_STEP: f64 = 1e-4;

/// Where the gradient is itself made of rounded sums (Firth's leverages), steps can end above its
/// floor and stay there: after so many without a smaller gradient, one within this factor of the
/// floor is the end, if the next step would move no row's log-odds by more than rounding.
const STALLED: usize = 10;
const STALLED_ABOVE: f64 = 100.0;
const SHORTEST_STEP: f64 = 1e-9;

/// Where the information is far from the curvature, as Firth's can be in a handful of rows, full steps
/// fall short or jump over the minimum for hundreds of turns. Where so much of the slope is left after a
/// step, or on its other side, the step goes to where its secant crosses zero, but not further than this
/// many steps.
const SLOPE_LEFT: f64 = 0.5;
const LONGEST: f64 = 64.0;

/// A function of a coefficient vector, to be minimised.
pub(crate) trait Problem {
    /// Largest magnitude that each coefficient is multiplied with in a row's log-odds.
    fn magnitudes(&self) -> &[f64];

    /// Rows, each as often as it weighs.
    fn mass(&self) -> f64;

    /// Objective, gradient and curvature at `point.beta`, always in the same order of summation.
    /// The objective is not finite where it is not defined.
    fn evaluate(&self, point: &mut Point);

    /// At most this much do the log-odds of any row move when `step` is added to the coefficients.
    fn reach(&self, step: &[f64]) -> f64 {
        step.iter()
            .zip(self.magnitudes())
            .map(|(s, m)| s.abs() * m)
            .sum()
    }

    /// Rounding error of one row's log-odds, and so of the mean gradient: the floor of `gradient_norm`.
    fn noise(&self, beta: &[f64]) -> f64 {
        4.0 * f64::EPSILON * (1.0 + self.reach(beta))
    }

    /// Largest mean gradient component, each in units of its column's largest magnitude.
    fn gradient_norm(&self, gradient: &[f64]) -> f64 {
        let scaled = |(g, &m): (&f64, &f64)| g.abs() / if m > 0.0 { m } else { 1.0 };
        gradient
            .iter()
            .zip(self.magnitudes())
            .map(scaled)
            .fold(0.0, f64::max)
            / self.mass()
    }
}

/// A point, and the objective with its derivatives there (information: lower triangle).
pub(crate) struct Point {
    pub(crate) beta: Vec<f64>,
    pub(crate) objective: f64,
    pub(crate) gradient: Vec<f64>,
    /// The curvature of the objective, or a positive definite stand-in.
    pub(crate) information: Vec<f64>,
}

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

/// When to stop, and which coefficients stay where they are.
pub(crate) struct Search<'a> {
    pub(crate) tolerance: f64,
    pub(crate) max_iterations: usize,
    /// One for each coefficient, or none at all.
    pub(crate) fixed: &'a [bool],
}

impl Search<'_> {
    /// Everything at `point.beta`; the fixed coefficients have no gradient there.
    pub(crate) fn evaluate(&self, problem: &impl Problem, point: &mut Point) {
        problem.evaluate(point);
        for (gradient, _) in point
            .gradient
            .iter_mut()
            .zip(self.fixed)
            .filter(|(_, f)| **f)
        {
            *gradient = 0.0;
        }
        hold(&mut point.information, self.fixed, point.beta.len());
    }

    /// Evaluates the problem so far along a step.
    fn step(
        &self,
        problem: &impl Problem,
        (from, step, length): (&Point, &[f64], f64),
        to: &mut Point,
    ) {
        for ((new, old), step) in to.beta.iter_mut().zip(&from.beta).zip(step) {
            *new = old - length * step;
        }
        self.evaluate(problem, to);
    }

    /// Newton steps from `here`, which has been evaluated. `NotConverged` or `Singular` unless the
    /// returned point is the minimum.
    pub(crate) fn minimise(&self, problem: &impl Problem, mut here: Point) -> Result<Optimum> {
        let order = here.beta.len();
        let mut there = Point::new(vec![0.0; order]);
        let mut step = vec![0.0; order];
        let mut cholesky = Cholesky::new(order);
        let (mut iterations, mut step_halvings) = (0, 0);
        let (mut smallest, mut smallest_at) = (f64::INFINITY, 0);
        loop {
            step.copy_from_slice(&here.gradient);
            cholesky
                .factor(&here.information)
                .ok_or(Error::Singular)?
                .solve(&mut step);

            let noise = problem.noise(&here.beta);
            let tolerance = self.tolerance.max(noise);
            let gradient_norm = problem.gradient_norm(&here.gradient);
            let flat = gradient_norm <= tolerance;
            let reach = problem.reach(&step);
            if gradient_norm < smallest {
                (smallest, smallest_at) = (gradient_norm, iterations);
            }
            let stalled = iterations - smallest_at >= STALLED
                && gradient_norm <= STALLED_ABOVE * tolerance
                && reach <= SHORTEST_STEP;
            if (flat && reach <= LONGEST_LAST_STEP) || stalled {
                return Ok(here.into_optimum(gradient_norm, iterations, step_halvings));
            }
            let not_converged = Error::NotConverged {
                gradient_norm,
                tolerance,
                iterations,
            };
            if iterations == self.max_iterations {
                // Flat, but with no end in sight: the classes are separated, and in that direction
                // the information tends to zero.
                return Err(if flat { Error::Singular } else { not_converged });
            }

            let descent: f64 = here.gradient.iter().zip(&step).map(|(g, s)| g * s).sum();
            let rounding = noise * problem.mass() + 4.0 * f64::EPSILON * here.objective.abs();
            let mut length = 1.0;
            for halvings in 0.. {
                self.step(problem, (&here, &step, length), &mut there);
                if there.objective <= here.objective - 1e-4 * length * descent + rounding {
                    break;
                }
                if halvings == MOST_HALVINGS {
                    return Err(not_converged);
                }
                length /= 2.0;
                step_halvings += 1;
            }
            let left: f64 = there.gradient.iter().zip(&step).map(|(g, s)| g * s).sum();
            if left.abs() > SLOPE_LEFT * descent {
                let (far, objective) = (length, there.objective);
                let bottom = match left < descent {
                    true => (far * descent / (descent - left)).min(LONGEST),
                    false => LONGEST,
                };
                self.step(problem, (&here, &step, bottom), &mut there);
                let lower = there.objective <= objective;
                if !lower {
                    self.step(problem, (&here, &step, far), &mut there);
                }
            }
            std::mem::swap(&mut here, &mut there);
            iterations += 1;
        }
    }
}

impl Point {
    pub(crate) fn new(beta: Vec<f64>) -> Self {
        let order = beta.len();
        Point {
            beta,
            objective: f64::NAN,
            gradient: vec![0.0; order],
            information: vec![0.0; order * order],
        }
    }

    /// Zero sums.
    pub(crate) fn clear(&mut self) {
        self.objective = 0.0;
        self.gradient.fill(0.0);
        self.information.fill(0.0);
    }

    pub(crate) fn into_optimum(
        mut self,
        gradient_norm: f64,
        iterations: usize,
        step_halvings: usize,
    ) -> Optimum {
        mirror(&mut self.information, self.beta.len());
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

/// Makes the rows and columns of fixed coefficients those of the identity.
pub(crate) fn hold(matrix: &mut [f64], fixed: &[bool], order: usize) {
    for j in (0..fixed.len()).filter(|&j| fixed[j]) {
        for i in 0..order {
            matrix[i * order + j] = 0.0;
            matrix[j * order + i] = 0.0;
        }
        matrix[j * order + j] = 1.0;
    }
}

/// Copies the lower triangle of a row-major matrix to the upper one.
pub(crate) fn mirror(matrix: &mut [f64], order: usize) {
    for i in 0..order {
        for j in 0..i {
            matrix[j * order + i] = matrix[i * order + j];
        }
    }
}
