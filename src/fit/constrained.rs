//! Logistic regression whose coefficients may not contradict their declared directions, drawn
//! towards 0 (ridge) or towards a stated point with stated precisions.
//!
//! Minimised is the objective of [`RidgeParams`](super::ridge::RidgeParams) or, with a prior, the summed
//! log-loss plus 1/2 sum_j a_j (w_j - c_j)^2, subject to s_j w_j >= 0 for declared signs s_j. The
//! active-set method is that of Lawson and Hanson (1974, *Solving Least Squares Problems*, chapter
//! 23) with Newton's method in place of least squares. The returned point meets the conditions of
//! Karush, Kuhn and Tucker: a flat gradient in the free coefficients, and none of the binding ones
//! would lower the objective by moving in its declared direction.

use super::active_set::{ActiveSet, MAX_ITERATIONS};
use super::design::{Design, LARGEST_MAGNITUDE};
use super::direction::Direction;
use super::likelihood::{Logit, Pull};
use super::logistic::Logistic;
use super::ridge::{L2, check_stopping, require};
use crate::error::{Error, Result, check};
use ndarray::{ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

/// What is thought of a coefficient beforehand: a normal distribution of log-odds per unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Belief {
    /// Its mean.
    pub centre: f64,
    /// One over its variance; 0 claims nothing.
    pub precision: f64,
}

/// Logistic regression under declared directions, or with a stated prior, or both; not yet fitted.
///
/// ```
/// use forewarn::data::Direction;
/// use forewarn::model::ConstrainedParams;
/// use ndarray::array;
///
/// let x = array![[-1.0, 1.0], [-0.5, 0.2], [0.2, -0.4], [0.4, 0.1], [0.9, -0.8], [0.3, 0.6]];
/// let y = [false, false, true, false, true, true];
/// let params = ConstrainedParams::new().directions(vec![Direction::HigherRiskier; 2]);
/// let fitted = params.fit_rows(x.view(), &y)?;
/// assert!(fitted.logistic().coefficients().iter().all(|b| *b >= 0.0));
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use]
pub struct ConstrainedParams {
    pub(crate) checked: CheckedConstrainedParams,
}

/// [`ConstrainedParams`] whose values have been checked, as linfa's [`ParamGuard`](linfa::ParamGuard) wants them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedConstrainedParams {
    pub(crate) penalty: L2,
    pub(crate) beliefs: Option<Vec<Belief>>,
    pub(crate) directions: Vec<Direction>,
    pub(crate) tolerance: f64,
}

impl Default for ConstrainedParams {
    fn default() -> Self {
        ConstrainedParams {
            checked: CheckedConstrainedParams {
                penalty: L2::PerObservation(0.05),
                beliefs: None,
                directions: Vec::new(),
                tolerance: 1e-14,
            },
        }
    }
}

/// A coefficient that its declared direction holds at 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Binding {
    /// Zero-based column.
    pub column: usize,
    /// How fast the objective would fall, per unit of the coefficient, against the direction.
    pub multiplier: f64,
}

/// A fitted constrained regression. Deserialising checks it in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct Constrained {
    logistic: Logistic,
    binding: Vec<Binding>,
    prior_shares: Vec<f64>,
}

impl ConstrainedParams {
    pub(super) fn check_values(&self) -> Result<()> {
        self.checked.penalty.alpha(1.0)?;
        check_stopping(self.checked.tolerance, MAX_ITERATIONS)
    }

    /// All defaults: ridge with 0.05 per observation, no directions.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ridge towards 0, as [`RidgeParams::l2`](super::ridge::RidgeParams::l2).
    pub fn l2(mut self, penalty: L2) -> Self {
        (self.checked.penalty, self.checked.beliefs) = (penalty, None);
        self
    }

    /// A prior for each column in place of ridge. Nothing is claimed of the intercept.
    pub fn beliefs(mut self, beliefs: Vec<Belief>) -> Self {
        self.checked.beliefs = Some(beliefs);
        self
    }

    /// A direction for each column, of the log-odds of `true`; default none for any.
    pub fn directions(mut self, directions: Vec<Direction>) -> Self {
        self.checked.directions = directions;
        self
    }

