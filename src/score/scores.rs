//! Scores of all authorities on a day, ranked, and who is not scored and why.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Deref;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::day::{Day, NotScored};
use super::explain::Explanation;
use super::group::{Group, group, is_known_already};
use super::horizon::HorizonRisk;
use super::uncertainty::Spread;
use crate::data::{AuthorityCode, Knowledge, Panel};
use crate::error::Result;
use crate::model::{HorizonModel, Programme, RateNow, RiskModel, Tested};
use crate::stats::interval::{Interval, Limits};

/// How many authorities can be visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity(pub NonZeroUsize);

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
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    #[serde(serialize_with = "limits")]
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
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub null_because: BTreeMap<&'static str, &'static str>,
}

fn limits<S: Serializer>(interval: &Interval, s: S) -> std::result::Result<S::Ok, S::Error> {
    Limits::from(*interval).serialize(s)
}

impl Deref for Score {
    type Target = Explanation;

    fn deref(&self) -> &Explanation {
        &self.explained
    }
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
    /// Share of them with the event, whenever they were.
    pub base_rate: f64,
    /// The rate of now.
    #[serde(serialize_with = "rate_now")]
    pub base_rate_now: RateNow,
    /// Penalty per observation, where one was stated.
    pub penalty: Option<f64>,
    /// Penalties per observation with their weights.
    pub penalties: Vec<(f64, f64)>,
    /// Calibration in time.
    pub calibration: CalibrationSummary,
    /// Largest component of the gradient at the solution.
    pub gradient_norm: f64,
    /// Judgements known on the training day and not learned from.
    pub excluded: Vec<crate::features::Excluded>,
}

/// Calibration in time, as part of the result.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CalibrationSummary {
    /// Years after which a row weighs half; `None` where all years weigh the same.
    pub half_life_years: Option<f64>,
    /// Shift of the log-odds.
    pub shift: f64,
    /// How many events of equal weight would be as informative.
    pub effective_events: f64,
    /// Slope of the log-odds.
    pub slope: f64,
}

fn rate_now<S: Serializer>(rate: &RateNow, s: S) -> std::result::Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Rate {
        value: f64,
        ci95: Limits<f64>,
    }
    let (value, ci95) = (rate.value, Limits::from(rate.ci95));
    Rate { value, ci95 }.serialize(s)
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

pub(crate) fn knowledge_name<S: Serializer>(
    knowledge: &Knowledge,
    s: S,
) -> std::result::Result<S::Ok, S::Error> {
    s.collect_str(knowledge)
}

impl TrainingSummary {
    fn new(model: &RiskModel) -> Self {
        let record = model.training();
        let found = record.recalibration;
        TrainingSummary {
            inspections: record.inspections,
            events: record.events,
            first_start: record.first_start,
            last_published: record.last_published,
            base_rate: record.base_rate,
            base_rate_now: record.rate_now,
            penalty: record.penalty,
            penalties: record.penalties(),
            calibration: CalibrationSummary {
                half_life_years: found.half_life_years,
                shift: found.shift,
                effective_events: found.effective_events,
                slope: found.slope,
            },
            gradient_norm: model.fit_report().gradient_norm,
            excluded: record.excluded.clone(),
        }
    }
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
                (places.is_none(), "places", NO_REFITS),
                (listed_in.is_none(), "listed_in", NO_REFITS),
                (instability.is_none(), "instability", NO_REFITS),
                (tested.is_none(), "tested", UNTESTED),
                (outside_training.is_none(), "outside_training", DEPENDENT),
                (horizons.values().any(Option::is_none), NEAREST, NO_HORIZON),
                (judged.0.is_none(), "previous_grade", NOT_JUDGED),
                (judged.1.is_none(), "years_since_inspection", NOT_JUDGED),
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
                null_because: null_because.map(|(_, field, why)| (field, why)).collect(),
                explained,
            }
        };
        let mut scores: Vec<Score> = explained.into_iter().enumerate().map(score).collect();
        scores.sort_by(|a, b| {
            let by_score = b.linear_predictor.total_cmp(&a.linear_predictor);
            by_score.then_with(|| a.authority.cmp(&b.authority))
        });
        Ok(Scores {
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

// Why a field of a score is null.
const NO_REFITS: &str = "the model was not learned again from draws";
const UNTESTED: &str = "the model was not tested on past inspections";
const DEPENDENT: &str = "the figures of the training rows depend on each other";
const NO_HORIZON: &str = "the model was not learned for a horizon";
const NOT_JUDGED: &str = "no judgement that speaks for the organisation is known";

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
        self.scores.iter().find(|s| s.authority == authority)
    }
}
