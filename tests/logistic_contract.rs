//! What `RidgeParams::fit` promises of any data: a certified minimum of P(`true`), or an error that
//! names what is wrong.

use forewarn::Error;
use forewarn::model::{L2, Logistic, RidgeParams};
use linfa::prelude::*;
use ndarray::{Array1, Array2, Axis, Slice, array};
use proptest::prelude::*;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Two fits of the same problem in another order, orientation or unit agree to this, relatively.
const SAME: f64 = 1e-12;
/// The default tolerance of 1e-14, and room for the rounding of this file's own plain sums.
const FLAT: f64 = 1e-13;

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// Columns uniform on -1 to 1, and events that depend on them; `base` shifts their log-odds.
fn simulate(rows: usize, columns: usize, base: f64) -> (Array2<f64>, Vec<bool>) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let x = Array2::from_shape_fn((rows, columns), |_| 2.0 * uniform(&mut random) - 1.0);
    let y = x.rows().into_iter().map(|row| {
        let eta = base
            + row
                .iter()
                .enumerate()
                .map(|(j, v)| v / (j + 1) as f64)
                .sum::<f64>();
        uniform(&mut random) < 1.0 / (1.0 + (-eta).exp())
    });
    let y = y.collect();
    (x, y)
}

/// Summed log-loss plus penalty, from the definition.
fn objective(x: &Array2<f64>, y: &[bool], alpha: f64, beta: &[f64]) -> f64 {
    let loss = |(row, &event): (ndarray::ArrayView1<f64>, &bool)| {
        let eta = beta[0] + row.iter().zip(&beta[1..]).map(|(x, b)| x * b).sum::<f64>();
        let s = if event { eta } else { -eta };
        (-s.abs()).exp().ln_1p() + (-s).max(0.0)
    };
    let penalty = 0.5 * alpha * beta[1..].iter().map(|b| b * b).sum::<f64>();
    x.rows().into_iter().zip(y).map(loss).sum::<f64>() + penalty
}

/// Largest mean gradient component in units of its column's largest magnitude, from the definition.
fn gradient_norm(x: &Array2<f64>, y: &[bool], model: &Logistic) -> f64 {
    let eta = x.dot(model.coefficients()) + model.intercept();
    let p = eta.mapv(|eta| 1.0 / (1.0 + (-eta).exp()));
    let residual: Array1<f64> = p.iter().zip(y).map(|(p, &y)| p - f64::from(y)).collect();
    let gradient = x.t().dot(&residual) + model.report().alpha * model.coefficients();
    let scale = |j: usize| x.column(j).iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    let columns = gradient.iter().enumerate().map(|(j, g)| g.abs() / scale(j));
    columns.fold(residual.sum().abs(), f64::max) / y.len() as f64
}

/// What rounding leaves of a gradient: on all but separated data log-odds are differences of terms
/// of several hundred, known to a few units of the last place of those.
fn rounding(x: &Array2<f64>, model: &Logistic) -> f64 {
    let terms = x.mapv(f64::abs).dot(&model.coefficients().mapv(f64::abs));
    let largest = terms.iter().fold(0.0, |m: f64, t| m.max(*t)) + model.intercept().abs();
    4.0 * f64::EPSILON * largest
}

#[track_caller]
fn assert_same(a: &[f64], b: &[f64]) {
    let size = b.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= SAME * size, "{a} is not {b}");
    }
}

#[track_caller]
fn assert_no_optimum(result: Result<Logistic, Error>) {
    match result {
        Err(Error::Separated { .. } | Error::Singular | Error::NotConverged { .. }) => {}
        other => panic!("{other:?}"),
    }
}

fn with_column(x: &Array2<f64>, column: Array1<f64>) -> Array2<f64> {
    let mut wider = x.clone();
    wider.push_column(column.view()).unwrap();
    wider
}

fn events(y: &[bool]) -> usize {
    y.iter().filter(|&&y| y).count()
}

