//! A back-test's predictions -> measures with intervals, each beside its rivals.

use serde::{Deserialize, Serialize};

use super::compare::{All, Difference};
use super::prediction::Prediction;
use super::resampled::{Frame, Kind, Resampled, estimates, scores};
use super::subset::Subset;
use crate::error::Result;
use crate::fit::logistic::probability;
use crate::stats::bootstrap::{Bootstrap, percentile_interval};
use crate::stats::interval::Interval;
use crate::stats::undefined::{Estimate, Undefined, or_why};
use crate::validate::measure::forecast::Forecast;
use crate::validate::measure::rank::{Ranking, StratifiedRanking};
use crate::validate::measure::yearly_capture::YearlyCapture;

/// The measures of one model on one set of rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The model or rival.
    pub model: String,
    /// The recipe under test.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// First year in which the inspections started.
    pub since: i16,
    /// Which rows.
    pub subset: Subset,
    /// Rows.
    pub n: usize,
    /// Rows with the event.
    pub events: usize,
    /// C-statistic over all pairs of rows.
    #[serde(with = "or_why")]
    pub auroc: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(with = "or_why")]
    pub auroc_ci95: Estimate<Interval>,
    /// Resamples without a C-statistic, on whose absence the interval is conditional.
    pub failed_replicates: usize,
    /// C-statistic over pairs of rows of the same year: the headline, since a score that only knows
    /// which years were bad has a pooled one above 0.5.
    #[serde(with = "or_why")]
    pub auroc_within_year: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(with = "or_why")]
    pub auroc_within_year_ci95: Estimate<Interval>,
    /// Average precision.
    #[serde(with = "or_why")]
    pub average_precision: Estimate,
    /// Brier score.
    #[serde(with = "or_why")]
    pub brier: Estimate,
    /// 1 less the Brier score over that of the base rate, calibrated in time as the model is.
    #[serde(with = "or_why")]
    pub brier_skill: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(with = "or_why")]
    pub brier_skill_ci95: Estimate<Interval>,
    /// Mean log-loss.
    #[serde(with = "or_why")]
    pub log_loss: Estimate,
    /// Calibration in the large: the shift in log-odds that makes expected equal observed.
    #[serde(with = "or_why")]
    pub calibration_intercept: Estimate,
    /// Calibration slope.
    #[serde(with = "or_why")]
    pub calibration_slope: Estimate,
    /// Observed over expected events.
    #[serde(with = "or_why")]
    pub observed_expected: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(with = "or_why")]
    pub observed_expected_ci95: Estimate<Interval>,
    /// The same as `observed_expected`.
    #[serde(with = "or_why")]
    pub observed_expected_recalibrated: Estimate,
    /// Observed over expected events before calibration in time.
    #[serde(with = "or_why")]
    pub observed_expected_uncalibrated: Estimate,
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

/// One model's observed and expected events in one year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// The same.
    pub expected_recalibrated: f64,
    /// Sum of the probabilities before calibration in time.
    pub expected_uncalibrated: f64,
}

/// Shares of each year's inspections that are visited.
pub const FRACTIONS: [f64; 2] = [0.1, 0.2];

/// The summaries of every frame, first year and model.
pub(crate) fn summaries(
    resampled: &Resampled<'_>,
    compared: &All,
    candidates: usize,
    bootstrap: Bootstrap,
) -> Result<Vec<Summary>> {
    let mut all = Vec::new();
    for (f, frame) in resampled.frames.iter().enumerate() {
        for (s, &since) in resampled.since.iter().enumerate() {
            let rows = frame.since(since);
            if rows.is_empty() {
                continue;
            }
            let sums = Sums::new(frame, &rows, candidates);
            let drawn = resampled.draws(f, bootstrap, |counts| sums.of(counts));
            for model in 0..frame.models.len() {
                let within = resampled.of(f, model, s, Kind::WithinYear);
                let pooled = resampled.of(f, model, s, Kind::Pooled);
                let own: Vec<&Prediction> =
                    rows.iter().map(|&row| frame.models[model][row]).collect();
                let column = |of: fn(&(f64, f64)) -> f64| {
                    let values: Vec<f64> = drawn.iter().map(|d| of(&d[model])).collect();
                    percentile_interval(&estimates(&values)).map(|i| i.interval95)
                };
                all.push(Summary {
                    brier_skill: sums.brier_skill(model),
                    brier_skill_ci95: column(|d| d.0),
                    observed_expected_ci95: column(|d| d.1),
                    auroc: pooled.estimate,
                    auroc_ci95: pooled.interval().0,
                    failed_replicates: pooled.interval().1,
                    auroc_within_year: within.estimate,
                    auroc_within_year_ci95: within.interval().0,
                    difference_to: match model < candidates {
                        true => compared.of((f, model, s)),
                        false => Vec::new(),
                    },
                    ..one(&own, since, frame.subset)?
                });
            }
        }
    }
    Ok(all)
}

/// What is summed over the rows of a resample.
struct Sums {
    rows: Vec<usize>,
    // By row: the outcome, then the squared errors of all models, then their probabilities.
    of: Vec<Vec<f64>>,
    models: usize,
    // The base rate's place among the models.
    base_rate: usize,
}

