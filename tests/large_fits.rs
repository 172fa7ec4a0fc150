//! Fits of more rows than one chunk: the same bits on any number of threads, and the same answer
//! whatever the start.

use forewarn::Error;
use forewarn::model::{LARGEST_MAGNITUDE, Logistic, RidgeParams};
use forewarn::ndarray::Array2;
use forewarn::validate::with_threads;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Coefficients of two certified fits differ by rounding in the gradient, over the curvature.
const SAME: f64 = 1e-11;

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

fn table(rows: usize) -> (Array2<f64>, Vec<bool>) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let x = Array2::from_shape_fn((rows, 3), |_| 3.4 * uniform(&mut random) - 1.7);
    let event = |row: forewarn::ndarray::ArrayView1<f64>| {
        let eta = 0.8 * row[0] - 0.4 * row[1] - 1.5;
        uniform(&mut random) < 1.0 / (1.0 + (-eta).exp())
    };
    let y = x.rows().into_iter().map(event).collect();
    (x, y)
}

fn bits(model: &Logistic) -> Vec<u64> {
    let numbers = model.start().into_iter().chain(model.information().clone());
    numbers.map(f64::to_bits).collect()
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let (x, y) = table(20_001);
    let fit = || RidgeParams::new().fit_rows(x.view(), &y).unwrap();
    let one = with_threads(1, fit).unwrap();
    for threads in [2, 3] {
        assert_eq!(bits(&with_threads(threads, fit).unwrap()), bits(&one));
    }
}

/// 8,192 rows are one chunk and start from the null model; 8,193 are two and start from every sixteenth;
/// 140,000 start from 8,750, which start from every sixteenth of them.
#[test]
fn the_start_changes_nothing_but_rounding() {
    for rows in [8_192, 8_193, 140_000] {
        let (x, y) = table(rows);
        let params = RidgeParams::new().penalty(0.01);
        let cold = params.fit_rows(x.view(), &y).unwrap();
        let from_null = params.fit_from(x.view(), &y, &[0.0; 4]).unwrap();
        assert!(cold.report().gradient_norm <= 1e-14, "{:?}", cold.report());
        let (steps, from_afar) = (cold.report().iterations, from_null.report().iterations);
        assert!(if rows > 8_192 {
            steps < from_afar
        } else {
            steps == from_afar
        });
        for (a, b) in cold.start().iter().zip(from_null.start()) {
            assert!((a - b).abs() < SAME, "{rows} rows: {a} and {b}");
        }
    }
}

/// Every sixteenth row is without an event: the start is then the null model.
#[test]
fn a_thinned_table_of_one_class_is_fitted_all_the_same() {
    let (x, mut y) = table(10_000);
    y.iter_mut().step_by(16).for_each(|event| *event = false);
    let model = RidgeParams::new().fit_rows(x.view(), &y).unwrap();
    assert!(model.report().gradient_norm <= 1e-14);
}

#[test]
fn the_first_bad_cell_is_named_in_whichever_chunk() {
    let (mut x, y) = table(20_001);
    for (row, value) in [(19_999, f64::NAN), (9_000, f64::INFINITY), (8_999, 1e200)] {
        x[(row, 2)] = value;
        x[(row, 1)] = -value;
        let found = RidgeParams::new().fit_rows(x.view(), &y).unwrap_err();
        let Error::NotFinite {
            row: at,
            column,
            found,
            limit,
        } = found
        else {
            panic!("{found}");
        };
        assert_eq!((at, column.as_str(), limit), (row, "1", LARGEST_MAGNITUDE));
        assert_eq!(found.is_nan(), value.is_nan());
    }
}
