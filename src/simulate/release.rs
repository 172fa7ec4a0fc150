//! One indicator in one year as it is published: rates, benchmarks, withheld cells, joint returns,
//! revisions.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::measure::{Counts, Measure};
use super::place::{JOINT_FROM, Place, Role};
use super::stream::Stream;
use crate::data::{
    AuthorityCode, Basis, Entity, Indicator, Missing, Observation, Series, Standing, Unit, Value,
};
use crate::error::Result;

/// Years to 31 March without children-in-need figures from the attacked authority.
const LOST_YEARS: [i16; 2] = [2021, 2022];

/// One indicator in one year.
pub(super) struct Release<'a> {
    pub(super) measure: &'a Measure,
    pub(super) indicator: &'a Indicator,
    pub(super) period_end: Date,
    pub(super) known_from: Date,
    /// A year later, when a revision comes out.
    pub(super) revised_from: Date,
}

impl Release<'_> {
    /// Whether the place existed at the end of the period.
    pub(super) fn concerns(&self, place: &Place) -> bool {
        place.organisation.exists_on(self.period_end)
    }

    /// England and the regions, from all counts, the withheld ones included.
    pub(super) fn benchmarks(
        &self,
        places: &[Place],
        cells: &[Option<Counts>],
        figures: &mut Vec<Observation>,
    ) -> Result<()> {
        let mut england = Counts::default();
        let mut regions: BTreeMap<&str, Counts> = BTreeMap::new();
        for (place, cell) in places.iter().zip(cells) {
            if let Some(cell) = cell.filter(|_| !self.lost(place)) {
                england = england.add(cell);
                let region = regions.entry(&place.organisation.region_code).or_default();
                *region = region.add(cell);
            }
        }
        figures.push(self.figure(Entity::England, self.of_area(england), england));
        for (code, counts) in regions {
            let region = Entity::Region(AuthorityCode::new(code)?);
            figures.push(self.figure(region, self.of_area(counts), counts));
        }
        Ok(())
    }

    /// The authorities, a few of them first with a figure that is revised a year later.
    pub(super) fn authorities(
        &self,
        places: &[Place],
        cells: &[Option<Counts>],
        accidents: &mut [Stream],
        figures: &mut Vec<Observation>,
    ) {
        let joint = self.joint(places, cells);
        for ((place, cell), draw) in places.iter().zip(cells).zip(accidents) {
            let Some(own) = *cell else { continue };
            let entity = Entity::Authority(place.organisation.code);
            if let Some(counts) = joint.filter(|_| place.role == Role::Joint) {
                figures.push(Observation {
                    joint: true,
                    numerator: None,
                    denominator: None,
                    ..self.figure(entity, self.number(counts), counts)
                });
                continue;
            }
            let figure = self.figure(entity, self.value(place, own, draw), own);
            let (revised, found) = (draw.chance(0.0015), draw.between(0.8, 0.95));
            if revised && matches!(figure.value, Value::Number(_)) {
                let first = Counts {
                    above: (found * own.above).round(),
                    ..own
                };
                figures.push(self.figure(entity, self.number(first), first));
                figures.push(Observation {
                    known_from: self.revised_from,
                    ..figure
                });
            } else {
                figures.push(figure);
            }
        }
    }

    /// The counts of the joint return, if this is one.
    fn joint(&self, places: &[Place], cells: &[Option<Counts>]) -> Option<Counts> {
        let is_joint =
            self.indicator.series == Series::SocialWorkWorkforce && self.period_end >= JOINT_FROM;
        is_joint.then(|| {
            let members = places
                .iter()
                .zip(cells)
                .filter(|(p, _)| p.role == Role::Joint);
            members
                .filter_map(|(_, cell)| *cell)
                .fold(Counts::default(), Counts::add)
        })
    }

    /// Whether the authority has no children-in-need figures for the year.
    fn lost(&self, place: &Place) -> bool {
        place.role == Role::Attacked
            && self.indicator.series == Series::ChildrenInNeed
            && LOST_YEARS.contains(&self.period_end.year())
    }

    /// What stands in an authority's cell.
    fn value(&self, place: &Place, counts: Counts, draw: &mut Stream) -> Value {
        let (unavailable, part_time) = (draw.chance(0.003), draw.chance(0.5));
        if self.lost(place) || unavailable {
            Value::Missing(Missing::Unavailable)
        } else if counts.below == 0.0 {
            Value::Missing(Missing::NotApplicable)
        } else if self.measure.withheld && (1.0..=5.0).contains(&counts.above) {
            Value::Missing(Missing::Suppressed)
        } else if self.measure.part_time && counts.above == 0.0 && part_time {
            Value::Low {
                below: self.indicator.unit.low_below(),
            }
        } else {
            self.number(counts)
        }
    }

    /// The rate of an area: of one of tiny authorities that did nothing there is none.
    fn of_area(&self, counts: Counts) -> Value {
        match counts.below > 0.0 {
            true => self.number(counts),
            false => Value::Missing(Missing::NotApplicable),
        }
    }

    /// The rate as published: proportions to 3 decimals (percentages to 1), others to 1.
    fn number(&self, counts: Counts) -> Value {
        let (scale, steps) = match self.indicator.unit {
            Unit::Per10kChildren => (1e4, 10.0),
            Unit::CasesPerWorker | Unit::Score => (1.0, 10.0),
            // The simulated world has no others.
            Unit::Proportion | Unit::Count | Unit::Declared(_) => (1.0, 1000.0),
        };
        // A joint return may be of less than one whole post.
        let rate = scale * counts.above / counts.below.max(1.0);
        Value::Number((rate * steps).round() / steps)
    }

    /// The figure with as many of its counts as its value lets out.
    fn figure(&self, entity: Entity, value: Value, counts: Counts) -> Observation {
        let (above, below) = match value {
            Value::Number(_) => (Some(counts.above), Some(counts.below)),
            Value::Low { .. } | Value::Missing(Missing::Suppressed) => (None, Some(counts.below)),
            Value::Missing(_) => (None, None),
        };
        Observation {
            entity,
            indicator: self.indicator.id,
            period_end: self.period_end,
            known_from: self.known_from,
            basis: Basis::Confirmed,
            value,
            numerator: above,
            denominator: below,
            standing: Standing::Released,
            joint: false,
            source: 0,
        }
    }
}
