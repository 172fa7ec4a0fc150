//! The track record by name: the list as it would have been at every quarter end, and what happened
//! to everybody on it.
//!
//! At each quarter end everything is learned again from what was known then, and the list is the
//! one that a user would have had. Nothing is left out: false alarms, names that were never
//! inspected, and events that no list had. Chance with the same churn is the same lists with the
//! names of organisations dealt out anew, once for all quarters: as many names, as long on the list,
//! and as often changed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::permutation::exceeded;
use crate::data::{AuthorityCode, Grade, Inspection, Knowledge, OutcomeRule, Panel};
use crate::error::Result;
use crate::features::landmark::quarter_ends;
use crate::features::{FeatureRecipe, Months, TrainingSet};
use crate::model::RiskParams;
use crate::parallel::in_order;
use crate::read_back::OutputSchema;
use crate::score::{Capacity, FEWEST_EVENTS, ScoreParams};
use crate::stats::bootstrap::{Bootstrap, below};
use crate::stats::interval::{Limits, clopper_pearson, quantile};
use crate::stats::undefined::{Estimate, or_why};

/// Which list, and since when.
#[derive(Clone, Debug)]
pub struct TrackRecordParams<'a> {
    /// The model.
    pub model: &'a RiskParams,
    /// The recipe.
    pub recipe: &'a FeatureRecipe,
    /// What counts as the event.
    pub outcome_rule: OutcomeRule,
    /// When figures count as known.
    pub knowledge: Knowledge,
    /// Length of the list.
    pub capacity: Capacity,
    /// First year whose quarter ends have a list.
    pub from: i16,
    /// Last day: what was published later is not known.
    pub to: Date,
    /// Draws of names behind what chance would have.
    pub draws: Bootstrap,
}

/// The lists, and what happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrackRecord {
    /// The layout of its JSON.
    pub schema: OutputSchema,
    /// First year.
    pub from: i16,
    /// Last day known.
    pub to: Date,
    /// Length of the list.
    pub capacity: usize,
    /// Every quarter end with its list.
    pub quarters: Vec<Quarter>,
    /// Quarter ends without a list, since too few events were known to learn from.
    pub without_list: usize,
    /// Every inspection with the event that started after the first list, by publication.
    pub events: Vec<LaterEvent>,
    /// Everybody who was ever on a list and was not judged with the event after the first time.
    pub false_alarms: Vec<FalseAlarm>,
    /// What it comes to.
    pub totals: Totals,
}

/// One quarter end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quarter {
    /// The day.
    pub on: Date,
    /// Inspections learned from.
    pub inspections: usize,
    /// Of these, with the event.
    pub events: usize,
    /// The rate of that day.
    pub rate_now: f64,
    /// Organisations scored.
    pub scored: usize,
    /// The list, the highest first.
    pub listed: Vec<Listed>,
}

/// One name of one list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// Whose it is.
    pub organisation: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Place on the list, 1 first.
    pub place: usize,
    /// Probability, if inspected then.
    pub probability: f64,
    /// The next full judgement published after the day; `None` where there was none.
    pub next: Option<NextJudgement>,
}

/// What was judged next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextJudgement {
    /// First day of the inspection, or the day assumed for it.
    pub started: Date,
    /// The day of publication.
    pub published: Date,
    /// The grade that the outcome rule looks at.
    pub grade: Grade,
    /// Whether it was the event.
    pub event: bool,
}

/// An inspection with the event, and whether a list had named it beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaterEvent {
    /// Who was judged.
    pub organisation: AuthorityCode,
    /// Its name.
    pub name: String,
    /// First day of the inspection, or the day assumed for it.
    pub started: Date,
    /// The day of publication.
    pub published: Date,
    /// Whether its newest grade before was the worst one already, so that no list would name it.
    pub already: bool,
    /// The first list that named it; `None` if none did.
    pub first_listed: Option<Date>,
    /// Months from the first list to the start.
    pub months_before: Option<f64>,
    /// Lists before the start that named it.
    pub times_listed: usize,
    /// Whether the last list before the start named it.
    pub on_last_list: bool,
}

