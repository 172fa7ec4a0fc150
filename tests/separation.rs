//! Separation is found exactly where it is, with its columns; and warnings can be matched on.
//!
//! R's detectseparation is not in Debian: the verdicts are by hand, by trying every extreme ray in
//! integers, and of the endometrial study, whose NV has no finite estimate (Heinze and Schemper 2002).

mod reference;

use forewarn::Error;
use forewarn::data::Direction;
use forewarn::model::{
    FitWarning, L2, OrdinalParams, PooledParams, RidgeParams, Separation, separation,
};
use ndarray::{Array2, array};
use proptest::prelude::*;

fn data(name: &str) -> (Array2<f64>, Vec<bool>) {
    let cells = reference::cells(name);
    let x = Array2::from_shape_fn((cells.len(), cells[0].len() - 1), |(i, j)| cells[i][j + 1]);
    (x, cells.iter().map(|row| row[0] == 1.0).collect())
}

#[test]
fn endometrial_is_separated_by_nv_and_birthwt_by_nothing() {
    let (x, y) = data("endometrial");
    let found = separation(x.view(), &y).unwrap().unwrap();
    let nv = x.column(0).iter().filter(|&&v| v == 1.0).count();
    assert_eq!(
        found,
        Separation {
            complete: false,
            columns: vec![0],
            rows: nv
        }
    );
    let refused = RidgeParams::new()
        .penalty(0.0)
        .fit_rows(x.view(), &y)
        .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "outcome separated by column 0: maximum likelihood has no finite estimate, expected a penalty or Firth's method"
    );
    let (x, y) = data("birthwt");
    assert_eq!(separation(x.view(), &y).unwrap(), None);
}

#[test]
fn cases_by_hand() {
    let say = |x: Array2<f64>, y: &[u8]| {
        let y: Vec<bool> = y.iter().map(|&y| y == 1).collect();
        separation(x.view(), &y)
            .unwrap()
            .map(|s| (s.complete, s.columns, s.rows))
    };
    let line = array![[1.0], [2.0], [3.0], [4.0]];
    assert_eq!(say(line.clone(), &[0, 0, 1, 1]), Some((true, vec![0], 4)));
    assert_eq!(say(line.clone(), &[0, 1, 0, 1]), None);
    assert_eq!(say(line, &[1, 1, 0, 1]), None);
    // A tie at the cut: quasi-complete.
    assert_eq!(
        say(array![[1.0], [2.0], [2.0], [3.0]], &[0, 0, 1, 1]),
        Some((false, vec![0], 2))
    );
    // Only the two columns together separate: x1 + x2 against 1; the tie is on the plane.
    let square = array![
        [0.0, 0.0],
        [1.0, 0.0],
        [0.0, 1.0],
        [1.0, 1.0],
        [1.0, 0.0],
        [0.0, 1.0]
    ];
    assert_eq!(
        say(square, &[0, 0, 1, 1, 1, 0]),
        Some((false, vec![0, 1], 2))
    );
    // Exclusive or.
    let corners = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    assert_eq!(say(corners, &[0, 1, 1, 0]), None);
    // Two groups, one without events and one with nothing else, beside a column that overlaps.
    let groups = array![
        [0.0, 0.0, 1.0],
        [0.0, 0.0, 2.0],
        [0.0, 0.0, 3.0],
        [1.0, 0.0, 1.0],
        [1.0, 0.0, 2.0],
        [0.0, 1.0, 2.0],
    ];
    assert_eq!(
        say(groups, &[0, 1, 0, 1, 1, 0]),
        Some((false, vec![0, 1], 3))
    );
    // A copy of the separating column has no part of its own.
    let copies = array![[1.0, 1.0], [2.0, 2.0], [3.0, 3.0], [4.0, 4.0]];
    assert_eq!(say(copies, &[0, 0, 1, 1]), Some((true, vec![0], 4)));
}

#[test]
fn units_change_nothing() {
    let (x, y) = data("endometrial");
    let scaled = &x * &array![1e-8, 1e6, 1.0] + &array![5e-7, 0.0, 1e3];
    assert_eq!(separation(scaled.view(), &y).unwrap().unwrap().columns, [0]);
}

