//! The command line.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use forewarn::data::{Knowledge, OutcomeRule};
use forewarn::features::FeatureRecipe;
use forewarn::jiff::Timestamp;
use forewarn::jiff::civil::Date;
use forewarn::jiff::tz::TimeZone;
use forewarn::model::{DriftParams, Family, RiskParams};
use forewarn::score::Capacity;
use lexopt::prelude::*;

pub const HELP: &str = "\
Which authorities are likely to be judged Inadequate at their next inspection, from what was known
on a day.

usage: cargo run --release --example watchlist -- [OPTIONS]

  --data DIR          folder of files as downloaded, or of forewarn's own layouts
                      [default: simulated data under examples/demo]
  --as-of DATE        nothing known later is used, YYYY-MM-DD [default: today; 2024-06-01 for the demo]
  --capacity N        length of the watchlist [default: 15]
  --recipe NAME|FILE  lead_indicators, timeliness, lead_and_timeliness, or a JSON file
                      [default: lead_indicators]
  --model NAME        ridge, firth, flic, flac, ordinal, pooled, composite, constrained, carried or
                      average [default: ridge]
  --features K        at most K features of the recipe, chosen in every fit
  --recalibrate       shift the risks by what the last three years showed
  --outcome RULE      any_key_judgement, overall, help_and_protection or leaders
                      [default: any_key_judgement]
  --knowledge RULE    published, or own:DAYS for an authority's own figures known DAYS days after
                      the period ends [default: published]
  --replicates N      resamples behind the intervals, at least 40; 0 for none [default: 500]
  --hold-penalty      hold the penalty in every resample: much faster, places too narrow
  --seed N            the same seed gives the same resamples [default: 1]
  --authority CODE    one authority instead of the list: DfE number, ONS code or name
  --save FILE         save the model
  --load FILE         score with a saved model instead of fitting one
  --json FILE         write all scores as JSON
  --csv FILE          write all scores as CSV
  --html FILE         write the report as one HTML file, with a back-test of the last eight years
  --figures FILE      write every figure of that report as JSON; needs --html
  --verbose           the whole load report
  --help              this text
";

/// What was asked for.
pub struct Args {
    pub data: Option<PathBuf>,
    pub as_of: Option<Date>,
    pub capacity: Capacity,
    pub recipe: Option<String>,
    pub model: Option<Family>,
    pub features: Option<usize>,
    pub recalibrate: bool,
    pub outcome: Option<OutcomeRule>,
    pub knowledge: Option<Knowledge>,
    pub replicates: usize,
    pub hold_penalty: bool,
    pub seed: u64,
    pub authority: Option<String>,
    pub save: Option<PathBuf>,
    pub load: Option<PathBuf>,
    pub json: Option<PathBuf>,
    pub csv: Option<PathBuf>,
    pub html: Option<PathBuf>,
    pub figures: Option<PathBuf>,
    pub verbose: bool,
    pub help: bool,
}

impl Args {
    /// Reads the command line.
    pub fn parse() -> Result<Args, Box<dyn Error>> {
        let mut args = Args {
            data: None,
            as_of: None,
            capacity: Capacity(NonZeroUsize::new(15).ok_or("capacity of 0")?),
            recipe: None,
            model: None,
            features: None,
            recalibrate: false,
            outcome: None,
            knowledge: None,
            replicates: 500,
            hold_penalty: false,
            seed: 1,
            authority: None,
            save: None,
            load: None,
            json: None,
            csv: None,
            html: None,
            figures: None,
            verbose: false,
            help: false,
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(arg) = parser.next()? {
            match arg {
                Long("data") => args.data = Some(parser.value()?.into()),
                Long("as-of") => args.as_of = Some(date(&parser.value()?.string()?)?),
                Long("capacity") => args.capacity = Capacity(parser.value()?.parse()?),
                Long("recipe") => args.recipe = Some(parser.value()?.string()?),
                Long("model") => args.model = Some(parser.value()?.string()?.parse()?),
                Long("features") => args.features = Some(parser.value()?.parse()?),
                Long("recalibrate") => args.recalibrate = true,
                Long("outcome") => args.outcome = Some(parser.value()?.string()?.parse()?),
                Long("knowledge") => args.knowledge = Some(parser.value()?.string()?.parse()?),
                Long("replicates") => args.replicates = parser.value()?.parse()?,
                Long("hold-penalty") => args.hold_penalty = true,
                Long("seed") => args.seed = parser.value()?.parse()?,
                Long("authority") => args.authority = Some(parser.value()?.string()?),
                Long("save") => args.save = Some(parser.value()?.into()),
                Long("load") => args.load = Some(parser.value()?.into()),
                Long("json") => args.json = Some(parser.value()?.into()),
                Long("csv") => args.csv = Some(parser.value()?.into()),
                Long("figures") => args.figures = Some(parser.value()?.into()),
                Long("html") => args.html = Some(parser.value()?.into()),
                Short('v') | Long("verbose") => args.verbose = true,
                Short('h') | Long("help") => args.help = true,
                _ => return Err(arg.unexpected().into()),
            }
        }
        if args.figures.is_some() && args.html.is_none() {
            return Err("--figures are those of a report: --html FILE is needed too".into());
        }
        let given = [
            args.recipe.is_some(),
            args.model.is_some(),
            args.features.is_some(),
            args.recalibrate,
            args.outcome.is_some(),
            args.knowledge.is_some(),
        ];
        if args.load.is_some() && given.contains(&true) {
            return Err(
                "--load brings its own model, recipe, outcome and knowledge: leave out --model, \
                 --features, --recalibrate, --recipe, --outcome and --knowledge"
                    .into(),
            );
        }
        Ok(args)
    }

    /// The day asked for, or today, or the demo's last summer.
    pub fn as_of(&self) -> Date {
        let today = || Timestamp::now().to_zoned(TimeZone::UTC).date();
        let default = || match self.data {
            Some(_) => today(),
            None => Date::constant(2024, 6, 1),
        };
        self.as_of.unwrap_or_else(default)
    }

    /// The model asked for, or ridge.
    pub fn params(&self) -> RiskParams {
        let params = RiskParams::of(self.model.unwrap_or_default());
        let params = match self.features {
            Some(most) => params.at_most(most),
            None => params,
        };
        match self.recalibrate {
            true => params.recalibrated(DriftParams::default()),
            false => params,
        }
    }

    /// The recipe asked for, or the lead indicators.
    pub fn recipe(&self) -> Result<FeatureRecipe, Box<dyn Error>> {
        let lead = || Ok(FeatureRecipe::lead_indicators());
        self.recipe
            .as_deref()
            .map_or_else(lead, crate::common::recipe)
    }
}

fn date(text: &str) -> Result<Date, Box<dyn Error>> {
    let expected = |e| format!("--as-of {text}: expected a date like 2023-06-01: {e}");
    text.parse().map_err(|e| expected(e).into())
}
