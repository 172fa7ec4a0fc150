//! A back-test's predictions -> measures with intervals, each beside its rivals.

use serde::Serialize;

use super::backtest::{Backtest, Prediction};
use super::bootstrap::{Bootstrap, BootstrapInterval, Clusters, percentile_interval};
use super::interval::Interval;
use super::list::YearlyCapture;
use super::metrics::Forecast;
use super::rank::{Ranking, StratifiedRanking};
use super::undefined::{Estimate, or_null};
use crate::error::Result;

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subset {
    /// Every row.
    All,
    /// Rows of authorities whose newest grade known was not Inadequate.
    NotAlreadyInadequate,
}

/// A paired difference of C-statistics on the same rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The rival.
    pub rival: String,
    /// The model's C-statistic less the rival's.
    #[serde(serialize_with = "or_null")]
    pub auroc_difference: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(serialize_with = "or_null")]
    pub ci95: Estimate<Interval>,
}

/// The measures of one model on one set of rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The model or rival.
    pub model: String,
    /// The recipe under test.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// Which rows.
    pub subset: Subset,
    /// Rows.
    pub n: usize,
    /// Rows with the event.
    pub events: usize,
    /// C-statistic over all pairs of rows.
    #[serde(serialize_with = "or_null")]
    pub auroc: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(serialize_with = "or_null")]
    pub auroc_ci95: Estimate<Interval>,
    /// Resamples without a C-statistic, on whose absence the interval is conditional.
    pub failed_replicates: usize,
    /// C-statistic over pairs of rows of the same year.
    #[serde(serialize_with = "or_null")]
    pub auroc_within_year: Estimate,
    /// Average precision.
    #[serde(serialize_with = "or_null")]
    pub average_precision: Estimate,
    /// Brier score.
    #[serde(serialize_with = "or_null")]
    pub brier: Estimate,
    /// 1 less the Brier score over that of the training base rates.
    #[serde(serialize_with = "or_null")]
    pub brier_skill: Estimate,
    /// Mean log-loss.
    #[serde(serialize_with = "or_null")]
    pub log_loss: Estimate,
    /// Calibration in the large: the shift in log-odds that makes expected equal observed.
    #[serde(serialize_with = "or_null")]
    pub calibration_intercept: Estimate,
    /// Calibration slope.
    #[serde(serialize_with = "or_null")]
    pub calibration_slope: Estimate,
    /// Observed over expected events.
    #[serde(serialize_with = "or_null")]
    pub observed_expected: Estimate,
    /// Observed over expected events with recalibrated probabilities.
    #[serde(serialize_with = "or_null")]
    pub observed_expected_recalibrated: Estimate,
    /// Captures at 10% and 20% of each year's inspections.
    pub capture: Vec<YearlyCapture>,
    /// Differences to the rivals; empty for a rival.
    pub difference_to: Vec<Difference>,
}

impl Summary {
    /// Whether it is of a model under test, not of a rival.
    pub fn is_candidate(&self) -> bool {
        !self.difference_to.is_empty()
    }
}

impl Backtest {
    /// The summaries of one recipe, lead and subset: the models under test, then their rivals.
    pub fn summaries(
        &self,
        recipe: &str,
        lead_months: u16,
        subset: Subset,
    ) -> impl Iterator<Item = &Summary> {
        self.summary.iter().filter(move |s| {
            s.recipe == recipe && s.lead_months == lead_months && s.subset == subset
        })
    }
}

/// One model's observed and expected events in one year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct YearSummary {
    /// The model or rival.
    pub model: String,
    /// The recipe under test.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// Year in which the inspections started.
    pub year: i16,
    /// Rows.
    pub n: usize,
    /// Rows with the event.
    pub events: usize,
    /// Sum of the probabilities.
    pub expected: f64,
    /// Sum of the recalibrated probabilities.
    pub expected_recalibrated: f64,
}

/// Shares of each year's inspections that are visited.
pub const FRACTIONS: [f64; 2] = [0.1, 0.2];

pub(super) struct Found {
    pub(super) summary: Vec<Summary>,
    pub(super) by_year: Vec<YearSummary>,
}

/// Summaries of all models on the same rows; the first `candidates` are compared with the others,
/// the first of which is the base rate.
pub(super) fn summarise(
    by_model: &[Vec<Prediction>],
    candidates: usize,
    bootstrap: Bootstrap,
) -> Result<Found> {
    let mut found = Found {
        summary: Vec::new(),
        by_year: Vec::new(),
    };
    if by_model.first().is_none_or(Vec::is_empty) {
        return Ok(found);
    }
    for subset in [Subset::All, Subset::NotAlreadyInadequate] {
        let keep = |p: &&Prediction| subset == Subset::All || !p.already_inadequate;
        let rows: Vec<Vec<&Prediction>> = by_model
            .iter()
            .map(|model| model.iter().filter(keep).collect())
            .collect();
        if !rows[0].is_empty() {
            found
                .summary
                .extend(measure(&rows, candidates, bootstrap, subset)?);
        }
    }
    found.by_year = by_model.iter().flat_map(|model| years(model)).collect();
    Ok(found)
}

