//! What came of what was frozen.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::check::frozen_on;
use super::entry::Entry;
use super::frozen::{Frozen, FrozenScore};
use crate::data::{Inspection, OrganisationCode, Panel};
use crate::error::Result;
use crate::monitor::review::{Review, Verdict};
use crate::score::Group;
use crate::stats::interval::{Interval, Measured};
use crate::stats::undefined::{Estimate, or_why};
use crate::validate::{Forecast, ObservedExpected, Ranking};

/// Fewest events of which a verdict may be read.
const FEWEST: usize = 10;

/// Which judgements are joined with which entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvaluationParams {
    /// How old the last entry before an inspection may be, in days. Default: 366.
    pub oldest_days: i32,
    /// Nothing published later is looked at. Default: no such day.
    pub to: Date,
}

impl Default for EvaluationParams {
    fn default() -> Self {
        EvaluationParams {
            oldest_days: 366,
            to: Date::MAX,
        }
    }
}

/// How well frozen scores foresaw what came. Each inspection counts once, with the last entry frozen
/// before it started, so that weekly entries are not counted as so many forecasts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// Entries with scores.
    pub entries: usize,
    /// Of these, made afterwards of past days: their scores are no forecasts, however they did.
    pub reconstructed: usize,
    /// Days of the first and the last.
    pub days: Option<[Date; 2]>,
    /// All inspections with a forecast.
    pub all: Measures,
    /// The same by family and recipe of the model.
    pub by_model: Vec<(String, Measures)>,
    /// The same by where the organisation stood towards the list.
    pub by_group: Vec<(Group, Measures)>,
    /// Organisations of the last entry that were not judged since.
    pub not_yet_judged: usize,
    /// Inspections since the first entry without a score frozen before them.
    pub without_forecast: usize,
    /// Said where there are too few events for a verdict.
    pub few: Option<String>,
    /// What came of what people thought.
    pub reviews: Vec<ReviewOutcome>,
}

/// What some forecasts came to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measures {
    /// Inspections.
    pub rows: usize,
    /// Those with the event.
    pub events: usize,
    /// Inspections of organisations on the list.
    pub listed: usize,
    /// Those of them with the event: catches.
    pub caught: usize,
    /// Observed over expected events.
    #[serde(with = "or_why")]
    pub observed_expected: Estimate<ObservedExpected>,
    /// C-statistic.
    #[serde(with = "or_why")]
    pub c: Estimate,
    /// Its 95% interval (DeLong).
    #[serde(with = "or_why")]
    pub c_ci95: Estimate<Interval>,
    /// Shift in log-odds that makes expected equal observed.
    #[serde(with = "or_why")]
    pub in_the_large: Estimate<Measured>,
}

/// What came of one kind of opinion.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReviewOutcome {
    /// The opinion.
    pub verdict: Verdict,
    /// How often it was given of a name on a list.
    pub given: usize,
    /// Of these, judged since.
    pub judged: usize,
    /// Of these, with the event.
    pub events: usize,
    /// Events that the model expected of those judged.
    pub expected: f64,
}

struct Row<'a> {
    score: &'a FrozenScore,
    model: String,
    event: bool,
}

/// Joins entries with the judgements of a panel that was read later.
///
/// # Errors
/// Those of [`Forecast::from_log_odds`], which entries as they were written do not meet.
pub fn evaluate(entries: &[Entry], panel: &Panel, params: EvaluationParams) -> Result<Evaluation> {
    let scored: Vec<(&Entry, &Frozen)> = entries
        .iter()
        .filter_map(|entry| Some((entry, entry.scores()?)))
        .collect();
    let days = scored.iter().map(|(_, frozen)| frozen.as_of);
    let days = days.clone().min().zip(days.max());
    let (mut rows, mut without_forecast) = (Vec::new(), 0);
    for inspection in inspections(panel, &scored, params) {
        let last = last_before(&scored, inspection, params);
        let row = last.and_then(|frozen| {
            Some(Row {
                score: frozen.of(inspection.organisation)?,
                model: format!("{}, {}", frozen.model, frozen.recipe),
                event: frozen.outcome_rule.event(inspection)?,
            })
        });
        match row {
            Some(row) => rows.push(row),
            None => without_forecast += 1,
        }
    }
    let (mut models, mut groups) = (BTreeMap::new(), BTreeMap::new());
    for row in &rows {
        models
            .entry(row.model.clone())
            .or_insert_with(Vec::new)
            .push(row);
        groups
            .entry(row.score.group)
            .or_insert_with(Vec::new)
            .push(row);
    }
    let all = measures(&rows.iter().collect::<Vec<_>>())?;
    let few = (all.events < FEWEST).then(|| {
        format!(
            "{} events of {} inspections: too few for a verdict; read the intervals",
            all.events, all.rows
        )
    });
    Ok(Evaluation {
        entries: scored.len(),
        reconstructed: scored.iter().filter(|(e, _)| e.reconstructed).count(),
        days: days.map(|(first, last)| [first, last]),
        all,
        by_model: each(models)?,
        by_group: each(groups)?,
        not_yet_judged: not_yet_judged(panel, &scored, params),
        without_forecast,
        few,
        reviews: reviews(entries, panel, &scored, params),
    })
}

