//! A point-in-time watchlist from a folder of published files. Try `--help`.

mod args;
#[path = "../common/mod.rs"]
mod common;
mod html;
mod intervals;
mod print;

use std::error::Error;
use std::process::ExitCode;

use args::Args;
use common::{announce, folder, with_spinner, write};
use forewarn::data::{Panel, Snapshot};
use forewarn::features::{Months, TrainingSet};
use forewarn::model::RiskModel;
use forewarn::read::{self, Loaded};
use forewarn::score::day;

fn main() -> ExitCode {
    common::exit_code(run())
}

fn run() -> Result<(), Box<dyn Error>> {
    let args = Args::parse()?;
    if args.help {
        print!("{}", args::HELP);
        return Ok(());
    }
    let Loaded { panel, report } =
        with_spinner("reading", || read::folder(folder(args.data.as_deref())))?;
    announce(args.data.as_deref());
    if args.verbose {
        println!("{}", report.details());
    } else {
        println!("{report}\n(--verbose tells of every file)");
    }
    let as_of = args.as_of();
    println!(
        "\nWatchlist as of {}: risk of an Inadequate judgement",
        day(as_of)
    );
    let (model, training) = match &args.load {
        Some(file) => (RiskModel::load(file)?, None),
        None => {
            let (model, training) = with_spinner("fitting", || fit(&args, &panel))?;
            (model.with_inputs(report.inputs()), Some(training))
        }
    };
    if let Some(file) = &args.save {
        model.save(file)?;
    }
    let scores = model.score(&panel, as_of)?;
    let (mut scores, how_sure) = with_spinner("drawing authorities again", || {
        intervals::add(scores, &model, training.as_ref(), &panel, &args)
    })?;
    scores.mark(args.capacity);
    print::model(&model);
    match &args.authority {
        Some(authority) => print::authority(&scores, &panel, authority, &how_sure)?,
        None => print::watchlist(&scores, args.capacity, &how_sure),
    }
    if let Some(file) = &args.json {
        write(file, serde_json::to_string_pretty(&scores)? + "\n")?;
    }
    if let Some(file) = &args.csv {
        write(file, scores.to_csv()?)?;
    }
    if let Some(file) = &args.html {
        let (page, figures) = with_spinner("testing on past years", || {
            html::report(&args, &panel, &report, &model, &scores, &how_sure)
        })?;
        write(file, page)?;
        if let Some(file) = &args.figures {
            write(file, figures + "\n")?;
        }
    }
    Ok(())
}

/// Fits on everything known on the as-of day.
fn fit(args: &Args, panel: &Panel) -> Result<(RiskModel, TrainingSet), Box<dyn Error>> {
    let known: Snapshot = panel.as_of_with(args.as_of(), args.knowledge.unwrap_or_default());
    let outcome = args.outcome.unwrap_or_default();
    let training = known.training(&args.recipe()?, outcome, Months(0))?;
    Ok((args.params().fit(&training)?, training))
}
