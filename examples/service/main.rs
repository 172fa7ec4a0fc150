//! Another service, built in or described in a JSON file: what it is, every fault of the file in one
//! pass, and, with data, its list and how far to trust it.
//!
//! cargo run --release --example service -- --check FILE
//! cargo run --release --example service -- FILE --data FOLDER --as-of DATE
//! cargo run --release --example service -- childrens_homes --data FOLDER --as-of DATE

mod describe;
mod trust;

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use forewarn::data::{OutcomeRule, Panel, Service};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::{Family, RiskParams};
use forewarn::read::Folder;
use forewarn::words::day;
use lexopt::prelude::*;

const HELP: &str = "\
service [--check] NAME|FILE [--data FOLDER --as-of DATE] [--outcome RULE] [--self-test N]

  NAME             childrens_services or childrens_homes; otherwise the JSON file of a service
  --check          say what the file says, or every fault of it, and end
  --data FOLDER    figures, inspections and register in the tidy layouts; for childrens_homes
                   Ofsted's lists of providers as downloaded
  --as-of DATE     the day of the list
  --outcome RULE   what counts as the event; the first of the file unless stated
  --self-test N    learn everything again on outcomes dealt out anew, N times";

struct Args {
    file: PathBuf,
    check: bool,
    data: Option<PathBuf>,
    as_of: Option<Date>,
    outcome: Option<String>,
    self_test: usize,
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let Some(args) = parse()? else {
        println!("{HELP}");
        return Ok(());
    };
    let service = service(&args.file)?;
    let recipe = service.recipe(service.default_recipe())?;
    describe::describe(&service, &recipe);
    match (args.check, args.data, args.as_of) {
        (true, _, _) | (_, None, None) => Ok(()),
        (_, Some(data), Some(as_of)) => {
            let rule = match &args.outcome {
                Some(name) => service.outcome(name)?,
                None => service.outcomes()[0],
            };
            let read = Folder::new(data).service(service).read()?;
            println!("\n{}", read.report);
            list(&read.panel, &recipe, rule, as_of)?;
            trust::trust(&read.panel, &recipe, rule, as_of, args.self_test)
        }
        _ => Err("--data and --as-of belong together".into()),
    }
}

/// A built-in service by its name, or the one of a file.
fn service(name: &Path) -> Result<Service, Box<dyn Error>> {
    if let Some(known) = name.to_str().and_then(Service::built_in) {
        return Ok(known.clone());
    }
    let text = fs::read_to_string(name);
    let text = text.map_err(|error| format!("{}: {error}", name.display()))?;
    Ok(Service::from_json(&text)?)
}

fn parse() -> Result<Option<Args>, Box<dyn Error>> {
    let (mut file, mut check, mut data, mut as_of, mut outcome) = (None, false, None, None, None);
    let mut self_test = 0;
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("check") => check = true,
            Long("data") => data = Some(parser.value()?.into()),
            Long("as-of") => {
                let text = parser.value()?.string()?;
                let date = text.parse::<Date>();
                as_of = Some(date.map_err(|error| format!("--as-of {text}: {error}"))?);
            }
            Long("outcome") => outcome = Some(parser.value()?.string()?),
            Long("self-test") => self_test = parser.value()?.parse()?,
            Value(path) if file.is_none() => file = Some(PathBuf::from(path)),
            Short('h') | Long("help") => return Ok(None),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let file = file.ok_or("no service: give its name, or its JSON file")?;
    Ok(Some(Args {
        file,
        check,
        data,
        as_of,
        outcome,
        self_test,
    }))
}

fn list(
    panel: &Panel,
    recipe: &FeatureRecipe,
    rule: OutcomeRule,
    as_of: Date,
) -> Result<(), Box<dyn Error>> {
    let family: Family = panel.service().default_family().parse()?;
    let training = panel.as_of(as_of).training(recipe, rule, Months(0))?;
    let model = RiskParams::of(family).fit(&training)?;
    if let Some(why) = rule.no_probability() {
        println!("As of {}, ranks alone: {why}.", day(as_of));
        for of in model.ranked(panel, as_of)?.organisations.iter().take(15) {
            println!("  {:>4} {}", of.rank, of.name);
        }
        return Ok(());
    }
    let scores = model.score(panel, as_of)?;
    println!(
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
        println!(
            "  {:<28} {:>3.0}%  {reason}",
            score.name,
            100.0 * score.probability
        );
    }
    Ok(())
}
