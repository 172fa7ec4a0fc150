//! Proportional odds give the numbers of R.
//!
//! `tests/reference/ordinal.json` was printed by `ordinal.R` from ordinal::wine, MASS::birthwt
//! (visits to a doctor: 0, 1, 2 or more) and datasets::infert (education); `wine.json` by another
//! script from the same wine.

mod reference;

use forewarn::Error;
use forewarn::model::{L2, Ordinal, OrdinalParams, RidgeParams};
use ndarray::{Array2, Axis, array};
use proptest::prelude::*;
use reference::{near, number, numbers};
use serde_json::Value;

fn case(name: &str) -> (Array2<f64>, Vec<usize>, Value) {
    let cells = reference::cells(name);
    let width = cells[0].len() - 1;
    let (first, width) = if name == "birthwt" {
        (0, width)
    } else {
        (1, width)
    };
    let x = Array2::from_shape_fn((cells.len(), width), |(i, j)| cells[i][j + first]);
    let grade = |row: &Vec<f64>| match name {
        "birthwt" => row[7].min(2.0) as usize,
        _ => row[0] as usize - 1,
    };
    let expected = reference::json("ordinal.json")[name].clone();
    (x, cells.iter().map(grade).collect(), expected)
}

const NAMES: [&str; 3] = ["wine", "birthwt", "infert"];

#[track_caller]
fn same(found: impl IntoIterator<Item = f64>, expected: &[f64], tolerance: f64) {
    let found: Vec<f64> = found.into_iter().collect();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.into_iter().zip(expected) {
        near(found, *expected, tolerance * expected.abs().max(1e-3));
    }
}

fn all(model: &Ordinal) -> Vec<f64> {
    [model.thresholds(), model.coefficients().as_slice().unwrap()].concat()
}

fn levels(expected: &Value) -> usize {
    number(&expected["levels"]) as usize
}

#[test]
fn maximum_likelihood_equals_r() {
    for name in NAMES {
        let (x, grades, expected) = case(name);
        let model = OrdinalParams::new()
            .fit_rows(x.view(), &grades, levels(&expected))
            .unwrap();
        same(all(&model), &numbers(&expected["coef"]), 1e-8);
        same(model.standard_errors(), &numbers(&expected["se"]), 1e-7);
        same(
            [model.report().log_likelihood],
            &[number(&expected["loglik"])],
            1e-12,
        );
        let first = model
            .probabilities(x.slice_axis(Axis(0), (0..3).into()))
            .unwrap();
        for (found, expected) in first
            .rows()
            .into_iter()
            .zip(expected["first3"].as_array().unwrap())
        {
            same(found.to_vec(), &numbers(expected), 1e-8);
        }
    }
}

#[test]
fn wine_equals_the_other_script() {
    let (x, grades, _) = case("wine");
    let expected = reference::json("wine.json");
    let model = OrdinalParams::new().fit_rows(x.view(), &grades, 5).unwrap();
    same(
        model.thresholds().to_vec(),
        &numbers(&expected["theta"]),
        1e-7,
    );
    same(
        model.coefficients().to_vec(),
        &numbers(&expected["beta"]),
        1e-7,
    );
    same(model.standard_errors(), &numbers(&expected["se"]), 1e-7);
    same(
        [model.report().log_likelihood],
        &[number(&expected["loglik"])],
        1e-12,
    );
    let worst = model.at_least(x.view(), 3).unwrap();
    let classes = model.probabilities(x.view()).unwrap();
    for (worst, classes) in worst.iter().zip(classes.rows()) {
        near(*worst, classes[3] + classes[4], 1e-15);
    }
}

#[test]
fn ridge_equals_r() {
    for name in NAMES {
        let (x, grades, expected) = case(name);
        let ridge = &expected["ridge"];
        let params = OrdinalParams::new().l2(L2::Total(number(&ridge["alpha"])));
        let model = params
            .fit_rows(x.view(), &grades, levels(&expected))
            .unwrap();
        // R differentiates numerically.
        same(all(&model), &numbers(&ridge["coef"]), 1e-6);
        same(model.standard_errors(), &numbers(&ridge["se"]), 1e-6);
        let slopes = model.coefficients();
        let objective = slopes.dot(slopes) - model.report().log_likelihood;
        same([objective], &[number(&ridge["objective"])], 1e-11);
    }
}

