//! When inspectors come, what they find, and when it is published.

use jiff::Span;
use jiff::civil::{Date, date};

use super::condition::{Condition, year_of};
use super::framework::framework;
use super::params::SimulationParams;
use super::place::{Place, REORGANISED, Role};
use super::stream::{Stream, logistic};
use crate::data::{Framework, Grade, Inspection, JudgementKey, Judgements, Scope};

/// The true log-odds with which one inspection was to end Inadequate.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueRisk {
    /// First day of fieldwork, also where the inspection itself does not state it.
    pub start: Date,
    /// Log-odds that overall effectiveness or any key judgement is Inadequate.
    pub log_odds: f64,
}

/// One inspection with its truth.
pub(super) struct Visit {
    pub(super) inspection: Inspection,
    pub(super) risk: TrueRisk,
    pub(super) event: bool,
}

/// Times without inspections: between two frameworks, and in the pandemic.
const PAUSES: [(Date, Date); 2] = [
    (date(2012, 8, 1), date(2013, 11, 19)),
    (date(2020, 3, 16), date(2021, 3, 1)),
];
const CARE_LEAVERS_JUDGED_FROM: Date = date(2023, 1, 1);
const NO_OVERALL_FROM: Date = date(2026, 4, 27);
const YEAR: f64 = 365.25;

/// All inspections of one place, the earliest first.
pub(super) fn history(
    params: &SimulationParams,
    index: usize,
    place: &Place,
    path: &[Condition],
) -> Vec<Visit> {
    let mut timing = Stream::new(params.seed, "timing", index);
    let mut judging = Stream::new(params.seed, "judging", index);
    let mut visits: Vec<Visit> = Vec::new();
    let first = date(params.first_inspection_year(), 6, 1);
    let mut due = match place.role {
        Role::Successor => later(REORGANISED.max(first), timing.between(1.0, 3.0) * YEAR),
        _ => later(first, timing.between(0.0, 3.1) * YEAR),
    };
    let last = date(params.last_year(), 12, 31).min(place.organisation.to.unwrap_or(Date::MAX));
    loop {
        let start = working_day(due, &mut timing);
        let published = later(start, timing.between(50.0, 80.0).round());
        if published > last {
            return visits;
        }
        let Some(log_odds) = log_odds(params, path, start) else {
            return visits;
        };
        let event = judging.chance(logistic(log_odds));
        let judgements = judge(
            start,
            event,
            params.intercept(start) - log_odds,
            &mut judging,
        );
        due = later(published, gap_years(event, &mut timing) * YEAR);
        visits.push(Visit {
            inspection: inspection(place, start, published, judgements, &visits),
            risk: TrueRisk { start, log_odds },
            event,
        });
    }
}

/// Inadequate authorities are judged again after about 3 years, others after more than 4
/// (publication to publication).
fn gap_years(inadequate: bool, draw: &mut Stream) -> f64 {
    let (mean, spread) = if inadequate { (2.7, 0.6) } else { (4.1, 0.7) };
    (mean + spread * draw.normal()).max(0.8)
}

fn later(day: Date, days: f64) -> Date {
    day.saturating_add(Span::new().days(days as i64))
}

/// The Monday of that week, or of some week in the year after a pause.
fn working_day(due: Date, draw: &mut Stream) -> Date {
    let paused = PAUSES.iter().find(|(from, to)| (*from..*to).contains(&due));
    let day = paused.map_or(due, |(_, to)| later(*to, draw.between(0.0, YEAR)));
    later(day, -f64::from(day.weekday().to_monday_zero_offset()))
}

fn condition_on(path: &[Condition], day: Date) -> Option<&Condition> {
    let year = year_of(day);
    path.iter().find(|c| c.year == year)
}

/// The model of the event, see the module documentation.
pub(super) fn log_odds(params: &SimulationParams, path: &[Condition], day: Date) -> Option<f64> {
    let condition = condition_on(path, day)?;
    Some(
        params.intercept(day) + params.drift(day) - params.quality_effect * condition.quality
            + params.strain_effect * condition.strain
            + params.need_effect * condition.deprivation
            + condition.unmeasured,
    )
}

