//! What one model's probabilities mean, and what acting on them would be worth: everything that a
//! report draws of it.

use serde::{Deserialize, Serialize};

use super::prediction::{Prediction, ranked_by_year};
use super::result::Backtest;
use crate::error::Result;
use crate::stats::interval::{Interval, Measured, wilson};
use crate::stats::undefined::{Estimate, Undefined, or_why};
use crate::validate::measure::calibration::{CurvePoint, ObservedExpected, ReliabilityGroup};
use crate::validate::measure::forecast::Forecast;
use crate::validate::measure::net_benefit::NetBenefit;
use crate::validate::measure::unmeasured::{Unmeasured, unmeasured};
use crate::validate::measure::yearly_capture::YearlyCapture;

/// Groups of the reliability table, at most.
const GROUPS: usize = 8;
/// Rows that a group of the reliability table needs.
const ROWS_OF_A_GROUP: usize = 20;
/// Width of a bin of the histogram, as a probability.
const BIN: f64 = 0.05;

/// One model's predictions at one lead, read closely.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meaning {
    /// The model.
    pub model: String,
    /// The recipe.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// Rows.
    pub n: usize,
    /// Rows with the event.
    pub events: usize,
    /// Shift in log-odds that makes expected equal observed.
    #[serde(with = "or_why")]
    pub in_the_large: Estimate<Measured>,
    /// Calibration slope.
    #[serde(with = "or_why")]
    pub slope: Estimate<Measured>,
    /// Observed over expected events.
    #[serde(with = "or_why")]
    pub observed_expected: Estimate<ObservedExpected>,
    /// Rows of similar probability.
    #[serde(with = "or_why")]
    pub reliability: Estimate<Vec<ReliabilityGroup>>,
    /// A smooth calibration curve, where there are events enough for one.
    #[serde(with = "or_why")]
    pub curve: Estimate<Vec<CurvePoint>>,
    /// Rows by probability, in bins of 0.05 from 0 to the highest one that is not empty.
    pub histogram: Vec<HistogramBin>,
    /// Net benefit at thresholds of 0.02 to 0.5, every 0.02.
    #[serde(with = "or_why")]
    pub decision_curve: Estimate<Vec<NetBenefit>>,
    /// What visits to rising shares of each year's inspections would have caught, to all of them.
    pub capture_curve: Vec<YearlyCapture>,
    /// Observed and expected events by year.
    pub by_year: Vec<YearRatio>,
    /// What the own risks may be behind the mean probability of the highest fifth of all rows.
    #[serde(with = "or_why")]
    pub unmeasured: Estimate<Vec<Unmeasured>>,
}

/// Rows of one range of probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistogramBin {
    /// Its lower end, inclusive.
    pub from: f64,
    /// Its upper end, exclusive but for 1.
    pub to: f64,
    /// Rows.
    pub rows: usize,
    /// Of these, rows with the event.
    pub events: usize,
}

/// One year's events against those forecast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct YearRatio {
    /// The year in which the inspections started.
    pub year: i16,
    /// Rows.
    pub n: usize,
    /// Rows with the event.
    pub events: usize,
    /// Sum of the probabilities.
    pub expected: f64,
    /// Sum of the recalibrated probabilities.
    pub expected_recalibrated: f64,
    /// Events over `expected`.
    #[serde(with = "or_why")]
    pub ratio: Estimate,
    /// Its 95% interval: Wilson's for the share of events, over the mean probability.
    #[serde(with = "or_why")]
    pub ratio_ci95: Estimate<Interval>,
    /// Events over `expected_recalibrated`.
    #[serde(with = "or_why")]
    pub ratio_recalibrated: Estimate,
}

