//! What the drawings of all authorities share, drawn once: scales, axes, England's and regions'
//! lines. Each page refers to it, which keeps 153 pages small and their scales the same.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::Date;

use crate::data::Unit;
use crate::report::draw::number::{percent, tick, tick_percent};
use crate::report::draw::scale::Scale;
use crate::report::draw::svg::{escape, place};
use crate::report::draw::text;
use crate::score::{Profile, Profiles, Scores, Trail};
use crate::words::Nouns;

/// Width of the large drawings: they fit a telephone, and two of them a desk.
pub(super) const WIDE: f64 = 340.0;
/// Height of the drawing of past scores.
pub(super) const PAST_HEIGHT: f64 = 196.0;
/// Size of a small multiple.
pub(super) const SMALL: (f64, f64) = (240.0, 150.0);
/// A figure on a line: every one shows, alone or not.
const DOT: &str = "<marker id=\"dot\" viewBox=\"-3 -3 6 6\" markerWidth=\"5\" \
    markerHeight=\"5\" markerUnits=\"userSpaceOnUse\"><circle class=\"f-accent\" r=\"3\"/></marker>";
/// Height of one row of the waterfall.
pub(super) const STEP: f64 = 34.0;
/// Room over the first row of the waterfall.
pub(super) const HEAD: f64 = 24.0;

/// The scales of all pages.
pub(super) struct Frames {
    /// Day to place, and probability to place, of past scores.
    pub(super) past: (Scale, Scale),
    /// Log-odds to place, of the waterfall.
    pub(super) parts: Scale,
    /// Day to place, and value to place of each indicator.
    pub(super) small_days: Scale,
    pub(super) small_values: Vec<Scale>,
    regions: BTreeMap<String, usize>,
    /// The definitions, as markup.
    pub(super) defs: String,
}

/// A day on a scale: years, with the day's share of its year.
pub(super) fn years(day: Date) -> f64 {
    f64::from(day.year()) + (f64::from(day.day_of_year()) - 1.0) / f64::from(day.days_in_year())
}

/// A line through places; it starts anew after a hole. Steps are relative and whole pixels: with
/// 153 pages a digit is a kilobyte.
pub(super) fn path(points: impl Iterator<Item = Option<(f64, f64)>>) -> String {
    let (mut path, mut last) = (String::new(), None);
    for point in points {
        let Some((x, y)) = point.map(|(x, y)| (x.round(), y.round())) else {
            last = None;
            continue;
        };
        let (letter, (from_x, from_y)) = last.map_or(('M', (0.0, 0.0)), |from| ('l', from));
        let (dx, dy) = (place(x - from_x), place(y - from_y));
        let gap = if dy.starts_with('-') { "" } else { " " };
        let _ = write!(path, "{letter}{dx}{gap}{dy}");
        last = Some((x, y));
    }
    path
}

/// A value on an axis, with its unit.
pub(super) fn axis_label(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Proportion => tick_percent(value),
        _ => tick(value),
    }
}

fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::MAX, f64::MIN), |(low, high), v| {
        (low.min(v), high.max(v))
    })
}

impl Frames {
    pub(super) fn new(profiles: &Profiles, scores: &Scores, nouns: Nouns<'_>) -> Frames {
        let first = profiles.models.first().map_or(profiles.as_of, |m| m.as_of);
        let all = profiles.of.iter().flat_map(|p| &p.past);
        let highest = all.map(|p| p.probability).fold(0.0, f64::max);
        let days = Scale::linear((years(first), years(profiles.as_of)), (38.0, WIDE - 44.0));
        let risk = Scale::linear((0.0, highest), (PAST_HEIGHT - 26.0, 30.0)).nice(5);
        let mut frames = Frames {
            past: (days, risk),
            parts: Scale::linear(running_totals(scores), (4.0, WIDE - 96.0)),
            small_days: Scale::linear(small_days(profiles), (34.0, SMALL.0 - 48.0)),
            small_values: small_values(profiles),
            regions: BTreeMap::new(),
            defs: String::new(),
        };
        let parts = frames.parts_frame(scores, nouns);
        frames.defs = DOT.to_owned() + &frames.past_frame(profiles) + &parts;
        for number in 0..frames.small_values.len() {
            frames.small_frame(profiles, number);
        }
        frames
    }

