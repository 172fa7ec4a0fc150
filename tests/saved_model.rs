//! A saved model scores the same to the last bit, and a damaged one is refused with the reason.

mod common;

use std::sync::OnceLock;

use common::date;
use forewarn::Error;
use forewarn::data::{OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::{
    Family, HorizonModel, InputFile, LARGEST_MODEL, RefitParams, RiskModel, RiskParams, TestedScore,
};
use forewarn::simulate::SimulationParams;
use serde_json::{Value, json};

fn model() -> &'static (Panel, RiskModel) {
    static MODEL: OnceLock<(Panel, RiskModel)> = OnceLock::new();
    MODEL.get_or_init(fitted)
}

fn fitted() -> (Panel, RiskModel) {
    let panel = SimulationParams::default().simulate().unwrap().panel();
    let recipe = FeatureRecipe::lead_and_timeliness();
    let training = panel
        .as_of(date("2022-06-01"))
        .training(&recipe, OutcomeRule::default(), Months(0))
        .unwrap();
    let model = RiskParams::ridge()
        .penalty(0.1)
        .fit(&training)
        .unwrap()
        .with_inputs(vec![InputFile {
            file: "observations.csv".to_owned(),
            sha256: "00".to_owned(),
        }]);
    (panel, model)
}

/// Themes, penalties averaged, re-fits, past scores and a horizon: all that a model can hold.
fn whole() -> &'static (Panel, RiskModel) {
    static MODEL: OnceLock<(Panel, RiskModel)> = OnceLock::new();
    MODEL.get_or_init(|| {
        let panel = SimulationParams::default().simulate().unwrap().panel();
        let recipe = FeatureRecipe::four_themes();
        let known = panel.as_of(date("2022-06-01"));
        let training = known
            .training(&recipe, OutcomeRule::default(), Months(0))
            .unwrap();
        let params = RiskParams::of(Family::TowardsEqual);
        let model = params.fit(&training).unwrap();
        let draws = RefitParams {
            replicates: 40,
            seed: 3,
        };
        let refits = draws.run(&model, &training).unwrap();
        let tested = training.rows().iter().take(30).enumerate();
        let tested = tested.map(|(i, row)| TestedScore {
            organisation: row.organisation,
            log_odds: -3.0 + 0.1 * i as f64,
            event: row.event,
        });
        let horizon = |months| {
            let rule = OutcomeRule::default();
            HorizonModel::fit(&params, known, &recipe, rule, Months(months)).unwrap()
        };
        let model = model
            .with_refits(refits)
            .with_tested_scores(tested.collect())
            .with_horizon(horizon(24))
            .with_horizon(horizon(12));
        (panel, model)
    })
}

#[test]
fn a_loaded_model_scores_the_same_to_the_last_bit() {
    for (panel, model) in [model(), whole()] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("model.json");
        model.save(&file).unwrap();
        let loaded = RiskModel::load(&file).unwrap();
        assert_eq!(&loaded, model);
        let score =
            |m: &RiskModel| serde_json::to_string(&m.score(panel, date("2023-06-01")).unwrap());
        assert!(score(&loaded).unwrap() == score(model).unwrap());
        assert!(loaded.to_json().unwrap() == model.to_json().unwrap());
    }
}

#[test]
fn a_loaded_model_holds_what_says_how_sure_it_is() {
    let (panel, model) = whole();
    let loaded = RiskModel::from_json(&model.to_json().unwrap()).unwrap();
    let scores = loaded.score(panel, date("2023-06-01")).unwrap();
    for score in &scores.scores {
        assert!(score.places.is_some() && score.listed_in.is_some());
        assert!(score.tested.is_some() && score.instability.is_some());
        assert!(score.within(12).is_some() && score.within(24).is_some());
        assert!(score.null_because.is_empty());
    }
}

/// The field and the message of the refusal of a saved model after `change`.
fn refused(change: impl FnOnce(&mut Value)) -> (String, String) {
    refused_of(&model().1, change)
}

