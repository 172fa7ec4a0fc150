//! Ridge logistic regression, by Newton steps or from where linfa-logistic gets, certified by our
//! own gradient.
//!
//! Minimised is the *summed* log-loss plus alpha/2 times the sum of squared coefficients; the
//! intercept is never penalised (le Cessie and van Houwelingen 1992, *Applied Statistics* 41).
//! What linfa's answer is worth, and what is done where the table is large, is said in `start.rs`.
//! As a start of Newton steps it costs 1.3 to 3 times as much as the null model and saves nothing
//! (`benches/fit.rs`), so that it has to be asked for.

use super::design::{Design, LARGEST_MAGNITUDE};
use super::likelihood::{Logit, Pull};
use super::logistic::Logistic;
use super::newton::{Optimum, Search};
use crate::error::{Error, Result};
use ndarray::{ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

/// How strongly coefficients are drawn towards zero.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum L2 {
    /// alpha: the summed log-loss plus alpha/2 |w|² is minimised. It is 1/C of scikit-learn and the
    /// `alpha` of linfa; the shrinkage fades as rows are added.
    Total(f64),
    /// lambda: the *mean* log-loss plus lambda/2 |w|² is minimised, as in glmnet, so that
    /// alpha = lambda times the number of rows, and shrinkage stays as rows are added.
    PerObservation(f64),
}

/// Ridge logistic regression, not yet fitted.
///
/// The penalty treats all columns alike, so columns should be in comparable units: standardise
/// first. Columns in any other units are fitted as they are, and correctly.
///
/// ```
/// use forewarn::model::RidgeParams;
/// use ndarray::array;
///
/// let x = array![[-1.0], [-0.5], [0.2], [0.4], [0.9]];
/// let model = RidgeParams::new().penalty(0.1).fit_rows(x.view(), &[false, false, true, false, true])?;
/// assert!(model.coefficients()[0] > 0.0); // log-odds of `true` rise with the column
/// assert!(model.report().gradient_norm < 1e-13);
/// # Ok::<(), forewarn::Error>(())
/// ```
///
/// It also works wherever linfa takes a model of its own:
///
/// ```
/// use forewarn::model::{Logistic, RidgeParams};
/// use linfa::prelude::*;
/// use ndarray::array;
///
/// let data = Dataset::new(
///     array![[-1.0], [-0.5], [0.2], [0.4], [0.9]],
///     array![false, false, true, false, true],
/// );
/// let model: Logistic = RidgeParams::new().penalty(0.1).fit(&data)?;
/// assert_eq!(model.predict(&data)[4], true);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use]
pub struct RidgeParams(pub(super) CheckedRidgeParams);

/// [`RidgeParams`] whose values have been checked, as linfa's
/// [`ParamGuard`](linfa::ParamGuard) wants them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedRidgeParams {
    penalty: L2,
    pub(crate) tolerance: f64,
    max_iterations: usize,
    #[serde(default)]
    pub(crate) solver: Solver,
}

/// How the minimum is found. Whichever is asked for, the same gradient certifies the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Solver {
    /// Damped Newton steps from the model without slopes.
    #[default]
    Newton,
    /// linfa-logistic's L-BFGS on all rows, and Newton steps from there to the certificate.
    LinfaLogistic,
}

impl Default for CheckedRidgeParams {
    fn default() -> Self {
        CheckedRidgeParams {
            penalty: L2::PerObservation(0.05),
            tolerance: 1e-14,
            max_iterations: 100,
            solver: Solver::Newton,
        }
    }
}

/// A fit with balanced classes whose probabilities are those of the unbalanced population.
///
/// Weighing events w times as much as others adds ln w to the log-odds of every row, which the
/// prior correction takes off the intercept again (King and Zeng 2001, *Political Analysis* 9,
/// section 4.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Balanced {
    /// The model, its intercept corrected. Its information is that of the weighted rows.
    pub logistic: Logistic,
    /// The intercept before the correction.
    pub balanced_intercept: f64,
}

