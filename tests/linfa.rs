//! The families are estimators of linfa: datasets, weights, labels, checked parameters.

use approx::assert_abs_diff_eq;
use forewarn::Error;
use forewarn::fit::{
    ConstrainedParams, Direction, Event, Firth, FirthParams, InterceptCorrection, L2, Logistic,
    OrdinalParams, PooledParams, RidgeParams, Solver, TowardsEqualParams,
};
use linfa::ParamGuard;
use linfa::dataset::{Dataset, DatasetBase};
use linfa::traits::{Fit, Predict};
use ndarray::{Array1, Array2, Axis, concatenate};

/// Rounding alone: the same rows in another order of sums.
const SAME: f64 = 1e-9;

const ROWS: usize = 60;

fn x() -> Array2<f64> {
    let value =
        |(i, j): (usize, usize)| ((37 * i + 11 * j * j + 5 * i * j) % 23) as f64 / 11.0 - 1.0;
    Array2::from_shape_fn((ROWS, 3), value)
}

fn y() -> Array1<bool> {
    let x = x();
    let noise = |i: usize| ((29 * i) % 17) as f64 / 8.0 - 1.0;
    (0..ROWS)
        .map(|i| x[[i, 0]] - 0.5 * x[[i, 1]] + noise(i) > 0.3)
        .collect()
}

fn grades() -> Array1<usize> {
    let x = x();
    let noise = |i: usize| ((29 * i) % 17) as f64 / 8.0 - 1.0;
    let latent = |i: usize| x[[i, 0]] + noise(i);
    (0..ROWS)
        .map(|i| usize::from(latent(i) > -0.3) + usize::from(latent(i) > 0.7))
        .collect()
}

/// 0, 1, 2 or 3 of each row.
fn counts() -> Vec<usize> {
    (0..ROWS).map(|i| (i * i + 1) % 4).collect()
}

fn repeated<T: Clone>(of: &Array1<T>) -> Array1<T> {
    let rows = counts().into_iter().enumerate();
    rows.flat_map(|(i, count)| vec![of[i].clone(); count])
        .collect()
}

fn repeated_x() -> Array2<f64> {
    let rows = counts().into_iter().enumerate();
    let rows: Vec<usize> = rows.flat_map(|(i, count)| vec![i; count]).collect();
    x().select(Axis(0), &rows)
}

fn weighted<T: Clone>(y: Array1<T>) -> Dataset<f64, T, ndarray::Ix1> {
    let weights = counts().into_iter().map(|count| count as f32).collect();
    DatasetBase::new(x(), y).with_weights(weights)
}

fn close(a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(b) {
        assert_abs_diff_eq!(*a, *b, epsilon = SAME);
    }
}

fn of(logistic: &Logistic) -> Vec<f64> {
    let coefficients = logistic.coefficients().iter().copied();
    let errors = logistic.standard_errors().to_vec();
    [logistic.intercept()]
        .into_iter()
        .chain(coefficients)
        .chain(errors)
        .collect()
}

fn firths() -> [FirthParams; 3] {
    [
        InterceptCorrection::None,
        InterceptCorrection::Flic,
        InterceptCorrection::Flac,
    ]
    .map(|correction| FirthParams::new().correction(correction))
}

/// A weight of 2 is the row twice, in every family: case weights of R's glm, brglm2 and polr.
#[test]
fn a_weight_counts_rows() {
    let (data, rows) = (weighted(y()), Dataset::new(repeated_x(), repeated(&y())));
    let ridge = RidgeParams::new().penalty(0.05);
    close(
        &of(&ridge.fit(&data).unwrap()),
        &of(&ridge.fit(&rows).unwrap()),
    );
    for firth in firths() {
        let fit = |data| -> Firth { firth.fit(data).unwrap() };
        close(&of(fit(&data).logistic()), &of(fit(&rows).logistic()));
    }
    let constrained = ConstrainedParams::new().directions(vec![
        Direction::HigherRiskier,
        Direction::LowerRiskier,
        Direction::HigherRiskier,
    ]);
    let (a, b) = (
        constrained.fit(&data).unwrap(),
        constrained.fit(&rows).unwrap(),
    );
    close(&of(a.logistic()), &of(b.logistic()));
    let equal = TowardsEqualParams::new(vec![1.0, -1.0, 1.0]).l2(L2::PerObservation(0.1));
    let (a, b) = (equal.fit(&data).unwrap(), equal.fit(&rows).unwrap());
    close(&a.coefficients.to_vec(), &b.coefficients.to_vec());
    assert_abs_diff_eq!(a.intercept, b.intercept, epsilon = SAME);
    let (data, rows) = (
        weighted(grades()),
        Dataset::new(repeated_x(), repeated(&grades())),
    );
    let ordinal = OrdinalParams::new();
    let (a, b) = (ordinal.fit(&data).unwrap(), ordinal.fit(&rows).unwrap());
    close(a.thresholds(), b.thresholds());
    close(&a.standard_errors().to_vec(), &b.standard_errors().to_vec());
}