fn judge(start: Date, event: bool, relief: f64, draw: &mut Stream) -> Judgements {
    let framework = framework(start);
    let grade = if event {
        Grade::Inadequate
    } else {
        passed(framework, relief, draw)
    };
    let mut given = Judgements::of([
        (JudgementKey::LEADERS, key(grade, 0.85, draw)),
        (JudgementKey::HELP_AND_PROTECTION, key(grade, 0.85, draw)),
        (JudgementKey::IN_CARE, key(grade, 0.4, draw)),
        (JudgementKey::CARE_LEAVERS, key(grade, 0.3, draw)),
    ]);
    let decisive = [
        JudgementKey::LEADERS,
        JudgementKey::HELP_AND_PROTECTION,
        JudgementKey::IN_CARE,
    ];
    let failed = decisive
        .map(|key| given.get(key))
        .contains(&Some(Grade::Inadequate));
    if event && (!failed || framework == Framework::Slac) {
        given.set(JudgementKey::HELP_AND_PROTECTION, Some(Grade::Inadequate));
    }
    // Of 313 ILACS inspections 4 had a key judgement Inadequate and were not so overall.
    let spared = event && framework == Framework::Ilacs && draw.chance(0.02);
    let overall = if spared {
        Grade::RequiresImprovement
    } else {
        grade
    };
    let overall = (start < NO_OVERALL_FROM).then_some(overall);
    given.set(JudgementKey::OVERALL, overall);
    match framework {
        Framework::Ilacs if start >= CARE_LEAVERS_JUDGED_FROM => {}
        Framework::Ilacs => given.set(JudgementKey::CARE_LEAVERS, None),
        Framework::Sif => {
            let side = grade.min(Grade::RequiresImprovement);
            given.set(JudgementKey::ADOPTION, Some(key(side, 0.0, draw)));
            given.set(JudgementKey::LSCB, Some(key(side, 0.0, draw)));
        }
        _ => {
            given.set(JudgementKey::LEADERS, None);
            given.set(JudgementKey::CARE_LEAVERS, None);
            given.set(JudgementKey::HELP_AND_PROTECTION, overall);
        }
    }
    given
}

/// The overall grade where it is not Inadequate, better with `relief`, by how much the log-odds of
/// Inadequate lie below an average authority's. Shares of Good or better and, among those, of
/// Outstanding: 45% and 8% (SLAC), 43% and 5% (SIF), 63% and 29% (ILACS to 2023).
fn passed(framework: Framework, relief: f64, draw: &mut Stream) -> Grade {
    let (good, outstanding) = match framework {
        Framework::Ilacs => (0.5, 0.29),
        Framework::Sif => (-0.3, 0.05),
        _ => (-0.2, 0.08),
    };
    if !draw.chance(logistic(good + 0.6 * relief)) {
        Grade::RequiresImprovement
    } else if draw.chance(outstanding) {
        Grade::Outstanding
    } else {
        Grade::Good
    }
}

/// A key judgement: under an Inadequate overall grade Inadequate with that probability, otherwise
/// mostly the overall grade and never Inadequate.
fn key(overall: Grade, inadequate: f64, draw: &mut Stream) -> Grade {
    let (same, up) = (draw.uniform(), draw.chance(0.5));
    match overall {
        Grade::Inadequate if same < inadequate => Grade::Inadequate,
        Grade::Inadequate => Grade::RequiresImprovement,
        _ if same < 0.75 => overall,
        Grade::Good if up => Grade::Outstanding,
        Grade::Good => Grade::RequiresImprovement,
        _ => Grade::Good,
    }
}

fn inspection(
    place: &Place,
    start: Date,
    published: Date,
    judgements: Judgements,
    before: &[Visit],
) -> Inspection {
    let framework = framework(start);
    let known = framework != Framework::Slac;
    let kind = kind(framework, before);
    let days = match (framework, kind) {
        (Framework::Sif, _) => 24.0,
        (_, "short") => 4.0,
        _ => 11.0,
    };
    Inspection {
        organisation: place.organisation.code,
        framework,
        kind: kind.to_owned(),
        scope: if known {
            Scope::All
        } else {
            Scope::SafeguardingAndLookedAfter
        },
        // As in reality, where the first framework's dates of fieldwork are lost.
        start: known.then_some(start),
        end: known.then(|| later(start, days)),
        published,
        judgements,
        published_basis: "simulated".to_owned(),
        in_care_includes_care_leavers: (framework == Framework::Ilacs)
            .then_some(start < CARE_LEAVERS_JUDGED_FROM),
    }
}

fn kind(framework: Framework, before: &[Visit]) -> &'static str {
    let last = before.last().and_then(|v| v.inspection.grade());
    match framework {
        Framework::Ilacs if last.is_some_and(|g| g <= Grade::Good) => "short",
        Framework::Ilacs => "standard",
        Framework::Sif if before.iter().any(|v| v.inspection.framework == framework) => {
            "reinspection"
        }
        Framework::Sif => "first",
        _ => "safeguarding_and_looked_after",
    }
}
