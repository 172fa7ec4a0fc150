//! The landmarks of each year, forecast by models of its origin.

use jiff::civil::Date;

use super::measure::{Measures, by_year};
use super::result::HorizonEvidence;
use super::row::Row;
use crate::data::{AuthorityCode, Knowledge, OutcomeRule, Panel};
use crate::error::Result;
use crate::features::{FeatureRecipe, Landmark, Months};
use crate::model::{HorizonModel, Programme, RiskParams};
use crate::parallel::in_order;
use crate::stats::bootstrap::Bootstrap;
use crate::validate::backtest::baselines::Baseline;
use crate::validate::backtest::forecaster::{Forecaster, Scorer};

/// Which forecast, and which landmarks.
///
/// ```
/// use forewarn::data::{Knowledge, OutcomeRule};
/// use forewarn::features::{FeatureRecipe, Months};
/// use forewarn::jiff::civil::date;
/// use forewarn::model::RiskParams;
/// use forewarn::validate::{Bootstrap, HorizonParams};
/// use forewarn::simulate::SimulationParams;
///
/// let panel = SimulationParams::default().simulate()?.panel();
/// let (model, recipe) = (RiskParams::default(), FeatureRecipe::default());
/// let params = HorizonParams {
///     model: &model,
///     recipe: &recipe,
///     outcome_rule: OutcomeRule::default(),
///     knowledge: Knowledge::Published,
///     months: Months(12),
///     from: 2019,
///     to: date(2022, 1, 1),
///     bootstrap: Bootstrap::new(100, 1),
/// };
/// let evidence = params.run(&panel)?;
/// assert!(evidence.newly.n <= evidence.any.n);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct HorizonParams<'a> {
    /// The model of the risk part.
    pub model: &'a RiskParams,
    /// The recipe.
    pub recipe: &'a FeatureRecipe,
    /// What counts as the event.
    pub outcome_rule: OutcomeRule,
    /// When figures count as known.
    pub knowledge: Knowledge,
    /// The horizon.
    pub months: Months,
    /// First year whose landmarks are forecast.
    pub from: i16,
    /// Last day: what was published later is not known.
    pub to: Date,
    /// Draws behind intervals of C-statistics.
    pub bootstrap: Bootstrap,
}

impl HorizonParams<'_> {
    /// Forecasts the landmarks of every year at its origin.
    ///
    /// # Errors
    /// Those of learning; an origin with too little to learn from has no landmarks.
    pub fn run(&self, panel: &Panel) -> Result<HorizonEvidence> {
        let all = panel
            .as_of_with(self.to, self.knowledge)
            .landmarks(self.recipe, self.outcome_rule, self.months)?
            .all;
        let last = all.iter().map(|l| l.on.year()).max().unwrap_or(self.from);
        let years: Vec<i16> = (self.from..=last).collect();
        let rows = in_order(&years, |&year| self.year(panel, &all, year));
        let rows: Vec<Vec<Row>> = rows.into_iter().collect::<Result<_>>()?;
        let rows: Vec<Row> = rows.into_iter().flatten().collect();
        let measures = Measures(self.bootstrap);
        let days = || rows.iter().map(|row| row.on);
        Ok(HorizonEvidence {
            months: self.months,
            scenario: Programme::AsRan,
            landmarks: days().min().zip(days().max()),
            abolished: rows.iter().filter(|row| row.abolished).count(),
            any: measures.outcome(&rows.iter().collect::<Vec<_>>()),
            newly: measures.outcome(&rows.iter().filter(|r| !r.already).collect::<Vec<_>>()),
            years: by_year(&rows),
        })
    }

    /// Landmarks of a year, by models of what was known on 31 December before it.
    fn year(&self, panel: &Panel, all: &[Landmark], year: i16) -> Result<Vec<Row>> {
        let origin = Date::constant(year - 1, 12, 31);
        let known = panel.as_of_with(origin, self.knowledge);
        let own = known.landmarks(self.recipe, self.outcome_rule, self.months);
        let model = HorizonModel::fit(
            self.model,
            known,
            self.recipe,
            self.outcome_rule,
            self.months,
        );
        let rivals = [Baseline::PreviousGradeCapped, Baseline::BaseRate];
        let (model, own) = match (model, own) {
            (Ok(model), Ok(own)) => (model, own),
            (Err(error), _) | (_, Err(error)) if nothing(&error) => return Ok(Vec::new()),
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        // Landmarks lie on or after the origin, and before the next one.
        let wanted: Vec<&Landmark> = all
            .iter()
            .filter(|l| l.on >= origin && l.on < Date::constant(year, 12, 31))
            .collect();
        let days: Vec<(AuthorityCode, Date)> =
            wanted.iter().map(|l| (l.organisation, l.on)).collect();
        let Some(last) = days.iter().map(|(_, day)| *day).max() else {
            return Ok(Vec::new());
        };
        let on = panel.as_of_with(last, self.knowledge);
        let matrix = on.features_for(self.recipe, days.clone())?;
        let risk = model.risk().rule().log_odds(&matrix);
        let mut others = Vec::with_capacity(rivals.len());
        for rival in rivals {
            let recipe = rival.recipe(self.recipe)?;
            let training = known
                .landmarks(&recipe, self.outcome_rule, self.months)?
                .judged;
            let calibrated = |scorer: &dyn Scorer| -> Result<Vec<f64>> {
                let held_out = scorer.held_out(&training)?;
                let params = self.model.recalibration();
                let found = params.on(origin, training.rows(), &held_out)?;
                let matrix = on.features_for(&recipe, days.clone())?;
                let scores = scorer.log_odds(&matrix)?;
                Ok(scores.into_iter().map(|eta| found.apply(eta)).collect())
            };
            others.push(match rival.fit(&training) {
                Ok(scorer) => calibrated(&*scorer)?,
                Err(error) if error.leaves_no_model() => {
                    calibrated(&*Baseline::BaseRate.fit(&own.judged)?)?
                }
                Err(other) => return Err(other),
            });
        }
        let row = |(place, landmark): (usize, &&Landmark)| Row {
            year,
            organisation: landmark.organisation,
            on: landmark.on,
            judged: landmark.judged.map(|(published, _)| published),
            event: landmark.judged.is_some_and(|(_, event)| event),
            already: landmark
                .standing
                .grade
                .is_some_and(|grade| self.outcome_rule.is_event(grade)),
            abolished: landmark.abolished,
            timing: model.judged(landmark.standing, Programme::AsRan),
            risk: risk[place],
            grade: others[0][place],
            rate: others[1][place],
        };
        Ok(wanted.iter().enumerate().map(row).collect())
    }
}

fn nothing(error: &crate::Error) -> bool {
    error.leaves_no_model() || matches!(error, crate::Error::NothingToTrainOn { .. })
}