#[test]
fn tests_of_proportionality_equal_r() {
    for name in NAMES {
        let (x, grades, expected) = case(name);
        let test = OrdinalParams::new()
            .proportionality(x.view(), &grades, levels(&expected))
            .unwrap();
        same([test.score.chi_square], &[number(&expected["score"])], 1e-6);
        assert_eq!(
            test.score.degrees_of_freedom as f64,
            number(&expected["df"])
        );
        let ratio = test.likelihood_ratio.map(|t| t.chi_square);
        match expected["likelihood_ratio"].as_f64() {
            // R's optim stops about here.
            Some(expected) => same(ratio, &[expected], 1e-7),
            // wine: with slopes of their own some thresholds run off.
            None => assert_eq!(ratio, None),
        }
    }
    // Against VGAM: education by parity and spontaneous abortions.
    let (x, grades, _) = case("infert");
    let two = x.select(Axis(1), &[1, 3]);
    let test = OrdinalParams::new()
        .proportionality(two.view(), &grades, 3)
        .unwrap();
    let expected = number(&reference::json("ordinal.json")["vgam"]);
    near(test.likelihood_ratio.unwrap().chi_square, expected, 1e-9);
}

#[test]
fn what_cannot_be_fitted_is_named() {
    let x = array![[0.0], [1.0], [2.0], [3.0]];
    let said = |grades: &[usize], levels| {
        OrdinalParams::new()
            .fit_rows(x.view(), grades, levels)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        said(&[0, 1, 3, 3], 4),
        "level: found 2 without rows, expected rows of every level: merge it with a neighbour"
    );
    assert!(said(&[0; 4], 2).starts_with("level: found 1 without rows"));
    assert_eq!(said(&[0, 1, 2, 3], 3), "grade: found 3, expected 0 to 2");
    assert_eq!(said(&[0; 4], 1), "levels: found 1, expected at least 2");
    assert_eq!(said(&[0, 1], 2), "labels: found 2, expected 4");
    let separated = OrdinalParams::new()
        .fit_rows(x.view(), &[0, 0, 1, 2], 3)
        .unwrap_err();
    assert!(
        matches!(&separated, Error::Separated { columns, complete: true } if columns == &["0"]),
        "{separated}"
    );
    assert!(
        OrdinalParams::new()
            .l2(L2::Total(0.1))
            .fit_rows(x.view(), &[0, 0, 1, 2], 3)
            .is_ok()
    );
    let two = OrdinalParams::new()
        .proportionality(x.view(), &[0, 1, 0, 1], 2)
        .unwrap_err();
    assert_eq!(two.to_string(), "levels: found 2, expected at least 3");
    let mut nan = x.clone();
    nan[[1, 0]] = f64::NAN;
    let refused = OrdinalParams::new()
        .fit_rows(nan.view(), &[0, 1, 0, 1], 2)
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .starts_with("row 1, column 0: found NaN")
    );
}

#[test]
fn saved_and_loaded_models_are_equal_and_edited_ones_refused() {
    let (x, grades, _) = case("wine");
    let model = OrdinalParams::new().fit_rows(x.view(), &grades, 5).unwrap();
    let json = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<Ordinal>(&json).unwrap(), model);
    let mut saved: Value = serde_json::from_str(&json).unwrap();
    saved["thresholds"][0] = 9.0.into();
    let refused = serde_json::from_value::<Ordinal>(saved)
        .unwrap_err()
        .to_string();
    assert!(refused.starts_with("saved model, thresholds"), "{refused}");
}

prop_compose! {
    fn problem(levels: usize)(rows in 8usize..60, columns in 1usize..5)(
        cells in prop::collection::vec(-3.0..3.0, rows * columns),
        mut grades in prop::collection::vec(0..levels, rows),
        columns in Just(columns),
    ) -> (Array2<f64>, Vec<usize>) {
        grades[..levels].copy_from_slice(&(0..levels).collect::<Vec<_>>());
        (Array2::from_shape_vec((grades.len(), columns), cells).unwrap(), grades)
    }
}

