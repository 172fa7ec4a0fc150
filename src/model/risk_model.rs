//! The fitted risk model: what was learned, from what, and how well the fit is determined.

use ndarray::Array2;

use super::artifact::InputFile;
use super::family::Family;
use super::fitted::FitReport;
use super::linear::Linear;
use super::preprocess::{LearnedColumn, Unused, used};
use super::risk::{RiskParams, TrainingRecord};
use super::warning::FitWarning;
use crate::data::{Knowledge, OutcomeRule};
use crate::error::{Error, Result};
use crate::features::{Cell, Column, FeatureMatrix, FeatureRecipe, Months};

/// A fitted risk model.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskModel {
    pub(crate) family: Family,
    pub(crate) recipe: FeatureRecipe,
    pub(crate) outcome_rule: OutcomeRule,
    pub(crate) knowledge: Knowledge,
    pub(crate) lead: Months,
    pub(crate) columns: Vec<LearnedColumn>,
    // Of the used columns.
    pub(crate) linear: Linear,
    // One for each column; 0 where unused.
    pub(crate) coefficients: Vec<f64>,
    pub(crate) training: TrainingRecord,
    pub(crate) warnings: Vec<FitWarning>,
    pub(crate) inputs: Vec<InputFile>,
}

/// The coefficient of every column, 0 for the unused ones.
pub(super) fn coefficients(columns: &[LearnedColumn], linear: &Linear) -> Vec<f64> {
    let mut all = vec![0.0; columns.len()];
    for (&j, &coefficient) in used(columns).iter().zip(&linear.coefficients) {
        all[j] = coefficient;
    }
    all
}

impl RiskModel {
    /// The recipe of its features.
    pub fn recipe(&self) -> &FeatureRecipe {
        &self.recipe
    }

    /// How its coefficients were estimated.
    pub fn family(&self) -> Family {
        self.family
    }

    /// What it was fitted by, to fit the same model again to other rows.
    pub fn params(&self) -> RiskParams {
        RiskParams::again(self.family, &self.training)
    }

    /// What counts as the event.
    pub fn outcome_rule(&self) -> OutcomeRule {
        self.outcome_rule
    }

    /// When figures counted as known in training; scoring uses the same rule.
    pub fn knowledge(&self) -> Knowledge {
        self.knowledge
    }

    /// Months between the features and the day before the inspection in training.
    pub fn lead(&self) -> Months {
        self.lead
    }

    /// What was learned of each feature.
    pub fn columns(&self) -> &[LearnedColumn] {
        &self.columns
    }

    /// Log-odds of the event at the training mean of every feature.
    pub fn intercept(&self) -> f64 {
        self.linear.intercept
    }

    /// Log-odds per standard deviation of each feature; 0 where unused.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The covariance of intercept and used coefficients, intercept first; the penalty counts as a
    /// prior. It is the inverse of the penalised information for ridge, Firth's families and
    /// constrained; the observed information's for ordinal; robust to clusters of rows of one
    /// authority for pooled; and of an average the mean of its members', which is never too small.
    pub fn covariance(&self) -> &Array2<f64> {
        &self.linear.covariance
    }

    /// For the family [`Family::Carried`], how much of what is known of each used coefficient came
    /// from earlier frameworks, 0 to 1; empty for any other family, and where one framework alone
    /// had inspections of both classes.
    pub fn prior_shares(&self) -> &[f64] {
        &self.linear.prior_shares
    }

    /// Records the files that the training set was read from, for the saved model.
    pub fn with_inputs(mut self, inputs: Vec<InputFile>) -> Self {
        self.inputs = inputs;
        self
    }

    /// The files that it was trained on, where recorded.
    pub fn inputs(&self) -> &[InputFile] {
        &self.inputs
    }

    /// What it was trained on.
    pub fn training(&self) -> &TrainingRecord {
        &self.training
    }

    /// How well the fit is determined.
    pub fn fit_report(&self) -> &FitReport {
        &self.linear.report
    }

    /// The log-odds of every row of a matrix with this model's features.
    ///
    /// # Errors
    /// [`Error::Shape`] or [`Error::InvalidValue`] if the columns are not the model's.
    pub fn linear_predictors(&self, matrix: &FeatureMatrix) -> Result<Vec<f64>> {
        let names = matrix.columns().iter().map(|c| c.name.as_str());
        if !names.eq(self.columns.iter().map(|c| c.feature.as_str())) {
            return Err(Error::InvalidValue {
                what: "columns of a feature matrix",
                found: matrix
                    .columns()
                    .iter()
                    .map(|c| c.name.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
                expected: "the features of the model, in its order".to_owned(),
            });
        }
        let rows = 0..matrix.rows().len();
        Ok(rows
            .map(|row| self.linear_predictor(matrix.columns(), matrix.row(row)))
            .collect())
    }

    /// The log-odds of one row: the intercept and one contribution after another, as a score adds
    /// them up.
    fn linear_predictor(&self, columns: &[Column], cells: &[Cell]) -> f64 {
        let parts = self
            .columns
            .iter()
            .zip(columns)
            .zip(cells)
            .zip(&self.coefficients);
        parts.fold(
            self.intercept(),
            |sum, (((learned, column), cell), coefficient)| {
                let z = learned.standardise(cell, column.feature.measure);
                sum + z.map_or(0.0, |z| z * coefficient)
            },
        )
    }

    /// What should be known of the fit, to match on; columns are those of
    /// [`columns`](Self::columns).
    pub fn fit_warnings(&self) -> &[FitWarning] {
        &self.warnings
    }

    /// What a user should be told of the model as a whole, in words: features without a part in it,
    /// and the [`fit_warnings`](Self::fit_warnings).
    pub fn warnings(&self) -> Vec<String> {
        let unused = self.columns.iter().filter_map(|c| {
            let why = match c.unused? {
                Unused::NeverObserved => "has no value in the training window",
                Unused::Constant => "is constant in the training window",
                Unused::NotChosen => "is not among the features chosen",
            };
            Some(format!("{} {why}: it has no part in the score", c.feature))
        });
        let name = |j: usize| self.columns[j].feature.as_str();
        let found = self.warnings.iter().map(|warning| warning.words(&name));
        unused.chain(found).collect()
    }

    /// Columns whose coefficient contradicts their declared direction, with its sign.
    pub(crate) fn contradictions(&self) -> impl Iterator<Item = (&LearnedColumn, f64)> {
        self.columns
            .iter()
            .zip(&self.coefficients)
            .filter(|(column, coefficient)| {
                column
                    .direction
                    .sign()
                    .is_some_and(|sign| sign * **coefficient < 0.0)
            })
            .map(|(column, coefficient)| (column, coefficient.signum()))
    }
}
