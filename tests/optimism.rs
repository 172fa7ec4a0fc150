//! Optimism, of the C-statistic, the Brier score and Harrell's calibration slope, equals what numpy
//! computes on the same resamples: `tests/reference/optimism.py`.

mod common;
mod reference;

use common::{authority, code, figure, inspection};
use forewarn::data::{Entity, Grade, OutcomeRule, Panel};
use forewarn::features::{Feature, FeatureMatrix, FeatureRecipe, Months, TrainingSet};
use forewarn::model::{L2, Logistic, RidgeParams, RiskParams};
use forewarn::validate::{Bootstrap, Forecaster, Optimism, Scorer, optimism};
use ndarray::Array2;
use reference::{json, near, number, numbers};
use serde_json::Value;

/// Both stop where a gradient is rounding; slopes of slopes are off by some more.
const TOLERANCE: f64 = 1e-7;

/// Maximum likelihood on the figures as they are.
struct Plain;

struct Fitted(Logistic);

fn values(rows: &FeatureMatrix) -> Array2<f64> {
    let shape = (rows.rows().len(), rows.columns().len());
    Array2::from_shape_fn(shape, |(row, column)| rows.value(row, column).unwrap())
}

impl Forecaster for Plain {
    fn name(&self) -> String {
        "plain".to_owned()
    }

    fn fit(&self, training: &TrainingSet) -> forewarn::Result<Box<dyn Scorer>> {
        let events: Vec<bool> = training.rows().iter().map(|row| row.event).collect();
        let plain = RidgeParams::new().l2(L2::Total(0.0));
        let fitted = plain.fit_rows(values(training.matrix()).view(), &events)?;
        Ok(Box::new(Fitted(fitted)))
    }
}

impl Scorer for Fitted {
    fn log_odds(&self, rows: &FeatureMatrix) -> forewarn::Result<Vec<f64>> {
        Ok(self.0.linear_predictor(values(rows).view())?.to_vec())
    }
}

/// Each row an inspection with the figures of the autumn before: the first of an organisation in
/// 2015, the second two years later.
fn world(python: &Value) -> Panel {
    let (owners, events) = (numbers(&python["owner"]), numbers(&python["event"]));
    let (mut listed, mut figures, mut inspections) = (vec![], vec![], vec![]);
    for (row, owner) in owners.iter().enumerate() {
        let second = row > 0 && owners[row - 1] == *owner;
        let (number, year) = (format!("T{owner:02}"), 2015 + 2 * i32::from(second));
        if !second {
            listed.push(authority(&number, &number));
        }
        let entity = Entity::Authority(code(&number));
        let (period, known) = (format!("{}-09-30", year - 1), format!("{year}-02-25"));
        let x = numbers(&python["x"][row]);
        for (what, value) in ["agency_rate", "vacancy_rate"].into_iter().zip(x) {
            figures.push(figure(entity, what, &period, &known, value));
        }
        let grade = [Grade::Good, Grade::Inadequate][events[row] as usize];
        inspections.push(inspection(&number, &format!("{year}-05-04"), grade));
    }
    common::panel(listed, figures, inspections)
}

fn found(python: &Value, forecaster: &dyn Forecaster) -> Optimism {
    let both = ["agency_rate", "vacancy_rate"].map(|what| Feature::level(what).unwrap());
    let recipe = FeatureRecipe::new("both", both.to_vec()).unwrap();
    let panel = world(python);
    let known = panel.as_of(common::date("2020-01-01"));
    let training = known.training(&recipe, OutcomeRule::Overall, Months(0));
    let draws = Bootstrap::new(
        number(&python["replicates"]) as usize,
        number(&python["seed"]) as u64,
    );
    optimism(&training.unwrap(), forecaster, draws).unwrap()
}

#[test]
fn every_measure_equals_numpys() {
    let python = json("optimism.json");
    let found = found(&python, &Plain);
    assert_eq!((found.succeeded, found.failed.len()), (60, 0));
    for (name, estimate) in [
        ("apparent_c", found.apparent_c),
        ("corrected_c", found.corrected_c),
        ("left_out_c", found.left_out_c),
        ("apparent_brier", found.apparent_brier),
        ("corrected_brier", found.corrected_brier),
        ("corrected_slope", found.corrected_slope),
    ] {
        near(estimate.unwrap(), number(&python[name]), TOLERANCE);
    }
}

/// By maximum likelihood the slope on the rows learned from is 1, and on others below. A model that is
/// drawn to its mean loses less.
#[test]
fn what_is_shrunk_has_less_to_lose() {
    let python = json("optimism.json");
    let plain = found(&python, &Plain);
    let shrunk = found(&python, &RiskParams::ridge().penalty(0.3));
    let lost = |found: &Optimism| found.apparent_c.unwrap() - found.corrected_c.unwrap();
    assert!(lost(&plain) > 0.0 && plain.corrected_slope.unwrap() < 0.9);
    assert!(
        shrunk.corrected_slope.unwrap() > 1.0,
        "too close together, if anything"
    );
}
