//! An audit, **not** prediction: one figure's C-statistic by census relative to the inspection.
//!
//! Figures of periods that end after the inspection separate Inadequate authorities best, because
//! staff leave once an authority is failed: consequence posing as warning. Whoever joins figures
//! and judgements by year mixes the columns +1 and +2 of this table into what looks like a
//! forecast. It reads every figure whenever it became known, and nothing here reaches a model.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::{AuthorityCode, Entity, IndicatorId, Inspection, OutcomeRule, Panel};
use crate::error::Result;
use crate::stats::bootstrap::{Bootstrap, Clusters, percentile_interval};
use crate::stats::interval::Interval;
use crate::stats::undefined::{Estimate, or_why};
use crate::validate::measure::rank::Ranking;

/// Censuses from two before to two after the inspection.
pub const LAGS: [i8; 5] = [-2, -1, 0, 1, 2];

/// One indicator at every lag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CensusLag {
    /// The indicator.
    pub indicator: IndicatorId,
    /// One cell for each of [`LAGS`].
    pub cells: Vec<LagCell>,
}

/// One indicator at one lag.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LagCell {
    /// Periods from the last that ended before the inspection: 0 is that one.
    pub lag: i8,
    /// Inspections with a figure at every lag: the same ones in all cells.
    pub n: usize,
    /// Of these, with the event.
    pub events: usize,
    /// C-statistic in the declared direction; a low figure is taken to be risky where declared so.
    #[serde(with = "or_why")]
    pub auroc: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(with = "or_why")]
    pub ci95: Estimate<Interval>,
}

/// The table for several indicators, over the full inspections that are known to have started in
/// these years, first and last included, and that have a figure at every lag.
///
/// # Errors
/// [`Error::UnknownIndicator`](crate::Error::UnknownIndicator).
pub fn census_lags(
    panel: &Panel,
    indicators: &[IndicatorId],
    years: (i16, i16),
    rule: OutcomeRule,
    bootstrap: Bootstrap,
) -> Result<Vec<CensusLag>> {
    let of = |&indicator: &IndicatorId| {
        let direction = panel.catalogue().get(indicator)?.direction;
        let sign = direction.sign().unwrap_or(1.0);
        let rows = rows(panel, indicator, years, rule);
        let outcomes: Vec<bool> = rows.iter().map(|row| row.event).collect();
        let authorities: Vec<AuthorityCode> = rows.iter().map(|row| row.organisation).collect();
        let clusters = Clusters::new(&authorities);
        let cell = |(place, &lag): (usize, &i8)| {
            let scores: Vec<f64> = rows.iter().map(|row| sign * row.figures[place]).collect();
            let ranking = Ranking::new(&scores, &outcomes)?;
            let replicates =
                bootstrap.run(&clusters, |counts| ranking.tally_of(counts)?.c_statistic());
            Ok(LagCell {
                lag,
                n: outcomes.len(),
                events: outcomes.iter().filter(|&&event| event).count(),
                auroc: ranking.tally().c_statistic(),
                ci95: percentile_interval(&replicates).map(|i| i.interval95),
            })
        };
        Ok(CensusLag {
            indicator,
            cells: LAGS.iter().enumerate().map(cell).collect::<Result<_>>()?,
        })
    };
    indicators.iter().map(of).collect()
}

/// An inspection with its figures at every lag.
struct Row {
    organisation: AuthorityCode,
    event: bool,
    figures: [f64; LAGS.len()],
}

fn rows(
    panel: &Panel,
    indicator: IndicatorId,
    (from, to): (i16, i16),
    rule: OutcomeRule,
) -> Vec<Row> {
    let scored = |i: &&Inspection| {
        let authority = panel.register().get(i.organisation);
        let started = i
            .start
            .is_some_and(|start| (from..=to).contains(&start.year()));
        i.is_like_for_like() && started && authority.is_some_and(|a| a.scored)
    };
    let row = |inspection: &Inspection| {
        let mut figures = [0.0; LAGS.len()];
        for (place, &lag) in figures.iter_mut().zip(&LAGS) {
            *place = figure(panel, indicator, inspection, lag)?;
        }
        Some(Row {
            organisation: inspection.organisation,
            event: rule.event(inspection)?,
            figures,
        })
    };
    panel
        .inspections()
        .iter()
        .filter(scored)
        .filter_map(row)
        .collect()
}

/// The figure of the period so many years from the last that ended before the inspection.
fn figure(panel: &Panel, indicator: IndicatorId, inspection: &Inspection, lag: i8) -> Option<f64> {
    let start = inspection.start?;
    let entity = Entity::Authority(inspection.organisation);
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
