//! What is measured of judgements and events: every expected number is worked out by hand beside it.

mod common;

use approx::assert_abs_diff_eq;
use common::{authority, code, date};
use forewarn::data::{
    Catalogue, Event, EventKind, Framework, Grade, Inspection, JudgementKey, Panel, PanelBuilder,
    Register, Scope,
};
use forewarn::features::{CellState, Feature, FeatureRecipe, Measure};

const EXACT: f64 = 1e-12;

fn inspection(start: &str, overall: Option<Grade>) -> Inspection {
    let mut found = common::inspection("A", start, Grade::Good);
    found.judgements.set(JudgementKey::OVERALL, overall);
    found.judgements.set(JudgementKey::LEADERS, None);
    found
}

fn world(inspections: Vec<Inspection>, events: Vec<Event>) -> Panel {
    let mut register = Register::empty();
    for name in ["A", "B"] {
        register.insert(authority(name, name));
    }
    let mut builder = PanelBuilder::new(register, Catalogue::childrens_services());
    for inspection in inspections {
        builder.inspection(inspection);
    }
    for event in events {
        builder.event(event);
    }
    builder.build().unwrap().panel
}

fn measured(panel: &Panel, measure: Measure, on: &str) -> Result<f64, CellState> {
    let recipe = FeatureRecipe::new("one", vec![Feature::new(measure)]).unwrap();
    let on = panel.as_of(date(on));
    let matrix = on.features_for(&recipe, vec![(code("A"), on.date())]);
    let matrix = matrix.unwrap();
    matrix.value(0, 0).ok_or(matrix.row(0)[0].state)
}

/// Grades are 1 Outstanding to 4 Inadequate.
#[test]
fn the_capped_grade_counts_inadequate_as_requires_improvement() {
    for (grade, plain, capped) in [
        (Grade::Outstanding, 1.0, 1.0),
        (Grade::Good, 2.0, 2.0),
        (Grade::RequiresImprovement, 3.0, 3.0),
        (Grade::Inadequate, 4.0, 3.0),
    ] {
        let panel = world(vec![inspection("2015-03-02", Some(grade))], vec![]);
        let of = |measure| measured(&panel, measure, "2016-01-01");
        assert_eq!(of(Measure::PreviousGrade), Ok(plain));
        assert_eq!(of(Measure::PreviousGradeCapped), Ok(capped));
    }
    let nobody = measured(
        &world(vec![], vec![]),
        Measure::PreviousGradeCapped,
        "2016-01-01",
    );
    assert_eq!(nobody, Err(CellState::NoInspection));
}

/// Care leavers are a key judgement of ILACS, and a part of another one under SIF.
#[test]
fn key_judgements_are_those_of_the_newest_graded_inspection() {
    let mut sif = inspection("2015-03-02", Some(Grade::Good));
    sif.judgements.set(JudgementKey::LEADERS, Some(Grade::Good));
    sif.judgements.set(
        JudgementKey::HELP_AND_PROTECTION,
        Some(Grade::RequiresImprovement),
    );
    sif.judgements.set(JudgementKey::IN_CARE, Some(Grade::Good));
    sif.judgements
        .set(JudgementKey::CARE_LEAVERS, Some(Grade::Inadequate));
    let mut ilacs = inspection("2019-03-04", Some(Grade::RequiresImprovement));
    ilacs.framework = Framework::Ilacs;
    ilacs
        .judgements
        .set(JudgementKey::LEADERS, Some(Grade::RequiresImprovement));
    ilacs
        .judgements
        .set(JudgementKey::CARE_LEAVERS, Some(Grade::Inadequate));
    let without = inspection("2022-03-07", Some(Grade::Good));
    let panel = world(vec![sif, ilacs, without], vec![]);
    let of = |on| {
        let worst = measured(&panel, Measure::WorstKeyJudgement, on).unwrap();
        (
            worst,
            measured(&panel, Measure::MeanKeyJudgement, on).unwrap(),
        )
    };
    // Published 60 days after their starts. 2, 3 and 2; then 3 and 4; then the grade alone.
    let (worst, mean) = of("2016-01-01");
    assert_eq!(worst, 3.0);
    assert_abs_diff_eq!(mean, 7.0 / 3.0, epsilon = EXACT);
    assert_eq!(
        of("2019-05-02"),
        (worst, mean),
        "the day before publication"
    );
    assert_eq!(of("2019-05-03"), (4.0, 3.5));
    assert_eq!(of("2023-01-01"), (2.0, 2.0));
}

