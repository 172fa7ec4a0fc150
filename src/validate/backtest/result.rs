//! What a back-test gives: every prediction, and what is told of them.

use serde::{Deserialize, Serialize};

use super::compare::{Comparisons, Primary};
use super::half_life::HalfLife;
use super::lead_curve::LeadCurve;
use super::left_out::NotTested;
use super::permutation::Permutation;
use super::prediction::{OriginDrift, OriginRecord, Prediction};
use super::selection::Selection;
use super::subset::Subset;
use super::summary::{Summary, YearSummary};
use crate::data::{Knowledge, OutcomeRule};
use crate::features::Months;
use crate::model::TestedScore;
use crate::read_back::OutputSchema;

/// The result: every prediction, and summaries that anyone can recompute from them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct Backtest {
    /// The layout of its JSON.
    pub schema: OutputSchema,
    /// First year.
    pub from: i16,
    /// Last year.
    pub to: i16,
    /// The leads.
    pub lead_months: Vec<Months>,
    /// When figures counted as known.
    #[serde(with = "crate::data::by_name")]
    pub knowledge: Knowledge,
    /// What counts as the event.
    pub outcome_rule: OutcomeRule,
    /// Every row scored by every model, in the order of recipe, lead, model, row.
    pub predictions: Vec<Prediction>,
    /// Measures by recipe, lead, model, first year and subset.
    pub summary: Vec<Summary>,
    /// How many comparisons were made, and what it takes to tell them together.
    pub comparisons: Comparisons,
    /// The comparison that was primary beforehand; `None` where the run does not hold its lead.
    pub primary: Option<Primary>,
    /// The candidates on the inspections that all leads have, paired.
    pub lead_curves: Vec<LeadCurve>,
    /// The same scores beside outcomes that were dealt out anew within years.
    pub permutations: Vec<Permutation>,
    /// The candidates with other half-lives.
    pub half_lives: Vec<HalfLife>,
    /// What choosing among the candidates of this run is worth; `None` for one candidate.
    pub selection: Option<Selection>,
    /// Observed and expected events by year, before and after recalibration.
    pub by_year: Vec<YearSummary>,
    /// Recalibration by origin.
    pub recalibration: Vec<OriginDrift>,
    /// What was learned from.
    pub origins: Vec<OriginRecord>,
    /// Inspections and authorities that are not in the test, and fits that failed, by reason.
    pub excluded: Vec<NotTested>,
}

impl Backtest {
    /// The scores of one model at one lead with what came of them, calibrated in time: what
    /// [`RiskModel::with_tested_scores`](crate::model::RiskModel::with_tested_scores) takes.
    pub fn tested_scores(&self, recipe: &str, lead_months: u16, model: &str) -> Vec<TestedScore> {
        let same = |p: &&Prediction| {
            p.recipe == recipe && p.lead_months == lead_months && p.model == model
        };
        let scores = self.predictions.iter().filter(same);
        scores
            .map(|p| TestedScore {
                organisation: p.organisation,
                log_odds: p.linear_predictor,
                event: p.outcome,
            })
            .collect()
    }

    /// The summaries of one recipe, lead and subset since the first year: the models under test,
    /// then their rivals.
    pub fn summaries(
        &self,
        recipe: &str,
        lead_months: u16,
        subset: Subset,
    ) -> impl Iterator<Item = &Summary> {
        self.summaries_since(recipe, lead_months, subset, self.from)
    }

    /// The same since another year.
    pub fn summaries_since(
        &self,
        recipe: &str,
        lead_months: u16,
        subset: Subset,
        since: i16,
    ) -> impl Iterator<Item = &Summary> {
        self.summary.iter().filter(move |s| {
            s.recipe == recipe
                && s.lead_months == lead_months
                && s.subset == subset
                && s.since == since
        })
    }
}
