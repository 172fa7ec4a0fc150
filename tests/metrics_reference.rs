//! Measures of order and proper scores give the numbers of R, and of counting all pairs.
//!
//! Numbers: `metrics_of_ridge_alpha1` in `tests/reference/{birthwt,endometrial}.json`, for R's own
//! ridge fit, and `tests/reference/metrics.json`, printed by `metrics.R` with the scores it used.

mod reference;

use forewarn::Error;
use forewarn::validate::{
    Forecast, Interval, Measured, Ranking, StratifiedRanking, Undefined, hanley_mcneil, quantile,
    wilson,
};
use proptest::prelude::*;
use reference::{bools, case, column, near, number, numbers, r};
use serde_json::Value;

/// R printed 15 digits.
const EXACT: f64 = 1e-12;

fn rank(scores: &[f64], outcomes: &[bool]) -> Ranking {
    Ranking::new(scores, outcomes).unwrap()
}

#[track_caller]
fn same(found: Measured, expected: &Value, tolerance: f64) {
    near(found.estimate, number(&expected["estimate"]), tolerance);
    near(found.standard_error, number(&expected["se"]), tolerance);
    let interval = [found.interval95.low, found.interval95.high];
    for (found, expected) in interval.iter().zip(numbers(&expected["interval"])) {
        near(*found, expected, tolerance);
    }
}

/// The scores of metrics.R by their names there.
fn scores(name: &str) -> Vec<f64> {
    match name {
        "ages" => column("birthwt", 1).iter().map(|age| -age).collect(),
        "previous" => column("birthwt", 4),
        fitted => numbers(&r()[fitted]),
    }
}

fn ranking(name: &str) -> Ranking {
    rank(&scores(name), &bools(&r()["y"]))
}

#[test]
fn c_statistic_and_delong_of_our_fit_equal_r() {
    for name in ["birthwt", "endometrial"] {
        let case = case(name);
        let found = rank(&case.log_odds, &case.outcomes).delong().unwrap();
        near(found.estimate, case.number("auroc"), 1e-9);
        near(found.standard_error, case.number("auroc_se_delong"), 1e-8);
        let ends = numbers(&case.expected["auroc_ci95_delong"]);
        near(found.interval95.low, ends[0], 1e-8);
        near(found.interval95.high, ends[1], 1e-8);
    }
}

#[test]
fn brier_and_log_loss_of_our_fit_equal_r() {
    for name in ["birthwt", "endometrial"] {
        let case = case(name);
        let forecast = Forecast::from_log_odds(&case.log_odds, &case.outcomes).unwrap();
        near(forecast.brier().unwrap(), case.number("brier"), 1e-9);
        near(forecast.log_loss().unwrap(), case.number("log_loss"), 1e-9);
    }
}

#[test]
fn delong_equals_proc_with_and_without_ties() {
    for name in ["ml", "ages", "previous"] {
        same(ranking(name).delong().unwrap(), &r()["delong"][name], EXACT);
    }
}

#[test]
fn paired_difference_equals_proc() {
    for (a, b) in [("ml", "ages"), ("ages", "previous")] {
        let found = ranking(a).delong_difference(&ranking(b)).unwrap();
        same(found, &r()["paired"][format!("{a}_{b}")], EXACT);
        let back = ranking(b).delong_difference(&ranking(a)).unwrap();
        assert_eq!(back.estimate, -found.estimate);
        near(back.standard_error, found.standard_error, EXACT);
    }
}

#[test]
fn average_precision_equals_r() {
    for name in ["ml", "ages", "previous"] {
        let found = ranking(name).tally().average_precision().unwrap();
        near(found, number(&r()["average_precision"][name]), EXACT);
    }
}

