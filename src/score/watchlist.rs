//! Scores of all authorities on a day, ranked, and who is not scored and why.

use std::num::NonZeroUsize;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::explain::Score;
use crate::data::{AuthorityCode, Knowledge, Panel, Snapshot};
use crate::error::{Error, Result};
use crate::features::{Cell, Column, FeatureMatrix, FeatureRecipe};
use crate::model::{RiskModel, TrainingRecord};

/// How many authorities can be visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity(pub NonZeroUsize);

/// An authority without a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NotScored {
    /// The authority.
    pub authority: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Why it has no score: unknown is not safe.
    pub reason: String,
}

/// What the model was trained on, as part of the result.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrainingSummary {
    /// Inspections learned from.
    pub inspections: usize,
    /// Of these, inspections with the event.
    pub events: usize,
    /// First day of the earliest of them.
    pub first_start: Date,
    /// Publication of the newest judgement.
    pub last_published: Date,
    /// Share of them with the event.
    pub base_rate: f64,
    /// Penalty per observation.
    pub penalty: f64,
    /// Largest component of the gradient at the solution.
    pub gradient_norm: f64,
    /// Judgements known on the training day and not learned from.
    pub excluded: Vec<crate::features::Excluded>,
}

/// The scores of one day: the result that is written as JSON.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scores {
    /// The day.
    pub as_of: Date,
    /// When figures counted as known.
    #[serde(serialize_with = "knowledge_name")]
    pub knowledge: Knowledge,
    /// What counts as the event.
    pub outcome_rule: crate::data::OutcomeRule,
    /// The recipe's name.
    pub recipe: String,
    /// What the model was trained on.
    pub training: TrainingSummary,
    /// Scored authorities by rank.
    pub scores: Vec<Score>,
    /// The others, by code.
    pub not_scored: Vec<NotScored>,
}

pub(crate) fn knowledge_name<S: Serializer>(
    knowledge: &Knowledge,
    s: S,
) -> std::result::Result<S::Ok, S::Error> {
    s.collect_str(knowledge)
}

impl TrainingSummary {
    fn new(model: &RiskModel) -> Self {
        let record: &TrainingRecord = model.training();
        TrainingSummary {
            inspections: record.inspections,
            events: record.events,
            first_start: record.first_start,
            last_published: record.last_published,
            base_rate: record.base_rate,
            penalty: record.penalty,
            gradient_norm: model.fit_report().gradient_norm,
            excluded: record.excluded.clone(),
        }
    }
}

impl RiskModel {
    /// Scores every authority that exists on the day, from what was known by then under the
    /// model's own knowledge rule.
    ///
    /// An authority with less known than the recipe demands is not scored. Nobody is on the
    /// watchlist before [`Scores::mark`].
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if the day is before the model's training day: such a score would
    /// know the future. [`Error::UnknownIndicator`] if the panel's catalogue lacks one.
    pub fn score(&self, panel: &Panel, as_of: Date) -> Result<Scores> {
        if as_of < self.training().date {
            return Err(Error::InvalidValue {
                what: "as-of date",
                found: as_of.to_string(),
                expected: format!(
                    "no earlier than the model's training day {}",
                    self.training().date
                ),
            });
        }
        let on = panel.as_of_with(as_of, self.knowledge());
        let matrix = on.features(self.recipe())?;
        self.check_units(&matrix)?;
        let (mut scores, mut not_scored) = (Vec::new(), Vec::new());
        for (row, &(authority, _)) in matrix.rows().iter().enumerate() {
            let cells = matrix.row(row);
            match too_little(self.recipe(), matrix.columns(), cells) {
                None => scores.push(Score::new(self, on, authority, matrix.columns(), cells)),
                Some(reason) => not_scored.push(refusal(on, authority, &reason)),
            }
        }
        not_scored.extend(never_scored(on));
        not_scored.sort_by_key(|n| n.authority);
        rank(&mut scores);
        Ok(Scores {
            as_of,
            knowledge: self.knowledge(),
            outcome_rule: self.outcome_rule(),
            recipe: self.recipe().name().to_owned(),
            training: TrainingSummary::new(self),
            scores,
            not_scored,
        })
    }

    /// A loaded model must not meet a catalogue that measures in other units.
    fn check_units(&self, matrix: &FeatureMatrix) -> Result<()> {
        let differs = self
            .columns()
            .iter()
            .zip(matrix.columns())
            .find(|(l, c)| l.unit != c.unit);
        differs.map_or(Ok(()), |(learned, column)| {
            Err(Error::InvalidValue {
                what: "unit of a feature",
                found: format!("{:?} for {}", column.unit, column.name),
                expected: format!("{:?}, as in training", learned.unit),
            })
        })
    }
}

/// Why there is too little to score under a recipe, if there is.
pub(crate) fn too_little(
    recipe: &FeatureRecipe,
    columns: &[Column],
    cells: &[Cell],
) -> Option<String> {
    let counted = || {
        let measured =
            |(column, _): &(&Column, &Cell)| column.feature.measure.indicator().is_some();
        columns.iter().zip(cells).filter(measured)
    };
    let present = counted().filter(|(_, cell)| cell.is_present()).count();
    let all = counted().count();
    if present as f64 >= recipe.min_present() * all as f64 && (present > 0 || all == 0) {
        return None;
    }
    let missing: Vec<String> = counted()
        .filter_map(|(column, cell)| Some(format!("{} ({})", column.name, cell.reason()?)))
        .collect();
    let count = all - present;
    Some(format!(
        "{count} of {all} indicators missing: {}",
        missing.join(", ")
    ))
}

fn refusal(on: Snapshot<'_>, authority: AuthorityCode, reason: &str) -> NotScored {
    let register = on.panel().register();
    let known = register.get(authority);
    let predecessors: Vec<&str> = known
        .map(|a| a.predecessors.as_slice())
        .unwrap_or_default()
        .iter()
        .filter_map(|&code| register.get(code))
        .map(|a| a.name.as_str())
        .collect();
    let formed = match known.and_then(|a| a.from) {
        Some(from) if !predecessors.is_empty() => {
            format!("; formed on {from} from {}", predecessors.join(" and "))
        }
        _ => String::new(),
    };
    NotScored {
        authority,
        name: known.map(|a| a.name.clone()).unwrap_or_default(),
        reason: format!("{reason}{formed}"),
    }
}

fn never_scored(on: Snapshot<'_>) -> impl Iterator<Item = NotScored> {
    on.authorities().filter(|a| !a.scored).map(|a| NotScored {
        authority: a.code,
        name: a.name.clone(),
        reason: "numbers too small for any score".to_owned(),
    })
}

fn rank(scores: &mut [Score]) {
    scores.sort_by(|a, b| {
        b.linear_predictor
            .total_cmp(&a.linear_predictor)
            .then_with(|| a.authority.cmp(&b.authority))
    });
    for (place, score) in scores.iter_mut().enumerate() {
        score.rank = place + 1;
    }
}

impl Scores {
    /// The first `capacity` scores.
    pub fn watchlist(&self, capacity: Capacity) -> &[Score] {
        &self.scores[..capacity.0.get().min(self.scores.len())]
    }

    /// Marks the first `capacity` scores as on the watchlist, and no other.
    pub fn mark(&mut self, capacity: Capacity) {
        for score in &mut self.scores {
            score.on_watchlist = score.rank <= capacity.0.get();
        }
    }

    /// The score of an authority.
    pub fn of(&self, authority: AuthorityCode) -> Option<&Score> {
        self.scores.iter().find(|s| s.authority == authority)
    }
}
