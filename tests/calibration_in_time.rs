//! Calibration in time: values computed apart from the crate (tests/reference/calibration.py), and
//! what has to hold whatever the data.

mod common;
mod reference;

use approx::assert_abs_diff_eq;
use common::date;
use forewarn::data::OutcomeRule;
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::{CalibrationRow, Drift, RecalibrationParams, RiskParams};
use forewarn::simulate::SimulationParams;
use proptest::prelude::*;
use reference::{json, near, number, numbers};

/// Both are roots of the same equation, to 1e-14 per row; the script's information is a difference
/// of gradients over 2e-5.
const ROOT: f64 = 1e-9;
const DIFFERENCES: f64 = 1e-8;

const Z95: f64 = 1.959_963_984_540_054;

fn rows() -> Vec<CalibrationRow<u64>> {
    let file = json("calibration.json");
    let column = |name: &str| numbers(&file[name]);
    let (events, ages) = (column("event"), column("age_years"));
    let (counts, clusters) = (column("count"), column("cluster"));
    let of = |(i, &log_odds): (usize, &f64)| CalibrationRow {
        log_odds,
        event: events[i] == 1.0,
        age_years: ages[i],
        count: counts[i],
        cluster: clusters[i] as u64,
    };
    column("log_odds").iter().enumerate().map(of).collect()
}

#[test]
fn shift_slope_variance_events_and_lag_agree_with_scipy() {
    let (file, rows) = (json("calibration.json"), rows());
    for case in file["calibrated"].as_array().unwrap() {
        let n = number(&case["rows"]) as usize;
        // Of 420 rows a slope of 212 effective events; "no slope" is asked for by asking for more.
        let sloped = case["sloped"].as_bool().unwrap();
        let params = RecalibrationParams {
            half_life_years: case["half_life_years"].as_f64(),
            shift_sd: number(&case["shift_sd"]),
            slope_sd: number(&case["slope_sd"]),
            slope_needs: if sloped { 100.0 } else { 1e6 },
        };
        let found = params.fit(&rows[..n]).unwrap();
        let expected = |name: &str| number(&case[name]);
        near(found.weight, expected("weight"), ROOT);
        near(found.weighted_events, expected("weighted_events"), ROOT);
        near(found.effective_events, expected("effective_events"), ROOT);
        near(found.shift, expected("shift"), ROOT);
        near(found.slope, expected("slope"), ROOT);
        near(found.lag_years, expected("lag_years"), ROOT);
        near(
            found.shift_variance,
            expected("shift_variance"),
            DIFFERENCES,
        );
        let half = Z95 * found.shift_variance.sqrt();
        assert_abs_diff_eq!(found.shift_ci95.low, found.shift - half, epsilon = 1e-12);
        assert_abs_diff_eq!(found.shift_ci95.high, found.shift + half, epsilon = 1e-12);
    }
}

/// Rows of equal weight, so that effective events are events: as many as are asked for, and one
/// fewer; the same of the rows without.
#[test]
fn a_slope_needs_so_many_effective_events_and_others() {
    let row = |i: usize, event| CalibrationRow {
        log_odds: (i % 7) as f64 / 3.0 - 1.0,
        event,
        age_years: 0.0,
        count: 1.0,
        cluster: i,
    };
    let slope = |events: usize, others: usize| {
        let all = (0..events + others).map(|i| row(i, i < events));
        let rows: Vec<_> = all.collect();
        RecalibrationParams::default().fit(&rows).unwrap().slope
    };
    assert_ne!(slope(100, 100), 1.0);
    assert_eq!(slope(99, 300), 1.0);
    assert_eq!(slope(300, 99), 1.0);
}

#[test]
fn without_rows_nothing_changes() {
    let none: [CalibrationRow<u8>; 0] = [];
    let found = RecalibrationParams::default().fit(&none).unwrap();
    assert_eq!((found.shift, found.slope), (0.0, 1.0));
    assert_eq!((found.weight, found.lag_years), (0.0, 0.0));
    assert_eq!(found.apply(-1.25), -1.25);
}

#[test]
fn the_prior_holds_back_a_shift_that_few_rows_ask_for() {
    let few = &rows()[..12];
    let wide = RecalibrationParams {
        shift_sd: 100.0,
        ..RecalibrationParams::default()
    };
    let held = RecalibrationParams::default().fit(few).unwrap();
    let free = wide.fit(few).unwrap();
    assert!(
        held.shift.abs() < 0.6 * free.shift.abs(),
        "{held:?} {free:?}"
    );
}

/// By hand: two rows of equal weight, 1 and 3 years old. Until 1 year all of the weight is older,
/// until 3 years half of it: 1 + 2 (1/2)^2. With a half-life of 2 the weights are 2^-0.5 and
/// 2^-1.5, 2/3 and 1/3 of them: 1 + 2 (1/3)^2.
#[test]
fn the_lag_of_two_rows_is_that_by_hand() {
    let row = |age_years| CalibrationRow {
        log_odds: 0.0,
        event: true,
        age_years,
        count: 1.0,
        cluster: 0,
    };
    let rows = [row(3.0), row(1.0)];
    let lag = |years| {
        let params = RecalibrationParams::default().half_life(years);
        params.fit(&rows).unwrap().lag_years
    };
    assert_abs_diff_eq!(lag(None), 1.5, epsilon = 1e-15);
    assert_abs_diff_eq!(lag(Some(2.0)), 1.0 + 2.0 / 9.0, epsilon = 1e-15);
}

