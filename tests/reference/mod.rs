//! The numbers that R printed, and our fit on the same data.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs::read_to_string;

use forewarn::model::{L2, RidgeParams};
use ndarray::{Array2, Axis};
use serde_json::Value;

fn text(file: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/");
    read_to_string(format!("{folder}{file}")).unwrap()
}

/// The numbers below the header of a file.
pub fn cells(name: &str) -> Vec<Vec<f64>> {
    let text = text(&format!("{name}.csv"));
    let numbers = |line: &str| line.split(',').map(|v| v.parse().unwrap()).collect();
    text.lines().skip(1).map(numbers).collect()
}

/// One column of birthwt or endometrial; the outcome is column 0.
pub fn column(name: &str, column: usize) -> Vec<f64> {
    cells(name).iter().map(|row| row[column]).collect()
}

/// Our ridge fit with alpha 1 on standardised columns, and R's measures of its own.
pub struct Case {
    pub log_odds: Vec<f64>,
    pub outcomes: Vec<bool>,
    pub expected: Value,
}

impl Case {
    pub fn number(&self, name: &str) -> f64 {
        number(&self.expected[name])
    }
}

pub fn case(name: &str) -> Case {
    let cells = cells(name);
    let x = Array2::from_shape_fn((cells.len(), cells[0].len() - 1), |(i, j)| cells[i][j + 1]);
    let x = (&x - &x.mean_axis(Axis(0)).unwrap()) / x.std_axis(Axis(0), 0.0);
    let outcomes: Vec<bool> = cells.iter().map(|row| row[0] == 1.0).collect();
    let params = RidgeParams::new().l2(L2::Total(1.0));
    let model = params.fit_rows(x.view(), &outcomes).unwrap();
    let json: Value = serde_json::from_str(&text(&format!("{name}.json"))).unwrap();
    Case {
        log_odds: model.linear_predictor(x.view()).unwrap().to_vec(),
        outcomes,
        expected: json["metrics_of_ridge_alpha1"].clone(),
    }
}

/// A file of numbers as R printed it.
pub fn json(file: &str) -> Value {
    serde_json::from_str(&text(file)).unwrap()
}

/// metrics.json, as metrics.R printed it.
pub fn r() -> Value {
    json("metrics.json")
}

pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

pub fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

pub fn bools(value: &Value) -> Vec<bool> {
    numbers(value).iter().map(|&v| v == 1.0).collect()
}

#[track_caller]
pub fn near(found: f64, expected: f64, tolerance: f64) {
    let error = (found - expected).abs();
    assert!(
        error <= tolerance,
        "{found} instead of {expected}: {error:e} off"
    );
}
