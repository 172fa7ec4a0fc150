//! Weights drawn towards declared ones: both limits, the optimum in between, and what must not matter.
//!
//! Data are R's birthwt. The regressions at the limits are those of `RidgeParams` without a penalty,
//! which tests/logistic_reference.rs pins against R's glm.

mod common;
mod reference;

use approx::assert_abs_diff_eq;
use common::date;
use forewarn::Error;
use forewarn::data::OutcomeRule;
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::{Family, L2, RidgeParams, RiskParams, TowardsEqual, TowardsEqualParams};
use forewarn::ndarray::{Array1, Array2, Axis};
use forewarn::simulate::SimulationParams;

/// The limits are met up to what a penalty of 1e9 leaves, and up to the flatness of both fits.
const LIMIT: f64 = 1e-8;

/// Not all equal, of both signs, and one of 0.
const WEIGHTS: [f64; 5] = [2.0, -1.0, 1.0, 0.0, 0.5];

/// Five standardised columns of birthwt, and low birth weight.
fn data() -> (Array2<f64>, Vec<bool>) {
    let cells = reference::cells("birthwt");
    let x = Array2::from_shape_fn((cells.len(), 5), |(i, j)| cells[i][j + 1]);
    let x = (&x - &x.mean_axis(Axis(0)).unwrap()) / x.std_axis(Axis(0), 0.0);
    (x, cells.iter().map(|row| row[0] == 1.0).collect())
}

fn fit(weights: &[f64], penalty: f64) -> TowardsEqual {
    let (x, y) = data();
    TowardsEqualParams::new(weights.to_vec())
        .l2(L2::PerObservation(penalty))
        .fit_rows(x.view(), &y)
        .unwrap()
}

#[test]
fn under_a_heavy_penalty_it_is_the_regression_on_the_weighted_sum() {
    let (x, y) = data();
    for weights in [WEIGHTS, [1.0; 5]] {
        let found = fit(&weights, 1e9);
        let weights = Array1::from(weights.to_vec());
        let sum = x.dot(&weights).insert_axis(Axis(1));
        let line = RidgeParams::new()
            .penalty(0.0)
            .fit_rows(sum.view(), &y)
            .unwrap();
        assert_abs_diff_eq!(found.intercept, line.intercept(), epsilon = LIMIT);
        let slope = line.coefficients()[0];
        for (coefficient, weight) in found.coefficients.iter().zip(&weights) {
            assert_abs_diff_eq!(*coefficient, slope * weight, epsilon = LIMIT);
        }
        // All that varies is the slope: beta = tau w, so that cov(beta) = var(tau) w w'.
        for ((i, j), found) in found.covariance.indexed_iter() {
            let part = |k: usize| if k == 0 { 1.0 } else { weights[k - 1] };
            let at = |k: usize| usize::from(k > 0);
            let expected = line.covariance()[[at(i), at(j)]] * part(i) * part(j);
            assert_abs_diff_eq!(*found, expected, epsilon = LIMIT);
        }
    }
}

#[test]
fn without_a_penalty_it_is_maximum_likelihood() {
    let (x, y) = data();
    let ml = RidgeParams::new()
        .penalty(0.0)
        .fit_rows(x.view(), &y)
        .unwrap();
    for weights in [WEIGHTS, [1.0; 5]] {
        let found = fit(&weights, 0.0);
        assert_abs_diff_eq!(found.intercept, ml.intercept(), epsilon = LIMIT);
        assert_abs_diff_eq!(
            found.coefficients,
            ml.coefficients().clone(),
            epsilon = LIMIT
        );
        assert_abs_diff_eq!(found.covariance, ml.covariance().clone(), epsilon = LIMIT);
    }
}

