//! What every family comes down to: log-odds of the event that are linear in standardised features.

use super::recalibrate::Recalibration;
use crate::error::{Error, Result};
use crate::fit::LARGEST_MAGNITUDE;
use crate::fit::Ordinal;
use crate::fit::Pooled;
use crate::fit::rotation::{corner, in_basis};
use crate::fit::{FitReport, Logistic};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

/// log-odds = intercept + z · coefficients, and how sure they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub(crate) struct Linear {
    pub(crate) intercept: f64,
    pub(crate) coefficients: Array1<f64>,
    /// At one penalty, on average over penalties. Intercept first.
    pub(crate) covariance: Array2<f64>,
    /// Between penalties; nothing where there is one, or none.
    pub(crate) between: Array2<f64>,
    pub(crate) report: FitReport,
    /// See [`RiskModel::prior_shares`](super::risk_model::RiskModel::prior_shares).
    pub(crate) prior_shares: Vec<f64>,
}

impl From<&Logistic> for Linear {
    fn from(logistic: &Logistic) -> Self {
        Linear {
            intercept: logistic.intercept(),
            coefficients: logistic.coefficients().clone(),
            covariance: logistic.covariance().clone(),
            between: Array2::zeros(logistic.covariance().dim()),
            report: logistic.report().clone(),
            prior_shares: Vec::new(),
        }
    }
}

impl Linear {
    /// Of a regression on combinations of the columns, and whatever else.
    pub(super) fn rotated(logistic: &Logistic, basis: ArrayView2<f64>) -> Self {
        let (coefficients, covariance) = in_basis(logistic, basis);
        Linear {
            intercept: logistic.intercept(),
            coefficients,
            between: Array2::zeros(covariance.dim()),
            covariance,
            report: logistic.report().clone(),
            prior_shares: Vec::new(),
        }
    }

    /// The same without all but the first columns.
    pub(super) fn first(mut self, columns: usize) -> Self {
        let kept = (0..columns).into();
        self.coefficients = self.coefficients.slice_axis(Axis(0), kept).to_owned();
        self.covariance = corner(&self.covariance, columns + 1);
        self.between = corner(&self.between, columns + 1);
        self
    }

    /// Variance of the log-odds of a row of standardised columns: at one penalty, and between
    /// penalties.
    pub(crate) fn variances(&self, z: ArrayView1<f64>) -> (f64, f64) {
        let x: Array1<f64> = [1.0].iter().chain(z).copied().collect();
        let of = |matrix: &Array2<f64>| x.dot(&matrix.dot(&x));
        (of(&self.covariance), of(&self.between))
    }

    /// The log-odds of the highest grade: x' beta less the highest threshold.
    pub(super) fn of_highest_grade(ordinal: &Ordinal, events: &[bool]) -> Self {
        let (report, highest) = (ordinal.report(), ordinal.thresholds().len() - 1);
        let all = ordinal.covariance();
        // The intercept is minus the threshold.
        let sign = |i: usize| if i == 0 { -1.0 } else { 1.0 };
        let order = ordinal.coefficients().len() + 1;
        let covariance = Array2::from_shape_fn((order, order), |(i, j)| {
            sign(i) * sign(j) * all[[highest + i, highest + j]]
        });
        let slopes = ordinal.coefficients();
        let penalty = 0.5 * report.alpha * slopes.dot(slopes);
        Linear {
            intercept: -ordinal.thresholds()[highest],
            coefficients: slopes.clone(),
            between: Array2::zeros(covariance.dim()),
            covariance,
            report: FitReport {
                effective_parameters: report.effective_parameters - highest as f64,
                objective: penalty - report.log_likelihood,
                likelihood_ratio: report.likelihood_ratio,
                gradient_norm: report.gradient_norm,
                iterations: report.iterations,
                step_halvings: report.step_halvings,
                ..FitReport::of_rows(slopes.len(), events, report.alpha, report.condition_number)
            },
            prior_shares: Vec::new(),
        }
    }

    /// The log-odds of the event.
    pub(super) fn of_pooled(pooled: &Pooled) -> Self {
        Linear {
            intercept: pooled.intercept(),
            coefficients: pooled.coefficients().clone(),
            covariance: pooled.covariance().clone(),
            between: Array2::zeros(pooled.covariance().dim()),
            report: pooled.report().clone(),
            prior_shares: Vec::new(),
        }
    }

    /// Makes its log-odds the recalibrated ones. Shift and slope count as known in the covariance.
    pub(super) fn recalibrate(&mut self, found: &Recalibration) {
        self.intercept = found.apply(self.intercept);
        self.coefficients *= found.slope;
        self.covariance *= found.slope * found.slope;
        self.between *= found.slope * found.slope;
    }

