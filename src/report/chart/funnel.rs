//! A funnel plot: each authority's rate against its size, within limits of chance.

use crate::report::draw::axis::{Plane, Side};
use crate::report::draw::chart::{Chart, Head, Table, is_narrow};
use crate::report::draw::mark::{Anchor, Font, Place, Shape, Stroke};
use crate::report::draw::number::{percent, tick_percent, whole};
use crate::report::draw::palette::Ink;
use crate::report::draw::svg::Svg;
use crate::report::draw::text::fitted;
use crate::validate::{Funnel, FunnelLimits, FunnelPoint, Outside};
use crate::words::day;

/// Every authority as a dot within exact binomial 95% and 99.8% limits around the rate of all
/// together, and 99.8% limits widened by what differs between authorities. The most unusual are
/// named where there is room.
pub fn funnel(funnel: &Funnel) -> Chart {
    let (beyond95, beyond998) = funnel.outside();
    let head = Head {
        id: format!("funnel-{}", funnel.indicator),
        title: format!("{}, {}", upper(&funnel.name), day(funnel.period_end)),
        description: format!(
            "{} figures around a rate of {} together. {beyond95} lie outside the 95% limits of \
             chance, {beyond998} of them outside the 99.8% limits. Beyond chance the rates differ \
             with a standard deviation of {}, so that these limits alone say \
             little; the widened limits allow for it.",
            funnel.points.len(),
            percent(funnel.target),
            percent(funnel.between_sd),
        ),
    };
    Chart::new(head, table(funnel), |svg| draw(svg, funnel))
}