fn measure(
    models: &[Vec<&Prediction>],
    candidates: usize,
    bootstrap: Bootstrap,
    subset: Subset,
) -> Result<Vec<Summary>> {
    let outcomes: Vec<bool> = models[0].iter().map(|p| p.outcome).collect();
    let authorities: Vec<_> = models[0].iter().map(|p| p.authority).collect();
    let rankings = models
        .iter()
        .map(|model| Ranking::new(&scores(model), &outcomes))
        .collect::<Result<Vec<_>>>()?;
    let replicates = bootstrap.run(&Clusters::new(&authorities), |counts| {
        let c = |ranking: &Ranking| ranking.tally_of(counts)?.c_statistic();
        rankings.iter().map(c).collect::<Vec<Estimate>>()
    });
    let c_of = |model: usize| replicates.iter().map(move |r| r[model]);
    let base_rate = Forecast::from_log_odds(&scores(&models[candidates]), &outcomes)?.brier();
    models
        .iter()
        .enumerate()
        .map(|(m, model)| {
            let interval = percentile_interval(&c_of(m).collect::<Vec<_>>());
            let rivals = if m < candidates {
                candidates..models.len()
            } else {
                0..0
            };
            let difference_to = rivals.map(|rival| {
                let pairs = c_of(m).zip(c_of(rival)).map(|(a, b)| Ok(a? - b?));
                let c = |model: usize| rankings[model].tally().c_statistic();
                Difference {
                    rival: models[rival][0].model.clone(),
                    auroc_difference: c(m).and_then(|own| Ok(own - c(rival)?)),
                    ci95: percentile_interval(&pairs.collect::<Vec<_>>()).map(|i| i.interval95),
                }
            });
            let difference_to = difference_to.collect();
            one(
                model,
                &outcomes,
                &rankings[m],
                base_rate,
                interval,
                difference_to,
                subset,
            )
        })
        .collect()
}

fn scores(model: &[&Prediction]) -> Vec<f64> {
    model.iter().map(|p| p.linear_predictor).collect()
}

fn one(
    model: &[&Prediction],
    outcomes: &[bool],
    ranking: &Ranking,
    base_rate: Estimate,
    interval: Estimate<BootstrapInterval>,
    difference_to: Vec<Difference>,
    subset: Subset,
) -> Result<Summary> {
    let years: Vec<i16> = model.iter().map(|p| p.inspection_start.year()).collect();
    let forecast = Forecast::from_log_odds(&scores(model), outcomes)?;
    let recalibrated: Vec<f64> = model.iter().map(|p| p.recalibrated_probability).collect();
    let recalibrated = Forecast::new(&recalibrated, outcomes)?;
    let tally = ranking.tally();
    let by_year = StratifiedRanking::new(&scores(model), outcomes, &years)?;
    let brier = forecast.brier();
    Ok(Summary {
        model: model[0].model.clone(),
        recipe: model[0].recipe.clone(),
        lead_months: model[0].lead_months,
        subset,
        n: forecast.rows(),
        events: forecast.events(),
        auroc: tally.c_statistic(),
        auroc_ci95: interval.map(|i| i.interval95),
        failed_replicates: interval.map_or(0, |i| i.failed),
        auroc_within_year: by_year.c_statistic(),
        average_precision: tally.average_precision(),
        brier,
        brier_skill: brier.and_then(|b| Ok(1.0 - b / base_rate?)),
        log_loss: forecast.log_loss(),
        calibration_intercept: forecast.calibration_in_the_large().map(|m| m.estimate),
        calibration_slope: forecast.calibration_line().map(|l| l.slope.estimate),
        observed_expected: forecast.observed_expected().map(|o| o.ratio),
        observed_expected_recalibrated: recalibrated.observed_expected().map(|o| o.ratio),
        capture: FRACTIONS
            .iter()
            .map(|&fraction| by_year.visit(fraction))
            .collect(),
        difference_to,
    })
}

fn by_year<'a>(model: &[&'a Prediction]) -> Vec<Vec<&'a Prediction>> {
    let mut years: std::collections::BTreeMap<i16, Vec<&Prediction>> = Default::default();
    for row in model {
        years
            .entry(row.inspection_start.year())
            .or_default()
            .push(row);
    }
    years.into_values().collect()
}

fn years(model: &[Prediction]) -> Vec<YearSummary> {
    let rows: Vec<&Prediction> = model.iter().collect();
    let summary = |year: Vec<&Prediction>| YearSummary {
        model: year[0].model.clone(),
        recipe: year[0].recipe.clone(),
        lead_months: year[0].lead_months,
        year: year[0].inspection_start.year(),
        n: year.len(),
        events: year.iter().filter(|p| p.outcome).count(),
        expected: year.iter().map(|p| p.probability).sum(),
        expected_recalibrated: year.iter().map(|p| p.recalibrated_probability).sum(),
    };
    by_year(&rows).into_iter().map(summary).collect()
}
