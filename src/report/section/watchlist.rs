//! The watchlist: every authority scored, with its reasons and a column for people's own view.

use serde::Serialize;

use crate::data::Grade;
use crate::error::Result;
use crate::report::csv::{data_link, table as csv};
use crate::report::draw::chart::Table;
use crate::report::draw::mark::{Shape, Stroke};
use crate::report::draw::number::{NONE, decimal, percent, percent_range, whole};
use crate::report::draw::palette::Ink;
use crate::report::draw::scale::Scale;
use crate::report::draw::svg::Svg;
use crate::report::input::ReportInput;
use crate::report::page::{Section, render};
use crate::score::{Group, HorizonRisk, Score};
use crate::words::table::missing;

#[derive(Serialize)]
struct Body {
    as_of: String,
    capacity: String,
    scored: String,
    span: String,
    base_rate: String,
    how_sure: String,
    /// Whether there are pages of authorities to link to.
    heading: String,
    many: String,
    event: String,
    within_months: String,
    edge: Option<String>,
    revised: bool,
    csv: String,
    ground: String,
    file: String,
    regions: Vec<String>,
    rows: Vec<Row>,
    not_scored: Table,
}

/// One authority.
#[derive(Serialize)]
struct Row {
    linked: bool,
    code: String,
    rank: usize,
    /// Among those that can be on the list; none for those that need no warning.
    place: Option<usize>,
    places: Option<String>,
    on_list: bool,
    edge: bool,
    name: String,
    region: String,
    probability: String,
    interval: String,
    /// What will be judged within the horizon: another question.
    within: Option<String>,
    drawing: String,
    /// In how many re-fits it is on the list.
    listed: Option<String>,
    /// For sorting.
    share: f64,
    reasons: Vec<String>,
    missing: Vec<String>,
    judgement: String,
    age: Option<String>,
    years: f64,
}

/// The section.
pub(crate) fn section(input: &ReportInput<'_>) -> Result<Section> {
    let scores = &input.scores.scores;
    let widest = scores.iter().map(|s| s.interval.high);
    let scale = Scale::linear((0.0, widest.fold(0.1, f64::max)), (4.0, WIDTH - 4.0)).nice(4);
    let rows: Vec<Row> = scores.iter().map(|s| row(input, s, &scale)).collect();
    let mut regions: Vec<String> = rows.iter().map(|r| r.region.clone()).collect();
    regions.sort_unstable();
    regions.dedup();
    regions.retain(|r| !r.is_empty());
    let body = Body {
        as_of: input.scores.as_of.to_string(),
        capacity: whole(input.capacity.0.get()),
        scored: whole(scores.len()),
        span: percent(scale.domain().1),
        base_rate: percent(input.scores.training.base_rate_now.value),
        how_sure: input.how_sure.to_owned(),
        heading: input.nouns().heading(),
        many: input.nouns().headings(),
        event: input.nouns().event(),
        within_months: whole((12.0 * input.service.fresh_years()).round() as usize),
        edge: edge(input),
        revised: scores
            .iter()
            .flat_map(|s| &s.contributions)
            .any(|c| c.flags.revised),
        csv: data_link(&csv(input.scores)?),
        ground: ground(input.scores.training.base_rate_now.value, &scale),
        file: format!("watchlist-{}.csv", input.scores.as_of),
        regions,
        rows,
        not_scored: not_scored(input),
    };
    Ok(Section {
        id: "watchlist".to_owned(),
        title: "Watchlist".to_owned(),
        body: render("watchlist", &body)?,
    })
}

fn row(input: &ReportInput<'_>, score: &Score, scale: &Scale) -> Row {
    Row {
        linked: input.has_page(score.organisation),
        code: score.organisation.to_string(),
        rank: score.rank,
        place: place(input, score),
        places: score.places.map(|p| format!("{} to {}", p.low, p.high)),
        on_list: score.on_watchlist,
        edge: score.spans_edge() == Some(true),
        name: score.name.clone(),
        region: input.region(score.organisation),
        probability: percent(score.probability),
        interval: percent_range(score.interval),
        within: within(input, score),
        drawing: drawing(input, score, scale),
        listed: score
            .listed_in
            .map(|(times, of)| format!("{times} of {of}")),
        share: score
            .listed_in
            .map_or(score.probability, |(times, of)| times as f64 / of as f64),
        reasons: score.reasons.iter().take(3).map(|r| r.reason()).collect(),
        missing: missing(score),
        judgement: score
            .previous_grade
            .map_or("none known", Grade::words)
            .to_owned(),
        age: score.years_since_inspection.map(ago),
        years: score.years_since_inspection.unwrap_or(-1.0),
    }
}

