//! Would other choices have changed the answer? The back-test of one model again, one thing changed
//! at a time.

use jiff::Span;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};

use super::forecaster::Forecaster;
use super::params::BacktestParams;
use super::prediction::HALF_LIVES;
use super::primary;
use super::subset::Subset;
use crate::data::{Observation, Origin, Panel, Standing, Value};
use crate::error::Result;
use crate::features::{Feature, FeatureRecipe, Measure, Months};
use crate::stats::interval::Interval;
use crate::stats::undefined::{Estimate, Undefined, or_why};

/// What was changed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SensitivityRow {
    /// What was changed.
    #[serde(flatten)]
    pub change: Change,
    /// Rows at the first lead.
    pub n: usize,
    /// Of these, with the event.
    pub events: usize,
    /// Within-year C-statistic on the day.
    #[serde(with = "or_why")]
    pub on_the_day: Estimate,
    /// Its 95% interval.
    #[serde(with = "or_why")]
    pub on_the_day_ci95: Estimate<Interval>,
    /// Within-year C-statistic at the lead of the primary comparison.
    #[serde(with = "or_why")]
    pub ahead: Estimate,
    /// Its 95% interval.
    #[serde(with = "or_why")]
    pub ahead_ci95: Estimate<Interval>,
    /// The primary comparison.
    #[serde(with = "or_why")]
    pub primary: Estimate,
    /// Its 95% interval.
    #[serde(with = "or_why")]
    pub primary_ci95: Estimate<Interval>,
    /// Observed over expected events on the day.
    #[serde(with = "or_why")]
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
    builder.replace_observations(panel.observations().map(|o| (change(o), Origin::default())));
    builder.built().panel
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

#[cfg(test)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::data::{
        AuthorityCode, Basis, Catalogue, Entity, IndicatorId, PanelBuilder, Register,
    };
    use crate::simulate::SimulationParams;

    fn simulated() -> Panel {
        SimulationParams::default().simulate().unwrap().panel()
    }

    #[test]
    fn releasing_on_the_same_day_changes_nothing() {
        let panel = simulated();
        let same = released(&panel, 0);
        assert!(same.observations().eq(panel.observations()));
        assert!(same.inspections() == panel.inspections());
    }

    #[test]
    fn releases_are_moved_by_days_and_never_before_the_periods_end() {
        let panel = simulated();
        for days in [-30, 30] {
            let moved = released(&panel, days);
            assert_eq!(moved.figures(), panel.figures());
            for (before, after) in panel.observations().zip(moved.observations()) {
                let day = before.known_from.saturating_add(Span::new().days(days));
                let known_from = day.max(before.period_end);
                let expected = Observation {
                    known_from,
                    ..before
                };
                assert_eq!(after, expected);
            }
            assert!(moved.inspections() == panel.inspections());
        }
        let earliest = released(&revisable(), -1000);
        let mut all = earliest.observations();
        assert!(all.all(|o| o.known_from == o.period_end));
    }

    /// Of so many, half of them revised.
    const FIGURES: usize = 10_000;

    fn revisable() -> Panel {
        let mut builder = PanelBuilder::new(Register::empty(), Catalogue::childrens_services());
        builder.source(0, "test");
        for i in 0..FIGURES {
            let standing = [Standing::Revised, Standing::Released][i % 2];
            let figure = Observation {
                entity: Entity::Authority(AuthorityCode::new(&format!("T{:04}", i / 2)).unwrap()),
                indicator: IndicatorId::new("reviews_on_time_rate").unwrap(),
                period_end: Date::constant(2018 + (i % 2) as i16, 3, 31),
                known_from: Date::constant(2019 + (i % 2) as i16, 10, 31),
                basis: Basis::Confirmed,
                value: Value::Number([0.5, 0.5, 0.99, 0.99][i % 4]),
                numerator: Some(5.0),
                denominator: Some(10.0),
                standing,
                joint: false,
                source: 0,
            };
            builder.observation(figure, Origin::default());
        }
        builder.built().panel
    }

    /// One in 25 of 5,000, by 4 binomial standard errors; up in half of these.
    #[test]
    fn one_in_25_revised_figures_is_moved_by_a_twentieth() {
        let panel = revisable();
        let moved = revised(&panel, 1);
        let (mut up, mut down) = (0, 0);
        for (before, after) in panel.observations().zip(moved.observations()) {
            if before == after {
                continue;
            }
            assert_eq!(before.standing, Standing::Revised);
            assert_eq!((after.numerator, after.denominator), (None, None));
            let (old, new) = (before.value.point().unwrap(), after.value.point().unwrap());
            if new > old {
                // No share is above 1.
                assert!((new - (1.05 * old).min(1.0)).abs() < 1e-12);
                up += 1;
            } else {
                assert!((new - 0.95 * old).abs() < 1e-12);
                down += 1;
            }
        }
        let sd = |share: f64| (5000.0 * share * (1.0 - share)).sqrt();
        assert!((f64::from(up + down) - 200.0).abs() < 4.0 * sd(0.04));
        for found in [up, down] {
            assert!((f64::from(found) - 100.0).abs() < 4.0 * sd(0.02), "{found}");
        }
        // Another seed moves others.
        assert!(!revised(&panel, 2).observations().eq(moved.observations()));
    }

    #[test]
    fn the_cap_is_set_or_taken_off() {
        let measures = |recipe: &FeatureRecipe| {
            let all = recipe.features().iter();
            all.map(|f| f.measure).collect::<Vec<_>>()
        };
        let (free, cap) = (FeatureRecipe::four_themes(), FeatureRecipe::themes_capped());
        assert_eq!(measures(&capped(&free).unwrap()), measures(&cap));
        assert_eq!(measures(&capped(&cap).unwrap()), measures(&free));
        let without = FeatureRecipe::lead_indicators();
        assert_eq!(capped(&without).unwrap(), without);
    }

    #[test]
    fn every_half_life_but_the_default_is_a_change() {
        let all = changes();
        assert_eq!(all[0], Change::Nothing);
        let years = all.iter().filter_map(|change| match change {
            Change::HalfLife { years } => Some(*years),
            _ => None,
        });
        let expected = [Some(1.0), Some(2.0), Some(5.0), None];
        assert_eq!(years.collect::<Vec<_>>(), expected);
    }
}
