//! An audit, **not** prediction: one figure's C-statistic by census relative to the inspection.
//!
//! Figures of periods that end after the inspection separate Inadequate authorities best, because
//! staff leave once an authority is failed: consequence posing as warning. Whoever joins figures
//! and judgements by year mixes the columns +1 and +2 of this table into what looks like a
//! forecast. It reads every figure whenever it became known, and nothing here reaches a model.

use jiff::civil::Date;
use serde::Serialize;

use super::rank::Ranking;
use super::undefined::{Estimate, or_null};
use crate::data::{Entity, IndicatorId, Inspection, OutcomeRule, Panel};
use crate::error::Result;

/// Censuses from two before to two after the inspection.
pub const LAGS: [i8; 5] = [-2, -1, 0, 1, 2];

/// One indicator at every lag.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CensusLag {
    /// The indicator.
    pub indicator: IndicatorId,
    /// One cell for each of [`LAGS`].
    pub cells: Vec<LagCell>,
}

/// One indicator at one lag.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LagCell {
    /// Periods from the last that ended before the inspection: 0 is that one.
    pub lag: i8,
    /// Inspections with a figure.
    pub n: usize,
    /// Of these, with the event.
    pub events: usize,
    /// C-statistic in the declared direction; a low figure is taken to be risky where declared so.
    #[serde(serialize_with = "or_null")]
    pub auroc: Estimate,
}

/// The table for several indicators, over the full inspections that are known to have started in
/// these years, first and last included.
///
/// # Errors
/// [`Error::UnknownIndicator`](crate::Error::UnknownIndicator).
pub fn census_lags(
    panel: &Panel,
    indicators: &[IndicatorId],
    years: (i16, i16),
    rule: OutcomeRule,
) -> Result<Vec<CensusLag>> {
    let of = |&indicator: &IndicatorId| {
        let sign = panel
            .catalogue()
            .get(indicator)?
            .direction
            .sign()
            .unwrap_or(1.0);
        let cells = LAGS
            .iter()
            .map(|&lag| cell(panel, indicator, sign, lag, years, rule));
        Ok(CensusLag {
            indicator,
            cells: cells.collect::<Result<_>>()?,
        })
    };
    indicators.iter().map(of).collect()
}

fn cell(
    panel: &Panel,
    indicator: IndicatorId,
    sign: f64,
    lag: i8,
    (from, to): (i16, i16),
    rule: OutcomeRule,
) -> Result<LagCell> {
    let scored = |i: &&Inspection| {
        let authority = panel.register().get(i.authority);
        let started = i
            .start
            .is_some_and(|start| (from..=to).contains(&start.year()));
        i.is_like_for_like() && started && authority.is_some_and(|a| a.scored)
    };
    let rows = panel
        .inspections()
        .iter()
        .filter(scored)
        .filter_map(|inspection| {
            let value = figure(panel, indicator, inspection, lag)?;
            Some((sign * value, rule.event(inspection)?))
        });
    let (scores, outcomes): (Vec<f64>, Vec<bool>) = rows.unzip();
    Ok(LagCell {
        lag,
        n: outcomes.len(),
        events: outcomes.iter().filter(|&&event| event).count(),
        auroc: Ranking::new(&scores, &outcomes)?.tally().c_statistic(),
    })
}

/// The figure of the period so many years from the last that ended before the inspection.
fn figure(panel: &Panel, indicator: IndicatorId, inspection: &Inspection, lag: i8) -> Option<f64> {
    let start = inspection.start?;
    let entity = Entity::Authority(inspection.authority);
    // An audit: whenever the figure became known.
    let figures = || panel.as_of(Date::MAX).figures(entity, indicator);
    let same_day = figures().next()?.period_end();
    let last = [start.year(), start.year() - 1]
        .into_iter()
        .filter_map(|year| Date::new(year, same_day.month(), same_day.day()).ok())
        .find(|end| *end < start)?;
    let wanted = Date::new(last.year() + i16::from(lag), last.month(), last.day()).ok()?;
    figures().find(|f| f.period_end() == wanted)?.point()
}
