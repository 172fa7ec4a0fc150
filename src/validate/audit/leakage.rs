//! Self-tests against leaks: a back-test that cannot fail these has told nothing.
//!
//! The types keep the future out: a [`Snapshot`](crate::data::Snapshot) gives nothing known later.
//! These tests check it from the outside, on the caller's own data and recipe.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use crate::data::{
    Basis, Direction, Entity, Indicator, IndicatorId, Inspection, Observation, Origin, OutcomeRule,
    Panel, Series, Standing, Unit, Value,
};
use crate::error::Result;
use crate::features::{Feature, FeatureRecipe, Measure};
use crate::validate::backtest::params::BacktestParams;

pub use super::known_day::audit;

/// The indicator that [`with_injected_outcome`] adds.
pub const INJECTED: IndicatorId = IndicatorId::literal("injected_outcome");

/// What the self-tests found.
#[derive(Clone, Debug, PartialEq)]
pub struct SelfTest {
    /// The within-year C-statistic of the first model at the first lead, everything learned again
    /// after the judgements of each year were dealt out anew: around 0.5, or there is a leak.
    pub shuffled: Vec<f64>,
    /// Inspections whose own outcome, planted as a figure known from its publication, could be
    /// seen before the inspection: 0, or there is a leak.
    pub outcomes_seen: usize,
    /// Inspections looked at for that.
    pub inspections: usize,
}

impl SelfTest {
    /// The mean of the shuffled C-statistics and its standard error; `None` with fewer than two.
    pub fn mean(&self) -> Option<(f64, f64)> {
        let n = self.shuffled.len() as f64;
        let mean = self.shuffled.iter().sum::<f64>() / n;
        let squares: f64 = self.shuffled.iter().map(|c| (c - mean).powi(2)).sum();
        (n > 1.0).then(|| (mean, (squares / (n - 1.0) / n).sqrt()))
    }
}

/// The panel with the judgements of full inspections dealt out anew among those that started in
/// the same year: whatever a back-test finds in it is chance.
pub fn with_shuffled_labels(panel: &Panel, seed: u64) -> Panel {
    let mut inspections = panel.inspections().to_vec();
    let mut by_year: BTreeMap<i16, Vec<usize>> = BTreeMap::new();
    for (at, inspection) in inspections.iter().enumerate() {
        if inspection.is_like_for_like() {
            by_year
                .entry(inspection.anchor().year())
                .or_default()
                .push(at);
        }
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    for places in by_year.into_values() {
        let mut order: Vec<(u64, usize)> =
            places.iter().map(|&at| (random.next_u64(), at)).collect();
        order.sort_unstable();
        let dealt: Vec<_> = order
            .iter()
            .map(|&(_, at)| inspections[at].judgements)
            .collect();
        for (at, judgements) in places.into_iter().zip(dealt) {
            inspections[at].judgements = judgements;
        }
    }
    panel.with_inspections(inspections)
}

/// The panel with every full inspection's outcome planted as a figure of the day before it started,
/// known from the publication of its judgement.
pub fn with_injected_outcome(panel: &Panel, rule: OutcomeRule) -> Panel {
    let mut builder = panel.rebuild();
    builder.catalogue_mut().insert(Indicator {
        id: INJECTED,
        name: "the outcome itself".to_owned(),
        unit: Unit::Proportion,
        numerator: String::new(),
        denominator: String::new(),
        series: Series::ChildrenInNeed,
        direction: Direction::HigherRiskier,
        source: String::new(),
    });
    let source = builder.source(u8::MAX, "injected");
    for inspection in panel.inspections().iter().filter(|i| i.is_like_for_like()) {
        if let Some(event) = rule.event(inspection) {
            let observation = Observation {
                entity: Entity::Authority(inspection.organisation),
                indicator: INJECTED,
                period_end: day_before(inspection),
                known_from: inspection.published,
                basis: Basis::Confirmed,
                value: Value::Number(f64::from(u8::from(event))),
                numerator: None,
                denominator: None,
                standing: Standing::Released,
                joint: false,
                source,
            };
            builder.observation(observation, Origin::default());
        }
    }
    builder.built().panel
}

fn day_before(inspection: &Inspection) -> Date {
    inspection.anchor().saturating_sub(Span::new().days(1))
}

/// Runs the back-test on labels shuffled so many times, and looks for planted outcomes.
///
/// # Errors
/// Those of [`BacktestParams::run`].
pub fn self_test(
    params: &BacktestParams<'_>,
    panel: &Panel,
    shuffles: usize,
    seed: u64,
) -> Result<SelfTest> {
    let mut shuffled = Vec::with_capacity(shuffles);
    for shuffle in 0..shuffles as u64 {
        let panel = with_shuffled_labels(panel, seed.wrapping_add(shuffle));
        let result = params.run(&panel, &|_, _| {})?;
        let first = result.summary.first();
        shuffled.extend(first.and_then(|summary| summary.auroc_within_year.ok()));
    }
    let planted = with_injected_outcome(panel, params.outcome_rule);
    let level = Measure::Level {
        indicator: INJECTED,
    };
    let recipe = FeatureRecipe::new("planted", vec![Feature::new(level)])?;
    let (mut outcomes_seen, mut inspections) = (0, 0);
    for inspection in planted
        .inspections()
        .iter()
        .filter(|i| i.is_like_for_like())
    {
        let as_of = day_before(inspection);
        let on = planted.as_of(as_of);
        let matrix = on.features_for(&recipe, vec![(inspection.organisation, as_of)])?;
        let own = |cell: &crate::features::Cell| cell.period_end == Some(as_of);
        outcomes_seen += usize::from(matrix.row(0).first().is_some_and(own));
        inspections += 1;
    }
    Ok(SelfTest {
        shuffled,
        outcomes_seen,
        inspections,
    })
}
