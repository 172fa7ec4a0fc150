//! Another service, built in or described in a JSON file: what it is, every fault of the file in one
//! pass, and, with data, its list and how far to trust it.
//!
//! cargo run --release --example service -- --check FILE
//! cargo run --release --example service -- FILE --data FOLDER --as-of DATE
//! cargo run --release --example service -- childrens_homes --data FOLDER --as-of DATE

#[path = "../common/mod.rs"]
#[macro_use]
mod common;

mod describe;
mod trust;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use common::{Failure, Shells};
use forewarn::data::{OutcomeRule, Panel, Service};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::{Family, RiskParams};
use forewarn::read::Folder;
use forewarn::words::day;

/// Another service, built in or described in a JSON file: what it is, every fault of the file in one
/// pass, and, with data, its list and how far to trust it.
#[derive(Debug, Parser)]
#[command(name = "service", version)]
struct Args {
    /// childrens_services or childrens_homes; otherwise the JSON file of a service
    #[arg(value_name = "NAME|FILE", required_unless_present = "completions")]
    file: Option<PathBuf>,
    /// Say what the file says, or every fault of it, and end
    #[arg(long)]
    check: bool,
    /// Figures, inspections and register in the tidy layouts; for childrens_homes Ofsted's lists of
    /// providers as downloaded
    #[arg(long, value_name = "DIR", requires = "as_of")]
    data: Option<PathBuf>,
    /// The day of the list
    #[arg(long, value_name = "DATE", value_parser = common::date, requires = "data")]
    as_of: Option<Date>,
    /// What counts as the event; the first of the file unless stated
    #[arg(long, value_name = "RULE")]
    outcome: Option<String>,
    /// Learn everything again on outcomes dealt out anew, so many times
    #[arg(long, value_name = "N", default_value_t = 0)]
    self_test: usize,
    #[command(flatten)]
    shells: Shells,
}

fn main() -> ExitCode {
    common::exit_code(run())
}

fn run() -> Result<(), Failure> {
    let args = Args::parse();
    if args.shells.printed::<Args>() {
        return Ok(());
    }
    let service = service(args.file.as_deref().unwrap_or(Path::new("")))?;
    let recipe = service.recipe(service.default_recipe())?;
    describe::describe(&service, &recipe);
    match (args.check, args.data, args.as_of) {
        (false, Some(data), Some(as_of)) => {
            let rule = match &args.outcome {
                Some(name) => service.outcome(name)?,
                None => service.outcomes()[0],
            };
            let read = Folder::new(data).service(service).read()?;
            if let Some(notice) = common::notice(&read.panel) {
                say!("\n{notice}");
            }
            say!("\n{}", read.report);
            list(&read.panel, &recipe, rule, as_of)?;
            trust::trust(&read.panel, &recipe, rule, as_of, args.self_test)
        }
        _ => Ok(()),
    }
}

/// A built-in service by its name, or the one of a file.
fn service(name: &Path) -> Result<Service, Failure> {
    if let Some(known) = name.to_str().and_then(Service::built_in) {
        return Ok(known.clone());
    }
    let text = fs::read_to_string(name);
    let text = text.map_err(|error| format!("{}: {error}", name.display()))?;
    Ok(Service::from_json(&text)?)
}

fn list(
    panel: &Panel,
    recipe: &FeatureRecipe,
    rule: OutcomeRule,
    as_of: Date,
) -> Result<(), Failure> {
    let family: Family = panel.service().default_family().parse()?;
    let training = panel.as_of(as_of).training(recipe, rule, Months(0))?;
    let model = RiskParams::of(family).fit(&training)?;
    if let Some(why) = rule.no_probability() {
        say!("As of {}, ranks alone: {why}.", day(as_of));
        for of in model.ranked(panel, as_of)?.organisations.iter().take(15) {
            say!("  {:>4} {}", of.rank, of.name);
        }
        return Ok(());
    }
    let scores = model.score(panel, as_of)?;
    say!(
        "As of {}: {} {} scored, {} not.",
        day(as_of),
        scores.scores.len(),
        panel.service().noun().plural,
        scores.not_scored.len()
    );
    for score in scores.watchlist() {
        let reason = score.reasons.first().map_or_else(
            || "no figure raises it".to_owned(),
            |reason| reason.reason(),
        );
        say!(
            "  {:<28} {:>3.0}%  {reason}",
            score.name,
            100.0 * score.probability
        );
    }
    Ok(())
}
