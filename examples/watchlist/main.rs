//! The watchlist: who is likely to be judged Inadequate, from nothing that was not known.

#[path = "../common/mod.rs"]
#[macro_use]
mod common;

mod args;
mod details;
mod html;
mod print;
mod testing;

use std::process::ExitCode;

use args::Args;
use clap::Parser;
use common::{Failure, announce, usage, with_spinner, write};
use forewarn::data::{Panel, Snapshot};
use forewarn::features::Months;
use forewarn::model::{HorizonModel, RefitParams, RiskModel};
use forewarn::read::Loaded;

fn main() -> ExitCode {
    common::exit_code(run())
}

fn run() -> Result<(), Failure> {
    let args = Args::parse();
    if args.output.shells.printed::<Args>() {
        return Ok(());
    }
    args.check()?;
    let Loaded { panel, report, .. } =
        common::read(&args.service, args.data.as_deref(), args.own.as_deref())?;
    if let Some(code) = &args.organisation {
        let found = panel.register().find(code);
        found.map_err(|e| usage(format!("--authority: {e}")))?;
    }
    let as_of = args.as_of();
    let model = match &args.load {
        Some(file) => RiskModel::load(file)?,
        None => {
            let model = with_spinner("learning", || learn(&args, &panel))
                .map_err(|error| common::with_refusals(error, &report))?;
            model.with_inputs(report.inputs())
        }
    };
    announce(&panel, std::slice::from_ref(model.recipe()));
    if let Some(why) = model.outcome_rule().no_probability() {
        let ranked = model.ranked(&panel, as_of)?;
        print::ranks(&ranked, why, args.capacity);
        details::load_report(&report, args.verbose);
        if args.html.is_some() {
            return Err(usage(format!(
                "--html shows probabilities, and there are none: {why}"
            )));
        }
        let none = || format!("--csv shows probabilities, and there are none: {why}");
        return args.output.finish(
            || Ok(serde_json::to_string_pretty(&ranked)?),
            || Err(usage(none())),
            &[],
        );
    }
    let tested = with_spinner("testing on past years", || {
        testing::backtest(&args, &panel, &model)
    })?;
    let model = match model.tested_scores() {
        Some(_) => model,
        None => model.with_tested_scores(tested.scores.clone()),
    };
    if let Some(file) = &args.save {
        model.save(file)?;
    }
    let scores = model.score_with(&panel, as_of, args.score())?;
    match &args.organisation {
        Some(authority) => print::authority(&scores, &panel, authority)?,
        None => print::watchlist(&scores, &panel, &model, &tested, &args),
    }
    details::load_report(&report, args.verbose);
    if args.verbose {
        details::model(&model);
    }
    args.output.finish(
        || Ok(serde_json::to_string_pretty(&scores)?),
        || Ok(scores.to_csv()?),
        &SHOWN,
    )?;
    if let Some(file) = &args.html {
        let (page, figures) = with_spinner("drawing", || {
            html::report(&args, &panel, &report, &model, &scores)
        })?;
        write(file, &page)?;
        if let Some(file) = &args.figures {
            write(file, &(figures + "\n"))?;
        }
    }
    Ok(())
}

/// Columns of the list in Markdown.
const SHOWN: [&str; 8] = [
    "rank",
    "organisation",
    "name",
    "probability",
    "probability_low",
    "probability_high",
    "previous_grade",
    "reasons",
];

/// Learns everything from what was known on the as-of day: the model, how sure it is, and what will
/// be judged within the horizon.
fn learn(args: &Args, panel: &Panel) -> Result<RiskModel, Failure> {
    let known: Snapshot = panel.as_of_with(args.as_of(), args.knowledge.unwrap_or_default());
    let (outcome, recipe, params) = (args.outcome()?, args.recipe()?, args.params()?);
    let training = known.training(&recipe, outcome, Months(0))?;
    let mut model = params.fit(&training)?;
    if args.replicates > 0 {
        let refits = RefitParams {
            replicates: args.replicates,
            seed: args.seed,
        };
        model = model.clone().with_refits(refits.run(&model, &training)?);
    }
    match HorizonModel::fit(&params, known, &recipe, outcome, args.horizon()) {
        Ok(horizon) => Ok(model.with_horizon(horizon)),
        // Too early, or too few judgements: the score stands without it, and says so.
        Err(error) if error.leaves_no_model() || is_empty(&error) => Ok(model),
        Err(other) => Err(other.into()),
    }
}

fn is_empty(error: &forewarn::Error) -> bool {
    matches!(error, forewarn::Error::NothingToTrainOn { .. })
}
