//! From a training set to a risk model: everything that is learned is learned here, in one order.

use jiff::civil::Date;
use ndarray::Axis;
use serde::{Deserialize, Serialize};

use super::choose::choose;
use super::drift::{Drift, DriftParams};
use super::family::{AVERAGED, Family, Sample};
use super::penalty::Penalty;
use super::preprocess::{LearnedColumn, Unused, design, learn, used};
use super::risk_model::{RiskModel, coefficients};
use super::warning::warnings;
use crate::data::Framework;
use crate::error::{Error, Result};
use crate::features::{Excluded, TrainingSet};

/// An unfitted risk model: log-odds that are linear in standardised features.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskParams {
    family: Family,
    members: Vec<Family>,
    penalty: Penalty,
    at_most: Option<usize>,
    recalibrated: Option<DriftParams>,
}

/// How a model was recalibrated on the last years known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recalibration {
    /// How far back, and how strongly drawn to no change.
    pub params: DriftParams,
    /// What was found.
    pub found: Drift,
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
    /// Whether the penalty was chosen by leaving out one authority at a time.
    pub penalty_chosen: bool,
    /// The families of an average; none for any other family.
    pub members: Vec<Family>,
    /// How many features could be chosen at most, if that was limited.
    pub most_features: Option<usize>,
    /// How it was recalibrated, if it was.
    pub recalibration: Option<Recalibration>,
    /// Judgements known on the day and not learned from, by reason.
    pub excluded: Vec<Excluded>,
}

impl RiskParams {
    /// Ridge logistic regression whose penalty is chosen inside the training window by leaving out
    /// one authority at a time.
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
            penalty: Penalty::CrossValidated,
            at_most: None,
            recalibrated: None,
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

    /// What a model was fitted by, to fit it again.
    pub(super) fn again(family: Family, record: &TrainingRecord) -> Self {
        RiskParams {
            family,
            members: record.members.clone(),
            penalty: match record.penalty_chosen {
                true => Penalty::CrossValidated,
                false => Penalty::PerObservation(record.penalty),
            },
            at_most: record.most_features,
            recalibrated: record.recalibration.map(|r| r.params),
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

    /// The same, recalibrated on the training rows published in the last years: intercept and, where
    /// events allow, all coefficients are those of the recalibrated log-odds.
    pub fn recalibrated(self, on: DriftParams) -> Self {
        RiskParams {
            recalibrated: Some(on),
            ..self
        }
    }

    /// Whether and how it is to be recalibrated.
    pub fn recalibration(&self) -> Option<DriftParams> {
        self.recalibrated
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
        let mut sample = Sample {
            x: design(training.matrix(), &rows, &columns),
            events: training.rows().iter().map(|r| r.event).collect(),
            rows: training.rows(),
            directions: Vec::new(),
            penalty: 0.0,
            members: &self.members,
        };
        if self.has_penalty() {
            let authorities: Vec<_> = training.rows().iter().map(|r| r.authority).collect();
            sample.penalty = self
                .penalty
                .choose(&sample.x, &sample.events, &authorities)?;
        }
        if let Some(most) = self.at_most {
            self.choose(most, &mut columns, &mut sample)?;
        }
        let directions = used(&columns).into_iter().map(|j| columns[j].direction);
        sample.directions = directions.collect();
        let mut linear = self.family.fit(&sample)?;
        let recalibration = self.recalibrated.map(|params| {
            let log_odds = sample.x.dot(&linear.coefficients) + linear.intercept;
            let found = params.on(training.date(), training.rows(), &log_odds.to_vec());
            Recalibration { params, found }
        });
        if let Some(Recalibration { found, .. }) = &recalibration {
            linear.recalibrate(found);
        }
        let model = RiskModel {
            family: self.family,
            recipe: training.recipe().clone(),
            outcome_rule: training.outcome_rule(),
            knowledge: training.knowledge(),
            lead: training.lead(),
            coefficients: coefficients(&columns, &linear),
            columns,
            linear,
            training: TrainingRecord {
                recalibration,
                ..self.record(training, sample.penalty)
            },
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
            penalty_chosen: self.has_penalty() && matches!(self.penalty, Penalty::CrossValidated),
            members: self.members.clone(),
            most_features: self.at_most,
            recalibration: None,
            excluded: training.excluded().to_vec(),
        }
    }
}
