//! Declared directions, stated priors, row weights and balanced classes.
//!
//! `tests/reference/constrained.json` was printed by `constrained.R`, which tries every set of held
//! coefficients; the balanced fits are also in `birthwt.json` and `endometrial.json`.

mod reference;

use forewarn::Error;
use forewarn::data::Direction;
use forewarn::model::{Belief, Constrained, ConstrainedParams, L2, RidgeParams};
use ndarray::{Array1, Array2, Axis};
use proptest::prelude::*;
use reference::{near, number, numbers};
use serde_json::{Value, json};

fn standardised(name: &str) -> (Array2<f64>, Vec<bool>) {
    let cells = reference::cells(name);
    let x = Array2::from_shape_fn((cells.len(), cells[0].len() - 1), |(i, j)| cells[i][j + 1]);
    let x = (&x - &x.mean_axis(Axis(0)).unwrap()) / x.std_axis(Axis(0), 0.0);
    (x, cells.iter().map(|row| row[0] == 1.0).collect())
}

fn direction(sign: f64) -> Direction {
    match sign {
        1.0 => Direction::HigherRiskier,
        -1.0 => Direction::LowerRiskier,
        _ => Direction::None,
    }
}

#[track_caller]
fn same(found: impl IntoIterator<Item = f64>, expected: &[f64], tolerance: f64) {
    let found: Vec<f64> = found.into_iter().collect();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.into_iter().zip(expected) {
        near(found, *expected, tolerance * expected.abs().max(1e-3));
    }
}

const NAMES: [&str; 2] = ["birthwt", "endometrial"];

#[test]
fn the_best_point_with_the_declared_signs_equals_r() {
    for name in NAMES {
        let (x, y) = standardised(name);
        for expected in reference::json("constrained.json")["constrained"][name]
            .as_array()
            .unwrap()
        {
            let directions = numbers(&expected["signs"])
                .into_iter()
                .map(direction)
                .collect();
            let params = ConstrainedParams::new().l2(L2::Total(number(&expected["alpha"])));
            let model = params
                .directions(directions)
                .fit_rows(x.view(), &y)
                .unwrap();
            same(model.logistic().start(), &numbers(&expected["coef"]), 1e-9);
            same(
                [model.logistic().report().objective],
                &[number(&expected["objective"])],
                1e-12,
            );
            let held: Vec<f64> = model.binding().iter().map(|b| b.column as f64).collect();
            assert_eq!(held, numbers(&expected["held"]));
            let multipliers = model.binding().iter().map(|b| b.multiplier);
            same(multipliers, &numbers(&expected["multipliers"]), 1e-9);
        }
    }
}

#[test]
fn a_stated_prior_equals_r() {
    for name in NAMES {
        let (x, y) = standardised(name);
        let expected = &reference::json("constrained.json")["prior"][name];
        let (centres, precisions) = (
            numbers(&expected["centre"]),
            numbers(&expected["precision"]),
        );
        let beliefs = centres.iter().zip(&precisions);
        let beliefs = beliefs
            .map(|(&centre, &precision)| Belief { centre, precision })
            .collect();
        let model = ConstrainedParams::new()
            .beliefs(beliefs)
            .fit_rows(x.view(), &y)
            .unwrap();
        same(model.logistic().start(), &numbers(&expected["coef"]), 1e-9);
        same(
            model.logistic().standard_errors(),
            &numbers(&expected["se"]),
            1e-9,
        );
        let report = model.logistic().report();
        same([report.objective], &[number(&expected["objective"])], 1e-12);
        same(
            [report.effective_parameters],
            &[number(&expected["effective"])],
            1e-10,
        );
        let shares: f64 = model.prior_shares().iter().sum();
        near(
            report.effective_parameters + shares,
            centres.len() as f64 + 1.0,
            1e-12,
        );
    }
}

#[test]
fn effective_parameters_are_the_trace_of_the_hat_matrix() {
    for (name, alpha) in [("birthwt", 10.0), ("endometrial", 1.0)] {
        let (x, y) = standardised(name);
        let model = RidgeParams::new()
            .l2(L2::Total(alpha))
            .fit_rows(x.view(), &y)
            .unwrap();
        let expected = number(&reference::json("constrained.json")["effective"][name]);
        same([model.report().effective_parameters], &[expected], 1e-10);
    }
}

