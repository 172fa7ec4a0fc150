//! The command line.

use std::error::Error;
use std::path::PathBuf;

use forewarn::data::{Knowledge, OutcomeRule};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::Family;
use lexopt::prelude::*;

pub const HELP: &str = "\
Had the model been used on the day, how many of the authorities later judged Inadequate would it
have named, how early, and is that better than a trivial rival?

usage: cargo run --release --example backtest -- [OPTIONS]

  --data DIR           folder of files as downloaded, or of forewarn's own layouts
                       [default: simulated data under examples/demo]
  --from YEAR          first year whose inspections are scored [default: 2016]
  --to YEAR            last year [default: 2023]
  --recipe NAME|FILE   lead_indicators, timeliness, lead_and_timeliness, or a JSON file; repeatable
                       [default: lead_indicators]
  --model NAME         ridge, firth, flic, flac, ordinal, pooled, composite, constrained, carried,
                       average; repeatable [default: ridge]
  --features K         at most K features of the recipe, chosen in every fit
  --lead-months LIST   months between the features and the inspection [default: 0,6,12,18,24]
  --knowledge RULE     published, or own:DAYS [default: published]
  --outcome RULE       any_key_judgement, overall, help_and_protection or leaders
                       [default: any_key_judgement]
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
    pub from: i16,
    pub to: i16,
    pub recipes: Vec<FeatureRecipe>,
    pub models: Vec<Family>,
    pub features: Option<usize>,
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
            from: 2016,
            to: 2023,
            recipes: Vec::new(),
            models: Vec::new(),
            features: None,
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
        let mut parser = lexopt::Parser::from_env();
        while let Some(arg) = parser.next()? {
            match arg {
                Long("data") => args.data = Some(parser.value()?.into()),
                Long("from") => args.from = parser.value()?.parse()?,
                Long("to") => args.to = parser.value()?.parse()?,
                Long("recipe") => args
                    .recipes
                    .push(crate::common::recipe(&parser.value()?.string()?)?),
                Long("model") => args.models.push(parser.value()?.string()?.parse()?),
                Long("features") => args.features = Some(parser.value()?.parse()?),
                Long("lead-months") => args.leads = leads(&parser.value()?.string()?)?,
                Long("knowledge") => args.knowledge = parser.value()?.string()?.parse()?,
                Long("outcome") => args.outcome = parser.value()?.string()?.parse()?,
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
        if args.recipes.is_empty() {
            args.recipes.push(FeatureRecipe::lead_indicators());
        }
        if args.models.is_empty() {
            args.models.push(Family::Ridge);
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
