//! The command line.

use std::error::Error;
use std::path::PathBuf;

use forewarn::data::{Knowledge, OutcomeRule, Service};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::Timestamp;
use forewarn::jiff::civil::Date;
use forewarn::jiff::tz::Offset;
use forewarn::model::{Family, Programme, RecalibrationParams, RiskParams};
use forewarn::score::{Capacity, ScoreParams};
use lexopt::prelude::*;

pub const HELP: &str = "\
Which authorities are likely to be judged Inadequate at their next inspection, from what was known
on a day.

usage: cargo run --release --example watchlist -- [OPTIONS]

  --data DIR          folder of files as downloaded, or of forewarn's own layouts
                      [default: simulated data under examples/demo]
  --service NAME|FILE childrens_services, childrens_homes, or the JSON file of a service, whose own
                      recipe, model and outcome are the defaults [default: childrens_services]
  --as-of DATE        nothing known later is used, YYYY-MM-DD [default: today; 2024-06-01 for the demo]
  --capacity N        length of the watchlist [default: 15]
  --recipe NAME|FILE  themes, themes_capped, themes_without_history, themes_experimental,
                      lead_indicators, timeliness, lead_and_timeliness, or a JSON file
                      [default: themes]
  --model NAME        ridge, firth, flic, flac, ordinal, pooled, composite, towards_equal,
                      constrained, carried or average [default: composite]
  --features K        at most K features or themes of the recipe, chosen in every fit
  --half-life YEARS   years after which an inspection weighs half in the rate of now, or none
                      [default: 3]
  --horizon MONTHS    12 or 24: what will be judged within so many months [default: 12]
  --programme NAME    how inspections go on: as_ran or three_years [default: as_ran]
  --outcome RULE      any_key_judgement, overall, help_and_protection or leaders
                      [default: any_key_judgement]
  --knowledge RULE    published, or own:DAYS for an authority's own figures known DAYS days after
                      the period ends [default: published]
  --replicates N      re-fits behind intervals and places, at least 40; 0 for none [default: 500]
  --seed N            the same seed gives the same resamples [default: 1]
  --organisation CODE one organisation instead of the list: its code, an authority's ONS code or
                      name; --authority is the same
  --save FILE         save the model
  --load FILE         score with a saved model instead of fitting one
  --json FILE         write all scores as JSON
  --csv FILE          write all scores as CSV
  --html FILE         write the report as one HTML file, with a back-test of the last eight years
  --figures FILE      write every figure of that report as JSON; needs --html
  --verbose           the whole load report, the model and every score below the list
  --help              this text
";

