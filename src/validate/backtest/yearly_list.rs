//! What a yearly list would have caught, of every model and rival, with its interval.

use serde::{Deserialize, Serialize};

use super::prediction::{Prediction, ranked_by_year};
use super::result::Backtest;
use super::subset::Subset;
use crate::error::Result;
use crate::stats::bootstrap::{Bootstrap, Clusters, percentile_interval};
use crate::stats::interval::Interval;
use crate::stats::undefined::{Estimate, or_why};
use crate::validate::measure::rank::StratifiedRanking;
use crate::validate::measure::yearly_capture::YearlyCapture;

/// What the lists of one model would have caught.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListShare {
    /// The model or rival.
    pub model: String,
    /// Whether it is a model under test.
    pub candidate: bool,
    /// What it would have caught.
    pub capture: YearlyCapture,
    /// Events caught over events.
    #[serde(with = "or_why")]
    pub share: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(with = "or_why")]
    pub share_ci95: Estimate<Interval>,
    /// The 95% interval of the first model's share less this one's, on the same resamples.
    #[serde(with = "or_why")]
    pub behind_first_ci95: Estimate<Interval>,
}

impl Backtest {
    /// What lists of this share of each year's inspections would have caught, by every model and
    /// rival of one recipe and lead, in their order.
    ///
    /// # Errors
    /// Those of [`StratifiedRanking::new`], which predictions of a back-test do not meet.
    pub fn lists(
        &self,
        recipe: &str,
        lead_months: u16,
        fraction: f64,
        bootstrap: Bootstrap,
    ) -> Result<Vec<ListShare>> {
        let models = self.models(recipe, lead_months);
        let Some((_, _, first)) = models.first() else {
            return Ok(Vec::new());
        };
        let authorities: Vec<_> = first.iter().map(|p| p.organisation).collect();
        let rankings = models
            .iter()
            .map(|(_, _, rows)| ranked_by_year(rows))
            .collect::<Result<Vec<_>>>()?;
        let replicates = bootstrap.run(&Clusters::new(&authorities), |counts| {
            let share = |ranking: &StratifiedRanking| ranking.visit_of(fraction, counts)?.share();
            rankings.iter().map(share).collect::<Vec<Estimate>>()
        });
        let list = |(m, (model, candidate, _)): (usize, &(String, bool, Vec<&Prediction>))| {
            let own: Vec<Estimate> = replicates.iter().map(|r| r[m]).collect();
            let behind: Vec<Estimate> = replicates.iter().map(|r| Ok(r[0]? - r[m]?)).collect();
            let capture = rankings[m].visit(fraction);
            ListShare {
                model: model.clone(),
                candidate: *candidate,
                share: capture.share(),
                capture,
                share_ci95: percentile_interval(&own).map(|i| i.interval95),
                behind_first_ci95: percentile_interval(&behind).map(|i| i.interval95),
            }
        };
        Ok(models.iter().enumerate().map(list).collect())
    }

    /// Every model and rival of one recipe and lead: its name, whether it is under test, its
    /// predictions.
    pub(crate) fn models(
        &self,
        recipe: &str,
        lead_months: u16,
    ) -> Vec<(String, bool, Vec<&Prediction>)> {
        let rows = || {
            let same = move |p: &&Prediction| p.recipe == recipe && p.lead_months == lead_months;
            self.predictions.iter().filter(same)
        };
        let summaries = self.summaries(recipe, lead_months, Subset::All);
        summaries
            .map(|s| {
                let own = rows().filter(|p| p.model == s.model).collect();
                (s.model.clone(), s.is_candidate(), own)
            })
            .collect()
    }
}
