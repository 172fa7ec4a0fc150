//! Would other choices have changed the answer? The back-test of one model again, one thing changed
//! at a time.

use jiff::Span;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use serde::Serialize;

use super::backtest::{BacktestParams, HALF_LIVES};
use super::forecaster::Forecaster;
use super::interval::Interval;
use super::primary;
use super::summary::Subset;
use super::undefined::{Estimate, Undefined, or_null};
use crate::data::{Observation, Origin, Panel, Standing, Value};
use crate::error::Result;
use crate::features::{Feature, FeatureRecipe, Measure, Months};

/// What was changed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "changed")]
pub enum Change {
    /// Nothing.
    Nothing,
    /// All figures were released so many days later; earlier where below 0.
    ReleaseDays {
        /// Days.
        days: i32,
    },
    /// One in twenty-five figures of revised series is moved by a twentieth of itself, up or down:
    /// more than the revisions that were found between two releases of the workforce statistics.
    RevisedSeries,
    /// Inadequate is counted as Requires improvement in the previous grade, or no longer.
    Cap,
    /// Another half-life.
    HalfLife {
        /// In years; `None` weighs all years the same.
        years: Option<f64>,
    },
    /// Without the inspections that started in 2020 and 2021.
    WithoutPandemic,
}

/// One back-test with one thing changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SensitivityRow {
    /// What was changed.
    #[serde(flatten)]
    pub change: Change,
    /// Rows at the first lead.
    pub n: usize,
    /// Of these, with the event.
    pub events: usize,
    /// Within-year C-statistic on the day.
    #[serde(serialize_with = "or_null")]
    pub on_the_day: Estimate,
    /// Its 95% interval.
    #[serde(serialize_with = "or_null")]
    pub on_the_day_ci95: Estimate<Interval>,
    /// Within-year C-statistic at the lead of the primary comparison.
    #[serde(serialize_with = "or_null")]
    pub ahead: Estimate,
    /// Its 95% interval.
    #[serde(serialize_with = "or_null")]
    pub ahead_ci95: Estimate<Interval>,
    /// The primary comparison.
    #[serde(serialize_with = "or_null")]
    pub primary: Estimate,
    /// Its 95% interval.
    #[serde(serialize_with = "or_null")]
    pub primary_ci95: Estimate<Interval>,
    /// Observed over expected events on the day.
    #[serde(serialize_with = "or_null")]
    pub observed_expected: Estimate,
}

/// One in so many revised figures is moved, by this share of itself.
const REVISED_ONE_IN: u64 = 25;
const REVISED_BY: f64 = 0.05;

/// Years whose inspections are left out together.
const PANDEMIC: [i16; 2] = [2020, 2021];

/// Everything that is changed, one at a time.
pub fn changes() -> Vec<Change> {
    let mut all = vec![
        Change::Nothing,
        Change::ReleaseDays { days: -30 },
        Change::ReleaseDays { days: 30 },
        Change::RevisedSeries,
        Change::Cap,
        Change::WithoutPandemic,
    ];
    let others = HALF_LIVES.into_iter();
    let others = others.filter(|years| *years != Some(primary::HALF_LIFE_YEARS));
    all.extend(others.map(|years| Change::HalfLife { years }));
    all
}

/// The back-test of the first recipe and candidate of `params`, once for each change.
///
/// # Errors
/// Those of [`BacktestParams::run`].
pub fn sensitivity(params: &BacktestParams<'_>, panel: &Panel) -> Result<Vec<SensitivityRow>> {
    let changes = changes();
    changes
        .iter()
        .map(|&change| row(params, panel, change))
        .collect()
}