/// What was asked for.
pub struct Args {
    pub data: Option<PathBuf>,
    pub service: Service,
    pub as_of: Option<Date>,
    pub capacity: Capacity,
    pub recipe: Option<String>,
    pub model: Option<Family>,
    pub features: Option<usize>,
    pub half_life: Option<Option<f64>>,
    pub horizon: Option<Months>,
    pub programme: Programme,
    pub outcome: Option<String>,
    pub knowledge: Option<Knowledge>,
    pub replicates: usize,
    pub seed: u64,
    pub organisation: Option<String>,
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
            service: Service::default(),
            as_of: None,
            capacity: Capacity::default(),
            recipe: None,
            model: None,
            features: None,
            half_life: None,
            horizon: None,
            programme: Programme::default(),
            outcome: None,
            knowledge: None,
            replicates: 500,
            seed: 1,
            organisation: None,
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
                Long("service") => {
                    args.service = crate::common::service(&parser.value()?.string()?)?;
                }
                Long("data") => args.data = Some(parser.value()?.into()),
                Long("as-of") => args.as_of = Some(date(&parser.value()?.string()?)?),
                Long("capacity") => args.capacity = Capacity(parser.value()?.parse()?),
                Long("recipe") => args.recipe = Some(parser.value()?.string()?),
                Long("model") => args.model = Some(parser.value()?.string()?.parse()?),
                Long("features") => args.features = Some(parser.value()?.parse()?),
                Long("half-life") => {
                    args.half_life = Some(crate::common::half_life(&parser.value()?.string()?)?)
                }
                Long("horizon") => {
                    args.horizon = Some(crate::common::horizon(&parser.value()?.string()?)?)
                }
                Long("programme") => args.programme = parser.value()?.string()?.parse()?,
                Long("recalibrate") => return Err(gone("--recalibrate", RECALIBRATE)),
                Long("outcome") => args.outcome = Some(parser.value()?.string()?),
                Long("knowledge") => args.knowledge = Some(parser.value()?.string()?.parse()?),
                Long("replicates") => args.replicates = parser.value()?.parse()?,
                Long("hold-penalty") => return Err(gone("--hold-penalty", HOLD_PENALTY)),
                Long("seed") => args.seed = parser.value()?.parse()?,
                Long("organisation" | "authority") => {
                    args.organisation = Some(parser.value()?.string()?);
                }
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
            args.half_life.is_some(),
            args.horizon.is_some(),
            args.outcome.is_some(),
            args.knowledge.is_some(),
        ];
        if let Some(day) = args.as_of.filter(|day| *day > today()) {
            return Err(format!(
                "--as-of {day}: found a day after today, expected one on which something is known: \
                 at most {}",
                today()
            )
            .into());
        }
        if args.load.is_some() && given.contains(&true) {
            return Err(
                "--load brings its own model, recipe, outcome, horizon and knowledge: leave out \
                 --model, --features, --half-life, --horizon, --recipe, --outcome and --knowledge"
                    .into(),
            );
        }
        Ok(args)
    }

    /// The day asked for, or today, or the demo's last summer.
    pub fn as_of(&self) -> Date {
        let default = || match self.data {
            Some(_) => today(),
            None => Date::constant(2024, 6, 1),
        };
        self.as_of.unwrap_or_else(default)
    }

    /// The model asked for, or the default.
    pub fn params(&self) -> forewarn::Result<RiskParams> {
        let family = match self.model {
            Some(family) => family,
            None => self.service.default_family().parse()?,
        };
        let params = RiskParams::of(family);
        let params = match self.features {
            Some(most) => params.at_most(most),
            None => params,
        };
        Ok(match self.half_life {
            Some(years) => params.recalibrated(RecalibrationParams::default().half_life(years)),
            None => params,
        })
    }

    /// The recipe asked for, or the default.
    pub fn recipe(&self) -> Result<FeatureRecipe, Box<dyn Error>> {
        let wanted = self.recipe.as_deref();
        let default = self.service.default_recipe();
        crate::common::recipe(&self.service, wanted.unwrap_or(default))
    }

    /// What counts as the event.
    pub fn outcome(&self) -> Result<OutcomeRule, Box<dyn Error>> {
        crate::common::outcome(&self.service, self.outcome.as_deref())
    }

    /// The horizon asked for, or a year.
    pub fn horizon(&self) -> Months {
        self.horizon.unwrap_or(Months(12))
    }

    /// For whom the scores are.
    pub fn score(&self) -> ScoreParams {
        ScoreParams {
            capacity: self.capacity,
            programme: self.programme,
        }
    }
}

const RECALIBRATE: &str = "every model follows the rate of now: --half-life YEARS says how fast, and \
     --half-life none lets all years weigh the same";
const HOLD_PENALTY: &str = "no penalty is chosen any more: risks are averaged over penalties, whose \
     weights every re-fit holds";

fn gone(option: &str, instead: &str) -> Box<dyn Error> {
    format!("{option} is gone: {instead}").into()
}

/// Today, by the clock of this machine.
fn today() -> Date {
    Offset::UTC.to_datetime(Timestamp::now()).date()
}

fn date(text: &str) -> Result<Date, Box<dyn Error>> {
    let expected = |e| format!("--as-of {text}: expected a date like 2023-06-01: {e}");
    text.parse().map_err(|e| expected(e).into())
}
