//! Intervals and tests of Firth's regression from its profile penalised likelihood.
//!
//! A coefficient is held at a value and the others are fitted again; the penalty stays that of the
//! *full* design (Heinze and Schemper 2002, *Statistics in Medicine* 21). Dropping the column
//! instead changes the penalty and gives other numbers.

use super::chi_square::{normal_limit, survival};
use super::design::Design;
use super::firth::FirthParams;
use super::fitted::invert;
use super::jeffreys::Jeffreys;
use super::logistic::require;
use super::newton::{Optimum, Point, Search};
use crate::error::{Error, Result};
use ndarray::ArrayView2;
use serde::Serialize;

/// Most attempts at one limit; five are usual.
const MOST_ATTEMPTS: usize = 100;

/// A limit is found when its signed root of the likelihood ratio is this near.
const NEAR: f64 = 1e-10;

/// Limits of a coefficient, in its own unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ProfileInterval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

/// A test of a hypothesis against the full model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ChiSquareTest {
    /// The statistic; of a likelihood ratio, twice the difference of the (penalised)
    /// log-likelihoods.
    pub chi_square: f64,
    /// Coefficients that the hypothesis fixes.
    pub degrees_of_freedom: usize,
    /// P(chi-square at least this large) under the hypothesis.
    pub p: f64,
}

/// What the penalised likelihood says of each coefficient, intercept first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FirthInference {
    /// Confidence level of the intervals.
    pub level: f64,
    /// Profile-penalised-likelihood intervals.
    pub intervals: Vec<ProfileInterval>,
    /// Tests that the coefficient is 0.
    pub tests: Vec<ChiSquareTest>,
    /// Test that all coefficients but the intercept are 0.
    pub global: ChiSquareTest,
}

impl ChiSquareTest {
    /// From two log-likelihoods, the full model's first.
    pub(super) fn ratio(full: f64, restricted: f64, degrees_of_freedom: usize) -> Self {
        // Not below 0 but for rounding.
        let chi_square = (2.0 * (full - restricted)).max(0.0);
        ChiSquareTest {
            chi_square,
            degrees_of_freedom,
            p: survival(chi_square, degrees_of_freedom),
        }
    }
}

impl FirthParams {
    /// Intervals at `level` (0.95, say) and tests of Firth's own coefficients, whatever the
    /// intercept correction.
    ///
    /// # Errors
    /// Those of [`fit`](Self::fit); `InvalidValue` for a level outside (0, 1); `NotConverged` for
    /// a limit that was not found.
    pub fn inference(&self, x: ArrayView2<f64>, y: &[bool], level: f64) -> Result<FirthInference> {
        self.inference_weighted(x, y, &vec![1.0; x.nrows()], level)
    }

    /// The same where row i counts `weights[i]` times.
    ///
    /// # Errors
    /// Those of [`inference`](Self::inference) and [`fit_weighted`](Self::fit_weighted).
    pub fn inference_weighted(
        &self,
        x: ArrayView2<f64>,
        y: &[bool],
        weights: &[f64],
        level: f64,
    ) -> Result<FirthInference> {
        let valid = level > 0.0 && level < 1.0;
        require("level", level, valid, "above 0 and below 1")?;
        let design = self.design(x, y, weights)?;
        let profile = Profile {
            params: self,
            design: &design,
            full: self.maximise(&design)?,
            root: normal_limit(level),
        };
        let each = 0..design.order;
        let mut slopes = vec![true; design.order];
        slopes[0] = false;
        Ok(FirthInference {
            level,
            intervals: each
                .clone()
                .map(|j| profile.interval(j))
                .collect::<Result<_>>()?,
            tests: each
                .map(|j| profile.zero(&only(j, design.order)))
                .collect::<Result<_>>()?,
            global: profile.zero(&slopes)?,
        })
    }
}

/// The full fit, and what it takes to fit with some coefficients held.
struct Profile<'a> {
    params: &'a FirthParams,
    design: &'a Design,
    full: Optimum,
    /// The limits lie where the signed root of the likelihood ratio is plus or minus this.
    root: f64,
}

