//! Rates per 10,000 children, computed from counts and populations once all files are read.

use std::cmp::Ordering;
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

/// A population as it was first released, by the source that goes first; no value where two such
/// files differ.
#[derive(Clone, Copy, Debug)]
struct Population {
    value: Option<Value>,
    release: Release,
    rank: u8,
}

/// Counts and populations, in whatever order their files came.
#[derive(Debug, Default)]
pub(crate) struct Rates {
    counts: Vec<Count>,
    // By entity and mid-year.
    populations: HashMap<(Entity, i16), Population>,
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

    /// Takes the population at the middle of a year. Of several releases the first stands: what was
    /// known on a day does not change with what was released after it.
    pub(crate) fn population(
        &mut self,
        entity: Entity,
        year: i16,
        value: Value,
        (release, rank): (Release, u8),
    ) {
        let value = Some(value);
        let new = Population {
            value,
            release,
            rank,
        };
        let known = self.populations.entry((entity, year)).or_insert(new);
        match (release.date, rank).cmp(&(known.release.date, known.rank)) {
            Ordering::Less => *known = new,
            Ordering::Equal if known.value != value => known.value = None,
            _ => {}
        }
    }

    /// Adds every rate to the panel. A count is divided by the population at the last middle of a
    /// year in or before its period's end (the year to March of Y by that of Y - 1, as the
    /// Department does); the rate is known once both are.
    pub(crate) fn compute(&self, panel: &mut PanelBuilder) -> Computed {
        let mut computed = Computed::default();
        for count in &self.counts {
            let year = last_mid_year(count.period_end);
            let known = self.populations.get(&(count.entity, year));
            let Some((children, population)) = known.and_then(|p| Some((p.value?, p.release)))
            else {
                computed.without_population += 1;
                continue;
            };
            let value = per_10k(count.value, children);
            match value {
                Value::Number(rate) if !Unit::Per10kChildren.accepts(rate) => {
                    computed.refused.push((count.origin, count.rate, rate));
                }
                _ => {
                    let known = Release::later(count.release, population);
                    panel.observation(observation(count, (children, known), value), count.origin);
                }
            }
        }
        computed
    }
}

/// The year whose 30 June is the last on or before a day.
pub(crate) fn last_mid_year(day: Date) -> i16 {
    let passed = (day.month(), day.day()) >= (6, 30);
    day.year() - i16::from(!passed)
}

fn observation(count: &Count, (children, release): (Value, Release), value: Value) -> Observation {
    Observation {
        entity: count.entity,
        indicator: count.rate,
        period_end: count.period_end,
        known_from: release.date,
        basis: release.basis,
        value,
        numerator: number(count.value),
        denominator: number(children),
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
