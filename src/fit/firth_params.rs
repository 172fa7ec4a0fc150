//! What a Firth regression is fitted by.

use super::design::Design;
use super::newton::Search;
use super::ridge::check_stopping;
use crate::error::Result;
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// How the mean fitted probability is made the observed rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InterceptCorrection {
    /// Not at all: Firth's own intercept.
    #[default]
    None,
    /// FLIC: Firth's slopes; the intercept is fitted again by maximum likelihood.
    Flic,
    /// FLAC: maximum likelihood on the rows and, with half of each row's leverage as weight, on a
    /// copy of the row with each outcome; a further column, then dropped, tells rows from copies.
    Flac,
}

/// Firth's logistic regression, not yet fitted.
///
/// ```
/// use forewarn::model::FirthParams;
/// use ndarray::array;
///
/// // Separated: maximum likelihood has no finite slope. Firth adds 1/2 to each cell.
/// let x = array![[0.0], [0.0], [0.0], [1.0], [1.0], [1.0]];
/// let y = [false, false, false, true, true, true];
/// let firth = FirthParams::new().fit_rows(x.view(), &y)?;
/// let slope = firth.logistic().coefficients()[0];
/// assert!((slope - 2.0 * 7f64.ln()).abs() < 1e-12);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[must_use]
pub struct FirthParams {
    pub(crate) checked: CheckedFirthParams,
}

/// [`FirthParams`] whose values have been checked, as linfa's [`ParamGuard`](linfa::ParamGuard) wants them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckedFirthParams {
    pub(crate) correction: InterceptCorrection,
    pub(crate) tolerance: f64,
    pub(crate) max_iterations: usize,
}

impl Default for FirthParams {
    fn default() -> Self {
        FirthParams {
            checked: CheckedFirthParams {
                correction: InterceptCorrection::None,
                tolerance: 1e-14,
                max_iterations: 200,
            },
        }
    }
}

impl FirthParams {
    /// All defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The intercept correction; default none.
    pub fn correction(mut self, correction: InterceptCorrection) -> Self {
        self.checked.correction = correction;
        self
    }

    /// How small the modified score has to be at the solution, in the unit of
    /// [`RidgeParams::tolerance`](super::ridge::RidgeParams::tolerance), or the rounding error of the
    /// leverages where that is more; default 1e-14.
    pub fn tolerance(mut self, tolerance: f64) -> Self {
        self.checked.tolerance = tolerance;
        self
    }

    /// Most Newton steps; default 200, of which ten are rarely used.
    pub fn max_iterations(mut self, max_iterations: usize) -> Self {
        self.checked.max_iterations = max_iterations;
        self
    }

    pub(super) fn check_values(&self) -> Result<()> {
        check_stopping(self.checked.tolerance, self.checked.max_iterations)
    }

    /// The checked rows; without a weights block where all rows count once.
    pub(crate) fn design(&self, x: ArrayView2<f64>, y: &[bool], weights: &[f64]) -> Result<Design> {
        self.check_values()?;
        if weights.len() == x.nrows() && weights.iter().all(|&w| w == 1.0) {
            return Design::new(x, y);
        }
        Design::weighted(x, y, weights)
    }

    pub(crate) fn search<'a>(&self, fixed: &'a [bool]) -> Search<'a> {
        Search {
            tolerance: self.checked.tolerance,
            max_iterations: self.checked.max_iterations,
            fixed,
        }
    }
}