impl Sums {
    fn new(frame: &Frame<'_>, rows: &[usize], base_rate: usize) -> Self {
        let of = |&row: &usize| {
            let outcome = f64::from(u8::from(frame.outcomes[row]));
            let probabilities = || frame.models.iter().map(|model| model[row].probability);
            let errors = probabilities().map(|p| (p - outcome).powi(2));
            std::iter::once(outcome)
                .chain(errors)
                .chain(probabilities())
                .collect()
        };
        Sums {
            of: rows.iter().map(of).collect(),
            rows: rows.to_vec(),
            models: frame.models.len(),
            base_rate,
        }
    }

    /// Brier skill and observed over expected of every model; NaN where undefined.
    fn of(&self, counts: &[u32]) -> Vec<(f64, f64)> {
        let mut sums = vec![0.0; 1 + 2 * self.models];
        for (values, &row) in self.of.iter().zip(&self.rows) {
            let count = f64::from(counts[row]);
            for (sum, value) in sums.iter_mut().zip(values) {
                *sum += count * value;
            }
        }
        let (errors, probabilities) = sums[1..].split_at(self.models);
        let reference = errors[self.base_rate];
        let models = errors.iter().zip(probabilities);
        models
            .map(|(error, expected)| (1.0 - error / reference, sums[0] / expected))
            .collect()
    }

    fn brier_skill(&self, model: usize) -> Estimate {
        let every = vec![1; self.rows.iter().max().map_or(0, |last| last + 1)];
        let skill = self.of(&every)[model].0;
        match skill.is_finite() {
            true => Ok(skill),
            false => Err(Undefined::ZeroDenominator),
        }
    }
}

impl Summary {
    /// The same of an outcome of which the data can give no probability: ranking stays.
    pub(crate) fn of_ranking_alone(self) -> Self {
        let none = Err(Undefined::NoProbability);
        let no_interval = Err(Undefined::NoProbability);
        Summary {
            brier: none,
            brier_skill: none,
            brier_skill_ci95: no_interval,
            log_loss: none,
            calibration_intercept: none,
            calibration_slope: none,
            observed_expected: none,
            observed_expected_ci95: no_interval,
            observed_expected_recalibrated: none,
            observed_expected_uncalibrated: none,
            ..self
        }
    }
}

/// What needs no resamples.
fn one(model: &[&Prediction], since: i16, subset: Subset) -> Result<Summary> {
    let outcomes: Vec<bool> = model.iter().map(|p| p.outcome).collect();
    let years: Vec<i16> = model.iter().map(|p| p.inspection_start.year()).collect();
    let scores = scores(model);
    let forecast = Forecast::from_log_odds(&scores, &outcomes)?;
    let before: Vec<f64> = model
        .iter()
        .map(|p| p.uncalibrated_linear_predictor)
        .collect();
    let before = Forecast::from_log_odds(&before, &outcomes)?;
    let tally = Ranking::new(&scores, &outcomes)?.tally();
    let by_year = StratifiedRanking::new(&scores, &outcomes, &years)?;
    let ratio = forecast.observed_expected().map(|o| o.ratio);
    let none = Err(Undefined::NoRows);
    Ok(Summary {
        model: model[0].model.clone(),
        recipe: model[0].recipe.clone(),
        lead_months: model[0].lead_months,
        since,
        subset,
        n: forecast.rows(),
        events: forecast.events(),
        auroc: none,
        auroc_ci95: Err(Undefined::NoRows),
        failed_replicates: 0,
        auroc_within_year: none,
        auroc_within_year_ci95: Err(Undefined::NoRows),
        average_precision: tally.average_precision(),
        brier: forecast.brier(),
        brier_skill: none,
        brier_skill_ci95: Err(Undefined::NoRows),
        log_loss: forecast.log_loss(),
        calibration_intercept: forecast.calibration_in_the_large().map(|m| m.estimate),
        calibration_slope: forecast.calibration_line().map(|l| l.slope.estimate),
        observed_expected: ratio,
        observed_expected_ci95: Err(Undefined::NoRows),
        observed_expected_recalibrated: ratio,
        observed_expected_uncalibrated: before.observed_expected().map(|o| o.ratio),
        capture: FRACTIONS
            .iter()
            .map(|&fraction| by_year.visit(fraction))
            .collect(),
        difference_to: Vec::new(),
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

pub(crate) fn years(model: &[Prediction]) -> Vec<YearSummary> {
    let rows: Vec<&Prediction> = model.iter().collect();
    let summary = |year: Vec<&Prediction>| YearSummary {
        model: year[0].model.clone(),
        recipe: year[0].recipe.clone(),
        lead_months: year[0].lead_months,
        year: year[0].inspection_start.year(),
        n: year.len(),
        events: year.iter().filter(|p| p.outcome).count(),
        expected: year.iter().map(|p| p.probability).sum(),
        expected_recalibrated: year.iter().map(|p| p.probability).sum(),
        expected_uncalibrated: year
            .iter()
            .map(|p| probability(p.uncalibrated_linear_predictor))
            .sum(),
    };
    by_year(&rows).into_iter().map(summary).collect()
}
