//! The command line.

use std::path::{Path, PathBuf};

use clap::Parser;
use forewarn::data::{Knowledge, OutcomeRule, Service};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::{Family, Programme, RecalibrationParams, RiskParams};
use forewarn::score::{Capacity, ScoreParams};

use crate::common::{self, Failure, HalfLife, Output, usage};

/// Which authorities are likely to be judged Inadequate at their next inspection, from what was known
/// on a day.
#[derive(Debug, Parser)]
#[command(name = "watchlist", version)]
pub struct Args {
    /// Folder of files as downloaded, or of forewarn's own layouts [default: simulated data under
    /// examples/demo]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// An authority's own figures beside them, as `own_figures` writes its template
    #[arg(long, value_name = "FILE")]
    pub own: Option<PathBuf>,
    /// childrens_services, childrens_homes, or the JSON file of a service, whose own recipe, model and
    /// outcome are the defaults
    #[arg(long, value_name = "NAME|FILE", value_parser = common::service, default_value = "childrens_services")]
    pub service: Service,
    /// Nothing known later is used, YYYY-MM-DD [default: today; 2024-06-01 for the demo]
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    as_of: Option<Date>,
    /// Length of the watchlist
    #[arg(long, value_name = "N", default_value = "15")]
    pub capacity: Capacity,
    /// themes, themes_capped, themes_without_history, themes_experimental, lead_indicators, timeliness,
    /// lead_and_timeliness, or a JSON file [default: themes]
    #[arg(long, value_name = "NAME|FILE")]
    recipe: Option<String>,
    /// The model [default: composite]
    #[arg(long, value_name = "NAME", value_parser = common::families())]
    model: Option<Family>,
    /// At most so many features or themes of the recipe, chosen in every fit
    #[arg(long, value_name = "K")]
    features: Option<usize>,
    /// Years after which an inspection weighs half in the rate of now, or none [default: 3]
    #[arg(long, value_name = "YEARS", value_parser = common::half_life)]
    half_life: Option<HalfLife>,
    /// 12 or 24: what will be judged within so many months [default: 12]
    #[arg(long, value_name = "MONTHS", value_parser = common::horizon)]
    horizon: Option<Months>,
    /// How inspections go on: as_ran or three_years
    #[arg(long, value_name = "NAME", default_value = "as_ran")]
    pub programme: Programme,
    /// What counts as the event: any_key_judgement, overall, help_and_protection or leaders [default:
    /// any_key_judgement]
    #[arg(long, value_name = "RULE")]
    outcome: Option<String>,
    /// published, or own:DAYS for an authority's own figures known DAYS days after the period ends
    /// [default: published]
    #[arg(long, value_name = "RULE")]
    pub knowledge: Option<Knowledge>,
    /// Re-fits behind intervals and places, at least 40; 0 for none
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub replicates: usize,
    /// The same seed gives the same resamples
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// One organisation instead of the list: its code, an authority's ONS code or name
    #[arg(long, visible_alias = "authority", value_name = "CODE")]
    pub organisation: Option<String>,
    /// Save the model
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Score with a saved model instead of fitting one
    #[arg(long, value_name = "FILE")]
    pub load: Option<PathBuf>,
    /// Write the report as one HTML file, with a back-test of the last eight years
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Write every figure of that report as JSON
    #[arg(long, value_name = "FILE", requires = "html")]
    pub figures: Option<PathBuf>,
    /// The whole load report, the model and every score below the list
    #[arg(long, short)]
    pub verbose: bool,
    #[command(flatten)]
    pub output: Output,
    #[arg(long, hide = true, value_name = "X", num_args = 0..=1)]
    recalibrate: Option<Option<String>>,
    #[arg(long, hide = true, value_name = "X", num_args = 0..=1)]
    hold_penalty: Option<Option<String>>,
}

impl Args {
    /// Sees that the options belong together and that what they name can be written.
    pub fn check(&self) -> Result<(), Failure> {
        if self.recalibrate.is_some() {
            return Err(gone("--recalibrate", RECALIBRATE));
        }
        if self.hold_penalty.is_some() {
            return Err(gone("--hold-penalty", HOLD_PENALTY));
        }
        if let Some(day) = self.as_of.filter(|day| *day > common::today()) {
            return Err(usage(format!(
                "--as-of {day}: found a day after today, expected one on which something is known: \
                 at most {}",
                common::today()
            )));
        }
        let given = [
            self.recipe.is_some(),
            self.model.is_some(),
            self.features.is_some(),
            self.half_life.is_some(),
            self.horizon.is_some(),
            self.outcome.is_some(),
            self.knowledge.is_some(),
        ];
        if self.load.is_some() && given.contains(&true) {
            return Err(usage(
                "--load brings its own model, recipe, outcome, horizon and knowledge: leave out \
                 --model, --features, --half-life, --horizon, --recipe, --outcome and --knowledge",
            ));
        }
        let data = common::folder(self.data.as_deref());
        let own = [self.own.as_deref(), self.load.as_deref()];
        let inputs: Vec<&Path> = own.into_iter().flatten().chain([data.as_path()]).collect();
        let outputs = [
            ("--save", self.save.as_deref()),
            ("--html", self.html.as_deref()),
            ("--figures", self.figures.as_deref()),
        ];
        self.output.begin(&inputs, &outputs)
    }

    /// The day asked for, or today, or the demo's last summer.
    pub fn as_of(&self) -> Date {
        self.as_of
            .unwrap_or_else(|| common::default_day(self.data.as_deref()))
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
            Some(HalfLife(years)) => {
                params.recalibrated(RecalibrationParams::default().half_life(years))
            }
            None => params,
        })
    }

    /// The recipe asked for, or the default.
    pub fn recipe(&self) -> Result<FeatureRecipe, Failure> {
        let wanted = self.recipe.as_deref();
        let default = self.service.default_recipe();
        common::recipe(&self.service, wanted.unwrap_or(default))
    }

    /// What counts as the event.
    pub fn outcome(&self) -> Result<OutcomeRule, Failure> {
        common::outcome(&self.service, self.outcome.as_deref())
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

fn gone(option: &str, instead: &str) -> Failure {
    usage(format!("{option} is gone: {instead}"))
}
