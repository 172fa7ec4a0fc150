//! The rolling-origin back-test: had we used this on the day, what would we have known?
//!
//! Every year is a window. Everything is learned again from what was known at the window's
//! *origin*, and every full inspection that starts in the window is scored as of the day before
//! its start, less the lead. The origin lies the same lead before the window, so that no model
//! knows more than the earliest of its rows' own days: at a lead of 12 months the model, too, is
//! 12 months old. Rows of an authority that was not inspected do not exist: it is unknown, not
//! negative (rolling origin: Tashman 2000, *International Journal of Forecasting* 16:437-450).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;
use serde::Serialize;

use super::baselines::Baseline;
use super::compare::{Comparisons, Primary};
use super::findings::Told;
use super::forecaster::Forecaster;
use super::half_life::HalfLife;
use super::lead_curve::LeadCurve;
use super::origin::{Job, Window};
use super::permutation::Permutation;
use super::selection::Selection;
use super::summary::{Summary, YearSummary};
use crate::data::{AuthorityCode, Knowledge, OutcomeRule, Panel};
use crate::error::{Error, Result};
use crate::features::{Excluded, FeatureRecipe, Months};
use crate::model::{Recalibration, RecalibrationParams, TestedScore};
use crate::parallel::in_order;
use crate::stats::bootstrap::Bootstrap;

/// What to test. The rivals of [`Baseline`] always stand beside the candidates.
pub struct BacktestParams<'a> {
    /// First and last year whose inspections are scored.
    pub years: (i16, i16),
    /// Years between them that are left out.
    pub leave_out: Vec<i16>,
    /// The recipes under test.
    pub recipes: Vec<FeatureRecipe>,
    /// The models under test.
    pub candidates: Vec<&'a dyn Forecaster>,
    /// Rivals of the caller's own, beside those of [`Baseline`].
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

/// Half-lives, in years, that stand side by side; `None` weighs all years the same. The best of
/// them is never picked.
pub const HALF_LIVES: [Option<f64>; 5] = [Some(1.0), Some(2.0), Some(3.0), Some(5.0), None];

/// One row scored by one model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Prediction {
    /// The model or rival.
    pub model: String,
    /// The recipe under test.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// The authority.
    pub authority: AuthorityCode,
    /// First day of the inspection, or the day assumed for it.
    pub inspection_start: Date,
    /// The day that the features are as of.
    pub as_of: Date,
    /// The day before which all judgements learned from were published.
    pub origin: Date,
    /// Whether the event happened.
    pub outcome: bool,
    /// Probability of the event, calibrated in time at the origin, as it would have been shown.
    pub probability: f64,
    /// Its log-odds.
    pub linear_predictor: f64,
    /// Log-odds before calibration in time.
    pub uncalibrated_linear_predictor: f64,
    /// The same as `probability`.
    pub recalibrated_probability: f64,
    /// Whether the newest grade known on the as-of day was Inadequate.
    pub already_inadequate: bool,
    /// Log-odds calibrated with each of [`HALF_LIVES`].
    #[serde(skip)]
    pub by_half_life: [f64; HALF_LIVES.len()],
}

/// Recalibration of one model at one origin.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OriginDrift {
    /// The model.
    pub model: String,
    /// The recipe under test.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// The origin.
    pub origin: Date,
    /// What was found.
    #[serde(flatten)]
    pub found: Recalibration,
}

/// What was learned from at one origin.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OriginRecord {
    /// The recipe under test.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// The origin.
    pub origin: Date,
    /// Inspections learned from.
    pub inspections: usize,
    /// Of these, with the event.
    pub events: usize,
    /// Features or themes that the model weighs.
    pub parameters: usize,
}

/// The result: every prediction, and summaries that anyone can recompute from them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Backtest {
    /// First year.
    pub from: i16,
    /// Last year.
    pub to: i16,
    /// The leads.
    pub lead_months: Vec<Months>,
    /// When figures counted as known.
    #[serde(serialize_with = "crate::score::knowledge_name")]
    pub knowledge: Knowledge,
    /// What counts as the event.
    pub outcome_rule: OutcomeRule,
    /// Every row scored by every model, in the order of recipe, lead, model, row.
    pub predictions: Vec<Prediction>,
    /// Measures by recipe, lead, model, first year and subset.
    pub summary: Vec<Summary>,
    /// How many comparisons were made, and what it takes to tell them together.
    pub comparisons: Comparisons,
    /// The comparison that was primary beforehand; `None` where the run does not hold its lead.
    pub primary: Option<Primary>,
    /// The candidates on the inspections that all leads have, paired.
    pub lead_curves: Vec<LeadCurve>,
    /// The same scores beside outcomes that were dealt out anew within years.
    pub permutations: Vec<Permutation>,
    /// The candidates with other half-lives.
    pub half_lives: Vec<HalfLife>,
    /// What choosing among the candidates of this run is worth; `None` for one candidate.
    pub selection: Option<Selection>,
    /// Observed and expected events by year, before and after recalibration.
    pub by_year: Vec<YearSummary>,
    /// Recalibration by origin.
    pub recalibration: Vec<OriginDrift>,
    /// What was learned from.
    pub origins: Vec<OriginRecord>,
    /// Inspections and authorities that are not in the test, and fits that failed, by reason.
    pub excluded: Vec<Excluded>,
}

