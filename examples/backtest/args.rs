//! The command line.

use std::error::Error;
use std::path::PathBuf;

use forewarn::data::{Knowledge, OutcomeRule, Service};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::{Family, RecalibrationParams};
use forewarn::validate::primary;
use lexopt::prelude::*;

pub const HELP: &str = "\
Had the model been used on the day, how many of the authorities later judged Inadequate would it
have named, how early, and is that better than a trivial rival?

usage: cargo run --release --example backtest -- [OPTIONS]

  --data DIR           folder of files as downloaded, or of forewarn's own layouts
                       [default: simulated data under examples/demo]
  --service NAME|FILE  childrens_services, childrens_homes, or the JSON file of a service, whose own
                       recipe, model and outcome are the defaults [default: childrens_services]
  --from YEAR          first year whose inspections are scored [default: 2016]
  --to YEAR            last year [default: 2023]
  --recipe NAME|FILE   themes, themes_capped, themes_without_history, themes_experimental,
                       lead_indicators, timeliness, lead_and_timeliness, or a JSON file; repeatable
                       [default: themes]
  --model NAME         ridge, firth, flic, flac, ordinal, pooled, composite, towards_equal,
                       constrained, carried, average; repeatable [default: composite]
  --candidates         the candidates for the default, and the rule that chooses among them, in
                       place of --recipe and --model
  --features K         at most K features or themes of the recipe, chosen in every fit
  --half-life YEARS    years after which an inspection weighs half in the rate of now, or none
                       [default: 3]
  --lead-months LIST   months between the features and the inspection [default: 0,6,12,18,24]
  --knowledge RULE     published, or own:DAYS [default: published]
  --outcome RULE       any_key_judgement, overall, help_and_protection or leaders
                       [default: any_key_judgement]
  --track-record FILE  write the list of every quarter end and what happened to every name, as JSON
                       or, if the file ends in .csv, as CSV; a summary is printed
  --track-from YEAR    first year of these lists [default: that of --from]
  --horizon MONTHS     12 or 24: test the forecast of what is judged within so many months
  --sensitivity        the same back-test with one thing changed at a time
  --self-test N        learn everything again on outcomes dealt out anew, N times
  --replicates N       resamples of authorities for the intervals [default: 2000]
  --seed N             seed of the resamples [default: 1]
  --threads N          threads; the result does not depend on them [default: all cores]
  --json FILE          write every prediction, summary and drawn figure as JSON
  --csv FILE           write every prediction as CSV
  --html FILE          write the evidence as one HTML file
  --help               this text
";

/// What was asked for.
pub struct Args {
    pub data: Option<PathBuf>,
    pub service: Service,
    pub from: i16,
    pub to: i16,
    pub recipes: Vec<FeatureRecipe>,
    pub models: Vec<Family>,
    pub candidates: bool,
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
    pub json: Option<PathBuf>,
    pub csv: Option<PathBuf>,
    pub html: Option<PathBuf>,
    pub help: bool,
}

impl Args {
    /// Reads the command line.
    pub fn parse() -> Result<Args, Box<dyn Error>> {
        let mut args = Args {
            data: None,
            service: Service::default(),
            from: 2016,
            to: 2023,
            recipes: Vec::new(),
            models: Vec::new(),
            candidates: false,
            features: None,
            recalibration: RecalibrationParams::default(),
            track_record: None,
            track_from: None,
            horizon: None,
            sensitivity: false,
            self_test: 0,
            leads: [0, 6, 12, 18, 24].map(Months).to_vec(),
            knowledge: Knowledge::default(),
            outcome: OutcomeRule::default(),
            replicates: 2000,
            seed: 1,
            threads: None,
            json: None,
            csv: None,
            html: None,
            help: false,
        };
        let (mut recipes, mut outcome) = (Vec::new(), None);
        let mut parser = lexopt::Parser::from_env();
        while let Some(arg) = parser.next()? {
            match arg {
                Long("service") => {
                    args.service = crate::common::service(&parser.value()?.string()?)?;
                }
                Long("data") => args.data = Some(parser.value()?.into()),
                Long("from") => args.from = parser.value()?.parse()?,
                Long("to") => args.to = parser.value()?.parse()?,
                Long("recipe") => recipes.push(parser.value()?.string()?),
                Long("model") => args.models.push(parser.value()?.string()?.parse()?),
                Long("candidates") => args.candidates = true,
                Long("half-life") => {
                    let years = crate::common::half_life(&parser.value()?.string()?)?;
                    args.recalibration = args.recalibration.half_life(years);
                }
                Long("track-record") => args.track_record = Some(parser.value()?.into()),
                Long("track-from") => args.track_from = Some(parser.value()?.parse()?),
                Long("horizon") => {
                    let months = crate::common::horizon(&parser.value()?.string()?)?;
                    args.horizon = Some(months);
                }
                Long("sensitivity") => args.sensitivity = true,
                Long("self-test") => args.self_test = parser.value()?.parse()?,
                Long("features") => args.features = Some(parser.value()?.parse()?),
                Long("lead-months") => args.leads = leads(&parser.value()?.string()?)?,
                Long("knowledge") => args.knowledge = parser.value()?.string()?.parse()?,
                Long("outcome") => outcome = Some(parser.value()?.string()?),
                Long("replicates") => args.replicates = parser.value()?.parse()?,
                Long("seed") => args.seed = parser.value()?.parse()?,
                Long("threads") => args.threads = Some(parser.value()?.parse()?),
                Long("json") => args.json = Some(parser.value()?.into()),
                Long("csv") => args.csv = Some(parser.value()?.into()),
                Long("html") => args.html = Some(parser.value()?.into()),
                Short('h') | Long("help") => args.help = true,
                _ => return Err(arg.unexpected().into()),
            }
        }
        if args.candidates && !(recipes.is_empty() && args.models.is_empty()) {
            return Err(
                "--candidates brings its own recipes and models: leave out --recipe and \
                        --model"
                    .into(),
            );
        }
        if args.track_from.is_some() && args.track_record.is_none() {
            return Err(
                "--track-from is the first year of --track-record FILE: it is needed".into(),
            );
        }
        for candidate in primary::CANDIDATES.iter().filter(|_| args.candidates) {
            let recipe = crate::common::recipe(&args.service, candidate.recipe)?;
            if !args.recipes.contains(&recipe) {
                args.recipes.push(recipe);
            }
            let family = candidate.family.parse()?;
            if !args.models.contains(&family) {
                args.models.push(family);
            }
        }
        for name in &recipes {
            args.recipes
                .push(crate::common::recipe(&args.service, name)?);
        }
        args.outcome = crate::common::outcome(&args.service, outcome.as_deref())?;
        if args.recipes.is_empty() {
            let default = args.service.default_recipe();
            args.recipes
                .push(crate::common::recipe(&args.service, default)?);
        }
        if args.models.is_empty() {
            args.models.push(args.service.default_family().parse()?);
        }
        Ok(args)
    }
}

fn leads(list: &str) -> Result<Vec<Months>, Box<dyn Error>> {
    let lead = |text: &str| match text.trim().parse() {
        Ok(months) => Ok(Months(months)),
        Err(e) => Err(format!(
            "--lead-months {list}: {text:?} is no number of months: {e}"
        )),
    };
    Ok(list.split(',').map(lead).collect::<Result<_, _>>()?)
}
