//! Features from a short history of figures: every expected number is worked out by hand beside it.

mod common;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, indicator, inspection, panel};
use forewarn::data::{
    AuthorityCode, Entity, Grade, Knowledge, Missing, Observation, Panel, Standing, Value,
};
use forewarn::features::{BetaPrior, Cell, CellState, Feature, FeatureRecipe, Measure};
use forewarn::jiff::civil::Date;

const EXACT: f64 = 1e-15;
const AGENCY: &str = "agency_rate";

fn own(period: &str, known: &str, value: f64) -> Observation {
    figure(Entity::Authority(code("A")), AGENCY, period, known, value)
}

fn measured(
    panel: &Panel,
    measure: Measure,
    on: &str,
    knowledge: Knowledge,
) -> (Cell, Option<f64>) {
    let recipe = FeatureRecipe::new("one", vec![Feature::new(measure)]).unwrap();
    let day: Date = date(on);
    let snapshot = panel.as_of_with(day, knowledge);
    let matrix = snapshot
        .features_for(&recipe, vec![(code("A"), day)])
        .unwrap();
    (matrix.row(0)[0], matrix.value(0, 0))
}

fn level(panel: &Panel, on: &str) -> (Cell, Option<f64>) {
    let measure = Measure::Level {
        indicator: indicator(AGENCY),
    };
    measured(panel, measure, on, Knowledge::Published)
}

fn alone(figures: Vec<Observation>) -> Panel {
    panel(vec![authority("A", "Aston Vale")], figures, vec![])
}

#[test]
fn a_level_is_the_newest_figure_known_on_the_day() {
    let panel = alone(vec![
        own("2020-09-30", "2021-02-25", 0.10),
        own("2021-09-30", "2022-02-24", 0.20),
    ]);
    assert_eq!(
        level(&panel, "2022-02-23").1,
        Some(0.10),
        "the day before publication"
    );
    let (cell, value) = level(&panel, "2022-02-24");
    assert_eq!(value, Some(0.20), "the day of publication");
    assert_eq!(cell.period_end, Some(date("2021-09-30")));
    assert_eq!(cell.known_from, Some(date("2022-02-24")));
    assert_eq!(level(&panel, "2021-02-24").0.state, CellState::NoFigure);
}

#[test]
fn of_two_vintages_the_newest_known_one_counts() {
    let panel = alone(vec![
        own("2020-09-30", "2021-02-25", 0.10),
        own("2020-09-30", "2022-02-24", 0.12),
    ]);
    assert_eq!(level(&panel, "2022-02-23").1, Some(0.10));
    assert_eq!(level(&panel, "2022-02-24").1, Some(0.12));
}

#[test]
fn a_figure_older_than_24_months_is_missing_and_says_so() {
    let panel = alone(vec![own("2020-09-30", "2021-02-25", 0.10)]);
    assert_eq!(
        level(&panel, "2022-09-30").1,
        Some(0.10),
        "24 months old to the day"
    );
    assert_eq!(level(&panel, "2022-10-01").0.state, CellState::TooOld);
}

#[test]
fn a_withheld_figure_falls_back_on_the_year_before_while_that_is_fresh() {
    let mut withheld = own("2021-09-30", "2022-02-24", 0.0);
    withheld.value = Value::Missing(Missing::Suppressed);
    let panel = alone(vec![own("2020-09-30", "2021-02-25", 0.10), withheld]);
    assert_eq!(level(&panel, "2022-06-01").1, Some(0.10));
    assert_eq!(
        level(&panel, "2022-12-01").0.state,
        CellState::Withheld(Missing::Suppressed)
    );
}

#[test]
fn low_counts_as_the_middle_of_its_interval() {
    let mut low = own("2021-09-30", "2022-02-24", 0.0);
    low.value = Value::Low { below: 0.0005 };
    let (cell, value) = level(&alone(vec![low]), "2022-06-01");
    assert_eq!(value, Some(0.00025));
    assert!(cell.flags.low);
}

#[test]
fn a_change_compares_with_the_same_day_years_before() {
    let panel = alone(vec![
        own("2019-09-30", "2020-02-27", 0.05),
        own("2020-09-30", "2021-02-25", 0.10),
        own("2021-09-30", "2022-02-24", 0.25),
    ]);
    let change = |years| Measure::Change {
        indicator: indicator(AGENCY),
        years,
    };
    let of = |years| measured(&panel, change(years), "2022-06-01", Knowledge::Published);
    assert_abs_diff_eq!(of(1).1.unwrap(), 0.15, epsilon = EXACT);
    assert_abs_diff_eq!(of(2).1.unwrap(), 0.20, epsilon = EXACT);
    assert_eq!(of(3).0.state, CellState::NoComparison);
}