    /// The number of a region's lines, if they are drawn.
    pub(super) fn region(&self, name: &str) -> Option<usize> {
        self.regions.get(name).copied()
    }

    fn past_frame(&self, profiles: &Profiles) -> String {
        let (days, risk) = &self.past;
        let (left, right) = days.range();
        let mut frame = "<g id=\"fp\" class=\"c\">".to_owned();
        for value in risk.ticks(5) {
            let y = risk.at(value);
            rule(
                &mut frame,
                &format!("M{} {}H{}", place(left), place(y), place(right)),
            );
            words(
                &mut frame,
                (left - 6.0, y + 4.0),
                "f-soft m e",
                &tick_percent(value),
            );
        }
        for year in days.ticks(5).into_iter().filter(|y| y.fract() == 0.0) {
            let at = (days.at(year), PAST_HEIGHT - 8.0);
            words(&mut frame, at, "f-soft m mid", &format!("{year:.0}"));
        }
        let rates = profiles.models.iter();
        let line = path(rates.map(|m| Some((days.at(years(m.as_of)), risk.at(m.base_rate)))));
        let _ = write!(frame, "<path class=\"l dash s-soft\" d=\"{line}\"/>");
        if let Some(model) = profiles.models.last() {
            let at = (right + 4.0, risk.at(model.base_rate) + 4.0);
            words(&mut frame, at, "f-soft m", &percent(model.base_rate));
        }
        frame + "</g>"
    }

    fn parts_frame(&self, scores: &Scores, nouns: Nouns<'_>) -> String {
        let this = format!("this {}", nouns.one());
        let mut frame = "<g id=\"fw\" class=\"c\">".to_owned();
        let Some(first) = scores.scores.first() else {
            return frame + "</g>";
        };
        let rows = first.contributions.len() + 2;
        let x = self.parts.at(first.baseline_log_odds);
        words(&mut frame, (0.0, 13.0), "f-soft m", "log-odds");
        words(&mut frame, (WIDE, 13.0), "f-soft m e", "risk so far");
        // Not on the last row, whose number can stand where the average is.
        let rows_top = (0..rows - 1).map(|row| HEAD + row as f64 * STEP + 16.0);
        let line: String = rows_top
            .map(|y| format!("M{} {}v14", place(x), place(y)))
            .collect();
        let _ = write!(frame, "<path class=\"thin s-soft\" d=\"{line}\"/>");
        let labels = first.contributions.iter().map(|c| c.label.as_str());
        let labels = ["average of the inspections learned from"]
            .into_iter()
            .chain(labels);
        for (row, label) in labels.chain([this.as_str()]).enumerate() {
            let y = HEAD + row as f64 * STEP;
            let line = format!("M0 {}H{WIDE}", place(y + STEP - 2.0));
            rule(&mut frame, &line);
            let label = text::fitted(label, 12.0, WIDE - 56.0);
            words(&mut frame, (0.0, y + 12.0), "f-text m", &label);
        }
        frame + "</g>"
    }

    /// One indicator's axes and England's line, and a line for each region.
    fn small_frame(&mut self, profiles: &Profiles, number: usize) {
        let Some((days, values)) = self.small(number) else {
            return;
        };
        let trails = || {
            let of = profiles.of.iter();
            of.filter_map(move |p| Some((p, p.trails.get(number)?)))
        };
        let Some((_, trail)) = trails().next() else {
            return;
        };
        let (left, right) = days.range();
        let mut frame = format!("<g id=\"f{number}\" class=\"c\">");
        let label = text::fitted(&trail.label, 14.0, SMALL.0);
        words(&mut frame, (0.0, 13.0), "f-text b", &label);
        for value in values.ticks(3) {
            let y = values.at(value);
            rule(
                &mut frame,
                &format!("M{} {}H{}", place(left), place(y), place(right)),
            );
            let label = axis_label(trail.unit, value);
            words(&mut frame, (left - 4.0, y + 4.0), "f-soft m e", &label);
        }
        for year in ends_of(&days) {
            let at = (days.at(year), SMALL.1 - 6.0);
            words(&mut frame, at, "f-soft m mid", &format!("{year:.0}"));
        }
        let place_of = |at: Date, value: f64| (days.at(years(at)), values.at(value));
        let england = trail
            .benchmarks
            .iter()
            .map(|b| b.england.map(|v| place_of(b.period_end, v)));
        let line = path(england);
        let _ = write!(frame, "<path class=\"l dash s-soft\" d=\"{line}\"/></g>");
        let mut drawn: Vec<String> = Vec::new();
        for (profile, trail) in trails().filter(|(p, _)| !p.region.is_empty()) {
            let next = self.regions.len();
            let region = *self.regions.entry(profile.region.clone()).or_insert(next);
            let id = format!("f{number}r{region}");
            if drawn.contains(&id) {
                continue;
            }
            let points = trail
                .benchmarks
                .iter()
                .map(|b| b.region.map(|v| place_of(b.period_end, v)));
            let line = path(points);
            let _ = write!(
                frame,
                "<g id=\"{id}\" class=\"c\"><path class=\"thin s-third\" d=\"{line}\"/></g>"
            );
            drawn.push(id);
        }
        self.defs.push_str(&frame);
    }

