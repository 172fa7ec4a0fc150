//! An authority's figures over time, beside England's, its region's and its neighbours'.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::{
    Authority, AuthorityCode, Direction, Entity, Figure, IndicatorId, Knowledge, Missing, Snapshot,
    Standing, Unit, Value,
};
use crate::error::Result;
use crate::features::FeatureRecipe;
use crate::features::neighbours::mean_of_neighbours;

/// What was known of one indicator on a day, all periods of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    /// The indicator.
    pub indicator: IndicatorId,
    /// What it is in words.
    pub label: String,
    /// Its unit.
    pub unit: Unit,
    /// Its declared direction.
    pub direction: Direction,
    /// Each period for which a row of the authority was known, the oldest first.
    pub points: Vec<TrailPoint>,
    /// The newest number of every period since: England's and the region's figures go on where the
    /// authority has none.
    pub benchmarks: Vec<Benchmark>,
}

/// The authority's figure of one period, in the indicator's unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrailPoint {
    /// Last day of the period.
    pub period_end: Date,
    /// The day from which it was known.
    pub known_from: Date,
    /// The figure; the middle of its interval where it was published as `low`.
    pub value: Option<f64>,
    /// Why there is none.
    pub missing: Option<Missing>,
    /// Published as `low`.
    pub low: bool,
    /// Today's revised series stands for the first release.
    pub revised: bool,
    /// Returned jointly with another authority.
    pub joint: bool,
    /// The authority's own figure, not published by then.
    pub own: bool,
}

/// What one period's figure is held against, in the indicator's unit; published figures alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Benchmark {
    /// Last day of the period.
    pub period_end: Date,
    /// England's figure.
    pub england: Option<f64>,
    /// The region's figure.
    pub region: Option<f64>,
    /// The mean over the statistical neighbours with a figure, if there are at least five: on
    /// every day the neighbours of the newest model, because this is for display.
    pub neighbours: Option<f64>,
}

impl TrailPoint {
    fn new(figure: Figure, on: Date) -> TrailPoint {
        let o = figure.observation;
        let missing = match o.value {
            Value::Missing(why) => Some(why),
            Value::Number(_) | Value::Low { .. } => None,
        };
        TrailPoint {
            period_end: o.period_end,
            known_from: figure.known_from,
            value: figure.point(),
            missing,
            low: matches!(o.value, Value::Low { .. }),
            revised: o.standing == Standing::Revised,
            joint: o.joint,
            own: o.standing == Standing::Own || o.known_from > on,
        }
    }
}

impl Trail {
    /// The newest period's figure, even where it holds no number.
    pub fn newest(&self) -> Option<&TrailPoint> {
        self.points.last()
    }

    /// The benchmarks of a period.
    pub fn benchmark(&self, period_end: Date) -> Option<&Benchmark> {
        self.benchmarks.iter().find(|b| b.period_end == period_end)
    }
}

impl Snapshot<'_> {
    /// The trails of a recipe's indicators for an authority, each indicator once.
    ///
    /// # Errors
    /// [`Error::UnknownIndicator`](crate::Error::UnknownIndicator) if the catalogue lacks one.
    pub fn trails(self, recipe: &FeatureRecipe, authority: &Authority) -> Result<Vec<Trail>> {
        let mut seen: Vec<IndicatorId> = Vec::new();
        for feature in recipe.features() {
            if let Some(indicator) = feature.measure.indicator()
                && !seen.contains(&indicator)
            {
                seen.push(indicator);
            }
        }
        let trail = |indicator| self.trail(indicator, authority);
        seen.into_iter().map(trail).collect()
    }

    fn trail(self, indicator: IndicatorId, authority: &Authority) -> Result<Trail> {
        let described = self.panel().catalogue().get(indicator)?;
        let own = Entity::Authority(authority.code);
        let mut points: Vec<TrailPoint> = self
            .figures(own, indicator)
            .map(|figure| TrailPoint::new(figure, self.date()))
            .collect();
        points.reverse();
        Ok(Trail {
            indicator,
            label: described.name.clone(),
            unit: described.unit,
            direction: described.direction,
            points,
            benchmarks: self.benchmarks(indicator, authority),
        })
    }

    /// Of every period for which England or the region has a number.
    fn benchmarks(self, indicator: IndicatorId, authority: &Authority) -> Vec<Benchmark> {
        // Other people's figures count from their publication, whatever rule holds for one's own.
        let on = self.panel().as_of_with(self.date(), Knowledge::Published);
        let numbers = |entity| numbers(on, entity, indicator);
        let england = numbers(Entity::England);
        let region = AuthorityCode::new(&authority.region_code)
            .map(|code| numbers(Entity::Region(code)))
            .unwrap_or_default();
        let neighbours: Vec<_> = on
            .panel()
            .register()
            .neighbours(authority.code)
            .iter()
            .map(|&code| numbers(Entity::Authority(code)))
            .collect();
        let mut periods: Vec<Date> = england
            .iter()
            .chain(&region)
            .chain(neighbours.iter().flatten())
            .map(|(period, _)| *period)
            .collect();
        periods.sort_unstable();
        periods.dedup();
        let benchmark = |period_end| Benchmark {
            period_end,
            england: at(&england, period_end),
            region: at(&region, period_end),
            neighbours: mean(&neighbours, period_end),
        };
        let found = periods.into_iter().map(benchmark);
        found.filter(Benchmark::holds_a_number).collect()
    }
}

impl Benchmark {
    fn holds_a_number(&self) -> bool {
        self.england.or(self.region).or(self.neighbours).is_some()
    }
}

/// The numbers of a series as known, with the end of their period.
fn numbers(on: Snapshot<'_>, entity: Entity, indicator: IndicatorId) -> Vec<(Date, f64)> {
    let known = on.figures(entity, indicator);
    known
        .filter_map(|f| Some((f.period_end(), f.point()?)))
        .collect()
}

fn at(numbers: &[(Date, f64)], period_end: Date) -> Option<f64> {
    let mut found = numbers.iter().filter(|(period, _)| *period == period_end);
    found.next().map(|(_, value)| *value)
}

fn mean(neighbours: &[Vec<(Date, f64)>], period_end: Date) -> Option<f64> {
    let values = neighbours.iter();
    mean_of_neighbours(values.filter_map(|series| at(series, period_end)))
}
