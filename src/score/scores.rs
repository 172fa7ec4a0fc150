//! Scores of all authorities on a day, ranked, and who is not scored and why.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::day::Day;
use super::explain::Explanation;
use super::group::{Group, group, is_known_already};
use super::horizon::HorizonRisk;
use super::not_scored::NotScored;
use super::training_summary::TrainingSummary;
use super::uncertainty::Spread;
use crate::data::{AuthorityCode, Knowledge, Panel};
use crate::error::{Error, Result};
use crate::model::{HorizonModel, Programme, RiskModel, Tested};
use crate::read_back::OutputSchema;
use crate::stats::interval::{Interval, Limits, as_limits};

/// How many authorities can be visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity(pub NonZeroUsize);

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Capacity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        text.parse().map(Capacity).map_err(|_| Error::InvalidValue {
            what: "capacity",
            found: text.to_owned(),
            expected: "a whole number from 1".to_owned(),
        })
    }
}

impl Default for Capacity {
    /// 15, a tenth of England's authorities.
    fn default() -> Self {
        Capacity(NonZeroUsize::MIN.saturating_add(14))
    }
}

/// For whom the scores are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScoreParams {
    /// How many places the list has.
    pub capacity: Capacity,
    /// How the programme of inspections is taken to go on, where a horizon is asked for.
    pub programme: Programme,
}

/// One authority's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// What it is made of.
    #[serde(flatten)]
    pub explained: Explanation,
    /// Place among all scored from the highest probability, 1 first; equal scores share the highest
    /// place of theirs.
    pub rank: usize,
    /// Whether it is on the list.
    pub on_watchlist: bool,
    /// Where it stands towards the list.
    pub group: Group,
    /// 95% interval of the average risk of authorities with these figures: see
    /// [`score`](crate::score).
    #[serde(with = "as_limits")]
    pub interval: Interval,
    /// Places between which it lies in 95 of 100 re-fits, among those that can be on the list and
    /// itself: the list is the first `capacity` of them. `None` without re-fits.
    pub places: Option<Limits<usize>>,
    /// In how many re-fits it is on the list, and of how many; `None` without re-fits.
    pub listed_in: Option<(usize, usize)>,
    /// How far its probability moves between re-fits on average; `None` without re-fits.
    pub instability: Option<f64>,
    /// Past scores at least as high, and what came of them; `None` for a model that was not tested.
    pub tested: Option<Tested>,
    /// Whether its combination of figures lies outside of what the model was trained on; `None`
    /// where that cannot be told.
    pub outside_training: Option<bool>,
    /// What will be judged within each horizon of the model, by `in_12_months` and the like; `None`
    /// without one.
    #[serde(flatten)]
    pub horizons: BTreeMap<String, Option<HorizonRisk>>,
    /// Why a field above is `null`, by its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub null_because: BTreeMap<String, NullBecause>,
}

/// Why a field of a score is `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NullBecause {
    /// The model was not learned again from draws.
    NoRefits,
    /// The model was not tested on past inspections.
    Untested,
    /// The figures of the training rows depend on each other.
    DependentFigures,
    /// The model was not learned for a horizon.
    NoHorizon,
    /// No judgement that speaks for the organisation is known.
    NotJudged,
}

impl Deref for Score {
    type Target = Explanation;

    fn deref(&self) -> &Explanation {
        &self.explained
    }
}