#[test]
fn balanced_classes_equal_r_and_keep_the_probabilities() {
    for name in NAMES {
        let (x, y) = standardised(name);
        let balanced = RidgeParams::new()
            .l2(L2::Total(1.0))
            .fit_balanced(x.view(), &y)
            .unwrap();
        let mut uncorrected = balanced.logistic.start();
        uncorrected[0] = balanced.balanced_intercept;
        let expected = numbers(&reference::json("constrained.json")["balanced"][name]["coef"]);
        same(uncorrected.clone(), &expected, 1e-9);
        let older = &reference::json(&format!("{name}.json"))["ridge_standardised_balanced"];
        same(
            uncorrected[..1].to_vec(),
            &[number(&older["intercept"])],
            1e-9,
        );
        same(uncorrected[1..].to_vec(), &numbers(&older["coef"]), 1e-9);
        // Half of the balanced rows are events, 31% and 38% of the real ones.
        let events = y.iter().filter(|&&y| y).count() as f64;
        let odds = (events / (y.len() as f64 - events)).ln();
        near(
            balanced.logistic.intercept(),
            balanced.balanced_intercept + odds,
            1e-14,
        );
        let mean = balanced
            .logistic
            .probabilities(x.view())
            .unwrap()
            .mean()
            .unwrap();
        near(mean, events / y.len() as f64, 0.015);
    }
}

#[test]
fn what_cannot_be_is_named() {
    let (x, y) = standardised("endometrial");
    let said = |params: ConstrainedParams| params.fit_rows(x.view(), &y).unwrap_err().to_string();
    let new = ConstrainedParams::new;
    let belief = |centre, precision| vec![Belief { centre, precision }; 3];
    assert_eq!(
        said(new().directions(vec![Direction::None])),
        "directions: found 1, expected 3"
    );
    assert_eq!(said(new().beliefs(vec![])), "beliefs: found 0, expected 3");
    assert!(said(new().beliefs(belief(f64::NAN, 1.0))).starts_with("centre: found NaN"));
    assert!(said(new().beliefs(belief(0.0, -1.0))).starts_with("precision: found -1"));
    assert!(said(new().l2(L2::Total(f64::NAN))).starts_with("penalty: found NaN"));
    assert!(said(new().tolerance(0.0)).starts_with("tolerance: found 0"));
    let ridge = RidgeParams::new();
    let one = ridge.fit_balanced(x.view(), &[false; 79]).unwrap_err();
    assert!(
        matches!(
            one,
            Error::OneClass {
                rows: 79,
                events: 0
            }
        ),
        "{one}"
    );
    let short = ridge.fit_weighted(x.view(), &y, &[1.0]).unwrap_err();
    assert_eq!(short.to_string(), "weights: found 1, expected 79");
    let none = ridge.fit_weighted(x.view(), &y, &[0.0; 79]).unwrap_err();
    assert_eq!(none.to_string(), "rows: found 0, expected 1");
}

#[test]
fn saved_and_loaded_models_are_equal() {
    let (x, y) = standardised("endometrial");
    let params = ConstrainedParams::new().directions(vec![Direction::HigherRiskier; 3]);
    let model = params.fit_rows(x.view(), &y).unwrap();
    let json = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<Constrained>(&json).unwrap(), model);
}

#[test]
fn damaged_models_are_refused() {
    let (x, y) = standardised("endometrial");
    let params = ConstrainedParams::new().directions(vec![Direction::HigherRiskier; 3]);
    let model = params.fit_rows(x.view(), &y).unwrap();
    // PI and EH contradict their declared directions.
    let held: Vec<usize> = model.binding().iter().map(|b| b.column).collect();
    assert_eq!(held, [1, 2]);
    let saved = serde_json::to_value(&model).unwrap();
    let refused = |change: fn(&mut Value)| {
        let mut saved = saved.clone();
        change(&mut saved);
        serde_json::from_value::<Constrained>(saved)
            .unwrap_err()
            .to_string()
    };
    type Change = fn(&mut Value);
    let changes: [(Change, &str); 11] = [
        (|s| s["binding"][1]["column"] = json!(3), "binding"),
        (|s| s["binding"][0]["column"] = json!(2), "binding"),
        (|s| s["binding"][0]["column"] = json!(0), "coefficients"),
        (
            |s| s["binding"][0]["multiplier"] = json!(-1.0),
            "multiplier",
        ),
        (|s| s["binding"][0]["multiplier"] = Value::Null, "null"),
        (|s| s["binding"][0]["sign"] = json!(1), "sign"),
        (|s| s["prior_shares"] = json!([0.5, 0.5]), "prior_shares"),
        (|s| s["prior_shares"][2] = json!(1.5), "prior_shares"),
        (|s| s["prior_shares"][2] = json!(-0.5), "prior_shares"),
        (|s| s["more"] = json!(1), "more"),
        (
            |s| s["logistic"]["coefficients"]["data"][0] = Value::Null,
            "null",
        ),
    ];
    for (change, named) in changes {
        let message = refused(change);
        assert!(message.contains(named), "{named}: {message}");
    }
}

