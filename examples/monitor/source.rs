//! What a day is scored from.

use std::path::PathBuf;

use forewarn::data::{Knowledge, OutcomeRule, Panel, Service};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::{Family, HorizonModel, RefitParams, RiskModel, RiskParams};
use forewarn::read::Loaded;
use forewarn::score::{Capacity, ScoreParams};

use crate::common::{self, Failure};

/// Figures, and how they are scored.
#[derive(Debug, clap::Args)]
pub struct Source {
    /// Folder of files as downloaded [default: simulated data under examples/demo]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// childrens_services, childrens_homes, or the JSON file of a service
    #[arg(long, value_name = "NAME|FILE", value_parser = common::service, default_value = "childrens_services")]
    pub service: Service,
    /// The recipe, by name or as a JSON file [default: that of the service]
    #[arg(long, value_name = "NAME|FILE")]
    recipe: Option<String>,
    /// The model [default: that of the service]
    #[arg(long, value_name = "NAME", value_parser = common::families())]
    model: Option<Family>,
    /// What counts as the event [default: that of the service]
    #[arg(long, value_name = "RULE")]
    outcome: Option<String>,
    /// Places on the list
    #[arg(long, value_name = "N", default_value = "15")]
    capacity: Capacity,
    /// Re-fits behind intervals and places, at least 40; 0 for none
    #[arg(long, value_name = "N", default_value_t = 500)]
    replicates: usize,
    /// The same seed gives the same resamples
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// Files with the judgements that came.
#[derive(Debug, clap::Args)]
pub struct Judged {
    /// Folder with the judgements that came [default: simulated data under examples/demo]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The service of these files
    #[arg(long, value_name = "NAME|FILE", value_parser = common::service, default_value = "childrens_services")]
    service: Service,
}

impl Judged {
    pub fn read(&self) -> Result<Loaded, Failure> {
        common::read(&self.service, self.data.as_deref(), None)
    }
}

impl Source {
    pub fn read(&self) -> Result<Loaded, Failure> {
        common::read(&self.service, self.data.as_deref(), None)
    }

    pub fn recipe(&self) -> Result<FeatureRecipe, Failure> {
        let wanted = self.recipe.as_deref();
        common::recipe(
            &self.service,
            wanted.unwrap_or(self.service.default_recipe()),
        )
    }

    pub fn outcome(&self) -> Result<OutcomeRule, Failure> {
        common::outcome(&self.service, self.outcome.as_deref())
    }

    pub fn family(&self) -> Result<Family, Failure> {
        match self.model {
            Some(family) => Ok(family),
            None => Ok(self.service.default_family().parse()?),
        }
    }

    pub fn score(&self) -> ScoreParams {
        ScoreParams {
            capacity: self.capacity,
            ..ScoreParams::default()
        }
    }

    /// A model learned from everything known on a day.
    pub fn learn(&self, panel: &Panel, as_of: Date) -> Result<RiskModel, Failure> {
        self.learn_with(panel, as_of, &self.recipe()?, self.family()?)
    }

    /// The same of another recipe or family.
    pub fn learn_with(
        &self,
        panel: &Panel,
        as_of: Date,
        recipe: &FeatureRecipe,
        family: Family,
    ) -> Result<RiskModel, Failure> {
        let known = panel.as_of_with(as_of, Knowledge::default());
        let (outcome, params) = (self.outcome()?, RiskParams::of(family));
        let training = known.training(recipe, outcome, Months(0))?;
        let mut model = params.fit(&training)?;
        if self.replicates > 0 {
            let refits = RefitParams {
                replicates: self.replicates,
                seed: self.seed,
            };
            let refits = refits.run(&model, &training)?;
            model = model.with_refits(refits);
        }
        match HorizonModel::fit(&params, known, recipe, outcome, Months(12)) {
            Ok(horizon) => Ok(model.with_horizon(horizon)),
            Err(error) if error.leaves_no_model() => Ok(model),
            Err(forewarn::Error::NothingToTrainOn { .. }) => Ok(model),
            Err(other) => Err(other.into()),
        }
    }
}