proptest! {
    #[test]
    fn two_levels_are_logistic_regression((x, grades) in problem(2), exponent in -3.0..1.0) {
        let penalty = L2::Total(10f64.powf(exponent));
        let model = OrdinalParams::new().l2(penalty).fit_rows(x.view(), &grades, 2).unwrap();
        let y: Vec<bool> = grades.iter().map(|&g| g == 1).collect();
        let ridge = RidgeParams::new().l2(penalty).fit_rows(x.view(), &y).unwrap();
        let mut expected = ridge.start();
        expected[0] *= -1.0;
        same(all(&model), &expected, 1e-8);
        same(model.standard_errors(), &ridge.standard_errors().to_vec(), 1e-8);
    }

    #[test]
    fn probabilities_are_a_distribution_on_every_input(
        (x, grades) in problem(4),
        exponent in 0.0..12.0,
        directions in prop::collection::vec(-1.0..1.0, 40),
    ) {
        let model = OrdinalParams::new().l2(L2::Total(0.1)).fit_rows(x.view(), &grades, 4).unwrap();
        prop_assert!(model.thresholds().is_sorted());
        prop_assert!(model.report().gradient_norm < 1e-12);
        let width = x.ncols();
        let far = Array2::from_shape_fn((8, width), |(i, j)| directions[i * width + j] * 10f64.powf(exponent));
        for row in model.probabilities(far.view()).unwrap().rows() {
            prop_assert!(row.iter().all(|p| (0.0..=1.0).contains(p)));
            near(row.sum(), 1.0, 1e-15);
        }
        prop_assert!(model.at_least(far.view(), 0).unwrap().iter().all(|&p| p == 1.0));
        prop_assert!(model.at_least(far.view(), 4).unwrap().iter().all(|&p| p == 0.0));
    }

    #[test]
    fn reversed_grades_negate((x, grades) in problem(3)) {
        let params = OrdinalParams::new().l2(L2::Total(0.1));
        let model = params.fit_rows(x.view(), &grades, 3).unwrap();
        let reversed: Vec<usize> = grades.iter().map(|g| 2 - g).collect();
        let mirror = params.fit_rows(x.view(), &reversed, 3).unwrap();
        same(mirror.coefficients().mapv(|b| -b), &model.coefficients().to_vec(), 1e-9);
        same(mirror.thresholds().iter().rev().map(|t| -t), model.thresholds(), 1e-9);
    }
}

#[test]
fn integer_weights_are_repeated_rows_and_weight_0_is_no_row() {
    let (x, grades, expected) = case("wine");
    let levels = levels(&expected);
    let times: Vec<usize> = (0..grades.len()).map(|row| (row * 7) % 3).collect();
    let rows: Vec<usize> = (0..grades.len())
        .flat_map(|row| std::iter::repeat_n(row, times[row]))
        .collect();
    let repeated: Vec<usize> = rows.iter().map(|&row| grades[row]).collect();
    let params = OrdinalParams::new().l2(L2::PerObservation(0.01));
    let weights: Vec<f64> = times.iter().map(|&times| times as f64).collect();
    let weighted = params.fit_weighted(x.view(), &grades, levels, &weights);
    let alone = params.fit_rows(x.select(Axis(0), &rows).view(), &repeated, levels);
    same(all(&weighted.unwrap()), &all(&alone.unwrap()), 1e-10);
}

/// By hand: the best thresholds alone give each grade its share, so that their log-likelihood is
/// the sum of n_k ln(n_k / n); LR is twice the difference, and 1 - p / LR is to be expected.
#[test]
fn the_expected_shrinkage_is_that_of_the_likelihood_ratio() {
    for name in NAMES {
        let (x, grades, expected) = case(name);
        let levels = levels(&expected);
        let model = OrdinalParams::new()
            .fit_rows(x.view(), &grades, levels)
            .unwrap();
        let n = grades.len() as f64;
        let counts = (0..levels).map(|k| grades.iter().filter(|&&g| g == k).count() as f64);
        let null: f64 = counts.map(|count| count * (count / n).ln()).sum();
        let ratio = 2.0 * (model.report().log_likelihood - null);
        near(model.report().likelihood_ratio, ratio, 1e-9);
        let shrinkage = 1.0 - x.ncols() as f64 / ratio;
        near(
            model.report().expected_shrinkage().unwrap(),
            shrinkage,
            1e-9,
        );
    }
}
