//! Another service, described in a JSON file: what the file says, every fault in one pass, and,
//! with data, its list and how far to trust it.
//!
//! cargo run --release --example service -- --check FILE
//! cargo run --release --example service -- FILE --data FOLDER --as-of DATE

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use forewarn::data::{OutcomeRule, Panel, Service};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::{Family, RiskParams};
use forewarn::read::Folder;
use forewarn::validate::{BacktestParams, Subset};
use forewarn::words::day;
use lexopt::prelude::*;

const HELP: &str = "\
service [--check] FILE [--data FOLDER --as-of DATE] [--outcome RULE]

  --check          say what the file says, or every fault of it, and end
  --data FOLDER    figures, inspections and register in the tidy layouts
  --as-of DATE     the day of the list
  --outcome RULE   what counts as the event; the first of the file unless stated";

struct Args {
    file: PathBuf,
    check: bool,
    data: Option<PathBuf>,
    as_of: Option<Date>,
    outcome: Option<String>,
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
    let text = fs::read_to_string(&args.file);
    let text = text.map_err(|error| format!("{}: {error}", args.file.display()))?;
    let service = Service::from_json(&text)?;
    let recipe = service.recipe(service.default_recipe())?;
    describe(&service, &recipe);
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
            trust(&read.panel, &recipe, rule, as_of)
        }
        _ => Err("--data and --as-of belong together".into()),
    }
}

fn parse() -> Result<Option<Args>, Box<dyn Error>> {
    let (mut file, mut check, mut data, mut as_of, mut outcome) = (None, false, None, None, None);
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
            Value(path) if file.is_none() => file = Some(PathBuf::from(path)),
            Short('h') | Long("help") => return Ok(None),
            _ => return Err(arg.unexpected().into()),
        }
    }
    let file = file.ok_or("no file: name the JSON file of a service")?;
    Ok(Some(Args {
        file,
        check,
        data,
        as_of,
        outcome,
    }))
}

fn describe(service: &Service, recipe: &FeatureRecipe) {
    let words = |names: Vec<&str>| names.join(", ");
    println!("{}", service.title());
    println!(
        "{} ({}) are inspected by {}.",
        service.noun().plural,
        service.name(),
        service.inspectorate()
    );
    let grades = service.grades().iter().map(|grade| grade.words());
    println!("Grades, the best first: {}.", words(grades.collect()));
    let judged = service
        .judgements()
        .map(|(_, judgement)| judgement.words.as_str());
    println!("Judgements: {}.", words(judged.collect()));
    for rules in service.frameworks() {
        let framework = rules.framework;
        let learned = match framework.is_like_for_like() {
            true => "learned from",
            false => "history, not learned from",
        };
        println!(
            "Framework {framework}: {learned}; a missing start is taken to be {} days before publication.",
            framework.days_to_publication()
        );
        for (own, grade) in &rules.grades {
            println!("  {own:?} is comparable with {grade}.");
        }
        for (grade, years) in &rules.usual_years {
            println!("  After {grade}, usually inspected again within {years} years.");
        }
    }
    for rule in service.outcomes() {
        println!(
            "Outcome {rule}: {} or worse; {} {}.",
            rule.from_grade(),
            service.noun().plural,
            rule.words()
        );
    }
    for indicator in service.catalogue().iter() {
        println!(
            "Indicator {}: {}; direction from {}.",
            indicator.id, indicator.name, indicator.source
        );
    }
    println!(
        "Default: {} by {}.",
        recipe.name(),
        service.default_family()
    );
    println!("{}", service.proper_use());
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

fn trust(
    panel: &Panel,
    recipe: &FeatureRecipe,
    rule: OutcomeRule,
    as_of: Date,
) -> Result<(), Box<dyn Error>> {
    let model = RiskParams::of(panel.service().default_family().parse()?);
    let params = BacktestParams {
        years: (as_of.year() - 6, as_of.year() - 1),
        outcome_rule: rule,
        ..BacktestParams::new(vec![recipe.clone()], vec![&model])
    };
    let result = params.run(&panel.known_by(as_of), &|_, _| {})?;
    println!("\nOf two inspections of one year, the one with the event first (chance 50%):");
    for summary in result.summaries(recipe.name(), 0, Subset::All) {
        let within = match (summary.auroc_within_year, summary.auroc_within_year_ci95) {
            (Ok(c), Ok(ci)) => format!("{:.2} (95%: {:.2} to {:.2})", c, ci.low, ci.high),
            (Ok(c), Err(_)) => format!("{c:.2}"),
            (Err(why), _) => why.to_string(),
        };
        println!(
            "  {:<36} {within}; {} of {} with the event",
            summary.model, summary.events, summary.n
        );
    }
    Ok(())
}