/// Somebody who was listed, and not judged with the event afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FalseAlarm {
    /// Who.
    pub organisation: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Lists that named it.
    pub times_listed: usize,
    /// The first of them.
    pub first_listed: Date,
    /// The last full judgement published after it; `None` where it was not inspected.
    pub judged: Option<NextJudgement>,
}

/// What the lists come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Lists.
    pub quarters: usize,
    /// Organisations that could have been listed at some time.
    pub organisations: usize,
    /// Organisations that ever were: the exposure.
    pub ever_listed: usize,
    /// Names on lists, counted each time.
    pub names: usize,
    /// Events of organisations whose grade was not the worst one already.
    pub events: usize,
    /// Of these, on some list before.
    pub listed_before: Caught,
    /// Of these, on the last list before the start.
    pub on_last_list: Caught,
    /// Names whose next full judgement was the event, of the names that were judged.
    pub came_true: usize,
    /// Names that were judged at some time after.
    pub judged: usize,
    /// Organisations listed and not judged with the event afterwards, though judged.
    pub false_alarms: usize,
    /// Organisations listed and not inspected afterwards: unknown.
    pub not_inspected: usize,
}

/// Events that lists had named, beside what chance with the same churn would have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Caught {
    /// How many.
    pub caught: usize,
    /// Clopper and Pearson's 95% interval of the share of events.
    pub share_ci95: Option<Limits<f64>>,
    /// Mean of what chance would have caught.
    #[serde(with = "or_why")]
    pub by_chance: Estimate,
    /// Between how many of 100 cases of chance lie 95.
    pub by_chance_ci95: Option<Limits<f64>>,
    /// How probable so many are by chance.
    #[serde(with = "or_why")]
    pub p: Estimate,
}

