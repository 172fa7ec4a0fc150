//! Calibration and net benefit give the numbers of R.
//!
//! Numbers: `metrics_of_ridge_alpha1` in `tests/reference/{birthwt,endometrial}.json`, for R's own
//! ridge fit, and `tests/reference/metrics.json`, printed by `metrics.R` with the scores it used.

mod reference;

use forewarn::validate::{FLEXIBLE_CURVE_NEEDS, Forecast, Measured, Undefined};
use proptest::prelude::*;
use reference::{bools, case, column, near, number, numbers, r};

/// R printed 15 digits of glm fits to a relative change of deviance of 1e-14.
const EXACT: f64 = 1e-10;

fn ours(name: &str) -> (reference::Case, Forecast) {
    let case = case(name);
    let forecast = Forecast::from_log_odds(&case.log_odds, &case.outcomes).unwrap();
    (case, forecast)
}

fn forecast(probabilities: &[f64], outcomes: &[bool]) -> Forecast {
    Forecast::new(probabilities, outcomes).unwrap()
}

fn of_r(name: &str) -> Forecast {
    forecast(&numbers(&r()[name]), &bools(&r()["y"]))
}

#[track_caller]
fn same(found: Measured, estimate: f64, standard_error: f64) {
    near(found.estimate, estimate, EXACT);
    near(found.standard_error, standard_error, EXACT);
    near(
        found.interval95.low,
        estimate - 1.959963984540054 * standard_error,
        3.0 * EXACT,
    );
    near(
        found.interval95.high,
        estimate + 1.959963984540054 * standard_error,
        3.0 * EXACT,
    );
}

#[test]
fn calibration_of_our_fit_equals_r() {
    for name in ["birthwt", "endometrial"] {
        let (case, forecast) = ours(name);
        let large = forecast.calibration_in_the_large().unwrap().estimate;
        near(
            large,
            case.number("calibration_intercept_in_the_large"),
            1e-9,
        );
        let line = forecast.calibration_line().unwrap();
        near(
            line.intercept.estimate,
            case.number("calibration_intercept_with_slope"),
            1e-9,
        );
        near(line.slope.estimate, case.number("calibration_slope"), 1e-9);
        near(
            forecast.calibration_error().unwrap().mean,
            case.number("eavg"),
            1e-9,
        );
    }
}

#[test]
fn isotonic_regression_of_our_fit_equals_r() {
    for name in ["birthwt", "endometrial"] {
        let (case, forecast) = ours(name);
        let mut rows: Vec<_> = case
            .log_odds
            .iter()
            .zip(forecast.isotonic().unwrap())
            .collect();
        rows.sort_by(|a, b| a.0.total_cmp(b.0));
        let fitted: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let first = numbers(&case.expected["isotonic_first5_sorted_by_p"]);
        let last = numbers(&case.expected["isotonic_last5_sorted_by_p"]);
        for (found, expected) in fitted[..5].iter().zip(first) {
            near(*found, expected, 1e-9);
        }
        for (found, expected) in fitted[fitted.len() - 5..].iter().zip(last) {
            near(*found, expected, 1e-9);
        }
    }
}

#[test]
fn net_benefit_of_our_fit_equals_r() {
    for name in ["birthwt", "endometrial"] {
        let (case, forecast) = ours(name);
        let expected = &case.expected["net_benefit"];
        let curve = forecast
            .decision_curve(&numbers(&expected["thresholds"]))
            .unwrap();
        for (i, point) in curve.iter().enumerate() {
            near(point.model, number(&expected["model"][i]), 1e-9);
            near(point.treat_all, number(&expected["treat_all"][i]), 1e-9);
        }
    }
}

#[test]
fn calibration_equals_glm_prop_test_and_val_prob() {
    for name in ["ml", "off"] {
        let (forecast, expected) = (of_r(name), &r()["calibration"][name]);
        let number = |name: &str| number(&expected[name]);
        let large = forecast.calibration_in_the_large().unwrap();
        same(large, number("in_the_large"), number("in_the_large_se"));
        let line = forecast.calibration_line().unwrap();
        same(line.slope, number("slope"), number("slope_se"));
        same(line.intercept, number("intercept"), number("intercept_se"));
        let ratio = forecast.observed_expected().unwrap();
        near(ratio.ratio, number("observed_expected"), EXACT);
        let ends = numbers(&expected["observed_expected_interval"]);
        near(ratio.interval95.low, ends[0], EXACT);
        near(ratio.interval95.high, ends[1], EXACT);
        let error = forecast.calibration_error().unwrap();
        near(
            error.mean,
            expected["val_prob"]["Eavg"].as_f64().unwrap(),
            EXACT,
        );
        near(
            error.p90,
            expected["val_prob"]["E90"].as_f64().unwrap(),
            EXACT,
        );
        near(
            error.largest,
            expected["val_prob"]["Emax"].as_f64().unwrap(),
            EXACT,
        );
        near(error.median, number("e50"), EXACT);
    }
}

