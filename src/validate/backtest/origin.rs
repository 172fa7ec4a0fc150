//! One recipe, lead and year of a back-test.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};

use super::baselines::Baseline;
use super::forecaster::{Forecaster, Scorer};
use super::left_out::{LeftOut, Tested};
use super::params::BacktestParams;
use super::prediction::{HALF_LIVES, OriginDrift, OriginRecord, Prediction};
use crate::data::{Panel, Snapshot};
use crate::error::{Error, Result};
use crate::features::{FeatureRecipe, Months, TrainingRow, TrainingSet};
use crate::fit::logistic::probability;
use crate::score::too_little;
use crate::validate::audit::known_day::audit;

/// What to do.
pub(crate) struct Job<'a> {
    pub(crate) recipe: &'a FeatureRecipe,
    pub(crate) lead: Months,
    pub(crate) year: i16,
    /// Whether it is of the first recipe and lead: what concerns inspections alone is counted once.
    pub(crate) first: bool,
}

/// What came of it.
#[derive(Default)]
pub(crate) struct Window {
    /// By model, in the order of the forecasters; empty if there is nothing to score or learn from.
    pub(crate) predictions: Vec<Vec<Prediction>>,
    pub(crate) recalibration: Vec<OriginDrift>,
    pub(crate) origin: Option<OriginRecord>,
    pub(crate) excluded: BTreeMap<(Option<Tested>, LeftOut), usize>,
}

/// An inspection that is scored.
struct TestRow {
    row: TrainingRow,
    already_inadequate: bool,
    first_inspection: bool,
}

/// A back-test with its data, for one window.
struct Run<'a> {
    params: &'a BacktestParams<'a>,
    panel: &'a Panel,
    job: &'a Job<'a>,
    origin: Date,
    // Training sets by recipe; the first is of the recipe under test.
    sets: Vec<TrainingSet>,
    window: Window,
}

impl Window {
    /// Learns at the origin and scores the inspections of the year.
    pub(crate) fn new(
        params: &BacktestParams<'_>,
        panel: &Panel,
        job: &Job<'_>,
        forecasters: &[&dyn Forecaster],
    ) -> Result<Window> {
        let first = Date::constant(job.year, 1, 1);
        let origin = job.lead.before(first.saturating_sub(Span::new().days(1)));
        let window = Window::default();
        let mut run = Run {
            params,
            panel,
            job,
            origin,
            sets: Vec::new(),
            window,
        };
        let rows = run.test_rows()?;
        if run.learns(rows.len())? {
            for forecaster in forecasters {
                let scored = run.score(*forecaster, &rows);
                scored.map_err(|source| Error::Model {
                    model: forecaster.name(),
                    recipe: job.recipe.name().to_owned(),
                    origin,
                    source: Box::new(source),
                })?;
            }
        }
        Ok(run.window)
    }
}

