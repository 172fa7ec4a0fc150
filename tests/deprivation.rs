//! Deprivation is an indicator as any other: a score known from a day, from either layout.
#![cfg(feature = "read")]

mod common;

use std::fs;

use common::{code, date, indicator};
use forewarn::data::{Basis, Catalogue, Direction, Entity, Panel, Series, Standing, Unit};
use forewarn::features::{Feature, FeatureRecipe};
use forewarn::read::{self, Layout, Loaded};

/// An invented authority.
const REGISTER: &str = "\
old_la_code,la_code,former_la_codes,la_name,region_code,region_name,exists_from,exists_to,predecessors,note
X01,T01,,Ambleford,,,,,,
";

/// An invented score.
const SCORES: &str = "\
old_la_code,la_code_2019,la_name,imd2019_average_score,imd2019_rank_of_average_score,known_from
X01,T01,a name that is not read,12.345,99,2019-09-26
";

/// The same in our own long format.
const TIDY: &str = "\
authority,indicator,period_end,known_from,value,numerator,denominator,state,source
X01,deprivation_score,2019-03-31,2019-09-26,12.345,,,number,Index of Multiple Deprivation 2019
";

fn load(files: &[&[u8]]) -> Loaded {
    let folder = tempfile::tempdir().unwrap();
    for (number, bytes) in files.iter().enumerate() {
        fs::write(folder.path().join(number.to_string()), bytes).unwrap();
    }
    read::folder(folder.path()).unwrap()
}

fn known(panel: &Panel, on: &str) -> Option<f64> {
    let entity = Entity::Authority(code("X01"));
    let figure = panel
        .as_of(date(on))
        .latest(entity, indicator("deprivation_score"));
    figure?.point()
}

#[test]
fn a_score_is_known_from_its_day_on() {
    let loaded = load(&[REGISTER.as_bytes(), SCORES.as_bytes()]);
    let file = &loaded.report.files[1];
    assert_eq!(file.layout, Layout::Deprivation);
    assert_eq!((file.rows, file.numbers, file.refused_total), (1, 1, 0));
    assert_eq!(file.notes, [""; 0]);
    assert_eq!(known(&loaded.panel, "2019-09-25"), None);
    assert_eq!(known(&loaded.panel, "2019-09-26"), Some(12.345));
    let snapshot = loaded.panel.as_of(date("2020-01-01"));
    let entity = Entity::Authority(code("X01"));
    let figure = snapshot.latest(entity, indicator("deprivation_score"));
    let observation = figure.unwrap().observation;
    assert_eq!(observation.period_end, date("2019-03-31"));
    assert_eq!(observation.basis, Basis::Recalled);
    assert_eq!(observation.standing, Standing::Released);
    let source = loaded.panel.source(observation.source);
    assert_eq!(source, "Index of Multiple Deprivation 2019");
}

#[test]
fn the_tidy_layout_states_the_same() {
    let one = load(&[REGISTER.as_bytes(), TIDY.as_bytes()]);
    assert_eq!(known(&one.panel, "2019-09-26"), Some(12.345));
    let both = load(&[REGISTER, SCORES, TIDY].map(str::as_bytes));
    assert_eq!((both.report.agreeing, both.report.conflicts.len()), (1, 0));
    let mut written = Vec::new();
    read::tidy::write(&both.panel, &mut written).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), TIDY);
}

#[test]
fn a_score_has_a_unit_and_a_series_of_its_own() {
    let catalogue = Catalogue::childrens_services();
    let score = catalogue.get(indicator("deprivation_score")).unwrap();
    assert_eq!(score.name, "deprivation (average score)");
    assert_eq!(score.direction, Direction::HigherRiskier);
    assert_eq!(score.unit, Unit::Score);
    assert_eq!(Unit::Score.format(12.345), "12.3");
    assert!(Unit::Score.accepts(0.0) && Unit::Score.accepts(1000.0));
    assert!(!Unit::Score.accepts(1000.1) && !Unit::Score.accepts(-0.1));
    assert_eq!(score.series, Series::IndicesOfDeprivation);
    let series = Series::from_name("indices_of_deprivation");
    assert_eq!(series, Some(score.series));
    assert_eq!(score.series.period_end(2019), Some(date("2019-03-31")));
    // Without a release day in the calendar: 366 days to 31 March 2020, and four more.
    let release =
        forewarn::data::ReleaseCalendar::england().release(score.series, date("2019-03-31"));
    assert_eq!(
        (release.date, release.basis),
        (date("2020-04-04"), Basis::Fallback)
    );
}

#[test]
fn a_recipe_says_how_old_a_score_may_be() {
    let panel = load(&[REGISTER.as_bytes(), SCORES.as_bytes()]).panel;
    let day = date("2023-06-01");
    let value = |months| {
        let feature = Feature {
            max_age_months: months,
            ..Feature::level("deprivation_score").unwrap()
        };
        let recipe = FeatureRecipe::new("one", vec![feature]).unwrap();
        let rows = vec![(code("X01"), day)];
        panel
            .as_of(day)
            .features_for(&recipe, rows)
            .unwrap()
            .value(0, 0)
    };
    // Four years and two months.
    assert_eq!(
        (value(24), value(50), value(51)),
        (None, None, Some(12.345))
    );
}

#[test]
fn the_published_scores_are_read() {
    let Some(file) = common::shared_file("events/imd2019_upper_tier.csv") else {
        return;
    };
    let loaded = load(&[&fs::read(file).unwrap()]);
    let file = &loaded.report.files[0];
    // README of the shared data: 151 rows.
    assert_eq!((file.rows, file.numbers, file.refused_total), (151, 151, 0));
    let with_score = |on: &str| {
        let snapshot = loaded.panel.as_of(date(on));
        let known = |code| snapshot.latest(Entity::Authority(code), indicator("deprivation_score"));
        let all = loaded.panel.register().iter();
        all.filter(|a| known(a.code).is_some()).count()
    };
    assert_eq!(
        (with_score("2019-09-25"), with_score("2019-09-26")),
        (0, 151)
    );
}
