//! The command line.

use std::path::PathBuf;

use clap::Parser;
use forewarn::data::{Knowledge, OutcomeRule, Service};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::{Family, RecalibrationParams};
use forewarn::validate::primary;

use crate::common::{self, Failure, HalfLife, Output, usage};

/// Had the model been used on the day, how many of the authorities later judged Inadequate would it
/// have named, how early, and is that better than a trivial rival?
#[derive(Debug, Parser)]
#[command(name = "backtest", version)]
pub struct Line {
    /// Folder of files as downloaded, or of forewarn's own layouts [default: simulated data under
    /// examples/demo]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// childrens_services, childrens_homes, or the JSON file of a service, whose own recipe, model and
    /// outcome are the defaults
    #[arg(long, value_name = "NAME|FILE", value_parser = common::service, default_value = "childrens_services")]
    service: Service,
    /// First year whose inspections are scored
    #[arg(long, value_name = "YEAR", default_value_t = 2016)]
    from: i16,
    /// Last year
    #[arg(long, value_name = "YEAR", default_value_t = 2023)]
    to: i16,
    /// themes, themes_capped, themes_without_history, themes_experimental, lead_indicators, timeliness,
    /// lead_and_timeliness, or a JSON file; repeatable [default: themes]
    #[arg(long, value_name = "NAME|FILE")]
    recipe: Vec<String>,
    /// The model; repeatable [default: composite]
    #[arg(long, value_name = "NAME", value_parser = common::families())]
    model: Vec<Family>,
    /// The candidates for the default, and the rule that chooses among them, in place of --recipe and
    /// --model
    #[arg(long)]
    candidates: bool,
    /// At most so many features or themes of the recipe, chosen in every fit
    #[arg(long, value_name = "K")]
    features: Option<usize>,
    /// Years after which an inspection weighs half in the rate of now, or none
    #[arg(long, value_name = "YEARS", value_parser = common::half_life, default_value = "3")]
    half_life: HalfLife,
    /// Months between the features and the inspection
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        default_value = "0,6,12,18,24"
    )]
    lead_months: Vec<Months>,
    /// published, or own:DAYS
    #[arg(long, value_name = "RULE", default_value = "published")]
    knowledge: Knowledge,
    /// What counts as the event: any_key_judgement, overall, help_and_protection or leaders [default:
    /// any_key_judgement]
    #[arg(long, value_name = "RULE")]
    outcome: Option<String>,
    /// Write the list of every quarter end and what happened to every name, as JSON or, if the file
    /// ends in .csv, as CSV; a summary is printed
    #[arg(long, value_name = "FILE")]
    track_record: Option<PathBuf>,
    /// First year of these lists [default: that of --from]
    #[arg(long, value_name = "YEAR")]
    track_from: Option<i16>,
    /// 12 or 24: test the forecast of what is judged within so many months
    #[arg(long, value_name = "MONTHS", value_parser = common::horizon)]
    horizon: Option<Months>,
    /// The same back-test with one thing changed at a time
    #[arg(long)]
    sensitivity: bool,
    /// Learn everything again on outcomes dealt out anew, so many times
    #[arg(long, value_name = "N", default_value_t = 0)]
    self_test: usize,
    /// Resamples of authorities for the intervals
    #[arg(long, value_name = "N", default_value_t = 2000)]
    replicates: usize,
    /// Seed of the resamples
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Threads; the result does not depend on them [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Write the evidence as one HTML file
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    pub output: Output,
}

/// What was asked for.
pub struct Args {
    pub data: Option<PathBuf>,
    pub service: Service,
    pub from: i16,
    pub to: i16,
    pub recipes: Vec<FeatureRecipe>,
    pub models: Vec<Family>,
    pub features: Option<usize>,
    pub recalibration: RecalibrationParams,
    pub track_record: Option<PathBuf>,
    pub track_from: Option<i16>,
    pub horizon: Option<Months>,
    pub sensitivity: bool,
    pub self_test: usize,
    pub leads: Vec<Months>,
    pub knowledge: Knowledge,
    pub outcome: OutcomeRule,
    pub replicates: usize,
    pub seed: u64,
    pub threads: Option<usize>,
    pub html: Option<PathBuf>,
    pub output: Output,
}

impl Args {
    /// What a command line asks for, once all that it names is known and can be written.
    pub fn of(line: Line) -> Result<Args, Failure> {
        let (recipes, outcome, candidates) = (line.recipe, line.outcome, line.candidates);
        let mut args = Args {
            data: line.data,
            outcome: common::outcome(&line.service, outcome.as_deref())?,
            service: line.service,
            from: line.from,
            to: line.to,
            recipes: Vec::new(),
            models: line.model,
            features: line.features,
            recalibration: RecalibrationParams::default().half_life(line.half_life.0),
            track_record: line.track_record,
            track_from: line.track_from,
            horizon: line.horizon,
            sensitivity: line.sensitivity,
            self_test: line.self_test,
            leads: line.lead_months,
            knowledge: line.knowledge,
            replicates: line.replicates,
            seed: line.seed,
            threads: line.threads,
            html: line.html,
            output: line.output,
        };
        if candidates && !(recipes.is_empty() && args.models.is_empty()) {
            return Err(usage(
                "--candidates brings its own recipes and models: leave out --recipe and --model",
            ));
        }
        if args.track_from.is_some() && args.track_record.is_none() {
            return Err(usage(
                "--track-from is the first year of --track-record FILE: it is needed",
            ));
        }
        for candidate in primary::CANDIDATES.iter().filter(|_| candidates) {
            let recipe = common::recipe(&args.service, candidate.recipe)?;
            if !args.recipes.contains(&recipe) {
                args.recipes.push(recipe);
            }
            let family = candidate.family.parse()?;
            if !args.models.contains(&family) {
                args.models.push(family);
            }
        }
        for name in &recipes {
            args.recipes.push(common::recipe(&args.service, name)?);
        }
        if args.recipes.is_empty() {
            let default = args.service.default_recipe();
            args.recipes.push(common::recipe(&args.service, default)?);
        }
        if args.models.is_empty() {
            args.models.push(args.service.default_family().parse()?);
        }
        let data = common::folder(args.data.as_deref());
        let outputs = [
            ("--track-record", args.track_record.as_deref()),
            ("--html", args.html.as_deref()),
        ];
        args.output.begin(&[&data], &outputs)?;
        Ok(args)
    }
}