impl Backtest {
    /// The scores of one model at one lead with what came of them, calibrated in time: what
    /// [`RiskModel::with_tested_scores`](crate::model::RiskModel::with_tested_scores) takes.
    pub fn tested_scores(&self, recipe: &str, lead_months: u16, model: &str) -> Vec<TestedScore> {
        let same = |p: &&Prediction| {
            p.recipe == recipe && p.lead_months == lead_months && p.model == model
        };
        let scores = self.predictions.iter().filter(same);
        scores
            .map(|p| TestedScore {
                organisation: p.authority,
                log_odds: p.linear_predictor,
                event: p.outcome,
            })
            .collect()
    }
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

impl BacktestParams<'_> {
    /// Runs the back-test; `progress` is told of each finished window and how many there are.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] for an empty or reversed range of years or an empty list;
    /// [`Error::NothingToTrainOn`] if no window has a row; [`Error::UnknownIndicator`].
    pub fn run(&self, panel: &Panel, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Backtest> {
        self.check()?;
        let forecasters = self.forecasters();
        let jobs = self.jobs();
        let done = AtomicUsize::new(0);
        let windows = in_order(&jobs, |job| {
            let window = Window::new(self, panel, job, &forecasters);
            let finished = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress(finished, jobs.len());
            window
        });
        let windows = windows.into_iter().collect::<Result<Vec<Window>>>()?;
        self.assemble(windows, &forecasters)
    }

    fn check(&self) -> Result<()> {
        let (from, to) = self.years;
        if !(1900..=to).contains(&from) || to > 2200 {
            return Err(Error::InvalidValue {
                what: "years of the back-test",
                found: format!("{from} to {to}"),
                expected: "a first year from 1900 that is not after the last, at most 2200"
                    .to_owned(),
            });
        }
        let lists = [
            ("recipes", self.recipes.len()),
            ("models", self.candidates.len()),
            ("lead months", self.leads.len()),
            ("years", self.tested().count()),
        ];
        for (what, found) in lists {
            if found == 0 {
                let expected = "at least one".to_owned();
                return Err(Error::InvalidValue {
                    what,
                    found: "none".to_owned(),
                    expected,
                });
            }
        }
        Ok(())
    }

    /// Candidates, then the rivals that always stand beside them, then the caller's own.
    fn forecasters(&self) -> Vec<&dyn Forecaster> {
        let mut all = self.candidates.clone();
        all.extend(Baseline::ALL.iter().map(|b| b as &dyn Forecaster));
        all.extend(&self.rivals);
        all
    }

    fn tested(&self) -> impl Iterator<Item = i16> {
        let years = self.years.0..=self.years.1;
        years.filter(|year| !self.leave_out.contains(year))
    }

    fn jobs(&self) -> Vec<Job<'_>> {
        let mut jobs = Vec::new();
        for recipe in &self.recipes {
            for &lead in &self.leads {
                let first = jobs.len() < self.tested().count();
                jobs.extend(self.tested().map(|year| Job {
                    recipe,
                    lead,
                    year,
                    first,
                }));
            }
        }
        jobs
    }

    fn assemble(&self, windows: Vec<Window>, forecasters: &[&dyn Forecaster]) -> Result<Backtest> {
        let mut result = Backtest {
            from: self.years.0,
            to: self.years.1,
            lead_months: self.leads.clone(),
            knowledge: self.knowledge,
            outcome_rule: self.outcome_rule,
            predictions: Vec::new(),
            summary: Vec::new(),
            comparisons: Comparisons::default(),
            primary: None,
            lead_curves: Vec::new(),
            permutations: Vec::new(),
            half_lives: Vec::new(),
            selection: None,
            by_year: Vec::new(),
            recalibration: Vec::new(),
            origins: Vec::new(),
            excluded: Vec::new(),
        };
        let mut excluded: BTreeMap<String, usize> = BTreeMap::new();
        // One group of windows for each recipe and lead.
        let years = windows.len() / (self.recipes.len() * self.leads.len());
        let mut groups = Vec::with_capacity(windows.len() / years);
        for group in windows.chunks(years) {
            let mut by_model: Vec<Vec<Prediction>> = vec![Vec::new(); forecasters.len()];
            for window in group {
                for (model, rows) in by_model.iter_mut().zip(&window.predictions) {
                    model.extend(rows.iter().cloned());
                }
                result
                    .recalibration
                    .extend(window.recalibration.iter().cloned());
                result.origins.extend(window.origin.clone());
                for (reason, count) in &window.excluded {
                    *excluded.entry(reason.clone()).or_default() += count;
                }
            }
            groups.push(by_model);
        }
        groups.retain(|by_model| by_model.first().is_some_and(|rows| !rows.is_empty()));
        let evidence = Told {
            groups: &groups,
            candidates: self.candidates.len(),
            first_year: self.years.0,
            bootstrap: Bootstrap::new(self.replicates, self.seed),
            permutations: Bootstrap::new(self.permutations, self.seed),
        };
        evidence.tell(&mut result)?;
        result.predictions = groups.into_iter().flatten().flatten().collect();
        if result.predictions.is_empty() {
            let last = Date::constant(self.years.1, 12, 31);
            return Err(Error::NothingToTrainOn {
                before: last,
                judged: 0,
            });
        }
        let counted = |(reason, count)| Excluded { reason, count };
        result.excluded = excluded.into_iter().map(counted).collect();
        Ok(result)
    }
}
