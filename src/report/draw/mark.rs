//! Marks: line, dot, interval, bar and text.

use std::fmt::Write;

use super::palette::Ink;
use super::svg::{Svg, escape, place};
use super::text;

/// A place in pixels: from the left, from the top.
pub(crate) type Place = (f64, f64);

/// How a line is drawn, so that lines differ without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stroke {
    Solid,
    Dashed,
    Dotted,
    /// One pixel wide, for grid lines and limits.
    Thin,
    /// One pixel wide and dashed.
    ThinDashed,
}

impl Stroke {
    fn class(self) -> &'static str {
        match self {
            Stroke::Solid => "l",
            Stroke::Dashed => "l dash",
            Stroke::Dotted => "l dots",
            Stroke::Thin => "thin",
            Stroke::ThinDashed => "thin dash",
        }
    }
}

/// The shape of a dot, so that dots differ without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Circle,
    /// A circle with the ground inside.
    Ring,
    Diamond,
}

/// Which point of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

/// The size and weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Font {
    Normal,
    Bold,
    Small,
}

impl Font {
    /// Its size in pixels; bold counts as larger, because it is wider.
    pub(crate) fn size(self) -> f64 {
        match self {
            Font::Normal => 13.0,
            Font::Bold => 14.0,
            Font::Small => 12.0,
        }
    }

    /// The width of a text in it.
    pub(crate) fn width(self, words: &str) -> f64 {
        text::width(words, self.size())
    }
}

impl Svg {
    /// A line through points.
    pub(crate) fn line(&mut self, points: &[Place], stroke: Stroke, ink: Ink) {
        let path = path(points);
        self.push(&format!(
            "<path class=\"{} s-{}\" d=\"{path}\"/>",
            stroke.class(),
            ink.name()
        ));
    }

    /// A dot of so many pixels from the middle to the edge.
    pub(crate) fn dot(&mut self, at: Place, radius: f64, shape: Shape, ink: Ink) {
        let mark = dot(at, radius, shape, ink);
        self.push(&mark);
    }

    /// Hundreds of small dots as one mark: circles, or diamonds.
    pub(crate) fn dots(&mut self, places: &[Place], shape: Shape, ink: Ink) {
        let (class, end) = match shape {
            Shape::Diamond => ("f", "l3.9 3.9-3.9 3.9-3.9-3.9z"),
            Shape::Circle | Shape::Ring => ("pts s", "h0"),
        };
        let mut path = String::new();
        for (x, y) in places {
            let top = if end == "h0" { *y } else { y - 3.9 };
            let _ = write!(path, "M{} {}{end}", place(*x), place(top));
        }
        self.push(&format!(
            "<path class=\"{class}-{}\" d=\"{path}\"/>",
            ink.name()
        ));
    }

    /// From one value to another: a line between two places.
    pub(crate) fn interval(&mut self, from: Place, to: Place, ink: Ink) {
        self.line(&[from, to], Stroke::Solid, ink);
    }

    /// A filled rectangle between two corners.
    pub(crate) fn bar(&mut self, (x1, y1): Place, (x2, y2): Place, ink: Ink) {
        let (x, y) = (x1.min(x2), y1.min(y2));
        self.push(&format!(
            "<rect class=\"f-{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            ink.name(),
            place(x),
            place(y),
            place((x2 - x1).abs()),
            place((y2 - y1).abs()),
        ));
    }

    /// A text on one line, its base line at the place.
    pub(crate) fn text(
        &mut self,
        (x, y): Place,
        words: &str,
        anchor: Anchor,
        font: Font,
        ink: Ink,
    ) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " mid",
            Anchor::End => " e",
        };
        let font = match font {
            Font::Normal => "",
            Font::Bold => " b",
            Font::Small => " m",
        };
        self.push(&format!(
            "<text class=\"f-{}{font}{anchor}\" x=\"{}\" y=\"{}\">{}</text>",
            ink.name(),
            place(x),
            place(y),
            escape(words),
        ));
    }
}

fn path(points: &[Place]) -> String {
    let mut path = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let letter = if at == 0 { 'M' } else { 'L' };
        let _ = write!(path, "{letter}{} {}", place(*x), place(*y));
    }
    path
}

fn dot((x, y): Place, radius: f64, shape: Shape, ink: Ink) -> String {
    let (fill, name) = (format!("f-{}", ink.name()), ink.name());
    let circle = |class: &str| {
        let (x, y, r) = (place(x), place(y), place(radius));
        format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{r}\"/>")
    };
    let corners = |points: [Place; 4]| {
        let path = path(&points);
        format!("<path class=\"{fill}\" d=\"{path}Z\"/>")
    };
    match shape {
        Shape::Circle => circle(&fill),
        Shape::Ring => circle(&format!("s-{name} open")),
        Shape::Diamond => {
            let r = 1.3 * radius;
            corners([(x, y - r), (x + r, y), (x, y + r), (x - r, y)])
        }
    }
}
