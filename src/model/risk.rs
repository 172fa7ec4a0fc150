//! The fitted risk model: what was learned, from what, and how well the fit is determined.

use jiff::civil::Date;
use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use super::artifact::InputFile;
use super::choose::choose;
use super::family::{AVERAGED, Family, Sample};
use super::fitted::FitReport;
use super::linear::Linear;
use super::penalty::Penalty;
use super::preprocess::{LearnedColumn, Unused, design, learn, used};
use super::warning::{FitWarning, warnings};
use crate::data::{Framework, Knowledge, OutcomeRule};
use crate::error::{Error, Result};
use crate::features::{Cell, Column, Excluded, FeatureMatrix, FeatureRecipe, Months, TrainingSet};

/// An unfitted risk model: log-odds that are linear in standardised features.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskParams {
    family: Family,
    members: Vec<Family>,
    penalty: Penalty,
    at_most: Option<usize>,
}

/// What a model was trained on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRecord {
    /// All judgements were published before this day.
    pub date: Date,
    /// Inspections learned from.
    pub inspections: usize,
    /// Of these, inspections with the event.
    pub events: usize,
    /// Inspections and events by framework.
    pub frameworks: Vec<(Framework, usize, usize)>,
    /// First day of the earliest inspection.
    pub first_start: Date,
    /// Publication of the newest judgement.
    pub last_published: Date,
    /// Inspections whose first day is unknown and was assumed.
    pub assumed_starts: usize,
    /// Share of the inspections with the event.
    pub base_rate: f64,
    /// Penalty per observation; 0 for a family that has none.
    pub penalty: f64,
    /// Whether the penalty was chosen by cross-validation.
    pub penalty_chosen: bool,
    /// The families of an average; none for any other family.
    pub members: Vec<Family>,
    /// Judgements known on the day and not learned from, by reason.
    pub excluded: Vec<Excluded>,
}

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

impl RiskParams {
    /// Ridge logistic regression whose penalty is chosen by ten-fold cross-validation over
    /// authorities inside the training window.
    pub fn ridge() -> Self {
        RiskParams::of(Family::Ridge)
    }

    /// A model of the given family; a penalty that it needs is chosen as for ridge, by the
    /// held-out log-loss of ridge models.
    pub fn of(family: Family) -> Self {
        RiskParams {
            family,
            members: match family {
                Family::Average => AVERAGED.to_vec(),
                _ => Vec::new(),
            },
            penalty: Penalty::CrossValidated { folds: 10 },
            at_most: None,
        }
    }

    /// The mean of the log-odds of these families, which should be chosen before their results are
    /// seen.
    pub fn average(members: Vec<Family>) -> Self {
        RiskParams {
            members,
            ..RiskParams::of(Family::Average)
        }
    }

    /// The family.
    pub fn family(&self) -> Family {
        self.family
    }

    /// The same with a stated penalty per observation.
    pub fn penalty(self, per_observation: f64) -> Self {
        RiskParams {
            penalty: Penalty::PerObservation(per_observation),
            ..self
        }
    }

    /// The same with no more than this many features, at least one, chosen in every fit by the
    /// penalised likelihood of its training window: forwards, one feature after the other, while
    /// each raises the log-likelihood by more than 1. The penalty is chosen before, with all
    /// features.
    pub fn at_most(self, features: usize) -> Self {
        RiskParams {
            at_most: Some(features),
            ..self
        }
    }

    /// How many features may be chosen at most, if that was limited.
    pub fn most_features(&self) -> Option<usize> {
        self.at_most
    }

    /// Learns shrinkage, imputation, scaling, penalty and coefficients from the training set.
    ///
    /// # Errors
    /// [`Error::OneClass`], [`Error::NoUsableFeature`], [`Error::InvalidValue`] for an unusable
    /// penalty or choice of features, [`Error::NotConverged`]: there is no model without
    /// convergence.
    pub fn fit(&self, training: &TrainingSet) -> Result<RiskModel> {
        let (mut model, sample) = self.estimate(training)?;
        model.warnings = warnings(&model.linear, &sample, &used(&model.columns))?;
        Ok(model)
    }

