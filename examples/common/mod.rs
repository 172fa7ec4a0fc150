//! What the examples share on their command lines and in the terminal.
#![allow(dead_code, reason = "each example uses its own part")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use forewarn::data::{IndicatorId, OutcomeRule, Service};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::read::{Folder, Loaded};
use indicatif::ProgressBar;

/// The widest line.
pub const WIDTH: usize = 100;

/// Success, or the error in one line and failure.
pub fn exit_code(result: Result<(), Box<dyn Error>>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The folder to read: the one asked for, or the simulated data.
pub fn folder(data: Option<&Path>) -> PathBuf {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo");
    data.map_or_else(|| demo.into(), Path::to_owned)
}

/// What has to be said where the data are invented.
pub fn notice(data: Option<&Path>) -> Option<&'static str> {
    let invented = "SIMULATED DATA: every authority, figure and judgement below is invented.";
    data.is_none().then_some(invented)
}

/// Says so where the data are invented.
pub fn announce(data: Option<&Path>) {
    if let Some(notice) = notice(data) {
        println!("{notice}\n");
    }
}

/// A built-in service by its name, or the one that a JSON file describes.
pub fn service(wanted: &str) -> Result<Service, Box<dyn Error>> {
    if let Some(known) = Service::built_in(wanted) {
        return Ok(known.clone());
    }
    let text = std::fs::read_to_string(wanted)
        .map_err(|e| format!("--service {wanted}: neither a service's name nor a file: {e}"))?;
    Service::from_json(&text).map_err(|e| format!("--service {wanted}: {e}").into())
}

/// The folder of a service's files, read.
pub fn read(service: &Service, data: Option<&Path>) -> Result<Loaded, Box<dyn Error>> {
    if data.is_none() && service != Service::childrens_services() {
        return Err(
            "--service: the simulated data are of children's services: name a folder with \
                    --data DIR"
                .into(),
        );
    }
    let folder = Folder::new(folder(data)).service(service.clone());
    Ok(with_spinner("reading", || folder.read())?)
}

/// What counts as the event: by name, or the service's default.
pub fn outcome(service: &Service, wanted: Option<&str>) -> Result<OutcomeRule, Box<dyn Error>> {
    match (wanted, service.outcomes().first()) {
        (Some(name), _) => Ok(service.outcome(name)?),
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

/// The recipe of that name among the service's, or from that file.
pub fn recipe(service: &Service, wanted: &str) -> Result<FeatureRecipe, Box<dyn Error>> {
    if let Ok(named) = service.recipe(wanted) {
        return Ok(named);
    }
    let json = std::fs::read_to_string(wanted)
        .map_err(|e| format!("--recipe {wanted}: neither a recipe's name nor a file: {e}"))?;
    serde_json::from_str(&json).map_err(|e| format!("--recipe {wanted}: {e}").into())
}

/// A half-life in years; none where all years weigh the same.
pub fn half_life(text: &str) -> Result<Option<f64>, Box<dyn Error>> {
    if text == "none" {
        return Ok(None);
    }
    let years: Option<f64> = text
        .parse()
        .ok()
        .filter(|years| (0.01..=1e4).contains(years));
    let expected = || format!("--half-life {text}: expected years, such as 3, or none");
    Ok(Some(years.ok_or_else(expected)?))
}

/// A horizon that is offered.
pub fn horizon(text: &str) -> Result<Months, Box<dyn Error>> {
    match text {
        "12" => Ok(Months(12)),
        "24" => Ok(Months(24)),
        _ => Err(format!("--horizon {text}: expected 12 or 24 months").into()),
    }
}

/// Shows that work goes on, once it has taken a second.
pub fn with_spinner<T>(what: &'static str, work: impl FnOnce() -> T) -> T {
    let bar = ProgressBar::new_spinner().with_message(what);
    bar.enable_steady_tick(Duration::from_secs(1));
    let done = work();
    bar.finish_and_clear();
    done
}

/// Writes a file, naming it where that fails.
pub fn write(file: &Path, text: String) -> Result<(), String> {
    std::fs::write(file, text).map_err(|e| format!("{}: {e}", file.display()))
}

/// Text cut to a width.
pub fn label_cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width - 1).collect();
    format!("{kept}…")
}

/// Prints `text` after `lead`, wrapped at 100 columns and indented under it.
pub fn wrapped(lead: &str, text: &str) {
    let indent = lead.chars().count();
    let mut line = lead.to_owned();
    let mut used = indent;
    for word in text.split(' ') {
        let width = word.chars().count();
        if used > indent && used + 1 + width > WIDTH {
            println!("{line}");
            line = " ".repeat(indent);
            used = indent;
        }
        if used > indent {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += width;
    }
    println!("{line}");
}