#[test]
fn own_figures_are_known_early_but_england_waits_for_publication() {
    let england = |period, known, value| figure(Entity::England, AGENCY, period, known, value);
    let panel = alone(vec![
        own("2020-09-30", "2021-02-25", 0.10),
        own("2021-09-30", "2022-02-24", 0.20),
        england("2020-09-30", "2021-02-25", 0.15),
        england("2021-09-30", "2022-02-24", 0.16),
    ]);
    let gap = Measure::GapToEngland {
        indicator: indicator(AGENCY),
    };
    let own = Knowledge::Own { days: 30 };
    // 30 September + 30 days = 30 October. England's newest figure is still 0.15.
    assert_abs_diff_eq!(
        measured(&panel, gap, "2021-10-29", own).1.unwrap(),
        -0.05,
        epsilon = EXACT
    );
    let (cell, value) = measured(&panel, gap, "2021-10-30", own);
    assert_abs_diff_eq!(value.unwrap(), 0.05, epsilon = EXACT);
    assert_eq!(cell.known_from, Some(date("2021-10-30")));
    assert!(cell.flags.own);
    // Once it is published it is an own figure no more, though it was known early.
    let (cell, _) = measured(&panel, gap, "2022-02-24", own);
    assert_eq!(
        (cell.known_from, cell.flags.own),
        (Some(date("2021-10-30")), false)
    );
    let published = measured(&panel, gap, "2022-02-24", Knowledge::Published);
    assert_abs_diff_eq!(published.1.unwrap(), 0.04, epsilon = EXACT);
}

#[test]
fn a_revision_is_not_known_early_even_to_its_owner() {
    let panel = alone(vec![
        own("2021-09-30", "2022-02-24", 0.20),
        own("2021-09-30", "2023-02-23", 0.30),
    ]);
    let measure = Measure::Level {
        indicator: indicator(AGENCY),
    };
    let value = |on| measured(&panel, measure, on, Knowledge::Own { days: 30 }).1;
    assert_eq!(value("2021-11-15"), Some(0.20));
    assert_eq!(value("2023-02-22"), Some(0.20));
    assert_eq!(value("2023-02-23"), Some(0.30));
}

#[test]
fn neighbours_need_five_figures_and_theirs_wait_for_publication() {
    let names = ["A", "N1", "N2", "N3", "N4", "N5"];
    let figures = |count: usize| -> Vec<Observation> {
        names[..count]
            .iter()
            .enumerate()
            .map(|(i, name)| {
                let entity = Entity::Authority(code(name));
                figure(entity, AGENCY, "2021-09-30", "2022-02-24", 0.1 * i as f64)
            })
            .collect()
    };
    let build = |count| {
        let mut register = forewarn::data::Register::empty();
        for name in names {
            register.insert(authority(name, name));
        }
        let closest = names[1..].iter().map(|n| code(n)).collect();
        register.set_neighbours(code("A"), date("2020-01-01"), closest);
        let mut builder =
            forewarn::data::PanelBuilder::new(register, forewarn::data::Catalogue::default());
        builder.source(0, "test");
        for figure in figures(count) {
            builder.observation(figure, forewarn::data::Origin::default());
        }
        builder.build().unwrap().panel
    };
    let gap = Measure::GapToNeighbours {
        indicator: indicator(AGENCY),
    };
    let of = |count, on, knowledge| measured(&build(count), gap, on, knowledge);
    // Own 0.0 less the mean of 0.1, 0.2, 0.3, 0.4 and 0.5.
    let whole = of(6, "2022-03-01", Knowledge::Published);
    assert_abs_diff_eq!(whole.1.unwrap(), -0.3, epsilon = EXACT);
    assert_eq!(
        of(5, "2022-03-01", Knowledge::Published).0.state,
        CellState::NoComparison
    );
    let early = of(6, "2021-12-01", Knowledge::Own { days: 30 });
    assert_eq!(
        early.0.state,
        CellState::NoComparison,
        "neighbours are not yet published"
    );
}

