//! Makes the list of every quarter end, and looks up what happened.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::chance::{Chance, Lists};
use super::result::{
    Caught, FalseAlarm, LaterEvent, Listed, NextJudgement, Quarter, Totals, TrackRecord,
};
use crate::data::{AuthorityCode, Inspection, Knowledge, OutcomeRule, Panel};
use crate::error::Result;
use crate::features::landmark::quarter_ends;
use crate::features::{FeatureRecipe, Months, TrainingSet};
use crate::model::RiskParams;
use crate::parallel::in_order;
use crate::read_back::OutputSchema;
use crate::score::{Capacity, FEWEST_EVENTS, ScoreParams};
use crate::stats::bootstrap::Bootstrap;

/// Which list, and since when.
///
/// ```
/// use forewarn::data::{Knowledge, OutcomeRule};
/// use forewarn::features::FeatureRecipe;
/// use forewarn::jiff::civil::date;
/// use forewarn::model::RiskParams;
/// use forewarn::score::Capacity;
/// use forewarn::validate::{Bootstrap, TrackRecordParams};
/// use forewarn::simulate::SimulationParams;
///
/// let panel = SimulationParams::default().simulate()?.panel();
/// let (model, recipe) = (RiskParams::default(), FeatureRecipe::default());
/// let params = TrackRecordParams {
///     model: &model,
///     recipe: &recipe,
///     outcome_rule: OutcomeRule::default(),
///     knowledge: Knowledge::Published,
///     capacity: Capacity::default(),
///     from: 2020,
///     to: date(2022, 1, 1),
///     draws: Bootstrap::new(100, 1),
/// };
/// let record = params.run(&panel)?;
/// assert!(record.totals.listed_before.caught <= record.totals.events);
/// # Ok::<(), forewarn::Error>(())
/// ```
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
            organisation: score.organisation,
            name: score.name.clone(),
            place: place + 1,
            probability: score.probability,
            next: self.next(panel, score.organisation, day),
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
            .filter(|i| i.organisation == code && i.published > day);
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
            self.outcome_rule.event(i) == Some(true) && i.anchor() > first && scored(i.organisation)
        });
        let event = |inspection: &Inspection| {
            let started = inspection.anchor();
            let before = panel.as_of_with(started, self.knowledge);
            let before = before.judgements(inspection.organisation).previous_grade();
            let times: Vec<Date> = lists
                .of(inspection.organisation)
                .filter(|on| *on < started)
                .collect();
            let last = quarters.iter().map(|q| q.on).rfind(|on| *on < started);
            LaterEvent {
                organisation: inspection.organisation,
                name: name(inspection.organisation),
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
            let own = self.full(panel).filter(|i| i.organisation == code);
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
