//! Scores: contributions add up, equal scores share their place, what is not known is said.

mod common;

use std::num::NonZeroUsize;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, inspection, panel};
use forewarn::Error;
use forewarn::data::{Entity, Grade, Knowledge, OutcomeRule, Panel, PanelBuilder, Register};
use forewarn::features::{Feature, FeatureRecipe, Months};
use forewarn::model::{RiskModel, RiskParams, Unused};
use forewarn::score::{Capacity, Refusal, ScoreParams, Scores};
use forewarn::simulate::SimulationParams;

/// Contributions must add up to the linear predictor within this many log-odds.
const SUM: f64 = 1e-12;

fn world() -> Panel {
    SimulationParams::default().simulate().unwrap().panel()
}

fn fitted(panel: &Panel, recipe: &FeatureRecipe, on: &str) -> RiskModel {
    let training = panel
        .as_of(date(on))
        .training(recipe, OutcomeRule::default(), Months(0))
        .unwrap();
    RiskParams::ridge().penalty(0.05).fit(&training).unwrap()
}

#[test]
fn contributions_add_up_to_the_linear_predictor() {
    let panel = world();
    for recipe in FeatureRecipe::named() {
        let scores = fitted(&panel, &recipe, "2023-06-01")
            .score(&panel, date("2023-06-01"))
            .unwrap();
        assert!(scores.scores.len() > 100, "{} scored", scores.scores.len());
        for score in &scores.scores {
            let parts: f64 = score.contributions.iter().map(|c| c.log_odds).sum();
            let sum = score.baseline_log_odds + parts;
            assert_abs_diff_eq!(sum, score.linear_predictor, epsilon = SUM);
            let odds = score.linear_predictor.exp();
            assert_abs_diff_eq!(score.probability, odds / (1.0 + odds), epsilon = SUM);
        }
    }
}

/// In a theme a missing member has no part; what stands alone is filled from the known figures.
#[test]
fn a_missing_figure_is_marked_and_says_what_stands_in_for_it() {
    let panel = world();
    for (recipe, in_theme) in [
        (FeatureRecipe::lead_and_timeliness(), false),
        (FeatureRecipe::four_themes(), true),
    ] {
        let scores = fitted(&panel, &recipe, "2023-06-01")
            .score(&panel, date("2023-06-01"))
            .unwrap();
        let mut found = 0;
        for score in &scores.scores {
            for part in score.contributions.iter().filter(|c| c.imputed) {
                found += 1;
                assert_eq!((part.value, part.known_from), (None, None));
                let why = part.missing.unwrap();
                let note = match in_theme {
                    true => {
                        assert_eq!(part.log_odds, 0.0);
                        let theme = part.theme.as_ref().unwrap();
                        format!("{}: {why}; left out of the theme {theme}", part.label)
                    }
                    false => format!(
                        "{}: {why}; what its other figures say stands in for it",
                        part.label
                    ),
                };
                assert!(
                    score.notes.iter().any(|n| n.to_string() == note),
                    "{note} not in {:?}",
                    score.notes
                );
            }
        }
        assert!(found > 0, "the world has missing figures");
    }
}

#[test]
fn every_authority_of_the_day_is_scored_or_refused_once() {
    let panel = world();
    let day = date("2023-06-01");
    let recipe = FeatureRecipe::lead_indicators();
    let scores = fitted(&panel, &recipe, "2023-06-01")
        .score(&panel, day)
        .unwrap();
    let mut listed: Vec<_> = scores.scores.iter().map(|s| s.organisation).collect();
    listed.extend(scores.not_scored.iter().map(|n| n.organisation));
    listed.sort();
    let existing: Vec<_> = panel.as_of(day).authorities().map(|a| a.code).collect();
    assert_eq!(listed, existing);
    assert!(scores.not_scored.iter().any(|n| n.why == Refusal::TooSmall));
    // By hand: one more than there are higher scores.
    for score in &scores.scores {
        let higher =
            |other: &&forewarn::score::Score| other.linear_predictor > score.linear_predictor;
        assert_eq!(score.rank, 1 + scores.scores.iter().filter(higher).count());
    }
    let falling = |w: &[forewarn::score::Score]| w[0].linear_predictor >= w[1].linear_predictor;
    assert!(scores.scores.windows(2).all(falling));
}