impl TrackRecordParams<'_> {
    /// Makes the list of every quarter end, and looks up what happened.
    ///
    /// # Errors
    /// Those of learning and scoring; an unusable day of a list is counted, not an error.
    pub fn run(&self, panel: &Panel) -> Result<TrackRecord> {
        let known = panel.as_of_with(self.to, self.knowledge);
        let all = known.training(self.recipe, self.outcome_rule, Months(0))?;
        let first = Date::constant(self.from, 1, 1);
        let days: Vec<Date> = quarter_ends(first, self.to).collect();
        let quarters = in_order(&days, |&day| self.quarter(&all, panel, day));
        let quarters = quarters.into_iter().collect::<Result<Vec<_>>>()?;
        let without_list = quarters.iter().filter(|q| q.is_none()).count();
        let quarters: Vec<Quarter> = quarters.into_iter().flatten().collect();
        let lists = Lists::new(&quarters);
        let events = self.events(panel, &quarters, &lists);
        let false_alarms = self.false_alarms(panel, &quarters, &lists);
        let totals = self.totals(panel, &quarters, &events, &false_alarms, &lists);
        Ok(TrackRecord {
            schema: OutputSchema,
            from: self.from,
            to: self.to,
            capacity: self.capacity.0.get(),
            without_list,
            events,
            false_alarms,
            totals,
            quarters,
        })
    }

    /// `None` where too little was known to learn from.
    fn quarter(&self, all: &TrainingSet, panel: &Panel, day: Date) -> Result<Option<Quarter>> {
        let training = all.published_before(day);
        if training.events() < FEWEST_EVENTS {
            return Ok(None);
        }
        let model = match self.model.refit(&training) {
            Err(error) if error.leaves_no_model() => return Ok(None),
            refit => refit?.model,
        };
        let params = ScoreParams {
            capacity: self.capacity,
            ..ScoreParams::default()
        };
        let scores = model.score_with(panel, day, params)?;
        let listed = scores.watchlist();
        let listed = listed.into_iter().enumerate().map(|(place, score)| Listed {
            organisation: score.authority,
            name: score.name.clone(),
            place: place + 1,
            probability: score.probability,
            next: self.next(panel, score.authority, day),
        });
        Ok(Some(Quarter {
            on: day,
            inspections: training.rows().len(),
            events: training.events(),
            rate_now: model.training().rate_now.value,
            scored: scores.scores.len(),
            listed: listed.collect(),
        }))
    }

    fn full<'a>(&self, panel: &'a Panel) -> impl Iterator<Item = &'a Inspection> {
        let (to, rule) = (self.to, self.outcome_rule);
        let full = panel.inspections().iter();
        full.filter(move |i| i.is_like_for_like() && i.published <= to && rule.grade(i).is_some())
    }

    fn judged(&self, inspection: &Inspection) -> Option<NextJudgement> {
        let grade = self.outcome_rule.grade(inspection)?;
        Some(NextJudgement {
            started: inspection.anchor(),
            published: inspection.published,
            grade,
            event: self.outcome_rule.is_event(grade),
        })
    }

    fn next(&self, panel: &Panel, code: AuthorityCode, day: Date) -> Option<NextJudgement> {
        let later = self
            .full(panel)
            .filter(|i| i.authority == code && i.published > day);
        self.judged(later.min_by_key(|i| i.published)?)
    }

    fn events(&self, panel: &Panel, quarters: &[Quarter], lists: &Lists) -> Vec<LaterEvent> {
        let Some(first) = quarters.first().map(|q| q.on) else {
            return Vec::new();
        };
        let name = |code| {
            let known = panel.register().get(code);
            known.map(|a| a.name.clone()).unwrap_or_default()
        };
        let scored = |code| panel.register().get(code).is_some_and(|a| a.scored);
        let failed = self.full(panel).filter(|i| {
            self.outcome_rule.event(i) == Some(true) && i.anchor() > first && scored(i.authority)
        });
        let event = |inspection: &Inspection| {
            let started = inspection.anchor();
            let before = panel.as_of_with(started, self.knowledge);
            let before = before.judgements(inspection.authority).previous_grade();
            let times: Vec<Date> = lists
                .of(inspection.authority)
                .filter(|on| *on < started)
                .collect();
            let last = quarters.iter().map(|q| q.on).rfind(|on| *on < started);
            LaterEvent {
                organisation: inspection.authority,
                name: name(inspection.authority),
                started,
                published: inspection.published,
                already: before.is_some_and(|grade| self.outcome_rule.is_event(grade)),
                first_listed: times.first().copied(),
                months_before: times
                    .first()
                    .map(|first| f64::from((started - *first).get_days()) / 30.4375),
                times_listed: times.len(),
                on_last_list: times.last().copied() == last,
            }
        };
        let mut events: Vec<LaterEvent> = failed.map(event).collect();
        events.sort_by_key(|event| (event.published, event.organisation));
        events
    }

    fn false_alarms(&self, panel: &Panel, quarters: &[Quarter], lists: &Lists) -> Vec<FalseAlarm> {
        let mut names: BTreeMap<AuthorityCode, &str> = BTreeMap::new();
        for listed in quarters.iter().flat_map(|q| &q.listed) {
            names.entry(listed.organisation).or_insert(&listed.name);
        }
        let alarm = |(code, name): (AuthorityCode, &str)| {
            let first_listed = lists.of(code).next()?;
            let own = self.full(panel).filter(|i| i.authority == code);
            let later: Vec<NextJudgement> = own
                .filter(|i| i.published > first_listed)
                .filter_map(|i| self.judged(i))
                .collect();
            let came_true = later.iter().any(|judged| judged.event);
            (!came_true).then(|| FalseAlarm {
                organisation: code,
                name: name.to_owned(),
                times_listed: lists.of(code).count(),
                first_listed,
                judged: later.into_iter().max_by_key(|judged| judged.published),
            })
        };
        names.into_iter().filter_map(alarm).collect()
    }

    fn totals(
        &self,
        panel: &Panel,
        quarters: &[Quarter],
        events: &[LaterEvent],
        false_alarms: &[FalseAlarm],
        lists: &Lists,
    ) -> Totals {
        let judged: Vec<bool> = quarters
            .iter()
            .flat_map(|q| &q.listed)
            .filter_map(|listed| listed.next.map(|next| next.event))
            .collect();
        let existing =
            |a: &&crate::data::Authority| a.scored && quarters.iter().any(|q| a.exists_on(q.on));
        let organisations = panel.register().iter().filter(existing).map(|a| a.code);
        let organisations: Vec<AuthorityCode> = organisations.collect();
        let new: Vec<&LaterEvent> = events.iter().filter(|event| !event.already).collect();
        let chance = Chance {
            lists,
            quarters,
            organisations: &organisations,
            events: &new,
        };
        let drawn = self.draws.each(|random| chance.draw(random));
        let count = |of: &dyn Fn(&LaterEvent) -> bool| new.iter().filter(|e| of(e)).count();
        let before = count(&|event| event.first_listed.is_some());
        let last = count(&|event| event.on_last_list);
        Totals {
            quarters: quarters.len(),
            organisations: organisations.len(),
            ever_listed: lists.listed.len(),
            names: quarters.iter().map(|q| q.listed.len()).sum(),
            events: new.len(),
            listed_before: Caught::new(before, new.len(), drawn.iter().map(|d| d.0)),
            on_last_list: Caught::new(last, new.len(), drawn.iter().map(|d| d.1)),
            came_true: judged.iter().filter(|event| **event).count(),
            judged: judged.len(),
            false_alarms: false_alarms.iter().filter(|a| a.judged.is_some()).count(),
            not_inspected: false_alarms.iter().filter(|a| a.judged.is_none()).count(),
        }
    }
}

