//! Lines with their names beside them, or above them where there is no room.

use crate::report::draw::axis::{Plane, Side};
use crate::report::draw::chart::is_narrow;
use crate::report::draw::mark::{Anchor, Font, Stroke};
use crate::report::draw::palette::Ink;
use crate::report::draw::svg::Svg;
use crate::report::draw::text::{spread, wrapped};

/// A line with its name.
pub(super) struct Series {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
    pub(super) stroke: Stroke,
    pub(super) ink: Ink,
}

/// Room for names on the right, and the height of a line of them.
const ROOM: f64 = 160.0;
const LINE: f64 = 16.0;
/// Room for the end of a label of the axis below.
const MARGIN: f64 = 16.0;

/// Draws axes and lines, so many pixels high; names of lines stand where the lines end.
pub(super) fn lines(
    svg: &mut Svg,
    height: f64,
    x: &Side<'_>,
    y: &Side<'_>,
    series: &[Series],
) -> Plane {
    let plane = if is_narrow(svg) {
        let top = key(svg, series);
        Plane::new(svg, (top, height), (0.0, MARGIN), x, y)
    } else {
        Plane::new(svg, (0.0, height), (0.0, ROOM), x, y)
    };
    for line in series {
        let points: Vec<_> = line.points.iter().map(|&p| plane.at(p)).collect();
        svg.line(&points, line.stroke, line.ink);
    }
    if !is_narrow(svg) {
        names(svg, &plane, series);
    }
    plane
}

/// Names where the lines end, spread apart.
fn names(svg: &mut Svg, plane: &Plane, series: &[Series]) {
    let most = ROOM - 14.0;
    let broken: Vec<Vec<String>> = series
        .iter()
        .map(|s| wrapped(&s.name, Font::Normal.size(), most))
        .collect();
    let highest = broken.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let ends: Vec<f64> = series
        .iter()
        .map(|s| {
            s.points
                .last()
                .map_or(plane.plot.bottom, |p| plane.y.at(p.1))
        })
        .collect();
    let range = (plane.plot.top, plane.plot.bottom);
    let placed = spread(&ends, LINE * highest + 2.0, range);
    for ((line, words), y) in series.iter().zip(&broken).zip(placed) {
        // Where the line ends before the edge, its name stands there all the same: in its colour.
        let first = y + 4.5 - LINE * (words.len() as f64 - 1.0) / 2.0;
        for (row, word) in words.iter().enumerate() {
            let at = (plane.plot.right + 10.0, first + LINE * row as f64);
            svg.text(at, word, Anchor::Start, Font::Normal, line.ink);
        }
    }
}

/// Names above the drawing, each beside a piece of its line; gives their height.
fn key(svg: &mut Svg, series: &[Series]) -> f64 {
    let mut y = 12.0;
    for line in series {
        svg.line(&[(2.0, y), (30.0, y)], line.stroke, line.ink);
        let most = svg.width() - 42.0;
        for words in wrapped(&line.name, Font::Normal.size(), most) {
            svg.text(
                (38.0, y + 4.5),
                &words,
                Anchor::Start,
                Font::Normal,
                Ink::Text,
            );
            y += LINE + 2.0;
        }
    }
    y
}