#[test]
fn capture_equals_r_also_where_the_last_visit_is_drawn_among_equals() {
    let expected = &r()["capture"];
    for name in ["ml", "previous"] {
        let tally = ranking(name).tally();
        for (visits, caught) in numbers(&expected["visits"])
            .iter()
            .zip(numbers(&expected[name]))
        {
            let found = tally.capture(*visits as usize).unwrap();
            near(found.caught, caught, EXACT);
            near(found.caught + found.false_alarms, *visits, EXACT);
        }
        // 10% of 189 are 18.9 visits: 19; 20% are 37.8: 38.
        assert_eq!(
            tally.capture_share(0.1).unwrap(),
            tally.capture(19).unwrap()
        );
        assert_eq!(tally.capture_share(0.2).unwrap().visits, 38);
        assert_eq!(tally.capture_share(0.0).unwrap().visits, 1);
    }
}

#[test]
fn capture_by_hand() {
    // Six rows, three events; the second and third score are equal.
    let outcomes = [true, false, true, false, true, false];
    let found = rank(&[6.0, 5.0, 5.0, 3.0, 2.0, 1.0], &outcomes)
        .tally()
        .capture(2)
        .unwrap();
    assert_eq!((found.caught, found.false_alarms), (1.5, 0.5));
    assert_eq!((found.share_caught, found.expected_by_chance), (0.5, 1.0));
    assert_eq!(
        (found.best_possible, found.number_needed_to_visit),
        (2.0, Ok(2.0 / 1.5))
    );
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["number_needed_to_visit"], 2.0 / 1.5);
    let none = rank(&[2.0, 1.0], &[false, true])
        .tally()
        .capture(1)
        .unwrap();
    assert_eq!(none.number_needed_to_visit, Err(Undefined::ZeroDenominator));
    let written = &serde_json::to_value(&none).unwrap()["number_needed_to_visit"];
    assert_eq!(written["undefined"], "zero_denominator");
}

/// EVIDENCE.md section 4: at 20% prevalence the best 10% can hold at most 49% of 21 events in 103.
#[test]
fn ten_percent_of_visits_cannot_catch_half_of_21_events_in_103() {
    let outcomes: Vec<bool> = (0..103).map(|row| row < 21).collect();
    let perfect: Vec<f64> = (0..103).map(|row| -f64::from(row)).collect();
    let found = rank(&perfect, &outcomes)
        .tally()
        .capture_share(0.1)
        .unwrap();
    assert_eq!(
        (found.visits, found.caught, found.best_possible),
        (10, 10.0, 10.0)
    );
    near(found.share_caught, 10.0 / 21.0, EXACT);
}

#[test]
fn c_statistic_within_strata_equals_r() {
    let smoke: Vec<bool> = column("birthwt", 3).iter().map(|&s| s == 1.0).collect();
    for name in ["ml", "ages"] {
        let strata = StratifiedRanking::new(&scores(name), &bools(&r()["y"]), &smoke).unwrap();
        let found = strata.c_statistic().unwrap();
        near(found, number(&r()["within_smoke"][name]), EXACT);
        assert_eq!(strata.c_statistic_of(&[1; 189]), Ok(found));
    }
}

#[test]
fn a_score_that_knows_only_the_year_is_chance_within_years() {
    let years = [2018, 2018, 2018, 2019, 2019, 2019];
    let outcomes = [true, true, false, false, false, true];
    let scores = years.map(|year| if year == 2018 { 0.7 } else { 0.3 });
    let strata = StratifiedRanking::new(&scores, &outcomes, &years).unwrap();
    assert_eq!(strata.c_statistic(), Ok(0.5));
    assert!(rank(&scores, &outcomes).tally().c_statistic().unwrap() > 0.6);
}

#[test]
fn proper_scores_equal_r() {
    let forecast = Forecast::new(&scores("off"), &bools(&r()["y"])).unwrap();
    let expected = &r()["scores"];
    near(forecast.brier().unwrap(), number(&expected["brier"]), EXACT);
    near(
        forecast.brier_skill(0.25).unwrap(),
        number(&expected["skill_at_0.25"]),
        EXACT,
    );
    near(
        forecast.log_loss().unwrap(),
        number(&expected["log_loss"]),
        EXACT,
    );
}

