//! Each indicator over time as a small drawing, beside England, region and neighbours.

use std::fmt::Write;

use super::frame::{Frames, SMALL, path, words, years};
use crate::report::svg::{escape, place};
use crate::score::{Profile, Trail, TrailPoint, day};

/// The drawing of one indicator.
pub(super) fn drawing(profile: &Profile, number: usize, trail: &Trail, frames: &Frames) -> String {
    let Some((days, values)) = frames.small(number) else {
        return String::new();
    };
    let (width, height) = SMALL;
    let at = |p: &TrailPoint| Some((days.at(years(p.period_end)), values.at(p.value?)));
    let mut svg = format!(
        "<svg class=\"c\" viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{}: {}</title>\
         <desc>{}</desc><use href=\"#f{number}\"/>",
        escape(&profile.name),
        escape(&trail.label),
        escape(&description(trail)),
    );
    if let Some(region) = frames.region(&profile.region) {
        let _ = write!(svg, "<use href=\"#f{number}r{region}\"/>");
    }
    let neighbours = trail
        .benchmarks
        .iter()
        .map(|b| Some((days.at(years(b.period_end)), values.at(b.neighbours?))));
    let line = path(neighbours);
    if !line.is_empty() {
        let _ = write!(svg, "<path class=\"l dots s-fourth\" d=\"{line}\"/>");
    }
    let line = path(trail.points.iter().map(at));
    // A line of no length with round ends is a dot: every figure shows, alone or not.
    let dots: String = trail
        .points
        .iter()
        .filter_map(at)
        .map(|(x, y)| format!("M{} {}h0", place(x), place(y)))
        .collect();
    let _ = write!(
        svg,
        "<path class=\"l s-accent\" d=\"{line}\"/><path class=\"pts s-accent\" d=\"{dots}\"/>"
    );
    let last = trail.points.iter().rev().find_map(|p| Some((p, at(p)?)));
    if let Some((point, (x, y))) = last
        && let Some(value) = point.value
    {
        let label = trail.unit.format(value);
        words(&mut svg, (x + 5.0, y + 4.0), "f-accent b", &label);
    }
    svg + "</svg>"
}

fn description(trail: &Trail) -> String {
    match newest_number(trail) {
        Some((point, value)) => format!(
            "{} figures; the newest {} at {}.",
            trail.points.iter().filter(|p| p.value.is_some()).count(),
            trail.unit.format(value),
            day(point.period_end),
        ),
        None => "No figure.".to_owned(),
    }
}

fn newest_number(trail: &Trail) -> Option<(&TrailPoint, f64)> {
    trail.points.iter().rev().find_map(|p| Some((p, p.value?)))
}

/// The newest figure and what it is held against, in words.
pub(super) fn caption(profile: &Profile, trail: &Trail) -> String {
    let Some((point, value)) = newest_number(trail) else {
        return "no figure".to_owned();
    };
    let unit = trail.unit;
    let mut caption = format!(
        "{} at {}, known {}.",
        unit.format(value),
        day(point.period_end),
        day(point.known_from)
    );
    let against = trail.benchmark(point.period_end).map(|b| {
        let region = profile.region.as_str();
        [
            ("England", b.england),
            (region, b.region),
            ("neighbours", b.neighbours),
        ]
    });
    let told: Vec<String> = against
        .into_iter()
        .flatten()
        .filter_map(|(who, value)| Some(format!("{who} {}", unit.format(value?))))
        .collect();
    if !told.is_empty() {
        caption += &format!(" Then: {}.", told.join(", "));
    }
    caption
}
