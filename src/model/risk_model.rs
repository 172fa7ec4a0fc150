//! The fitted risk model: what was learned, from what, and how well the fit is determined.

use std::ops::Range;

use jiff::civil::Date;
use ndarray::{Array1, Array2, ArrayView1};

use super::family::Family;
use super::input_file::InputFile;
use super::linear::Linear;
use super::preprocess::{Description, Learned, LearnedColumn, LearnedTheme, Unused};
use super::refits::{ChosenFeature, Refits};
use super::risk_params::RiskParams;
use super::rule::Rule;
use super::stand_in::StandIn;
use super::support::Support;
use super::tested::TestedScore;
use super::timing::Timing;
use super::training_record::TrainingRecord;
use super::warning::FitWarning;
use crate::data::{Direction, Knowledge, OutcomeRule, Panel, ServiceName};
use crate::error::{Error, Result};
use crate::features::{Cell, Column, FeatureMatrix, FeatureRecipe, Months, TrainingSet};
use crate::fit::FitReport;

/// A fitted risk model.
///
/// ```
/// use forewarn::data::OutcomeRule;
/// use forewarn::features::{FeatureRecipe, Months};
/// use forewarn::jiff::civil::date;
/// use forewarn::model::{RiskModel, RiskParams};
/// use forewarn::simulate::SimulationParams;
///
/// let panel = SimulationParams::default().simulate()?.panel();
/// let today = panel.as_of(date(2024, 6, 1));
/// let training = today.training(&FeatureRecipe::default(), OutcomeRule::default(), Months(0))?;
/// let model = RiskParams::default().fit(&training)?;
/// let saved = model.to_json()?;
/// let loaded = RiskModel::from_json(&saved)?;
/// // To the last bit.
/// assert_eq!(loaded.score(&panel, today.date())?, model.score(&panel, today.date())?);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RiskModel {
    pub(super) service: ServiceName,
    pub(super) family: Family,
    pub(super) recipe: FeatureRecipe,
    pub(super) outcome_rule: OutcomeRule,
    pub(super) knowledge: Knowledge,
    pub(super) lead: Months,
    pub(super) columns: Vec<LearnedColumn>,
    pub(super) themes: Vec<LearnedTheme>,
    pub(super) stand_in: StandIn,
    // What follows from the three before it.
    pub(super) learned: Learned,
    // Of the terms, calibrated in time.
    pub(super) linear: Linear,
    pub(super) training: TrainingRecord,
    pub(super) warnings: Vec<FitWarning>,
    pub(super) inputs: Vec<InputFile>,
    pub(super) support: Option<Support>,
    pub(super) refits: Option<Refits>,
    pub(super) tested: Option<Vec<TestedScore>>,
    pub(super) horizons: Vec<HorizonModel>,
}

/// What will be judged within a horizon, and with the event: timing and risk, learned.
#[derive(Clone, Debug, PartialEq)]
pub struct HorizonModel {
    pub(super) months: Months,
    pub(super) timing: Timing,
    pub(super) risk: Box<RiskModel>,
}

/// What a model weighs: a feature that stands for itself, or a theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// The name of the feature or theme.
    pub name: String,
    /// What it is in words.
    pub label: String,
    /// Which of the recipe's features it is made of.
    pub features: Range<usize>,
    /// Whether it is a theme.
    pub is_theme: bool,
    /// Its declared direction; higher is riskier for a theme, whose members are turned.
    pub direction: Direction,
    /// Log-odds per standard deviation; 0 where unused.
    pub coefficient: f64,
    /// Training rows in which it is known. In the others what the known features say stands in for
    /// a feature, and the middle for a theme.
    pub present: usize,
    /// Why it has no part in the model, if it has none.
    pub unused: Option<Unused>,
}