/// Ages of mothers, many of them equal, divided by 100 to be probabilities; each row 10 times over
/// to pass the rule of 200 changes ties and windows, so that R's curve is of the same rows.
#[test]
fn flexible_curve_equals_lowess_with_ties() {
    let ages: Vec<f64> = column("birthwt", 1).iter().map(|age| age / 100.0).collect();
    let outcomes = bools(&r()["y"]);
    let tenfold = forecast(&ages, &outcomes).resampled(&[10; 189]).unwrap();
    let expected = &r()["lowess_ages_tenfold"];
    let curve = tenfold.flexible_curve().unwrap();
    let (x, y) = (numbers(&expected["x"]), numbers(&expected["y"]));
    assert_eq!(curve.len(), x.len());
    for (point, (x, y)) in curve.iter().zip(x.iter().zip(y)) {
        near(point.forecast, x / 100.0, EXACT);
        near(point.observed, y, EXACT);
    }
}

#[test]
fn isotonic_regression_equals_isoreg_with_ties() {
    let ages: Vec<f64> = column("birthwt", 1)
        .iter()
        .map(|age| 1.0 - age / 100.0)
        .collect();
    let fitted = forecast(&ages, &bools(&r()["y"])).isotonic().unwrap();
    let expected = &r()["isotonic_ages"];
    let scores = numbers(&expected["score"]);
    let levels = numbers(&expected["fitted"]);
    for (p, found) in ages.iter().zip(fitted) {
        let score = (p * 100.0 - 100.0).round();
        let place = scores.iter().position(|s| *s == score).unwrap();
        near(found, levels[place], EXACT);
    }
}

#[test]
fn decision_curve_equals_r() {
    let expected = r()["net_benefit"].clone();
    for expected in expected.as_array().unwrap() {
        let number = |name: &str| number(&expected[name]);
        let curve = of_r("off").decision_curve(&[number("threshold")]).unwrap();
        near(curve[0].model, number("model"), EXACT);
        near(curve[0].treat_all, number("all"), EXACT);
        near(curve[0].avoided_per_100, number("avoided"), EXACT);
        assert_eq!(curve[0].treat_none, 0.0);
    }
}

#[test]
fn a_probability_at_the_threshold_is_acted_on() {
    let curve = forecast(&[0.2, 0.1], &[true, false])
        .decision_curve(&[0.2])
        .unwrap();
    assert_eq!(
        (curve[0].flagged, curve[0].caught, curve[0].model),
        (1, 1, 0.5)
    );
}

#[test]
fn reliability_by_hand() {
    let p = [0.1, 0.2, 0.2, 0.2, 0.5, 0.9];
    let outcomes = [false, false, true, false, true, true];
    let found = forecast(&p, &outcomes).reliability(3).unwrap();
    // Two each would part the three at 0.2: they stay together.
    let sizes: Vec<_> = found.iter().map(|g| (g.rows, g.events)).collect();
    assert_eq!(sizes, [(4, 1), (2, 2)]);
    near(found[0].forecast, 0.175, 1e-15);
    assert_eq!((found[0].observed, found[0].range), (0.25, [0.1, 0.2]));
    assert_eq!(found[1].observed_interval95.high, 1.0);
}

#[test]
fn undefined_statistics_say_why() {
    let nothing = forecast(&[], &[]);
    assert_eq!(nothing.calibration_in_the_large(), Err(Undefined::NoRows));
    assert_eq!(nothing.calibration_line(), Err(Undefined::NoRows));
    assert_eq!(nothing.calibration_error(), Err(Undefined::NoRows));
    assert_eq!(nothing.observed_expected(), Err(Undefined::NoRows));
    assert_eq!(nothing.isotonic(), Err(Undefined::NoRows));
    assert_eq!(nothing.reliability(1), Err(Undefined::NoRows));
    assert_eq!(nothing.decision_curve(&[0.5]), Err(Undefined::NoRows));
    let no_event = forecast(&[0.1, 0.2], &[false; 2]);
    assert_eq!(
        no_event.calibration_in_the_large(),
        Err(Undefined::OneClass)
    );
    assert_eq!(no_event.calibration_line(), Err(Undefined::OneClass));
    assert_eq!(no_event.calibration_error(), Err(Undefined::OneClass));
    assert_eq!(no_event.observed_expected().unwrap().ratio, 0.0);
    let flat = forecast(&[0.3; 4], &[true, false, false, true]);
    assert_eq!(flat.calibration_line(), Err(Undefined::ConstantScores));
    assert_eq!(flat.calibration_error(), Err(Undefined::ConstantScores));
    // Half of the rows: logit(0.5) - logit(0.3).
    near(
        flat.calibration_in_the_large().unwrap().estimate,
        (0.7_f64 / 0.3).ln(),
        1e-12,
    );
    let certain = forecast(&[0.3, 1.0], &[true, false]);
    let reason = Err(Undefined::CertainForecast { row: 1 });
    assert_eq!(certain.calibration_in_the_large(), reason);
    assert_eq!(certain.calibration_line().map(|_| ()), reason.map(|_| ()));
    let separated = forecast(&[0.1, 0.2, 0.8, 0.9], &[false, false, true, true]);
    assert_eq!(separated.calibration_line(), Err(Undefined::NotConverged));
    assert_eq!(
        forecast(&[0.0], &[false]).observed_expected(),
        Err(Undefined::ZeroDenominator)
    );
    for threshold in [0.0, 1.0, f64::NAN] {
        let found = separated.decision_curve(&[0.5, threshold]);
        assert_eq!(found, Err(Undefined::NoSuchThreshold));
    }
    let few = Undefined::TooFewRows { rows: 4, needed: 5 };
    assert_eq!(separated.reliability(5), Err(few));
    let none = Undefined::TooFewRows { rows: 4, needed: 1 };
    assert_eq!(separated.reliability(0), Err(none));
    assert_eq!(
        separated.resampled(&[1]),
        Err(Undefined::OtherRows {
            found: 1,
            expected: 4
        })
    );
}

