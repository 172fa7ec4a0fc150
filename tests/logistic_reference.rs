//! Ridge logistic regression gives the numbers of R.
//!
//! Data and numbers: `tests/reference/{birthwt,endometrial}.{csv,json}`, printed by R from
//! MASS::birthwt (low birth weight, Hosmer and Lemeshow) and brglm2's endometrial (Heinze and
//! Schemper 2002, one column separated). The ridge fits are on columns standardised to mean 0 and
//! population standard deviation 1; the maximum-likelihood fit is stats::glm on raw columns.

use forewarn::Error;
use forewarn::model::{L2, RidgeParams};
use ndarray::{Array2, Axis};
use serde_json::Value;

/// R printed 15 digits of an optimum found to about 1e-10.
const RELATIVE: f64 = 1e-9;
/// stats::glm stops at a relative change of deviance of 1e-8, so its last Newton step is smaller
/// than about 1e-5 and the error after it is about its square.
const RELATIVE_GLM: f64 = 1e-6;

struct Case {
    x: Array2<f64>,
    y: Vec<bool>,
    expected: Value,
}

fn case(csv: &str, json: &str) -> Case {
    let rows = csv
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(|v| v.parse::<f64>().unwrap()));
    let cells: Vec<Vec<f64>> = rows.map(Iterator::collect).collect();
    let y = cells.iter().map(|row| row[0] == 1.0).collect();
    let x = Array2::from_shape_fn((cells.len(), cells[0].len() - 1), |(i, j)| cells[i][j + 1]);
    Case {
        x,
        y,
        expected: serde_json::from_str(json).unwrap(),
    }
}

fn birthwt() -> Case {
    case(
        include_str!("reference/birthwt.csv"),
        include_str!("reference/birthwt.json"),
    )
}

fn endometrial() -> Case {
    case(
        include_str!("reference/endometrial.csv"),
        include_str!("reference/endometrial.json"),
    )
}

fn standardised(x: &Array2<f64>) -> Array2<f64> {
    let mean = x.mean_axis(Axis(0)).unwrap();
    (x - &mean) / x.std_axis(Axis(0), 0.0)
}

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect()
}

#[track_caller]
fn same(what: &str, found: impl IntoIterator<Item = f64>, expected: &[f64], relative: f64) {
    let found: Vec<f64> = found.into_iter().collect();
    assert_eq!(found.len(), expected.len(), "{what}");
    for (found, expected) in found.iter().zip(expected) {
        let error = (found - expected).abs() / expected.abs();
        assert!(
            error < relative,
            "{what}: {found} instead of {expected}, {error:e} off"
        );
    }
}

#[test]
fn ridge_equals_r_on_standardised_columns() {
    for Case { x, y, expected } in [birthwt(), endometrial()] {
        let x = standardised(&x);
        let fits = expected["ridge_standardised"].as_array().unwrap();
        assert_eq!(fits.len(), 3);
        for fit in fits {
            let alpha = fit["alpha"].as_f64().unwrap();
            let lambda = alpha / x.nrows() as f64;
            for penalty in [L2::Total(alpha), L2::PerObservation(lambda)] {
                let model = RidgeParams::new()
                    .l2(penalty)
                    .fit_rows(x.view(), &y)
                    .unwrap();
                let single = |name: &str| [fit[name].as_f64().unwrap()];
                same(
                    "intercept",
                    [model.intercept()],
                    &single("intercept"),
                    RELATIVE,
                );
                same(
                    "coef",
                    model.coefficients().to_vec(),
                    &numbers(&fit["coef"]),
                    RELATIVE,
                );
                same(
                    "objective",
                    [model.report().objective],
                    &single("objective"),
                    RELATIVE,
                );
                same(
                    "se",
                    model.standard_errors(),
                    &numbers(&fit["se"]),
                    RELATIVE,
                );
            }
        }
    }
}

#[test]
fn no_penalty_equals_glm_on_raw_columns() {
    let Case { x, y, expected } = birthwt();
    let model = RidgeParams::new()
        .penalty(0.0)
        .fit_rows(x.view(), &y)
        .unwrap();
    let ml = &expected["ml"];
    same("coef", model.start(), &numbers(&ml["coef"]), RELATIVE_GLM);
    same(
        "se",
        model.standard_errors(),
        &numbers(&ml["se"]),
        RELATIVE_GLM,
    );
    same(
        "-loglik",
        [-model.report().objective],
        &[ml["loglik"].as_f64().unwrap()],
        RELATIVE,
    );
    let fitted = model.probabilities(x.view()).unwrap();
    same(
        "fitted",
        fitted.into_iter().take(5),
        &numbers(&ml["fitted_first5"]),
        RELATIVE_GLM,
    );
}

#[test]
fn maximum_likelihood_of_separated_real_data_is_refused() {
    // endometrial.json: "separated": true; NV has no finite estimate.
    let Case { x, y, expected } = endometrial();
    assert_eq!(expected["ml"]["separated"], true);
    let refused = RidgeParams::new()
        .penalty(0.0)
        .fit_rows(x.view(), &y)
        .unwrap_err();
    assert!(
        matches!(&refused, Error::Separated { columns, complete: false } if columns == &["0"]),
        "{refused}"
    );
}
