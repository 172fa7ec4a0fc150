//! The figures of a page as tables.

use jiff::civil::Date;

use crate::data::{Missing, Unit};
use crate::features::Measure;
use crate::report::draw::chart::Table;
use crate::report::draw::number::{NONE, percent};
use crate::score::{Contribution, Profile, Profiles, Score, Trail, TrailPoint};
use crate::words::{Nouns, day};

/// A date in a table.
pub(super) fn short(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

fn shown(unit: Unit, value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |value| unit.format(value))
}

/// What each figure behind the score is worth: what it is held against, how old it is, and what to
/// know of it.
pub(super) fn quality(
    profile: &Profile,
    score: Option<&Score>,
    as_of: Date,
    nouns: Nouns<'_>,
) -> Table {
    let region = match profile.region.as_str() {
        "" => "Region",
        region => region,
    };
    let columns = [
        "Indicator",
        "Figure",
        nouns.benchmark(),
        region,
        "Neighbours",
        "Of",
        "Known",
        "Months old",
        "To know",
    ];
    let mut table = Table::new(&columns);
    for part in score.iter().flat_map(|s| &s.contributions) {
        let [england, region, neighbours] = against(profile, part);
        let revised = if part.flags.revised { "*" } else { "" };
        let known = |on| format!("{}{revised}", short(on));
        let age = |end| months(end, as_of).to_string();
        table.push([
            part.label.clone(),
            figure(part),
            england,
            region,
            neighbours,
            part.period_end.map(short).unwrap_or_default(),
            part.known_from.map(known).unwrap_or_default(),
            part.period_end.map(age).unwrap_or_default(),
            remarks(part),
        ]);
    }
    table
}

/// England's, the region's and the neighbours' figures of the same period, for a level.
fn against(profile: &Profile, part: &Contribution) -> [String; 3] {
    let Measure::Level { indicator } = part.measure else {
        return Default::default();
    };
    let trail = profile.trails.iter().find(|t| t.indicator == indicator);
    let found = trail.and_then(|t| Some((t.unit, t.benchmark(part.period_end?)?)));
    found.map_or_else(Default::default, |(unit, b)| {
        [b.england, b.region, b.neighbours].map(|value| shown(unit, value))
    })
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

/// Every figure known of the authorities shown, a table for each indicator: a column for each
/// release, because figures of one period can be published on several days.
pub(super) fn figures(shown: &[&Profile], nouns: Nouns<'_>) -> Vec<(String, Table)> {
    let indicators = shown.iter().map(|p| p.trails.len()).max().unwrap_or(0);
    (0..indicators)
        .filter_map(|number| of_all(shown, number, nouns))
        .collect()
}

fn of_all(profiles: &[&Profile], number: usize, nouns: Nouns<'_>) -> Option<(String, Table)> {
    let trails: Vec<(&str, &Trail)> = profiles
        .iter()
        .filter_map(|p| Some((p.name.as_str(), p.trails.get(number)?)))
        .collect();
    let (_, first) = trails.first()?;
    let mut releases: Vec<(Date, Date)> = trails
        .iter()
        .flat_map(|(_, t)| t.points.iter().map(|p| (p.period_end, p.known_from)))
        .collect();
    releases.sort_unstable();
    releases.dedup();
    let heads = releases
        .iter()
        .map(|(period, known)| format!("{}, known {}", short(*period), short(*known)));
    let columns = [nouns.heading()].into_iter().chain(heads).collect();
    let row = |(name, trail): &(&str, &Trail)| {
        let cells = releases.iter().map(|release| {
            let at = |p: &&TrailPoint| (p.period_end, p.known_from) == *release;
            let point = trail.points.iter().find(at);
            point.map_or_else(String::new, |p| cell(trail.unit, p))
        });
        [(*name).to_owned()].into_iter().chain(cells).collect()
    };
    let rows = trails.iter().map(row).collect();
    Some((first.label.clone(), Table { columns, rows }))
}

/// The past scores of the authorities shown, a column for each quarter.
pub(super) fn past(profiles: &Profiles, shown: &[&Profile], nouns: Nouns<'_>) -> Table {
    let days = profiles.models.iter().map(|m| short(m.as_of));
    let row = |p: &&Profile| {
        let cells = profiles.models.iter().map(|model| {
            let found = p.past.iter().find(|s| s.as_of == model.as_of);
            found.map_or_else(|| NONE.to_owned(), |s| percent(s.probability))
        });
        [p.name.clone()].into_iter().chain(cells).collect()
    };
    Table {
        columns: [nouns.heading()].into_iter().chain(days).collect(),
        rows: shown.iter().map(row).collect(),
    }
}

fn cell(unit: Unit, point: &TrailPoint) -> String {
    match (point.value, point.missing) {
        (Some(_), _) if point.low => "low".to_owned(),
        (Some(value), _) => unit.format(value),
        (None, why) => why.map_or(NONE, Missing::reason).to_owned(),
    }
}

/// England's and every region's figures, once for all pages, by indicator.
pub(super) fn benchmarks(profiles: &Profiles, nouns: Nouns<'_>) -> Vec<(String, Table)> {
    let indicators = profiles
        .of
        .iter()
        .map(|p| p.trails.len())
        .max()
        .unwrap_or(0);
    (0..indicators)
        .filter_map(|number| benchmark(profiles, number, nouns))
        .collect()
}

fn benchmark(profiles: &Profiles, number: usize, nouns: Nouns<'_>) -> Option<(String, Table)> {
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
    let mut columns = vec!["Period to".to_owned(), nouns.benchmark().to_owned()];
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
pub(super) fn models(profiles: &Profiles, nouns: Nouns<'_>) -> Table {
    let scored = format!("{} scored", nouns.headings());
    let columns = [
        "Day",
        "Inspections learned from",
        "With the outcome",
        "Rate of that day",
        scored.as_str(),
    ];
    let mut table = Table::new(&columns);
    for model in &profiles.models {
        table.push([
            day(model.as_of),
            model.inspections.to_string(),
            model.events.to_string(),
            percent(model.base_rate),
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
