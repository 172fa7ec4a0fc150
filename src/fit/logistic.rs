//! The fitted logistic model: coefficients, how sure they are, and how the fit went.

use super::cholesky::{Cholesky, condition_number};
use super::design::{Design, LARGEST_MAGNITUDE, not_finite};
use super::likelihood::Pull;
use super::newton::Optimum;
use crate::error::{Error, Result};
use ndarray::{Array1, Array2, ArrayView2};
use serde::{Deserialize, Serialize};

/// A fitted logistic regression: log-odds = intercept + x · coefficients.
///
/// Made only by [`RidgeParams::fit_rows`](super::ridge::RidgeParams::fit_rows), and by deserialising, which checks
/// shapes, finiteness and that the information can be inverted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Saved")]
pub struct Logistic {
    intercept: f64,
    coefficients: Array1<f64>,
    information: Array2<f64>,
    report: FitReport,
    #[serde(skip)]
    covariance: Array2<f64>,
}

/// How a fit went, as plain numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FitReport {
    /// Training rows.
    pub rows: usize,
    /// Training rows with the event.
    pub events: usize,
    /// Rows of the rarer class per coefficient, intercept not counted: under about 10, distrust
    /// the model (Peduzzi et al. 1996, *Journal of Clinical Epidemiology* 49).
    pub events_per_parameter: f64,
    /// Effective degrees of freedom, the intercept's among them: the trace of the hat matrix
    /// X'WX (X'WX + penalty)^-1 (Gray 1992, *Journal of the American Statistical Association* 87).
    pub effective_parameters: f64,
    /// The penalty on the summed log-loss: alpha/2 times the sum of squared coefficients.
    pub alpha: f64,
    /// Summed log-loss plus penalty at the solution.
    pub objective: f64,
    /// Twice the log-likelihood above that of an intercept alone, rows as they were weighted.
    pub likelihood_ratio: f64,
    /// Largest mean gradient component at the solution; for its unit see
    /// [`RidgeParams::tolerance`](super::ridge::RidgeParams::tolerance).
    pub gradient_norm: f64,
    /// Newton steps made.
    pub iterations: usize,
    /// How often one of them had to be halved.
    pub step_halvings: usize,
    /// Condition number, in the 1-norm, of the information scaled to a unit diagonal: 1 for
    /// uncorrelated columns, large for collinear ones, whatever their units. It lies between the
    /// ratio of the extreme eigenvalues and that ratio times (columns + 1).
    pub condition_number: f64,
}

impl FitReport {
    /// What is known before the search: the rest is 0.
    pub(crate) fn of_rows(width: usize, y: &[bool], alpha: f64, condition_number: f64) -> Self {
        let (rows, events) = (y.len(), y.iter().filter(|e| **e).count());
        FitReport {
            rows,
            events,
            events_per_parameter: events.min(rows - events) as f64 / width as f64,
            effective_parameters: 0.0,
            alpha,
            objective: 0.0,
            likelihood_ratio: 0.0,
            gradient_norm: 0.0,
            iterations: 0,
            step_halvings: 0,
            condition_number,
        }
    }

    /// Of the mean of several fits, with these weights: the mean of what adds up, the worst of the
    /// rest.
    pub(crate) fn mean<'a>(reports: impl Iterator<Item = (f64, &'a FitReport)> + Clone) -> Self {
        let mean = |of: fn(&FitReport) -> f64| reports.clone().map(|(w, r)| w * of(r)).sum();
        let largest = |of: fn(&FitReport) -> f64| {
            reports.clone().map(|(_, r)| of(r)).fold(f64::MIN, f64::max)
        };
        let most =
            |of: fn(&FitReport) -> usize| reports.clone().map(|(_, r)| of(r)).max().unwrap_or(0);
        FitReport {
            rows: most(|r| r.rows),
            events: most(|r| r.events),
            events_per_parameter: mean(|r| r.events_per_parameter),
            effective_parameters: mean(|r| r.effective_parameters),
            alpha: mean(|r| r.alpha),
            objective: mean(|r| r.objective),
            likelihood_ratio: mean(|r| r.likelihood_ratio),
            gradient_norm: largest(|r| r.gradient_norm),
            iterations: most(|r| r.iterations),
            step_halvings: most(|r| r.step_halvings),
            condition_number: largest(|r| r.condition_number),
        }
    }
}