/// Published on 1 May 2015 and, of safeguarding alone, on 3 May 2019.
#[test]
fn years_since_a_full_inspection_pass_over_others() {
    let full = inspection("2015-03-02", Some(Grade::Good));
    let mut part = inspection("2019-03-04", Some(Grade::Good));
    part.scope = Scope::SafeguardingAndLookedAfter;
    part.framework = Framework::Slac;
    let mut ungraded = inspection("2020-03-02", None);
    ungraded.framework = Framework::Ilacs;
    let panel = world(vec![full, part, ungraded], vec![]);
    let on = "2021-05-03";
    // 6 years with leap days in 2016 and 2020, and 2 days; 2 years with one leap day.
    let since_full = measured(&panel, Measure::YearsSinceFullInspection, on).unwrap();
    assert_abs_diff_eq!(
        since_full,
        (6.0 * 365.0 + 2.0 + 2.0) / 365.25,
        epsilon = EXACT
    );
    let since_any = measured(&panel, Measure::YearsSinceInspection, on).unwrap();
    assert_abs_diff_eq!(since_any, (2.0 * 365.0 + 1.0) / 365.25, epsilon = EXACT);
}

fn event(known: &str, finding: Option<&str>) -> Event {
    Event {
        organisation: code("A"),
        kind: kind("jtai"),
        finding: finding.map(kind),
        known_from: date(known),
        source: "test".to_owned(),
    }
}

fn kind(text: &str) -> EventKind {
    EventKind::new(text).unwrap()
}

fn within(finding: Option<&str>, years: u8) -> Measure {
    Measure::EventWithin {
        event: kind("jtai"),
        finding: finding.map(kind),
        years,
    }
}

fn since(finding: Option<&str>) -> Measure {
    Measure::YearsSinceEvent {
        event: kind("jtai"),
        finding: finding.map(kind),
    }
}

/// Known on 10 May 2016: within two years until 9 May 2018.
#[test]
fn an_event_counts_for_so_many_years_to_the_day() {
    let panel = world(vec![], vec![event("2016-05-10", None)]);
    let of = |years, on| measured(&panel, within(None, years), on).unwrap();
    assert_eq!(of(2, "2016-05-09"), 0.0);
    assert_eq!(of(2, "2016-05-10"), 1.0);
    assert_eq!(of(2, "2018-05-09"), 1.0);
    assert_eq!(of(2, "2018-05-10"), 0.0);
    assert_eq!(of(3, "2018-05-10"), 1.0);
    assert_eq!(
        measured(&panel, since(None), "2016-05-09"),
        Err(CellState::NoEvent)
    );
    assert_eq!(measured(&panel, since(None), "2016-05-10"), Ok(0.0));
    let later = measured(&panel, since(None), "2017-05-10").unwrap();
    assert_abs_diff_eq!(later, 365.0 / 365.25, epsilon = EXACT);
}

#[test]
fn a_finding_is_looked_for_behind_newer_events_without_it() {
    let events = vec![
        event("2016-05-10", Some("priority_action")),
        event("2018-05-10", None),
        Event {
            organisation: code("B"),
            ..event("2018-11-01", Some("priority_action"))
        },
    ];
    let panel = world(vec![], events);
    let on = "2019-05-10";
    let found = Some("priority_action");
    assert_eq!(measured(&panel, within(found, 5), on), Ok(1.0));
    assert_eq!(measured(&panel, within(found, 2), on), Ok(0.0));
    assert_eq!(measured(&panel, within(Some("other"), 5), on), Ok(0.0));
    assert_eq!(measured(&panel, within(None, 2), on), Ok(1.0));
    // Three years of 365 days: the leap day of 2016 was before.
    let years = measured(&panel, since(found), on).unwrap();
    assert_abs_diff_eq!(years, 1095.0 / 365.25, epsilon = EXACT);
    assert_abs_diff_eq!(
        measured(&panel, since(None), on).unwrap(),
        365.0 / 365.25,
        epsilon = EXACT
    );
}

#[test]
fn names_say_what_is_measured_and_spans_are_checked() {
    let name = |measure| Feature::new(measure).name();
    assert_eq!(
        name(within(Some("priority_action"), 5)),
        "jtai_priority_action_in_5y"
    );
    assert_eq!(name(since(None)), "years_since_jtai");
    let volatile = |years| Measure::Volatility {
        indicator: common::indicator("caseload"),
        years,
    };
    assert_eq!(name(volatile(4)), "caseload_volatility_4y");
    for (measure, expected) in [
        (within(None, 0), "found 0, expected 1 to 20"),
        (within(None, 21), "found 21, expected 1 to 20"),
        (volatile(1), "found 1, expected 2 to 5"),
        (volatile(6), "found 6, expected 2 to 5"),
    ] {
        let refused = FeatureRecipe::new("x", vec![Feature::new(measure)]);
        let error = refused.unwrap_err().to_string();
        assert_eq!(error, format!("feature, years: {expected}"));
    }
}