#[test]
fn wilson_equals_prop_test_without_continuity_correction() {
    let expected = &r()["wilson"];
    let counts = numbers(&expected["successes"])
        .into_iter()
        .zip(numbers(&expected["trials"]));
    for ((successes, trials), ends) in counts.zip(expected["interval"].as_array().unwrap()) {
        let found = wilson(successes as usize, trials as usize).unwrap();
        near(found.low, numbers(ends)[0], EXACT);
        near(found.high, numbers(ends)[1], EXACT);
    }
    // As EVIDENCE.md section 4 prints it.
    let Interval { low, high } = wilson(21, 103).unwrap();
    let percent = format!("{:.2} {:.2}", 100.0 * low, 100.0 * high);
    assert_eq!(percent, "13.74 29.17");
    assert_eq!(
        serde_json::to_string(&wilson(1, 1).unwrap())
            .unwrap()
            .matches(',')
            .count(),
        1
    );
}

/// EVIDENCE.md section 4: a C-statistic of 0.70 on 21 of 103 carries about +-0.135.
#[test]
fn hanley_and_mcneil_as_the_evidence_quotes_it() {
    let found = hanley_mcneil(0.7, 21, 82).unwrap();
    near(found.interval95.high - 0.7, 0.135, 5e-4);
    near(0.7 - found.interval95.low, 0.135, 5e-4);
    // By hand for one pair: Q1 and Q2 drop out, and c (1 - c) is left.
    near(hanley_mcneil(0.5, 1, 1).unwrap().standard_error, 0.5, EXACT);
}

#[test]
fn quantiles_by_hand() {
    assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), Ok(3.0));
    assert_eq!(quantile(&[1.0, 2.0, 4.0], 1.0), Ok(4.0));
    assert_eq!(quantile(&[], 0.5), Err(Undefined::NoRows));
}

#[test]
fn undefined_statistics_say_why() {
    let nothing = rank(&[], &[]).tally();
    assert_eq!(nothing.c_statistic(), Err(Undefined::NoRows));
    assert_eq!(nothing.average_precision(), Err(Undefined::NoRows));
    assert_eq!(nothing.capture(0), Err(Undefined::NoRows));
    let no_event = rank(&[1.0, 2.0], &[false; 2]).tally();
    assert_eq!(no_event.c_statistic(), Err(Undefined::OneClass));
    assert_eq!(no_event.average_precision(), Err(Undefined::NoEvents));
    assert_eq!(no_event.capture(1), Err(Undefined::NoEvents));
    let two = rank(&[1.0, 2.0], &[false, true]);
    let too_many = Undefined::TooFewRows { rows: 2, needed: 3 };
    assert_eq!(two.tally().capture(3), Err(too_many));
    let few = Undefined::TooFewEvents {
        events: 1,
        others: 1,
        needed: 2,
    };
    assert_eq!(two.delong(), Err(few));
    assert_eq!(
        two.tally_of(&[1]),
        Err(Undefined::OtherRows {
            found: 1,
            expected: 2
        })
    );
    let outcomes = [false, false, true, true];
    for scores in [[1.0, 2.0, 3.0, 4.0], [1.0; 4], [4.0, 3.0, 2.0, 1.0]] {
        assert_eq!(rank(&scores, &outcomes).delong(), Err(Undefined::NoSpread));
    }
    let apart = StratifiedRanking::new(&[1.0, 2.0], &[false, true], &[1, 2]).unwrap();
    assert_eq!(apart.c_statistic(), Err(Undefined::OneClass));
    assert_eq!(apart.c_statistic_of(&[0, 0]), Err(Undefined::NoRows));
    assert_eq!(wilson(0, 0), Err(Undefined::NoRows));
    assert_eq!(
        wilson(3, 2),
        Err(Undefined::TooFewRows { rows: 2, needed: 3 })
    );
    let none = Undefined::TooFewEvents {
        events: 0,
        others: 9,
        needed: 1,
    };
    assert_eq!(hanley_mcneil(0.7, 0, 9), Err(none));
}

