//! Consequence against warning: one figure's C-statistic by census relative to the inspection.

use crate::data::Catalogue;
use crate::report::draw::axis::{Axis, Plot};
use crate::report::draw::chart::{Chart, Head, Table, is_narrow};
use crate::report::draw::mark::{Anchor, Font, Shape, Stroke};
use crate::report::draw::number::{decimal, or_dash, whole};
use crate::report::draw::palette::Ink;
use crate::report::draw::scale::{Band, Scale};
use crate::report::draw::svg::Svg;
use crate::report::draw::text::wrapped;
use crate::validate::{CensusLag, LAGS};

/// A small panel for each indicator; the ground is tinted where the census lies after the
/// inspection, so that it can only be a consequence. `None` without indicators.
pub fn census_lags(lags: &[CensusLag], catalogue: &Catalogue) -> Option<Chart> {
    let named: Vec<(String, &CensusLag)> = lags
        .iter()
        .map(|lag| {
            let known = catalogue.get(lag.indicator).ok();
            let name = known.map_or_else(|| lag.indicator.to_string(), |i| i.name.clone());
            (name, lag)
        })
        .collect();
    if named.is_empty() {
        return None;
    }
    let told = named.iter().map(|(name, lag)| {
        let at = |wanted: i8| {
            let cell = lag.cells.iter().find(|c| c.lag == wanted);
            cell.map_or_else(String::new, |c| or_dash(c.auroc, |c| decimal(c, 2)))
        };
        format!("{name}: {} before, {} after", at(0), at(1))
    });
    let head = Head {
        id: "census-lag".to_owned(),
        title: "Warning or consequence? One figure at a time, before and after the inspection"
            .to_owned(),
        description: format!(
            "C-statistic of the last census before the inspection and of the first after it. {}.",
            told.collect::<Vec<_>>().join("; "),
        ),
    };
    let table = table(&named);
    Some(Chart::new(head, table, |svg| draw(svg, &named)))
}

fn table(named: &[(String, &CensusLag)]) -> Table {
    let mut table = Table::new(&[
        "Indicator",
        "Census",
        "C-statistic",
        "Inspections",
        "With the outcome",
    ]);
    for (name, lag) in named {
        for cell in &lag.cells {
            table.push([
                name.clone(),
                place(cell.lag),
                or_dash(cell.auroc, |c| decimal(c, 2)),
                whole(cell.n),
                whole(cell.events),
            ]);
        }
    }
    table
}

fn place(lag: i8) -> String {
    match lag {
        0 => "last before the inspection".to_owned(),
        1.. => format!("{lag} after the last before"),
        _ => format!("{} before the last before", -lag),
    }
}

const HEIGHT: f64 = 190.0;
const GAP: f64 = 16.0;
/// Room for the labels of C-statistics on the left.
const LEFT: f64 = 30.0;

fn draw(svg: &mut Svg, named: &[(String, &CensusLag)]) {
    let columns = if is_narrow(svg) { 2 } else { 3 };
    let width = (svg.width() - LEFT) / columns as f64;
    let cells = named.iter().flat_map(|(_, lag)| &lag.cells);
    let found = cells.filter_map(|c| c.auroc.ok());
    let domain = found.fold((0.4, 0.7), |(low, high): (f64, f64), c| {
        (low.min(c), high.max(c))
    });
    for (at, (name, lag)) in named.iter().enumerate() {
        let (row, column) = (at / columns, at % columns);
        let left = LEFT + width * column as f64;
        let top = HEIGHT * row as f64;
        let plot = Plot {
            left,
            right: left + width - GAP,
            top: top + 46.0,
            bottom: top + HEIGHT - 34.0,
        };
        let scale = Scale::linear(domain, plot.up()).nice(4);
        panel(svg, &plot, &scale, name, lag, column == 0);
        svg.grow(top + HEIGHT);
    }
    let words = if is_narrow(svg) {
        "Tinted: after the inspection, only a consequence"
    } else {
        "Across: censuses from the last before the inspection (0). Tinted: after it, only a consequence."
    };
    let bottom = HEIGHT * named.len().div_ceil(columns) as f64;
    svg.text(
        (2.0, bottom + 14.0),
        words,
        Anchor::Start,
        Font::Normal,
        Ink::Soft,
    );
    svg.grow(bottom + 22.0);
}

fn panel(svg: &mut Svg, plot: &Plot, y: &Scale, name: &str, lag: &CensusLag, labelled: bool) {
    let band = Band::new(LAGS.len(), plot.across());
    let edge = plot.left + band.step() * 3.0;
    svg.bar((edge, plot.top), (plot.right, plot.bottom), Ink::Wash);
    for (line, words) in wrapped(name, Font::Bold.size(), plot.right - plot.left + 4.0)
        .iter()
        .take(2)
        .enumerate()
    {
        let at = (plot.left, plot.top - 24.0 + 16.0 * line as f64);
        svg.text(at, words, Anchor::Start, Font::Bold, Ink::Text);
    }
    let axis = Axis::new(y, "", |c| decimal(c, 1));
    axis.left_in_panel(svg, plot, labelled);
    let chance = y.at(0.5);
    svg.line(
        &[(plot.left, chance), (plot.right, chance)],
        Stroke::ThinDashed,
        Ink::Text,
    );
    let mut points = Vec::new();
    for (at, cell) in lag.cells.iter().enumerate() {
        let x = band.middle(at);
        let words = match cell.lag {
            0 => "0".to_owned(),
            later @ 1.. => format!("+{later}"),
            before => format!("\u{2212}{}", -before),
        };
        svg.text(
            (x, plot.bottom + 16.0),
            &words,
            Anchor::Middle,
            Font::Small,
            Ink::Soft,
        );
        points.extend(cell.auroc.ok().map(|c| (cell.lag, (x, y.at(c)))));
    }
    let path: Vec<_> = points.iter().map(|(_, at)| *at).collect();
    svg.line(&path, Stroke::Thin, Ink::Soft);
    for (lag, at) in points {
        let (shape, ink) = match lag {
            1.. => (Shape::Diamond, Ink::Rival),
            _ => (Shape::Circle, Ink::Accent),
        };
        svg.dot(at, 4.0, shape, ink);
    }
}