impl RidgeParams {
    /// All defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The penalty per observation, [`L2::PerObservation`]; default 0.05.
    pub fn penalty(self, per_observation: f64) -> Self {
        self.l2(L2::PerObservation(per_observation))
    }

    /// The penalty in either convention; default `L2::PerObservation(0.05)`. Zero is maximum
    /// likelihood.
    pub fn l2(mut self, penalty: L2) -> Self {
        self.0.penalty = penalty;
        self
    }

    /// How flat the objective has to be at the solution; default 1e-14.
    ///
    /// For each column, the gradient of the objective divided by the number of rows and by the
    /// column's largest magnitude must not exceed this, or not exceed the rounding error of the
    /// rows' log-odds where that is more. Besides, the next Newton step must not move any row's
    /// log-odds by more than 1e-4, which no point does where the classes are separated.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.0.tolerance = tolerance;
        self
    }

    /// Most Newton steps; default 100, of which a dozen are rarely used.
    pub fn max_iterations(mut self, max_iterations: usize) -> Self {
        self.0.max_iterations = max_iterations;
        self
    }

    /// Which solver finds the minimum; default [`Solver::Newton`].
    pub fn solver(mut self, solver: Solver) -> Self {
        self.0.solver = solver;
        self
    }

    /// Fits P(label is `true`) to `x`, rows by columns, and one label per row.
    ///
    /// Above 8,192 rows, Newton steps start from the answer to every sixteenth row. The model is
    /// certified on all rows. With the feature `parallel`, rows above 8,192 are shared out to the threads of the current
    /// rayon pool, to the same bits as on one.
    ///
    /// # Errors
    /// `InvalidValue` for a parameter out of range; `Shape` for no row, no column or another number
    /// of labels than rows; `NotFinite` for a cell that is not a number of magnitude at most
    /// [`LARGEST_MAGNITUDE`], with its zero-based column as the name; `OneClass`; `Separated` or, for
    /// collinear columns, `Singular` without a penalty; `NotConverged`.
    pub fn fit_rows<'a>(
        &self,
        x: ArrayView2<f64>,
        y: impl Into<ArrayView1<'a, bool>>,
    ) -> Result<Logistic> {
        self.checked()?.fit_by(x, &y.into().to_vec(), None)
    }

    /// As [`fit_rows`](Self::fit_rows), starting from an earlier model's [`start`](Logistic::start) instead
    /// of from the null model: for refits on similar rows.
    ///
    /// # Errors
    /// Those of [`fit_rows`](Self::fit_rows), and `Shape` or `InvalidValue` for a start of the wrong length
    /// or with a value that is not finite.
    pub fn fit_from(&self, x: ArrayView2<f64>, y: &[bool], start: &[f64]) -> Result<Logistic> {
        if start.len() != x.ncols() + 1 {
            return Err(Error::Shape {
                what: "start",
                found: start.len(),
                expected: x.ncols() + 1,
            });
        }
        for value in start {
            require("start", *value, value.is_finite(), "a finite number")?;
        }
        self.checked()?.fit_by(x, y, Some(start))
    }

    /// As [`fit_rows`](Self::fit_rows) where row i counts `weights[i]` times, from 0; the penalty per
    /// observation is per unit of weight, and the report counts the rows of a weight above 0.
    ///
    /// # Errors
    /// Those of [`fit_rows`](Self::fit_rows); `Shape` or `InvalidValue` for weights that cannot be.
    pub fn fit_weighted<'a>(
        &self,
        x: ArrayView2<f64>,
        y: impl Into<ArrayView1<'a, bool>>,
        weights: &[f64],
    ) -> Result<Logistic> {
        self.checked()?.fit_counted(x, &y.into().to_vec(), weights)
    }

    /// As [`fit_rows`](Self::fit_rows) with both classes weighing the same, n / (2 n_class) per row, and the
    /// intercept put back to the true share of events.
    ///
    /// # Errors
    /// Those of [`fit_rows`](Self::fit_rows).
    pub fn fit_balanced(&self, x: ArrayView2<f64>, y: &[bool]) -> Result<Balanced> {
        let events = y.iter().filter(|&&event| event).count();
        // One class alone is refused by the fit.
        let half = |class: usize| y.len() as f64 / (2 * class.max(1)) as f64;
        let (event, other) = (half(events), half(y.len() - events));
        let weights: Vec<f64> = y.iter().map(|&y| if y { event } else { other }).collect();
        let logistic = self.fit_weighted(x, y, &weights)?;
        let balanced_intercept = logistic.intercept();
        Ok(Balanced {
            logistic: logistic.with_intercept(balanced_intercept - (event / other).ln()),
            balanced_intercept,
        })
    }

    pub(super) fn checked(&self) -> Result<&CheckedRidgeParams> {
        let CheckedRidgeParams {
            penalty,
            tolerance,
            max_iterations,
            solver: _,
        } = self.0;
        penalty.alpha(1.0)?;
        check_stopping(tolerance, max_iterations)?;
        Ok(&self.0)
    }
}

