//! Every test of a day, and what it means.

use jiff::Span;
use jiff::civil::Date;
use serde::Serialize;

use super::paired::{Tested, fair, fisher, holm, moved, order};
use crate::data::{AuthorityCode, Entity, IndicatorId, OutcomeRule, ReleaseCalendar, Snapshot};
use crate::error::Result;
use crate::features::FeatureRecipe;
use crate::monitor::compare::{Expected, known_next};
use crate::monitor::log::Frozen;
use crate::stats::bootstrap::Bootstrap;

/// How much is simulated, and what counts as moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DriftParams {
    /// Draws of each null. Default: 1,999.
    pub draws: Bootstrap,
    /// Share of days on which anything may be named where nothing moved. Default: 0.05.
    pub level: f64,
}

impl Default for DriftParams {
    fn default() -> Self {
        DriftParams {
            draws: Bootstrap::new(1999, 1),
            level: 0.05,
        }
    }
}

/// What is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DriftTest {
    /// The distribution: the statistic is the population stability index.
    Distribution,
    /// The level: the sum of signed ranks.
    Level,
    /// What is missing: newly missing less newly known.
    Missing,
    /// The order: by how much the rank correlation is lower than the one before.
    Order,
    /// The rate of events: its difference.
    Rate,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriftCheck {
    /// The indicator, `score`, or `events`.
    pub subject: String,
    /// What is tested.
    pub test: DriftTest,
    /// The last days of the two periods.
    pub periods: [Date; 2],
    /// Pairs, or rows.
    pub n: usize,
    /// What was found.
    pub statistic: f64,
    /// How rare that is if nothing moved.
    pub p: f64,
    /// The same, adjusted for all tests of the day.
    pub p_adjusted: f64,
    /// Whether it has moved.
    pub moved: bool,
}

/// All tests of a day.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DriftReport {
    /// The day.
    pub as_of: Date,
    /// Share of days on which anything may be named where nothing moved.
    pub level: f64,
    /// The tests.
    pub checks: Vec<DriftCheck>,
    /// Releases that look like a change of definition, in words: to be read up before their figures
    /// are believed.
    pub definition_changes: Vec<String>,
    /// What becomes known next, and how sure the day is.
    pub known_next: Vec<Expected>,
    /// What to add to a `calendar.csv`, in words: releases beyond the calendar.
    pub beyond_calendar: Vec<String>,
}

/// Pairs that a test needs.
const FEWEST: usize = 20;
/// How many times as high or low the middle has to be to look like another definition.
const MIDDLE_MOVED: f64 = 1.5;

impl DriftParams {
    /// Tests the newest release of every figure of a recipe against the one before, as known on a day;
    /// the events of the last two years against the two before; and, between two frozen days, the
    /// scores.
    ///
    /// # Errors
    /// [`Error::UnknownIndicator`](crate::Error::UnknownIndicator) if the catalogue lacks one.
    pub fn run(
        &self,
        known: Snapshot<'_>,
        recipe: &FeatureRecipe,
        outcome_rule: OutcomeRule,
        calendar: &ReleaseCalendar,
        scores: Option<[&Frozen; 2]>,
    ) -> Result<DriftReport> {
        let (mut checks, mut definition_changes) = (Vec::new(), Vec::new());
        let mut middles = Vec::new();
        for id in recipe.indicators() {
            let found = Releases::of(known, id);
            middles.extend(found.middle().map(|ratio| (id.to_string(), ratio)));
            checks.extend(found.checks(id.as_str(), self.draws));
        }
        checks.extend(rate(known, outcome_rule));
        checks.extend(scores.into_iter().flat_map(|s| of_scores(s, self.draws)));
        let p: Vec<f64> = checks.iter().map(|check| check.p).collect();
        for (check, adjusted) in checks.iter_mut().zip(holm(&p)) {
            check.p_adjusted = adjusted;
            check.moved = adjusted <= self.level;
        }
        for check in checks.iter().filter(|check| check.moved) {
            if check.test == DriftTest::Order && check.subject != SCORE {
                definition_changes.push(format!(
                    "{}, period to {}: the order of organisations broke (rank correlation lower by {:.2})",
                    check.subject, check.periods[1], check.statistic
                ));
            }
        }
        for (subject, ratio) in middles {
            if !(1.0 / MIDDLE_MOVED..MIDDLE_MOVED).contains(&ratio) {
                definition_changes.push(format!(
                    "{subject}: the middle is {ratio:.2} times that of the release before"
                ));
            }
        }
        let catalogue = known.panel().catalogue();
        let next = known_next(recipe, catalogue, calendar, known.date())?;
        Ok(DriftReport {
            as_of: known.date(),
            level: self.level,
            checks,
            definition_changes,
            beyond_calendar: next.iter().filter_map(beyond).collect(),
            known_next: next,
        })
    }
}

const SCORE: &str = "score";

fn beyond(expected: &Expected) -> Option<String> {
    (expected.basis == crate::data::Basis::Fallback).then(|| {
        format!(
            "{}, period to {}: no release day is in the calendar; {} is its longest lag. Add a line to \
             calendar.csv: {},{},{},DAY,confirmed",
            expected.series.name(),
            expected.period_end,
            expected.on,
            expected.series.name(),
            expected.period_end.year(),
            expected.period_end
        )
    })
}

/// The newest three releases of an indicator, the newest last, of every organisation.
struct Releases {
    periods: Vec<Date>,
    rows: Vec<[Option<f64>; 3]>,
}

