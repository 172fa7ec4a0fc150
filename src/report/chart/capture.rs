//! Visits against catches, with chance and the ceiling.

use super::series::{Series, lines};
use crate::report::draw::axis::Side;
use crate::report::draw::chart::{Chart, Head, Table};
use crate::report::draw::mark::{Shape, Stroke};
use crate::report::draw::number::{count, percent, tick, whole};
use crate::report::draw::palette::Ink;
use crate::report::draw::svg::Svg;
use crate::validate::{Meaning, YearlyCapture};

/// Events caught by visits to rising shares of each year's inspections, the highest scores first,
/// beside visits at random and with perfect foresight; a dot where the list at hand ends.
pub fn capture_curve(meaning: &Meaning, list: &YearlyCapture) -> Chart {
    let curve = &meaning.capture_curve;
    let head = Head {
        id: format!("capture-{}-{}", meaning.recipe, meaning.model),
        title: format!(
            "What visits in the order of {} would have caught",
            meaning.model
        ),
        description: format!(
            "{} visits to the highest scores of each year would have caught {} of {}; as many at \
             random {}.",
            whole(list.visits),
            count(list.caught),
            count(list.events),
            count(list.expected_by_chance),
        ),
    };
    Chart::new(head, table(curve), |svg| {
        draw(svg, &meaning.model, curve, list)
    })
}

fn table(curve: &[YearlyCapture]) -> Table {
    let mut table = Table::new(&[
        "Share of each year visited",
        "Visits",
        "Caught",
        "Expected by chance",
        "With perfect foresight",
    ]);
    // Every 10%: the curve is drawn at every 2.5%.
    for point in curve.iter().skip(3).step_by(4) {
        table.push([
            percent(point.fraction),
            whole(point.visits),
            count(point.caught),
            count(point.expected_by_chance),
            count(point.best_possible),
        ]);
    }
    table
}

fn draw(svg: &mut Svg, model: &str, curve: &[YearlyCapture], list: &YearlyCapture) {
    let points = |of: fn(&YearlyCapture) -> f64| -> Vec<(f64, f64)> {
        let start = std::iter::once((0.0, 0.0));
        start
            .chain(curve.iter().map(|p| (p.visits as f64, of(p))))
            .collect()
    };
    let series = [
        Series {
            name: "perfect foresight".to_owned(),
            points: points(|p| p.best_possible),
            stroke: Stroke::Dotted,
            ink: Ink::Soft,
        },
        Series {
            name: model.to_owned(),
            points: points(|p| p.caught),
            stroke: Stroke::Solid,
            ink: Ink::Accent,
        },
        Series {
            name: "visits at random".to_owned(),
            points: points(|p| p.expected_by_chance),
            stroke: Stroke::Dashed,
            ink: Ink::Rival,
        },
    ];
    let x = Side {
        domain: (0.0, curve.last().map_or(1.0, |p| p.visits as f64)),
        round: false,
        ticks: &[],
        title: "Visits in all years, highest scores first",
        label: tick,
    };
    let y = Side {
        domain: (0.0, curve.last().map_or(1.0, |p| p.events)),
        round: true,
        ticks: &[],
        title: "With the event and visited",
        label: tick,
    };
    let plane = lines(svg, 340.0, &x, &y, &series);
    let at = plane.at((list.visits as f64, list.caught));
    svg.dot(at, 6.0, Shape::Circle, Ink::Accent);
}
