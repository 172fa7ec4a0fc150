//! One authority's score, with contributions that add up to it and the figure behind each.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::contribution::Contribution;
use super::note::{Note, notes};
use super::reason::Reason;
use crate::data::{AuthorityCode, Entity, Grade, JudgementHistory, Snapshot};
use crate::features::{Cell, Column, Measure};
use crate::model::{RiskModel, Term};

/// A theme's part in a score: the sum of its members'.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThemePart {
    /// The theme.
    pub theme: String,
    /// Its part of the linear predictor, in log-odds against the training mean; 0, the middle, where
    /// no member is known.
    pub log_odds: f64,
    /// Members with a known figure.
    pub known: usize,
    /// Members in all.
    pub members: usize,
}

/// What a score is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The authority.
    pub organisation: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Its region; empty where unknown.
    pub region: String,
    /// Probability of being judged Inadequate at an inspection starting the next day: the average
    /// risk of authorities with these figures.
    pub probability: f64,
    /// Log-odds of that probability.
    pub linear_predictor: f64,
    /// The part that is the same for everyone: the log-odds at the training mean, today.
    pub baseline_log_odds: f64,
    /// The parts of the features; with the baseline they add up to the linear predictor.
    pub contributions: Vec<Contribution>,
    /// The parts of the themes, each the sum of its members'; none where features stand alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<ThemePart>,
    /// What raises the score in its declared direction, the largest first: associations, not causes.
    pub reasons: Vec<Reason>,
    /// What raises the score otherwise: against its declared direction, or without one.
    pub against_expectation: Vec<Reason>,
    /// The newest grade known.
    pub previous_grade: Option<Grade>,
    /// Years since that grade was published.
    pub years_since_inspection: Option<f64>,
    /// What to know when reading this score.
    pub notes: Vec<Note>,
}

impl Explanation {
    /// Of one row of features; without a snapshot nothing is known of its organisation.
    pub(super) fn new(
        model: &RiskModel,
        on: Option<Snapshot<'_>>,
        organisation: AuthorityCode,
        columns: &[Column],
        cells: &[Cell],
    ) -> Self {
        let terms = model.terms();
        let parts = model.parts(columns, cells);
        let mut contributions = Vec::with_capacity(columns.len());
        for term in &terms {
            for j in term.features.clone() {
                let (column, cell) = (&columns[j], &cells[j]);
                let learned = &model.columns()[j];
                let of = |on: Snapshot<'_>| england(on, column.feature.measure, cell.period_end);
                let england = on.and_then(of);
                let service = on
                    .filter(|_| england.is_some())
                    .map(|on| on.panel().service());
                contributions.push(Contribution {
                    england,
                    benchmark_name: service.map(|service| service.benchmark().to_owned()),
                    ..Contribution::new(term, learned, column, cell, parts[j])
                });
            }
        }
        let baseline = model.intercept();
        let linear_predictor = parts.iter().fold(baseline, |sum, part| sum + part);
        let history = on.map(|on| on.judgements(organisation));
        let known = on.and_then(|on| on.panel().register().get(organisation));
        let persistent = history.is_some_and(JudgementHistory::persistent_failure);
        let (reasons, against_expectation) = Reason::of(&contributions, linear_predictor);
        Explanation {
            organisation,
            name: known.map(|a| a.name.clone()).unwrap_or_default(),
            region: known.map(|a| a.region.clone()).unwrap_or_default(),
            probability: crate::fit::logistic::probability(linear_predictor),
            linear_predictor,
            baseline_log_odds: baseline,
            notes: notes(model, &contributions, persistent),
            themes: theme_parts(&terms, &contributions),
            contributions,
            reasons,
            against_expectation,
            previous_grade: history.and_then(JudgementHistory::previous_grade),
            years_since_inspection: history.and_then(JudgementHistory::years_since_last),
        }
    }
}

fn theme_parts(terms: &[Term], contributions: &[Contribution]) -> Vec<ThemePart> {
    let part = |term: &Term| {
        let members = &contributions[term.features.clone()];
        ThemePart {
            theme: term.name.clone(),
            log_odds: members.iter().map(|c| c.log_odds).sum(),
            known: members.iter().filter(|c| !c.imputed).count(),
            members: members.len(),
        }
    };
    terms.iter().filter(|t| t.is_theme).map(part).collect()
}

fn england(on: Snapshot<'_>, measure: Measure, period_end: Option<Date>) -> Option<f64> {
    let Measure::Level { indicator } = measure else {
        return None;
    };
    let period_end = period_end?;
    on.figures(Entity::England, indicator)
        .find(|f| f.period_end() == period_end)
        .and_then(|f| f.point())
}