    /// The model without its warnings, and what it was fitted to.
    fn estimate<'a>(&'a self, training: &'a TrainingSet) -> Result<(RiskModel, Sample<'a>)> {
        let rows: Vec<usize> = (0..training.rows().len()).collect();
        let events = training.events();
        if events == 0 || events == rows.len() {
            return Err(Error::OneClass {
                rows: rows.len(),
                events,
            });
        }
        let mut columns = learn(training.matrix(), &rows)?;
        if used(&columns).is_empty() {
            return Err(Error::NoUsableFeature {
                features: columns.len(),
            });
        }
        let penalty = match self.has_penalty() {
            true => self.penalty.choose(training)?,
            false => 0.0,
        };
        let mut sample = Sample {
            x: design(training.matrix(), &rows, &columns),
            events: training.rows().iter().map(|r| r.event).collect(),
            rows: training.rows(),
            directions: Vec::new(),
            penalty,
            members: &self.members,
        };
        if let Some(most) = self.at_most {
            self.choose(most, &mut columns, &mut sample)?;
        }
        let directions = used(&columns).into_iter().map(|j| columns[j].direction);
        sample.directions = directions.collect();
        let linear = self.family.fit(&sample)?;
        let model = RiskModel {
            family: self.family,
            recipe: training.recipe().clone(),
            outcome_rule: training.outcome_rule(),
            knowledge: training.knowledge(),
            lead: training.lead(),
            coefficients: coefficients(&columns, &linear),
            columns,
            linear,
            training: self.record(training, penalty),
            warnings: Vec::new(),
            inputs: Vec::new(),
        };
        Ok((model, sample))
    }

    /// The model alone, for refits whose warnings nobody reads.
    pub(crate) fn refit(&self, training: &TrainingSet) -> Result<RiskModel> {
        Ok(self.estimate(training)?.0)
    }

    fn has_penalty(&self) -> bool {
        match self.family {
            Family::Average => self.members.iter().any(|member| member.has_penalty()),
            other => other.has_penalty(),
        }
    }

    /// Keeps the chosen columns alone in use.
    fn choose(
        &self,
        most: usize,
        columns: &mut [LearnedColumn],
        sample: &mut Sample,
    ) -> Result<()> {
        if most == 0 {
            return Err(Error::InvalidValue {
                what: "features to choose",
                found: most.to_string(),
                expected: "at least 1".to_owned(),
            });
        }
        let Sample { x, events, .. } = sample;
        let kept = choose(self.has_penalty(), x, events, sample.penalty, most)?;
        for (place, j) in used(columns).into_iter().enumerate() {
            if !kept.contains(&place) {
                columns[j].unused = Some(Unused::NotChosen);
            }
        }
        sample.x = sample.x.select(Axis(1), &kept);
        Ok(())
    }

    fn record(&self, training: &TrainingSet, penalty: f64) -> TrainingRecord {
        let rows = training.rows();
        let events = training.events();
        let count = |framework: Framework| {
            let of = rows.iter().filter(|r| r.framework == framework);
            (
                framework,
                of.clone().count(),
                of.filter(|r| r.event).count(),
            )
        };
        TrainingRecord {
            date: training.date(),
            inspections: rows.len(),
            events,
            frameworks: [Framework::Sif, Framework::Ilacs].map(count).to_vec(),
            first_start: rows.iter().map(|r| r.start).min().unwrap_or(Date::MIN),
            last_published: rows.iter().map(|r| r.published).max().unwrap_or(Date::MIN),
            assumed_starts: rows.iter().filter(|r| r.start_assumed).count(),
            base_rate: events as f64 / rows.len() as f64,
            penalty,
            penalty_chosen: self.has_penalty()
                && matches!(self.penalty, Penalty::CrossValidated { .. }),
            members: self.members.clone(),
            excluded: training.excluded().to_vec(),
        }
    }
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
