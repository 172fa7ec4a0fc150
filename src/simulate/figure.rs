//! From conditions to counts, and from counts to every figure that is published.

use jiff::civil::{Date, date};

use super::condition::Condition;
use super::measure::{Activity, Counts, MEASURES, Measure, activity};
use super::params::SimulationParams;
use super::place::Place;
use super::release::Release;
use super::stream::Stream;
use crate::data::{Catalogue, Indicator, IndicatorId, Observation, ReleaseCalendar, Series};
use crate::error::Result;

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
        let counts = counts(params, measure, indicator.series, &activities, paths);
        let purpose = format!("{} accidents", measure.id);
        let mut accidents: Vec<Stream> = (0..places.len())
            .map(|index| Stream::new(params.seed, &purpose, index))
            .collect();
        for (t, year) in params.figure_years().enumerate() {
            if year < params.first_year + measure.after {
                continue;
            }
            let release = release(measure, indicator, &calendar, year);
            let cells: Vec<Option<Counts>> = places
                .iter()
                .zip(&counts)
                .map(|(place, years)| release.concerns(place).then(|| years[t]))
                .collect();
            release.benchmarks(places, &cells, &mut figures)?;
            release.authorities(places, &cells, &mut accidents, &mut figures);
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
    measure: &'a Measure,
    indicator: &'a Indicator,
    calendar: &ReleaseCalendar,
    year: i16,
) -> Release<'a> {
    let series = indicator.series;
    let known = |year| calendar.release(series, period_end(series, year)).date;
    Release {
        measure,
        indicator,
        period_end: period_end(series, year),
        known_from: known(year),
        revised_from: known(year + 1),
    }
}

/// True counts by place and year.
fn counts(
    params: &SimulationParams,
    measure: &Measure,
    series: Series,
    activities: &[Vec<Activity>],
    paths: &[Vec<Condition>],
) -> Vec<Vec<Counts>> {
    let mut common = Stream::new(params.seed, &format!("{} year", measure.id), 0);
    let shifts: Vec<f64> = params
        .figure_years()
        .map(|_| 0.06 * common.normal())
        .collect();
    // A census is taken on 30 September; a year to 31 March has its middle on the one before.
    let lag = i16::from(series != Series::SocialWorkWorkforce);
    let of_place = |(index, (activity, path)): (usize, (&Vec<Activity>, &Vec<Condition>))| {
        let mut draw = Stream::new(params.seed, measure.id, index);
        let own = measure.own(&mut draw, params.signal, shifts.len());
        let conditions = path.iter().filter(|c| c.year + lag >= params.first_year);
        let links = shifts.iter().zip(own).zip(conditions);
        activity
            .iter()
            .zip(links)
            .map(|(activity, ((shift, own), condition))| {
                let link = measure.centre + shift + own + measure.driven(params, condition);
                measure.counts(activity, link, &mut draw)
            })
            .collect()
    };
    activities
        .iter()
        .zip(paths)
        .enumerate()
        .map(of_place)
        .collect()
}
