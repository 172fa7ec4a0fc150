//! Proportional odds: graded outcomes with a threshold between neighbouring grades and the same
//! slopes at each (McCullagh 1980, *Journal of the Royal Statistical Society B* 42).
//!
//! logit P(Y <= k) = theta_k - x' beta, as in R's MASS::polr and ordinal::clm: a positive slope goes
//! with higher grades. Every threshold informs the slopes, not only the one of interest.

use super::cumulative::{Cumulative, Outcome};
use super::design::Design;
use super::logistic::{invert, linear_predictor, probability, square};
use super::newton::{Optimum, Point, Search};
use super::ridge::{L2, check_stopping, require};
use crate::error::{Error, Result};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

/// Proportional-odds regression, not yet fitted.
///
/// ```
/// use forewarn::model::OrdinalParams;
/// use ndarray::array;
///
/// let x = array![[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]];
/// let model = OrdinalParams::new().fit_rows(x.view(), &[0, 1, 0, 2, 1, 2], 3)?;
/// assert!(model.coefficients()[0] > 0.0);
/// let worst = model.at_least(x.view(), 2)?; // P(grade 2)
/// assert!(worst[5] > worst[0]);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use]
pub struct OrdinalParams {
    pub(crate) checked: CheckedOrdinalParams,
}

/// [`OrdinalParams`] whose values have been checked, as linfa's [`ParamGuard`](linfa::ParamGuard) wants them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedOrdinalParams {
    pub(crate) penalty: L2,
    pub(crate) tolerance: f64,
    pub(crate) max_iterations: usize,
}

impl Default for OrdinalParams {
    fn default() -> Self {
        OrdinalParams {
            checked: CheckedOrdinalParams {
                penalty: L2::Total(0.0),
                tolerance: 1e-14,
                max_iterations: 100,
            },
        }
    }
}

/// A fitted proportional-odds regression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct Ordinal {
    thresholds: Vec<f64>,
    coefficients: Array1<f64>,
    information: Array2<f64>,
    report: OrdinalReport,
    #[serde(skip)]
    covariance: Array2<f64>,
}

/// How a fit went, as plain numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrdinalReport {
    /// Training rows of each level.
    pub rows: Vec<usize>,
    /// Effective degrees of freedom, the thresholds' among them, as
    /// [`FitReport::effective_parameters`](super::logistic::FitReport::effective_parameters).
    pub effective_parameters: f64,
    /// The penalty on the summed log-loss: alpha/2 times the sum of squared slopes.
    pub alpha: f64,
    /// Log-likelihood, without the penalty.
    pub log_likelihood: f64,
    /// Twice the log-likelihood above that of the thresholds alone.
    pub likelihood_ratio: f64,
    /// Largest mean gradient component, in the unit of
    /// [`RidgeParams::tolerance`](super::ridge::RidgeParams::tolerance).
    pub gradient_norm: f64,
    /// Newton steps made.
    pub iterations: usize,
    /// How often one of them had to be halved.
    pub step_halvings: usize,
    /// As [`FitReport::condition_number`](super::logistic::FitReport::condition_number).
    pub condition_number: f64,
}

impl OrdinalParams {
    pub(super) fn check_values(&self) -> Result<()> {
        self.checked.penalty.alpha(1.0)?;
        check_stopping(self.checked.tolerance, self.checked.max_iterations)
    }

    /// All defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ridge on the slopes, the thresholds left free; default `L2::Total(0.0)`, maximum likelihood.
    pub fn l2(mut self, penalty: L2) -> Self {
        self.checked.penalty = penalty;
        self
    }

