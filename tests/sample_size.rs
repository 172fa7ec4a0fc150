//! Sample sizes are those of Riley et al. and of R.
//!
//! The worked examples of pmsampsize as EVIDENCE.md section 4 quotes them, and
//! `tests/reference/sample_size.json`, printed by `sample_size.R`.

use forewarn::Error;
use forewarn::validate::{Plan, Signal};
use serde_json::Value;

fn r2(signal: f64, parameters: usize, prevalence: f64) -> Plan {
    Plan {
        parameters,
        prevalence,
        signal: Signal::CoxSnellR2(signal),
    }
}

/// Five parameters, 21 events in 103.
fn c(signal: f64) -> Plan {
    Plan {
        parameters: 5,
        prevalence: 21.0 / 103.0,
        signal: Signal::CStatistic(signal),
    }
}

fn by_criterion(plan: Plan) -> [usize; 3] {
    let found = plan.required_rows().unwrap();
    [
        found.for_shrinkage,
        found.for_optimism,
        found.for_prevalence,
    ]
}

#[test]
fn pmsampsize_known_answers() {
    assert_eq!(by_criterion(r2(0.288, 24, 0.174)), [623, 662, 221]);
    assert_eq!(by_criterion(r2(0.55, 24, 0.174)), [255, 532, 221]);
    assert_eq!(by_criterion(r2(0.288, 36, 0.174)), [934, 992, 221]);
    assert_eq!(by_criterion(r2(0.288, 24, 0.25)), [623, 590, 289]);
    let found = r2(0.288, 24, 0.174).required_rows().unwrap();
    assert_eq!(found.rows, 662);
    assert_eq!(format!("{:.2}", found.events_per_parameter), "4.80");
    assert_eq!((found.shortfall(600), found.shortfall(700)), (62, 0));
    assert_eq!(
        format!("{:.6}", r2(0.288, 24, 0.174).largest_r2()),
        "0.603209"
    );
}

#[test]
fn c_statistics_equal_r_by_quadrature() {
    let text = include_str!("reference/sample_size.json");
    let json: Value = serde_json::from_str(text).unwrap();
    for plan in json["plans"].as_array().unwrap() {
        let number = |name: &str| plan[name].as_f64().unwrap();
        let near = |found: f64, name: &str, tolerance: f64| {
            let error = (found - number(name)).abs();
            assert!(
                error < tolerance,
                "{name}: {found}, {error:e} off in {plan}"
            );
        };
        let ours = c(number("c"));
        near(ours.cox_snell_r2().unwrap(), "r2", 1e-12);
        // uniroot was asked for 1e-14, and its R2 has 1e-13 of quadrature in it.
        near(
            ours.expected_shrinkage(103).unwrap(),
            "shrinkage_at_103",
            1e-11,
        );
        near(
            ours.apparent_shrinkage(103).unwrap(),
            "apparent_shrinkage_at_103",
            1e-11,
        );
        let needed: Vec<usize> = serde_json::from_value(plan["needed"].clone()).unwrap();
        assert_eq!(by_criterion(ours).to_vec(), needed);
    }
}

#[test]
fn the_first_watchlist_as_the_evidence_has_it() {
    for (expected_c, rows, apparent) in [(0.70, 525, "0.43"), (0.75, 326, "0.65")] {
        let plan = c(expected_c);
        assert_eq!(plan.required_rows().unwrap().rows, rows);
        let found = plan.apparent_shrinkage(103).unwrap();
        assert_eq!(format!("{found:.2}"), apparent);
        // As many rows as required give what was asked for.
        let there = plan.expected_shrinkage(rows).unwrap();
        assert!((0.9..0.901).contains(&there), "{there}");
    }
}

#[test]
fn shrinkage_lies_between_0_and_1_and_rises_with_rows() {
    for expected_c in [0.51, 0.7, 0.99] {
        let plan = c(expected_c);
        let mut before = 0.0;
        for rows in [1, 10, 100, 10_000, 1_000_000] {
            let found = plan.expected_shrinkage(rows).unwrap();
            assert!(
                found > before && found < 1.0,
                "{expected_c}: {found} at {rows}"
            );
            assert!(plan.apparent_shrinkage(rows).unwrap() < found);
            before = found;
        }
    }
}

#[test]
fn refuses_what_cannot_be() {
    let bad = [
        (r2(0.1, 0, 0.2), "parameters"),
        (r2(0.1, 5, 0.0), "prevalence"),
        (r2(0.1, 5, f64::NAN), "prevalence"),
        (r2(0.9, 5, 0.2), "Cox-Snell R2"),
        (r2(0.0, 5, 0.2), "Cox-Snell R2"),
        (c(0.5), "expected C-statistic"),
        (c(1.0), "expected C-statistic"),
    ];
    for (plan, field) in bad {
        for found in [
            plan.required_rows().map(|_| ()),
            plan.expected_shrinkage(100).map(|_| ()),
            plan.apparent_shrinkage(100).map(|_| ()),
        ] {
            let named = matches!(&found, Err(Error::InvalidValue { what, .. }) if *what == field);
            assert!(named, "{found:?}");
        }
    }
}