#[test]
fn differences_need_the_same_rows_and_some_spread() {
    let outcomes = [false, false, true, true];
    let perfect = rank(&[1.0, 2.0, 3.0, 4.0], &outcomes);
    let same = perfect.delong_difference(&perfect).unwrap();
    assert_eq!((same.estimate, same.standard_error), (0.0, 0.0));
    let reversed = rank(&[4.0, 3.0, 2.0, 1.0], &outcomes);
    assert_eq!(
        perfect.delong_difference(&reversed),
        Err(Undefined::NoSpread)
    );
    let others = rank(&[4.0, 3.0, 2.0, 1.0], &[true, true, false, false]);
    let refused = Undefined::OtherRows {
        found: 4,
        expected: 4,
    };
    assert_eq!(perfect.delong_difference(&others), Err(refused));
    let shorter = rank(&[1.0, 2.0], &[false, true]);
    let refused = Undefined::OtherRows {
        found: 2,
        expected: 4,
    };
    assert_eq!(perfect.delong_difference(&shorter), Err(refused));
}

#[test]
fn certain_forecasts_are_never_clipped() {
    let wrong = Forecast::new(&[0.5, 1.0], &[true, false]).unwrap();
    assert_eq!(wrong.log_loss(), Err(Undefined::CertainForecast { row: 1 }));
    assert_eq!(wrong.brier(), Ok(0.625));
    let right = Forecast::new(&[0.0, 1.0], &[false, true]).unwrap();
    assert_eq!(right.log_loss(), Ok(0.0));
    assert_eq!(right.brier_skill(0.5), Ok(1.0));
    let sure = Forecast::new(&[1.0], &[true]).unwrap();
    assert_eq!(sure.brier_skill(1.0), Err(Undefined::ZeroDenominator));
    let nothing = Forecast::new(&[], &[]).unwrap();
    assert_eq!(nothing.brier(), Err(Undefined::NoRows));
    assert_eq!(nothing.log_loss(), Err(Undefined::NoRows));
    // 1 / (1 + exp(-40)) rounds to 1, its log-odds do not: the loss is 40 + exp(-40).
    let far = Forecast::from_log_odds(&[40.0], &[false]).unwrap();
    assert_eq!(far.log_loss(), Ok(40.0));
}

#[test]
fn malformed_input_is_an_error_that_names_it() {
    let shape = |e: Error| {
        matches!(
            e,
            Error::Shape {
                found: 1,
                expected: 2,
                ..
            }
        )
    };
    assert!(shape(Ranking::new(&[1.0, 2.0], &[true]).unwrap_err()));
    assert!(shape(Forecast::new(&[0.1, 0.2], &[true]).unwrap_err()));
    let strata = StratifiedRanking::new(&[1.0, 2.0], &[true, false], &["a"]);
    assert!(shape(strata.unwrap_err()));
    for bad in [f64::NAN, f64::INFINITY] {
        let found = Ranking::new(&[1.0, bad], &[true, false]).unwrap_err();
        assert!(matches!(found, Error::NotFinite { row: 1, .. }), "{found}");
        let found = Forecast::from_log_odds(&[1.0, bad], &[true, false]).unwrap_err();
        assert!(matches!(found, Error::NotFinite { row: 1, .. }), "{found}");
        let found = Forecast::new(&[1.0, bad], &[true, false]).unwrap_err();
        assert!(matches!(found, Error::InvalidValue { .. }), "{found}");
    }
    assert!(matches!(
        Forecast::new(&[-0.1], &[true]),
        Err(Error::InvalidValue { .. })
    ));
}