fn refused_of(model: &RiskModel, change: impl FnOnce(&mut Value)) -> (String, String) {
    let mut saved: Value = serde_json::from_str(&model.to_json().unwrap()).unwrap();
    change(&mut saved);
    refusal(&saved.to_string())
}

fn refusal(json: &str) -> (String, String) {
    match RiskModel::from_json(json) {
        Err(Error::Artifact {
            field,
            found,
            expected,
        }) => (field, format!("{found} | {expected}")),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn another_version_is_refused() {
    let (field, why) = refused(|m| m["schema"] = json!(1));
    assert_eq!(field, "schema");
    assert_eq!(why, "1 | 4; save the model again with this version");
}

#[test]
fn an_unknown_field_is_refused() {
    let (_, why) = refused(|m| m["notes"] = json!("hello"));
    assert!(why.contains("unknown field `notes`"), "{why}");
    let (_, why) = refused(|m| m["columns"][0]["weight"] = json!(1));
    assert!(why.contains("unknown field `weight`"), "{why}");
}

#[test]
fn a_missing_field_and_a_truncated_file_are_refused() {
    let (_, why) = refused(|m| {
        m.as_object_mut().unwrap().remove("recipe");
    });
    assert!(why.contains("missing field `recipe`"), "{why}");
    let (_, model) = model();
    let json = model.to_json().unwrap();
    let (_, why) = refusal(&json[..json.len() / 2]);
    assert!(why.contains("EOF while parsing"), "{why}");
}

#[test]
fn a_coefficient_of_1e999_is_refused() {
    let (_, model) = model();
    let coefficient = model.coefficients()[0].to_string();
    let json = model.to_json().unwrap();
    assert!(json.contains(&coefficient));
    let (_, why) = refusal(&json.replace(&coefficient, "1e999"));
    assert!(why.contains("number out of range"), "{why}");
}

#[test]
fn swapped_features_are_refused() {
    let (field, why) = refused(|m| m["columns"].as_array_mut().unwrap().swap(0, 1));
    assert_eq!(field, "columns[0].feature");
    assert_eq!(why, "repeat_plan_rate | rereferral_rate, as in the recipe");
}

#[test]
fn impossible_numbers_are_refused_by_field() {
    assert_eq!(
        refused(|m| m["columns"][2]["scale"] = json!(0.0)).0,
        "columns[2].scale"
    );
    assert_eq!(
        refused(|m| m["columns"][2]["scale"] = json!(-1.0)).0,
        "columns[2].scale"
    );
    assert_eq!(
        refused(|m| m["columns"][0]["prior"]["mean"] = json!(1.5)).0,
        "columns[0].prior"
    );
    assert_eq!(
        refused(|m| m["columns"][2]["prior"] = m["columns"][0]["prior"].clone()).0,
        "columns[2].prior"
    );
    assert_eq!(
        refused(|m| m["training"]["base_rate"] = json!(1.0)).0,
        "training.base_rate"
    );
    assert_eq!(
        refused(|m| m["training"]["events"] = json!(0)).0,
        "training.events"
    );
    assert_eq!(
        refused(|m| m["training"]["penalty"] = json!(-0.1)).0,
        "training.members"
    );
    let linear = |field: &str, value: Value| refused(|m| m["linear"][field] = value).1;
    assert!(linear("prior_shares", json!([2.0])).contains("found [2.0], expected shares"));
    assert!(linear("covariance", json!({"v": 1, "dim": [1, 1], "data": [1.0]})).contains("(1, 1)"));
    let negative = refused(|m| m["linear"]["covariance"]["data"][0] = json!(-1.0)).1;
    assert!(negative.contains("a covariance of order"), "{negative}");
    let number = json!([{"warning": "direction_binds", "column": 99}]);
    assert_eq!(refused(|m| m["warnings"] = number).0, "warnings");
    assert_eq!(
        refused(|m| m["training"]["last_published"] = json!("2030-01-01")).0,
        "training.last_published"
    );
}

#[test]
fn a_model_with_the_wrong_number_of_columns_is_refused() {
    let (field, _) = refused(|m| {
        m["columns"].as_array_mut().unwrap().pop();
    });
    assert_eq!(field, "columns");
    let features = |count: usize| {
        refused(|m| {
            let one = m["recipe"]["features"][0].clone();
            m["recipe"]["features"] = json!(vec![one; count]);
        })
    };
    assert!(features(201).1.contains("found 201, expected 1 to 200"));
    let (field, why) = refusal(&" ".repeat(LARGEST_MODEL as usize + 1));
    assert_eq!(field, "size", "refused before it is read: {why}");
}

/// Each altered field, and the name by which it is refused.
#[test]
fn what_says_how_sure_a_model_is_is_checked_field_by_field() {
    let nowhere = json!({"v": 1, "dim": [1, 1], "data": [1.0]});
    let altered: [(&str, Value, &str); 26] = [
        ("/themes/0/name", json!("other"), "themes"),
        ("/themes/0/present", json!(100_000), "themes"),
        ("/themes/1/scale", json!(0.0), "columns, themes or stand_in"),
        (
            "/training/members/0/penalties/0/1",
            json!(0.9),
            "training.members",
        ),
        (
            "/training/members/0/penalties/0/0",
            json!(-1.0),
            "training.members",
        ),
        ("/training/rate_now/value", json!(0.9), "training.rate_now"),
        (
            "/training/rate_now/ci95",
            json!([0.5, 1.5]),
            "training.rate_now",
        ),
        (
            "/training/recalibration_params/shift_sd",
            json!(-1.0),
            "training.recalibration_params",
        ),
        (
            "/training/recalibration/weight",
            json!(1e6),
            "training.recalibration",
        ),
        (
            "/training/recalibration/slope",
            json!(0.0),
            "training.recalibration",
        ),
        (
            "/training/recalibration/shift_variance",
            json!(-1.0),
            "training.recalibration",
        ),
        (
            "/training/recalibration/lag_years",
            json!(-1.0),
            "training.recalibration",
        ),
        (
            "/training/drift/variance_per_year",
            json!(-0.1),
            "training.drift",
        ),
        ("/linear/report/rows", json!(100_000), "linear.report"),
        ("/support/largest", json!(-1.0), "support"),
        ("/support/inverse", nowhere, "support"),
        ("/refits/replicates", json!(41), "refits"),
        ("/refits/draws/7/coefficients/data", json!([0.1]), "line"),
        (
            "/refits/draws/7/learned/themes/0/1/scale",
            json!(-1.0),
            "refits",
        ),
        ("/refits/draws/7/learned/themes/0/0/end", json!(2), "refits"),
        ("/tested/0/log_odds", Value::Null, "line"),
        ("/horizons/0/months", json!(0), "horizons.months"),
        ("/horizons/0/months", json!(24), "horizons"),
        (
            "/horizons/0/timing/shares/1/2",
            json!(1.5),
            "horizon, timing",
        ),
        (
            "/horizons/0/risk/recipe/min_present",
            json!(0.1),
            "horizons.risk",
        ),
        (
            "/horizons/1/risk/training/base_rate",
            json!(0.0),
            "training.base_rate",
        ),
    ];
    for (place, value, expected) in altered {
        let (field, why) = refused_of(&whole().1, |m| {
            *m.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = value;
        });
        assert!(field.starts_with(expected), "{place}: {field}: {why}");
    }
    let fewer = refused_of(&whole().1, |m| {
        m["refits"]["draws"].as_array_mut().unwrap().pop();
    });
    assert_eq!(fewer.0, "refits");
}

#[test]
fn a_huge_file_is_refused_unread() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.json");
    std::fs::File::create(&file)
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    let error = RiskModel::load(&file).unwrap_err();
    assert_eq!(
        error.to_string(),
        "saved model, size: found 1099511627776 bytes, expected at most 67108864"
    );
}