fn row(params: &BacktestParams<'_>, panel: &Panel, change: Change) -> Result<SensitivityRow> {
    let (Some(recipe), Some(&candidate)) = (params.recipes.first(), params.candidates.first())
    else {
        return Err(crate::Error::InvalidValue {
            what: "recipes or models",
            found: "none".to_owned(),
            expected: "at least one".to_owned(),
        });
    };
    let moved;
    let (panel, recipe) = match change {
        Change::ReleaseDays { days } => {
            moved = released(panel, days);
            (&moved, recipe.clone())
        }
        Change::RevisedSeries => {
            moved = revised(panel, params.seed);
            (&moved, recipe.clone())
        }
        Change::Cap => (panel, capped(recipe)?),
        Change::Nothing | Change::HalfLife { .. } | Change::WithoutPandemic => {
            (panel, recipe.clone())
        }
    };
    let first = params.leads.first().copied().unwrap_or(Months(0));
    let result = BacktestParams {
        years: params.years,
        leads: vec![first, primary::LEAD],
        knowledge: params.knowledge,
        outcome_rule: params.outcome_rule,
        replicates: params.replicates,
        seed: params.seed,
        permutations: 0,
        recalibration: match change {
            Change::HalfLife { years } => params.recalibration.half_life(years),
            _ => params.recalibration,
        },
        leave_out: match change {
            Change::WithoutPandemic => [params.leave_out.as_slice(), &PANDEMIC].concat(),
            _ => params.leave_out.clone(),
        },
        ..BacktestParams::new(vec![recipe.clone()], vec![candidate])
    }
    .run(panel, &|_, _| {})?;
    let name = Forecaster::name(candidate);
    let of = |lead: Months| {
        let mut all = result.summaries(recipe.name(), lead.0, Subset::All);
        all.find(|s| s.model == name)
    };
    let (now, ahead) = (of(first), of(primary::LEAD));
    let none = Undefined::NoRows;
    let primary = result.primary.as_ref();
    Ok(SensitivityRow {
        change,
        n: now.map_or(0, |s| s.n),
        events: now.map_or(0, |s| s.events),
        on_the_day: now.map_or(Err(none), |s| s.auroc_within_year),
        on_the_day_ci95: now.map_or(Err(none), |s| s.auroc_within_year_ci95),
        ahead: ahead.map_or(Err(none), |s| s.auroc_within_year),
        ahead_ci95: ahead.map_or(Err(none), |s| s.auroc_within_year_ci95),
        primary: primary.map_or(Err(none), |p| p.within_year_difference),
        primary_ci95: primary.map_or(Err(none), |p| p.ci95),
        observed_expected: now.map_or(Err(none), |s| s.observed_expected),
    })
}

/// The panel with other figures.
fn with_figures(panel: &Panel, mut change: impl FnMut(Observation) -> Observation) -> Panel {
    let mut builder = panel.rebuild();
    builder.replace_observations(
        panel
            .observations()
            .iter()
            .map(|o| (change(*o), Origin::default())),
    );
    builder.build().panel
}

/// All release days moved, none before its period's end.
fn released(panel: &Panel, days: i32) -> Panel {
    with_figures(panel, |o| Observation {
        known_from: o
            .known_from
            .saturating_add(Span::new().days(days))
            .max(o.period_end),
        ..o
    })
}

fn revised(panel: &Panel, seed: u64) -> Panel {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    with_figures(panel, |o| {
        let drawn = random.next_u64();
        let moved = o.standing == Standing::Revised && drawn.is_multiple_of(REVISED_ONE_IN);
        match o.value {
            Value::Number(number) if moved => {
                let up = (drawn / REVISED_ONE_IN).is_multiple_of(2);
                let by = 1.0 + if up { REVISED_BY } else { -REVISED_BY };
                let unit = panel.catalogue().get(o.indicator).map(|i| i.unit.upper());
                Observation {
                    value: Value::Number((number * by).min(unit.unwrap_or(f64::MAX))),
                    // Its counts are of another figure now.
                    numerator: None,
                    denominator: None,
                    ..o
                }
            }
            _ => o,
        }
    })
}

/// The recipe with the previous grade capped, or no longer.
fn capped(recipe: &FeatureRecipe) -> Result<FeatureRecipe> {
    let other = |feature: &Feature| Feature {
        measure: match feature.measure {
            Measure::PreviousGrade => Measure::PreviousGradeCapped,
            Measure::PreviousGradeCapped => Measure::PreviousGrade,
            measure => measure,
        },
        ..*feature
    };
    recipe.with_features_changed(other)
}
