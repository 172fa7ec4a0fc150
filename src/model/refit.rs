//! The model learned again from organisations drawn with replacement: how sure it is of itself.
//!
//! Each draw takes whole organisations and repeats everything that is learned (shrinkage priors,
//! means and scales, stand-ins, themes, coefficients under every penalty, calibration in time); the
//! weights of the penalties are held, since what penalties leave open is counted apart (Efron and
//! Tibshirani 1993, *An Introduction to the Bootstrap*, chapter 6; clusters as Field and Welsh 2007,
//! *JRSS B* 69:369-390). What is kept of a draw are the numbers that score a row.

use std::collections::BTreeMap;

use super::refits::{Draw, DrawFailure, FailedReplicates, Refits};
use super::risk_model::RiskModel;
use super::risk_params::RiskParams;
use crate::error::{Error, Result};
use crate::features::TrainingSet;
use crate::stats::bootstrap::{Bootstrap, Clusters, FEWEST_REPLICATES};

/// How many draws, and from which seed.
///
/// ```
/// use forewarn::data::OutcomeRule;
/// use forewarn::features::{FeatureRecipe, Months};
/// use forewarn::jiff::civil::date;
/// use forewarn::model::{RefitParams, RiskParams};
/// use forewarn::simulate::SimulationParams;
///
/// let panel = SimulationParams::default().simulate()?.panel();
/// let today = panel.as_of(date(2024, 6, 1));
/// let training = today.training(&FeatureRecipe::default(), OutcomeRule::default(), Months(0))?;
/// let model = RiskParams::default().fit(&training)?;
/// let draws = RefitParams { replicates: 100, seed: 1 }.run(&model, &training)?;
/// let scores = model.with_refits(draws).score(&panel, today.date())?;
/// let places = scores.scores[0].places.unwrap();
/// assert!(places.low <= places.high);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefitParams {
    /// Draws, at least 40; default 500.
    pub replicates: usize,
    /// The same seed gives the same draws; default 1.
    pub seed: u64,
}

impl Default for RefitParams {
    fn default() -> Self {
        RefitParams {
            replicates: 500,
            seed: 1,
        }
    }
}

impl RefitParams {
    /// Learns a model of these rows again from each draw, by the parameters of `model`.
    ///
    /// On the threads of the current rayon pool with the feature `parallel`, to the same bits.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] with fewer than 40 draws, or fewer that give a model.
    pub fn run(&self, model: &RiskModel, training: &TrainingSet) -> Result<Refits> {
        require("replicates", self.replicates, String::new())?;
        let params = model.params().holding(model.training());
        let authorities: Vec<_> = training.rows().iter().map(|r| r.organisation).collect();
        let drawn = Bootstrap::new(self.replicates, self.seed)
            .run(&Clusters::new(&authorities), |counts| {
                draw(&params, training, counts)
            });
        let mut failed: BTreeMap<DrawFailure, usize> = BTreeMap::new();
        let mut draws = Vec::with_capacity(drawn.len());
        for draw in drawn {
            match draw {
                Ok(draw) => draws.push(draw),
                Err(error) => *failed.entry(DrawFailure::from(&error)).or_default() += 1,
            }
        }
        let why = failed
            .iter()
            .map(|(why, count)| format!("; {count} failed: {why}"));
        require("replicates that gave a model", draws.len(), why.collect())?;
        let failed = failed.into_iter();
        Ok(Refits {
            replicates: self.replicates,
            failed: failed
                .map(|(why, count)| FailedReplicates { why, count })
                .collect(),
            draws,
        })
    }
}

fn draw(params: &RiskParams, training: &TrainingSet, counts: &[u32]) -> Result<Draw> {
    let rows: Vec<usize> = counts
        .iter()
        .enumerate()
        .flat_map(|(row, &count)| std::iter::repeat_n(row, count as usize))
        .collect();
    let model = params.refit(&training.take_rows(&rows))?.model;
    Ok(Draw {
        learned: model.learned,
        intercept: model.linear.intercept,
        coefficients: model.linear.coefficients,
    })
}

fn require(what: &'static str, found: usize, why: String) -> Result<()> {
    if found >= FEWEST_REPLICATES {
        return Ok(());
    }
    Err(Error::InvalidValue {
        what,
        found: format!("{found}{why}"),
        expected: format!("at least {FEWEST_REPLICATES}, to place the tails"),
    })
}
