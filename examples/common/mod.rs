//! What the examples share on their command lines and in the terminal.
#![allow(dead_code, reason = "each example uses its own part")]

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use forewarn::data::IndicatorId;
use forewarn::features::{FeatureRecipe, Months};
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

/// Indicators audited for consequence posing as warning, and drawn as funnels where they can be.
pub fn audited() -> forewarn::Result<Vec<IndicatorId>> {
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

/// The recipe of that name, or from that file.
pub fn recipe(wanted: &str) -> Result<FeatureRecipe, Box<dyn Error>> {
    if let Some(named) = FeatureRecipe::named()
        .into_iter()
        .find(|r| r.name() == wanted)
    {
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
