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
    known: PopulationSource,
}

/// When a population was known, and by whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PopulationSource {
    pub(crate) release: Release,
    /// Of sources known on one day the lowest goes first.
    pub(crate) rank: u8,
    pub(crate) standing: Standing,
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
        known: PopulationSource,
    ) {
        let value = Some(value);
        let new = Population { value, known };
        let first = self.populations.entry((entity, year)).or_insert(new);
        let order = |known: PopulationSource| (known.release.date, known.rank);
        match order(known).cmp(&order(first.known)) {
            Ordering::Less => *first = new,
            Ordering::Equal if first.value != value => first.value = None,
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
            let Some((children, population)) = known.and_then(|p| Some((p.value?, p.known))) else {
                computed.without_population += 1;
                continue;
            };
            let value = per_10k(count.value, children);
            match value {
                Value::Number(rate) if !Unit::Per10kChildren.accepts(rate) => {
                    computed.refused.push((count.origin, count.rate, rate));
                }
                _ => {
                    let observation = observation(count, (children, population), value);
                    panel.observation(observation, count.origin);
                }
            }
        }
        computed
    }
}

/// Month and day of the middle of a year.
pub(crate) const MID_YEAR: (i8, i8) = (6, 30);

/// The year whose 30 June is the last on or before a day.
fn last_mid_year(day: Date) -> i16 {
    let passed = (day.month(), day.day()) >= MID_YEAR;
    day.year() - i16::from(!passed)
}

fn observation(
    count: &Count,
    (children, known): (Value, PopulationSource),
    value: Value,
) -> Observation {
    let release = Release::later(count.release, known.release);
    Observation {
        entity: count.entity,
        indicator: count.rate,
        period_end: count.period_end,
        known_from: release.date,
        basis: release.basis,
        value,
        numerator: number(count.value),
        denominator: number(children),
        // A rate by an unpublished population is no published one.
        standing: match known.standing {
            Standing::Own => Standing::Own,
            Standing::Released | Standing::Revised => Standing::Revised,
        },
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
