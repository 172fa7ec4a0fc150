//! How early the warning is worth something: the C-statistic by lead.

use super::series::{Series, lines};
use crate::report::draw::axis::Side;
use crate::report::draw::chart::{Chart, Head, Table};
use crate::report::draw::mark::{Shape, Stroke};
use crate::report::draw::number::{decimal, or_dash, range, tick, whole};
use crate::report::draw::palette::Ink;
use crate::report::draw::svg::Svg;
use crate::validate::{Backtest, Subset, Summary};

/// The first model under test, with intervals, and the rival that does best at the shortest lead;
/// `None` for a back-test of a single lead.
pub fn lead_times(backtest: &Backtest, recipe: &str) -> Option<Chart> {
    let first = backtest.summary.iter().find(|s| s.recipe == recipe)?;
    // Of all years tested, once for each lead.
    let of = |model: &str| -> Vec<&Summary> {
        let rows = backtest.summary.iter();
        rows.filter(|s| s.recipe == recipe && s.subset == Subset::All && s.model == model)
            .filter(|s| s.since == first.since)
            .collect()
    };
    let model = of(&first.model);
    if model.len() < 2 {
        return None;
    }
    let lead = first.lead_months;
    let rivals = backtest.summaries(recipe, lead, Subset::All);
    let best = rivals
        .filter(|s| !s.is_candidate())
        .filter_map(|s| Some((s, s.auroc.ok()?)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    let rival = best.map(|(s, _)| of(&s.model)).unwrap_or_default();
    let told = model.iter().map(|s| {
        let c = or_dash(s.auroc, |c| decimal(c, 2));
        format!("{c} at {} months", s.lead_months)
    });
    let head = Head {
        id: format!("lead-time-{recipe}"),
        title: "How early the warning is worth something".to_owned(),
        description: format!(
            "C-statistic of {} by months between its figures and the inspection: {}.",
            first.model,
            told.collect::<Vec<_>>().join(", "),
        ),
    };
    let table = table(&[model.as_slice(), rival.as_slice()]);
    Some(Chart::new(head, table, |svg| draw(svg, &model, &rival)))
}

fn table(models: &[&[&Summary]]) -> Table {
    let mut table = Table::new(&[
        "Months ahead",
        "Score",
        "C-statistic",
        "95% interval",
        "Inspections",
    ]);
    for row in models.iter().copied().flatten() {
        table.push([
            row.lead_months.to_string(),
            row.model.clone(),
            or_dash(row.auroc, |c| decimal(c, 2)),
            or_dash(row.auroc_ci95, |i| range(i, 2)),
            whole(row.n),
        ]);
    }
    table
}

fn draw(svg: &mut Svg, model: &[&Summary], rival: &[&Summary]) {
    let points = |rows: &[&Summary]| -> Vec<(f64, f64)> {
        rows.iter()
            .filter_map(|s| Some((f64::from(s.lead_months), s.auroc.ok()?)))
            .collect()
    };
    let name = |rows: &[&Summary]| rows.first().map_or_else(String::new, |s| s.model.clone());
    let mut series = vec![Series {
        name: name(model),
        points: points(model),
        stroke: Stroke::Solid,
        ink: Ink::Accent,
    }];
    if !rival.is_empty() {
        series.push(Series {
            name: format!("strongest rival: {}", name(rival)),
            points: points(rival),
            stroke: Stroke::Dashed,
            ink: Ink::Rival,
        });
    }
    series.push(Series {
        name: "chance".to_owned(),
        points: vec![(0.0, 0.5), (last(model), 0.5)],
        stroke: Stroke::ThinDashed,
        ink: Ink::Soft,
    });
    let ends = model.iter().filter_map(|s| s.auroc_ci95.ok());
    let low = ends.clone().map(|i| i.low).fold(0.45, f64::min);
    let high = ends.map(|i| i.high).fold(0.75, f64::max);
    let leads: Vec<f64> = model.iter().map(|s| f64::from(s.lead_months)).collect();
    let x = Side {
        domain: (0.0, last(model)),
        round: false,
        ticks: &leads,
        title: "Months between figures and inspection",
        label: tick,
    };
    let y = Side {
        domain: (low, high),
        round: true,
        ticks: &[],
        title: "C-statistic",
        label: tick,
    };
    let plane = lines(svg, 340.0, &x, &y, &series);
    for row in model {
        let months = f64::from(row.lead_months);
        if let Ok(interval) = row.auroc_ci95 {
            let (low, high) = (interval.low, interval.high);
            svg.interval(
                plane.at((months, low)),
                plane.at((months, high)),
                Ink::Accent,
            );
        }
        if let Ok(c) = row.auroc {
            svg.dot(plane.at((months, c)), 5.0, Shape::Circle, Ink::Accent);
        }
    }
    for point in points(rival) {
        svg.dot(plane.at(point), 4.0, Shape::Diamond, Ink::Rival);
    }
}

fn last(rows: &[&Summary]) -> f64 {
    rows.iter()
        .map(|s| f64::from(s.lead_months))
        .fold(0.0, f64::max)
}