    /// How flat the objective has to be, as [`RidgeParams::tolerance`](super::ridge::RidgeParams::tolerance);
    /// default 1e-14.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.checked.tolerance = tolerance;
        self
    }

    /// Most Newton steps; default 100.
    pub fn max_iterations(mut self, max_iterations: usize) -> Self {
        self.checked.max_iterations = max_iterations;
        self
    }

    /// Fits P(grade <= k) to `x`, rows by columns; one grade per row, from 0 to `levels` less 1.
    ///
    /// # Errors
    /// `InvalidValue` for a parameter out of range, fewer than two levels, a grade that is none of
    /// them, or a level without rows; otherwise as [`RidgeParams::fit_rows`](super::ridge::RidgeParams::fit_rows),
    /// among them `Separated` where only a penalty would keep slopes finite.
    pub fn fit_rows(&self, x: ArrayView2<f64>, grades: &[usize], levels: usize) -> Result<Ordinal> {
        self.fit_weighted(x, grades, levels, &vec![1.0; grades.len()])
    }

    /// The same where row i counts `weights[i]` times.
    ///
    /// # Errors
    /// Those of [`fit_rows`](Self::fit_rows); `Shape` or `InvalidValue` for weights that cannot be.
    pub fn fit_weighted(
        &self,
        x: ArrayView2<f64>,
        grades: &[usize],
        levels: usize,
        weights: &[f64],
    ) -> Result<Ordinal> {
        let problem = self.problem(x, grades, levels, weights)?;
        let optimum = self
            .minimise(&problem, problem.null())
            .map_err(|error| problem.refusal(error))?;
        let alpha = self.checked.penalty.alpha(weights.iter().sum())?;
        Ordinal::from_optimum(&optimum, &problem, alpha)
    }

    pub(crate) fn minimise(&self, problem: &Cumulative, start: Vec<f64>) -> Result<Optimum> {
        let search = Search {
            tolerance: self.checked.tolerance,
            max_iterations: self.checked.max_iterations,
            fixed: &[],
        };
        let mut start = Point::new(start);
        search.evaluate(problem, &mut start);
        search.minimise(problem, start)
    }

    /// The checked rows; those of weight 0 are left out.
    pub(crate) fn problem(
        &self,
        x: ArrayView2<f64>,
        grades: &[usize],
        levels: usize,
        weights: &[f64],
    ) -> Result<Cumulative> {
        check_stopping(self.checked.tolerance, self.checked.max_iterations)?;
        require("levels", levels, levels >= 2, "at least 2")?;
        if let Some(grade) = grades.iter().find(|&&g| g >= levels) {
            require("grade", grade, false, &format!("0 to {}", levels - 1))?;
        }
        let above: Vec<bool> = grades.iter().map(|&g| g > 0).collect();
        // Checks shapes, cells and weights; a level without rows is named below.
        let magnitudes = match Design::weighted(x, &above, weights) {
            Ok(design) => design.magnitudes,
            Err(Error::OneClass { .. }) => vec![1.0; x.ncols() + 1],
            Err(other) => return Err(other),
        };
        let kept = || (0..grades.len()).filter(|&row| weights[row] > 0.0);
        for level in (0..levels).filter(|&level| kept().all(|row| grades[row] != level)) {
            let expected = "rows of every level: merge it with a neighbour";
            require("level", format!("{level} without rows"), false, expected)?;
        }
        let outcome = |row: usize| Outcome {
            scale: 0,
            level: grades[row],
            weight: weights[row],
        };
        Ok(Cumulative {
            rows: kept().flat_map(|row| turned(x.row(row))).collect(),
            outcomes: kept().map(outcome).collect(),
            firsts: vec![0, levels - 1],
            width: x.ncols() + 1,
            shared: true,
            precisions: vec![self.checked.penalty.alpha(weights.iter().sum())?; x.ncols()],
            magnitudes: [&vec![1.0; levels - 2][..], &magnitudes].concat(),
        })
    }
}

/// A row as cumulative logits take it: 1, and the negated values.
pub(crate) fn turned(row: ArrayView1<f64>) -> impl Iterator<Item = f64> {
    [1.0].into_iter().chain(row.into_iter().map(|v| -v))
}

impl Ordinal {
    pub(crate) fn from_optimum(
        optimum: &Optimum,
        problem: &Cumulative,
        alpha: f64,
    ) -> Result<Self> {
        let cut = problem.thresholds();
        let (covariance, condition_number) = invert(&optimum.information, optimum.beta.len())?;
        let slopes = &optimum.beta[cut..];
        let penalty = problem.cost(slopes);
        let held = problem.held(covariance.diag().iter().skip(cut));
        let of_level = |level| problem.outcomes.iter().filter(|o| o.level == level).count();
        Ok(Ordinal {
            thresholds: optimum.beta[..cut].to_vec(),
            coefficients: slopes.iter().copied().collect(),
            report: OrdinalReport {
                rows: (0..=cut).map(of_level).collect(),
                effective_parameters: problem.order() as f64 - held,
                alpha,
                log_likelihood: penalty - optimum.objective,
                likelihood_ratio: problem.likelihood_ratio(penalty - optimum.objective),
                gradient_norm: optimum.gradient_norm,
                iterations: optimum.iterations,
                step_halvings: optimum.step_halvings,
                condition_number,
            },
            information: square(optimum.information.clone(), problem.order())?,
            covariance,
        })
    }

