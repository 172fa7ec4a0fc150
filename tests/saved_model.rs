//! A saved model scores the same to the last bit, and a damaged one is refused with the reason.

mod common;

use std::sync::OnceLock;

use common::date;
use forewarn::Error;
use forewarn::data::{OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::{InputFile, RiskModel, RiskParams};
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

#[test]
fn a_loaded_model_scores_the_same_to_the_last_bit() {
    let (panel, model) = model();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("model.json");
    model.save(&file).unwrap();
    let loaded = RiskModel::load(&file).unwrap();
    assert_eq!(&loaded, model);
    let score = |m: &RiskModel| serde_json::to_string(&m.score(panel, date("2023-06-01")).unwrap());
    assert_eq!(score(&loaded).unwrap(), score(model).unwrap());
    assert_eq!(loaded.to_json().unwrap(), model.to_json().unwrap());
}

/// The field and the message of the refusal of a saved model after `change`.
fn refused(change: impl FnOnce(&mut Value)) -> (String, String) {
    let (_, model) = model();
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
    assert_eq!(why, "1 | 2; save the model again with this version");
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
        refused(|m| m["training"]["base_rate"] = json!(0.5)).0,
        "training.base_rate"
    );
    assert_eq!(
        refused(|m| m["training"]["events"] = json!(0)).0,
        "training.events"
    );
    assert_eq!(
        refused(|m| m["training"]["penalty"] = json!(-0.1)).0,
        "training.penalty"
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
    let (field, why) = features(100_000);
    assert_eq!(field, "size", "refused before it is read: {why}");
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
        "saved model, size: found 1099511627776 bytes, expected at most 4194304"
    );
}