/// Every direction that is orthogonal to as many rows as it takes, in integers: if there is a
/// separating direction, extreme rays of their cone are among these. The columns and rows that any
/// of them involves; `None` where the rows do not span the space.
fn by_force(rows: &[Vec<i64>]) -> Option<(Vec<bool>, Vec<bool>)> {
    let p = rows[0].len();
    let mut columns = vec![false; p];
    let mut separated = vec![false; rows.len()];
    let mut spanned = false;
    let mut try_ray = |ray: Vec<i64>| {
        for sign in [1, -1] {
            let sides: Vec<i64> = rows
                .iter()
                .map(|r| r.iter().zip(&ray).map(|(a, b)| sign * a * b).sum())
                .collect();
            spanned |= sides.iter().any(|&s| s != 0);
            if sides.iter().all(|&s| s >= 0) && sides.iter().any(|&s| s > 0) {
                columns
                    .iter_mut()
                    .zip(&ray)
                    .for_each(|(c, r)| *c |= *r != 0);
                separated
                    .iter_mut()
                    .zip(&sides)
                    .for_each(|(s, side)| *s |= *side > 0);
            }
        }
    };
    for (i, a) in rows.iter().enumerate() {
        if p == 2 {
            try_ray(vec![-a[1], a[0]]);
        }
        for b in &rows[..i] {
            if p == 3 {
                try_ray(vec![
                    a[1] * b[2] - a[2] * b[1],
                    a[2] * b[0] - a[0] * b[2],
                    a[0] * b[1] - a[1] * b[0],
                ]);
            }
        }
    }
    spanned.then_some((columns, separated))
}

