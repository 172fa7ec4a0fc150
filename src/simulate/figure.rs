//! From counts to what is published: rates, benchmarks, withheld cells, joint returns, revisions.

use jiff::civil::{Date, date};

use super::SimulationParams;
use super::condition::Condition;
use super::measure::{Activity, Kind, MEASURES, Measure, activity};
use super::place::{Place, Role};
use super::stream::{Stream, logistic};
use crate::data::{
    AuthorityCode, Basis, Catalogue, Entity, Indicator, IndicatorId, Missing, Observation,
    ReleaseCalendar, Series, Standing, Unit, Value,
};
use crate::error::Result;

/// A numerator and its denominator.
#[derive(Clone, Copy, Default)]
struct Counts {
    above: f64,
    below: f64,
}

impl Counts {
    fn add(self, other: Counts) -> Counts {
        Counts {
            above: self.above + other.above,
            below: self.below + other.below,
        }
    }
}

/// One indicator in one year, as it is to be published.
struct Release<'a> {
    measure: &'a Measure,
    indicator: &'a Indicator,
    period_end: Date,
    known_from: Date,
    /// A year later, when a revision comes out.
    revised_from: Date,
}

/// Every figure of the world, in the order of our tidy layout.
pub(super) fn publish(
    params: &SimulationParams,
    places: &[Place],
    paths: &[Vec<Condition>],
) -> Result<Vec<Observation>> {
    let catalogue = Catalogue::childrens_services();
    let calendar = ReleaseCalendar::england();
    let activities: Vec<Vec<Activity>> = places
        .iter()
        .enumerate()
        .map(|(index, place)| activity(params, index, place))
        .collect();
    let mut figures = Vec::new();
    for measure in &MEASURES {
        let indicator = catalogue.get(IndicatorId::new(measure.id)?)?;
        let counts = counts(params, measure, indicator, &activities, paths);
        let mut accidents = Stream::new(params.seed, &format!("{} accidents", measure.id), 0);
        for t in 0..usize::from(params.years) {
            let release = release(params, measure, indicator, &calendar, t);
            let cells = present(places, &counts, &release, t);
            release.benchmarks(places, &cells, &mut figures)?;
            for (index, place) in places.iter().enumerate() {
                if let Some(cell) = cells[index] {
                    let joint = release.joint(places, &cells, place);
                    release.authority(
                        place,
                        joint.unwrap_or(cell),
                        joint.is_some(),
                        &mut accidents,
                        &mut figures,
                    );
                }
            }
        }
    }
    figures.sort_by_key(|o| (o.entity, o.indicator, o.period_end, o.known_from));
    Ok(figures)
}

fn period_end(series: Series, year: i16) -> Date {
    match series {
        Series::SocialWorkWorkforce => date(year, 9, 30),
        _ => date(year, 3, 31),
    }
}

fn release<'a>(
    params: &SimulationParams,
    measure: &'a Measure,
    indicator: &'a Indicator,
    calendar: &ReleaseCalendar,
    t: usize,
) -> Release<'a> {
    let year = params.first_year + t as i16;
    let known = |year| {
        calendar
            .release(indicator.series, period_end(indicator.series, year))
            .date
    };
    Release {
        measure,
        indicator,
        period_end: period_end(indicator.series, year),
        known_from: known(year),
        revised_from: known(year + 1),
    }
}

/// True counts by place and year.
fn counts(
    params: &SimulationParams,
    measure: &Measure,
    indicator: &Indicator,
    activities: &[Vec<Activity>],
    paths: &[Vec<Condition>],
) -> Vec<Vec<Counts>> {
    let years = usize::from(params.years);
    let mut common = Stream::new(params.seed, &format!("{} year", measure.id), 0);
    let shifts: Vec<f64> = (0..years).map(|_| 0.06 * common.normal()).collect();
    // A path starts five years before the first figures: the census of a year is taken on
    // 30 September, the year to 31 March has its middle on the 30 September before.
    let lag = if indicator.series == Series::SocialWorkWorkforce {
        5
    } else {
        4
    };
    let place = |(index, (activity, path)): (usize, (&Vec<Activity>, &Vec<Condition>))| {
        let mut draw = Stream::new(params.seed, measure.id, index);
        let own = measure.own(&mut draw, params.signal, years);
        (0..years)
            .map(|t| {
                let link =
                    measure.centre + shifts[t] + own[t] + measure.driven(params, &path[t + lag]);
                draw_counts(measure, &activity[t], link, &mut draw)
            })
            .collect()
    };
    activities
        .iter()
        .zip(paths)
        .enumerate()
        .map(place)
        .collect()
}

fn draw_counts(measure: &Measure, activity: &Activity, link: f64, draw: &mut Stream) -> Counts {
    let below = (measure.below)(activity);
    let above = match measure.kind {
        Kind::Share => draw.binomial(below, logistic(link)),
        Kind::Caseload => (below * libm::exp(link)).round(),
        Kind::ReferralRate => activity.referrals(),
    };
    Counts { above, below }
}