prop_compose! {
    fn problem()(rows in 4usize..60, columns in 1usize..6)(
        cells in prop::collection::vec(-3.0..3.0, rows * columns),
        mut y in prop::collection::vec(any::<bool>(), rows),
        signs in prop::collection::vec(-1i8..=1, columns),
        counts in prop::collection::vec(0usize..4, rows),
        columns in Just(columns),
    ) -> (Array2<f64>, Vec<bool>, Vec<Direction>, Vec<usize>) {
        (y[0], y[1]) = (true, false);
        let x = Array2::from_shape_vec((y.len(), columns), cells).unwrap();
        (x, y, signs.into_iter().map(|s| direction(s.into())).collect(), counts)
    }
}

/// Of a gradient per row that is 0: what rounding leaves at the smallest penalty and the fewest rows.
const GRADIENT: f64 = 1e-10;

/// The gradient of log-loss and penalty per row, from the definition.
fn gradient(x: &Array2<f64>, y: &[bool], alpha: f64, model: &Constrained) -> Array1<f64> {
    let p = model.logistic().probabilities(x.view()).unwrap();
    let residual: Array1<f64> = p.iter().zip(y).map(|(p, &y)| p - f64::from(y)).collect();
    (x.t().dot(&residual) + alpha * model.logistic().coefficients()) / y.len() as f64
}

proptest! {
    #[test]
    fn the_solution_meets_its_conditions((x, y, directions, _) in problem(), exponent in -2.0..1.0) {
        let alpha = 10f64.powf(exponent);
        let params = ConstrainedParams::new().l2(L2::Total(alpha)).directions(directions.clone());
        let model = params.fit_rows(x.view(), &y).unwrap();
        let gradient = gradient(&x, &y, alpha, &model);
        for (j, direction) in directions.iter().enumerate() {
            let (sign, coefficient) = (direction.sign().unwrap_or(0.0), model.logistic().coefficients()[j]);
            prop_assert!(sign * coefficient >= 0.0);
            if model.binding().iter().any(|b| b.column == j) {
                prop_assert_eq!(coefficient, 0.0);
                prop_assert!(sign * gradient[j] >= -GRADIENT);
            } else {
                prop_assert!(gradient[j].abs() < GRADIENT);
            }
        }
        // Without directions it is ridge.
        let free = ConstrainedParams::new().l2(L2::Total(alpha)).fit_rows(x.view(), &y).unwrap();
        let ridge = RidgeParams::new().l2(L2::Total(alpha)).fit_rows(x.view(), &y).unwrap();
        same(free.logistic().start(), &ridge.start(), 1e-8);
    }

    #[test]
    fn integer_weights_equal_repeated_rows((x, y, directions, counts) in problem()) {
        let rows: Vec<usize> = (0..y.len()).flat_map(|i| vec![i; counts[i]]).collect();
        let repeated: Vec<bool> = rows.iter().map(|&i| y[i]).collect();
        prop_assume!(repeated.contains(&true) && repeated.contains(&false));
        let long = x.select(Axis(0), &rows);
        let weights: Vec<f64> = counts.iter().map(|&c| c as f64).collect();
        let ridge = RidgeParams::new();
        let weighted = ridge.fit_weighted(x.view(), &y, &weights).unwrap();
        let expected = ridge.fit_rows(long.view(), &repeated).unwrap();
        same(weighted.start(), &expected.start(), 1e-9);
        same(weighted.standard_errors(), &expected.standard_errors().to_vec(), 1e-9);
        near(weighted.report().objective, expected.report().objective, 1e-9);
        let params = ConstrainedParams::new().directions(directions);
        let weighted = params.fit_weighted(x.view(), &y, &weights).unwrap();
        let expected = params.fit_rows(long.view(), &repeated).unwrap();
        same(weighted.logistic().start(), &expected.logistic().start(), 1e-9);
    }
}
