//! One organisation, plain arrays, and what has changed since: each equal to the whole.

use std::num::NonZeroUsize;

use approx::assert_abs_diff_eq;
use forewarn::Error;
use forewarn::data::{Knowledge, OrganisationCode, OutcomeRule, Panel};
use forewarn::features::{FeatureMatrix, FeatureRecipe, Months, TrainingSet};
use forewarn::jiff::civil::{Date, date};
use forewarn::model::{Family, RefitParams, RiskModel, RiskParams};
use forewarn::ndarray::{Array1, Array2};
use forewarn::score::{Capacity, OneScore, ProfileParams, ScoreParams};
use forewarn::simulate::SimulationParams;
use forewarn::validate::{Bootstrap, optimism};

const TODAY: Date = date(2024, 6, 1);

fn panel() -> Panel {
    SimulationParams::default().simulate().unwrap().panel()
}

fn model(panel: &Panel, recipe: &FeatureRecipe, day: Date) -> RiskModel {
    let training = panel
        .as_of(day)
        .training(recipe, OutcomeRule::default(), Months(0))
        .unwrap();
    let model = RiskParams::default().fit(&training).unwrap();
    let refits = RefitParams {
        replicates: 40,
        seed: 1,
    }
    .run(&model, &training)
    .unwrap();
    model.with_refits(refits)
}

#[test]
fn one_score_is_the_line_of_all_to_the_bit() {
    let panel = panel();
    for recipe in [FeatureRecipe::default(), FeatureRecipe::lead_indicators()] {
        let model = model(&panel, &recipe, TODAY);
        let all = model.score(&panel, TODAY).unwrap();
        let mut scorer = model.scorer(panel.as_of(TODAY)).unwrap();
        for line in &all.scores {
            let OneScore::Scored(one) = scorer.score(line.organisation).unwrap() else {
                panic!("{} has no score", line.organisation);
            };
            assert_eq!(one.explanation, line.explained);
            assert_eq!(one.interval, line.interval);
        }
        for refused in &all.not_scored {
            let one = scorer.score(refused.organisation).unwrap();
            assert_eq!(one, OneScore::NotScored(refused.clone()));
        }
        let first = all.scores[0].organisation;
        let alone = model.score_one(panel.as_of(TODAY), first).unwrap();
        assert_eq!(alone.scored().unwrap().explanation, all.scores[0].explained);
    }
}

#[test]
fn what_would_know_the_future_is_refused() {
    let panel = panel();
    let model = model(&panel, &FeatureRecipe::lead_indicators(), TODAY);
    let early = date(2024, 5, 31);
    let code = OrganisationCode::new("S011").unwrap();
    let expected = "as-of date: found 2024-05-31, expected no earlier than the model's training \
                    day 2024-06-01";
    let refused = |error: Error| assert_eq!(error.to_string(), expected);
    refused(model.score_one(panel.as_of(early), code).unwrap_err());
    refused(model.score(&panel, early).unwrap_err());
    let matrix = panel.as_of(early).features(model.recipe()).unwrap();
    refused(model.linear_predictors(&matrix).unwrap_err());
    refused(model.explain(&matrix).unwrap_err());
    let older = self::model(&panel, model.recipe(), date(2024, 1, 1));
    let scores = older.score(&panel, early).unwrap();
    refused(
        ProfileParams { quarters: 1 }
            .run(&model, &panel, &scores)
            .unwrap_err(),
    );
    let own = panel.as_of_with(TODAY, Knowledge::Own { days: 30 });
    let error = model.score_one(own, code).unwrap_err().to_string();
    assert_eq!(
        error,
        "knowledge of a snapshot: found own:30, expected published, as in training"
    );
    let nobody = OrganisationCode::new("nobody").unwrap();
    let error = model.score_one(panel.as_of(TODAY), nobody).unwrap_err();
    assert!(matches!(error, Error::UnknownAuthority { .. }), "{error}");
}

fn arrays() -> (Array2<f64>, Array1<bool>, Vec<String>) {
    let x = Array2::from_shape_fn((120, 3), |(i, j)| ((31 * i + 7 * j * i + j) % 19) as f64);
    let noise = |i: usize| ((13 * i) % 11) as f64;
    let y = (0..120).map(|i| x[[i, 0]] + noise(i) > 14.0).collect();
    let clusters = (0..120).map(|i| format!("place {}", i / 3)).collect();
    (x, y, clusters)
}