/// The counts of the places that existed at the end of the period.
fn present(
    places: &[Place],
    counts: &[Vec<Counts>],
    release: &Release,
    t: usize,
) -> Vec<Option<Counts>> {
    places
        .iter()
        .zip(counts)
        .map(|(place, years)| {
            place
                .authority
                .exists_on(release.period_end)
                .then(|| years[t])
        })
        .collect()
}

impl Release<'_> {
    /// England and the regions, from all counts, the withheld ones included.
    fn benchmarks(
        &self,
        places: &[Place],
        cells: &[Option<Counts>],
        out: &mut Vec<Observation>,
    ) -> Result<()> {
        let mut england = Counts::default();
        let mut regions = std::collections::BTreeMap::<&str, Counts>::new();
        for (place, cell) in places.iter().zip(cells) {
            if let Some(cell) = cell.filter(|_| !self.lost(place)) {
                england = england.add(cell);
                let region = regions.entry(&place.authority.region_code).or_default();
                *region = region.add(cell);
            }
        }
        out.push(self.number(Entity::England, england));
        for (code, counts) in regions {
            out.push(self.number(Entity::Region(AuthorityCode::new(code)?), counts));
        }
        Ok(())
    }

    /// Whether the authority has no children-in-need figures for the year.
    fn lost(&self, place: &Place) -> bool {
        place.role == Role::Attacked
            && self.indicator.series == Series::ChildrenInNeed
            && matches!(self.period_end.year(), 2021 | 2022)
    }

    /// The counts of the joint return that the place takes part in.
    fn joint(&self, places: &[Place], cells: &[Option<Counts>], place: &Place) -> Option<Counts> {
        let shared = place.role == Role::Joint
            && self.indicator.series == Series::SocialWorkWorkforce
            && self.period_end >= super::place::JOINT_FROM;
        shared.then(|| {
            let members = places
                .iter()
                .zip(cells)
                .filter(|(p, _)| p.role == Role::Joint);
            members
                .filter_map(|(_, cell)| *cell)
                .fold(Counts::default(), Counts::add)
        })
    }

    /// An authority's figure, with what can befall it.
    fn authority(
        &self,
        place: &Place,
        counts: Counts,
        joint: bool,
        draw: &mut Stream,
        out: &mut Vec<Observation>,
    ) {
        let entity = Entity::Authority(place.authority.code);
        let (unavailable, part_time, revised) =
            (draw.chance(0.003), draw.chance(0.5), draw.chance(0.0015));
        let error = draw.between(0.8, 0.95);
        let missing = |why, below| Observation {
            value: Value::Missing(why),
            numerator: None,
            denominator: below,
            ..self.number(entity, counts)
        };
        let below = (!joint).then_some(counts.below);
        let figure = if self.lost(place) || unavailable {
            missing(Missing::Unavailable, None)
        } else if counts.below == 0.0 {
            missing(Missing::NotApplicable, None)
        } else if self.measure.withheld && (1.0..=5.0).contains(&counts.above) {
            missing(Missing::Suppressed, below)
        } else if self.measure.id == "agency_rate" && counts.above == 0.0 && part_time {
            // Less than half a worker.
            let below = Unit::Proportion.low_below();
            Observation {
                value: Value::Low { below },
                numerator: None,
                ..self.number(entity, counts)
            }
        } else {
            self.number(entity, counts)
        };
        let is_number = matches!(figure.value, Value::Number(_));
        if joint {
            out.push(Observation {
                joint,
                numerator: None,
                denominator: None,
                ..figure
            });
        } else if revised && is_number {
            let first = Counts {
                above: (error * counts.above).round(),
                ..counts
            };
            out.push(self.number(entity, first));
            out.push(Observation {
                known_from: self.revised_from,
                ..figure
            });
        } else {
            out.push(figure);
        }
    }

    fn number(&self, entity: Entity, counts: Counts) -> Observation {
        Observation {
            entity,
            indicator: self.indicator.id,
            period_end: self.period_end,
            known_from: self.known_from,
            basis: Basis::Confirmed,
            value: Value::Number(rate(self.indicator.unit, counts)),
            numerator: Some(counts.above),
            denominator: Some(counts.below),
            standing: Standing::Released,
            joint: false,
            source: 0,
        }
    }
}

/// As published: proportions to 3 decimals (percentages to 1), other rates to 1.
fn rate(unit: Unit, counts: Counts) -> f64 {
    let (scale, steps) = match unit {
        Unit::Per10kChildren => (1e4, 10.0),
        Unit::CasesPerWorker => (1.0, 10.0),
        Unit::Proportion | Unit::Count => (1.0, 1000.0),
    };
    (scale * counts.above / counts.below.max(1.0) * steps).round() / steps
}
