//! Axes: round ticks, their labels in the unit of the scale, and a title.

use super::mark::{Anchor, Font, Place, Stroke};
use super::palette::Ink;
use super::scale::Scale;
use super::svg::Svg;

/// Room under a plot for the labels and the title of its axis, in pixels.
pub(crate) const BELOW: f64 = 44.0;
/// Room above a plot for the title of the axis on its left.
pub(crate) const ABOVE: f64 = 28.0;

/// Where a plot lies in a drawing, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plot {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

impl Plot {
    /// From left to right.
    pub(crate) fn across(&self) -> (f64, f64) {
        (self.left, self.right)
    }

    /// From bottom to top.
    pub(crate) fn up(&self) -> (f64, f64) {
        (self.bottom, self.top)
    }
}

/// What one axis of a plane shows.
pub(crate) struct Side<'a> {
    /// From the first to the last value; widened to round ticks where `round`.
    pub(crate) domain: (f64, f64),
    pub(crate) round: bool,
    /// Where ticks stand; at round values if there are none.
    pub(crate) ticks: &'a [f64],
    pub(crate) title: &'a str,
    pub(crate) label: fn(f64) -> String,
}

/// Two scales and where they lie.
pub(crate) struct Plane {
    pub(crate) plot: Plot,
    pub(crate) x: Scale,
    pub(crate) y: Scale,
}

impl Plane {
    /// Draws both axes between `top` and `top + height`, with at least so much room on the left,
    /// and so much on the right.
    pub(crate) fn new(
        svg: &mut Svg,
        (top, height): (f64, f64),
        (least, room): (f64, f64),
        x: &Side<'_>,
        y: &Side<'_>,
    ) -> Plane {
        let mut plot = Plot {
            left: least,
            right: svg.width() - room,
            top: top + ABOVE,
            bottom: top + height - BELOW,
        };
        let scale = |side: &Side<'_>, range: (f64, f64)| {
            let scale = Scale::linear(side.domain, range);
            if side.round {
                scale.nice(((range.1 - range.0).abs() / 50.0) as usize)
            } else {
                scale
            }
        };
        let up = scale(y, plot.up());
        let left = Axis::of(&up, y);
        plot.left = left.label_width().max(least);
        let across = scale(x, plot.across());
        left.left(svg, &plot);
        Axis::of(&across, x).below(svg, &plot);
        svg.grow(top + height);
        Plane {
            plot,
            x: across,
            y: up,
        }
    }

    /// The place of a pair of values.
    pub(crate) fn at(&self, (x, y): (f64, f64)) -> Place {
        (self.x.at(x), self.y.at(y))
    }
}

/// The axis of a scale.
pub(crate) struct Axis<'a> {
    scale: &'a Scale,
    ticks: Vec<(f64, String)>,
    title: &'a str,
}

impl<'a> Axis<'a> {
    /// Round ticks, as many as have room, labelled by `label`.
    pub(crate) fn new(scale: &'a Scale, title: &'a str, label: impl Fn(f64) -> String) -> Self {
        let (from, to) = scale.range();
        let length = (to - from).abs();
        let most = (length / if to > from { 60.0 } else { 36.0 }).max(2.0) as usize;
        let ticks = scale.ticks(most).into_iter().map(|v| (v, label(v)));
        Axis::with(scale, title, ticks.collect())
    }

    /// The axis of a side.
    fn of(scale: &'a Scale, side: &Side<'a>) -> Self {
        if side.ticks.is_empty() {
            return Axis::new(scale, side.title, side.label);
        }
        let ticks = side.ticks.iter().map(|&v| (v, (side.label)(v)));
        Axis::with(scale, side.title, ticks.collect())
    }

    fn with(scale: &'a Scale, title: &'a str, ticks: Vec<(f64, String)>) -> Self {
        let (from, to) = scale.range();
        Axis {
            ticks: kept_apart(scale, ticks, to > from),
            scale,
            title,
        }
    }