    /// The scales of one small multiple.
    pub(super) fn small(&self, number: usize) -> Option<(Scale, Scale)> {
        Some((self.small_days, *self.small_values.get(number)?))
    }
}

/// A thin line of the grid.
fn rule(frame: &mut String, d: &str) {
    let _ = write!(frame, "<path class=\"thin s-rule\" d=\"{d}\"/>");
}

/// A text, escaped here.
pub(super) fn words(markup: &mut String, (x, y): (f64, f64), class: &str, text: &str) {
    let _ = write!(
        markup,
        "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>",
        place(x),
        place(y),
        escape(text),
    );
}

/// Whole years near both ends of the scale.
fn ends_of(days: &Scale) -> [f64; 2] {
    let (first, last) = days.domain();
    [first.ceil(), last.floor()]
}

/// The lowest and highest running total of any waterfall, in log-odds.
fn running_totals(scores: &Scores) -> (f64, f64) {
    let totals = scores.scores.iter().flat_map(|score| {
        let steps = score.contributions.iter().map(|c| c.log_odds);
        let sums = steps.scan(score.baseline_log_odds, |sum, part| {
            *sum += part;
            Some(*sum)
        });
        sums.chain([score.baseline_log_odds])
    });
    ends(totals)
}

fn small_days(profiles: &Profiles) -> (f64, f64) {
    let trails = profiles.of.iter().flat_map(|p| &p.trails);
    let days = trails.flat_map(|t| t.points.iter().map(|p| years(p.period_end)));
    let (first, last) = ends(days);
    if first > last {
        return (years(profiles.as_of) - 1.0, years(profiles.as_of));
    }
    (first, last)
}

/// From 0 to what 99 of 100 figures do not exceed: one scale for all pages, so that they can be
/// compared, that a handful of outliers does not flatten.
fn small_values(profiles: &Profiles) -> Vec<Scale> {
    let indicators = profiles
        .of
        .iter()
        .map(|p| p.trails.len())
        .max()
        .unwrap_or(0);
    let highest = |number: usize| {
        let trails = profiles
            .of
            .iter()
            .filter_map(|p: &Profile| p.trails.get(number));
        let values = trails.flat_map(|t: &Trail| t.points.iter().filter_map(|p| p.value));
        let mut values: Vec<f64> = values.collect();
        values.sort_unstable_by(f64::total_cmp);
        let at = (values.len() * 99) / 100;
        values
            .get(at.min(values.len().saturating_sub(1)))
            .copied()
            .unwrap_or(1.0)
    };
    let scale = |number| Scale::linear((0.0, highest(number)), (SMALL.1 - 22.0, 28.0)).nice(3);
    (0..indicators).map(scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_line_stops_at_a_hole() {
        let points = [Some((1.0, 2.0)), None, Some((3.0, 4.04)), Some((5.0, 6.0))];
        assert_eq!(path(points.into_iter()), "M1 2M3 4l2 2");
    }

    #[test]
    fn a_year_is_as_long_as_it_is() {
        assert_eq!(years(date(2023, 1, 1)), 2023.0);
        // 366 days in 2024: 2 July is the 184th.
        assert_eq!(years(date(2024, 7, 2)), 2024.5);
    }
}