#[test]
fn what_cannot_be_is_refused() {
    let of = |change: fn(&mut CalibrationRow<u64>)| {
        let mut rows = rows();
        change(&mut rows[3]);
        let found = RecalibrationParams::default().fit(&rows);
        found.unwrap_err().to_string()
    };
    for error in [
        of(|row| row.log_odds = f64::NAN),
        of(|row| row.age_years = -0.1),
        of(|row| row.count = 0.0),
        of(|row| row.count = f64::INFINITY),
    ] {
        assert!(error.starts_with("row to calibrate on: found "), "{error}");
    }
    let default = RecalibrationParams::default();
    for (params, what) in [
        (default.half_life(Some(0.0)), "half-life in years"),
        (
            RecalibrationParams {
                shift_sd: 0.0,
                ..default
            },
            "standard deviation of the shift",
        ),
        (
            RecalibrationParams {
                slope_sd: f64::NAN,
                ..default
            },
            "standard deviation of the slope",
        ),
        // A saved model could not hold it.
        (
            RecalibrationParams {
                slope_needs: f64::INFINITY,
                ..default
            },
            "events that a slope needs",
        ),
    ] {
        let error = params.fit(&rows()).unwrap_err().to_string();
        assert!(error.starts_with(what), "{error}");
    }
}

/// The rate of all years, shifted by the same calibration as a model's; what it may have drifted
/// since is in its interval. It has no slope, since it is one number.
#[test]
fn the_rate_of_now_is_that_of_all_years_calibrated_in_time() {
    let panel = SimulationParams::default().simulate().unwrap().panel();
    let day = date("2023-06-01");
    let recipe = FeatureRecipe::four_themes();
    let known = panel.as_of(day);
    let training = known.training(&recipe, OutcomeRule::default(), Months(0));
    let training = training.unwrap();
    let params = RecalibrationParams {
        slope_needs: 1.0,
        ..RecalibrationParams::default()
    };
    let model = RiskParams::default().recalibrated(params).fit(&training);
    let record = model.unwrap().training().clone();
    assert_ne!(record.recalibration.slope, 1.0, "the model's own has one");
    let share = training.events() as f64 / training.rows().len() as f64;
    assert_abs_diff_eq!(record.base_rate, share, epsilon = 1e-15);
    let log_odds = (share / (1.0 - share)).ln();
    let rows: Vec<_> = training
        .rows()
        .iter()
        .map(|row| CalibrationRow {
            log_odds,
            event: row.event,
            age_years: f64::from((day - row.published).get_days()) / 365.25,
            count: 1.0,
            cluster: row.organisation,
        })
        .collect();
    let found = RecalibrationParams::default().fit(&rows).unwrap();
    assert_eq!(found.slope, 1.0);
    let drift = Drift::estimate(&rows).variance_per_year * found.lag_years;
    let half = Z95 * (found.shift_variance + drift).sqrt();
    let probability = |eta: f64| 1.0 / (1.0 + (-eta).exp());
    let now = log_odds + found.shift;
    let rate = record.rate_now;
    assert_abs_diff_eq!(rate.value, probability(now), epsilon = 1e-12);
    assert_abs_diff_eq!(rate.ci95.low, probability(now - half), epsilon = 1e-12);
    assert_abs_diff_eq!(rate.ci95.high, probability(now + half), epsilon = 1e-12);
}

proptest! {
    #[test]
    fn the_shift_moves_expected_towards_observed(
        rows in prop::collection::vec((-4.0..4.0, any::<bool>(), 0.0..8.0), 1..80),
    ) {
        let rows: Vec<CalibrationRow<usize>> = rows
            .into_iter()
            .enumerate()
            .map(|(cluster, (log_odds, event, age_years))| CalibrationRow {
                log_odds, event, age_years, count: 1.0, cluster: cluster / 2,
            })
            .collect();
        let found = RecalibrationParams::default().fit(&rows).unwrap();
        let gap = |shift: f64| -> f64 {
            let of = |row: &CalibrationRow<usize>| {
                let p = 1.0 / (1.0 + (-(row.log_odds + shift)).exp());
                (-row.age_years / 3.0).exp2() * (f64::from(u8::from(row.event)) - p)
            };
            rows.iter().map(of).sum()
        };
        prop_assert!(found.shift * gap(0.0) >= -1e-12, "a shift against the gap: {found:?}");
        let left = gap(found.shift);
        prop_assert!(left.abs() <= gap(0.0).abs() + 1e-9, "further away than before: {found:?}");
        prop_assert!(found.shift_variance >= 0.0 && found.lag_years <= 8.0);
    }
}