fn listing(model: &RiskModel, panel: &Panel, on: &str, places: usize) -> Scores {
    let params = ScoreParams {
        capacity: Capacity(NonZeroUsize::new(places).unwrap()),
        ..ScoreParams::default()
    };
    model.score_with(panel, date(on), params).unwrap()
}

/// Whoever was judged Inadequate last, or within the year, needs no score and takes no place.
#[test]
fn the_watchlist_is_as_long_as_the_capacity() {
    let panel = world();
    let model = fitted(&panel, &FeatureRecipe::lead_indicators(), "2023-06-01");
    let known = |s: &forewarn::score::Score| {
        s.previous_grade == Some(Grade::Inadequate)
            || s.years_since_inspection.is_some_and(|years| years < 1.0)
    };
    let scores = listing(&model, &panel, "2023-06-01", 7);
    let list = scores.watchlist();
    assert_eq!((scores.capacity, list.len()), (7, 7));
    let expected = scores.scores.iter().filter(|s| !known(s)).take(7);
    assert!(list.into_iter().eq(expected));
    let all = listing(&model, &panel, "2023-06-01", 100_000);
    let candidates = all.scores.iter().filter(|s| !known(s)).count();
    assert_eq!(all.watchlist().len(), candidates);
    assert!((1..all.scores.len()).contains(&candidates));
    assert_eq!(Capacity::default().0.get(), 15);
}

#[test]
fn a_model_does_not_score_a_day_before_its_training() {
    let panel = world();
    let model = fitted(&panel, &FeatureRecipe::lead_indicators(), "2023-06-01");
    let error = model.score(&panel, date("2023-05-31")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "as-of date: found 2023-05-31, expected no earlier than the model's training day 2023-06-01"
    );
}

/// Authorities A to L; the Inadequate ones (every third) had 30% agency staff, the others 10%.
fn small_world(extra: Vec<forewarn::data::Observation>) -> Panel {
    let names: Vec<String> = ('A'..='L').map(String::from).collect();
    let mut figures = extra;
    let mut inspections = Vec::new();
    for (i, name) in names.iter().enumerate() {
        let failed = i % 3 == 0;
        let entity = Entity::Authority(code(name));
        let rate = if failed { 0.3 } else { 0.1 };
        figures.push(figure(
            entity,
            "agency_rate",
            "2020-09-30",
            "2021-02-25",
            rate,
        ));
        figures.push(figure(
            entity,
            "vacancy_rate",
            "2020-09-30",
            "2021-02-25",
            0.2,
        ));
        let grade = if failed {
            Grade::Inadequate
        } else {
            Grade::Good
        };
        inspections.push(inspection(name, "2021-05-10", grade));
    }
    let authorities = names.iter().map(|n| authority(n, n)).collect();
    panel(authorities, figures, inspections)
}

fn recipe(indicators: &[&str]) -> FeatureRecipe {
    let features = indicators
        .iter()
        .map(|i| Feature::level(i).unwrap())
        .collect();
    FeatureRecipe::new("test", features).unwrap()
}

/// A, D, G and J had 30% agency staff, the eight others 10%: the first four share place 1, the
/// others place 5. Everybody was judged within the year, so that two years later those with 30% are
/// Inadequate still, and the list is of the others: with three places it has all eight, who are
/// level.
#[test]
fn equal_scores_share_their_place_and_the_list_takes_all_that_are_level() {
    let panel = small_world(vec![]);
    let model = fitted(&panel, &recipe(&["agency_rate"]), "2022-01-01");
    let scores = model.score(&panel, date("2022-01-01")).unwrap();
    let order: String = scores
        .scores
        .iter()
        .map(|s| s.organisation.to_string())
        .collect();
    assert_eq!(order, "ADGJBCEFHIKL", "listed by code where they are level");
    let ranks: Vec<usize> = scores.scores.iter().map(|s| s.rank).collect();
    assert_eq!(ranks, [1, 1, 1, 1, 5, 5, 5, 5, 5, 5, 5, 5]);
    assert!(
        scores.watchlist().is_empty(),
        "all were judged in July 2021"
    );
    assert_eq!(scores.listed_events, None);
    // Of 30 September 2020, within 24 months.
    let later = listing(&model, &panel, "2022-09-01", 3);
    let list: Vec<String> = later
        .watchlist()
        .iter()
        .map(|s| s.organisation.to_string())
        .collect();
    assert_eq!(list, ["B", "C", "E", "F", "H", "I", "K", "L"]);
}

