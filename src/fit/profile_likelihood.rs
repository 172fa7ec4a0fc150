//! Intervals and tests of Firth's regression from its profile penalised likelihood.
//!
//! A coefficient is held at a value and the others are fitted again; the penalty stays that of the
//! *full* design (Heinze and Schemper 2002, *Statistics in Medicine* 21). Dropping the column
//! instead changes the penalty and gives other numbers.
//!
//! FLIC's slopes are Firth's, and so are their intervals and tests; its intercept is the maximum of
//! no likelihood of all coefficients, and has Wald's. FLAC's are of the likelihood of the rows and
//! their copies, whose weights stay as they are. R's logistf does the same for both.
//!
//! With 103 rows, 20 events and five columns, 95% profile intervals of Firth's slopes hold the true
//! one in 95.2% to 95.9% of 2,000 simulated tables, Wald's in 96.0% to 97.2% (standard error 0.5;
//! `cargo run --release --example coverage -- slopes`).

use super::basis::Basis;
use super::correction::augmented;
use super::design::Design;
use super::firth_params::{FirthParams, InterceptCorrection};
use super::jeffreys::Jeffreys;
use super::likelihood::Logit;
use super::logistic::invert;
use super::newton::{Optimum, Point, Problem, Search, mirror};
use super::ridge::require;
use crate::error::{Error, Result};
use crate::stats::chi_square::{normal_limit, survival};
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// Most attempts at one limit; five are usual.
const MOST_ATTEMPTS: usize = 100;

/// A limit is found when its signed root of the likelihood ratio is this near.
const NEAR: f64 = 1e-10;

/// Limits of a coefficient, in its own unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfileInterval {
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

/// A test of a hypothesis against the full model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChiSquareTest {
    /// The statistic; of a likelihood ratio, twice the difference of the (penalised)
    /// log-likelihoods.
    pub chi_square: f64,
    /// Coefficients that the hypothesis fixes.
    pub degrees_of_freedom: usize,
    /// P(chi-square at least this large) under the hypothesis.
    pub p: f64,
}

/// What the likelihood says of each coefficient, intercept first. FLIC's intercept has Wald's
/// interval and test, from X'WX at its coefficients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FirthInference {
    /// Confidence level of the intervals.
    pub level: f64,
    /// Intervals of the profile likelihood: the penalised one, or for FLAC that of rows and copies.
    pub intervals: Vec<ProfileInterval>,
    /// Tests that the coefficient is 0.
    pub tests: Vec<ChiSquareTest>,
    /// Test that all coefficients but the intercept are 0.
    pub global: ChiSquareTest,
    /// Coefficients whose interval and test are Wald's, intercept 0: that of FLIC's intercept, and
    /// those of which a limit was not found.
    pub wald: Vec<usize>,
}

impl ChiSquareTest {
    /// From two log-likelihoods, the full model's first.
    pub(crate) fn ratio(full: f64, restricted: f64, degrees_of_freedom: usize) -> Self {
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
    /// Intervals at `level` (0.95, say) and tests of the coefficients that [`fit_rows`](Self::fit_rows)
    /// gives.
    ///
    /// # Errors
    /// Those of [`fit_rows`](Self::fit_rows); `InvalidValue` for a level outside (0, 1). A limit that was
    /// not found is none: see [`FirthInference::wald`].
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
        let root = normal_limit(level);
        self.design(x, y, weights)?;
        let basis = Basis::of(x, weights);
        let own_x = basis.columns(x);
        let own = self.profiled(own_x.view(), y, weights, root)?;
        let (covariance, _) = invert(&own.full.information, own.design.order)?;
        let slopes: Vec<bool> = (0..own.design.order)
            .map(|i| (1..=x.ncols()).contains(&i))
            .collect();
        let global = own.zero(&slopes)?;
        let beta = basis.in_units(&own.full.beta[..=x.ncols()]);
        let mut found = FirthInference {
            level,
            intervals: Vec::new(),
            tests: Vec::new(),
            global,
            wald: Vec::new(),
        };
        // The intercept is that of the table's columns where they are 0, which may be far from all rows.
        let flic = self.checked.correction == InterceptCorrection::Flic;
        let intercept = match flic {
            true => None,
            false => self
                .profiled(x, y, weights, root)
                .and_then(|raw| raw.one(0))
                .ok(),
        };
        found.take(0, intercept, || match flic {
            true => {
                let beta = basis.in_units(&self.flic(&own.design, &own.full.beta)?);
                let design = self.design(x, y, weights)?;
                let at = Jeffreys::new(&design).at(&beta).ok_or(Error::Singular)?;
                let mut information = at.information;
                mirror(&mut information, design.order);
                let variance = invert(&information, design.order)?.0[[0, 0]];
                Ok(wald(beta[0], variance, root))
            }
            false => Ok(wald(beta[0], basis.intercept_variance(&covariance), root)),
        })?;
        for j in 1..=x.ncols() {
            let in_units = |(interval, test): (ProfileInterval, ChiSquareTest)| {
                let limit = |own| basis.slope_in_units(j, own);
                let (low, high) = (limit(interval.low), limit(interval.high));
                (ProfileInterval { low, high }, test)
            };
            let by_wald = || wald(own.full.beta[j], covariance[[j, j]], root);
            found.take(j, own.one(j).ok().map(in_units), || Ok(in_units(by_wald())))?;
        }
        Ok(found)
    }