impl Logistic {
    /// The certified minimum as a model; `Singular` if its information cannot be inverted.
    pub(crate) fn from_optimum(
        optimum: Optimum,
        design: &Design,
        pull: &Pull,
        alpha: f64,
    ) -> Result<Self> {
        let (rows, events) = (design.rows, design.events);
        let width = optimum.beta.len() - 1;
        let (covariance, condition_number) = invert(&optimum.information, width + 1)?;
        let pulled = pull.precisions.iter().zip(covariance.diag());
        let report = FitReport {
            rows,
            events,
            effective_parameters: (width + 1) as f64 - pulled.map(|(a, v)| a * v).sum::<f64>(),
            events_per_parameter: events.min(rows - events) as f64 / width as f64,
            alpha,
            objective: optimum.objective,
            likelihood_ratio: design.likelihood_ratio(pull.cost(&optimum.beta) - optimum.objective),
            gradient_norm: optimum.gradient_norm,
            iterations: optimum.iterations,
            step_halvings: optimum.step_halvings,
            condition_number,
        };
        Ok(Logistic {
            intercept: optimum.beta[0],
            coefficients: optimum.beta[1..].iter().copied().collect(),
            information: square(optimum.information, width + 1)?,
            report,
            covariance,
        })
    }

    /// The same with another log-likelihood, where the objective is not minus it and a penalty.
    pub(crate) fn with_log_likelihood(mut self, log_likelihood: f64, design: &Design) -> Self {
        self.report.likelihood_ratio = design.likelihood_ratio(log_likelihood);
        self
    }

    /// The same with another intercept.
    pub(crate) fn with_intercept(mut self, intercept: f64) -> Self {
        self.intercept = intercept;
        self
    }

    /// Log-odds of the event where all columns are zero.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// Change of the log-odds per unit of each column, in the order of the columns.
    pub fn coefficients(&self) -> &Array1<f64> {
        &self.coefficients
    }

    /// Intercept, then coefficients: what [`fit_from`](super::ridge::RidgeParams::fit_from) starts from.
    pub fn start(&self) -> Vec<f64> {
        [
            &[self.intercept],
            self.coefficients.as_slice().unwrap_or(&[]),
        ]
        .concat()
    }

    /// The penalised information X'WX + alpha · diag(0, 1, ..., 1), intercept first: (columns + 1)
    /// squared.
    pub fn information(&self) -> &Array2<f64> {
        &self.information
    }

    /// The inverse of [`information`](Self::information): the covariance of the coefficients' normal
    /// approximation, in which the penalty counts as a prior.
    pub fn covariance(&self) -> &Array2<f64> {
        &self.covariance
    }

    /// Standard errors, intercept first: square roots of the diagonal of
    /// [`covariance`](Self::covariance). They measure spread about a *shrunk* estimate, and know
    /// nothing of its bias.
    pub fn standard_errors(&self) -> Array1<f64> {
        self.covariance.diag().mapv(f64::sqrt)
    }

    /// How the fit went.
    pub fn report(&self) -> &FitReport {
        &self.report
    }

    /// Log-odds of the event for each row, the same to the last bit in any memory layout and order
    /// of rows.
    ///
    /// # Errors
    /// `Shape` unless `x` has one column per coefficient; `NotFinite` for a cell that makes its
    /// row's log-odds infinite or undefined.
    pub fn linear_predictor(&self, x: ArrayView2<f64>) -> Result<Array1<f64>> {
        linear_predictor(x, self.intercept, &self.coefficients)
    }

    /// Probability of the event for each row, between 0 and 1.
    ///
    /// # Errors
    /// As [`linear_predictor`](Self::linear_predictor).
    pub fn probabilities(&self, x: ArrayView2<f64>) -> Result<Array1<f64>> {
        Ok(self.linear_predictor(x)?.mapv_into(probability))
    }
}

