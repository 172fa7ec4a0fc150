//! What a back-test is of: years, recipes, models, rivals and leads.

use super::forecaster::Forecaster;
use crate::data::{Knowledge, OutcomeRule};
use crate::features::{FeatureRecipe, Months};
use crate::model::RecalibrationParams;

/// What to test. The rivals of [`Baseline`](super::baselines::Baseline) always stand beside the candidates.
///
/// ```
/// use forewarn::features::FeatureRecipe;
/// use forewarn::model::RiskParams;
/// use forewarn::validate::BacktestParams;
/// use forewarn::simulate::SimulationParams;
///
/// let panel = SimulationParams::default().simulate()?.panel();
/// let (model, recipe) = (RiskParams::default(), FeatureRecipe::default());
/// let params = BacktestParams {
///     years: (2019, 2021),
///     replicates: 100,
///     ..BacktestParams::new(vec![recipe], vec![&model])
/// };
/// let result = params.run(&panel, &|_, _| {})?;
/// // The model and every rival, on the same inspections.
/// assert!(result.summary.iter().any(|row| row.model == "previous grade"));
/// # Ok::<(), forewarn::Error>(())
/// ```
pub struct BacktestParams<'a> {
    /// First and last year whose inspections are scored.
    pub years: (i16, i16),
    /// Years between them that are left out.
    pub leave_out: Vec<i16>,
    /// The recipes under test.
    pub recipes: Vec<FeatureRecipe>,
    /// The models under test.
    pub candidates: Vec<&'a dyn Forecaster>,
    /// Rivals of the caller's own, beside those of [`Baseline`](super::baselines::Baseline).
    pub rivals: Vec<&'a dyn Forecaster>,
    /// Months between the features and the day before the inspection.
    pub leads: Vec<Months>,
    /// When figures count as known.
    pub knowledge: Knowledge,
    /// What counts as the event.
    pub outcome_rule: OutcomeRule,
    /// Resamples of authorities for the intervals.
    pub replicates: usize,
    /// Seed of the resamples.
    pub seed: u64,
    /// How log-odds follow the rate of each origin; the same for models and rivals.
    pub recalibration: RecalibrationParams,
    /// Within-year permutations of outcomes, beside the same scores.
    pub permutations: usize,
}

impl<'a> BacktestParams<'a> {
    /// Inspections of 2016 to 2023, no lead, published figures, any key judgement, 2,000 replicates.
    pub fn new(recipes: Vec<FeatureRecipe>, candidates: Vec<&'a dyn Forecaster>) -> Self {
        BacktestParams {
            years: (2016, 2023),
            leave_out: Vec::new(),
            recipes,
            candidates,
            rivals: Vec::new(),
            leads: vec![Months(0)],
            knowledge: Knowledge::default(),
            outcome_rule: OutcomeRule::default(),
            replicates: 2000,
            seed: 1,
            recalibration: RecalibrationParams::default(),
            permutations: 500,
        }
    }
}