impl RiskModel {
    pub(super) fn new(
        training: &TrainingSet,
        family: Family,
        described: Description,
        linear: Linear,
        record: TrainingRecord,
    ) -> Self {
        let recipe = training.recipe().clone();
        let learned = described.learned(&recipe);
        RiskModel {
            support: Support::of(learned.design(training.matrix()).view()),
            learned,
            family,
            recipe,
            service: training.service(),
            outcome_rule: training.outcome_rule(),
            knowledge: training.knowledge(),
            lead: training.lead(),
            columns: described.columns,
            themes: described.themes,
            stand_in: described.stand_in,
            linear,
            training: record,
            warnings: Vec::new(),
            inputs: Vec::new(),
            refits: None,
            tested: None,
            horizons: Vec::new(),
        }
    }

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

    /// The service that it is of: it scores no other.
    pub fn service(&self) -> ServiceName {
        self.service
    }

    /// Refuses another service's panel.
    pub(crate) fn check_service(&self, panel: &Panel) -> Result<()> {
        let found = panel.service().name();
        match found == self.service {
            true => Ok(()),
            false => Err(Error::InvalidValue {
                what: "service of a panel",
                found: found.to_string(),
                expected: format!("the model's, {}", self.service),
            }),
        }
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

    /// What was learned of each theme; none where every feature stands for itself.
    pub fn themes(&self) -> &[LearnedTheme] {
        &self.themes
    }

    /// What it weighs, with the coefficients: features that stand for themselves, then themes.
    pub fn terms(&self) -> Vec<Term> {
        let alone = self.columns[..self.recipe.alone()].iter().enumerate();
        let alone = alone.map(|(j, column)| Term {
            name: column.feature.clone(),
            label: column.label.clone(),
            features: j..j + 1,
            is_theme: false,
            direction: column.direction,
            coefficient: 0.0,
            present: column.present,
            unused: column.unused,
        });
        let themes = self.recipe.themes().iter().zip(&self.themes);
        let themes = themes.map(|(theme, learned)| Term {
            name: learned.name.clone(),
            label: learned.name.replace('_', " "),
            features: theme.members(),
            is_theme: true,
            direction: Direction::HigherRiskier,
            coefficient: 0.0,
            present: learned.present,
            unused: learned.unused,
        });
        let mut terms: Vec<Term> = alone.chain(themes).collect();
        let used = terms.iter_mut().filter(|term| term.unused.is_none());
        for (term, &coefficient) in used.zip(&self.linear.coefficients) {
            term.coefficient = coefficient;
        }
        terms
    }

    /// Log-odds of the event at the training mean of every feature, today.
    pub fn intercept(&self) -> f64 {
        self.linear.intercept
    }

    /// The coefficients of the used terms, in log-odds per standard deviation.
    pub fn coefficients(&self) -> &Array1<f64> {
        &self.linear.coefficients
    }

    /// The covariance of intercept and coefficients of the used terms, intercept first, at one
    /// penalty; the penalty counts as a prior. It is the inverse of the penalised information for
    /// the families of one likelihood, the observed information's for ordinal, robust to clusters
    /// of rows of one authority for pooled; of an average, and over penalties, the mean, which is
    /// never too small. Calibration in time counts as known.
    pub fn covariance(&self) -> &Array2<f64> {
        &self.linear.covariance
    }

    /// The covariance of the same between penalties, and between the members of an average; 0
    /// where there is one.
    pub fn covariance_between(&self) -> &Array2<f64> {
        &self.linear.between
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

    /// The same with the models of draws, which say how sure its scores and places are.
    pub fn with_refits(self, refits: Refits) -> Self {
        RiskModel {
            refits: Some(refits),
            ..self
        }
    }

    /// The models of draws, where there are any.
    pub fn refits(&self) -> Option<&Refits> {
        self.refits.as_ref()
    }

    /// How often each feature or theme was chosen in the re-fits, where the parameters choose
    /// ([`RiskParams::at_most`]); empty otherwise.
    pub fn chosen(&self) -> Vec<ChosenFeature> {
        match (&self.refits, self.training.most_features) {
            (Some(refits), Some(_)) => {
                let terms = self.terms().into_iter();
                refits.chosen(terms.map(|term| (term.name, term.features)))
            }
            _ => Vec::new(),
        }
    }

    /// The same with past scores of such a model and what came of them, as a back-test has them.
    pub fn with_tested_scores(self, tested: Vec<TestedScore>) -> Self {
        RiskModel {
            tested: Some(tested),
            ..self
        }
    }

    /// Past scores of such a model and what came of them, where it was tested.
    pub fn tested_scores(&self) -> Option<&[TestedScore]> {
        self.tested.as_deref()
    }

    /// The same with a model of what will be judged within a horizon; one of the same horizon is
    /// replaced.
    pub fn with_horizon(mut self, horizon: HorizonModel) -> Self {
        self.horizons.retain(|known| known.months != horizon.months);
        self.horizons.push(horizon);
        self.horizons.sort_by_key(|known| known.months);
        self
    }

    /// The models of what will be judged within a horizon, the nearest first.
    pub fn horizons(&self) -> &[HorizonModel] {
        &self.horizons
    }

    /// What the training rows span; `None` where they depend on each other.
    pub(crate) fn support(&self) -> Option<&Support> {
        self.support.as_ref()
    }

    /// Variance of the log-odds of a row of standardised terms: at one penalty, and between
    /// penalties.
    pub(crate) fn variances(&self, terms: ArrayView1<f64>) -> (f64, f64) {
        self.linear.variances(terms)
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
    /// [`Error::InvalidValue`] if the columns are not the model's, or a row's day is before its
    /// training day: such a score would know the future. [`fitted`](Self::fitted) gives the rows
    /// that it was trained on.
    pub fn linear_predictors(&self, matrix: &FeatureMatrix) -> Result<Vec<f64>> {
        self.check_days(matrix.rows().iter().map(|(_, day)| *day))?;
        self.log_odds(matrix)
    }

    /// The log-odds of the rows that it was trained on: what it says of what it has seen.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if it was trained on another day or on other columns.
    pub fn fitted(&self, training: &TrainingSet) -> Result<Vec<f64>> {
        if training.date() != self.training.date {
            return Err(Error::InvalidValue {
                what: "day of a training set",
                found: training.date().to_string(),
                expected: format!("the model's, {}", self.training.date),
            });
        }
        self.log_odds(training.matrix())
    }

    /// Refuses days on which the model was not there yet.
    pub(crate) fn check_days(&self, mut days: impl Iterator<Item = Date>) -> Result<()> {
        match days.find(|day| *day < self.training.date) {
            None => Ok(()),
            Some(early) => Err(Error::InvalidValue {
                what: "as-of date",
                found: early.to_string(),
                expected: format!(
                    "no earlier than the model's training day {}",
                    self.training.date
                ),
            }),
        }
    }

    fn log_odds(&self, matrix: &FeatureMatrix) -> Result<Vec<f64>> {
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
        Ok(self.rule().log_odds(matrix))
    }

    /// The log-odds of every row, by numbers alone.
    pub(crate) fn rule(&self) -> Rule<'_> {
        Rule::new(
            &self.learned,
            self.linear.intercept,
            &self.linear.coefficients,
        )
    }

    /// The parts of one row's log-odds, one for each feature; with the intercept they add up to it.
    pub(crate) fn parts(&self, columns: &[Column], cells: &[Cell]) -> Vec<f64> {
        self.rule().parts(columns, cells)
    }

    /// Standardised terms of each row, for variances.
    pub(crate) fn design(&self, matrix: &FeatureMatrix) -> Array2<f64> {
        self.learned.design(matrix)
    }

    /// What should be known of the fit, to match on; columns are the used ones of
    /// [`terms`](Self::terms), in their order.
    pub fn fit_warnings(&self) -> &[FitWarning] {
        &self.warnings
    }

    /// Terms whose coefficient contradicts their declared direction.
    pub(crate) fn contradictions(&self) -> Vec<Term> {
        let against = |term: &Term| {
            let sign = term.direction.sign();
            sign.is_some_and(|sign| sign * term.coefficient < 0.0)
        };
        self.terms().into_iter().filter(against).collect()
    }
}
