//! Raises the alerts of a day.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::rule::{Rule, Trigger};
use crate::data::OrganisationCode;
use crate::monitor::compare::NOISE;
use crate::monitor::log::{Frozen, FrozenScore};

/// Something to look at, raised once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// The rule.
    pub rule: String,
    /// The organisation.
    pub organisation: OrganisationCode,
    /// Its name.
    pub name: String,
    /// The day.
    pub on: Date,
    /// What it is about, in words.
    pub detail: String,
    /// The risk on that day.
    pub probability: f64,
    /// The place on that day.
    pub rank: usize,
}

/// What was raised and is not gone: a small file between two days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertState {
    /// The last day that was looked at.
    pub as_of: Option<Date>,
    /// By rule, organisation and what it is about: since when.
    pub active: BTreeMap<String, Date>,
}

impl AlertState {
    /// The organisations for which an alert of a rule stands, once for each alert.
    pub fn organisations(&self, rule: &Rule) -> impl Iterator<Item = OrganisationCode> {
        self.active.keys().filter_map(|key| {
            let rest = key.strip_prefix(&rule.name)?.strip_prefix('|')?;
            OrganisationCode::new(rest.split_once('|')?.0).ok()
        })
    }
}

/// What a rule finds of an organisation: what it is about, and whether that is enough for a new alert.
struct Found {
    about: String,
    detail: String,
    enters: bool,
}

/// Raises the alerts of a day that were not raised before; `earlier` are the scores of the days before
/// it, oldest first. A day that the state has seen already raises nothing, so that days may be put to
/// it again.
pub fn raise(
    rules: &[Rule],
    state: &mut AlertState,
    earlier: &[&Frozen],
    now: &Frozen,
) -> Vec<Alert> {
    if state.as_of.is_some_and(|seen| now.as_of <= seen) {
        return Vec::new();
    }
    let (mut alerts, mut active) = (Vec::new(), BTreeMap::new());
    for rule in rules {
        for score in &now.scores {
            for found in find(rule, score, earlier, now) {
                let key = format!("{}|{}|{}", rule.name, score.organisation, found.about);
                match state.active.get(&key) {
                    Some(since) => {
                        active.insert(key, *since);
                    }
                    None if found.enters => {
                        active.insert(key, now.as_of);
                        alerts.push(Alert {
                            rule: rule.name.clone(),
                            organisation: score.organisation,
                            name: score.name.clone(),
                            on: now.as_of,
                            detail: found.detail,
                            probability: score.probability,
                            rank: score.rank,
                        });
                    }
                    None => {}
                }
            }
        }
    }
    *state = AlertState {
        as_of: Some(now.as_of),
        active,
    };
    alerts
}

/// What a rule has to say of an organisation: what would keep an alert that stands.
fn find(rule: &Rule, score: &FrozenScore, earlier: &[&Frozen], now: &Frozen) -> Vec<Found> {
    let failed = score
        .previous_grade
        .is_some_and(|grade| now.outcome_rule.is_event(grade));
    let one = |stays: bool, enters: bool, detail: String| {
        let found = Found {
            about: String::new(),
            detail,
            enters,
        };
        stays.then_some(found).into_iter().collect()
    };
    match rule.trigger {
        Trigger::Risk { .. } | Trigger::Place { .. } | Trigger::Rise { .. } if failed => Vec::new(),
        Trigger::Risk { enter, leave } => {
            let p = score.probability;
            let detail = format!("risk {:.0}%", 100.0 * p);
            one(p >= leave, p >= enter, detail)
        }
        Trigger::Place { enter, leave } => {
            let detail = format!("place {}", score.rank);
            one(score.rank <= leave, score.rank <= enter, detail)
        }
        Trigger::Rise { months, at_least } => {
            let Some((lowest, on)) = lowest(score.organisation, earlier, now.as_of, months) else {
                return Vec::new();
            };
            let rise = score.probability - lowest;
            let noise = score.instability.map_or(0.0, |moves| NOISE * moves);
            let detail = format!("up {:.1} points since {on}", 100.0 * rise);
            one(
                rise >= at_least / 2.0,
                rise >= at_least && rise > noise,
                detail,
            )
        }
        Trigger::Stale { months } => stale(score, now.as_of, months),
        Trigger::Missing => missing(score, earlier),
        Trigger::Event { event, finding } => {
            let of_kind = score.events.iter().filter(|e| {
                e.kind == event && finding.is_none_or(|finding| e.finding == Some(finding))
            });
            of_kind
                .map(|e| Found {
                    about: e.known_from.to_string(),
                    detail: format!("{} of {}", e.kind, e.known_from),
                    enters: true,
                })
                .collect()
        }
        Trigger::Persistent => one(
            score.persistent_failure,
            true,
            "the worst grade twice within five years".to_owned(),
        ),
        Trigger::Systemic => one(
            score.systemic_failure == Some(true),
            true,
            "every key judgement of the worst grade".to_owned(),
        ),
    }
}

/// The lowest risk of the months before, and its day.
fn lowest(
    organisation: OrganisationCode,
    earlier: &[&Frozen],
    now: Date,
    months: u16,
) -> Option<(f64, Date)> {
    let since = now.saturating_sub(Span::new().months(i64::from(months)));
    let within = earlier.iter().filter(|frozen| frozen.as_of >= since);
    let risks = within.filter_map(|f| Some((f.of(organisation)?.probability, f.as_of)));
    risks.min_by(|a, b| a.0.total_cmp(&b.0))
}

fn stale(score: &FrozenScore, now: Date, months: u16) -> Vec<Found> {
    let since = now.saturating_sub(Span::new().months(i64::from(months)));
    let figures = score.parts.iter().filter(|part| !part.of_judgements);
    figures
        .filter_map(|part| {
            let end = part.period_end.filter(|end| *end < since)?;
            Some(Found {
                about: part.feature.clone(),
                detail: format!("{}: newest figure of {end}", part.feature),
                enters: true,
            })
        })
        .collect()
}

fn missing(score: &FrozenScore, earlier: &[&Frozen]) -> Vec<Found> {
    let last = earlier
        .last()
        .and_then(|frozen| frozen.of(score.organisation));
    let had = |feature: &str| {
        let part = last?.parts.iter().find(|part| part.feature == feature);
        Some(part?.value.is_some())
    };
    let gone = score.parts.iter().filter(|part| part.value.is_none());
    gone.map(|part| Found {
        about: part.feature.clone(),
        detail: format!("{}: no figure", part.feature),
        enters: had(&part.feature) == Some(true),
    })
    .collect()
}
