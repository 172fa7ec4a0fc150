//! Each indicator over time as a small drawing, beside England, region and neighbours.

use std::fmt::Write;

use super::frame::{Frames, SMALL, path, words, years};
use crate::report::draw::svg::escape;
use crate::score::{Profile, Trail, TrailPoint};

/// The drawing of one indicator.
pub(crate) fn drawing(profile: &Profile, number: usize, trail: &Trail, frames: &Frames) -> String {
    let Some((days, values)) = frames.small(number) else {
        return String::new();
    };
    let (width, height) = SMALL;
    let at = |p: &TrailPoint| Some((days.at(years(p.period_end)), values.at(p.value?)));
    let mut svg = format!(
        "<svg class=\"c\" viewBox=\"0 0 {width} {height}\" role=\"img\"><title>{}</title>\
         <desc>{}</desc><use href=\"#f{number}\"/>",
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
        let _ = write!(svg, "<path class=\"nbr\" d=\"{line}\"/>");
    }
    let line = path(trail.points.iter().map(at));
    let _ = write!(svg, "<path class=\"own\" d=\"{line}\"/>");
    let last = trail.points.iter().rev().find_map(|p| Some((p, at(p)?)));
    if let Some((point, (x, y))) = last
        && let Some(value) = point.value
    {
        let label = trail.unit.format(value);
        words(&mut svg, (x.round() + 5.0, (y + 4.0).round()), "v", &label);
    }
    svg + "</svg>"
}

fn description(trail: &Trail) -> String {
    match newest_number(trail) {
        Some((_, value)) => trail.unit.format(value),
        None => "no figure".to_owned(),
    }
}

fn newest_number(trail: &Trail) -> Option<(&TrailPoint, f64)> {
    trail.points.iter().rev().find_map(|p| Some((p, p.value?)))
}