fn each<K>(rows: BTreeMap<K, Vec<&Row>>) -> Result<Vec<(K, Measures)>> {
    let each = rows
        .into_iter()
        .map(|(key, rows)| Ok((key, measures(&rows)?)));
    each.collect()
}

/// Full inspections, started after the first entry and published by the last day looked at.
fn inspections<'a>(
    panel: &'a Panel,
    scored: &[(&Entry, &Frozen)],
    params: EvaluationParams,
) -> impl Iterator<Item = &'a Inspection> {
    let first = scored.iter().map(|(_, frozen)| frozen.as_of).min();
    let rule = scored.first().map(|(_, frozen)| frozen.outcome_rule);
    panel.inspections().iter().filter(move |i| {
        let judged = rule.is_some_and(|rule| rule.event(i).is_some());
        let since = first.is_some_and(|first| i.anchor() > first);
        let known = panel.register().get(i.organisation);
        judged
            && since
            && i.is_like_for_like()
            && i.published <= params.to
            && known.is_some_and(|organisation| organisation.scored)
    })
}

/// The last scores frozen before an inspection started.
fn last_before<'a>(
    scored: &[(&Entry, &'a Frozen)],
    inspection: &Inspection,
    params: EvaluationParams,
) -> Option<&'a Frozen> {
    let start = inspection.anchor();
    let before = scored.iter().filter(|(entry, frozen)| {
        let in_time = entry.reconstructed || frozen_on(entry) < inspection.published;
        let age = (start - frozen.as_of).get_days();
        in_time && frozen.as_of < start && age <= params.oldest_days
    });
    before
        .max_by_key(|(entry, frozen)| (frozen.as_of, entry.number))
        .map(|(_, frozen)| *frozen)
}

fn measures(rows: &[&Row]) -> Result<Measures> {
    let log_odds: Vec<f64> = rows.iter().map(|r| r.score.linear_predictor).collect();
    let events: Vec<bool> = rows.iter().map(|r| r.event).collect();
    let forecast = Forecast::from_log_odds(&log_odds, &events)?;
    let ranking = Ranking::new(&log_odds, &events)?;
    let listed = || rows.iter().filter(|r| r.score.on_watchlist);
    Ok(Measures {
        rows: rows.len(),
        events: forecast.events(),
        listed: listed().count(),
        caught: listed().filter(|r| r.event).count(),
        observed_expected: forecast.observed_expected(),
        c: ranking.tally().c_statistic(),
        c_ci95: ranking.delong().map(|d| d.interval95),
        in_the_large: forecast.calibration_in_the_large(),
    })
}

fn not_yet_judged(panel: &Panel, scored: &[(&Entry, &Frozen)], params: EvaluationParams) -> usize {
    let last = scored.iter().max_by_key(|(e, f)| (f.as_of, e.number));
    let Some((_, last)) = last else { return 0 };
    let judged = |code: OrganisationCode| {
        panel.inspections().iter().any(|i| {
            i.organisation == code
                && i.is_like_for_like()
                && i.anchor() > last.as_of
                && i.published <= params.to
        })
    };
    let scores = last.scores.iter();
    scores.filter(|score| !judged(score.organisation)).count()
}

fn reviews(
    entries: &[Entry],
    panel: &Panel,
    scored: &[(&Entry, &Frozen)],
    params: EvaluationParams,
) -> Vec<ReviewOutcome> {
    let all: Vec<&Review> = entries.iter().filter_map(Entry::review).collect();
    let of = |verdict: Verdict| {
        let mut outcome = ReviewOutcome {
            verdict,
            given: 0,
            judged: 0,
            events: 0,
            expected: 0.0,
        };
        for review in &all {
            let frozen = scored.iter().find(|(_, f)| f.as_of == review.as_of);
            let given = review.opinions.iter().filter(|o| o.verdict == verdict);
            for opinion in given {
                outcome.given += 1;
                let Some((_, frozen)) = frozen else { continue };
                let next = panel.inspections().iter().filter(|i| {
                    i.organisation == opinion.organisation
                        && i.is_like_for_like()
                        && i.anchor() > review.as_of
                        && i.published <= params.to
                });
                let next = next.min_by_key(|i| i.published);
                let event = next.and_then(|i| frozen.outcome_rule.event(i));
                if let (Some(event), Some(score)) = (event, frozen.of(opinion.organisation)) {
                    outcome.judged += 1;
                    outcome.events += usize::from(event);
                    outcome.expected += score.probability;
                }
            }
        }
        outcome
    };
    match all.is_empty() {
        true => Vec::new(),
        false => Verdict::ALL.map(of).to_vec(),
    }
}