/// One more than those that can be on the list and have a higher risk.
fn place(input: &ReportInput<'_>, score: &Score) -> Option<usize> {
    let can = |s: &&Score| s.group != Group::Already;
    let before = input.scores.scores.iter().filter(can);
    let before = before.filter(|s| s.rank < score.rank);
    can(&score).then(|| 1 + before.count())
}

/// The probabilities of the horizons, in words that no one takes for the risk.
fn within(input: &ReportInput<'_>, score: &Score) -> Option<String> {
    let event = input.nouns().event();
    let of = |(key, risk): (&String, &Option<HorizonRisk>)| {
        let risk = risk.as_ref()?;
        let time = key.trim_start_matches("in_").replace('_', " ");
        Some(format!(
            "judged within {time} and {event}: {}",
            percent(risk.probability)
        ))
    };
    let all: Vec<String> = score.horizons.iter().filter_map(of).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// How long ago, in years, or in months where it is less than one.
fn ago(years: f64) -> String {
    match (12.0 * years).round() {
        m if m < 1.0 => "under a month ago".to_owned(),
        1.0 => "a month ago".to_owned(),
        m if m < 12.0 => format!("{m:.0} months ago"),
        _ => format!("{} years ago", decimal(years, 1)),
    }
}

/// Size of the small drawing of a probability.
const WIDTH: f64 = 150.0;
const HEIGHT: f64 = 24.0;

/// What all drawings have in common: the ground, and the base rate upright.
fn ground(base: f64, scale: &Scale) -> String {
    let mut svg = Svg::new("wl", WIDTH, "", "");
    let bottom = HEIGHT - 1.0;
    let ground = [(scale.at(0.0), bottom), (scale.range().1, bottom)];
    svg.line(&ground, Stroke::Thin, Ink::Rule);
    let rate = [(scale.at(base), 1.0), (scale.at(base), bottom)];
    svg.line(&rate, Stroke::Thin, Ink::Text);
    svg.into_marks()
}

/// Probability and interval as dot and line on the common ground.
fn drawing(input: &ReportInput<'_>, score: &Score, scale: &Scale) -> String {
    let rate = input.scores.training.base_rate_now.value;
    let i = score.interval;
    let title = format!(
        "{}, interval {}",
        percent(score.probability),
        percent_range(i)
    );
    let against = format!("Rate of now {}", percent(rate));
    let mut svg = Svg::new(
        &format!("p-{}", score.organisation),
        WIDTH,
        &title,
        &against,
    );
    svg.grow(HEIGHT);
    let middle = HEIGHT / 2.0;
    svg.reuse("wl");
    svg.interval(
        (scale.at(i.low), middle),
        (scale.at(i.high), middle),
        Ink::Accent,
    );
    svg.dot(
        (scale.at(score.probability), middle),
        4.5,
        Shape::Circle,
        Ink::Accent,
    );
    svg.finish_row()
}

/// How many places lie on both sides of the list's end.
fn edge(input: &ReportInput<'_>) -> Option<String> {
    let on_edge = |s: &&Score| s.spans_edge() == Some(true);
    let (on, off): (Vec<_>, Vec<_>) = input
        .scores
        .scores
        .iter()
        .filter(on_edge)
        .partition(|s| s.on_watchlist);
    (on.len() + off.len() > 0).then(|| {
        format!(
            "~ Its places lie on both sides of the end of the list, so that it may or may not belong \
             there: {} on the list, and {} below it.",
            on.len(),
            off.len(),
        )
    })
}

fn not_scored(input: &ReportInput<'_>) -> Table {
    let mut table = Table::new(&[&input.nouns().heading(), "Region", "Why there is no score"]);
    for refused in &input.scores.not_scored {
        let region = match refused.region.as_str() {
            "" => NONE,
            region => region,
        };
        let region = region.to_owned();
        let reason = refused.reason();
        table.push([refused.name.clone(), region, reason]);
    }
    table
}