/// Eleven authorities: A's figure is 0, of N1 to N5 0.1, of M1 to M5 0.4. The lists are A's.
fn with_lists(lists: &[(&str, &str)]) -> Panel {
    let members = |letter: &str| (1..6).map(|n| format!("{letter}{n}")).collect::<Vec<_>>();
    let groups = [("N", 0.1), ("M", 0.4)].map(|(letter, value)| (members(letter), value));
    let mut register = forewarn::data::Register::empty();
    register.insert(authority("A", "A"));
    for name in groups.iter().flat_map(|(names, _)| names) {
        register.insert(authority(name, name));
    }
    for (known_from, letter) in lists {
        let closest = members(letter).iter().map(|name| code(name)).collect();
        register.set_neighbours(code("A"), date(known_from), closest);
    }
    let mut builder =
        forewarn::data::PanelBuilder::new(register, forewarn::data::Catalogue::default());
    builder.source(0, "test");
    let groups = groups.into_iter().chain([(vec!["A".to_owned()], 0.0)]);
    for (name, value) in groups.flat_map(|(names, v)| names.into_iter().map(move |n| (n, v))) {
        let entity = Entity::Authority(code(&name));
        let figure = figure(entity, AGENCY, "2020-09-30", "2021-02-25", value);
        builder.observation(figure, forewarn::data::Origin::default());
    }
    builder.build().unwrap().panel
}

#[test]
fn neighbours_are_those_of_the_newest_model_known_on_the_day() {
    let gap = Measure::GapToNeighbours {
        indicator: indicator(AGENCY),
    };
    let of = |panel: &Panel, on| measured(panel, gap, on, Knowledge::Published);
    // 0 less the mean of five equal figures.
    let panel = with_lists(&[("2021-04-30", "N"), ("2022-05-31", "M")]);
    let value = |on| of(&panel, on).1.unwrap();
    assert_eq!(of(&panel, "2021-04-29").0.state, CellState::NoComparison);
    assert_abs_diff_eq!(value("2021-04-30"), -0.1, epsilon = EXACT);
    assert_abs_diff_eq!(value("2022-05-30"), -0.1, epsilon = EXACT);
    assert_abs_diff_eq!(value("2022-05-31"), -0.4, epsilon = EXACT);
    // A later model changes nothing before its day.
    let earlier = with_lists(&[("2021-04-30", "N")]);
    for day in ["2021-03-01", "2021-04-29", "2021-04-30", "2022-05-30"] {
        let [with, without] = [&panel, &earlier].map(|p| format!("{:?}", of(p, day)));
        assert_eq!(with, without, "{day}");
    }
}

#[test]
fn a_register_keeps_every_list_of_neighbours() {
    let panel = with_lists(&[
        ("2022-05-31", "M"),
        ("2021-04-30", "N"),
        ("2021-04-30", "M"),
    ]);
    let register = panel.register();
    let first = |list: &[AuthorityCode]| list.first().map(|code| code.to_string());
    let on = |day| first(register.neighbours_on(code("A"), date(day)));
    assert_eq!(on("2021-04-29"), None);
    // The second list known from one day replaces the first.
    assert_eq!(on("2021-04-30").as_deref(), Some("M1"));
    assert_eq!(first(register.neighbours(code("A"))).as_deref(), Some("M1"));
    let swapped = with_lists(&[("2022-05-31", "M"), ("2021-04-30", "N")]);
    let register = swapped.register();
    let newest = register.neighbours(code("A"));
    assert_eq!(first(newest).as_deref(), Some("M1"), "the newest of all");
    assert_eq!(
        register.neighbours_on(code("A"), date("2022-05-31")),
        newest
    );
    assert!(register.neighbours(code("N1")).is_empty());
}

#[test]
fn judgements_count_from_their_publication() {
    let inspections = vec![
        inspection("A", "2015-01-05", Grade::Inadequate), // published 2015-03-06
        inspection("A", "2017-01-02", Grade::Good),       // published 2017-03-03
    ];
    let panel = panel(vec![authority("A", "Aston Vale")], vec![], inspections);
    let value = |measure, on| measured(&panel, measure, on, Knowledge::Published).1;
    assert_eq!(value(Measure::PreviousGrade, "2015-03-05"), None);
    assert_eq!(value(Measure::PreviousGrade, "2015-03-06"), Some(4.0));
    assert_eq!(value(Measure::PreviousGrade, "2017-03-03"), Some(2.0));
    assert_eq!(value(Measure::InadequateBefore, "2017-03-03"), Some(1.0));
    // 2015-03-06 to 2016-03-06 is 366 days.
    assert_eq!(
        value(Measure::YearsSinceInspection, "2016-03-06"),
        Some(366.0 / 365.25)
    );
}