impl Run<'_> {
    fn on(&self, day: Date) -> Snapshot<'_> {
        self.panel.as_of_with(day, self.params.knowledge)
    }

    /// The full inspections of the year for which enough was known to score.
    fn test_rows(&mut self) -> Result<Vec<TestRow>> {
        let mut rows: Vec<TrainingRow> = Vec::new();
        let panel = self.panel;
        for inspection in panel
            .inspections()
            .iter()
            .filter(|i| i.anchor().year() == self.job.year)
        {
            let judged = self.on(inspection.published);
            match judged.training_row(inspection, self.params.outcome_rule, self.job.lead) {
                Ok(row) => rows.push(row),
                Err(why) => self.exclude_once(LeftOut::Row(why), 1),
            }
        }
        let new_year = Date::constant(self.job.year, 1, 1);
        let inspected = |code| rows.iter().any(|r| r.organisation == code);
        let existing = self.on(new_year).authorities().filter(|a| a.scored);
        let unknown = existing.filter(|a| !inspected(a.code)).count();
        self.exclude_once(LeftOut::NotInspected, unknown);
        self.scorable(rows)
    }

    /// Those of which enough was known.
    fn scorable(&mut self, rows: Vec<TrainingRow>) -> Result<Vec<TestRow>> {
        let Some(last) = rows.iter().map(|row| row.as_of).max() else {
            return Ok(Vec::new());
        };
        let days = rows
            .iter()
            .map(|row| (row.organisation, row.as_of))
            .collect();
        let features = self.on(last).features_for(self.job.recipe, days)?;
        let mut scorable = Vec::with_capacity(rows.len());
        for (place, row) in rows.into_iter().enumerate() {
            let cells = features.row(place);
            if too_little(self.job.recipe, features.columns(), cells).is_some() {
                self.exclude(LeftOut::TooLittleKnown, 1);
                continue;
            }
            let previous = self
                .on(row.as_of)
                .judgements(row.organisation)
                .previous_grade();
            scorable.push(TestRow {
                row,
                already_inadequate: previous
                    .is_some_and(|grade| self.params.outcome_rule.is_event(grade)),
                first_inspection: previous.is_none(),
            });
        }
        Ok(scorable)
    }

    /// The training set of the recipe under test; false if there is none, or nothing to score.
    fn learns(&mut self, rows: usize) -> Result<bool> {
        if rows == 0 {
            return Ok(false);
        }
        if self.training(self.job.recipe)?.is_none() {
            self.exclude(LeftOut::NothingToLearnFrom, rows);
            return Ok(false);
        }
        let set = &self.sets[0];
        self.window.origin = Some(OriginRecord {
            recipe: self.job.recipe.name().to_owned(),
            lead_months: self.job.lead.0,
            origin: self.origin,
            inspections: set.rows().len(),
            events: set.events(),
            parameters: self.job.recipe.terms(),
        });
        Ok(true)
    }

    /// The place of the training set of a recipe as known at the origin; `None` if it has no row.
    fn training(&mut self, recipe: &FeatureRecipe) -> Result<Option<usize>> {
        if let Some(at) = self.sets.iter().position(|set| set.recipe() == recipe) {
            return Ok(Some(at));
        }
        let known = self.on(self.origin);
        match known.training(recipe, self.params.outcome_rule, self.job.lead) {
            Ok(set) => {
                self.sets.push(set);
                Ok(Some(self.sets.len() - 1))
            }
            Err(Error::NothingToTrainOn { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// Fits, recalibrates and scores. What cannot be fitted on the day gives the base rate, as its
    /// user would have had nothing better; that is counted.
    fn score(&mut self, forecaster: &dyn Forecaster, rows: &[TestRow]) -> Result<()> {
        let wanted = forecaster.recipe(self.job.recipe)?;
        let fitted = match self.training(&wanted)? {
            Some(at) => forecaster.fit(&self.sets[at]).map(|scorer| (scorer, at)),
            None => Err(Error::NoUsableFeature {
                features: wanted.features().len(),
            }),
        };
        let (scorer, at) = match fitted {
            Ok(fitted) => fitted,
            Err(error) if error.leaves_no_model() => {
                let model = forecaster.name();
                self.exclude(LeftOut::BaseRateInstead { model }, rows.len());
                (Baseline::BaseRate.fit(&self.sets[0])?, 0)
            }
            Err(other) => return Err(other),
        };
        self.predict(forecaster.name(), &*scorer, at, rows)
    }

    fn predict(
        &mut self,
        model: String,
        scorer: &dyn Scorer,
        at: usize,
        rows: &[TestRow],
    ) -> Result<()> {
        let training = &self.sets[at];
        let held_out = scorer.held_out(training)?;
        check(
            "log-odds of the training rows",
            &held_out,
            training.rows().len(),
        )?;
        let fit = |half_life| {
            let params = self.params.recalibration.half_life(half_life);
            params.on(self.origin, training.rows(), &held_out)
        };
        let found = fit(self.params.recalibration.half_life_years)?;
        let others = HALF_LIVES
            .into_iter()
            .map(fit)
            .collect::<Result<Vec<_>>>()?;
        let last = rows
            .iter()
            .map(|r| r.row.as_of)
            .max()
            .unwrap_or(self.origin);
        let days = rows
            .iter()
            .map(|r| (r.row.organisation, r.row.as_of))
            .collect();
        let test = self.on(last).features_for(training.recipe(), days)?;
        audit(&test, &rows.iter().map(|r| r.row.as_of).collect::<Vec<_>>())?;
        let recipe = self.job.recipe.name();
        let (lead_months, origin) = (self.job.lead.0, self.origin);
        let scores = scorer.log_odds(&test)?;
        check("log-odds of the rows to score", &scores, rows.len())?;
        let predictions = rows.iter().zip(scores);
        let prediction = |(test, eta): (&TestRow, f64)| {
            let log_odds = found.apply(eta);
            let mut by_half_life = [0.0; HALF_LIVES.len()];
            for (place, other) in by_half_life.iter_mut().zip(&others) {
                *place = other.apply(eta);
            }
            Prediction {
                model: model.clone(),
                recipe: recipe.to_owned(),
                lead_months,
                organisation: test.row.organisation,
                inspection_start: test.row.start,
                as_of: test.row.as_of,
                origin,
                outcome: test.row.event,
                probability: probability(log_odds),
                linear_predictor: log_odds,
                uncalibrated_linear_predictor: eta,
                recalibrated_probability: probability(log_odds),
                already_inadequate: test.already_inadequate,
                first_inspection: test.first_inspection,
                by_half_life,
            }
        };
        let predictions = predictions.map(prediction).collect();
        self.window.predictions.push(predictions);
        self.window.recalibration.push(OriginDrift {
            recipe: recipe.to_owned(),
            model,
            lead_months,
            origin,
            found,
        });
        Ok(())
    }

    /// Counts what depends on the recipe and lead.
    fn exclude(&mut self, why: LeftOut, count: usize) {
        let tested = Some(Tested {
            recipe: self.job.recipe.name().to_owned(),
            lead_months: self.job.lead.0,
        });
        *self.window.excluded.entry((tested, why)).or_default() += count;
    }

    /// Counts what does not.
    fn exclude_once(&mut self, why: LeftOut, count: usize) {
        if self.job.first && count > 0 {
            *self.window.excluded.entry((None, why)).or_default() += count;
        }
    }
}

/// One finite number for each row: a caller's own model may give anything.
fn check(what: &'static str, log_odds: &[f64], rows: usize) -> Result<()> {
    if log_odds.len() != rows {
        return Err(Error::Shape {
            what,
            found: log_odds.len(),
            expected: rows,
        });
    }
    match log_odds.iter().position(|eta| !eta.is_finite()) {
        None => Ok(()),
        Some(row) => Err(Error::InvalidValue {
            what,
            found: format!("{} in row {row}", log_odds[row]),
            expected: "a finite number".to_owned(),
        }),
    }
}