#[test]
fn features_that_cannot_speak_are_named_and_have_no_part() {
    let panel = small_world(vec![]);
    let model = fitted(
        &panel,
        &recipe(&["agency_rate", "vacancy_rate", "caseload"]),
        "2022-01-01",
    );
    let unused: Vec<_> = model.columns().iter().map(|c| c.unused).collect();
    assert_eq!(
        unused,
        [None, Some(Unused::Constant), Some(Unused::NeverObserved)]
    );
    assert_eq!(model.coefficients().len(), 1, "of the one that is used");
    let coefficients: Vec<f64> = model.terms().iter().map(|t| t.coefficient).collect();
    assert_eq!(coefficients[1..], [0.0, 0.0]);
    assert_eq!(coefficients[0], model.coefficients()[0]);
    assert_eq!(
        model.warnings(),
        [
            "social worker vacancies is constant in the training window: it has no part in the score",
            "cases per social worker has no value in the training window: it has no part in the score",
            "agency social workers: the classes are separated, and only the penalty keeps the \
             coefficient finite",
        ]
    );
    let only = small_world(vec![]);
    let training = only
        .as_of(date("2022-01-01"))
        .training(&recipe(&["vacancy_rate"]), OutcomeRule::Overall, Months(0))
        .unwrap();
    let error = RiskParams::ridge().fit(&training).unwrap_err();
    assert!(
        matches!(error, Error::NoUsableFeature { features: 1 }),
        "{error}"
    );
}

#[test]
fn too_little_known_is_refused_with_what_is_missing() {
    let panel = small_world(vec![]);
    let recipe = recipe(&["agency_rate", "caseload", "absence_rate"]);
    let scores = fitted(&panel, &recipe, "2022-01-01")
        .score(&panel, date("2022-01-01"))
        .unwrap();
    assert!(scores.scores.is_empty());
    assert_eq!(
        scores.not_scored[0].reason(),
        "2 of 3 indicators missing: cases per social worker (no figure known), \
         social worker absence (no figure known)"
    );
}

#[test]
fn training_uses_only_judgements_published_before_the_day() {
    let panel = small_world(vec![]);
    // Started on 10 May 2021, published 60 days later, on 9 July.
    let on = |day| {
        panel
            .as_of(date(day))
            .training(&recipe(&["agency_rate"]), OutcomeRule::Overall, Months(0))
    };
    assert_eq!(on("2021-07-10").unwrap().rows().len(), 12);
    let error = on("2021-07-09").unwrap_err();
    assert!(
        matches!(error, Error::NothingToTrainOn { judged: 0, .. }),
        "{error}"
    );
    let lead = panel
        .as_of(date("2022-01-01"))
        .training(&recipe(&["agency_rate"]), OutcomeRule::Overall, Months(6))
        .unwrap_err();
    assert!(
        matches!(lead, Error::NothingToTrainOn { judged: 12, .. }),
        "six months before, on 9 November 2020, no figure was known: {lead}"
    );
}

#[test]
fn one_class_is_refused() {
    let inspections = vec![inspection("A", "2021-05-10", Grade::Good)];
    let figures = vec![figure(
        Entity::Authority(code("A")),
        "agency_rate",
        "2020-09-30",
        "2021-02-25",
        0.1,
    )];
    let panel = panel(vec![authority("A", "Aston Vale")], figures, inspections);
    let training = panel
        .as_of(date("2022-01-01"))
        .training(&recipe(&["agency_rate"]), OutcomeRule::Overall, Months(0))
        .unwrap();
    let error = RiskParams::ridge().fit(&training).unwrap_err();
    assert_eq!(
        error.to_string(),
        "one class only: 0 events in 1 rows, expected at least one of each"
    );
}

