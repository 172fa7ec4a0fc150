//! Themes: the mean of the members that are known, in their declared directions, weighed as one.

mod common;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, inspection, panel};
use forewarn::data::{Entity, Grade, OutcomeRule, Panel};
use forewarn::features::{Feature, FeatureRecipe, Measure, Months};
use forewarn::model::{Family, RiskModel, RiskParams, Unused};
use forewarn::score::{Explanation, Scores};
use forewarn::simulate::SimulationParams;

/// Parts must add up within this many log-odds.
const SUM: f64 = 1e-12;
const EXACT: f64 = 1e-12;

const DAY: &str = "2022-01-01";

/// Higher is riskier, and lower is.
const MEMBERS: [&str; 2] = ["caseload", "assessments_45_day_rate"];

/// Of T0, T1 and so on: both members where known, and whether the authority failed.
const ROWS: [([Option<f64>; 2], bool); 8] = [
    ([Some(10.0), Some(0.9)], false),
    ([Some(12.0), Some(0.8)], false),
    ([Some(14.0), None], true),
    ([Some(16.0), Some(0.6)], true),
    ([None, Some(0.7)], false),
    ([Some(20.0), Some(0.5)], true),
    ([None, None], false),
    ([Some(18.0), Some(0.95)], false),
];

fn world() -> Panel {
    let (mut listed, mut figures, mut inspections) = (vec![], vec![], vec![]);
    for (i, (values, failed)) in ROWS.into_iter().enumerate() {
        let number = format!("T{i}");
        let entity = Entity::Authority(code(&number));
        for (name, value) in MEMBERS.into_iter().zip(values) {
            let known = value.map(|v| figure(entity, name, "2020-09-30", "2021-02-25", v));
            figures.extend(known);
        }
        // Everybody has a figure, so that everybody has a row.
        figures.push(figure(
            entity,
            "agency_rate",
            "2020-09-30",
            "2021-02-25",
            0.1 * i as f64,
        ));
        let grade = [Grade::Good, Grade::Inadequate][usize::from(failed)];
        inspections.push(inspection(&number, "2021-05-10", grade));
        listed.push(authority(&number, &number));
    }
    panel(listed, figures, inspections)
}

fn level(name: &str) -> Feature {
    Feature::level(name).unwrap()
}

fn recipe() -> FeatureRecipe {
    let other = vec![level("agency_rate")];
    FeatureRecipe::themed("two", "pressure", 1.0, MEMBERS.map(level).to_vec())
        .and_then(|recipe| recipe.with_theme("staff", 1.0, other))
        .and_then(|recipe| recipe.with_min_present(0.0))
        .unwrap()
}

fn fitted(panel: &Panel, recipe: &FeatureRecipe, params: &RiskParams, on: &str) -> RiskModel {
    let known = panel.as_of(date(on));
    let training = known.training(recipe, OutcomeRule::default(), Months(0));
    params.fit(&training.unwrap()).unwrap()
}

/// Mean and standard deviation, divisor n.
fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, (squares / n).sqrt())
}

/// By hand: each member standardised, the second turned, the mean of those known, standardised.
#[test]
fn a_theme_is_the_mean_of_its_known_members_in_their_declared_directions() {
    let panel = world();
    let ridge = RiskParams::ridge().penalty(0.05);
    let model = fitted(&panel, &recipe(), &ridge, DAY);
    let known = |j: usize| -> Vec<f64> { ROWS.iter().filter_map(|(v, _)| v[j]).collect() };
    let of_members = [moments(&known(0)), moments(&known(1))];
    for (column, (mean, scale)) in model.columns().iter().zip(of_members) {
        assert_abs_diff_eq!(column.mean, mean, epsilon = EXACT);
        assert_abs_diff_eq!(column.scale, scale, epsilon = EXACT);
        assert_eq!(column.present, 6);
    }
    let turned = |values: [Option<f64>; 2]| -> Vec<Option<f64>> {
        let z = |j: usize| Some((values[j]? - of_members[j].0) / of_members[j].1);
        vec![z(0), z(1).map(|z| -z)]
    };
    let mean_of = |values: [Option<f64>; 2]| {
        let z: Vec<f64> = turned(values).into_iter().flatten().collect();
        (!z.is_empty()).then(|| z.iter().sum::<f64>() / z.len() as f64)
    };
    let means: Vec<f64> = ROWS.iter().filter_map(|(v, _)| mean_of(*v)).collect();
    let (mean, scale) = moments(&means);
    let theme = &model.themes()[0];
    assert_eq!((theme.name.as_str(), theme.present), ("pressure", 7));
    assert_abs_diff_eq!(theme.mean, mean, epsilon = EXACT);
    assert_abs_diff_eq!(theme.scale, scale, epsilon = EXACT);

    let coefficient = model.coefficients()[0];
    let scores = model.score(&panel, date(DAY)).unwrap();
    for (i, (values, _)) in ROWS.into_iter().enumerate() {
        let score = scores.of(code(&format!("T{i}"))).unwrap();
        let part = &score.themes[0];
        let z = turned(values);
        let known = z.iter().flatten().count();
        assert_eq!(
            (part.theme.as_str(), part.known, part.members),
            ("pressure", known, 2)
        );
        // Without a known member it is the middle.
        let expected = mean_of(values).map_or(0.0, |m| coefficient * (m - mean) / scale);
        assert_abs_diff_eq!(part.log_odds, expected, epsilon = EXACT);
        for (contribution, z) in score.contributions.iter().zip(z) {
            // A member's share of the standardised mean; a missing one is left out.
            let share = z.map_or(0.0, |z| (z - mean) / (known as f64 * scale));
            assert_abs_diff_eq!(contribution.log_odds, coefficient * share, epsilon = EXACT);
            assert_eq!(contribution.imputed, z.is_none());
            assert_eq!(contribution.theme.as_deref(), Some("pressure"));
        }
    }
}

