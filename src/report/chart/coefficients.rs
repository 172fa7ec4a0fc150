//! Coefficients of a fit, each with its interval.

use crate::report::draw::axis::{Axis, BELOW, Plot};
use crate::report::draw::chart::{Chart, Head, Table, is_narrow};
use crate::report::draw::mark::{Anchor, Font, Shape, Stroke};
use crate::report::draw::number::{decimal, range, tick};
use crate::report::draw::palette::Ink;
use crate::report::draw::scale::{Band, Scale};
use crate::report::draw::svg::Svg;
use crate::report::draw::text::fitted;
use crate::validate::Interval;

/// One coefficient, per standard deviation of its column, so that all stand on one scale.
#[derive(Clone, Debug, PartialEq)]
pub struct CoefficientRow {
    /// The column.
    pub name: String,
    /// Log-odds per standard deviation.
    pub estimate: f64,
    /// Its interval.
    pub interval: Interval,
}

/// One row for each coefficient: a dot at the estimate, a line over its interval, and a line at 0,
/// where a column tells nothing. `level` is that of the intervals, 0.95 for 95%.
pub fn coefficients(name: &str, level: f64, rows: &[CoefficientRow]) -> Chart {
    let percent = format!("{}%", decimal(100.0 * level, 0));
    let told = rows
        .iter()
        .map(|row| format!("{} {}", row.name, numbers(row)));
    let head = Head {
        id: format!("coefficients-{name}"),
        title: format!("Log-odds per standard deviation: {name}"),
        description: format!(
            "With {percent} intervals: {}. Associations, not causes.",
            told.collect::<Vec<_>>().join("; ")
        ),
    };
    let mut table = Table::new(&["Column", "Log-odds per standard deviation", "Interval"]);
    for row in rows {
        table.push([
            row.name.clone(),
            decimal(row.estimate, 2),
            range(row.interval, 2),
        ]);
    }
    Chart::new(head, table, |svg| draw(svg, rows))
}

fn numbers(row: &CoefficientRow) -> String {
    format!("{} ({})", decimal(row.estimate, 2), range(row.interval, 2))
}

/// Room for the names and for the numbers beside the plot.
const NAMES: f64 = 200.0;
const NUMBERS: f64 = 160.0;

fn draw(svg: &mut Svg, rows: &[CoefficientRow]) {
    let narrow = is_narrow(svg);
    let step = if narrow { 44.0 } else { 30.0 };
    let plot = Plot {
        left: if narrow { 8.0 } else { NAMES },
        right: svg.width() - if narrow { 8.0 } else { NUMBERS },
        top: 6.0,
        bottom: 6.0 + step * rows.len() as f64,
    };
    svg.grow(plot.bottom + BELOW);
    let ends = rows.iter().flat_map(|r| [r.interval.low, r.interval.high]);
    let domain = ends.fold((-0.1, 0.1), |(low, high): (f64, f64), end| {
        (low.min(end), high.max(end))
    });
    let scale = Scale::linear(domain, plot.across()).nice(6);
    Axis::new(&scale, "Log-odds per standard deviation", tick).below(svg, &plot);
    let none = scale.at(0.0);
    svg.line(
        &[(none, plot.top), (none, plot.bottom)],
        Stroke::ThinDashed,
        Ink::Text,
    );
    let band = Band::new(rows.len(), (plot.top, plot.bottom));
    for (place, row) in rows.iter().enumerate() {
        let middle = band.middle(place);
        let (mark, words) = match narrow {
            true => (middle + 10.0, middle - 8.0),
            false => (middle, middle + 4.5),
        };
        let (at, anchor, room) = match narrow {
            true => (2.0, Anchor::Start, 180.0),
            false => (NAMES - 12.0, Anchor::End, NAMES - 14.0),
        };
        let name = fitted(&row.name, Font::Normal.size(), room);
        svg.text((at, words), &name, anchor, Font::Normal, Ink::Text);
        let right = (svg.width() - 2.0, words);
        svg.text(right, &numbers(row), Anchor::End, Font::Normal, Ink::Text);
        let interval = row.interval;
        svg.interval(
            (scale.at(interval.low), mark),
            (scale.at(interval.high), mark),
            Ink::Accent,
        );
        svg.dot(
            (scale.at(row.estimate), mark),
            5.0,
            Shape::Circle,
            Ink::Accent,
        );
    }
}
