//! Scores of all authorities on a day, ranked, and who is not scored and why.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::analytic::AnalyticInterval;
use super::explain::Score;
use super::interval::ScoreIntervals;
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
        let day = Day::new(self, panel, as_of)?;
        let (on, matrix) = (day.on, &day.matrix);
        let (mut scores, mut not_scored) = (Vec::new(), Vec::new());
        for (row, &(authority, _)) in matrix.rows().iter().enumerate() {
            match day.refusal(row) {
                None => scores.push(Score::new(
                    self,
                    on,
                    authority,
                    matrix.columns(),
                    matrix.row(row),
                )),
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

/// The features that a model needs of a day.
pub(super) struct Day<'a> {
    on: Snapshot<'a>,
    recipe: &'a FeatureRecipe,
    matrix: FeatureMatrix,
}

impl<'a> Day<'a> {
    /// Computes them; the errors of [`RiskModel::score`].
    pub(super) fn new(model: &'a RiskModel, panel: &'a Panel, as_of: Date) -> Result<Self> {
        if as_of < model.training().date {
            return Err(Error::InvalidValue {
                what: "as-of date",
                found: as_of.to_string(),
                expected: format!(
                    "no earlier than the model's training day {}",
                    model.training().date
                ),
            });
        }
        let on = panel.as_of_with(as_of, model.knowledge());
        let matrix = on.features(model.recipe())?;
        model.check_units(&matrix)?;
        Ok(Day {
            on,
            recipe: model.recipe(),
            matrix,
        })
    }

    /// Why a row has no score, if it has none.
    fn refusal(&self, row: usize) -> Option<String> {
        too_little(self.recipe, self.matrix.columns(), self.matrix.row(row))
    }

    /// The rows that have a score.
    pub(super) fn scored(&self) -> FeatureMatrix {
        let rows = 0..self.matrix.rows().len();
        let kept: Vec<usize> = rows.filter(|&row| self.refusal(row).is_none()).collect();
        self.matrix.take_rows(&kept)
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

    /// Gives every score its intervals; a score of an authority that is not among them keeps none.
    pub fn with_intervals(mut self, intervals: &ScoreIntervals) -> Self {
        let of: BTreeMap<_, _> = intervals.of.iter().map(|i| (i.authority, i)).collect();
        for score in &mut self.scores {
            let found = of.get(&score.authority);
            score.probability_interval = found.map(|i| i.probability);
            score.rank_interval = found.map(|i| i.rank);
            score.top_k_probability = found.map(|i| i.top_k);
            score.instability = found.map(|i| i.instability);
        }
        self
    }

    /// Gives every score the analytic interval of its probability, and nothing about its rank.
    pub fn with_analytic_intervals(mut self, intervals: &[AnalyticInterval]) -> Self {
        let of: BTreeMap<_, _> = intervals.iter().map(|i| (i.authority, i)).collect();
        for score in &mut self.scores {
            score.probability_interval = of.get(&score.authority).map(|i| i.probability);
            score.rank_interval = None;
            score.top_k_probability = None;
            score.instability = None;
        }
        self
    }

    /// The score of an authority.
    pub fn of(&self, authority: AuthorityCode) -> Option<&Score> {
        self.scores.iter().find(|s| s.authority == authority)
    }
}