/// Ranks have a mean of 1/2 and, being spread evenly, a variance of 1/12, whoever was inspected.
#[test]
fn ranks_are_standardised_as_ranks() {
    let panel = world();
    let ranked = MEMBERS.map(|name| level(name).ranked()).to_vec();
    let recipe = FeatureRecipe::themed("ranked", "pressure", 1.0, ranked).unwrap();
    let model = fitted(&panel, &recipe, &RiskParams::default(), DAY);
    for column in model.columns() {
        assert_eq!(column.mean, 0.5);
        assert_abs_diff_eq!(column.scale, (1.0f64 / 12.0).sqrt(), epsilon = 1e-15);
    }
}

/// The weights 3 and 1, of columns that both have a standard deviation of 1.
#[test]
fn equal_weights_are_the_declared_ones() {
    let panel = world();
    let recipe = FeatureRecipe::themed("two", "pressure", 3.0, MEMBERS.map(level).to_vec())
        .and_then(|recipe| recipe.with_theme("staff", 1.0, vec![level("agency_rate")]))
        .unwrap();
    let model = fitted(&panel, &recipe, &RiskParams::of(Family::Composite), DAY);
    let ratio = model.coefficients()[0] / model.coefficients()[1];
    assert_abs_diff_eq!(ratio, 3.0, epsilon = 1e-9);
    // Of features that stand alone the sign is that of their direction.
    let alone = FeatureRecipe::new("alone", MEMBERS.map(level).to_vec()).unwrap();
    let model = fitted(&panel, &alone, &RiskParams::of(Family::Composite), DAY);
    let [caseload, timely] = [model.coefficients()[0], model.coefficients()[1]];
    assert_abs_diff_eq!(caseload, -timely, epsilon = 1e-9);
}

fn adds_up(explained: &Explanation) {
    let mut sum = explained.baseline_log_odds;
    for theme in &explained.themes {
        let members = explained.contributions.iter();
        let members = members.filter(|c| c.theme.as_ref() == Some(&theme.theme));
        assert_eq!(members.clone().count(), theme.members);
        assert_eq!(members.clone().filter(|c| !c.imputed).count(), theme.known);
        let parts: f64 = members.map(|c| c.log_odds).sum();
        assert_abs_diff_eq!(parts, theme.log_odds, epsilon = SUM);
        sum += theme.log_odds;
    }
    let alone = explained.contributions.iter().filter(|c| c.theme.is_none());
    sum += alone.map(|c| c.log_odds).sum::<f64>();
    assert_abs_diff_eq!(sum, explained.linear_predictor, epsilon = SUM);
}

#[test]
fn members_add_up_to_themes_and_themes_to_scores_in_every_family() {
    let panel = SimulationParams::default().simulate().unwrap().panel();
    // A feature that stands alone stands before the themes.
    let mixed = FeatureRecipe::new("mixed", vec![level("agency_rate"), level("vacancy_rate")])
        .and_then(|recipe| {
            recipe.with_theme("pressure", 2.0, MEMBERS.map(|m| level(m).ranked()).to_vec())
        })
        .unwrap();
    assert_eq!((mixed.terms(), mixed.features().len()), (3, 4));
    for recipe in [FeatureRecipe::four_themes(), mixed] {
        for family in Family::ALL {
            let params = RiskParams::of(family).penalty(0.05);
            let model = fitted(&panel, &recipe, &params, "2023-06-01");
            let scores: Scores = model.score(&panel, date("2023-06-01")).unwrap();
            assert!(scores.scores.len() > 100);
            scores.scores.iter().for_each(|score| adds_up(score));
            let terms = model.terms();
            assert_eq!(terms.len(), recipe.terms());
            let used: Vec<f64> = terms
                .iter()
                .filter(|term| term.unused.is_none())
                .map(|term| term.coefficient)
                .collect();
            assert_eq!(model.coefficients().to_vec(), used);
        }
    }
}

