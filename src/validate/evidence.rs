//! A back-test with what is drawn from it: one result for a report.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::{Entity, IndicatorId, Panel, Unit};
use crate::error::{Error, Result};
use crate::features::Months;
use crate::stats::bootstrap::Bootstrap;
use crate::validate::audit::census_lag::{CensusLag, census_lags};
use crate::validate::audit::funnel::Funnel;
use crate::validate::backtest::prediction::OriginRecord;
use crate::validate::backtest::probabilities::Meaning;
use crate::validate::backtest::result::Backtest;
use crate::validate::backtest::yearly_list::ListShare;
use crate::validate::measure::sample_size::{Plan, RequiredRows, Signal};

/// What to look at beside the back-test itself.
#[derive(Clone, Debug)]
pub struct EvidenceParams<'a> {
    /// Length of the list over authorities scored: the share of each year's inspections visited.
    pub list_share: f64,
    /// Resamples of authorities behind the interval of what a list would have caught.
    pub bootstrap: Bootstrap,
    /// Indicators to audit for consequence posing as warning, and to draw as funnels where they
    /// are proportions with counts.
    pub indicators: &'a [IndicatorId],
    /// The day whose figures the funnels show.
    pub as_of: Date,
}

/// Everything that says how far to trust the scores. Its JSON is that of the back-test and more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Every prediction, and the measures of every model and rival.
    #[serde(flatten)]
    pub backtest: Backtest,
    /// The recipe that the rest is about: the first one under test.
    pub recipe: String,
    /// The lead that the rest is about: the first one.
    pub lead: Months,
    /// What lists would have caught, by model and rival.
    pub lists: Vec<ListShare>,
    /// The first model under test, read closely.
    pub meaning: Option<Meaning>,
    /// Whether there were rows enough to learn from.
    pub sample_size: Vec<SampleSize>,
    /// The audit of consequence posing as warning.
    pub census_lags: Vec<CensusLag>,
    /// All authorities' newest rates with their counts.
    pub funnels: Vec<Funnel>,
}

/// Riley et al.'s arithmetic for what was known at the last origin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleSize {
    /// The C-statistic to be found.
    pub c_statistic: f64,
    /// Features.
    pub parameters: usize,
    /// Inspections known.
    pub inspections: usize,
    /// Of these, with the event.
    pub events: usize,
    /// Inspections needed.
    pub needed: RequiredRows,
    /// Calibration slope to expect on new rows, where that C-statistic is the true one.
    pub expected_shrinkage: f64,
}

/// C-statistics that a model of published figures may hope for.
const HOPED_FOR: [f64; 3] = [0.65, 0.70, 0.75];

impl Evidence {
    /// Reads a back-test closely, and of the panel what was known on the day of its funnels.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if the back-test scores an inspection that started after that day;
    /// [`Error::UnknownIndicator`].
    pub fn new(backtest: Backtest, panel: &Panel, params: &EvidenceParams<'_>) -> Result<Evidence> {
        let starts = backtest.predictions.iter().map(|p| p.inspection_start);
        if let Some(last) = starts.max().filter(|last| *last > params.as_of) {
            return Err(Error::InvalidValue {
                what: "day of the evidence",
                found: params.as_of.to_string(),
                expected: format!("no earlier than the last inspection tested, {last}"),
            });
        }
        let panel = &panel.known_by(params.as_of);
        let first = backtest.summary.first();
        let recipe = first.map_or_else(String::new, |s| s.recipe.clone());
        let lead_months = first.map_or(0, |s| s.lead_months);
        let model = first.map_or_else(String::new, |s| s.model.clone());
        let years = (backtest.from, backtest.to);
        Ok(Evidence {
            lists: backtest.lists(&recipe, lead_months, params.list_share, params.bootstrap)?,
            meaning: backtest.meaning(&recipe, lead_months, &model)?,
            sample_size: sample_sizes(&backtest, &recipe, lead_months),
            census_lags: census_lags(
                panel,
                params.indicators,
                years,
                backtest.outcome_rule,
                params.bootstrap,
            )?,
            funnels: funnels(panel, params)?,
            recipe,
            lead: Months(lead_months),
            backtest,
        })
    }
}

fn sample_sizes(backtest: &Backtest, recipe: &str, lead_months: u16) -> Vec<SampleSize> {
    let same = |o: &&OriginRecord| o.recipe == recipe && o.lead_months == lead_months;
    let Some(last) = backtest.origins.iter().rfind(same) else {
        return Vec::new();
    };
    let of = |&c_statistic: &f64| {
        let plan = Plan {
            parameters: last.parameters,
            prevalence: last.events as f64 / last.inspections as f64,
            signal: Signal::CStatistic(c_statistic),
        };
        // An origin without events has no arithmetic.
        Some(SampleSize {
            c_statistic,
            parameters: last.parameters,
            inspections: last.inspections,
            events: last.events,
            needed: plan.required_rows().ok()?,
            expected_shrinkage: plan.expected_shrinkage(last.inspections).ok()?,
        })
    };
    HOPED_FOR.iter().filter_map(of).collect()
}

fn funnels(panel: &Panel, params: &EvidenceParams<'_>) -> Result<Vec<Funnel>> {
    let on = panel.as_of(params.as_of);
    let mut funnels = Vec::new();
    for &indicator in params.indicators {
        let proportion = panel.catalogue().get(indicator)?.unit == Unit::Proportion;
        if !proportion || on.latest(Entity::England, indicator).is_none() {
            continue;
        }
        funnels.extend(on.funnel(indicator)?);
    }
    Ok(funnels)
}