#[test]
fn a_new_authority_inherits_only_where_the_recipe_says_so() {
    let mut new = authority("NEW", "Newly Formed");
    new.predecessors = vec![code("A"), code("B")];
    new.from = Some(date("2021-04-01"));
    let counted = |who, numerator: f64, denominator: f64| Observation {
        numerator: Some(numerator),
        denominator: Some(denominator),
        ..figure(
            Entity::Authority(code(who)),
            AGENCY,
            "2020-09-30",
            "2021-02-25",
            numerator / denominator,
        )
    };
    let authorities = vec![new, authority("A", "Aston Vale"), authority("B", "Bexmoor")];
    let panel = panel(
        authorities,
        vec![counted("A", 10.0, 100.0), counted("B", 20.0, 50.0)],
        vec![],
    );
    let plain = FeatureRecipe::new("plain", vec![Feature::level(AGENCY).unwrap()]).unwrap();
    let day = date("2021-06-01");
    let cell = |recipe: &FeatureRecipe| {
        let matrix = panel
            .as_of(day)
            .features_for(recipe, vec![(code("NEW"), day)])
            .unwrap();
        (matrix.row(0)[0], matrix.value(0, 0))
    };
    assert_eq!(cell(&plain).0.state, CellState::NoFigure);
    // (10 + 20) of (100 + 50).
    let (inherited, value) = cell(&plain.clone().with_inheritance(true));
    assert_eq!(value, Some(0.2));
    assert!(inherited.flags.inherited);
}

#[test]
fn rows_later_than_the_snapshot_are_refused() {
    let panel = alone(vec![]);
    let recipe = FeatureRecipe::lead_indicators();
    let late = vec![(code("A"), date("2022-01-02"))];
    let error = panel
        .as_of(date("2022-01-01"))
        .features_for(&recipe, late)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "as-of date of a row: found 2022-01-02, expected no later than the snapshot's, 2022-01-01"
    );
}

#[test]
fn the_prior_agrees_with_an_independent_computation() {
    // tests/reference/kleinman.py prints these numbers.
    let pairs = [
        (7.0, 16.0),
        (30.0, 200.0),
        (55.0, 310.0),
        (12.0, 90.0),
        (80.0, 400.0),
        (21.0, 150.0),
        (9.0, 40.0),
        (66.0, 520.0),
        (18.0, 75.0),
        (40.0, 260.0),
        (33.0, 110.0),
        (5.0, 60.0),
    ];
    let prior = BetaPrior::fit(pairs.into_iter()).unwrap();
    assert_abs_diff_eq!(prior.mean, MEAN, epsilon = 1e-9);
    approx::assert_relative_eq!(prior.strength, STRENGTH, max_relative = 1e-8);
    let shrunk = prior.shrink(7.0, 16.0);
    assert!(
        prior.mean < shrunk && shrunk < 0.3,
        "44% of a handful is drawn in: {shrunk}"
    );
}

const MEAN: f64 = 0.183_615_032_424_739_24;
const STRENGTH: f64 = 31.700_754_565_644_777;

#[test]
fn a_prior_is_refused_where_nothing_can_be_learned() {
    let nine = (0..9).map(|i| (f64::from(i), 20.0));
    assert_eq!(BetaPrior::fit(nine), None, "fewer than ten rates");
    assert_eq!(
        BetaPrior::fit((0..20).map(|_| (0.0, 20.0))),
        None,
        "no event anywhere"
    );
    let even = BetaPrior::fit((0..20).map(|_| (5.0, 20.0))).unwrap();
    assert_eq!(even.mean, 0.25);
    assert!(
        even.strength > 999_999.0,
        "rates without spread are drawn in wholly"
    );
}

#[test]
fn a_recipe_is_checked_when_it_is_read() {
    let refused = |json: &str| {
        serde_json::from_str::<FeatureRecipe>(json)
            .unwrap_err()
            .to_string()
    };
    assert!(refused(r#"{"name":"x","features":[]}"#).contains("found 0, expected 1 to 200"));
    let twice = r#"{"name":"x","features":[
        {"measure":{"kind":"level","indicator":"caseload"}},
        {"measure":{"kind":"level","indicator":"caseload"},"shrink":true}]}"#;
    assert!(refused(twice).contains("found caseload twice, expected each once"));
    let unknown =
        r#"{"name":"x","features":[{"measure":{"kind":"level","indicator":"caseload"},"age":3}]}"#;
    assert!(refused(unknown).contains("unknown field `age`"));
    let years = r#"{"name":"x","features":[{"measure":{"kind":"change","indicator":"caseload","years":9}}]}"#;
    assert!(refused(years).contains("found 9, expected 1 to 5"));
    let recipe = FeatureRecipe::lead_and_timeliness();
    let json = serde_json::to_string(&recipe).unwrap();
    assert_eq!(
        serde_json::from_str::<FeatureRecipe>(&json).unwrap(),
        recipe
    );
}

#[test]
fn own_figures_are_told_apart() {
    let mut entered = own("2021-09-30", "2021-10-15", 0.20);
    entered.standing = Standing::Own;
    let (cell, _) = level(&alone(vec![entered]), "2022-06-01");
    assert!(cell.flags.own);
}