/// Every pair, as the definition has it.
fn brute_force(rows: &[(i8, bool, u8)], counts: &[u32], strata: bool) -> Option<f64> {
    let (mut won, mut pairs) = (0.0, 0.0);
    for (i, event) in rows.iter().enumerate().filter(|(_, r)| r.1) {
        for (j, other) in rows.iter().enumerate().filter(|(_, r)| !r.1) {
            if strata && event.2 != other.2 {
                continue;
            }
            let pair = f64::from(counts[i]) * f64::from(counts[j]);
            let half_wins = 1 + i32::from(event.0 > other.0) - i32::from(event.0 < other.0);
            won += pair * f64::from(half_wins) / 2.0;
            pairs += pair;
        }
    }
    (pairs > 0.0).then_some(won / pairs)
}

/// Few distinct scores, so that ties are common.
fn rows() -> impl Strategy<Value = Vec<(i8, bool, u8)>> {
    prop::collection::vec((-4_i8..5, any::<bool>(), 0_u8..3), 1..40)
}

fn columns(rows: &[(i8, bool, u8)]) -> (Vec<f64>, Vec<bool>) {
    rows.iter().map(|row| (f64::from(row.0), row.1)).unzip()
}

proptest! {
    #[test]
    fn c_statistics_equal_counting_all_pairs(rows in rows(), seed in any::<u32>()) {
        let (scores, outcomes) = columns(&rows);
        let counts: Vec<u32> = (0..rows.len() as u32).map(|i| (seed >> (i % 29)) % 4).collect();
        let once = vec![1; rows.len()];
        let ranking = rank(&scores, &outcomes);
        let close = |found: Option<f64>, expected: Option<f64>| match (found, expected) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-14,
            (a, b) => a == b,
        };
        let found = ranking.tally().c_statistic().ok();
        prop_assert!(close(found, brute_force(&rows, &once, false)));
        let found = ranking.tally_of(&counts).unwrap().c_statistic().ok();
        prop_assert!(close(found, brute_force(&rows, &counts, false)));
        let strata: Vec<u8> = rows.iter().map(|row| row.2).collect();
        let strata = StratifiedRanking::new(&scores, &outcomes, &strata).unwrap();
        prop_assert!(close(strata.c_statistic().ok(), brute_force(&rows, &once, true)));
        let found = strata.c_statistic_of(&counts).ok();
        prop_assert!(close(found, brute_force(&rows, &counts, true)));
    }

    #[test]
    fn order_is_all_that_counts(rows in rows()) {
        let (scores, outcomes) = columns(&rows);
        let tally = rank(&scores, &outcomes).tally();
        let risen: Vec<f64> = scores.iter().map(|s| s.powi(3) * 1e-3 - 7.0).collect();
        prop_assert_eq!(&rank(&risen, &outcomes).tally(), &tally);
        let (mut backwards, mut their_outcomes) = (scores.clone(), outcomes.clone());
        backwards.reverse();
        their_outcomes.reverse();
        prop_assert_eq!(&rank(&backwards, &their_outcomes).tally(), &tally);
        let negated: Vec<f64> = scores.iter().map(|s| -s).collect();
        if let Ok(c) = tally.c_statistic() {
            prop_assert!((0.0..=1.0).contains(&c));
            let turned = rank(&negated, &outcomes).tally().c_statistic().unwrap();
            prop_assert!((turned - (1.0 - c)).abs() < 1e-14);
        }
    }

    #[test]
    fn all_visits_catch_all_and_more_visits_never_fewer(rows in rows()) {
        let (scores, outcomes) = columns(&rows);
        let tally = rank(&scores, &outcomes).tally();
        let events = tally.total().events;
        prop_assume!(events > 0.0);
        prop_assert_eq!(tally.capture(rows.len()).unwrap().caught, events);
        prop_assert_eq!(tally.capture(0).unwrap().caught, 0.0);
        let mut before = 0.0;
        for visits in 0..=rows.len() {
            let found = tally.capture(visits).unwrap();
            prop_assert!(found.caught >= before && found.caught <= found.best_possible + 1e-12);
            before = found.caught;
        }
        let precision = tally.average_precision().unwrap();
        prop_assert!(precision > 0.0 && precision <= 1.0 + 1e-15);
    }
}
