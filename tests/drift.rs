//! How far the rate drifts: the variance of a random walk, computed apart from the crate
//! (tests/reference/calibration.py: quadrature over the density of all years together).

mod reference;

use approx::assert_abs_diff_eq;
use forewarn::model::{CalibrationRow, DRIFT_PRIOR_SD, Drift};
use reference::{json, number, numbers};

/// The crate's sum ends at five scales of the prior: what lies beyond has 1.5e-5 of the second
/// moment of the prior, the most there can be.
const BEYOND: f64 = 3e-5;

fn rows() -> Vec<CalibrationRow<u8>> {
    let file = json("calibration.json");
    let column = |name: &str| numbers(&file[name]);
    let (events, ages, counts) = (column("event"), column("age_years"), column("count"));
    let of = |(i, &log_odds): (usize, &f64)| CalibrationRow {
        log_odds,
        event: events[i] == 1.0,
        age_years: ages[i],
        count: counts[i],
        cluster: 0,
    };
    column("log_odds").iter().enumerate().map(of).collect()
}

#[test]
fn the_posterior_mean_of_the_variance_agrees_with_quadrature() {
    let (file, rows) = (json("calibration.json"), rows());
    for case in file["drift"].as_array().unwrap() {
        let n = number(&case["rows"]) as usize;
        let found = Drift::estimate(&rows[..n]);
        let expected = number(&case["variance_per_year"]);
        assert_abs_diff_eq!(
            found.variance_per_year,
            expected,
            epsilon = BEYOND * expected
        );
        assert_eq!(found.years as f64, number(&case["years"]), "{n} rows");
    }
}

/// The second moment of a half-normal prior is the square of its scale.
#[test]
fn without_rows_it_is_the_priors() {
    let none: [CalibrationRow<u8>; 0] = [];
    let prior = DRIFT_PRIOR_SD * DRIFT_PRIOR_SD;
    let found = Drift::estimate(&none);
    assert_abs_diff_eq!(found.variance_per_year, prior, epsilon = BEYOND * prior);
    assert_eq!(
        (found.over(2.0), found.over(-1.0)),
        (2.0 * found.variance_per_year, 0.0)
    );
}

/// Eight years of 60 rows each at log-odds 0: in a world that stands still half of each year's rows
/// are events, in one that jumps three quarters and one quarter in turn.
#[test]
fn a_rate_that_stands_still_drifts_less_than_one_that_jumps() {
    let world = |share: fn(usize) -> usize| {
        let row = |i: usize| CalibrationRow {
            log_odds: 0.0,
            event: i % 4 < share(i / 60),
            age_years: (i / 60) as f64 + 0.5,
            count: 1.0,
            cluster: i,
        };
        let rows: Vec<_> = (0..480).map(row).collect();
        Drift::estimate(&rows).variance_per_year
    };
    let (still, jumping) = (world(|_| 2), world(|year| 1 + 2 * (year % 2)));
    let prior = DRIFT_PRIOR_SD * DRIFT_PRIOR_SD;
    assert!(
        still < 0.3 * prior && jumping > 3.0 * prior,
        "{still} {jumping}"
    );
}