#[test]
fn small_numbers_are_drawn_in_and_the_effect_is_told() {
    // Sixteen plans, seven of them repeats, beside authorities with hundreds.
    let names: Vec<String> = ('A'..='P').map(String::from).collect();
    let mut figures = Vec::new();
    let mut inspections = Vec::new();
    for (i, name) in names.iter().enumerate() {
        let (repeat, plans) = if i == 0 {
            (7.0, 16.0)
        } else {
            (30.0 + 3.0 * i as f64, 250.0)
        };
        figures.push(forewarn::data::Observation {
            numerator: Some(repeat),
            denominator: Some(plans),
            ..figure(
                Entity::Authority(code(name)),
                "repeat_plan_rate",
                "2020-03-31",
                "2020-12-11",
                repeat / plans,
            )
        });
        let grade = if i > 10 {
            Grade::Inadequate
        } else {
            Grade::Good
        };
        inspections.push(inspection(name, "2021-05-10", grade));
    }
    let panel = panel(
        names.iter().map(|n| authority(n, n)).collect(),
        figures,
        inspections,
    );
    let shrunk = Feature::level("repeat_plan_rate").unwrap().shrunk();
    let recipe = FeatureRecipe::new("shrunk", vec![shrunk]).unwrap();
    let scores = fitted(&panel, &recipe, "2021-12-01")
        .score(&panel, date("2021-12-01"))
        .unwrap();
    let tiny = scores.of(code("A")).unwrap();
    assert_eq!(
        tiny.contributions[0].value,
        Some(7.0 / 16.0),
        "the published figure is shown"
    );
    assert!(tiny.contributions[0].shrunk.unwrap() < 0.35);
    assert!(tiny.rank > 1, "44% of sixteen does not top the list");
    assert!(
        tiny.notes[0]
            .to_string()
            .contains(": published 43.8%, counted as "),
        "{:?}",
        tiny.notes
    );
}

#[test]
fn own_figures_are_scored_as_own() {
    let world = SimulationParams::default().simulate().unwrap();
    let panel = world.panel();
    let day = date("2023-05-15");
    let own = Knowledge::Own { days: 30 };
    let recipe = FeatureRecipe::lead_indicators();
    let training = panel
        .as_of_with(day, own)
        .training(&recipe, OutcomeRule::default(), Months(0))
        .unwrap();
    let model = RiskParams::ridge().penalty(0.05).fit(&training).unwrap();
    let scores = model.score(&panel, day).unwrap();
    let part = &scores.scores[0].contributions[0];
    assert_eq!(part.feature, "rereferral_rate");
    assert_eq!(
        part.period_end,
        Some(date("2023-03-31")),
        "known on 30 April, not in October"
    );
    assert_eq!(part.known_from, Some(date("2023-04-30")));
    assert!(part.flags.own);
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let world = SimulationParams::default().simulate().unwrap();
    let reversed = {
        let mut builder =
            PanelBuilder::new(Register::empty(), forewarn::data::Catalogue::default());
        for authority in world.register.iter() {
            builder.register_mut().insert(authority.clone());
        }
        let source = builder.source(0, "simulated");
        for figure in world.observations.iter().rev() {
            let figure = forewarn::data::Observation { source, ..*figure };
            builder.observation(figure, forewarn::data::Origin::default());
        }
        for inspection in world.inspections.iter().rev() {
            builder.inspection(inspection.clone());
        }
        builder.build().unwrap().panel
    };
    let json = |panel: &Panel| {
        let model = fitted(panel, &FeatureRecipe::lead_and_timeliness(), "2023-06-01");
        serde_json::to_string(&model.score(panel, date("2023-06-01")).unwrap()).unwrap()
    };
    assert_eq!(json(&world.panel()), json(&reversed));
}

/// A third were judged in 2013, by the number of their code.
#[test]
fn who_was_never_judged_has_no_grade_and_the_reason_beside() {
    let panel = common::small_world();
    let model = fitted(&panel, &recipe(&["agency_rate"]), "2014-01-01");
    let scores = model.score(&panel, date("2014-01-01")).unwrap();
    // Seven had no figures yet.
    assert_eq!((scores.scores.len(), scores.not_scored.len()), (63, 7));
    for score in &scores.scores {
        let number: i32 = score.organisation.as_str()[1..].parse().unwrap();
        let judged = (2013 - number) % 3 == 0;
        assert_eq!(score.previous_grade.is_some(), judged);
        assert_eq!(score.years_since_inspection.is_some(), judged);
        for key in ["previous_grade", "years_since_inspection"] {
            assert_eq!(score.null_because.contains_key(key), !judged, "{key}");
        }
    }
}