impl Releases {
    fn of(known: Snapshot<'_>, id: IndicatorId) -> Releases {
        let organisations: Vec<AuthorityCode> = known
            .authorities()
            .filter(|of| of.scored)
            .map(|of| of.code)
            .collect();
        let figures = |code| known.figures(Entity::Authority(code), id);
        let mut periods: Vec<Date> = organisations
            .iter()
            .flat_map(|&code| figures(code).take(3))
            .map(|figure| figure.period_end())
            .collect();
        periods.sort_unstable();
        periods.dedup();
        let periods = periods.split_off(periods.len().saturating_sub(3));
        let row = |&code: &AuthorityCode| {
            let mut row = [None; 3];
            for figure in figures(code) {
                let place = periods.iter().position(|end| *end == figure.period_end());
                let Some(place) = place else { continue };
                row[place + 3 - periods.len()] = figure.observation.value.point();
            }
            row
        };
        Releases {
            rows: organisations.iter().map(row).collect(),
            periods,
        }
    }

    fn last_two(&self) -> Option<[Date; 2]> {
        let [.., before, newest] = self.periods.as_slice() else {
            return None;
        };
        Some([*before, *newest])
    }

    fn pairs(&self) -> Vec<[f64; 2]> {
        let rows = self.rows.iter();
        rows.filter_map(|[_, a, b]| Some([(*a)?, (*b)?])).collect()
    }

    /// The middle of the newest release over that of the one before, of those in both.
    fn middle(&self) -> Option<f64> {
        let pairs = self.pairs();
        let middle = |side: usize| {
            let mut values: Vec<f64> = pairs.iter().map(|pair| pair[side]).collect();
            values.sort_unstable_by(f64::total_cmp);
            values.get(values.len() / 2).copied()
        };
        let (before, after) = (middle(0)?, middle(1)?);
        (pairs.len() >= FEWEST && before > 0.0).then(|| after / before)
    }

    fn checks(&self, subject: &str, draws: Bootstrap) -> Vec<DriftCheck> {
        let Some(periods) = self.last_two() else {
            return Vec::new();
        };
        let mut checks = paired(subject, periods, &self.rows, draws);
        let triples = self.rows.iter();
        let triples = triples.filter_map(|[a, b, c]| Some([(*a)?, (*b)?, (*c)?]));
        let triples: Vec<[f64; 3]> = triples.collect();
        if triples.len() >= FEWEST {
            let tested = order(&triples, draws);
            checks.push(check(
                subject,
                DriftTest::Order,
                periods,
                triples.len(),
                tested,
            ));
        }
        checks
    }
}

fn check(
    subject: &str,
    test: DriftTest,
    periods: [Date; 2],
    n: usize,
    tested: Tested,
) -> DriftCheck {
    DriftCheck {
        subject: subject.to_owned(),
        test,
        periods,
        n,
        statistic: tested.statistic,
        p: tested.p,
        p_adjusted: 1.0,
        moved: false,
    }
}

/// Distribution, level and what is missing, of the last two of three.
fn paired(
    subject: &str,
    periods: [Date; 2],
    rows: &[[Option<f64>; 3]],
    draws: Bootstrap,
) -> Vec<DriftCheck> {
    let pairs = rows.iter().filter_map(|[_, a, b]| Some([(*a)?, (*b)?]));
    let pairs: Vec<[f64; 2]> = pairs.collect();
    let mut checks = Vec::new();
    if pairs.len() >= FEWEST {
        let tests = [DriftTest::Distribution, DriftTest::Level];
        for (test, tested) in tests.into_iter().zip(moved(&pairs, draws)) {
            checks.push(check(subject, test, periods, pairs.len(), tested));
        }
    }
    let count = |of: fn(&[Option<f64>; 3]) -> bool| rows.iter().filter(|row| of(row)).count();
    let lost = count(|[_, before, after]| before.is_some() && after.is_none());
    let gained = count(|[_, before, after]| before.is_none() && after.is_some());
    let tested = Tested {
        statistic: lost as f64 - gained as f64,
        p: fair(lost, gained),
    };
    checks.push(check(
        subject,
        DriftTest::Missing,
        periods,
        rows.len(),
        tested,
    ));
    checks
}

/// The scores of two frozen days.
fn of_scores([before, after]: [&Frozen; 2], draws: Bootstrap) -> Vec<DriftCheck> {
    let mut codes: Vec<AuthorityCode> = before
        .scores
        .iter()
        .chain(&after.scores)
        .map(|score| score.organisation)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    let of = |frozen: &Frozen, code| frozen.of(code).map(|score| score.linear_predictor);
    let rows = codes.into_iter();
    let rows: Vec<[Option<f64>; 3]> = rows
        .map(|code| [None, of(before, code), of(after, code)])
        .collect();
    paired(SCORE, [before.as_of, after.as_of], &rows, draws)
}

/// Events of the last two years against the two before.
fn rate(known: Snapshot<'_>, rule: OutcomeRule) -> Option<DriftCheck> {
    let today = known.date();
    let back = |months: i64| today.saturating_sub(Span::new().months(months));
    let (middle, first) = (back(24), back(48));
    let counted = |from: Date, to: Date| {
        let judged = known.panel().inspections().iter();
        let judged = judged.filter(|i| i.is_like_for_like() && i.published <= today);
        let within = judged.filter(|i| i.published > from && i.published <= to);
        let events: Vec<bool> = within.filter_map(|i| rule.event(i)).collect();
        [events.iter().filter(|event| **event).count(), events.len()]
    };
    let (before, after) = (counted(first, middle), counted(middle, today));
    (before[1] > 0 && after[1] > 0).then(|| {
        let share = |[events, rows]: [usize; 2]| events as f64 / rows as f64;
        let tested = Tested {
            statistic: share(after) - share(before),
            p: fisher(after, before),
        };
        check(
            "events",
            DriftTest::Rate,
            [middle, today],
            before[1] + after[1],
            tested,
        )
    })
}
