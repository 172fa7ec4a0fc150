//! The decision curve: is acting on the forecast worth more than acting on all, or on none?

use super::series::{Series, lines};
use crate::report::draw::axis::Side;
use crate::report::draw::chart::{Chart, Head, Table};
use crate::report::draw::mark::Stroke;
use crate::report::draw::number::{decimal, tick, tick_percent, whole};
use crate::report::draw::palette::Ink;
use crate::report::draw::svg::Svg;
use crate::validate::{Meaning, NetBenefit};

/// Net benefit for each 100 inspections by the risk from which one would act, beside acting on
/// all and on none; `None` where there is no curve.
pub fn decision_curve(meaning: &Meaning) -> Option<Chart> {
    let curve = meaning.decision_curve.as_ref().ok()?;
    let better = |p: &&NetBenefit| p.model > p.treat_all.max(0.0);
    let worth: Vec<String> = curve
        .iter()
        .filter(better)
        .map(|p| tick_percent(p.threshold))
        .collect();
    let told = match (worth.first(), worth.last()) {
        (Some(low), Some(high)) => format!(
            "Of the {} risks looked at, acting on the score does better than acting on all or on \
             none at {}, the first of them {low} and the last {high}.",
            curve.len(),
            worth.len(),
        ),
        _ => "At none of the risks looked at does acting on the score do better than acting on \
              all or on none."
            .to_owned(),
    };
    let head = Head {
        id: format!("decision-{}-{}", meaning.recipe, meaning.model),
        title: format!(
            "Is acting on the score worth it? Net benefit of {}",
            meaning.model
        ),
        description: format!("{told} No sampling error is in the curve."),
    };
    Some(Chart::new(head, table(curve), |svg| {
        draw(svg, &meaning.model, curve)
    }))
}

fn table(curve: &[NetBenefit]) -> Table {
    let mut table = Table::new(&[
        "Act from a risk of",
        "Visited",
        "Caught",
        "Net benefit for each 100",
        "Of acting on all",
        "Of acting on none",
        "Visits spared for each 100",
    ]);
    for point in curve {
        table.push([
            tick_percent(point.threshold),
            whole(point.flagged),
            whole(point.caught),
            decimal(100.0 * point.model, 1),
            decimal(100.0 * point.treat_all, 1),
            decimal(100.0 * point.treat_none, 1),
            decimal(point.avoided_per_100, 1),
        ]);
    }
    table
}

fn draw(svg: &mut Svg, model: &str, curve: &[NetBenefit]) {
    let points = |of: fn(&NetBenefit) -> f64| -> Vec<(f64, f64)> {
        curve.iter().map(|p| (p.threshold, 100.0 * of(p))).collect()
    };
    let own = points(|p| p.model);
    let all = points(|p| p.treat_all);
    let most = own.iter().chain(&all).map(|p| p.1).fold(1.0, f64::max);
    let lowest = own.iter().map(|p| p.1).fold(-most / 3.0, f64::min);
    let series = [
        Series {
            name: format!("act on {model}"),
            points: own,
            stroke: Stroke::Solid,
            ink: Ink::Accent,
        },
        Series {
            name: "act on all".to_owned(),
            points: cut(&all, lowest),
            stroke: Stroke::Dashed,
            ink: Ink::Rival,
        },
        Series {
            name: "act on none".to_owned(),
            points: points(|p| p.treat_none),
            stroke: Stroke::Dotted,
            ink: Ink::Soft,
        },
    ];
    let x = Side {
        domain: (0.0, curve.last().map_or(0.5, |p| p.threshold)),
        round: false,
        ticks: &[],
        title: "Risk from which one would act",
        label: tick_percent,
    };
    let y = Side {
        domain: (lowest, most),
        round: true,
        ticks: &[],
        title: "Net catches for each 100 inspections",
        label: tick,
    };
    lines(svg, 340.0, &x, &y, &series);
}

/// A falling line as far as it lies above a floor.
fn cut(points: &[(f64, f64)], floor: f64) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for &(x, y) in points {
        if y >= floor {
            kept.push((x, y));
            continue;
        }
        if let Some(&(before, above)) = kept.last() {
            let share = (above - floor) / (above - y);
            kept.push((before + share * (x - before), floor));
        }
        break;
    }
    kept
}