impl CheckedRidgeParams {
    pub(crate) fn fit_by(
        &self,
        x: ArrayView2<f64>,
        y: &[bool],
        start: Option<&[f64]>,
    ) -> Result<Logistic> {
        let design = Design::new(x, y)?;
        let alpha = self.penalty.alpha(design.mass)?;
        let start = match start {
            Some(start) => Some(start.to_vec()),
            None => self.start(x, y, &design, alpha),
        };
        self.fit_design(&design, alpha, start)
    }

    pub(super) fn fit_counted(
        &self,
        x: ArrayView2<f64>,
        y: &[bool],
        weights: &[f64],
    ) -> Result<Logistic> {
        let design = Design::weighted(x, y, weights)?;
        let alpha = self.penalty.alpha(design.mass)?;
        self.fit_design(&design, alpha, None)
    }

    fn fit_design(&self, design: &Design, alpha: f64, start: Option<Vec<f64>>) -> Result<Logistic> {
        if alpha == 0.0
            && let Some(found) = design.separation()?
        {
            return Err(found.refusal());
        }
        let optimum = self.minimise(design, alpha, start, self.tolerance)?;
        let pull = Pull::ridge(alpha, design.order);
        Logistic::from_optimum(optimum, design, &pull, alpha)
    }

    pub(crate) fn minimise(
        &self,
        design: &Design,
        alpha: f64,
        start: Option<Vec<f64>>,
        tolerance: f64,
    ) -> Result<Optimum> {
        let pull = Pull::ridge(alpha, design.order);
        let search = Search {
            tolerance,
            max_iterations: self.max_iterations,
            fixed: &[],
        };
        Logit { design, pull }.minimise(start, &search)
    }
}

impl L2 {
    /// The penalty on the summed log-loss of rows that together weigh `mass`.
    pub(crate) fn alpha(self, mass: f64) -> Result<f64> {
        let (L2::Total(size) | L2::PerObservation(size)) = self;
        let valid = (0.0..=LARGEST_MAGNITUDE).contains(&size);
        require("penalty", size, valid, "0 to 1e150")?;
        Ok(match self {
            L2::Total(alpha) => alpha,
            L2::PerObservation(lambda) => lambda * mass,
        })
    }
}

/// Refuses limits with which no search can end well.
pub(crate) fn check_stopping(tolerance: f64, max_iterations: usize) -> Result<()> {
    let flat = tolerance > 0.0 && tolerance < 1.0;
    require("tolerance", tolerance, flat, "above 0 and below 1")?;
    require(
        "max_iterations",
        max_iterations,
        max_iterations > 0,
        "at least 1",
    )
}

pub(crate) fn require(
    what: &'static str,
    found: impl ToString,
    valid: bool,
    expected: &str,
) -> Result<()> {
    if valid {
        return Ok(());
    }
    Err(Error::InvalidValue {
        what,
        found: found.to_string(),
        expected: expected.into(),
    })
}
