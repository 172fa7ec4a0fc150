//! What the examples share on their command lines and in the terminal.
#![allow(dead_code, unused_imports, reason = "each example uses its own part")]

#[macro_use]
mod terminal;
mod output;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use forewarn::data::{IndicatorId, OutcomeRule, Panel, Service};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::Timestamp;
use forewarn::jiff::civil::Date;
use forewarn::jiff::tz::Offset;
use forewarn::model::Family;
use forewarn::read::{Folder, LoadReport, Loaded, to_fetch};

pub use output::{Output, Shells, write};
pub use terminal::{
    Failure, Usage, WIDTH, be_silent, exit_code, label_cut, put_data, say_line, shown, usage,
    with_spinner, wrapped,
};

/// The folder to read: the one asked for, or the simulated data.
pub fn folder(data: Option<&Path>) -> PathBuf {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo");
    data.map_or_else(|| demo.into(), Path::to_owned)
}

/// What has to be said where the data are invented.
pub fn notice(panel: &Panel) -> Option<&'static str> {
    let invented = "SIMULATED DATA: every authority, figure and judgement below is invented.";
    panel.is_simulated().then_some(invented)
}

/// Says so where the data are invented, and which files are missing for a recipe.
pub fn announce(panel: &Panel, recipes: &[FeatureRecipe]) {
    if let Some(notice) = notice(panel) {
        say!("{notice}\n");
    }
    let mut missing: Vec<String> = recipes.iter().flat_map(|r| to_fetch(panel, r)).collect();
    missing.sort();
    missing.dedup();
    for sentence in missing {
        let _ = writeln!(io::stderr(), "note: {}", shown(&sentence));
    }
}

/// A built-in service by its name, or the one that a JSON file describes.
pub fn service(wanted: &str) -> Result<Service, String> {
    if let Some(known) = Service::built_in(wanted) {
        return Ok(known.clone());
    }
    let known = ["childrens_services", "childrens_homes"];
    let text = std::fs::read_to_string(wanted).map_err(|e| {
        format!(
            "neither a service's name{} nor a file: {e}",
            near(wanted, &known)
        )
    })?;
    Service::from_json(&text).map_err(|e| e.to_string())
}

/// What may have been meant, in brackets.
fn near(written: &str, known: &[&str]) -> String {
    let likeness = |name: &&str| strsim::jaro_winkler(name, written);
    let nearest = known
        .iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let found = nearest.filter(|name| likeness(name) > 0.85);
    found.map_or(String::new(), |name| format!(" (did you mean {name}?)"))
}

/// The folder of a service's files, and an organisation's own file, read.
pub fn read(service: &Service, data: Option<&Path>, own: Option<&Path>) -> Result<Loaded, Failure> {
    if data.is_none() && service != Service::childrens_services() {
        return Err(usage(
            "--service: the simulated data are of children's services: name a folder with --data DIR",
        ));
    }
    let mut folder = Folder::new(folder(data)).service(service.clone());
    if let Some(own) = own {
        folder = folder.file(own);
    }
    let loaded = with_spinner("reading", || folder.read())?;
    match own.and_then(|own| fault(&loaded, own)) {
        Some(fault) => Err(format!("--own {fault}").into()),
        None => Ok(loaded),
    }
}

/// An error beside what was refused of the files, which may be why.
pub fn with_refusals(error: impl Into<Failure>, report: &LoadReport) -> Failure {
    let error = error.into();
    let refused: usize = report.files.iter().map(|file| file.refused_total).sum();
    let first = report
        .files
        .iter()
        .find_map(|file| Some((&file.file, file.refused.first()?)));
    match first {
        Some((file, first)) if !error.is::<Usage>() => format!(
            "{error}; {refused} rows or cells were refused, the first in {}, {first}",
            file.display()
        )
        .into(),
        _ => error,
    }
}

