//! A template for an organisation's own figures: our long format with blanks, beside what helps to fill
//! them in.

use std::io::Write;

use jiff::civil::Date;

use super::tidy::{COLUMNS, OWN};
use crate::data::{Authority, Entity, Figure, Indicator, Panel};
use crate::error::Result;
use crate::features::FeatureRecipe;
use crate::read::table::write;

/// Columns beside those of the long format. They are for the person who fills it in, and not read.
pub const HELP: [&str; 6] = [
    "what",
    "unit",
    "last_value",
    "last_period_end",
    "benchmark_value",
    "benchmark_period_end",
];

/// Writes a row for each indicator of a recipe: the figure of the day is blank, beside it what is
/// known of the organisation and of its benchmark (England). What is left blank is passed over when the
/// file is read.
///
/// # Errors
/// [`Error::UnknownIndicator`](crate::Error::UnknownIndicator) for a recipe of another catalogue;
/// [`Error::Io`](crate::Error::Io) if `to` cannot be written.
pub fn write(
    panel: &Panel,
    recipe: &FeatureRecipe,
    organisation: &Authority,
    day: Date,
    to: impl Write,
) -> Result<()> {
    let known = panel.as_of(day);
    let mut rows = Vec::new();
    for id in recipe.indicators() {
        let indicator = panel.catalogue().get(id)?;
        let last = known.latest(Entity::Authority(organisation.code), id);
        let benchmark = known.latest(Entity::England, id);
        rows.push(row(organisation, indicator, day, [last, benchmark]));
    }
    let mut header = [""; 15];
    header[..9].copy_from_slice(&COLUMNS);
    header[9..].copy_from_slice(&HELP);
    write::rows("template of own figures", header, rows.into_iter(), to)
}

fn row(
    organisation: &Authority,
    indicator: &Indicator,
    day: Date,
    known: [Option<Figure>; 2],
) -> [String; 15] {
    let [last, benchmark] = known.map(|figure| {
        let value = figure.and_then(|f| f.observation.value.point());
        let end = figure.map(|f| f.period_end().to_string());
        [value.map(|v| v.to_string()), end].map(Option::unwrap_or_default)
    });
    let what = match indicator.denominator.as_str() {
        "" => indicator.name.clone(),
        below => format!("{}: {} by {below}", indicator.name, indicator.numerator),
    };
    let blank = String::new;
    [
        organisation.code.to_string(),
        indicator.id.to_string(),
        day.to_string(),
        day.to_string(),
        blank(),
        blank(),
        blank(),
        blank(),
        OWN.to_owned(),
        what,
        indicator.unit.expected().to_owned(),
        last[0].clone(),
        last[1].clone(),
        benchmark[0].clone(),
        benchmark[1].clone(),
    ]
}

/// How many times as large or small as the last one a figure may be without being asked about.
const FAR: f64 = 3.0;

/// Own figures that are far from the last ones of a panel without them, in words: each may be right,
/// and should be looked at again.
pub fn doubts(without: &Panel, with: &Panel) -> Vec<String> {
    let own = with.observations().filter(|o| with.source(o.source) == OWN);
    own.filter_map(|figure| {
        let known = without.as_of(figure.known_from);
        let last = known.latest(figure.entity, figure.indicator)?;
        let (new, last) = (figure.value.point()?, last.observation.value.point()?);
        let far = new > FAR * last || new < last / FAR;
        far.then(|| {
            format!(
                "{}: {new} is far from the last published figure, {last}: is it in the same unit?",
                figure.indicator
            )
        })
    })
    .collect()
}
