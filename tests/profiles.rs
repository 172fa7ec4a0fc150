//! Profiles: past scores come from what was known then, changes add up, figures keep their dates.

mod common;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, indicator};
use forewarn::data::{
    Catalogue, Entity, Origin, OutcomeRule, Panel, PanelBuilder, Register, Value,
};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::{RiskModel, RiskParams};
use forewarn::score::{FEWEST_EVENTS, ProfileParams, Profiles, Scores};
use forewarn::simulate::SimulationParams;

/// The parts of a change must add up to it within this many log-odds.
const SUM: f64 = 1e-12;

fn world() -> Panel {
    SimulationParams::default().simulate().unwrap().panel()
}

fn scored(panel: &Panel, on: Date) -> (RiskModel, Scores) {
    let recipe = FeatureRecipe::lead_indicators();
    let known = panel.as_of(on);
    let training = known.training(&recipe, OutcomeRule::default(), Months(0));
    let model = RiskParams::ridge().penalty(0.05).fit(&training.unwrap());
    let model = model.unwrap();
    let scores = model.score(panel, on).unwrap();
    (model, scores)
}

fn profiles(panel: &Panel, on: &str, quarters: u16) -> (Scores, Profiles) {
    let (model, scores) = scored(panel, date(on));
    let params = ProfileParams { quarters };
    let found = params.run(&model, panel, &scores).unwrap();
    (scores, found)
}

#[test]
fn a_past_score_is_what_the_whole_pipeline_gave_on_that_day() {
    let panel = world();
    let (today, found) = profiles(&panel, "2023-06-01", 4);
    let days: Vec<String> = found.models.iter().map(|m| m.as_of.to_string()).collect();
    let quarters = [
        "2022-06-01",
        "2022-09-01",
        "2022-12-01",
        "2023-03-01",
        "2023-06-01",
    ];
    assert_eq!(days, quarters);
    let then: Vec<Scores> = found
        .models
        .iter()
        .map(|m| scored(&panel, m.as_of).1)
        .collect();
    for profile in &found.of {
        for past in &profile.past {
            let day = then.iter().find(|s| s.as_of == past.as_of).unwrap();
            let direct = day.of(profile.organisation).unwrap();
            assert_eq!(past.probability.to_bits(), direct.probability.to_bits());
            assert_eq!(past.rank, direct.rank);
        }
        let last = profile.past.last().filter(|p| p.as_of == today.as_of);
        assert_eq!(
            last.map(|p| p.rank),
            today.of(profile.organisation).map(|s| s.rank)
        );
    }
    assert!(found.of.iter().filter(|p| p.past.len() == 5).count() > 100);
}

#[test]
fn a_change_is_the_sum_of_its_parts() {
    let panel = world();
    // Between 1 December and 1 March workforce figures of the autumn are published.
    let (scores, found) = profiles(&panel, "2023-03-01", 1);
    let mut moved = 0;
    for profile in &found.of {
        let Some(change) = &profile.change else {
            assert!(profile.past.len() < 2, "{}", profile.name);
            continue;
        };
        let parts: f64 = change.figures.iter().map(|f| f.log_odds).sum();
        assert_abs_diff_eq!(
            change.log_odds_after - change.log_odds_before,
            parts + change.relearned,
            epsilon = SUM
        );
        let now = scores.of(profile.organisation).unwrap();
        assert_eq!(change.log_odds_after, now.linear_predictor);
        // What stands in for a missing figure moves with the others, and with nothing else.
        let renewed = change.figures.iter().any(|f| f.renewed);
        for figure in change.figures.iter().filter(|f| !f.renewed) {
            let moves = figure.after.is_none() && renewed;
            assert!(
                figure.log_odds == 0.0 || moves,
                "{} of {}",
                figure.feature,
                profile.name
            );
        }
        moved += change.figures.iter().filter(|f| f.renewed).count();
    }
    assert!(
        moved > 300,
        "three workforce figures of 148 authorities: {moved}"
    );
}

#[test]
fn a_day_with_too_little_to_learn_from_has_no_model() {
    let panel = world();
    let (_, found) = profiles(&panel, "2016-06-01", 12);
    assert!(found.days_without_model > 0);
    assert_eq!(found.models.len() + found.days_without_model, 13);
    assert!(found.models.iter().all(|m| m.events >= FEWEST_EVENTS));
}

/// Six authorities of a region; the first has the other five as neighbours, by a model known only
/// later: what is shown over time is held against the newest model's on every day.
fn small_world() -> Panel {
    let mut register = Register::empty();
    let number = |n: usize| format!("A{n}");
    for n in 0..6 {
        let mut one = authority(&number(n), &format!("Place {n}"));
        one.region_code = "R1".to_owned();
        register.insert(one);
    }
    let closest = (1..6).map(|n| code(&number(n))).collect();
    register.set_neighbours(code("A0"), date("2030-01-01"), closest);
    let own = |n: usize, value| {
        let entity = Entity::Authority(code(&number(n)));
        figure(entity, "agency_rate", "2021-09-30", "2022-02-24", value)
    };
    let mut figures: Vec<_> = (0..6).map(|n| own(n, 0.1 * n as f64)).collect();
    let a0 = Entity::Authority(code("A0"));
    let mut low = figure(a0, "agency_rate", "2020-09-30", "2021-02-25", 0.0);
    low.value = Value::Low { below: 0.001 };
    figures.push(low);
    figures.push(figure(a0, "agency_rate", "2022-09-30", "2023-02-23", 0.9));
    for (entity, value) in [(Entity::England, 0.16), (Entity::Region(code("R1")), 0.2)] {
        figures.push(figure(
            entity,
            "agency_rate",
            "2021-09-30",
            "2022-02-24",
            value,
        ));
    }
    let mut builder = PanelBuilder::new(register, Catalogue::childrens_services());
    builder.source(0, "test");
    for figure in figures {
        builder.observation(figure, Origin::default());
    }
    builder.build().unwrap().panel
}

#[test]
fn a_trail_holds_what_was_known_and_nothing_later() {
    let panel = small_world();
    let recipe = FeatureRecipe::lead_indicators();
    let place = panel.register().get(code("A0")).unwrap();
    let trails = panel
        .as_of(date("2023-02-22"))
        .trails(&recipe, place)
        .unwrap();
    let agency = trails
        .iter()
        .find(|t| t.indicator == indicator("agency_rate"))
        .unwrap();
    let points: Vec<_> = agency
        .points
        .iter()
        .map(|p| (p.period_end.to_string(), p.value, p.low))
        .collect();
    let expected = [
        ("2020-09-30".to_owned(), Some(0.0005), true),
        ("2021-09-30".to_owned(), Some(0.0), false),
    ];
    assert_eq!(points, expected);
    assert_eq!(agency.newest().unwrap().known_from, date("2022-02-24"));
    let against = agency.benchmark(date("2021-09-30")).unwrap();
    assert_eq!((against.england, against.region), (Some(0.16), Some(0.2)));
    // (0.1 + 0.2 + 0.3 + 0.4 + 0.5) / 5
    assert_abs_diff_eq!(against.neighbours.unwrap(), 0.3, epsilon = 1e-15);
    // On the day of its release the next figure is there.
    let later = panel
        .as_of(date("2023-02-23"))
        .trails(&recipe, place)
        .unwrap();
    let newest = later.iter().find_map(|t| t.newest()).unwrap();
    assert_eq!(newest.value, Some(0.9));
}