/// In between: the gradient of the stated objective, sum of log-loss + n penalty / 2 |delta|^2 with
/// delta what of the coefficients is orthogonal to the weights, is 0.
#[test]
fn in_between_the_stated_objective_is_flat() {
    let (x, y) = data();
    for penalty in [0.003, 0.05, 1.0] {
        let found = fit(&WEIGHTS, penalty);
        let weights = Array1::from(WEIGHTS.to_vec());
        let along = found.coefficients.dot(&weights) / weights.dot(&weights);
        let delta = &found.coefficients - &(&weights * along);
        let eta = x.dot(&found.coefficients) + found.intercept;
        let residual: Array1<f64> = eta
            .iter()
            .zip(&y)
            .map(|(eta, &y)| 1.0 / (1.0 + (-eta).exp()) - f64::from(u8::from(y)))
            .collect();
        assert_abs_diff_eq!(residual.sum(), 0.0, epsilon = LIMIT);
        let gradient = x.t().dot(&residual) + &delta * (penalty * y.len() as f64);
        for g in gradient {
            assert_abs_diff_eq!(g, 0.0, epsilon = LIMIT);
        }
    }
}

#[test]
fn the_order_of_the_columns_does_not_matter() {
    let (x, y) = data();
    let order = [3, 0, 4, 2, 1];
    for weights in [WEIGHTS, [1.0; 5]] {
        let found = fit(&weights, 0.05);
        let moved = TowardsEqualParams::new(order.map(|j| weights[j]).to_vec())
            .fit_rows(x.select(Axis(1), &order).view(), &y)
            .unwrap();
        assert_abs_diff_eq!(moved.intercept, found.intercept, epsilon = 1e-10);
        for (new, old) in order.into_iter().enumerate() {
            let (new, old) = (moved.coefficients[new], found.coefficients[old]);
            assert_abs_diff_eq!(new, old, epsilon = 1e-10);
        }
    }
}

/// Only their ratios count.
#[test]
fn the_size_of_the_weights_does_not_matter() {
    let tenfold = WEIGHTS.map(|weight| 10.0 * weight);
    let (one, ten) = (fit(&WEIGHTS, 0.05), fit(&tenfold, 0.05));
    assert_abs_diff_eq!(one.coefficients, ten.coefficients, epsilon = 1e-12);
}

#[test]
fn weights_that_cannot_be_are_refused() {
    let (x, y) = data();
    let fit = |weights: &[f64]| TowardsEqualParams::new(weights.to_vec()).fit_rows(x.view(), &y);
    assert!(matches!(
        fit(&[0.0; 5]).unwrap_err(),
        Error::NoUsableFeature { features: 5 }
    ));
    assert_eq!(
        fit(&[1.0; 4]).unwrap_err().to_string(),
        "weights: found 4, expected 5"
    );
    let nan = fit(&[1.0, f64::NAN, 1.0, 1.0, 1.0]).unwrap_err();
    assert_eq!(
        nan.to_string(),
        "weights: found not finite, expected finite numbers"
    );
}

/// As a family: the heaviest penalty is the composite, and the lightest unpenalised ridge.
#[test]
fn the_family_meets_its_limits_in_a_risk_model() {
    let panel = SimulationParams::default().simulate().unwrap().panel();
    let recipe = FeatureRecipe::four_themes();
    let known = panel.as_of(date("2023-06-01"));
    let training = known.training(&recipe, OutcomeRule::default(), Months(0));
    let training = training.unwrap();
    let fitted = |params: RiskParams| {
        let model = params.fit(&training).unwrap();
        let beta = model.coefficients().iter().copied();
        [model.intercept()]
            .into_iter()
            .chain(beta)
            .collect::<Array1<f64>>()
    };
    let towards = |penalty| fitted(RiskParams::of(Family::TowardsEqual).penalty(penalty));
    let composite = fitted(RiskParams::of(Family::Composite));
    assert_abs_diff_eq!(towards(1e9), composite, epsilon = LIMIT);
    let ml = fitted(RiskParams::ridge().penalty(0.0));
    assert_abs_diff_eq!(towards(0.0), ml, epsilon = LIMIT);
}