/// Intercept plus x · coefficients for each row, see [`Logistic::linear_predictor`].
pub(crate) fn linear_predictor(
    x: ArrayView2<f64>,
    intercept: f64,
    coefficients: &Array1<f64>,
) -> Result<Array1<f64>> {
    if x.ncols() != coefficients.len() {
        return Err(Error::Shape {
            what: "columns",
            found: x.ncols(),
            expected: coefficients.len(),
        });
    }
    let log_odds = log_odds(x, intercept, coefficients);
    if let Some(row) = log_odds.iter().position(|v| !v.is_finite()) {
        let by_magnitude = |a: &f64, b: &f64| a.abs().total_cmp(&b.abs()); // NaN is the largest
        let cells = x.row(row).into_iter().enumerate();
        if let Some((column, &value)) = cells.max_by(|a, b| by_magnitude(a.1, b.1)) {
            return Err(not_finite(row, column, value));
        }
    }
    Ok(log_odds)
}

/// Log-odds of rows of the right width.
pub(super) fn log_odds(
    x: ArrayView2<f64>,
    intercept: f64,
    coefficients: &Array1<f64>,
) -> Array1<f64> {
    let x = x.as_standard_layout();
    let coefficients = coefficients.as_slice().unwrap_or(&[]);
    // Of standard layout by the line above, so that there is a slice.
    let rows = x.as_slice().unwrap_or(&[]).chunks_exact(coefficients.len());
    rows.map(|row| intercept + dot(row, coefficients)).collect()
}

/// Log-odds to probability: 1 / (1 + exp(-log-odds)), for which an overflowing exponential is 0.
pub(crate) fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// `-log P(y)` at a linear predictor, without overflow.
pub(crate) fn log_loss(eta: f64, y: bool) -> f64 {
    let wrong = if y { -eta } else { eta };
    wrong.max(0.0) + (-wrong.abs()).exp().ln_1p()
}

/// The form read from JSON, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    intercept: f64,
    coefficients: Array1<f64>,
    information: Array2<f64>,
    report: FitReport,
}

impl TryFrom<Saved> for Logistic {
    type Error = Error;

    fn try_from(saved: Saved) -> Result<Self> {
        let Saved {
            intercept,
            coefficients,
            information,
            report,
        } = saved;
        let refuse = |field: &str, found: String, expected: String| {
            Err(Error::Artifact {
                field: field.into(),
                found,
                expected,
            })
        };
        if let Some(wrong) = coefficients
            .iter()
            .chain([&intercept])
            .find(|v| !(0.0..=LARGEST_MAGNITUDE).contains(&v.abs()))
        {
            return refuse(
                "coefficients",
                wrong.to_string(),
                format!("at most {LARGEST_MAGNITUDE:e}"),
            );
        }
        let order = coefficients.len() + 1;
        if order == 1 || information.dim() != (order, order) || information != information.t() {
            let found = format!("{:?}", information.dim());
            return refuse(
                "information",
                found,
                format!("symmetric, of order {order}, above 1"),
            );
        }
        let (covariance, _) = invert(&information.iter().copied().collect::<Vec<_>>(), order)?;
        Ok(Logistic {
            intercept,
            coefficients,
            information,
            report,
            covariance,
        })
    }
}

/// Inverse and condition number of a row-major information matrix.
pub(crate) fn invert(information: &[f64], order: usize) -> Result<(Array2<f64>, f64)> {
    let mut cholesky = Cholesky::new(order);
    let inverse = cholesky
        .factor(information)
        .ok_or(Error::Singular)?
        .inverse();
    let condition = condition_number(information, &inverse, order);
    Ok((square(inverse, order)?, condition))
}

pub(crate) fn square(values: Vec<f64>, order: usize) -> Result<Array2<f64>> {
    let found = values.len();
    let shape = Error::Shape {
        what: "elements",
        found,
        expected: order * order,
    };
    Array2::from_shape_vec((order, order), values).map_err(|_| shape)
}

/// Four partial sums, so that consecutive additions need not wait for each other.
fn dot(row: &[f64], coefficients: &[f64]) -> f64 {
    let (fours, rest) = row.as_chunks::<4>();
    let (coefficient_fours, coefficient_rest) = coefficients.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in fours.iter().zip(coefficient_fours) {
        for i in 0..4 {
            sums[i] += a[i] * b[i];
        }
    }
    let rest: f64 = rest.iter().zip(coefficient_rest).map(|(a, b)| a * b).sum();
    ((sums[0] + sums[2]) + (sums[1] + sums[3])) + rest
}