#[test]
fn rare_common_and_tied_events_keep_the_sign_and_flipped_labels_negate() {
    // linfa-logistic 0.8.1 models the more frequent class, and the first seen on a tie.
    let (x, rare) = simulate(400, 3, -1.6);
    assert!(events(&rare) < 150);
    let (mut tied, mut left) = (rare.clone(), 200 - events(&rare));
    for (y, row) in tied.iter_mut().zip(x.rows()) {
        if left > 0 && !*y && row[0] > 0.0 {
            (*y, left) = (true, left - 1);
        }
    }
    assert_eq!(events(&tied), 200);
    for y in [rare, tied] {
        let flipped: Vec<bool> = y.iter().map(|y| !y).collect();
        let model = RidgeParams::new().fit_rows(x.view(), &y).unwrap();
        let mirror = RidgeParams::new().fit_rows(x.view(), &flipped).unwrap();
        assert!(model.coefficients()[0] > 0.1);
        let negated: Vec<f64> = mirror.start().iter().map(|v| -v).collect();
        assert_same(&negated, &model.start());
        // On a tie, linfa's labels also depend on which class comes first.
        let first_other: Vec<usize> = (0..400).rev().collect();
        let reversed: Vec<bool> = y.iter().rev().copied().collect();
        let again = RidgeParams::new().fit_rows(x.select(Axis(0), &first_other).view(), &reversed);
        assert_same(&again.unwrap().start(), &model.start());
    }
}

#[test]
fn linfa_is_only_a_start() {
    let (x, y) = simulate(300, 4, -1.0);
    let params = RidgeParams::new();
    let cold = params.fit_rows(x.view(), &y).unwrap();
    // 1e3: worse than the null model, which is used instead. 1e300: the objective is infinite.
    for far in [0.0, 1.0, 1e3, 1e300] {
        let warm = params.fit_from(x.view(), &y, &[far; 5]).unwrap();
        assert_same(&warm.start(), &cold.start());
    }
    let again = params.fit_from(x.view(), &y, &cold.start()).unwrap();
    assert_eq!(
        (again.report().iterations, again.start()),
        (0, cold.start())
    );
}

#[test]
fn memory_layout_changes_nothing() {
    let (x, y) = simulate(101, 6, 0.0);
    let every_second = x.slice_axis(Axis(1), Slice::new(0, None, 2));
    let copy = every_second.to_owned();
    let model = RidgeParams::new().fit_rows(every_second, &y).unwrap();
    let same = RidgeParams::new().fit_rows(copy.view(), &y).unwrap();
    assert_eq!(model.start(), same.start());
    let scores = model.linear_predictor(copy.view()).unwrap();
    assert_eq!(scores, model.linear_predictor(every_second).unwrap());
    let upside_down = copy.slice_axis(Axis(0), Slice::new(0, None, -1));
    let reversed = model.linear_predictor(upside_down).unwrap();
    assert!(reversed.iter().rev().eq(&scores));
    let expected = copy.dot(model.coefficients()) + model.intercept();
    assert_same(&scores.to_vec(), &expected.to_vec());
}

#[test]
fn without_a_penalty_the_units_of_columns_change_nothing() {
    let (x, y) = simulate(250, 4, -0.5);
    let units = array![1e-6, 1.0, 1e4, 1e6];
    let params = RidgeParams::new().penalty(0.0);
    let model = params.fit_rows(x.view(), &y).unwrap();
    let rescaled = params.fit_rows((&x * &units).view(), &y).unwrap();
    assert_same(
        &(rescaled.coefficients() * &units).to_vec(),
        &model.coefficients().to_vec(),
    );
    let condition = |model: &Logistic| model.report().condition_number;
    assert_same(&[condition(&rescaled)], &[condition(&model)]);
}

#[test]
fn columns_in_any_units_and_off_centre_reach_the_certified_minimum() {
    // Seen with linfa-logistic 0.8.1 on scales 1 to 1e4: Ok, with wrong coefficients.
    let (x, y) = simulate(250, 4, -0.5);
    for units in [
        [1.0, 10.0, 1e3, 1e4],
        [1e-6, 1e-3, 1e3, 1e6],
        [1e-90, 1.0, 1e50, 1e90],
    ] {
        let x = &x * &Array1::from(units.to_vec());
        for alpha in [0.01, 1.0, 100.0] {
            let model = RidgeParams::new()
                .l2(L2::Total(alpha))
                .fit_rows(x.view(), &y)
                .unwrap();
            assert!(gradient_norm(&x, &y, &model) < FLAT);
        }
    }
    // Years: the mean is a thousand times the spread.
    let years = &x * 2.0 + 2020.0;
    let model = RidgeParams::new()
        .penalty(0.0)
        .fit_rows(years.view(), &y)
        .unwrap();
    let centred = RidgeParams::new()
        .penalty(0.0)
        .fit_rows((&x * 2.0).view(), &y)
        .unwrap();
    for (a, b) in model.coefficients().iter().zip(centred.coefficients()) {
        // Six digits are lost twice, in the column and in the information.
        assert!((a - b).abs() < 1e-8 * b.abs(), "{a} is not {b}");
    }
}

