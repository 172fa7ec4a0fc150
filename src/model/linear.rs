//! What every family comes down to: log-odds of the event that are linear in standardised features.

use super::design::LARGEST_MAGNITUDE;
use super::drift::Drift;
use super::fitted::{FitReport, Logistic};
use super::ordinal::Ordinal;
use super::pooled::Pooled;
use crate::error::{Error, Result};
use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

/// log-odds = intercept + z · coefficients, and how sure they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub(crate) struct Linear {
    pub(crate) intercept: f64,
    pub(crate) coefficients: Array1<f64>,
    /// Intercept first.
    pub(crate) covariance: Array2<f64>,
    pub(crate) report: FitReport,
    /// See [`RiskModel::prior_shares`](super::RiskModel::prior_shares).
    pub(crate) prior_shares: Vec<f64>,
}

impl From<&Logistic> for Linear {
    fn from(logistic: &Logistic) -> Self {
        Linear {
            intercept: logistic.intercept(),
            coefficients: logistic.coefficients().clone(),
            covariance: logistic.covariance().clone(),
            report: logistic.report().clone(),
            prior_shares: Vec::new(),
        }
    }
}

impl Linear {
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
            report: pooled.report().clone(),
            prior_shares: Vec::new(),
        }
    }

    /// The log-odds of a regression on one weighted sum of the columns.
    pub(super) fn of_sum(logistic: &Logistic, weights: &Array1<f64>) -> Self {
        let width = weights.len();
        let by = |i: usize| match i.checked_sub(1) {
            None => (0, 1.0),
            Some(column) => (1, weights[column]),
        };
        let covariance = Array2::from_shape_fn((width + 1, width + 1), |(i, j)| {
            let ((a, left), (b, right)) = (by(i), by(j));
            left * right * logistic.covariance()[[a, b]]
        });
        Linear {
            intercept: logistic.intercept(),
            coefficients: weights * logistic.coefficients()[0],
            covariance,
            report: logistic.report().clone(),
            prior_shares: Vec::new(),
        }
    }

    /// Makes its log-odds the recalibrated ones. Shift and slope count as known in the covariance.
    pub(super) fn recalibrate(&mut self, drift: &Drift) {
        self.intercept = drift.apply(self.intercept);
        self.coefficients *= drift.slope;
        self.covariance *= drift.slope * drift.slope;
    }

    /// The mean of several models' log-odds. Its covariance is the mean of theirs, which is never
    /// too small, however the models go together: a mean varies at most as its parts do on average.
    /// Its report has the worst of each measure.
    pub(super) fn mean(members: &[Linear]) -> Result<Self> {
        let Some((first, others)) = members.split_first() else {
            return Err(Error::InvalidValue {
                what: "models to average",
                found: "none".to_owned(),
                expected: "at least one".to_owned(),
            });
        };
        let mut mean = first.clone();
        for other in others {
            mean.intercept += other.intercept;
            mean.coefficients += &other.coefficients;
            mean.covariance += &other.covariance;
            mean.report = mean.report.worse(&other.report);
        }
        let n = members.len() as f64;
        mean.intercept /= n;
        mean.coefficients /= n;
        mean.covariance /= n;
        mean.prior_shares.clear();
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
        let matrix = &saved.covariance;
        if order == 1 || matrix.dim() != (order, order) || !is_covariance(matrix) {
            let found = format!("{:?}", matrix.dim());
            return refuse(
                "covariance",
                found,
                format!("a covariance of order {order}, above 1"),
            );
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
            report: saved.report,
            prior_shares: saved.prior_shares,
        })
    }
}

/// Symmetric, with no correlation beyond 1: false for what is not finite.
fn is_covariance(matrix: &Array2<f64>) -> bool {
    let diagonal = matrix.diag();
    let within = |i: usize, j: usize| {
        matrix[[i, j]].powi(2) <= diagonal[i] * diagonal[j] * (1.0 + 1e-9)
            && (0.0..=LARGEST_MAGNITUDE).contains(&diagonal[i])
    };
    matrix == matrix.t() && matrix.indexed_iter().all(|((i, j), _)| within(i, j))
}
