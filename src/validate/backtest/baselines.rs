//! The trivial rivals that stand in every table.

use serde::{Deserialize, Serialize};

use super::forecaster::{Forecaster, Scorer};
use crate::data::{IndicatorId, RivalRule, Service};
use crate::error::{Error, Result};
use crate::features::{Feature, FeatureMatrix, FeatureRecipe, Measure, TrainingSet};
use crate::fit::RidgeParams;
use crate::model::{Family, LearnedColumn, Refit, RiskParams, learn_columns, mean_of_known};
use crate::validate::measure::rank::Ranking;

/// A rival that needs no statistician.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// The share of training inspections with the event, for everyone.
    BaseRate,
    /// Logistic regression on the previous grade alone.
    PreviousGrade,
    /// Logistic regression on the previous grade with Inadequate counted as Requires improvement.
    PreviousGradeCapped,
    /// Logistic regression on the one feature of the recipe whose C-statistic in the training
    /// window is farthest from 0.5.
    BestSingle,
    /// Agency staff above 16% (NAO 2016, 2.10): the training share of events on each side.
    AgencyRule,
    /// The five lead indicators that NAO 2016 names in ridge logistic regression.
    NaoFive,
    /// Mean of the recipe's standardised features, each in its declared direction; features
    /// without a direction are left out.
    EqualWeightDeclared,
    /// The same, each feature in the direction of its training rows.
    EqualWeightLearned,
}

/// Agency staff above this share of the workforce break the rule.
pub const AGENCY_LIMIT: f64 = 0.16;

impl Baseline {
    /// All of them, the simplest first.
    pub const ALL: [Baseline; 8] = [
        Baseline::BaseRate,
        Baseline::PreviousGrade,
        Baseline::PreviousGradeCapped,
        Baseline::BestSingle,
        Baseline::AgencyRule,
        Baseline::NaoFive,
        Baseline::EqualWeightDeclared,
        Baseline::EqualWeightLearned,
    ];

    /// Those that stand in every table of a service: two are of England's children's services.
    pub fn of(service: &Service) -> impl Iterator<Item = &'static Baseline> {
        let childrens = service.name() == Service::childrens_services().name();
        let own = [Baseline::AgencyRule, Baseline::NaoFive];
        Baseline::ALL
            .iter()
            .filter(move |baseline| childrens || !own.contains(baseline))
    }

    /// The name in words, as in the verdict.
    pub fn words(self) -> &'static str {
        match self {
            Baseline::BaseRate => "base rate",
            Baseline::PreviousGrade => "previous grade",
            Baseline::PreviousGradeCapped => "previous grade, capped",
            Baseline::BestSingle => "best single indicator",
            Baseline::AgencyRule => "agency above 16%",
            Baseline::NaoFive => "NAO's five in ridge",
            Baseline::EqualWeightDeclared => "equal weights, declared directions",
            Baseline::EqualWeightLearned => "equal weights, learned directions",
        }
    }
}

impl Forecaster for Baseline {
    fn name(&self) -> String {
        self.words().to_owned()
    }

    fn recipe(&self, under_test: &FeatureRecipe) -> Result<FeatureRecipe> {
        let one = |name: &str, measure| FeatureRecipe::new(name, vec![Feature::new(measure)]);
        match self {
            Baseline::PreviousGrade => one("previous_grade", Measure::PreviousGrade),
            Baseline::PreviousGradeCapped => one("capped_grade", Measure::PreviousGradeCapped),
            Baseline::AgencyRule => {
                let indicator = IndicatorId::literal("agency_rate");
                one("agency", Measure::Level { indicator })
            }
            Baseline::NaoFive => Ok(FeatureRecipe::lead_indicators()),
            Baseline::BaseRate
            | Baseline::BestSingle
            | Baseline::EqualWeightDeclared
            | Baseline::EqualWeightLearned => Ok(under_test.clone()),
        }
    }

    fn fit(&self, training: &TrainingSet) -> Result<Box<dyn Scorer>> {
        // Of one column: a regression on it, which nothing draws.
        let line = RiskParams::ridge().penalty(0.0);
        Ok(match self {
            Baseline::BaseRate => Box::new(Constant(share_log_odds(training, |_| true))),
            Baseline::PreviousGrade | Baseline::PreviousGradeCapped => {
                Box::new(line.refit(training)?)
            }
            Baseline::BestSingle => Box::new(best_single(line, training)?),
            Baseline::AgencyRule => Box::new(Rule::fit(AGENCY_LIMIT, training)),
            Baseline::NaoFive => Box::new(RiskParams::of(Family::Ridge).refit(training)?),
            Baseline::EqualWeightDeclared => Box::new(EqualWeight::fit(training, declared)?),
            Baseline::EqualWeightLearned => Box::new(EqualWeight::fit(training, learned)?),
        })
    }
}

/// Log-odds of the event among the rows for which `holds`, each class with half a row more, so
/// that they are finite.
fn share_log_odds(training: &TrainingSet, holds: impl Fn(usize) -> bool) -> f64 {
    let (mut events, mut others) = (0.5, 0.5);
    for (row, inspection) in training.rows().iter().enumerate() {
        if holds(row) {
            *(if inspection.event {
                &mut events
            } else {
                &mut others
            }) += 1.0;
        }
    }
    f64::ln(events / others)
}

struct Constant(f64);

impl Scorer for Constant {
    fn log_odds(&self, rows: &FeatureMatrix) -> Result<Vec<f64>> {
        Ok(vec![self.0; rows.rows().len()])
    }
}

struct Single {
    column: usize,
    refit: Refit,
}