    /// The full fit, whose likelihood is to be profiled.
    fn profiled(
        &self,
        x: ArrayView2<f64>,
        y: &[bool],
        weights: &[f64],
        root: f64,
    ) -> Result<Profile<'_>> {
        let design = self.design(x, y, weights)?;
        let full = self.maximise(&design)?;
        let (likelihood, design, full) = match self.checked.correction {
            InterceptCorrection::Flac => {
                let at = Jeffreys::new(&design).at(&full.beta);
                let leverages = at.ok_or(Error::Singular)?.leverages;
                let copies = augmented(x, y, weights, &leverages)?;
                let full = self.flac(&copies)?;
                (Likelihood::Plain, copies, full)
            }
            _ => (Likelihood::Penalised, design, full),
        };
        Ok(Profile {
            params: self,
            likelihood,
            design,
            full,
            root,
        })
    }
}

impl FirthInference {
    /// Takes what the likelihood says of a coefficient, or Wald's where it says nothing.
    fn take(
        &mut self,
        j: usize,
        profile: Option<(ProfileInterval, ChiSquareTest)>,
        wald: impl FnOnce() -> Result<(ProfileInterval, ChiSquareTest)>,
    ) -> Result<()> {
        let (interval, test) = match profile {
            Some(found) => found,
            None => {
                self.wald.push(j);
                wald()?
            }
        };
        self.intervals.push(interval);
        self.tests.push(test);
        Ok(())
    }
}

/// The interval of an estimate with so many standard errors on either side, and its test.
fn wald(estimate: f64, variance: f64, root: f64) -> (ProfileInterval, ChiSquareTest) {
    let half = root * variance.sqrt();
    let chi_square = estimate * estimate / variance;
    let interval = ProfileInterval {
        low: estimate - half,
        high: estimate + half,
    };
    let test = ChiSquareTest {
        chi_square,
        degrees_of_freedom: 1,
        p: survival(chi_square, 1),
    };
    (interval, test)
}

/// Which log-likelihood is profiled.
#[derive(Clone, Copy)]
enum Likelihood {
    /// Firth's.
    Penalised,
    /// That of the rows, weighted as they are.
    Plain,
}

/// The full fit, and what it takes to fit with some coefficients held.
struct Profile<'a> {
    params: &'a FirthParams,
    likelihood: Likelihood,
    design: Design,
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
    /// The interval of coefficient `j`, and the test that it is 0.
    fn one(&self, j: usize) -> Result<(ProfileInterval, ChiSquareTest)> {
        Ok((self.interval(j)?, self.zero(&only(j, self.design.order))?))
    }

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
        let (design, fixed) = (&self.design, search.fixed);
        match self.likelihood {
            Likelihood::Penalised => self.hold(&Jeffreys { design, fixed }, start, search),
            Likelihood::Plain => self.hold(&Logit::unpenalised(design), start, search),
        }
    }

    fn hold(&self, problem: &impl Problem, start: Vec<f64>, search: &Search) -> Result<Held> {
        let mut here = Point::new(start);
        search.evaluate(problem, &mut here);
        let best = search.minimise(problem, here)?;
        let free = self.params.search(&[]);
        let mut here = Point::new(best.beta);
        free.evaluate(problem, &mut here);
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
