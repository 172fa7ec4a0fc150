//! Recalibration: values computed apart from the crate (tests/reference/drift.py), and what has to
//! hold whatever the data.

use approx::assert_abs_diff_eq;
use forewarn::validate::DriftParams;
use proptest::prelude::*;

/// scipy's simplex search stops at about this distance.
const SIMPLEX: f64 = 1e-7;

fn rows() -> Vec<(f64, bool)> {
    include_str!("reference/drift.csv")
        .lines()
        .skip(1)
        .map(|line| line.split_once(',').unwrap())
        .map(|(x, y)| (x.parse().unwrap(), y == "1"))
        .collect()
}

#[test]
fn the_shift_agrees_with_scipy() {
    let found = DriftParams {
        slope_needs: 1000,
        ..DriftParams::default()
    }
    .fit(&rows());
    assert_eq!((found.rows, found.events, found.slope), (240, 86, 1.0));
    assert_abs_diff_eq!(found.shift, 0.896_482_963_562_012_6, epsilon = SIMPLEX);
    let half = (found.shift_ci95.high - found.shift_ci95.low) / 2.0;
    assert_abs_diff_eq!(
        half / 1.959_963_984_540_054,
        0.137_591_463_176_038_88,
        epsilon = SIMPLEX
    );
}

#[test]
fn shift_and_slope_agree_with_scipy() {
    let found = DriftParams::default().fit(&rows());
    assert_abs_diff_eq!(found.shift, 0.436_653_655_455_172_2, epsilon = SIMPLEX);
    assert_abs_diff_eq!(found.slope, 0.669_651_682_499_521_1, epsilon = SIMPLEX);
    let half = (found.shift_ci95.high - found.shift_ci95.low) / 2.0;
    assert_abs_diff_eq!(
        half / 1.959_963_984_540_054,
        0.228_600_984_399_872_4,
        epsilon = SIMPLEX
    );
}

#[test]
fn without_recent_rows_nothing_changes() {
    let found = DriftParams::default().fit(&[]);
    assert_eq!((found.shift, found.slope), (0.0, 1.0));
    assert_eq!(found.apply(-1.25), -1.25);
    // The prior alone: 0.5 log-odds either way.
    assert_abs_diff_eq!(
        found.shift_ci95.high,
        0.5 * 1.959_963_984_540_054,
        epsilon = 1e-12
    );
}

#[test]
fn the_prior_holds_back_a_shift_that_few_rows_ask_for() {
    let few: Vec<(f64, bool)> = rows().into_iter().take(10).collect();
    let wide = DriftParams {
        shift_sd: 100.0,
        ..DriftParams::default()
    };
    let (held, free) = (DriftParams::default().fit(&few), wide.fit(&few));
    assert!(
        held.shift.abs() < 0.6 * free.shift.abs(),
        "{held:?} {free:?}"
    );
}

proptest! {
    #[test]
    fn the_shift_moves_expected_towards_observed(
        rows in prop::collection::vec((-4.0..4.0, any::<bool>()), 1..80),
    ) {
        let found = DriftParams::default().fit(&rows);
        let expected = |shift: f64| -> f64 {
            rows.iter().map(|(x, _)| 1.0 / (1.0 + (-(x + shift)).exp())).sum()
        };
        let gap = found.events as f64 - expected(0.0);
        prop_assert!(found.shift * gap >= -1e-12, "a shift against the gap: {found:?}");
        let left = found.events as f64 - expected(found.shift);
        prop_assert!(left.abs() <= gap.abs() + 1e-9, "further away than before: {found:?}");
    }
}