#[test]
fn the_flexible_curve_waits_for_200_of_each() {
    let needed = FLEXIBLE_CURVE_NEEDS;
    assert_eq!(needed, 200);
    let found = of_r("ml").flexible_curve();
    assert_eq!(
        found,
        Err(Undefined::TooFewEvents {
            events: 59,
            others: 130,
            needed
        })
    );
    for (events, enough) in [(199, false), (200, true)] {
        let p: Vec<f64> = (0..400).map(|row| f64::from(row) / 400.0).collect();
        let outcomes: Vec<bool> = (0..400).map(|row| row < events).collect();
        assert_eq!(forecast(&p, &outcomes).flexible_curve().is_ok(), enough);
    }
    let flat = forecast(&[0.5; 2], &[true, false])
        .resampled(&[200; 2])
        .unwrap();
    assert_eq!(flat.flexible_curve(), Err(Undefined::ConstantScores));
}

#[test]
fn log_odds_far_apart() {
    let shift = |log_odds: &[f64], outcomes: &[bool]| {
        let forecast = Forecast::from_log_odds(log_odds, outcomes).unwrap();
        forecast.calibration_in_the_large()
    };
    // Only the middle row is unsure: one of two like it has to be expected, at log-odds 0.
    let found = shift(&[-700.0, 700.0, 3.0, 3.0], &[true, false, true, false]).unwrap();
    near(found.estimate, -3.0, 1e-12);
    near(found.standard_error, 2.0_f64.sqrt(), 1e-12);
    // Any shift that makes it all but certain is as good.
    let found = shift(&[-700.0, 700.0, 3.0], &[true, false, true]);
    assert_eq!(found, Err(Undefined::NotConverged));
}

fn rows() -> impl Strategy<Value = (Vec<f64>, Vec<bool>)> {
    let row = (1_u8..20, any::<bool>());
    prop::collection::vec(row, 2..60).prop_map(|rows| {
        rows.into_iter()
            .map(|(p, y)| (f64::from(p) / 20.0, y))
            .unzip()
    })
}

proptest! {
    #[test]
    fn the_shift_makes_expected_equal_observed((p, outcomes) in rows()) {
        let found = forecast(&p, &outcomes);
        if let Ok(shift) = found.calibration_in_the_large() {
            let shifted: Vec<f64> =
                p.iter().map(|p| (p / (1.0 - p)).ln() + shift.estimate).collect();
            let shifted = Forecast::from_log_odds(&shifted, &outcomes).unwrap();
            let ratio = shifted.observed_expected().unwrap().ratio;
            prop_assert!((ratio - 1.0).abs() < 1e-10);
        } else {
            prop_assert!(found.events() == 0 || found.events() == found.rows());
        }
    }

    #[test]
    fn isotonic_levels_rise_and_keep_the_events((p, outcomes) in rows()) {
        let found = forecast(&p, &outcomes);
        let fitted = found.isotonic().unwrap();
        let total: f64 = fitted.iter().sum();
        prop_assert!((total - found.events() as f64).abs() < 1e-9);
        for (i, j) in (0..p.len()).flat_map(|i| (0..p.len()).map(move |j| (i, j))) {
            prop_assert!(p[i] > p[j] || fitted[i] <= fitted[j]);
        }
    }

    #[test]
    fn groups_hold_every_row_once((p, outcomes) in rows(), groups in 1_usize..8) {
        let found = forecast(&p, &outcomes);
        prop_assume!(groups <= p.len());
        let table = found.reliability(groups).unwrap();
        prop_assert!(table.len() <= groups);
        prop_assert_eq!(table.iter().map(|g| g.rows).sum::<usize>(), p.len());
        prop_assert_eq!(table.iter().map(|g| g.events).sum::<usize>(), found.events());
        prop_assert!(table.windows(2).all(|pair| pair[0].range[1] < pair[1].range[0]));
    }

    #[test]
    fn acting_on_all_equals_treat_all((p, outcomes) in rows()) {
        let point = forecast(&p, &outcomes).decision_curve(&[0.05]).unwrap()[0];
        prop_assert_eq!(point.model, point.treat_all);
        prop_assert_eq!(point.avoided_per_100, 0.0);
        let none = forecast(&p, &outcomes).decision_curve(&[0.99]).unwrap()[0];
        prop_assert_eq!((none.model, none.flagged), (0.0, 0));
    }
}