/// Reasons, intervals, optimism and a saved file, without a panel.
#[test]
fn plain_arrays_make_a_whole_risk_model() {
    let (x, y, clusters) = arrays();
    let names = ["load", "noise", "other"];
    let training = TrainingSet::from_values(&names, x.view(), y.view(), &clusters).unwrap();
    assert_eq!(training.events(), y.iter().filter(|event| **event).count());
    for family in [
        Family::Ridge,
        Family::Firth,
        Family::Ordinal,
        Family::Pooled,
    ] {
        let model = RiskParams::of(family).fit(&training).unwrap();
        let refits = RefitParams {
            replicates: 40,
            seed: 1,
        }
        .run(&model, &training)
        .unwrap();
        let model = model.with_refits(refits);
        let new = FeatureMatrix::from_values(&names, x.view()).unwrap();
        let scored = model.explain(&new).unwrap();
        let fitted = model.fitted(&training).unwrap();
        for (row, eta) in scored.iter().zip(&fitted) {
            assert_eq!(row.linear_predictor, *eta);
            let parts: f64 = row.contributions.iter().map(|c| c.log_odds).sum();
            assert_abs_diff_eq!(row.baseline_log_odds + parts, *eta, epsilon = 1e-12);
            assert!(row.interval.low < row.probability && row.probability < row.interval.high);
        }
        let saved = model.to_json().unwrap();
        let loaded = RiskModel::from_json(&saved).unwrap();
        assert_eq!(loaded.linear_predictors(&new).unwrap(), fitted);
    }
    let corrected = optimism(&training, &RiskParams::ridge(), Bootstrap::new(40, 1)).unwrap();
    assert!(corrected.corrected_c.is_ok_and(|c| (0.5..1.0).contains(&c)));
}

#[test]
fn arrays_that_do_not_fit_are_refused() {
    let (mut x, y, clusters) = arrays();
    let from = |names: &[&str], x: &Array2<f64>, clusters: &[String]| {
        let made = TrainingSet::from_values(names, x.view(), y.view(), clusters);
        made.map(|_| ()).unwrap_err().to_string()
    };
    let names = ["load", "noise", "other"];
    assert_eq!(
        from(&names[..2], &x, &clusters),
        "names of columns: found 2, expected 3"
    );
    assert_eq!(
        from(&names, &x, &clusters[..5]),
        "clusters: found 5, expected 120"
    );
    assert!(from(&["a b", "noise", "other"], &x, &clusters).contains("\"a b\""));
    x[[7, 1]] = f64::NAN;
    let error = from(&names, &x, &clusters);
    assert!(
        error.starts_with("row 7, column noise: found NaN"),
        "{error}"
    );
}

/// Baseline and features add up to the change of every score.
#[test]
fn what_has_changed_adds_up() {
    let panel = panel();
    let recipe = FeatureRecipe::default();
    let (before, after) = (date(2023, 6, 1), TODAY);
    let params = ScoreParams {
        capacity: Capacity(NonZeroUsize::new(15).unwrap()),
        ..ScoreParams::default()
    };
    let scores = |day| {
        model(&panel, &recipe, day)
            .score_with(&panel, day, params)
            .unwrap()
    };
    let (earlier, later) = (scores(before), scores(after));
    let since = later.since(&earlier).unwrap();
    let mut both = 0;
    for moved in &since.organisations {
        let (Some(a), Some(b)) = (moved.before, moved.after) else {
            assert!(moved.features.is_empty());
            continue;
        };
        both += 1;
        let parts: f64 = moved.features.iter().map(|f| f.log_odds).sum();
        let change = b.linear_predictor - a.linear_predictor;
        assert_abs_diff_eq!(moved.baseline + parts, change, epsilon = 1e-12);
    }
    assert!(both > 140);
    let came = since
        .organisations
        .iter()
        .filter(|moved| moved.came())
        .count();
    let went = since
        .organisations
        .iter()
        .filter(|moved| moved.went())
        .count();
    assert!(came > 0 && came == went);
    assert!(
        later
            .since(&later)
            .unwrap()
            .organisations
            .iter()
            .all(|m| !m.came() && !m.went())
    );
    let error = earlier.since(&later).unwrap_err().to_string();
    assert_eq!(
        error,
        "day of earlier scores: found 2024-06-01, expected no later than 2023-06-01"
    );
}