prop_compose! {
    fn problem()(rows in 2usize..14, width in 1usize..3)(
        cells in prop::collection::vec(-2i64..=2, rows * width),
        mut y in prop::collection::vec(any::<bool>(), rows),
        width in Just(width),
    ) -> (Vec<Vec<i64>>, Vec<bool>, usize) {
        (y[0], y[1]) = (true, false);
        (cells.chunks(width).map(<[i64]>::to_vec).collect(), y, width)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn the_verdict_is_that_of_brute_force((cells, y, width) in problem()) {
        let signed = cells.iter().zip(&y).map(|(row, &y)| {
            let sign = if y { 1 } else { -1 };
            std::iter::once(&1).chain(row).map(|v| sign * v).collect()
        });
        let Some((columns, rows)) = by_force(&signed.collect::<Vec<Vec<i64>>>()) else { return Ok(()) };
        let x = Array2::from_shape_fn((y.len(), width), |(i, j)| cells[i][j] as f64);
        let found = separation(x.view(), &y).unwrap();
        let expected = rows.contains(&true).then(|| Separation {
            complete: !rows.contains(&false),
            columns: (0..width).filter(|j| columns[j + 1]).collect(),
            rows: rows.iter().filter(|&&s| s).count(),
        });
        prop_assert_eq!(found, expected);
    }
}

proptest! {
    #[test]
    fn what_is_not_separated_has_a_maximum(
        cells in prop::collection::vec(-2.0..2.0, 120),
        mut y in prop::collection::vec(any::<bool>(), 30),
    ) {
        (y[0], y[1]) = (true, false);
        let x = Array2::from_shape_vec((30, 4), cells).unwrap();
        match (separation(x.view(), &y).unwrap(), RidgeParams::new().penalty(0.0).fit_rows(x.view(), &y)) {
            (None, Ok(_)) | (Some(_), Err(Error::Separated { .. })) => {}
            (found, fit) => panic!("{found:?} but {fit:?}"),
        }
    }
}

#[test]
fn warnings_name_what_they_are_about() {
    let (x, y) = data("endometrial");
    let model = RidgeParams::new()
        .l2(L2::Total(1.0))
        .fit_rows(x.view(), &y)
        .unwrap();
    let directions = [
        Direction::HigherRiskier,
        Direction::None,
        Direction::HigherRiskier,
    ];
    let warnings = model.warnings(x.view(), &y, &directions).unwrap();
    assert!(
        matches!(
            &warnings[..],
            [
                FitWarning::Separated(Separation { columns, .. }),
                FitWarning::AgainstDirection { column: 2, coefficient },
            ] if columns == &[0] && *coefficient < 0.0
        ),
        "{warnings:?}"
    );

    // Column 3 is 2 EH less PI but for noise, column 4 is constant.
    let mut wide = Array2::from_elem((x.nrows(), 5), 7.0);
    for (i, mut row) in wide.rows_mut().into_iter().enumerate() {
        let noise = 1e-3 * (i as f64).sin();
        (row[0], row[1], row[2]) = (x[[i, 0]], x[[i, 1]], x[[i, 2]]);
        row[3] = 2.0 * x[[i, 2]] - x[[i, 1]] + noise;
    }
    let model = RidgeParams::new().fit_rows(wide.view(), &y).unwrap();
    let warnings = model.warnings(wide.view(), &y, &[]).unwrap();
    let collinear = warnings.iter().filter_map(|w| match w {
        FitWarning::Collinear { columns } => Some(columns.clone()),
        _ => None,
    });
    let collinear = collinear.collect::<Vec<_>>();
    assert_eq!(collinear, [vec![1, 2, 3], vec![4]]);
    // A calibration slope of 0.95 to expect on new rows needs no warning; that of noise does.
    let overfitted = |w: &&FitWarning| matches!(w, FitWarning::Overfitted { .. });
    assert!(model.report().expected_shrinkage().unwrap() > 0.9);
    assert!(!warnings.iter().any(|w| overfitted(&w)), "{warnings:?}");
    let noise = Array2::from_shape_fn((40, 3), |(i, j)| ((7 * i + 3 * j) as f64).sin());
    let alternating: Vec<bool> = (0..40).map(|i| i % 2 == 0).collect();
    let fit = RidgeParams::new()
        .fit_rows(noise.view(), &alternating)
        .unwrap();
    let expected_slope = fit.report().expected_shrinkage();
    assert!(
        expected_slope.is_none_or(|slope| slope < 0.9),
        "{expected_slope:?}"
    );
    let warnings = fit.warnings(noise.view(), &alternating, &[]).unwrap();
    assert!(warnings.contains(&FitWarning::Overfitted { expected_slope }));
    let short = model
        .warnings(wide.view(), &y, &[Direction::None])
        .unwrap_err();
    assert_eq!(short.to_string(), "directions: found 1, expected 5");
}

/// Grades 0, 1, 2 in the order of the second column, whatever the first. By hand: x2 = 1 1 2 2 3 3 against 0 0 1 1 2 2.
#[test]
fn separated_grades_are_named_by_column() {
    let x = array![
        [0.3, 1.0],
        [-0.2, 1.0],
        [0.1, 2.0],
        [0.5, 2.0],
        [-0.4, 3.0],
        [0.2, 3.0]
    ];
    let separated = |error: Error| match error {
        Error::Separated { columns, complete } => (columns, complete),
        other => panic!("{other}"),
    };
    let grades = [0, 0, 1, 1, 2, 2];
    let error = OrdinalParams::new()
        .fit_rows(x.view(), &grades, 3)
        .unwrap_err();
    assert_eq!(
        separated(error),
        (vec!["0".to_owned(), "1".to_owned()], true)
    );
    let overlapping = [1, 0, 2, 1, 1, 2];
    assert!(
        OrdinalParams::new()
            .fit_rows(x.view(), &overlapping, 3)
            .is_ok()
    );
    let judged = grades.map(|g| [Some(g), Some(g)]);
    let events = grades.map(|g| g == 2);
    let error = PooledParams::new().fit_rows(x.view(), &judged, &events, &[0, 1, 2, 3, 4, 5]);
    assert!(separated(error.unwrap_err()).1);
    let light = OrdinalParams::new().l2(L2::Total(0.1));
    assert!(light.fit_rows(x.view(), &grades, 3).is_ok());
}