/// The best fit with one coefficient held.
struct Held {
    beta: Vec<f64>,
    objective: f64,
    /// Of the objective, by the held coefficient.
    slope: f64,
}

impl Profile<'_> {
    /// The test that the given coefficients are 0.
    fn zero(&self, fixed: &[bool]) -> Result<ChiSquareTest> {
        let mut start = self.design.null();
        for (start, _) in start.iter_mut().zip(fixed).filter(|(_, fixed)| **fixed) {
            *start = 0.0;
        }
        let held = self.fit(start, &self.params.search(fixed))?;
        let degrees = fixed.iter().filter(|&&f| f).count();
        let full = -self.full.objective;
        Ok(ChiSquareTest::ratio(full, -held.objective, degrees))
    }

    fn interval(&self, j: usize) -> Result<ProfileInterval> {
        Ok(ProfileInterval {
            low: self.limit(j, -1.0)?,
            high: self.limit(j, 1.0)?,
        })
    }

    /// Where the signed root r(b) = sqrt(2 (f(b) - f)) of coefficient `j` held at b reaches the
    /// limit. It is nearly a line, with dr/db = f'(b) / r, so that Newton steps are few; a step that
    /// leaves the bracket is replaced by its middle, and by a doubling while there is none.
    fn limit(&self, j: usize, side: f64) -> Result<f64> {
        let fixed = only(j, self.design.order);
        let search = self.params.search(&fixed);
        let covariance = self.covariance(j)?;
        let (mut inside, mut outside) = (0.0, f64::INFINITY);
        let mut distance = self.root * covariance[j].sqrt();
        let mut best = self.full.beta.clone();
        for _ in 0..MOST_ATTEMPTS {
            // The others follow as they would if the likelihood were normal.
            let moved = side * distance - (best[j] - self.full.beta[j]);
            let follow = |(b, c): (&f64, &f64)| b + moved * c / covariance[j];
            let start = best.iter().zip(&covariance).map(follow).collect();
            let held = self.fit(start, &search)?;
            let root = (2.0 * (held.objective - self.full.objective))
                .max(0.0)
                .sqrt();
            if (root - self.root).abs() <= NEAR {
                return Ok(held.beta[j]);
            }
            if root < self.root {
                inside = distance;
                // Steps start from the last fit inside: far out there can be another maximum.
                best = held.beta;
            } else {
                outside = distance;
            }
            distance += (self.root - root) * root / (side * held.slope);
            if !(distance > inside && distance < outside) {
                distance = if outside.is_finite() {
                    0.5 * (inside + outside)
                } else {
                    2.0 * inside
                };
            }
        }
        Err(Error::NotConverged {
            gradient_norm: f64::NAN,
            tolerance: NEAR,
            iterations: MOST_ATTEMPTS,
        })
    }

    /// Of coefficient `j` with each.
    fn covariance(&self, j: usize) -> Result<Vec<f64>> {
        let (covariance, _) = invert(&self.full.information, self.design.order)?;
        Ok(covariance.row(j).to_vec())
    }

    /// The fit from `start` with the search's fixed coefficients held there.
    fn fit(&self, start: Vec<f64>, search: &Search) -> Result<Held> {
        let problem = Jeffreys {
            design: self.design,
            fixed: search.fixed,
        };
        let mut here = Point::new(start);
        search.evaluate(&problem, &mut here);
        let best = search.minimise(&problem, here)?;
        let free = self.params.search(&[]);
        let mut here = Point::new(best.beta);
        free.evaluate(&problem, &mut here);
        let held = (0..here.beta.len()).find(|&i| search.fixed[i]);
        Ok(Held {
            slope: held.map_or(0.0, |j| here.gradient[j]),
            objective: here.objective,
            beta: here.beta,
        })
    }
}

/// Coefficient `j` alone.
fn only(j: usize, order: usize) -> Vec<bool> {
    (0..order).map(|i| i == j).collect()
}