    /// The axis under a plot, with grid lines up through it.
    pub(crate) fn below(&self, svg: &mut Svg, plot: &Plot) {
        for (value, label) in &self.ticks {
            let x = self.scale.at(*value);
            let line = [(x, plot.top), (x, plot.bottom)];
            svg.line(&line, Stroke::Thin, Ink::Rule);
            inside(svg, (x, plot.bottom + 18.0), label);
        }
        let (left, right) = (plot.left, plot.right);
        let line = [(left, plot.bottom), (right, plot.bottom)];
        svg.line(&line, Stroke::Thin, Ink::Soft);
        let middle = f64::midpoint(left, right);
        let half = Font::Normal.width(self.title) / 2.0;
        let x = middle.min(svg.width() - half - 2.0).max(half + 2.0);
        let at = (x, plot.bottom + 38.0);
        svg.text(at, self.title, Anchor::Middle, Font::Normal, Ink::Soft);
    }

    /// The axis on the left of a plot, with grid lines across it and its title above.
    pub(crate) fn left(&self, svg: &mut Svg, plot: &Plot) {
        for (value, label) in &self.ticks {
            let y = self.scale.at(*value);
            svg.line(&[(plot.left, y), (plot.right, y)], Stroke::Thin, Ink::Rule);
            let at = (plot.left - 8.0, y + 4.5);
            svg.text(at, label, Anchor::End, Font::Normal, Ink::Soft);
        }
        let at = (2.0, plot.top - 14.0);
        svg.text(at, self.title, Anchor::Start, Font::Normal, Ink::Soft);
    }

    /// The same for one panel of many: no title, and labels in the first column alone.
    pub(crate) fn left_in_panel(&self, svg: &mut Svg, plot: &Plot, labelled: bool) {
        for (value, label) in &self.ticks {
            let y = self.scale.at(*value);
            svg.line(&[(plot.left, y), (plot.right, y)], Stroke::Thin, Ink::Rule);
            if labelled {
                let at = (plot.left - 6.0, y + 4.5);
                svg.text(at, label, Anchor::End, Font::Normal, Ink::Soft);
            }
        }
    }

    /// The room that the labels of an axis on the left take.
    pub(crate) fn label_width(&self) -> f64 {
        let widths = self.ticks.iter().map(|(_, l)| Font::Normal.width(l));
        widths.fold(0.0, f64::max) + 10.0
    }
}

/// A label under its tick, moved inwards where it would pass the edge.
fn inside(svg: &mut Svg, (x, y): Place, label: &str) {
    let half = Font::Normal.width(label) / 2.0;
    let x = x.min(svg.width() - half).max(half);
    svg.text((x, y), label, Anchor::Middle, Font::Normal, Ink::Soft);
}

/// Ticks whose labels do not touch: every second one goes while any two do.
fn kept_apart(scale: &Scale, ticks: Vec<(f64, String)>, across: bool) -> Vec<(f64, String)> {
    let room = |(value, label): &(f64, String)| {
        let half = if across {
            Font::Normal.width(label) / 2.0 + 4.0
        } else {
            8.0
        };
        (scale.at(*value), half)
    };
    let touch = |pair: &[(f64, String)]| {
        let ((a, half_a), (b, half_b)) = (room(&pair[0]), room(&pair[1]));
        (a - b).abs() < half_a + half_b
    };
    if ticks.len() > 2 && ticks.windows(2).any(touch) {
        return kept_apart(scale, ticks.into_iter().step_by(2).collect(), across);
    }
    ticks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_touch() {
        let scale = Scale::linear((2013.0, 2023.0), (0.0, 200.0));
        let axis = Axis::new(&scale, "year", |year| format!("{year:.0}"));
        let ends = axis.ticks.windows(2).map(|w| {
            let half = Font::Normal.width(&w[0].1);
            scale.at(w[1].0) - scale.at(w[0].0) - half
        });
        assert!(axis.ticks.len() >= 2 && ends.fold(f64::MAX, f64::min) > 0.0);
    }
}