    /// How flat the objective has to be, as [`RidgeParams::tolerance`](super::ridge::RidgeParams::tolerance);
    /// default 1e-14.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.checked.tolerance = tolerance;
        self
    }

    /// Fits P(label is `true`) to `x`, rows by columns, and one label per row.
    ///
    /// # Errors
    /// Those of [`RidgeParams::fit_rows`](super::ridge::RidgeParams::fit_rows); `Shape` or `InvalidValue` for
    /// beliefs or directions that cannot be.
    pub fn fit_rows<'a>(
        &self,
        x: ArrayView2<f64>,
        y: impl Into<ArrayView1<'a, bool>>,
    ) -> Result<Constrained> {
        let y = &y.into().to_vec();
        self.fit_design(&Design::new(x, y)?)
    }

    /// The same where row i counts `weights[i]` times.
    ///
    /// # Errors
    /// Those of [`fit_rows`](Self::fit_rows); `Shape` or `InvalidValue` for weights that cannot be.
    pub fn fit_weighted<'a>(
        &self,
        x: ArrayView2<f64>,
        y: impl Into<ArrayView1<'a, bool>>,
        weights: &[f64],
    ) -> Result<Constrained> {
        let y = &y.into().to_vec();
        self.fit_design(&Design::weighted(x, y, weights)?)
    }

    fn fit_design(&self, design: &Design) -> Result<Constrained> {
        check_stopping(self.checked.tolerance, MAX_ITERATIONS)?;
        let problem = Logit {
            pull: self.pull(design)?,
            design,
        };
        let set = ActiveSet {
            problem: &problem,
            signs: self.signs(design)?,
            tolerance: self.checked.tolerance,
        };
        let (optimum, fixed, gradient) = set.minimise()?;
        let binding = (1..design.order).filter(|&j| fixed[j]).map(|j| Binding {
            column: j - 1,
            multiplier: gradient[j].abs(),
        });
        let alpha = match self.checked.beliefs {
            None => problem.pull.precisions[1],
            Some(_) => 0.0,
        };
        let logistic = Logistic::from_optimum(optimum, design, &problem.pull, alpha)?;
        let precisions = problem.pull.precisions.iter();
        let shares = precisions.zip(logistic.covariance().diag());
        Ok(Constrained {
            binding: binding.collect(),
            prior_shares: shares.skip(1).map(|(a, variance)| a * variance).collect(),
            logistic,
        })
    }

    fn pull(&self, design: &Design) -> Result<Pull> {
        let Some(beliefs) = &self.checked.beliefs else {
            return Ok(Pull::ridge(
                self.checked.penalty.alpha(design.mass)?,
                design.order,
            ));
        };
        same_length("beliefs", beliefs.len(), design.order - 1)?;
        let mut pull = Pull::ridge(0.0, design.order);
        for (j, belief) in (1..).zip(beliefs) {
            let Belief { centre, precision } = *belief;
            let far = LARGEST_MAGNITUDE;
            require("centre", centre, centre.abs() <= far, "a finite number")?;
            let valid = (0.0..=far).contains(&precision);
            require("precision", precision, valid, "0 to 1e150")?;
            (pull.centres[j], pull.precisions[j]) = (centre, precision);
        }
        Ok(pull)
    }

    /// The sign that each coefficient, the intercept first, may have; 0 for either.
    fn signs(&self, design: &Design) -> Result<Vec<f64>> {
        let mut signs = vec![0.0; design.order];
        if !self.checked.directions.is_empty() {
            same_length(
                "directions",
                self.checked.directions.len(),
                design.order - 1,
            )?;
        }
        for (sign, direction) in signs[1..].iter_mut().zip(&self.checked.directions) {
            *sign = direction.sign().unwrap_or(0.0);
        }
        Ok(signs)
    }
}

fn same_length(what: &'static str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(Error::Shape {
        what,
        found,
        expected,
    })
}

impl Constrained {
    /// The coefficients; those that bind are exactly 0. Its information is that of all
    /// coefficients, as though none were held. The report's `alpha` is 0 where beliefs were stated.
    pub fn logistic(&self) -> &Logistic {
        &self.logistic
    }

    /// The coefficients that their declared directions hold at 0.
    pub fn binding(&self) -> &[Binding] {
        &self.binding
    }

    /// For each column, the share of what is known of its coefficient that the prior or penalty
    /// brought: precision times variance, 0 to 1.
    pub fn prior_shares(&self) -> &[f64] {
        &self.prior_shares
    }
}

/// The form read from JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    logistic: Logistic,
    binding: Vec<Binding>,
    prior_shares: Vec<f64>,
}

/// By so much can rounding take a share out of 0 to 1.
const SHARE_ROUNDING: f64 = 1e-9;

impl TryFrom<Saved> for Constrained {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self> {
        let Saved {
            logistic,
            binding,
            prior_shares,
        } = saved;
        let coefficients = logistic.coefficients();
        let width = coefficients.len();
        let ascending = binding
            .windows(2)
            .all(|pair| pair[0].column < pair[1].column);
        let columns: Vec<usize> = binding.iter().map(|b| b.column).collect();
        let expected = format!("ascending columns below {width}");
        let inside = ascending && columns.iter().all(|&column| column < width);
        check(inside, "binding", format!("{columns:?}"), expected)?;
        for held in &binding {
            let Binding { column, multiplier } = *held;
            let coefficient = coefficients[column];
            let expected = "0, as its direction binds";
            check(coefficient == 0.0, "coefficients", coefficient, expected)?;
            let possible = multiplier.is_finite() && multiplier >= 0.0;
            check(possible, "multiplier", multiplier, "a finite number from 0")?;
        }
        same_length("prior_shares", prior_shares.len(), width)?;
        for &share in &prior_shares {
            let possible = (-SHARE_ROUNDING..=1.0 + SHARE_ROUNDING).contains(&share);
            check(possible, "prior_shares", share, "0 to 1")?;
        }
        Ok(Constrained {
            logistic,
            binding,
            prior_shares,
        })
    }
}
