//! Observed over expected events by year.

use crate::report::draw::axis::{ABOVE, Axis, BELOW, Plot};
use crate::report::draw::chart::{Chart, Head, Table, is_narrow};
use crate::report::draw::mark::{Anchor, Font, Shape, Stroke};
use crate::report::draw::number::{decimal, or_dash, range, tick, whole};
use crate::report::draw::palette::Ink;
use crate::report::draw::scale::{Band, Scale};
use crate::report::draw::svg::Svg;
use crate::validate::{Meaning, YearRatio};

/// A dot and its 95% interval for each year, and a ring for the recalibrated forecasts; 1 is as
/// forecast. The scale ends at 4: an interval that reaches the upper edge goes on.
pub fn observed_expected(meaning: &Meaning) -> Chart {
    let years = &meaning.by_year;
    let told = years.iter().map(|y| {
        let expected = decimal(y.expected, 1);
        format!("{}: {} came, {expected} forecast", y.year, y.events)
    });
    let head = Head {
        id: format!("by-year-{}-{}", meaning.recipe, meaning.model),
        title: format!(
            "Did as many come as were forecast? {} by year",
            meaning.model
        ),
        description: told.collect::<Vec<_>>().join("; ") + ".",
    };
    Chart::new(head, table(years), |svg| draw(svg, years))
}

fn table(years: &[YearRatio]) -> Table {
    let mut table = Table::new(&[
        "Year",
        "Inspections",
        "With the outcome",
        "Forecast",
        "Ratio",
        "95% interval",
        "Forecast, recalibrated",
        "Ratio",
    ]);
    for year in years {
        table.push([
            year.year.to_string(),
            whole(year.n),
            whole(year.events),
            decimal(year.expected, 1),
            or_dash(year.ratio, |r| decimal(r, 2)),
            or_dash(year.ratio_ci95, |i| range(i, 2)),
            decimal(year.expected_recalibrated, 1),
            or_dash(year.ratio_recalibrated, |r| decimal(r, 2)),
        ]);
    }
    table
}

/// The end of the scale of ratios.
const MOST: f64 = 4.0;

fn draw(svg: &mut Svg, years: &[YearRatio]) {
    let narrow = is_narrow(svg);
    let plot = Plot {
        left: 34.0,
        right: svg.width() - if narrow { 4.0 } else { 160.0 },
        top: ABOVE + if narrow { 44.0 } else { 0.0 },
        bottom: 320.0,
    };
    let ends = years.iter().filter_map(|y| y.ratio_ci95.ok());
    let highest = ends.map(|i| i.high).fold(2.0, f64::max).min(MOST);
    let y = Scale::linear((0.0, highest), plot.up()).nice(5);
    let title = "Came for each one forecast";
    Axis::new(&y, title, tick).left(svg, &plot);
    svg.grow(plot.bottom + BELOW);
    let as_forecast = [(plot.left, y.at(1.0)), (plot.right, y.at(1.0))];
    svg.line(&as_forecast, Stroke::ThinDashed, Ink::Text);
    let band = Band::new(years.len(), plot.across());
    for (at, year) in years.iter().enumerate() {
        let x = band.middle(at);
        let words = if narrow {
            format!("\u{2019}{:02}", year.year.rem_euclid(100))
        } else {
            year.year.to_string()
        };
        svg.text(
            (x, plot.bottom + 18.0),
            &words,
            Anchor::Middle,
            Font::Normal,
            Ink::Soft,
        );
        let count = format!("{}/{}", year.events, year.n);
        svg.text(
            (x, plot.bottom + 34.0),
            &count,
            Anchor::Middle,
            Font::Small,
            Ink::Soft,
        );
        if let Ok(interval) = year.ratio_ci95 {
            svg.interval(
                (x, y.at(interval.low)),
                (x, y.at(interval.high)),
                Ink::Accent,
            );
        }
        if let Ok(ratio) = year.ratio {
            svg.dot((x, y.at(ratio)), 5.0, Shape::Circle, Ink::Accent);
        }
        if let Ok(ratio) = year.ratio_recalibrated {
            svg.dot((x + 8.0, y.at(ratio)), 4.0, Shape::Ring, Ink::Rival);
        }
    }
    legend(svg, &plot, narrow);
}

/// What the two marks are, and the counts under the years.
fn legend(svg: &mut Svg, plot: &Plot, narrow: bool) {
    let (left, first) = if narrow {
        (8.0, 10.0)
    } else {
        (plot.right + 18.0, plot.top + 20.0)
    };
    let entries = [
        (Shape::Circle, Ink::Accent, "as scored"),
        (Shape::Ring, Ink::Rival, "recalibrated"),
    ];
    for (row, (shape, ink, words)) in entries.into_iter().enumerate() {
        let y = first + 22.0 * row as f64;
        svg.dot((left, y), 5.0, shape, ink);
        svg.text(
            (left + 12.0, y + 4.5),
            words,
            Anchor::Start,
            Font::Normal,
            Ink::Text,
        );
    }
    if !narrow {
        let at = (plot.right + 10.0, plot.bottom + 34.0);
        svg.text(
            at,
            "came / inspected",
            Anchor::Start,
            Font::Small,
            Ink::Soft,
        );
    }
}