#[test]
fn separated_classes_have_no_optimum_without_a_penalty() {
    let params = RidgeParams::new().penalty(0.0);
    let x = array![[-2.0], [-1.0], [1.0], [2.0]];
    let y = [false, false, true, true];
    for scale in [1e-6, 1.0, 1e6] {
        assert_no_optimum(params.fit_rows((&x * scale).view(), &y));
        assert_no_optimum(
            params
                .clone()
                .max_iterations(1000)
                .fit_rows((&x * scale).view(), &y),
        );
        assert_no_optimum(params.fit_from((&x * scale).view(), &y, &[0.0, 40.0 / scale]));
    }
    // Quasi-complete: rows at 0 are of both classes, one indicator separates the others.
    let (base, mut y) = simulate(200, 2, 0.0);
    let mut x = with_column(&base, Array1::zeros(200));
    for i in 0..5 {
        (x[[i, 2]], y[i]) = (1.0, true);
    }
    assert_no_optimum(params.fit_rows(x.view(), &y));
    let model = params.penalty(1e-6).fit_rows(x.view(), &y).unwrap();
    assert!(gradient_norm(&x, &y, &model) < FLAT);
    assert!(model.coefficients()[2] > 5.0);
}

#[test]
fn constant_and_duplicate_columns() {
    let (base, y) = simulate(150, 2, 0.3);
    for constant in [0.0, 1.0, -37.5] {
        let x = with_column(&base, Array1::from_elem(150, constant));
        let model = RidgeParams::new().fit_rows(x.view(), &y).unwrap();
        assert!(
            model.coefficients()[2].abs() < 1e-14,
            "{}",
            model.coefficients()[2]
        );
        let without = RidgeParams::new().fit_rows(base.view(), &y).unwrap();
        assert_same(&model.start()[..3], &without.start());
        assert_no_optimum(RidgeParams::new().penalty(0.0).fit_rows(x.view(), &y));
    }
    let x = with_column(&base, base.column(0).to_owned());
    let model = RidgeParams::new().fit_rows(x.view(), &y).unwrap();
    assert_same(&[model.coefficients()[2]], &[model.coefficients()[0]]);
    let refused = RidgeParams::new()
        .penalty(0.0)
        .fit_rows(x.view(), &y)
        .unwrap_err();
    assert!(matches!(refused, Error::Singular), "{refused}");
}

#[test]
fn cells_that_cannot_be_computed_with_are_named() {
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e308, -1.1e150] {
        let (mut x, y) = simulate(60, 3, 0.0);
        let model = RidgeParams::new().fit_rows(x.view(), &y).unwrap();
        x[[41, 2]] = bad;
        let fitted = RidgeParams::new().fit_rows(x.view(), &y).unwrap_err();
        let named = "row 41, column 2: found ";
        assert!(fitted.to_string().starts_with(named), "{fitted}");
        if !bad.is_finite() {
            let scored = model.linear_predictor(x.view()).unwrap_err();
            assert!(scored.to_string().starts_with(named), "{scored}");
        }
    }
    let (mut x, y) = simulate(60, 3, 0.0);
    x.column_mut(2).mapv_inplace(|v| v * 1e150);
    let model = RidgeParams::new().fit_rows(x.view(), &y).unwrap();
    assert!(gradient_norm(&x, &y, &model) < FLAT);
}