fn best_single(params: RiskParams, training: &TrainingSet) -> Result<Single> {
    let matrix = training.matrix();
    let distance = |column: usize| -> Result<f64> {
        let rows = (0..training.rows().len())
            .filter_map(|row| Some((matrix.value(row, column)?, training.rows()[row].event)));
        let (scores, outcomes): (Vec<f64>, Vec<bool>) = rows.unzip();
        let c = Ranking::new(&scores, &outcomes)?.tally().c_statistic();
        Ok(c.map_or(0.0, |c| (c - 0.5).abs()))
    };
    let mut best = (0, -1.0);
    for column in 0..matrix.columns().len() {
        let found = distance(column)?;
        if found > best.1 {
            best = (column, found);
        }
    }
    Ok(Single {
        column: best.0,
        refit: params.refit(&training.column(best.0)?)?,
    })
}

impl Scorer for Single {
    fn log_odds(&self, rows: &FeatureMatrix) -> Result<Vec<f64>> {
        self.refit.log_odds(&rows.column(self.column))
    }

    fn held_out(&self, training: &TrainingSet) -> Result<Vec<f64>> {
        self.refit.held_out(training)
    }
}

/// Log-odds above the limit, at or below it, and where the figure is missing.
struct Rule {
    limit: f64,
    above: f64,
    below: f64,
    missing: f64,
}

impl Rule {
    fn fit(limit: f64, training: &TrainingSet) -> Rule {
        let value = |row| training.matrix().value(row, 0);
        Rule {
            limit,
            above: share_log_odds(training, |row| value(row).is_some_and(|v| v > limit)),
            below: share_log_odds(training, |row| value(row).is_some_and(|v| v <= limit)),
            missing: share_log_odds(training, |_| true),
        }
    }
}

impl Scorer for Rule {
    fn log_odds(&self, rows: &FeatureMatrix) -> Result<Vec<f64>> {
        let row = |row| match rows.value(row, 0) {
            Some(rate) if rate > self.limit => self.above,
            Some(_) => self.below,
            None => self.missing,
        };
        Ok((0..rows.rows().len()).map(row).collect())
    }
}

/// A service's rule of thumb: the training share of events on each side of its limit.
impl Forecaster for RivalRule {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn recipe(&self, _: &FeatureRecipe) -> Result<FeatureRecipe> {
        let indicator = self.indicator;
        let feature = Feature::new(Measure::Level { indicator });
        FeatureRecipe::new("rule", vec![feature])
    }

    fn fit(&self, training: &TrainingSet) -> Result<Box<dyn Scorer>> {
        Ok(Box::new(Rule::fit(self.above, training)))
    }
}

/// Mean of standardised features with their signs, mapped to log-odds by a logistic regression.
struct EqualWeight {
    columns: Vec<LearnedColumn>,
    signs: Vec<f64>,
    intercept: f64,
    slope: f64,
}

/// The sign of a feature as declared; 0 where none is.
fn declared(column: &LearnedColumn, _: f64) -> f64 {
    column.direction.sign().unwrap_or(0.0)
}

/// The sign with which a feature went with the event in training.
fn learned(_: &LearnedColumn, difference: f64) -> f64 {
    if difference == 0.0 {
        0.0
    } else {
        difference.signum()
    }
}

impl EqualWeight {
    fn fit(training: &TrainingSet, sign: fn(&LearnedColumn, f64) -> f64) -> Result<EqualWeight> {
        let matrix = training.matrix();
        let all: Vec<usize> = (0..training.rows().len()).collect();
        let columns = learn_columns(matrix)?;
        let signs = columns
            .iter()
            .enumerate()
            .map(|(j, column)| match column.unused {
                Some(_) => 0.0,
                None => sign(column, difference(training, column, j)),
            })
            .collect();
        let mut score = EqualWeight {
            columns,
            signs,
            intercept: 0.0,
            slope: 1.0,
        };
        let means: Vec<f64> = all.iter().map(|&row| score.mean(matrix, row)).collect();
        let outcomes: Vec<bool> = training.rows().iter().map(|r| r.event).collect();
        let x = ndarray::ArrayView2::from_shape((means.len(), 1), &means).map_err(|_| {
            Error::Shape {
                what: "rows",
                found: means.len(),
                expected: outcomes.len(),
            }
        })?;
        let line = RidgeParams::new().penalty(0.0).fit_rows(x, &outcomes)?;
        (score.intercept, score.slope) = (line.intercept(), line.coefficients()[0]);
        Ok(score)
    }

    fn mean(&self, matrix: &FeatureMatrix, row: usize) -> f64 {
        let described = self.columns.iter().zip(matrix.columns());
        let z = described
            .zip(matrix.row(row))
            .map(|((learned, column), cell)| learned.standardise(column, cell));
        mean_of_known(z.zip(self.signs.iter().copied())).unwrap_or(0.0)
    }
}

/// Mean standardised value of the rows with the event less that of the others.
fn difference(training: &TrainingSet, learned: &LearnedColumn, column: usize) -> f64 {
    let described = &training.matrix().columns()[column];
    let (mut sums, mut counts) = ([0.0; 2], [0.0; 2]);
    for (row, inspection) in training.rows().iter().enumerate() {
        if let Some(z) = learned.standardise(described, &training.matrix().row(row)[column]) {
            sums[usize::from(inspection.event)] += z;
            counts[usize::from(inspection.event)] += 1.0;
        }
    }
    if counts.contains(&0.0) {
        return 0.0;
    }
    sums[1] / counts[1] - sums[0] / counts[0]
}

impl Scorer for EqualWeight {
    fn log_odds(&self, rows: &FeatureMatrix) -> Result<Vec<f64>> {
        let row = |row| self.intercept + self.slope * self.mean(rows, row);
        Ok((0..rows.rows().len()).map(row).collect())
    }
}
