//! Directions are declared, never assumed: each says where.

mod common;

use common::indicator;
use forewarn::data::{Catalogue, Direction, Indicator};

#[test]
fn every_declared_direction_says_where_and_no_other() {
    for entry in Catalogue::childrens_services().iter() {
        let declared = entry.direction != Direction::None;
        assert_eq!(declared, !entry.source.is_empty(), "{}", entry.id);
    }
}

/// Each as decided when it was declared, so that none changes by a slip.
#[test]
fn directions_and_sources_are_those_decided() {
    use Direction::{HigherRiskier as Higher, LowerRiskier as Lower};
    let timescales = "Working Together to Safeguard Children: statutory timescales";
    let tool = "Department for Education: polarity of the Local Authority Interactive Tool";
    let deprivation = "Bywaters and Webb 2018; Webb, Bennett and Bywaters 2022";
    let ours = "Bywaters and Webb 2018 (deprivation); that the rate stands for it is ours";
    let expected = [
        ("rereferral_rate", Higher, "NAO 2016, recommendation 24(d)"),
        ("repeat_plan_rate", Higher, "NAO 2016, recommendation 24(d)"),
        ("agency_rate", Higher, "NAO 2016, recommendation 24(d)"),
        ("vacancy_rate", Higher, "NAO 2016, recommendation 24(d)"),
        ("caseload", Higher, "NAO 2016, 2.11"),
        ("assessments_45_day_rate", Lower, timescales),
        ("conferences_15_day_rate", Lower, timescales),
        ("reviews_on_time_rate", Lower, timescales),
        ("long_plan_rate", Higher, tool),
        ("turnover_rate", Higher, tool),
        ("absence_rate", Higher, tool),
        ("three_placements_rate", Higher, tool),
        ("missing_rate", Higher, tool),
        ("leavers_accommodation_rate", Lower, tool),
        ("looked_after_rate", Higher, ours),
        ("low_income_rate", Higher, deprivation),
        ("deprivation_score", Higher, deprivation),
    ];
    let catalogue = Catalogue::childrens_services();
    for (id, direction, source) in expected {
        let entry = catalogue.get(indicator(id)).unwrap();
        assert_eq!(
            (entry.direction, entry.source.as_str()),
            (direction, source),
            "{id}"
        );
    }
    let declared = catalogue.iter().filter(|i| i.direction != Direction::None);
    assert_eq!(declared.count(), expected.len());
}

#[test]
fn an_indicator_saved_without_a_source_is_read() {
    let json = r#"{"id": "own_rate", "name": "own", "unit": "proportion", "numerator": "",
        "denominator": "", "series": "children_in_need", "direction": "none"}"#;
    let read: Indicator = serde_json::from_str(json).unwrap();
    assert_eq!(read.source, "");
    let written = serde_json::to_string(&read).unwrap();
    assert_eq!(serde_json::from_str::<Indicator>(&written).unwrap(), read);
}
