//! What a yearly list would have caught, of every model and rival, with its interval.

use serde::Serialize;

use super::rolling_origin::{Backtest, Prediction};
use crate::error::Result;
use crate::stats::bootstrap::{Bootstrap, Clusters, percentile_interval};
use crate::stats::interval::Interval;
use crate::stats::undefined::{Estimate, Undefined, or_null};
use crate::validate::measure::rank::{StratifiedRanking, Tally};

/// What visiting the highest scores of each year would have caught.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct YearlyCapture {
    /// Share of each year's inspections that is visited.
    pub fraction: f64,
    /// Visits in all years.
    pub visits: usize,
    /// Events among them; ties at the edge count by expectation.
    pub caught: f64,
    /// Events that as many visits at random would catch.
    pub expected_by_chance: f64,
    /// Events that as many visits with perfect foresight would catch.
    pub best_possible: f64,
    /// Events in all years.
    pub events: f64,
}

/// What the lists of one model would have caught.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ListShare {
    /// The model or rival.
    pub model: String,
    /// Whether it is a model under test.
    pub candidate: bool,
    /// What it would have caught.
    pub capture: YearlyCapture,
    /// Events caught over events.
    #[serde(serialize_with = "or_null")]
    pub share: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(serialize_with = "or_null")]
    pub share_ci95: Estimate<Interval>,
    /// The 95% interval of the first model's share less this one's, on the same resamples.
    #[serde(serialize_with = "or_null")]
    pub behind_first_ci95: Estimate<Interval>,
}

impl YearlyCapture {
    /// Events caught over events. `NoEvents`.
    pub fn share(&self) -> Estimate {
        if self.events == 0.0 {
            return Err(Undefined::NoEvents);
        }
        Ok(self.caught / self.events)
    }
}

impl StratifiedRanking {
    /// Visits the same share of every stratum, at least one row of each: as a yearly list would.
    pub fn visit(&self, fraction: f64) -> YearlyCapture {
        // One count for each row: there is nothing to refuse.
        let tallies = self.tallies_of(&vec![1; self.rows()]).unwrap_or_default();
        visited(&tallies, fraction)
    }

    /// As [`visit`](Self::visit), with each row counted as often as stated. `OtherRows` unless
    /// there is one count per row.
    pub fn visit_of(&self, fraction: f64, counts: &[u32]) -> Estimate<YearlyCapture> {
        Ok(visited(&self.tallies_of(counts)?, fraction))
    }
}

fn visited(tallies: &[Tally], fraction: f64) -> YearlyCapture {
    let mut total = YearlyCapture {
        fraction,
        visits: 0,
        caught: 0.0,
        expected_by_chance: 0.0,
        best_possible: 0.0,
        events: 0.0,
    };
    for tally in tallies {
        match (tally.capture_share(fraction), tally.rows()) {
            (Ok(found), _) => {
                total.visits += found.visits;
                total.caught += found.caught;
                total.expected_by_chance += found.expected_by_chance;
                total.best_possible += found.best_possible;
                total.events += found.events;
            }
            // A stratum without events: its visits are made all the same.
            (Err(_), Ok(rows)) => total.visits += (fraction * rows).round().max(1.0) as usize,
            (Err(_), Err(_)) => {}
        }
    }
    total
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
        let authorities: Vec<_> = first.iter().map(|p| p.authority).collect();
        let rankings = models
            .iter()
            .map(|(_, _, rows)| by_year(rows))
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
        let summaries = self.summaries(recipe, lead_months, super::summary::Subset::All);
        summaries
            .map(|s| {
                let own = rows().filter(|p| p.model == s.model).collect();
                (s.model.clone(), s.is_candidate(), own)
            })
            .collect()
    }
}

pub(crate) fn by_year(rows: &[&Prediction]) -> Result<StratifiedRanking> {
    let scores: Vec<f64> = rows.iter().map(|p| p.linear_predictor).collect();
    let outcomes: Vec<bool> = rows.iter().map(|p| p.outcome).collect();
    let years: Vec<i16> = rows.iter().map(|p| p.inspection_start.year()).collect();
    StratifiedRanking::new(&scores, &outcomes, &years)
}
