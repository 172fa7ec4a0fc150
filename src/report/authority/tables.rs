//! The figures of a page as tables.

use jiff::civil::Date;

use crate::data::Unit;
use crate::report::chart::Table;
use crate::report::number::{NONE, percent};
use crate::score::{Contribution, Profile, Profiles, Score, Trail, TrailPoint, day};

use super::parts::signed;

/// A date in a table.
pub(super) fn short(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

fn shown(unit: Unit, value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| unit.format(value))
}

/// What each figure behind the score is worth: how old, and what to know of it.
pub(super) fn quality(score: Option<&Score>, as_of: Date) -> Table {
    let columns = [
        "Indicator",
        "Figure",
        "Of",
        "Known",
        "Age in months",
        "Log-odds",
        "To know",
    ];
    let mut table = Table::new(&columns);
    for part in score.iter().flat_map(|s| &s.contributions) {
        table.push([
            part.label.clone(),
            figure(part),
            part.period_end.map(short).unwrap_or_default(),
            part.known_from.map(short).unwrap_or_default(),
            part.period_end
                .map(|end| months(end, as_of).to_string())
                .unwrap_or_default(),
            signed(part.log_odds),
            remarks(part),
        ]);
    }
    table
}

fn figure(part: &Contribution) -> String {
    match (part.value, part.unit) {
        (Some(value), Some(unit)) => unit.format(value),
        (Some(value), None) => format!("{value:.1}"),
        (None, _) => "missing".to_owned(),
    }
}

/// Whole months from the end of a period to the day.
fn months(from: Date, to: Date) -> i32 {
    let months = 12 * i32::from(to.year() - from.year()) + i32::from(to.month() - from.month());
    months - i32::from(to.day() < from.day() && to != to.last_of_month())
}

fn remarks(part: &Contribution) -> String {
    let mut remarks: Vec<String> = Vec::new();
    if let Some(missing) = part.missing {
        remarks.push(format!("{missing}; the average stands in"));
    }
    if let (Some(shrunk), Some(unit)) = (part.shrunk, part.unit) {
        let (shrunk, published) = (unit.format(shrunk), figure(part));
        if shrunk != published {
            remarks.push(format!("counted as {shrunk}"));
        }
    }
    let flags = part.flags;
    for (set, words) in [
        (flags.revised, "revised series"),
        (flags.joint, "returned jointly"),
        (flags.own, "own figure, not published"),
        (flags.inherited, "its predecessor's"),
        (flags.low, "published as 'low'"),
    ] {
        if set {
            remarks.push(words.to_owned());
        }
    }
    remarks.join("; ")
}

/// All figures known, a table for each kind of period: indicators whose years end on one day.
pub(super) fn figures(profile: &Profile) -> Vec<Table> {
    let end = |t: &Trail| {
        t.points
            .first()
            .map(|p| (p.period_end.month(), p.period_end.day()))
    };
    let mut kinds: Vec<_> = profile.trails.iter().filter_map(end).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let of = |kind| {
        let trails = profile.trails.iter().filter(|t| end(t) == Some(kind));
        table_of(&trails.collect::<Vec<_>>())
    };
    kinds.into_iter().map(of).collect()
}

fn table_of(trails: &[&Trail]) -> Table {
    let has_neighbours = |t: &Trail| t.benchmarks.iter().any(|b| b.neighbours.is_some());
    let mut columns = vec!["Period to".to_owned(), "Known".to_owned()];
    for trail in trails {
        columns.push(trail.label.clone());
        if has_neighbours(trail) {
            columns.push("neighbours".to_owned());
        }
    }
    // A row for each release: figures of one period can be published on several days.
    let mut releases: Vec<(Date, Date)> = trails
        .iter()
        .flat_map(|t| t.points.iter().map(|p| (p.period_end, p.known_from)))
        .collect();
    releases.sort_unstable();
    releases.dedup();
    let row = |&(period, known): &(Date, Date)| {
        let mut row = vec![short(period), short(known)];
        for trail in trails {
            let at = |p: &&TrailPoint| (p.period_end, p.known_from) == (period, known);
            let point = trail.points.iter().find(at);
            row.push(point.map_or_else(String::new, |p| cell(trail.unit, p)));
            if has_neighbours(trail) {
                let mean = trail.benchmark(period).and_then(|b| b.neighbours);
                row.push(mean.map_or_else(String::new, |v| trail.unit.format(v)));
            }
        }
        row
    };
    Table {
        columns,
        rows: releases.iter().map(row).collect(),
    }
}

fn cell(unit: Unit, point: &TrailPoint) -> String {
    match (point.value, point.missing) {
        (Some(_), _) if point.low => "low".to_owned(),
        (Some(value), _) => unit.format(value),
        (None, why) => why.unwrap_or(NONE).to_owned(),
    }
}

/// England's and every region's figures, once for all pages, by indicator.
pub(super) fn benchmarks(profiles: &Profiles) -> Vec<(String, Table)> {
    let indicators = profiles
        .of
        .iter()
        .map(|p| p.trails.len())
        .max()
        .unwrap_or(0);
    (0..indicators)
        .filter_map(|number| benchmark(profiles, number))
        .collect()
}

fn benchmark(profiles: &Profiles, number: usize) -> Option<(String, Table)> {
    // One authority of each region speaks for it.
    let mut regions: Vec<(&str, &Trail)> = Vec::new();
    for profile in &profiles.of {
        let Some(trail) = profile.trails.get(number) else {
            continue;
        };
        let known = regions.iter().any(|(name, _)| *name == profile.region);
        if !known && trail.benchmarks.iter().any(|b| b.region.is_some()) {
            regions.push((profile.region.as_str(), trail));
        }
    }
    regions.sort_by_key(|(name, _)| *name);
    let first = profiles.of.iter().find_map(|p| p.trails.get(number))?;
    let mut columns = vec!["Period to".to_owned(), "England".to_owned()];
    columns.extend(regions.iter().map(|(name, _)| (*name).to_owned()));
    let rows = first.benchmarks.iter().map(|b| {
        let mut row = vec![short(b.period_end), shown(first.unit, b.england)];
        for (_, trail) in &regions {
            let value = trail.benchmark(b.period_end).and_then(|b| b.region);
            row.push(shown(first.unit, value));
        }
        row
    });
    let rows = rows.collect();
    Some((first.label.clone(), Table { columns, rows }))
}

/// The models behind the past scores.
pub(super) fn models(profiles: &Profiles) -> Table {
    let columns = [
        "Day",
        "Inspections learned from",
        "With the outcome",
        "Base rate",
        "Penalty",
        "Authorities scored",
    ];
    let mut table = Table::new(&columns);
    for model in &profiles.models {
        table.push([
            day(model.as_of),
            model.inspections.to_string(),
            model.events.to_string(),
            percent(model.base_rate),
            model.penalty.to_string(),
            model.scored.to_string(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn age_is_in_whole_months() {
        let end = date(2022, 9, 30);
        let ages = [date(2023, 6, 1), date(2023, 2, 28), date(2022, 10, 29)];
        assert_eq!(ages.map(|to| months(end, to)), [8, 5, 0]);
    }
}