/// The scores of one day: the result that is written as JSON, and read back only if it holds
/// together.
///
/// ```
/// use forewarn::data::OutcomeRule;
/// use forewarn::features::{FeatureRecipe, Months};
/// use forewarn::jiff::civil::date;
/// use forewarn::model::RiskParams;
/// use forewarn::score::Scores;
/// use forewarn::simulate::SimulationParams;
///
/// let panel = SimulationParams::default().simulate()?.panel();
/// let today = panel.as_of(date(2024, 6, 1));
/// let training = today.training(&FeatureRecipe::default(), OutcomeRule::default(), Months(0))?;
/// let scores = RiskParams::default().fit(&training)?.score(&panel, today.date())?;
/// let first = &scores.watchlist()[0];
/// let parts: f64 = first.contributions.iter().map(|part| part.log_odds).sum();
/// assert!((first.baseline_log_odds + parts - first.linear_predictor).abs() < 1e-12);
/// let json = serde_json::to_string(&scores).unwrap();
/// assert_eq!(serde_json::from_str::<Scores>(&json).unwrap(), scores);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Scores {
    /// The layout of its JSON.
    pub schema: OutputSchema,
    /// The day.
    pub as_of: Date,
    /// When figures counted as known.
    #[serde(with = "crate::data::by_name")]
    pub knowledge: Knowledge,
    /// What counts as the event.
    pub outcome_rule: crate::data::OutcomeRule,
    /// The recipe's name.
    pub recipe: String,
    /// What the model was trained on.
    pub training: TrainingSummary,
    /// How many places the list has.
    pub capacity: usize,
    /// If all those on the list were inspected now, between how many would be judged with the
    /// event in 95 of 100 cases; `None` without anybody on it.
    pub listed_events: Option<Limits<usize>>,
    /// Scored authorities by rank.
    pub scores: Vec<Score>,
    /// The others, by code.
    pub not_scored: Vec<NotScored>,
}

impl RiskModel {
    /// Scores every authority that exists on the day, from what was known by then under the
    /// model's own knowledge rule, with the default [`ScoreParams`].
    ///
    /// # Errors
    /// Those of [`score_with`](Self::score_with).
    pub fn score(&self, panel: &Panel, as_of: Date) -> Result<Scores> {
        self.score_with(panel, as_of, ScoreParams::default())
    }

    /// The same for a list of another length, or another programme of inspections.
    ///
    /// An authority with less known than the recipe demands is not scored. The list has the highest
    /// scores of those that were not judged Inadequate last nor judged within twelve months, and
    /// whoever is level with its last. Re-fits
    /// ([`with_refits`](Self::with_refits)) and past scores
    /// ([`with_tested_scores`](Self::with_tested_scores)) of the model say how sure it is.
    ///
    /// # Errors
    /// [`Error::InvalidValue`](crate::Error::InvalidValue) if the day is before the model's training
    /// day: such a score would know the future.
    /// [`Error::UnknownIndicator`](crate::Error::UnknownIndicator) if the panel's catalogue lacks
    /// one.
    pub fn score_with(&self, panel: &Panel, as_of: Date, params: ScoreParams) -> Result<Scores> {
        self.check_probability()?;
        let day = Day::new(self, panel, as_of)?;
        let capacity = params.capacity.0.get();
        let matrix = day.scored();
        let explained = day.explained(self, &matrix);
        let candidates: Vec<bool> = explained
            .iter()
            .map(|e| !is_known_already(e, self.outcome_rule(), panel.service().fresh_years()))
            .collect();
        let spread = Spread::new(self, &matrix, as_of, &candidates, capacity);
        let edge = edge(&explained, &candidates, capacity);
        let listed: Vec<bool> = explained
            .iter()
            .zip(&candidates)
            .map(|(e, candidate)| *candidate && e.linear_predictor >= edge)
            .collect();
        let log_odds: Vec<f64> = explained.iter().map(|e| e.linear_predictor).collect();
        let on_list: Vec<usize> = (0..listed.len()).filter(|&row| listed[row]).collect();
        let listed_events = spread.events_among(&on_list, &log_odds);
        let outside = day.outside_training(self, &matrix);
        let horizons: Vec<(String, Vec<HorizonRisk>)> = self
            .horizons()
            .iter()
            .map(|model| {
                (
                    key(model),
                    day.horizon_risks(model, &matrix, params.programme),
                )
            })
            .collect();
        let score = |(row, explained): (usize, Explanation)| {
            let eta = explained.linear_predictor;
            let group = match candidates[row] {
                true => group(listed[row], spread.places(row), capacity),
                false if eta >= edge => Group::Already,
                false => Group::Off,
            };
            let draws = spread.draws();
            let places = spread.places(row);
            let listed_in = (draws > 0).then(|| (spread.times_listed(row), draws));
            let instability = spread.instability(row, eta);
            let tested = self.tested_scores().map(|past| Tested::of(eta, past));
            let outside_training = outside.as_ref().map(|outside| outside[row]);
            let horizons = match horizons.is_empty() {
                true => BTreeMap::from([(NEAREST.to_owned(), None)]),
                false => horizons
                    .iter()
                    .map(|(key, risks)| (key.clone(), Some(risks[row])))
                    .collect(),
            };
            let judged = (explained.previous_grade, explained.years_since_inspection);
            let null_because = [
                (places.is_none(), "places", NullBecause::NoRefits),
                (listed_in.is_none(), "listed_in", NullBecause::NoRefits),
                (instability.is_none(), "instability", NullBecause::NoRefits),
                (tested.is_none(), "tested", NullBecause::Untested),
                (
                    outside_training.is_none(),
                    "outside_training",
                    NullBecause::DependentFigures,
                ),
                (
                    horizons.values().any(Option::is_none),
                    NEAREST,
                    NullBecause::NoHorizon,
                ),
                (judged.0.is_none(), "previous_grade", NullBecause::NotJudged),
                (
                    judged.1.is_none(),
                    "years_since_inspection",
                    NullBecause::NotJudged,
                ),
            ];
            let null_because = null_because.into_iter().filter(|(is_null, ..)| *is_null);
            Score {
                rank: 1 + log_odds.iter().filter(|other| **other > eta).count(),
                on_watchlist: listed[row],
                group,
                interval: spread.interval(row, eta),
                places,
                listed_in,
                instability,
                tested,
                outside_training,
                horizons,
                null_because: null_because
                    .map(|(_, field, why)| (field.to_owned(), why))
                    .collect(),
                explained,
            }
        };
        let mut scores: Vec<Score> = explained.into_iter().enumerate().map(score).collect();
        scores.sort_by(|a, b| {
            let by_score = b.linear_predictor.total_cmp(&a.linear_predictor);
            by_score.then_with(|| a.organisation.cmp(&b.organisation))
        });
        Ok(Scores {
            schema: OutputSchema,
            as_of,
            knowledge: self.knowledge(),
            outcome_rule: self.outcome_rule(),
            recipe: self.recipe().name().to_owned(),
            training: TrainingSummary::new(self),
            capacity,
            listed_events,
            scores,
            not_scored: day.not_scored(),
        })
    }
}