/// On which days each organisation was listed, ascending.
struct Lists {
    listed: BTreeMap<AuthorityCode, BTreeSet<Date>>,
}

impl Lists {
    fn new(quarters: &[Quarter]) -> Self {
        let mut listed: BTreeMap<AuthorityCode, BTreeSet<Date>> = BTreeMap::new();
        for quarter in quarters {
            for name in &quarter.listed {
                listed
                    .entry(name.organisation)
                    .or_default()
                    .insert(quarter.on);
            }
        }
        Lists { listed }
    }

    fn of(&self, code: AuthorityCode) -> impl DoubleEndedIterator<Item = Date> {
        self.listed.get(&code).into_iter().flatten().copied()
    }
}

/// The same lists with other names.
struct Chance<'a> {
    lists: &'a Lists,
    quarters: &'a [Quarter],
    organisations: &'a [AuthorityCode],
    events: &'a [&'a LaterEvent],
}

impl Chance<'_> {
    /// Events on some list, and on the last one, when names are dealt out anew.
    fn draw(&self, random: &mut rand_xoshiro::Xoshiro256PlusPlus) -> (usize, usize) {
        let mut order: Vec<usize> = (0..self.organisations.len()).collect();
        for at in (1..order.len()).rev() {
            let other = below(random, at as u64 + 1) as usize;
            order.swap(at, other);
        }
        let (mut before, mut last) = (0, 0);
        for event in self.events {
            let Ok(place) = self.organisations.binary_search(&event.organisation) else {
                continue;
            };
            let stands_in = self.organisations[order[place]];
            let listed: Vec<Date> = self
                .lists
                .of(stands_in)
                .filter(|on| *on < event.started)
                .collect();
            let newest = self
                .quarters
                .iter()
                .map(|q| q.on)
                .rfind(|on| *on < event.started);
            before += usize::from(!listed.is_empty());
            last += usize::from(newest.is_some() && listed.last().copied() == newest);
        }
        (before, last)
    }
}

impl Caught {
    fn new(caught: usize, events: usize, chance: impl Iterator<Item = usize>) -> Self {
        let mut chance: Vec<f64> = chance.map(|n| n as f64).collect();
        chance.sort_unstable_by(f64::total_cmp);
        let mean = chance.iter().sum::<f64>() / chance.len() as f64;
        let none = crate::stats::undefined::Undefined::NoRows;
        let ends = || {
            Some(Limits {
                low: quantile(&chance, 0.025).ok()?,
                high: quantile(&chance, 0.975).ok()?,
            })
        };
        Caught {
            caught,
            share_ci95: clopper_pearson(caught, events).ok().map(Limits::from),
            by_chance: if chance.is_empty() {
                Err(none)
            } else {
                Ok(mean)
            },
            by_chance_ci95: ends(),
            p: exceeded(caught as f64, &chance),
        }
    }
}
