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

use super::baselines::Baseline;
use super::findings::Tested;
use super::forecaster::Forecaster;
use super::left_out::NotTested;
use super::origin::{Job, Window};
use super::params::BacktestParams;
use super::prediction::Prediction;
use super::result::Backtest;
use super::subset::Subset;
use crate::data::{Panel, Service};
use crate::error::{Error, Result};
use crate::parallel::in_order;
use crate::read_back::OutputSchema;
use crate::stats::bootstrap::Bootstrap;

impl BacktestParams<'_> {
    /// Runs the back-test; `progress` is told of each finished window and how many there are.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] for an empty or reversed range of years or an empty list;
    /// [`Error::NothingToTrainOn`] if no window has a row; [`Error::UnknownIndicator`].
    pub fn run(&self, panel: &Panel, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Backtest> {
        self.check()?;
        let forecasters = self.forecasters(panel.service());
        let jobs = self.jobs();
        let done = AtomicUsize::new(0);
        let windows = in_order(&jobs, |job| {
            let window = Window::new(self, panel, job, &forecasters);
            let finished = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress(finished, jobs.len());
            window
        });
        let windows = windows.into_iter().collect::<Result<Vec<Window>>>()?;
        self.assemble(windows, &forecasters, panel.service())
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
    fn forecasters<'s>(&'s self, service: &'s Service) -> Vec<&'s dyn Forecaster> {
        let mut all = self.candidates.clone();
        all.extend(Baseline::of(service).map(|b| b as &dyn Forecaster));
        if service.name() != Service::childrens_services().name() {
            all.extend(service.rules().iter().map(|rule| rule as &dyn Forecaster));
        }
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

    fn assemble(
        &self,
        windows: Vec<Window>,
        forecasters: &[&dyn Forecaster],
        service: &Service,
    ) -> Result<Backtest> {
        // One group of windows for each recipe and lead.
        let years = windows.len() / (self.recipes.len() * self.leads.len());
        let groups = windows
            .chunks(years)
            .map(|g| by_model(g, forecasters.len()));
        let groups: Vec<Vec<Vec<Prediction>>> = groups
            .filter(|models| models.first().is_some_and(|rows| !rows.is_empty()))
            .collect();
        if groups.is_empty() {
            return Err(Error::NothingToTrainOn {
                before: Date::constant(self.years.1, 12, 31),
                judged: 0,
            });
        }
        let tested = Tested {
            groups: &groups,
            candidates: self.candidates.len(),
            first_year: self.years.0,
            subsets: Subset::of(service.tells_first_inspections()),
            bootstrap: Bootstrap::new(self.replicates, self.seed),
            permutations: Bootstrap::new(self.permutations, self.seed),
        };
        let mut findings = tested.findings()?;
        if self.outcome_rule.no_probability().is_some() {
            findings = findings.of_ranking_alone();
        }
        Ok(Backtest {
            schema: OutputSchema,
            from: self.years.0,
            to: self.years.1,
            lead_months: self.leads.clone(),
            knowledge: self.knowledge,
            outcome_rule: self.outcome_rule,
            predictions: groups.into_iter().flatten().flatten().collect(),
            summary: findings.summary,
            comparisons: findings.comparisons,
            primary: findings.primary,
            lead_curves: findings.lead_curves,
            permutations: findings.permutations,
            half_lives: findings.half_lives,
            selection: findings.selection,
            by_year: findings.by_year,
            excluded: excluded(&windows),
            origins: windows.iter().filter_map(|w| w.origin.clone()).collect(),
            recalibration: windows.into_iter().flat_map(|w| w.recalibration).collect(),
        })
    }
}

/// The predictions of consecutive windows, by model.
fn by_model(windows: &[Window], models: usize) -> Vec<Vec<Prediction>> {
    let mut all = vec![Vec::new(); models];
    for window in windows {
        for (model, rows) in all.iter_mut().zip(&window.predictions) {
            model.extend(rows.iter().cloned());
        }
    }
    all
}

fn excluded(windows: &[Window]) -> Vec<NotTested> {
    let mut by_reason: BTreeMap<_, usize> = BTreeMap::new();
    for (reason, count) in windows.iter().flat_map(|w| &w.excluded) {
        *by_reason.entry(reason.clone()).or_default() += count;
    }
    let counted = |((of, why), count)| NotTested { why, of, count };
    by_reason.into_iter().map(counted).collect()
}