impl Backtest {
    /// Reads one model's predictions closely; `None` for a model that is not in the test.
    ///
    /// # Errors
    /// Those of [`Forecast::from_log_odds`], which predictions of a back-test do not meet.
    pub fn meaning(&self, recipe: &str, lead_months: u16, model: &str) -> Result<Option<Meaning>> {
        let models = self.models(recipe, lead_months);
        let Some((_, _, rows)) = models.into_iter().find(|(name, _, _)| name == model) else {
            return Ok(None);
        };
        let log_odds: Vec<f64> = rows.iter().map(|p| p.linear_predictor).collect();
        let outcomes: Vec<bool> = rows.iter().map(|p| p.outcome).collect();
        let forecast = Forecast::from_log_odds(&log_odds, &outcomes)?;
        let thresholds: Vec<f64> = (1..=25).map(|k| f64::from(k) / 50.0).collect();
        let ranking = ranked_by_year(&rows)?;
        let shares = (1..=40).map(|k| f64::from(k) / 40.0);
        Ok(Some(Meaning {
            model: model.to_owned(),
            recipe: recipe.to_owned(),
            lead_months,
            n: forecast.rows(),
            events: forecast.events(),
            in_the_large: forecast.calibration_in_the_large(),
            slope: forecast.calibration_line().map(|line| line.slope),
            observed_expected: forecast.observed_expected(),
            reliability: forecast.grouped(),
            curve: forecast.flexible_curve(),
            histogram: forecast.histogram(),
            decision_curve: forecast.decision_curve(&thresholds),
            capture_curve: shares.map(|share| ranking.visit(share)).collect(),
            by_year: self.ratios(recipe, lead_months, model),
            unmeasured: head(&rows).and_then(unmeasured),
        }))
    }

    fn ratios(&self, recipe: &str, lead_months: u16, model: &str) -> Vec<YearRatio> {
        let years = self
            .by_year
            .iter()
            .filter(|y| y.recipe == recipe && y.lead_months == lead_months && y.model == model);
        let over = |events: f64, expected: f64| match expected {
            0.0 => Err(Undefined::ZeroDenominator),
            _ => Ok(events / expected),
        };
        let ratio = |y: &super::summary::YearSummary| YearRatio {
            year: y.year,
            n: y.n,
            events: y.events,
            expected: y.expected,
            expected_recalibrated: y.expected_recalibrated,
            ratio: over(y.events as f64, y.expected),
            ratio_ci95: wilson(y.events, y.n).and_then(|share| {
                let rows = y.n as f64;
                Ok(Interval {
                    low: over(share.low * rows, y.expected)?,
                    high: over(share.high * rows, y.expected)?,
                })
            }),
            ratio_recalibrated: over(y.events as f64, y.expected_recalibrated),
        };
        years.map(ratio).collect()
    }
}

/// The mean probability of the highest fifth.
fn head(rows: &[&Prediction]) -> Estimate {
    let mut risks: Vec<f64> = rows.iter().map(|p| p.probability).collect();
    risks.sort_unstable_by(|a, b| b.total_cmp(a));
    let head = &risks[..risks.len().div_ceil(5)];
    match head {
        [] => Err(Undefined::NoRows),
        _ => Ok(head.iter().sum::<f64>() / head.len() as f64),
    }
}

impl Forecast {
    /// The rows in as many groups as a table of reliability has.
    pub(crate) fn grouped(&self) -> Estimate<Vec<ReliabilityGroup>> {
        self.reliability((self.rows() / ROWS_OF_A_GROUP).clamp(1, GROUPS))
    }

    /// The rows by probability.
    pub(crate) fn histogram(&self) -> Vec<HistogramBin> {
        let last = (1.0 / BIN).round() as usize - 1;
        let mut bins: Vec<HistogramBin> = Vec::new();
        for (&probability, &event) in self.probabilities.iter().zip(&self.outcomes) {
            let place = ((probability / BIN) as usize).min(last);
            while bins.len() <= place {
                let at = bins.len() as f64;
                bins.push(HistogramBin {
                    from: at * BIN,
                    to: (at + 1.0) * BIN,
                    rows: 0,
                    events: 0,
                });
            }
            bins[place].rows += 1;
            bins[place].events += usize::from(event);
        }
        bins
    }
}
