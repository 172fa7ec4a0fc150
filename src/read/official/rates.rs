//! Rates per 10,000 children, computed from counts and populations once all files are read.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::data::{
    Entity, IndicatorId, Missing, Observation, Origin, PanelBuilder, Release, Standing, Unit, Value,
};

/// A count that waits for its population.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    /// The rate that it is the numerator of.
    pub(crate) rate: IndicatorId,
    pub(crate) entity: Entity,
    /// Last day of the period.
    pub(crate) period_end: Date,
    pub(crate) value: Value,
    pub(crate) release: Release,
    pub(crate) source: u16,
    pub(crate) origin: Origin,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Population {
    value: Value,
    release: Release,
}

/// Counts and populations, in whatever order their files came.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    counts: Vec<Count>,
    // By entity and mid-year; `None` where two files state different numbers.
    populations: HashMap<(Entity, i16), Option<Population>>,
}

/// What became of the counts.
#[derive(Debug, Default)]
pub(crate) struct Computed {
    /// Counts without a population for their mid-year, by no file or by files that differ.
    pub(crate) without_population: usize,
    /// Rates outside their unit's range: the count's row, the indicator and the rate.
    pub(crate) refused: Vec<(Origin, IndicatorId, f64)>,
}

impl Rates {
    /// Takes a count.
    pub(crate) fn count(&mut self, count: Count) {
        self.counts.push(count);
    }

    /// Takes the population at the middle of a year.
    pub(crate) fn population(&mut self, entity: Entity, year: i16, value: Value, release: Release) {
        let new = Population { value, release };
        self.populations
            .entry((entity, year))
            .and_modify(|known| *known = known.filter(|k| *k == new))
            .or_insert(Some(new));
    }

    /// Adds every rate to the panel. A count is divided by the population at the last middle of a
    /// year in or before its period's end (the year to March of Y by that of Y - 1, as the
    /// Department does); the rate is known once both are.
    pub(crate) fn compute(&self, panel: &mut PanelBuilder) -> Computed {
        let mut computed = Computed::default();
        for count in &self.counts {
            let year = last_mid_year(count.period_end);
            let Some(Some(population)) = self.populations.get(&(count.entity, year)) else {
                computed.without_population += 1;
                continue;
            };
            let value = per_10k(count.value, population.value);
            match value {
                Value::Number(rate) if !Unit::Per10kChildren.accepts(rate) => {
                    computed.refused.push((count.origin, count.rate, rate));
                }
                _ => panel.observation(observation(count, population, value), count.origin),
            }
        }
        computed
    }
}

/// The year whose 30 June is the last on or before a day.
fn last_mid_year(day: Date) -> i16 {
    let passed = (day.month(), day.day()) >= (6, 30);
    day.year() - i16::from(!passed)
}

fn observation(count: &Count, population: &Population, value: Value) -> Observation {
    let release = Release::later(count.release, population.release);
    Observation {
        entity: count.entity,
        indicator: count.rate,
        period_end: count.period_end,
        known_from: release.date,
        basis: release.basis,
        value,
        numerator: number(count.value),
        denominator: number(population.value),
        standing: Standing::Revised,
        joint: false,
        source: count.source,
    }
}

fn number(value: Value) -> Option<f64> {
    match value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

fn per_10k(count: Value, population: Value) -> Value {
    match (count, population) {
        (Value::Missing(_), _) => count,
        (_, Value::Missing(_)) => population,
        _ => match (count.point(), population.point()) {
            (Some(count), Some(children)) if children > 0.0 => {
                Value::Number(1e4 * count / children)
            }
            _ => Value::Missing(Missing::NotApplicable),
        },
    }
}
