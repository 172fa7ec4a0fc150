//! Do probabilities mean what they say? Groups of similar forecasts, and how many there are.

use crate::report::draw::axis::{ABOVE, BELOW, Plane, Side};
use crate::report::draw::chart::{Chart, Head, Table, is_narrow};
use crate::report::draw::mark::{Anchor, Font, Shape, Stroke};
use crate::report::draw::number::{
    decimal, percent, percent_range, range, tick, tick_percent, whole,
};
use crate::report::draw::palette::Ink;
use crate::report::draw::svg::Svg;
use crate::validate::{
    CurvePoint, Estimate, Forecast, HistogramBin, Meaning, Measured, ReliabilityGroup,
};

/// Share of events against forecast for groups of similar forecasts, over a histogram of all
/// forecasts. The diagonal is where forecasts mean what they say. A smooth curve is added where
/// there are events enough for one.
pub fn reliability(meaning: &Meaning) -> Chart {
    let drawn = Drawn {
        noun: "Inspections",
        n: meaning.n,
        events: meaning.events,
        slope: meaning.slope,
        groups: meaning.reliability.as_deref().unwrap_or_default(),
        curve: meaning.curve.as_deref().unwrap_or_default(),
        histogram: &meaning.histogram,
    };
    let id = format!("reliability-{}-{}", meaning.recipe, meaning.model);
    drawn.chart(id, &meaning.model)
}

/// The same of any forecast, for rows of any kind.
pub fn calibration(name: &str, forecast: &Forecast) -> Chart {
    let groups = forecast.grouped();
    let curve = forecast.flexible_curve();
    let drawn = Drawn {
        noun: "Rows",
        n: forecast.rows(),
        events: forecast.events(),
        slope: forecast.calibration_line().map(|line| line.slope),
        groups: groups.as_deref().unwrap_or_default(),
        curve: curve.as_deref().unwrap_or_default(),
        histogram: &forecast.histogram(),
    };
    drawn.chart(format!("calibration-{name}"), name)
}

/// What is drawn.
struct Drawn<'a> {
    /// What the rows are, in the plural.
    noun: &'a str,
    n: usize,
    events: usize,
    slope: Estimate<Measured>,
    groups: &'a [ReliabilityGroup],
    curve: &'a [CurvePoint],
    histogram: &'a [HistogramBin],
}

impl Drawn<'_> {
    fn chart(&self, id: String, name: &str) -> Chart {
        let slope = self.slope.map_or_else(
            |why| format!("undefined ({why})"),
            |s| {
                format!(
                    "{} (95% interval {})",
                    decimal(s.estimate, 2),
                    range(s.interval95, 2)
                )
            },
        );
        let head = Head {
            id,
            title: format!("Forecast and what came: {name}"),
            description: format!(
                "{} {}, {} with the outcome, in {} groups of similar forecasts. Calibration slope \
                 {slope}; 1 would be neither too bold nor too timid.",
                whole(self.n),
                self.noun.to_lowercase(),
                whole(self.events),
                self.groups.len(),
            ),
        };
        Chart::new(head, table(self.groups, self.noun), |svg| draw(svg, self))
    }
}

fn table(groups: &[ReliabilityGroup], noun: &str) -> Table {
    let mut table = Table::new(&[
        "Forecasts",
        "Mean forecast",
        "Share that came",
        "95% interval",
        noun,
        "With the outcome",
    ]);
    for group in groups {
        let [low, high] = group.range.map(percent);
        table.push([
            format!("{low} to {high}"),
            percent(group.forecast),
            percent(group.observed),
            percent_range(group.observed_interval95),
            whole(group.rows),
            whole(group.events),
        ]);
    }
    table
}

/// Room on the left that the labels of both planes fit into, so that their x scales agree.
const LEFT: f64 = 46.0;

fn draw(svg: &mut Svg, drawn: &Drawn) {
    let groups = drawn.groups;
    let last_bin = drawn.histogram.last().map_or(1.0, |bin| bin.to);
    let highest = groups.iter().map(|g| g.observed_interval95.high);
    let most = highest.fold(last_bin, f64::max).min(1.0);
    let x = Side {
        domain: (0.0, last_bin),
        round: true,
        ticks: &[],
        title: "",
        label: tick_percent,
    };
    let y = Side {
        domain: (0.0, most),
        round: true,
        ticks: &[],
        title: "Share with the outcome",
        label: tick_percent,
    };
    let height = if is_narrow(svg) { 320.0 } else { 380.0 };
    let room = if is_narrow(svg) { 16.0 } else { 160.0 };
    let plane = Plane::new(svg, (0.0, height), (LEFT, room), &x, &y);
    let end = plane.x.domain().1.min(plane.y.domain().1);
    let diagonal = [plane.at((0.0, 0.0)), plane.at((end, end))];
    svg.line(&diagonal, Stroke::ThinDashed, Ink::Text);
    if !is_narrow(svg) {
        let (x, y) = plane.at((end, end));
        let at = (x + 6.0, y.max(plane.plot.top + 10.0) + 4.0);
        svg.text(at, "as forecast", Anchor::Start, Font::Normal, Ink::Soft);
    }
    if !drawn.curve.is_empty() {
        let points = drawn.curve.iter();
        let points: Vec<_> = points.map(|p| plane.at((p.forecast, p.observed))).collect();
        svg.line(&points, Stroke::Solid, Ink::Rival);
    }
    for group in groups {
        let at = |observed| plane.at((group.forecast, observed));
        let interval = group.observed_interval95;
        svg.interval(at(interval.low), at(interval.high), Ink::Accent);
        svg.dot(at(group.observed), 5.0, Shape::Circle, Ink::Accent);
    }
    histogram(svg, drawn, &plane, height, room);
}

/// Bars under the plot, on the same scale of forecasts.
fn histogram(svg: &mut Svg, drawn: &Drawn, above: &Plane, top: f64, room: f64) {
    let most = drawn
        .histogram
        .iter()
        .map(|bin| bin.rows)
        .max()
        .unwrap_or(1);
    let title = format!("{} (dark: with the outcome)", drawn.noun);
    let x = Side {
        domain: above.x.domain(),
        round: false,
        ticks: &[],
        title: "Forecast probability",
        label: tick_percent,
    };
    let y = Side {
        domain: (0.0, most as f64),
        round: true,
        ticks: &[],
        title: &title,
        label: tick,
    };
    let plane = Plane::new(svg, (top - 8.0, 80.0 + ABOVE + BELOW), (LEFT, room), &x, &y);
    for bin in drawn.histogram {
        let corner = |p: f64, rows: usize| (above.x.at(p), plane.y.at(rows as f64));
        let (left, right) = (bin.from, bin.to);
        let inset = |(x, y): (f64, f64), by: f64| (x + by, y);
        let foot = inset(corner(left, 0), 1.0);
        svg.bar(foot, inset(corner(right, bin.rows), -1.0), Ink::Accent);
        svg.bar(foot, inset(corner(right, bin.events), -1.0), Ink::Text);
    }
}