    /// The mean of the log-odds of several fits with these weights, which sum to 1.
    ///
    /// The covariance is the mean of theirs, which is never too small, however the fits go
    /// together: a mean varies at most as its parts do on average. How the fits differ among
    /// themselves stands apart, in `between`. The report has the mean of what adds up and the worst
    /// of what does not.
    pub(super) fn mean(fits: &[(f64, Linear)]) -> Result<Self> {
        let Some((_, first)) = fits.first() else {
            return Err(Error::InvalidValue {
                what: "models to average",
                found: "none".to_owned(),
                expected: "at least one".to_owned(),
            });
        };
        let mut mean = first.clone();
        if fits.len() == 1 {
            return Ok(mean);
        }
        mean.intercept = fits.iter().map(|(w, f)| w * f.intercept).sum();
        mean.coefficients.fill(0.0);
        mean.covariance.fill(0.0);
        mean.between.fill(0.0);
        let mut shares = vec![0.0; first.prior_shares.len()];
        for (weight, fit) in fits {
            mean.coefficients.scaled_add(*weight, &fit.coefficients);
            mean.covariance.scaled_add(*weight, &fit.covariance);
            mean.between.scaled_add(*weight, &fit.between);
            for (sum, share) in shares.iter_mut().zip(&fit.prior_shares) {
                *sum += weight * share;
            }
        }
        let beta = |fit: &Linear| -> Vec<f64> {
            [fit.intercept]
                .iter()
                .chain(&fit.coefficients)
                .copied()
                .collect()
        };
        let centre = beta(&mean);
        for (weight, fit) in fits {
            let off: Vec<f64> = beta(fit).iter().zip(&centre).map(|(a, b)| a - b).collect();
            for ((i, j), sum) in mean.between.indexed_iter_mut() {
                // In this order, so that it is symmetric to the last bit.
                *sum += weight * (off[i] * off[j]);
            }
        }
        mean.prior_shares = shares;
        mean.report = FitReport::mean(fits.iter().map(|(w, f)| (*w, &f.report)));
        Ok(mean)
    }
}

/// The form read from JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    intercept: f64,
    coefficients: Array1<f64>,
    covariance: Array2<f64>,
    between: Array2<f64>,
    report: FitReport,
    prior_shares: Vec<f64>,
}

impl TryFrom<Saved> for Linear {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self> {
        let refuse = |field: &str, found: String, expected: String| {
            Err(Error::Artifact {
                field: field.into(),
                found,
                expected,
            })
        };
        let far = |v: &f64| !(0.0..=LARGEST_MAGNITUDE).contains(&v.abs());
        let numbers = saved.coefficients.iter().chain([&saved.intercept]);
        if let Some(wrong) = numbers.copied().find(far) {
            let expected = format!("at most {LARGEST_MAGNITUDE:e}");
            return refuse("coefficients", wrong.to_string(), expected);
        }
        let order = saved.coefficients.len() + 1;
        for (field, matrix) in [
            ("covariance", &saved.covariance),
            ("between", &saved.between),
        ] {
            if order == 1 || matrix.dim() != (order, order) || !is_covariance(matrix) {
                let found = format!("{:?}", matrix.dim());
                let expected = format!("a covariance of order {order}, above 1");
                return refuse(field, found, expected);
            }
        }
        let shares = &saved.prior_shares;
        let share = |v: &f64| (0.0..=1.0).contains(v);
        if !(shares.is_empty() || shares.len() == order - 1) || !shares.iter().all(share) {
            return refuse(
                "prior_shares",
                format!("{shares:?}"),
                "shares or none".to_owned(),
            );
        }
        Ok(Linear {
            intercept: saved.intercept,
            coefficients: saved.coefficients,
            covariance: saved.covariance,
            between: saved.between,
            report: saved.report,
            prior_shares: saved.prior_shares,
        })
    }
}

/// Symmetric, with no correlation beyond 1: false for what is not finite.
fn is_covariance(matrix: &Array2<f64>) -> bool {
    let diagonal = matrix.diag();
    let within = |i: usize, j: usize| {
        matrix[[i, j]].powi(2) <= diagonal[i] * diagonal[j] * (1.0 + 1e-9) + 1e-30
            && (0.0..=LARGEST_MAGNITUDE).contains(&diagonal[i])
    };
    matrix == matrix.t() && matrix.indexed_iter().all(|((i, j), _)| within(i, j))
}