/// Pooled judgements: two columns of targets. A cluster is a row, so that standard errors differ
/// where a row stands twice; coefficients do not.
#[test]
fn pooled_judgements_are_columns_of_targets() {
    let two = |grades: Array1<usize>| {
        let other = grades.mapv(|grade| (grade + 1).min(2));
        concatenate![
            Axis(1),
            grades.insert_axis(Axis(1)),
            other.insert_axis(Axis(1))
        ]
    };
    let weights: Array1<f32> = counts().into_iter().map(|count| count as f32).collect();
    let data = DatasetBase::new(x(), two(grades())).with_weights(weights);
    let rows = DatasetBase::new(repeated_x(), two(repeated(&grades())));
    let pooled = PooledParams::new().l2(L2::PerObservation(0.02));
    let (a, b) = (pooled.fit(&data).unwrap(), pooled.fit(&rows).unwrap());
    close(&a.coefficients().to_vec(), &b.coefficients().to_vec());
    assert_abs_diff_eq!(a.intercept(), b.intercept(), epsilon = SAME);
    let predicted: Array1<bool> = a.predict(&x());
    assert_eq!(predicted.len(), ROWS);
}

/// A dataset without weights is the rows.
#[test]
fn a_dataset_is_its_rows() {
    let data = Dataset::new(x(), y());
    let (x, y) = (x(), y());
    let ridge = RidgeParams::new();
    assert_eq!(
        ridge.fit(&data).unwrap(),
        ridge.fit_rows(x.view(), y.view()).unwrap()
    );
    for firth in firths() {
        assert_eq!(
            firth.fit(&data).unwrap(),
            firth.fit_rows(x.view(), &y).unwrap()
        );
    }
    let model = ridge.fit(&data).unwrap();
    let predicted: Array1<bool> = model.predict(&data);
    let expected = model
        .linear_predictor(x.view())
        .unwrap()
        .mapv(|eta| eta > 0.0);
    assert_eq!(predicted, expected);
    let ordinal = OrdinalParams::new()
        .fit(&Dataset::new(x.clone(), grades()))
        .unwrap();
    let grade: Array1<usize> = ordinal.predict(&x);
    let probabilities = ordinal.probabilities(x.view()).unwrap();
    for (grade, row) in grade.iter().zip(probabilities.rows()) {
        assert!(row.iter().all(|p| *p <= row[*grade]));
    }
}

/// The larger of two labels is the event; with more, or another wish, it is named.
#[test]
fn labels_are_of_any_ordered_type() {
    let ridge = RidgeParams::new();
    let expected = ridge.fit(&Dataset::new(x(), y())).unwrap();
    let words = y().mapv(|event| if event { "poor" } else { "good" });
    assert_eq!(
        ridge.fit(&Dataset::new(x(), words.clone())).unwrap(),
        expected
    );
    let numbers = y().mapv(usize::from);
    assert_eq!(ridge.fit(&Dataset::new(x(), numbers)).unwrap(), expected);
    let good = Event::new(ridge.clone(), "good")
        .fit(&Dataset::new(x(), words))
        .unwrap();
    assert_abs_diff_eq!(good.intercept(), -expected.intercept(), epsilon = SAME);
    let three = Dataset::new(x(), grades());
    let error = ridge.fit(&three).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Shape {
                found: 3,
                expected: 2,
                ..
            }
        ),
        "{error}"
    );
    let worst = Event::new(ridge.clone(), 2_usize).fit(&three).unwrap();
    let by_rows = ridge.fit_rows(x().view(), &grades().mapv(|grade| grade == 2));
    assert_eq!(worst, by_rows.unwrap());
    let none = Event::new(ridge, 7_usize).fit(&three).unwrap_err();
    assert!(matches!(none, Error::OneClass { .. }), "{none}");
}

#[test]
fn parameters_out_of_range_do_not_pass_the_guard() {
    assert!(RidgeParams::new().penalty(-1.0).check().is_err());
    assert!(FirthParams::new().tolerance(f64::NAN).check().is_err());
    assert!(ConstrainedParams::new().tolerance(2.0).check().is_err());
    assert!(
        TowardsEqualParams::new(vec![f64::INFINITY])
            .check()
            .is_err()
    );
    assert!(OrdinalParams::new().max_iterations(0).check().is_err());
    assert!(PooledParams::new().l2(L2::Total(f64::NAN)).check().is_err());
    assert!(FirthParams::new().check_ref().is_ok());
}

/// Both solvers end where the same gradient is flat.
#[test]
fn linfa_logistic_is_one_solver_with_the_same_certificate() {
    let linfa = RidgeParams::new().solver(Solver::LinfaLogistic);
    let (x, y) = (x(), y());
    let found = linfa.fit_rows(x.view(), &y).unwrap();
    let newton = RidgeParams::new().fit_rows(x.view(), &y).unwrap();
    close(&of(&found), &of(&newton));
    assert!(found.report().gradient_norm <= 1e-14);
    assert!(found.report().iterations <= newton.report().iterations);
}