/// The horizon that is always told of.
const NEAREST: &str = "in_12_months";

fn key(model: &HorizonModel) -> String {
    format!("in_{}_months", model.months().0)
}

/// The lowest log-odds of the list; infinite if nobody can be on it.
fn edge(explained: &[Explanation], candidates: &[bool], capacity: usize) -> f64 {
    let mut highest: Vec<f64> = explained
        .iter()
        .zip(candidates)
        .filter(|(_, candidate)| **candidate)
        .map(|(e, _)| e.linear_predictor)
        .collect();
    highest.sort_unstable_by(|a, b| b.total_cmp(a));
    let last = highest.len().min(capacity).checked_sub(1);
    last.map_or(f64::INFINITY, |last| highest[last])
}

impl Score {
    /// What will be judged within so many months; `None` where the model has no such horizon.
    pub fn within(&self, months: u16) -> Option<HorizonRisk> {
        self.horizons
            .get(&format!("in_{months}_months"))
            .copied()
            .flatten()
    }

    /// Whether its places in the re-fits lie on both sides of the list's end; `None` without
    /// re-fits.
    pub fn spans_edge(&self) -> Option<bool> {
        self.places.map(|_| self.group == Group::Borderline)
    }
}

impl Scores {
    /// Those on the list, by rank.
    pub fn watchlist(&self) -> Vec<&Score> {
        self.scores.iter().filter(|s| s.on_watchlist).collect()
    }

    /// Those of a group, by rank.
    pub fn group(&self, group: Group) -> impl Iterator<Item = &Score> {
        self.scores.iter().filter(move |s| s.group == group)
    }

    /// The score of an authority.
    pub fn of(&self, authority: AuthorityCode) -> Option<&Score> {
        self.scores.iter().find(|s| s.organisation == authority)
    }
}
