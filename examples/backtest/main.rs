//! A back-test from a folder of published files. Try `--help`.

#[path = "../common/mod.rs"]
#[macro_use]
mod common;

mod args;
mod extras;
mod print;

use std::error::Error;
use std::process::ExitCode;

use args::{Args, Line};
use clap::Parser;
use common::{Failure, announce, with_spinner, write};
use forewarn::data::Panel;
use forewarn::features::Months;
use forewarn::jiff::civil::Date;
use forewarn::model::{Family, RiskParams};
use forewarn::report;
use forewarn::validate::{
    Backtest, BacktestParams, Bootstrap, Evidence, EvidenceParams, Forecaster, optimism,
    with_threads,
};
use indicatif::{ProgressBar, ProgressStyle};

fn main() -> ExitCode {
    common::exit_code(run())
}

fn run() -> Result<(), Failure> {
    let line = Line::parse();
    if line.output.shells.printed::<Line>() {
        return Ok(());
    }
    let args = Args::of(line)?;
    let loaded = common::read(&args.service, args.data.as_deref(), None)?;
    announce(&loaded.panel, &args.recipes);
    say!("{}\n", loaded.report);
    let threads = args.threads.unwrap_or_else(|| {
        std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
    });
    let result = with_threads(threads, || test(&args, &loaded.panel))?
        .map_err(|e| common::with_refusals(e.to_string(), &loaded.report))?;
    print::backtest(&result);
    say!("\nLearned from everything known at the end of {}:", args.to);
    let known = loaded
        .panel
        .as_of_with(Date::new(args.to, 12, 31)?, args.knowledge);
    let models = models(&args);
    for recipe in &args.recipes {
        let training = known.training(recipe, args.outcome, Months(0))?;
        let resamples = Bootstrap::new(args.replicates.min(100), args.seed);
        let found = with_spinner("resampling", || {
            with_threads(threads, || optimism(&training, &models[0], resamples))
        })??;
        print::optimism(recipe.name(), &models[0], training.rows().len(), &found);
    }
    with_threads(threads, || extras::all(&args, &models[0], &loaded.panel))?
        .map_err(|e| e.to_string())?;
    let evidence = evidence(&args, &loaded.panel, result)?;
    print::census_lags(&loaded.panel, &evidence.census_lags);
    if let Some(file) = &args.html {
        let notice = common::notice(&loaded.panel);
        let html = report::evidence_html(&evidence, &loaded.panel, notice)?;
        write(file, &html)?;
    }
    args.output.finish(
        || Ok(serde_json::to_string_pretty(&evidence)?),
        || Ok(evidence.backtest.to_csv()?),
        &[],
    )
}

/// The models under test.
fn models(args: &Args) -> Vec<RiskParams> {
    let params = |&family: &Family| {
        let params = RiskParams::of(family).recalibrated(args.recalibration);
        match args.features {
            Some(most) => params.at_most(most),
            None => params,
        }
    };
    args.models.iter().map(params).collect()
}

/// What to test, without what is printed beside it.
fn params<'a>(args: &Args, models: &'a [RiskParams]) -> BacktestParams<'a> {
    let candidates = models.iter().map(|model| model as &dyn Forecaster);
    BacktestParams {
        years: (args.from, args.to),
        leads: args.leads.clone(),
        knowledge: args.knowledge,
        outcome_rule: args.outcome,
        replicates: args.replicates,
        seed: args.seed,
        recalibration: args.recalibration,
        ..BacktestParams::new(args.recipes.clone(), candidates.collect())
    }
}

/// The back-test with what is drawn from it. The list is a tenth of all authorities.
fn evidence(args: &Args, panel: &Panel, backtest: Backtest) -> Result<Evidence, Failure> {
    let params = EvidenceParams {
        list_share: 0.1,
        bootstrap: Bootstrap::new(args.replicates, args.seed),
        indicators: &common::audited(panel.service())?,
        as_of: Date::new(args.to, 12, 31)?,
    };
    Ok(Evidence::new(backtest, panel, &params)?)
}

fn test(args: &Args, panel: &Panel) -> Result<Backtest, Box<dyn Error + Send + Sync>> {
    let models = models(args);
    let params = params(args, &models);
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} windows {elapsed}")?;
    let bar = ProgressBar::new(0).with_style(style);
    let result = params.run(panel, &|done, all| {
        bar.set_length(all as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    Ok(result?)
}
