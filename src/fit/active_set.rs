//! The active-set method of Lawson and Hanson (1974, *Solving Least Squares Problems*, chapter 23)
//! with Newton's method in place of least squares.

use super::likelihood::Logit;
use super::newton::{Optimum, Point, Problem, Search};
use crate::error::{Error, Result};

/// Most Newton steps within one active set.
pub(crate) const MAX_ITERATIONS: usize = 100;

/// What is minimised, under which signs.
pub(crate) struct ActiveSet<'a> {
    pub(crate) problem: &'a Logit<'a>,
    /// The sign that each coefficient, the intercept first, may have; 0 for either.
    pub(crate) signs: Vec<f64>,
    pub(crate) tolerance: f64,
}

impl ActiveSet<'_> {
    /// The optimum, which coefficients are held at 0, and the gradient there.
    pub(crate) fn minimise(&self) -> Result<(Optimum, Vec<bool>, Vec<f64>)> {
        let order = self.signs.len();
        let mut fixed = vec![false; order];
        let mut here = self.problem.design.null();
        // Each set lowers the objective, so that none comes twice.
        for _ in 0..10 * order + 100 {
            let best = self.within(&fixed, Some(here.clone()))?;
            if self.step(&mut here, &best.beta, &mut fixed) {
                continue;
            }
            let full = self.evaluate(best);
            let Some(freed) = self.worst(&full, &fixed) else {
                return Ok((full.0, fixed, full.1));
            };
            fixed[freed] = false;
        }
        Err(Error::NotConverged {
            gradient_norm: f64::NAN,
            tolerance: self.tolerance,
            iterations: 10 * order + 100,
        })
    }

    fn within(&self, fixed: &[bool], start: Option<Vec<f64>>) -> Result<Optimum> {
        let search = Search {
            tolerance: self.tolerance,
            max_iterations: MAX_ITERATIONS,
            fixed,
        };
        self.problem.minimise(start, &search)
    }

    /// Moves from `here`, which is allowed, to `there` or to the first signs in the way; these are
    /// then held at 0. Whether there were any.
    fn step(&self, here: &mut [f64], there: &[f64], fixed: &mut [bool]) -> bool {
        let blocked = |j: usize| self.signs[j] * there[j] < 0.0;
        let share = |j: usize, here: &[f64]| here[j] / (here[j] - there[j]);
        let free = (0..here.len()).filter(|&j| blocked(j));
        let length = free.clone().map(|j| share(j, here)).fold(1.0, f64::min);
        let stopping: Vec<usize> = free.filter(|&j| share(j, here) <= length).collect();
        for (here, there) in here.iter_mut().zip(there) {
            *here += length * (there - *here);
        }
        for &j in &stopping {
            (here[j], fixed[j]) = (0.0, true);
        }
        !stopping.is_empty()
    }

    /// The optimum with the full information, and the full gradient.
    fn evaluate(&self, best: Optimum) -> (Optimum, Vec<f64>) {
        let mut point = Point::new(best.beta);
        self.problem.evaluate(&mut point);
        let gradient = point.gradient.clone();
        let full = point.into_optimum(best.gradient_norm, best.iterations, best.step_halvings);
        (full, gradient)
    }

    /// The held coefficient that would lower the objective most by moving in its own direction.
    fn worst(&self, (best, gradient): &(Optimum, Vec<f64>), fixed: &[bool]) -> Option<usize> {
        let magnitudes = self.problem.magnitudes();
        let scale = |j: usize| {
            if magnitudes[j] > 0.0 {
                magnitudes[j]
            } else {
                1.0
            }
        };
        let fall = |j: usize| -self.signs[j] * gradient[j] / scale(j) / self.problem.mass();
        let tolerance = self.tolerance.max(self.problem.noise(&best.beta));
        let held = (0..fixed.len()).filter(|&j| fixed[j] && fall(j) > tolerance);
        held.max_by(|&a, &b| fall(a).total_cmp(&fall(b)))
    }
}