fn upper(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

fn table(funnel: &Funnel) -> Table {
    let (above, below) = (upper(&funnel.numerator), upper(&funnel.denominator));
    let mut table = Table::new(&["Name", &above, &below, "Rate", "Limits of chance"]);
    for point in &funnel.points {
        let place = match point.outside {
            Outside::Neither => "within",
            Outside::Limits95 => "outside 95%",
            Outside::Limits998 => "outside 99.8%",
        };
        table.push([
            point.name.clone(),
            whole(point.numerator.round() as usize),
            whole(point.denominator.round() as usize),
            percent(point.rate),
            place.to_owned(),
        ]);
    }
    table
}

fn draw(svg: &mut Svg, funnel: &Funnel) {
    let narrow = is_narrow(svg);
    let largest = funnel
        .points
        .iter()
        .map(|p| p.denominator)
        .fold(1.0, f64::max);
    let highest = funnel
        .points
        .iter()
        .map(|p| p.rate)
        .fold(funnel.target, f64::max);
    let below = upper(&funnel.denominator);
    let x = Side {
        domain: (0.0, 1.03 * largest),
        round: false,
        ticks: &[],
        title: &below,
        label: |n| whole(n.round() as usize),
    };
    let y = Side {
        domain: (0.0, highest),
        round: true,
        ticks: &[],
        title: "Rate",
        label: tick_percent,
    };
    let room = if narrow { 8.0 } else { 110.0 };
    let plane = Plane::new(svg, (0.0, 400.0), (0.0, room), &x, &y);
    let (ends, drawn) = limits(svg, &plane, funnel, largest);
    if !narrow {
        name_limits(svg, &plane, &ends);
    }
    let far = |point: &&FunnelPoint| point.outside == Outside::Limits998;
    let at = |point: &FunnelPoint| plane.at((point.denominator, point.rate));
    let (outside, inside): (Vec<_>, Vec<_>) = funnel.points.iter().partition(far);
    let places = |points: Vec<&FunnelPoint>| points.into_iter().map(at).collect::<Vec<_>>();
    svg.dots(&places(inside), Shape::Circle, Ink::Accent);
    svg.dots(&places(outside), Shape::Diamond, Ink::Rival);
    name_unusual(svg, &plane, funnel, &drawn);
}

/// Draws target and limits; gives the places where the upper ones end, with their names, and the
/// places that the lines pass through.
fn limits(
    svg: &mut Svg,
    plane: &Plane,
    funnel: &Funnel,
    largest: f64,
) -> ([(&'static str, Place); 4], Vec<Place>) {
    // Equal steps of the square root, because limits bend most at the small end.
    const STEPS: usize = 60;
    let sizes: Vec<f64> = (1..=STEPS)
        .map(|k| largest * (k as f64 / STEPS as f64).powi(2))
        .filter(|n| *n >= 1.0)
        .collect();
    let exact: Vec<FunnelLimits> = sizes.iter().map(|&n| funnel.limits(n)).collect();
    let widened: Vec<[f64; 2]> = sizes.iter().map(|&n| funnel.widened998(n)).collect();
    let mut passed: Vec<Place> = Vec::new();
    let mut draw = |svg: &mut Svg, stroke, ink, of: &dyn Fn(usize) -> [f64; 2]| {
        for end in [0, 1] {
            let at = |(k, &n): (usize, &f64)| (n, of(k)[end]);
            let inside = |(_, rate): &(f64, f64)| *rate <= plane.y.domain().1;
            let line = sizes.iter().enumerate().map(at).filter(inside);
            let line: Vec<Place> = line.map(|point| plane.at(point)).collect();
            svg.line(&line, stroke, ink);
            passed.extend(line);
        }
        passed
            .last()
            .copied()
            .unwrap_or((plane.plot.right, plane.plot.top))
    };
    let target = plane.at((largest, funnel.target));
    let middle = [plane.at((0.0, funnel.target)), target];
    svg.line(&middle, Stroke::Thin, Ink::Text);
    let limits95 = |k: usize| exact[k].limits95;
    let limits998 = |k: usize| exact[k].limits998;
    let ends = [
        ("all together", target),
        ("95%", draw(svg, Stroke::ThinDashed, Ink::Soft, &limits95)),
        ("99.8%", draw(svg, Stroke::Thin, Ink::Soft, &limits998)),
        (
            "99.8% widened",
            draw(svg, Stroke::Dotted, Ink::Rival, &|k| widened[k]),
        ),
    ];
    (ends, passed)
}

fn name_limits(svg: &mut Svg, plane: &Plane, ends: &[(&'static str, Place)]) {
    let wanted: Vec<f64> = ends.iter().map(|(_, (_, y))| *y).collect();
    let range = (plane.plot.top, plane.plot.bottom);
    let placed = crate::report::draw::text::spread(&wanted, 15.0, range);
    for ((name, _), y) in ends.iter().zip(placed) {
        let at = (plane.plot.right + 4.0, y + 4.5);
        svg.text(at, name, Anchor::Start, Font::Small, Ink::Soft);
    }
}

/// How many authorities are named, at most.
const NAMED: usize = 8;

/// Names the most unusual authorities, each on the side and height where it covers no dot's name.
fn name_unusual(svg: &mut Svg, plane: &Plane, funnel: &Funnel, lines: &[Place]) {
    let mut unusual: Vec<&FunnelPoint> = funnel
        .points
        .iter()
        .filter(|p| p.outside == Outside::Limits998)
        .collect();
    unusual.sort_by(|a, b| b.z.abs().total_cmp(&a.z.abs()));
    let dots: Vec<Place> = funnel
        .points
        .iter()
        .map(|p| plane.at((p.denominator, p.rate)))
        .chain(lines.iter().copied())
        .collect();
    let mut taken: Vec<(Place, Place)> = Vec::new();
    for point in unusual.into_iter().take(NAMED) {
        let (x, y) = plane.at((point.denominator, point.rate));
        let name = fitted(&point.name, Font::Small.size(), 160.0);
        let width = Font::Small.width(&name);
        let free = |left: f64, top: f64| {
            let (right, bottom) = (left + width, top + 13.0);
            let inside = left >= plane.plot.left && right <= plane.plot.right;
            let covers = |(px, py): &Place| {
                (left - 3.0..=right + 3.0).contains(px) && (top - 3.0..=bottom + 3.0).contains(py)
            };
            let overlaps =
                |(a, b): &(Place, Place)| left < b.0 && a.0 < right && top < b.1 && a.1 < bottom;
            inside && !dots.iter().any(covers) && !taken.iter().any(overlaps)
        };
        let places = [(x + 7.0, y - 7.0), (x - 7.0 - width, y - 7.0)];
        if let Some(&(left, top)) = places.iter().find(|(left, top)| free(*left, *top)) {
            svg.text(
                (left, top + 11.0),
                &name,
                Anchor::Start,
                Font::Small,
                Ink::Text,
            );
            taken.push(((left, top), (left + width, top + 13.0)));
        }
    }
}
