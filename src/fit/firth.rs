//! Firth's penalised likelihood: finite estimates whatever the data, with most of the small-sample
//! bias removed.
//!
//! Maximised is the log-likelihood plus half the log-determinant of its information (Firth 1993,
//! *Biometrika* 80; Heinze and Schemper 2002, *Statistics in Medicine* 21). Firth's probabilities
//! are drawn towards 1/2; FLIC and FLAC (Puhr et al. 2017, *Statistics in Medicine* 36) make their
//! mean the observed rate again.

use super::basis::Basis;
use super::correction::augmented;
use super::design::Design;
use super::firth_params::{FirthParams, InterceptCorrection};
use super::jeffreys::Jeffreys;
use super::likelihood::Pull;
use super::logistic::{Logistic, invert, square};
use super::newton::{Optimum, Point, mirror};
use crate::error::{Error, Result, check};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

/// A fitted Firth regression. Deserialising checks it in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct Firth {
    logistic: Logistic,
    correction: InterceptCorrection,
    augmented: Array2<f64>,
    log_likelihood: f64,
    penalised_log_likelihood: f64,
}

impl FirthParams {
    /// Fits P(label is `true`) to `x`, rows by columns, and one label per row.
    ///
    /// # Errors
    /// `InvalidValue` for a parameter out of range; `Shape`, `NotFinite` and `OneClass` as
    /// [`RidgeParams::fit_rows`](super::ridge::RidgeParams::fit_rows); `Singular` for collinear columns;
    /// `NotConverged`. Separation is none.
    pub fn fit_rows<'a>(
        &self,
        x: ArrayView2<f64>,
        y: impl Into<ArrayView1<'a, bool>>,
    ) -> Result<Firth> {
        let y = &y.into().to_vec();
        self.fit_weighted(x, y, &vec![1.0; x.nrows()])
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
    ) -> Result<Firth> {
        let y = &y.into().to_vec();
        let design = self.design(x, y, weights)?;
        let basis = Basis::of(x, weights);
        let own_x = basis.columns(x);
        let own = self.design(own_x.view(), y, weights)?;
        let optimum = self.maximise(&own)?;
        let objective = optimum.objective + basis.half_log_determinant();
        let corrected = match self.checked.correction {
            InterceptCorrection::None => optimum.beta.clone(),
            InterceptCorrection::Flic => self.flic(&own, &optimum.beta)?,
            InterceptCorrection::Flac => {
                let firth = Jeffreys::new(&own).at(&optimum.beta);
                let leverages = firth.ok_or(Error::Singular)?.leverages;
                let copies = augmented(own_x.view(), y, weights, &leverages)?;
                let mut beta = self.flac(&copies)?.beta;
                beta.pop();
                beta
            }
        };
        let beta = basis.in_units(&corrected);
        let mut at = Jeffreys::new(&design).at(&beta).ok_or(Error::Singular)?;
        let order = design.order;
        mirror(&mut at.information, order);
        mirror(&mut at.augmented, order);
        let optimum = Optimum {
            beta,
            information: at.information,
            ..optimum
        };
        let none = Pull::ridge(0.0, order);
        Ok(Firth {
            logistic: Logistic::from_optimum(optimum, &design, &none, 0.0)?
                .with_log_likelihood(at.log_likelihood, &design),
            correction: self.checked.correction,
            augmented: square(at.augmented, order)?,
            log_likelihood: at.log_likelihood,
            penalised_log_likelihood: -objective,
        })
    }

    /// The maximum of the penalised likelihood.
    pub(crate) fn maximise(&self, design: &Design) -> Result<Optimum> {
        let (problem, search) = (Jeffreys::new(design), self.search(&[]));
        let mut start = Point::new(design.null());
        search.evaluate(&problem, &mut start);
        search.minimise(&problem, start)
    }
}

impl Firth {
    /// Intercept and coefficients, the intercept corrected where that was asked for, with X'WX as
    /// their information. The report's gradient and objective are those of the penalised
    /// likelihood: the modified score, and minus
    /// [`penalised_log_likelihood`](Self::penalised_log_likelihood).
    pub fn logistic(&self) -> &Logistic {
        &self.logistic
    }

    /// The intercept correction.
    pub fn correction(&self) -> InterceptCorrection {
        self.correction
    }

    /// Log-likelihood at the coefficients.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Log-likelihood plus half the log-determinant of X'WX at Firth's own maximum, whatever the
    /// correction.
    pub fn penalised_log_likelihood(&self) -> f64 {
        self.penalised_log_likelihood
    }

    /// Standard errors from X'WX at the coefficients, intercept first: those of R's brglm2.
    pub fn standard_errors(&self) -> Array1<f64> {
        self.logistic.standard_errors()
    }

    /// Standard errors from X'W(1 + h)X with the leverages h, intercept first: smaller, as though
    /// the pseudo-observations were data.
    ///
    /// # Errors
    /// `Singular` where that cannot be inverted: not for a model that was fitted.
    pub fn leverage_standard_errors(&self) -> Result<Array1<f64>> {
        let values: Vec<f64> = self.augmented.iter().copied().collect();
        let (covariance, _) = invert(&values, self.augmented.nrows())?;
        Ok(covariance.diag().mapv(f64::sqrt))
    }
}

/// The form read from JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    logistic: Logistic,
    correction: InterceptCorrection,
    augmented: Array2<f64>,
    log_likelihood: f64,
    penalised_log_likelihood: f64,
}

impl TryFrom<Saved> for Firth {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self> {
        let Saved {
            logistic,
            correction,
            augmented,
            log_likelihood,
            penalised_log_likelihood,
        } = saved;
        let order = logistic.coefficients().len() + 1;
        // False for NaN, which is not equal to itself.
        let symmetric = augmented.dim() == (order, order) && augmented == augmented.t();
        let found = format!("{:?}", augmented.dim());
        let expected = format!("symmetric, of order {order}");
        check(symmetric, "augmented", found, expected)?;
        let possible = log_likelihood.is_finite() && log_likelihood <= 0.0;
        let expected = "a finite number, not above 0";
        check(possible, "log_likelihood", log_likelihood, expected)?;
        let found = penalised_log_likelihood;
        let expected = "a finite number";
        check(
            found.is_finite(),
            "penalised_log_likelihood",
            found,
            expected,
        )?;
        let firth = Firth {
            logistic,
            correction,
            augmented,
            log_likelihood,
            penalised_log_likelihood,
        };
        firth.leverage_standard_errors()?;
        Ok(firth)
    }
}
