//! What other programs read: the JSON contract, and CSV that no spreadsheet runs.

mod common;

use common::{authority, code, date, figure, inspection, panel};
use forewarn::data::{Entity, Grade, OutcomeRule};
use forewarn::features::{Feature, FeatureRecipe, Months};
use forewarn::model::RiskParams;
use forewarn::score::{Capacity, ScoreParams, Scores};
use serde_json::Value;

/// Twelve authorities, the first of them with a hostile name; every third was failed.
fn scores() -> Scores {
    let names = [
        "=HYPERLINK(\"http://x\")",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tTab",
        "Plain",
    ];
    let mut authorities = Vec::new();
    let mut figures = Vec::new();
    let mut inspections = Vec::new();
    for i in 0..12 {
        let number = format!("T{i:02}");
        let name = names.get(i).copied().unwrap_or("Ordinary, with \"quotes\"");
        authorities.push(authority(&number, name));
        let entity = Entity::Authority(code(&number));
        let rate = 0.05 + 0.02 * i as f64;
        if i != 11 {
            figures.push(figure(
                entity,
                "agency_rate",
                "2020-09-30",
                "2021-02-25",
                rate,
            ));
        }
        let grade = if i % 3 == 0 {
            Grade::Inadequate
        } else {
            Grade::Good
        };
        inspections.push(inspection(&number, "2021-05-10", grade));
    }
    let panel = panel(authorities, figures, inspections);
    let recipe = FeatureRecipe::new("one", vec![Feature::level("agency_rate").unwrap()]).unwrap();
    let day = date("2022-01-01");
    let training = panel
        .as_of(day)
        .training(&recipe, OutcomeRule::Overall, Months(0))
        .unwrap();
    let model = RiskParams::ridge().penalty(0.1).fit(&training).unwrap();
    let params = ScoreParams {
        capacity: Capacity(std::num::NonZeroUsize::new(3).unwrap()),
        ..ScoreParams::default()
    };
    // More than a year after the judgements: whoever was Good may be on the list.
    model
        .score_with(&panel, date("2022-09-01"), params)
        .unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

#[test]
fn the_json_keeps_its_contract() {
    let json = serde_json::to_value(scores()).unwrap();
    let sorted = |mut keys: Vec<&'static str>| {
        keys.sort_unstable();
        keys
    };
    assert_eq!(
        keys(&json),
        sorted(vec![
            "schema",
            "as_of",
            "knowledge",
            "outcome_rule",
            "recipe",
            "training",
            "capacity",
            "listed_events",
            "scores",
            "not_scored"
        ])
    );
    assert_eq!(
        keys(&json["training"]),
        sorted(vec![
            "inspections",
            "events",
            "first_start",
            "last_published",
            "base_rate",
            "base_rate_now",
            "penalty",
            "penalties",
            "calibration",
            "gradient_norm",
            "excluded",
        ])
    );
    let training = &json["training"];
    assert_eq!(keys(&training["base_rate_now"]), ["ci95", "value"]);
    assert_eq!(keys(&training["base_rate_now"]["ci95"]), ["high", "low"]);
    assert_eq!(
        keys(&training["calibration"]),
        ["effective_events", "half_life_years", "shift", "slope"]
    );
    assert_eq!(training["penalties"], serde_json::json!([[0.1, 1.0]]));
    assert_eq!(keys(&json["training"]["excluded"][0]), ["count", "why"]);
    let first = &json["scores"][0];
    assert_eq!(
        keys(first),
        sorted(vec![
            "organisation",
            "name",
            "region",
            "rank",
            "on_watchlist",
            "probability",
            "linear_predictor",
            "baseline_log_odds",
            "contributions",
            "reasons",
            "against_expectation",
            "previous_grade",
            "years_since_inspection",
            "notes",
            "group",
            "interval",
            "places",
            "listed_in",
            "instability",
            "tested",
            "outside_training",
            "in_12_months",
            "null_because",
        ])
    );
    assert_eq!(keys(&first["interval"]), ["high", "low"]);
    // Nothing is null without its reason.
    let nulls = first
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, v)| v.is_null());
    let nulls: Vec<&str> = nulls.map(|(key, _)| key.as_str()).collect();
    assert_eq!(
        nulls,
        [
            "in_12_months",
            "instability",
            "listed_in",
            "places",
            "tested"
        ]
    );
    assert_eq!(keys(&first["null_because"]), nulls);
    assert_eq!(
        keys(&first["contributions"][0]),
        sorted(vec![
            "feature",
            "value",
            "period_end",
            "known_from",
            "imputed",
            "log_odds",
            "label",
            "theme",
            "unit",
            "as_declared",
            "benchmark",
            "shrunk",
            "flags",
            "missing",
            "measure",
            "lower_riskier",
        ])
    );
    assert_eq!(
        keys(&json["not_scored"][0]),
        ["formed", "name", "organisation", "region", "why"]
    );

    assert_eq!(json["as_of"], "2022-09-01");
    assert_eq!(json["knowledge"], "published");
    assert_eq!(json["outcome_rule"], "overall");
    assert_eq!(json["recipe"], "one");
    assert_eq!(first["contributions"][0]["known_from"], "2021-02-25");
    assert_eq!(first["contributions"][0]["period_end"], "2020-09-30");
    assert!(["good", "inadequate"].contains(&first["previous_grade"].as_str().unwrap()));
    let listed = json["scores"].as_array().unwrap().iter();
    assert_eq!(listed.filter(|s| s["on_watchlist"] == true).count(), 3);
    assert_eq!(json["capacity"], 3);
    assert_eq!(keys(&json["listed_events"]), ["high", "low"]);
    assert_eq!(json["not_scored"][0]["organisation"], "T11");
}

#[test]
fn no_cell_of_the_csv_is_a_formula() {
    let csv = scores().to_csv().unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header = reader.headers().unwrap().clone();
    let mut names = Vec::new();
    for row in reader.records() {
        let row = row.unwrap();
        for (column, cell) in header.iter().zip(&row) {
            let number = cell.parse::<f64>().is_ok();
            let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert!(number || !formula, "{column}: {cell:?}");
        }
        names.push(row[4].to_owned());
    }
    assert_eq!(names.len(), 12, "scored and not scored");
    assert!(names.contains(&"'=HYPERLINK(\"http://x\")".to_owned()));
    assert!(names.contains(&"Ordinary, with \"quotes\"".to_owned()));
}
