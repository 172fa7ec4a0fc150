//! The C-statistics of a model and its rivals, each with its interval.

use crate::report::draw::axis::{Axis, BELOW, Plot};
use crate::report::draw::chart::{Chart, Head, Table, is_narrow};
use crate::report::draw::mark::{Anchor, Font, Shape, Stroke};
use crate::report::draw::number::{decimal, or_dash, range, tick, whole};
use crate::report::draw::palette::Ink;
use crate::report::draw::scale::{Band, Scale};
use crate::report::draw::svg::Svg;
use crate::report::draw::text::fitted;
use crate::validate::{Backtest, Interval, Subset, Summary};

/// One row for each model and rival of a back-test: a dot at its C-statistic, a line over its 95%
/// interval. Those without a C-statistic have a row without a mark.
pub fn c_statistics(backtest: &Backtest, recipe: &str, lead_months: u16, subset: Subset) -> Chart {
    let rows: Vec<&Summary> = backtest.summaries(recipe, lead_months, subset).collect();
    let which = match subset {
        Subset::All => "all inspections",
        Subset::NotAlreadyInadequate | Subset::PreviouslyBetter | Subset::FirstInspections => {
            &subset.to_string()
        }
    };
    let head = Head {
        id: format!(
            "c-statistic-{recipe}-{lead_months}-{}",
            which.replace(' ', "-")
        ),
        title: format!("How well each score puts inspections in order: {which}"),
        description: describe(&rows),
    };
    Chart::new(head, table(&rows), |svg| draw(svg, &rows))
}

fn describe(rows: &[&Summary]) -> String {
    let Some(first) = rows.first() else {
        return "No inspection was scored.".to_owned();
    };
    let told = rows.iter().map(|r| format!("{} {}", r.model, estimate(r)));
    format!(
        "{} inspections, {} of them with the outcome. C-statistics with 95% intervals: {}.",
        whole(first.n),
        whole(first.events),
        told.collect::<Vec<_>>().join("; "),
    )
}

fn estimate(row: &Summary) -> String {
    let interval = or_dash(row.auroc_ci95, |i| range(i, 2));
    format!("{} ({interval})", or_dash(row.auroc, |c| decimal(c, 2)))
}

fn table(rows: &[&Summary]) -> Table {
    let mut table = Table::new(&[
        "Score",
        "C-statistic",
        "95% interval",
        "Within years",
        "Inspections",
        "With the outcome",
    ]);
    for row in rows {
        table.push([
            row.model.clone(),
            or_dash(row.auroc, |c| decimal(c, 2)),
            or_dash(row.auroc_ci95, |i| range(i, 2)),
            or_dash(row.auroc_within_year, |c| decimal(c, 2)),
            whole(row.n),
            whole(row.events),
        ]);
    }
    table
}

/// Room for the names and for the numbers beside the plot.
const NAMES: f64 = 230.0;
const NUMBERS: f64 = 130.0;

fn draw(svg: &mut Svg, rows: &[&Summary]) {
    let narrow = is_narrow(svg);
    let step = if narrow { 44.0 } else { 32.0 };
    let plot = Plot {
        left: if narrow { 8.0 } else { NAMES },
        right: svg.width() - if narrow { 8.0 } else { NUMBERS },
        top: 6.0,
        bottom: 6.0 + step * rows.len() as f64,
    };
    svg.grow(plot.bottom + BELOW);
    let scale = Scale::linear(domain(rows), plot.across()).nice(6);
    let title = if narrow {
        "C-statistic: 0.5 is chance, 1 perfect order"
    } else {
        "C-statistic: 0.5 is no better than chance, 1 is perfect order"
    };
    Axis::new(&scale, title, tick).below(svg, &plot);
    let chance = scale.at(0.5);
    let band = Band::new(rows.len(), (plot.top, plot.bottom));
    if narrow {
        // Only beside the marks: names stand between them.
        for place in 0..rows.len() {
            let mark = band.middle(place) + 10.0;
            let line = [(chance, mark - 9.0), (chance, mark + 9.0)];
            svg.line(&line, Stroke::ThinDashed, Ink::Text);
        }
    } else {
        let line = [(chance, plot.top), (chance, plot.bottom)];
        svg.line(&line, Stroke::ThinDashed, Ink::Text);
    }
    for (place, row) in rows.iter().enumerate() {
        let font = if row.is_candidate() {
            Font::Bold
        } else {
            Font::Normal
        };
        let ink = if row.is_candidate() {
            Ink::Accent
        } else {
            Ink::Soft
        };
        let middle = band.middle(place);
        let (mark, words) = if narrow {
            (middle + 10.0, middle - 8.0)
        } else {
            (middle, middle + 4.5)
        };
        let room = if narrow { 216.0 } else { NAMES - 12.0 };
        let name = fitted(&row.model, font.size(), room);
        let (at, anchor) = if narrow {
            (2.0, Anchor::Start)
        } else {
            (NAMES - 12.0, Anchor::End)
        };
        svg.text((at, words), &name, anchor, font, Ink::Text);
        let right = (svg.width() - 2.0, words);
        svg.text(right, &estimate(row), Anchor::End, font, Ink::Text);
        if let Ok(Interval { low, high }) = row.auroc_ci95 {
            svg.interval((scale.at(low), mark), (scale.at(high), mark), ink);
        }
        if let Ok(c) = row.auroc {
            let shape = if row.is_candidate() {
                Shape::Circle
            } else {
                Shape::Diamond
            };
            svg.dot((scale.at(c), mark), 5.0, shape, ink);
        }
    }
}

/// From the lowest to the highest number shown, chance among them.
fn domain(rows: &[&Summary]) -> (f64, f64) {
    let ends = rows.iter().flat_map(|row| {
        let interval = row.auroc_ci95.map(|i| [i.low, i.high]);
        interval.or(row.auroc.map(|c| [c, c])).unwrap_or([0.5, 0.5])
    });
    ends.fold((0.45, 0.6), |(low, high), end| {
        (low.min(end), high.max(end))
    })
}