/// Why a file is not read as it was meant.
fn fault(loaded: &Loaded, file: &Path) -> Option<String> {
    let shown = file.display();
    let ignored = loaded.report.ignored.iter().find(|(path, _)| path == file);
    if let Some((_, why)) = ignored {
        return Some(format!("{shown}: {why}"));
    }
    let report = loaded
        .report
        .files
        .iter()
        .find(|report| report.file == file)?;
    let first = report.refused.first()?;
    Some(format!(
        "{shown}, {first} (one of {}: own_figures --check names all)",
        report.refused_total
    ))
}

/// What counts as the event: by name, or the service's default.
pub fn outcome(service: &Service, wanted: Option<&str>) -> Result<OutcomeRule, Failure> {
    match (wanted, service.outcomes().first()) {
        (Some(name), _) => service
            .outcome(name)
            .map_err(|e| usage(format!("--outcome: {e}"))),
        (None, Some(default)) if service != Service::childrens_services() => Ok(*default),
        (None, _) => Ok(OutcomeRule::default()),
    }
}

/// Most indicators that are audited.
const AUDITED: usize = 6;

/// Indicators audited for consequence posing as warning, and drawn as funnels where they can be.
pub fn audited(service: &Service) -> forewarn::Result<Vec<IndicatorId>> {
    if service != Service::childrens_services() {
        let all = service.catalogue().iter().map(|indicator| indicator.id);
        return Ok(all.take(AUDITED).collect());
    }
    let names = [
        "agency_rate",
        "vacancy_rate",
        "caseload",
        "assessments_45_day_rate",
        "rereferral_rate",
        "repeat_plan_rate",
    ];
    names.iter().map(|name| IndicatorId::new(name)).collect()
}

/// Recipes of children's services.
const RECIPES: [&str; 7] = [
    "themes",
    "themes_capped",
    "themes_without_history",
    "themes_experimental",
    "lead_indicators",
    "timeliness",
    "lead_and_timeliness",
];

/// The recipe of that name among the service's, or from that file.
pub fn recipe(service: &Service, wanted: &str) -> Result<FeatureRecipe, Failure> {
    if let Ok(named) = service.recipe(wanted) {
        return Ok(named);
    }
    let json = std::fs::read_to_string(wanted).map_err(|e| {
        let meant = near(wanted, &RECIPES);
        usage(format!(
            "--recipe {wanted}: neither a recipe's name{meant} nor a file: {e}"
        ))
    })?;
    serde_json::from_str(&json).map_err(|e| usage(format!("--recipe {wanted}: {e}")))
}

/// A half-life in years; none where all years weigh the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfLife(pub Option<f64>);

/// A half-life as it is written.
pub fn half_life(text: &str) -> Result<HalfLife, String> {
    if text == "none" {
        return Ok(HalfLife(None));
    }
    let years: Option<f64> = text
        .parse()
        .ok()
        .filter(|years| (0.01..=1e4).contains(years));
    years
        .map(|years| HalfLife(Some(years)))
        .ok_or_else(|| "expected years, such as 3, or none".to_owned())
}

/// A horizon that is offered.
pub fn horizon(text: &str) -> Result<Months, String> {
    match text {
        "12" => Ok(Months(12)),
        "24" => Ok(Months(24)),
        _ => Err("expected 12 or 24 months".to_owned()),
    }
}

/// The day of a list where none is asked for: today, or the demo's last summer.
pub fn default_day(data: Option<&Path>) -> Date {
    match data {
        Some(_) => today(),
        None => Date::constant(2024, 6, 1),
    }
}

/// Today, by the clock of this machine.
pub fn today() -> Date {
    Offset::UTC.to_datetime(Timestamp::now()).date()
}

/// A day as it is written.
pub fn date(text: &str) -> Result<Date, String> {
    let expected = |e| format!("expected a date like 2023-06-01: {e}");
    text.parse().map_err(expected)
}

/// The models, by name.
pub fn families() -> impl TypedValueParser<Value = Family> {
    PossibleValuesParser::new(Family::ALL.map(Family::name)).try_map(|name| name.parse())
}
