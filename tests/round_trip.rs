//! What is written as JSON is read back as it was, and refused where it does not hold together.

mod common;

use common::{date, indicator};
use forewarn::data::{Knowledge, OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::{RefitParams, RiskModel, RiskParams, TestedScore};
use forewarn::score::{Capacity, OneScore, ProfileParams, Profiles, Scores, Since};
use forewarn::simulate::SimulationParams;
use forewarn::validate::{
    Backtest, BacktestParams, Bootstrap, Evidence, EvidenceParams, HorizonEvidence, HorizonParams,
    Optimism, SensitivityRow, TrackRecord, TrackRecordParams, optimism, sensitivity,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

const DAY: &str = "2022-01-01";

fn world() -> Panel {
    SimulationParams::default().simulate().unwrap().panel()
}

fn ridge() -> RiskParams {
    RiskParams::ridge().penalty(0.05)
}

/// With everything that a score can hold.
fn model(panel: &Panel) -> RiskModel {
    let recipe = FeatureRecipe::default();
    let day = panel.as_of(date(DAY));
    let training = day
        .training(&recipe, OutcomeRule::default(), Months(0))
        .unwrap();
    let model = ridge().fit(&training).unwrap();
    let params = RefitParams {
        replicates: 60,
        seed: 1,
    };
    let refits = params.run(&model, &training).unwrap();
    let past = training.rows().iter().map(|row| TestedScore {
        organisation: row.organisation,
        log_odds: -1.0,
        event: row.event,
    });
    let past = past.collect();
    model.with_refits(refits).with_tested_scores(past)
}

fn scores() -> Scores {
    let panel = world();
    model(&panel).score(&panel, date(DAY)).unwrap()
}

fn back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(written: &T) {
    let json = serde_json::to_string(written).unwrap();
    let read: T = serde_json::from_str(&json).unwrap();
    assert_eq!(&read, written);
}

#[test]
fn scores_come_back_as_they_were() {
    let panel = world();
    let model = model(&panel);
    let scores = model.score(&panel, date(DAY)).unwrap();
    assert!(!scores.not_scored.is_empty() && scores.scores[0].tested.is_some());
    back::<Scores>(&scores);
    // Nothing is known of the refits, and nulls say why.
    let plain = ridge();
    let recipe = FeatureRecipe::lead_indicators();
    let training = panel.as_of(date(DAY));
    let training = training.training(&recipe, OutcomeRule::default(), Months(0));
    let bare = plain.fit(&training.unwrap()).unwrap();
    let earlier = bare.score(&panel, date(DAY)).unwrap();
    back::<Scores>(&earlier);
    let later = bare.score(&panel, date("2023-01-01")).unwrap();
    back::<Since>(&later.since(&earlier).unwrap());
    let snapshot = panel.as_of(date(DAY));
    for code in [
        scores.scores[0].organisation,
        scores.not_scored[0].organisation,
    ] {
        back::<OneScore>(&model.score_one(snapshot, code).unwrap());
    }
    let profiles = ProfileParams { quarters: 2 };
    back::<Profiles>(&profiles.run(&model, &panel, &scores).unwrap());
}

#[test]
fn evidence_comes_back_as_it_was() {
    let panel = world();
    let ridge = ridge();
    let recipe = FeatureRecipe::lead_indicators();
    let params = BacktestParams {
        years: (2018, 2021),
        replicates: 40,
        permutations: 5,
        leads: vec![Months(0), Months(12)],
        ..BacktestParams::new(vec![recipe.clone()], vec![&ridge])
    };
    let backtest = params.run(&panel, &|_, _| {}).unwrap();
    back::<Backtest>(&backtest);
    back::<Vec<SensitivityRow>>(&sensitivity(&params, &panel).unwrap());
    let bootstrap = Bootstrap::new(40, 1);
    let params = EvidenceParams {
        list_share: 0.2,
        bootstrap,
        indicators: &[indicator("agency_rate")],
        as_of: date(DAY),
    };
    back::<Evidence>(&Evidence::new(backtest, &panel, &params).unwrap());
    let params = HorizonParams {
        model: &ridge,
        recipe: &recipe,
        outcome_rule: OutcomeRule::default(),
        knowledge: Knowledge::Published,
        months: Months(12),
        from: 2019,
        to: date(DAY),
        bootstrap,
    };
    back::<HorizonEvidence>(&params.run(&panel).unwrap());
    let params = TrackRecordParams {
        model: &ridge,
        recipe: &recipe,
        outcome_rule: OutcomeRule::default(),
        knowledge: Knowledge::Published,
        capacity: Capacity::default(),
        from: 2020,
        to: date(DAY),
        draws: bootstrap,
    };
    back::<TrackRecord>(&params.run(&panel).unwrap());
    let day = panel.as_of(date(DAY));
    let training = day.training(&recipe, OutcomeRule::default(), Months(0));
    let training = training.unwrap();
    back::<Optimism>(&optimism(&training, &ridge, bootstrap).unwrap());
}

/// The scores with one thing altered, and why they are refused.
fn refused(alter: impl Fn(&mut Value)) -> String {
    let mut json = serde_json::to_value(scores()).unwrap();
    alter(&mut json);
    let read: Result<Scores, _> = serde_json::from_value(json);
    read.unwrap_err().to_string()
}

#[test]
fn scores_that_do_not_hold_together_are_refused() {
    let first = scores().scores[0].organisation;
    let said = refused(|json| json["scores"][0]["probability"] = 0.5.into());
    assert!(
        said.starts_with(&format!("{first}: found probability 0.5")),
        "{said}"
    );
    let said = refused(|json| json["scores"][0]["contributions"][0]["log_odds"] = 9.0.into());
    assert!(said.contains("expected the linear predictor"), "{said}");
    let said = refused(|json| json["scores"][1]["rank"] = 1.into());
    assert!(said.contains("found rank 1, expected 2"), "{said}");
    let said = refused(|json| json["scores"][0]["interval"]["high"] = 0.0.into());
    assert!(
        said.contains("expected one around the probability"),
        "{said}"
    );
    let said = refused(|json| json["scores"].as_array_mut().unwrap().swap(0, 1));
    assert!(said.contains("expected the highest first"), "{said}");
    let said = refused(|json| {
        let doubled = json["scores"][0].clone();
        json["scores"].as_array_mut().unwrap().insert(0, doubled);
    });
    assert!(said.contains("found twice, expected once"), "{said}");
    let said = refused(|json| json["surprise"] = 1.into());
    assert!(said.contains("unknown field"), "{said}");
}

#[test]
fn a_prediction_that_knew_the_future_is_refused() {
    let panel = world();
    let ridge = ridge();
    let params = BacktestParams {
        years: (2020, 2021),
        replicates: 40,
        ..BacktestParams::new(vec![FeatureRecipe::lead_indicators()], vec![&ridge])
    };
    let backtest = params.run(&panel, &|_, _| {}).unwrap();
    let mut json = serde_json::to_value(&backtest).unwrap();
    let start = json["predictions"][0]["inspection_start"].clone();
    json["predictions"][0]["as_of"] = start;
    let said = serde_json::from_value::<Backtest>(json).unwrap_err();
    assert!(said.to_string().contains("expected them before"), "{said}");
}