#[test]
fn shapes_and_classes_that_do_not_fit_are_named() {
    let fit = |x: &Array2<f64>, y: &[bool]| RidgeParams::new().fit_rows(x.view(), y).unwrap_err();
    let said = |x: &Array2<f64>, y: &[bool]| fit(x, y).to_string();
    assert_eq!(
        said(&Array2::zeros((0, 2)), &[]),
        "rows: found 0, expected 1"
    );
    assert_eq!(
        said(&Array2::zeros((2, 0)), &[true, false]),
        "columns: found 0, expected 1"
    );
    assert_eq!(
        said(&Array2::zeros((2, 1)), &[true]),
        "labels: found 1, expected 2"
    );
    let one_row = fit(&Array2::zeros((1, 1)), &[true]);
    assert!(
        matches!(one_row, Error::OneClass { rows: 1, events: 1 }),
        "{one_row}"
    );
    let no_event = fit(&Array2::zeros((3, 1)), &[false; 3]);
    assert!(
        matches!(no_event, Error::OneClass { rows: 3, events: 0 }),
        "{no_event}"
    );

    let (x, y) = simulate(50, 2, 0.0);
    let model = RidgeParams::new().fit_rows(x.view(), &y).unwrap();
    let wide = model
        .probabilities(Array2::zeros((4, 3)).view())
        .unwrap_err();
    assert_eq!(wide.to_string(), "columns: found 3, expected 2");
    let start = RidgeParams::new()
        .fit_from(x.view(), &y, &[0.0; 2])
        .unwrap_err();
    assert_eq!(start.to_string(), "start: found 2, expected 3");
    let start = RidgeParams::new()
        .fit_from(x.view(), &y, &[0.0, f64::NAN, 0.0])
        .unwrap_err();
    assert_eq!(
        start.to_string(),
        "start: found NaN, expected a finite number"
    );
    assert_eq!(
        model
            .linear_predictor(Array2::zeros((0, 2)).view())
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn parameters_out_of_range_are_named() {
    let (x, y) = simulate(50, 2, 0.0);
    let ok = RidgeParams::new();
    for (params, what) in [
        (ok.clone().penalty(-0.1), "penalty"),
        (ok.clone().penalty(f64::NAN), "penalty"),
        (ok.clone().l2(L2::Total(f64::INFINITY)), "penalty"),
        (ok.clone().tolerance(0.0), "tolerance"),
        (ok.clone().tolerance(f64::NAN), "tolerance"),
        (ok.clone().max_iterations(0), "max_iterations"),
    ] {
        let refused = params.fit_rows(x.view(), &y).unwrap_err();
        assert!(
            matches!(refused, Error::InvalidValue { what: w, .. } if w == what),
            "{refused}"
        );
        assert!(
            params
                .check_ref()
                .is_err_and(|e| e.to_string() == refused.to_string())
        );
    }
}

#[test]
fn one_step_is_not_passed_off_as_a_fit() {
    let (x, y) = simulate(300, 4, -1.0);
    let params = RidgeParams::new().max_iterations(1);
    let refused = params.fit_from(x.view(), &y, &[0.0; 5]).unwrap_err();
    let Error::NotConverged {
        gradient_norm,
        tolerance,
        iterations,
    } = refused
    else {
        panic!("{refused}");
    };
    assert!(gradient_norm > tolerance && iterations == 1);
}

#[test]
fn the_report_counts() {
    let (x, y) = simulate(120, 4, 1.0);
    let model = RidgeParams::new()
        .penalty(0.25)
        .fit_rows(x.view(), &y)
        .unwrap();
    let report = model.report();
    let events = events(&y);
    assert!(events > 60);
    assert_eq!(
        (report.rows, report.events, report.alpha),
        (120, events, 30.0)
    );
    assert_eq!(report.events_per_parameter, (120 - events) as f64 / 4.0);
    assert_same(
        &[report.objective],
        &[objective(&x, &y, 30.0, &model.start())],
    );
    let identity = model.information().dot(model.covariance());
    for ((i, j), v) in identity.indexed_iter() {
        assert!((v - f64::from(i == j)).abs() < 1e-12);
    }
}

#[test]
fn saved_and_loaded_models_are_equal_and_edited_ones_refused() {
    let (x, y) = simulate(80, 3, 0.0);
    let model = RidgeParams::new().fit_rows(x.view(), &y).unwrap();
    let json = serde_json::to_string(&model).unwrap();
    assert_eq!(serde_json::from_str::<Logistic>(&json).unwrap(), model);
    let edit = |path: &str, value: serde_json::Value| {
        let mut saved: serde_json::Value = serde_json::from_str(&json).unwrap();
        *saved.pointer_mut(path).unwrap() = value;
        serde_json::from_value::<Logistic>(saved)
            .unwrap_err()
            .to_string()
    };
    assert!(edit("/coefficients/data/1", 1e200.into()).contains("coefficients"));
    assert!(edit("/information/data/1", 1e9.into()).contains("information"));
    assert!(edit("/information/data/0", (-1.0).into()).contains("positive definite"));
    let params = RidgeParams::new().l2(L2::Total(2.0)).tolerance(1e-9);
    let json = serde_json::to_string(&params).unwrap();
    assert_eq!(serde_json::from_str::<RidgeParams>(&json).unwrap(), params);
}

#[test]
fn linfa_cross_validates_it() {
    let (x, y) = simulate(200, 3, 0.0);
    let mut data = Dataset::new(x, Array1::from(y));
    let penalties = [
        RidgeParams::new().penalty(0.01),
        RidgeParams::new().penalty(1e6),
    ];
    let accuracy = data
        .cross_validate_single(5, &penalties, |found, truth: &ndarray::ArrayView1<bool>| {
            let right = found.iter().zip(truth).filter(|(a, b)| a == b).count();
            Ok(right as f64 / truth.len() as f64)
        })
        .map_err(|e: Error| e)
        .unwrap();
    // Shrunk to nothing it only knows the commoner class.
    assert!(accuracy[0] > accuracy[1] + 0.05, "{accuracy}");
    let wrong = [RidgeParams::new().penalty(-1.0)];
    let refused = data
        .cross_validate_single(5, &wrong, |_, _: &ndarray::ArrayView1<bool>| Ok(0.0))
        .map_err(|e: Error| e);
    assert!(matches!(
        refused,
        Err(Error::InvalidValue {
            what: "penalty",
            ..
        })
    ));
}

prop_compose! {
    fn problem()(rows in 4usize..60, columns in 1usize..6)(
        cells in prop::collection::vec(-3.0..3.0, rows * columns),
        mut y in prop::collection::vec(any::<bool>(), rows),
        columns in Just(columns),
    ) -> (Array2<f64>, Vec<bool>) {
        (y[0], y[1]) = (true, false);
        (Array2::from_shape_vec((y.len(), columns), cells).unwrap(), y)
    }
}

proptest! {
    #[test]
    fn the_gradient_at_the_solution_is_flat((x, y) in problem(), exponent in -8.0..2.0) {
        let lambda = 10f64.powf(exponent);
        let model = RidgeParams::new().penalty(lambda).fit_rows(x.view(), &y).unwrap();
        let flat = FLAT + rounding(&x, &model);
        prop_assert!(gradient_norm(&x, &y, &model) < flat);
        prop_assert!(model.report().gradient_norm < flat);
    }

    #[test]
    fn no_nearby_point_is_lower(
        (x, y) in problem(),
        directions in prop::collection::vec(prop::collection::vec(-1.0..1.0, 6), 20),
    ) {
        let model = RidgeParams::new().penalty(0.02).fit_rows(x.view(), &y).unwrap();
        let alpha = 0.02 * y.len() as f64;
        let best = objective(&x, &y, alpha, &model.start());
        for (direction, size) in directions.iter().zip([1.0, 0.1, 1e-2, 1e-3].iter().cycle()) {
            let moved = model.start().iter().zip(direction).map(|(b, d)| b + size * d).collect::<Vec<_>>();
            prop_assert!(objective(&x, &y, alpha, &moved) >= best * (1.0 - SAME));
        }
    }

    #[test]
    fn the_order_of_rows_changes_nothing((x, y) in problem(), shift in 1usize..60) {
        let order: Vec<usize> = (0..y.len()).map(|i| (i * 7 + shift) % y.len()).collect();
        prop_assume!(y.len() % 7 != 0);
        let shuffled: Vec<bool> = order.iter().map(|&i| y[i]).collect();
        let model = RidgeParams::new().fit_rows(x.view(), &y).unwrap();
        let other = RidgeParams::new().fit_rows(x.select(Axis(0), &order).view(), &shuffled).unwrap();
        assert_same(&other.start(), &model.start());
    }

    #[test]
    fn separated_classes_are_never_ok((x, _) in problem(), direction in prop::collection::vec(-1.0..1.0, 5)) {
        let score = x.dot(&Array1::from(direction[..x.ncols()].to_vec()));
        let y: Vec<bool> = score.iter().map(|&s| s > 0.0).collect();
        prop_assume!((1..y.len()).contains(&events(&y)));
        assert_no_optimum(RidgeParams::new().penalty(0.0).fit_rows(x.view(), &y));
    }
}