/// A theme is chosen or left out as a whole, and a feature that stands alone by itself.
#[test]
fn what_is_not_chosen_has_no_part() {
    let panel = SimulationParams::default().simulate().unwrap().panel();
    let history = vec![Feature::new(Measure::PreviousGrade)];
    let mixed = FeatureRecipe::new("mixed", vec![level("agency_rate"), level("vacancy_rate")])
        .and_then(|recipe| recipe.with_theme("pressure", 1.0, MEMBERS.map(level).to_vec()))
        .and_then(|recipe| recipe.with_theme("history", 1.0, history))
        .unwrap();
    for most in [1, 2, 3] {
        let params = RiskParams::ridge().at_most(most);
        let model = fitted(&panel, &mixed, &params, "2023-06-01");
        let terms = model.terms();
        let left_out = terms.iter().filter(|t| t.unused == Some(Unused::NotChosen));
        let used = 4 - left_out.count();
        assert!((1..=most).contains(&used));
        assert_eq!(model.coefficients().len(), used);
        let scores = model.score(&panel, date("2023-06-01")).unwrap();
        for score in &scores.scores {
            adds_up(score);
            for term in terms.iter().filter(|term| term.unused.is_some()) {
                let parts = &score.contributions[term.features.clone()];
                assert!(parts.iter().all(|part| part.log_odds == 0.0));
            }
        }
        let loaded = RiskModel::from_json(&model.to_json().unwrap()).unwrap();
        assert_eq!(loaded, model);
    }
}

#[test]
fn a_recipe_with_themes_is_read_as_it_was_written() {
    let mixed = FeatureRecipe::new("mixed", vec![level("agency_rate")])
        .and_then(|recipe| recipe.with_theme("pressure", 2.5, MEMBERS.map(level).to_vec()))
        .unwrap();
    let all = FeatureRecipe::named().into_iter().chain([mixed, recipe()]);
    for recipe in all {
        let json = serde_json::to_string(&recipe).unwrap();
        assert_eq!(
            serde_json::from_str::<FeatureRecipe>(&json).unwrap(),
            recipe
        );
    }
    let json = r#"{"name": "one", "themes": [{"name": "history", "features": [
        {"measure": {"kind": "previous_grade_capped"}}]}]}"#;
    let read: FeatureRecipe = serde_json::from_str(json).unwrap();
    assert_eq!(read.themes()[0].weight(), 1.0, "where not stated");
    assert_eq!(read.features()[0].name(), "previous_grade_capped");
    assert_eq!(read.themes()[0].members(), 0..1);
}

#[test]
fn what_cannot_be_a_theme_is_refused() {
    let themed = |name: &str, weight, members| FeatureRecipe::themed("x", name, weight, members);
    let refused = |found: forewarn::Result<FeatureRecipe>| found.unwrap_err().to_string();
    assert_eq!(
        refused(themed("pressure", 1.0, vec![])),
        "theme, features: found none in pressure, expected at least one"
    );
    let one = || vec![level("caseload")];
    let twice = themed("pressure", 1.0, one())
        .and_then(|r| r.with_theme("pressure", 1.0, vec![level("agency_rate")]));
    assert_eq!(
        refused(twice),
        "recipe, themes: found pressure twice, expected each once"
    );
    let shared = themed("pressure", 1.0, one()).and_then(|r| r.with_theme("other", 1.0, one()));
    assert_eq!(
        refused(shared),
        "recipe, features: found caseload twice, expected each once"
    );
    for weight in [0.0, -1.0, f64::NAN, 100.1] {
        let error = refused(themed("pressure", weight, one()));
        assert!(error.starts_with("theme, weight: found"), "{error}");
    }
    assert!(themed("no spaces", 1.0, one()).is_err());
    let ranked = |feature: Feature| themed("pressure", 1.0, vec![feature.ranked()]);
    let expected = "expected a level, change or gap that is not shrunk too";
    assert_eq!(
        refused(ranked(Feature::new(Measure::PreviousGrade))),
        format!("feature, rank: found previous_grade ranked, {expected}")
    );
    assert_eq!(
        refused(ranked(level("repeat_plan_rate").shrunk())),
        format!("feature, rank: found repeat_plan_rate ranked, {expected}")
    );
    // A direction is a matter of the catalogue, so that it is told when features are computed.
    let unsure = themed(
        "time",
        1.0,
        vec![Feature::new(Measure::YearsSinceInspection)],
    )
    .unwrap();
    let error = world().as_of(date(DAY)).features(&unsure).unwrap_err();
    assert_eq!(
        error.to_string(),
        "theme, features: found years_since_inspection, expected members with a declared direction"
    );
}
