//! What followed the alerts of past days.

use jiff::Span;
use jiff::civil::Date;
use serde::Serialize;

use super::raise::{Alert, AlertState, raise};
use super::rule::Rule;
use crate::data::{Inspection, OrganisationCode, Panel};
use crate::monitor::log::Frozen;
use crate::stats::interval::{Interval, wilson};
use crate::stats::undefined::{Estimate, or_why};

/// What counts as having followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordParams {
    /// Months within which the event has to be published. Default: 24.
    pub horizon_months: u16,
    /// Nothing published later is looked at, and alerts whose horizon ends later are open.
    pub to: Date,
}

/// What followed the alerts of one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleRecord {
    /// The rule.
    pub rule: Rule,
    /// Alerts.
    pub alerts: usize,
    /// Alerts a year.
    pub per_year: f64,
    /// Its 95% interval: that of a Poisson count by its square root (n^1/2 +- 0.98, squared).
    pub per_year_ci95: [f64; 2],
    /// Alerts whose horizon has ended.
    pub decided: usize,
    /// Of these, those followed by the event within the horizon, a repeated one too.
    pub followed: usize,
    /// Their share.
    #[serde(with = "or_why")]
    pub share_ci95: Estimate<Interval>,
    /// Months from alert to publication, of those followed: lowest, middle and highest.
    pub months_before: Option<[f64; 3]>,
    /// Events of organisations that had not failed before, published since the first day.
    pub events: usize,
    /// Of these, those without an alert that stood within the horizon before them.
    pub without: usize,
}

/// Puts past days, oldest first, to rules, each by itself, and looks up what followed.
pub fn records(
    rules: &[Rule],
    days: &[&Frozen],
    panel: &Panel,
    params: RecordParams,
) -> Vec<RuleRecord> {
    let record = |rule: &Rule| {
        let (mut state, mut alerts, mut standing) = (AlertState::default(), Vec::new(), Vec::new());
        for (at, day) in days.iter().enumerate() {
            alerts.extend(raise(
                std::slice::from_ref(rule),
                &mut state,
                &days[..at],
                day,
            ));
            standing.extend(state.organisations(rule).map(|code| (day.as_of, code)));
        }
        one(rule, (&alerts, &standing), days, panel, params)
    };
    rules.iter().map(record).collect()
}

fn one(
    rule: &Rule,
    (alerts, standing): (&[Alert], &[(Date, OrganisationCode)]),
    days: &[&Frozen],
    panel: &Panel,
    params: RecordParams,
) -> RuleRecord {
    let horizon = Span::new().months(i64::from(params.horizon_months));
    let (all, events) = events(days, panel, params);
    let after = |alert: &Alert| {
        let own = all.iter().filter(|i| i.organisation == alert.organisation);
        let until = alert.on.saturating_add(horizon);
        let within = own.filter(|i| i.published > alert.on && i.published <= until);
        within.map(|i| i.published).min()
    };
    let ended = |alert: &&Alert| alert.on.saturating_add(horizon) <= params.to;
    let decided = alerts.iter().filter(ended);
    let mut months: Vec<f64> = decided
        .clone()
        .filter_map(|alert| Some(f64::from((after(alert)? - alert.on).get_days()) / 30.4375))
        .collect();
    months.sort_unstable_by(f64::total_cmp);
    let without = events.iter().filter(|i| {
        let since = i.published.saturating_sub(horizon);
        let mut all = standing.iter();
        !all.any(|(on, of)| *of == i.organisation && *on >= since && *on < i.published)
    });
    let first_last = days.first().zip(days.last());
    let years = first_last.map_or(0.0, |(first, last)| {
        f64::from((last.as_of - first.as_of).get_days()) / 365.25
    });
    let yearly = |count: f64| if years > 0.0 { count / years } else { 0.0 };
    let root = (alerts.len() as f64).sqrt();
    let (decided, followed) = (decided.count(), months.len());
    RuleRecord {
        rule: rule.clone(),
        alerts: alerts.len(),
        per_year: yearly(alerts.len() as f64),
        per_year_ci95: [(root - 0.98).max(0.0), root + 0.98].map(|end| yearly(end * end)),
        decided,
        followed,
        share_ci95: wilson(followed, decided),
        months_before: match months.as_slice() {
            [] => None,
            all => Some([all[0], all[all.len() / 2], all[all.len() - 1]]),
        },
        events: events.len(),
        without: without.count(),
    }
}

/// All events since the first day, and those of organisations that had not failed before.
fn events<'a>(
    days: &[&Frozen],
    panel: &'a Panel,
    params: RecordParams,
) -> (Vec<&'a Inspection>, Vec<&'a Inspection>) {
    let Some(first) = days.first() else {
        return (Vec::new(), Vec::new());
    };
    let rule = first.outcome_rule;
    let scored = |i: &Inspection| {
        let known = panel.register().get(i.organisation);
        known.is_some_and(|organisation| organisation.scored)
    };
    let failed = panel.inspections().iter().filter(|i| {
        let within = i.anchor() > first.as_of && i.published <= params.to;
        rule.event(i) == Some(true) && i.is_like_for_like() && within && scored(i)
    });
    let all: Vec<&Inspection> = failed.collect();
    let is_new = |i: &&&Inspection| {
        let before = panel.as_of(i.anchor()).judgements(i.organisation);
        !before
            .previous_grade()
            .is_some_and(|grade| rule.is_event(grade))
    };
    let new = all.iter().filter(is_new).copied().collect();
    (all, new)
}