    /// Log-odds of each level or a lower one where all columns are zero, ascending; one fewer than
    /// levels.
    pub fn thresholds(&self) -> &[f64] {
        &self.thresholds
    }

    /// Change of the log-odds of a higher level per unit of each column.
    pub fn coefficients(&self) -> &Array1<f64> {
        &self.coefficients
    }

    /// The covariance of thresholds and then slopes: the inverse of the observed information, with
    /// the penalty.
    pub fn covariance(&self) -> &Array2<f64> {
        &self.covariance
    }

    /// Standard errors of thresholds and then slopes.
    pub fn standard_errors(&self) -> Array1<f64> {
        self.covariance.diag().mapv(f64::sqrt)
    }

    /// How the fit went.
    pub fn report(&self) -> &OrdinalReport {
        &self.report
    }

    /// Probabilities of all levels, rows by levels.
    ///
    /// # Errors
    /// As [`Logistic::linear_predictor`](super::logistic::Logistic::linear_predictor).
    pub fn probabilities(&self, x: ArrayView2<f64>) -> Result<Array2<f64>> {
        let eta = linear_predictor(x, 0.0, &self.coefficients)?;
        let cut = self.thresholds.len();
        Ok(Array2::from_shape_fn(
            (eta.len(), cut + 1),
            |(row, level)| {
                // F(u) - F(l) without cancellation, see cumulative.rs.
                let upper = (level < cut).then(|| self.thresholds[level] - eta[row]);
                let lower = (level > 0).then(|| self.thresholds[level - 1] - eta[row]);
                let apart = match (upper, lower) {
                    (Some(_), Some(_)) => self.thresholds[level] - self.thresholds[level - 1],
                    _ => f64::INFINITY,
                };
                upper.map_or(1.0, probability)
                    * lower.map_or(1.0, |l| probability(-l))
                    * -(-apart).exp_m1()
            },
        ))
    }

    /// P(grade >= `level`) for each row; 1 for level 0, 0 beyond the highest.
    ///
    /// # Errors
    /// As [`probabilities`](Self::probabilities).
    pub fn at_least(&self, x: ArrayView2<f64>, level: usize) -> Result<Array1<f64>> {
        let eta = linear_predictor(x, 0.0, &self.coefficients)?;
        let Some(below) = level.checked_sub(1) else {
            return Ok(Array1::ones(eta.len()));
        };
        let threshold = self.thresholds.get(below).copied().unwrap_or(f64::INFINITY);
        Ok(eta.mapv(|eta| probability(eta - threshold)))
    }
}

/// The form read from JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    thresholds: Vec<f64>,
    coefficients: Array1<f64>,
    information: Array2<f64>,
    report: OrdinalReport,
}

impl TryFrom<Saved> for Ordinal {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self> {
        let refuse = |field: &str, found: String, expected: &str| {
            Err(Error::Artifact {
                field: field.into(),
                found,
                expected: expected.into(),
            })
        };
        let thresholds = &saved.thresholds;
        if thresholds.is_empty() || !thresholds.is_sorted_by(|a, b| a < b) {
            return refuse(
                "thresholds",
                format!("{thresholds:?}"),
                "at least one, ascending",
            );
        }
        let mut all = thresholds.iter().chain(&saved.coefficients);
        if let Some(wrong) = all.find(|v| !v.is_finite()) {
            return refuse("coefficients", wrong.to_string(), "finite numbers");
        }
        let order = thresholds.len() + saved.coefficients.len();
        let matrix = &saved.information;
        if saved.coefficients.is_empty() || matrix.dim() != (order, order) || matrix != matrix.t() {
            return refuse(
                "information",
                format!("{:?}", matrix.dim()),
                "symmetric, of full order",
            );
        }
        let (covariance, _) = invert(&matrix.iter().copied().collect::<Vec<_>>(), order)?;
        Ok(Ordinal {
            thresholds: saved.thresholds,
            coefficients: saved.coefficients,
            information: saved.information,
            report: saved.report,
            covariance,
        })
    }
}
