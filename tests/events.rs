//! Dated events: nothing of them is known before its day, and nothing of them is lost on the way.

mod common;

use common::{authority, code, date, figure, inspection};
use forewarn::data::{
    Built, Catalogue, Entity, Event, EventKind, Grade, Knowledge, Origin, OutcomeRule, Panel,
    PanelBuilder, Register,
};
use forewarn::features::{Feature, FeatureRecipe, Measure, Months};
use forewarn::validate::leakage::{with_injected_outcome, with_shuffled_labels};

fn kind(text: &str) -> EventKind {
    EventKind::new(text).unwrap()
}

fn event(organisation: &str, known: &str, finding: Option<&str>, source: &str) -> Event {
    Event {
        organisation: code(organisation),
        kind: kind("visit"),
        finding: finding.map(kind),
        known_from: date(known),
        source: source.to_owned(),
    }
}

/// Two invented authorities with a figure and an inspection each, and these events.
fn built(events: Vec<Event>) -> Built {
    let mut register = Register::empty();
    for name in ["A", "B"] {
        register.insert(authority(name, name));
    }
    let mut builder = PanelBuilder::new(register, Catalogue::childrens_services());
    builder.source(0, "test");
    for (name, value) in [("A", 0.1), ("B", 0.3)] {
        let entity = Entity::Authority(code(name));
        let figure = figure(entity, "agency_rate", "2014-09-30", "2015-02-26", value);
        builder.observation(figure, Origin::default());
    }
    builder.inspection(inspection("A", "2015-06-01", Grade::Good));
    builder.inspection(inspection("B", "2015-07-06", Grade::Inadequate));
    for event in events {
        builder.event(event);
    }
    builder.build().unwrap()
}

/// Of each event known on the day: the day known, the finding and the source.
fn known(panel: &Panel, organisation: &str, on: &str) -> Vec<String> {
    let events = panel.as_of(date(on)).events(code(organisation));
    let words = events.map(|e| {
        let finding = e.finding.map(|f| f.to_string()).unwrap_or_default();
        format!("{} {finding} {}", e.known_from, e.source)
    });
    words.collect()
}

#[test]
fn events_are_known_from_their_day_on_the_newest_first() {
    let events = vec![
        event("A", "2016-05-10", None, "one"),
        event("B", "2016-05-11", None, "one"),
        event("A", "2018-08-03", Some("failed"), "one"),
    ];
    let panel = built(events).panel;
    assert_eq!(known(&panel, "A", "2016-05-09"), [""; 0]);
    assert_eq!(known(&panel, "A", "2016-05-10"), ["2016-05-10  one"]);
    assert_eq!(known(&panel, "A", "2018-08-02"), ["2016-05-10  one"]);
    let both = ["2018-08-03 failed one", "2016-05-10  one"];
    assert_eq!(known(&panel, "A", "2018-08-03"), both);
    assert_eq!(known(&panel, "B", "2018-08-03"), ["2016-05-11  one"]);
    assert_eq!(known(&panel, "C", "2018-08-03"), [""; 0]);
    // An authority's own figures are known early; what is published about it is not.
    let own = panel.as_of_with(date("2016-05-09"), Knowledge::Own { days: 0 });
    assert_eq!(own.events(code("A")).count(), 0);
}

#[test]
fn equal_events_are_one_in_whatever_order_they_came() {
    let mut events = vec![
        event("A", "2016-05-10", None, "one"),
        event("A", "2016-05-10", None, "two"),
        event("A", "2016-05-10", Some("failed"), "one"),
        event("A", "2016-05-10", None, "one"),
    ];
    let one = built(events.clone());
    events.reverse();
    let other = built(events);
    assert_eq!((one.repeated_events, other.repeated_events), (1, 1));
    // By hand: without a finding before with one, then by source; shown the last first.
    let all = [
        "2016-05-10 failed one",
        "2016-05-10  two",
        "2016-05-10  one",
    ];
    assert_eq!(known(&one.panel, "A", "2016-06-01"), all);
    assert_eq!(known(&other.panel, "A", "2016-06-01"), all);
}

#[test]
fn an_event_known_later_changes_nothing_as_of_an_earlier_day() {
    let early = event("A", "2014-05-10", None, "one");
    let late = event("A", "2016-05-10", Some("failed"), "one");
    let without = built(vec![early.clone()]).panel;
    let with = built(vec![early, late]).panel;
    let day = date("2016-05-09");
    let recipe = FeatureRecipe::new(
        "one",
        vec![
            Feature::level("agency_rate").unwrap(),
            Feature::new(Measure::PreviousGrade),
        ],
    )
    .unwrap();
    let all = |panel: &Panel| {
        let then = panel.as_of(day);
        let features = then.features(&recipe).unwrap();
        let training = then.training(&recipe, OutcomeRule::default(), Months(0));
        format!("{features:?} {training:?}")
    };
    assert_eq!(all(&without), all(&with));
    assert_eq!(
        known(&without, "A", "2016-05-09"),
        known(&with, "A", "2016-05-09")
    );
}

#[test]
fn a_panel_made_of_another_keeps_its_events() {
    let events = vec![
        event("A", "2016-05-10", None, "one"),
        event("A", "2018-08-03", Some("failed"), "one"),
    ];
    let panel = built(events).panel;
    let all = known(&panel, "A", "2030-01-01");
    let shuffled = with_shuffled_labels(&panel, 1);
    assert_eq!(known(&shuffled, "A", "2030-01-01"), all);
    let planted = with_injected_outcome(&panel, OutcomeRule::default());
    assert_eq!(known(&planted, "A", "2030-01-01"), all);
    // All that is known by a day, and no more.
    let then = panel.known_by(date("2018-08-02"));
    assert_eq!(known(&then, "A", "2030-01-01"), ["2016-05-10  one"]);
    let then = panel.known_by(date("2018-08-03"));
    assert_eq!(known(&then, "A", "2030-01-01"), all);
}

/// What a folder that holds these tables reads as.
#[cfg(feature = "read")]
fn load(tables: &[&[u8]]) -> forewarn::read::Loaded {
    let folder = tempfile::tempdir().unwrap();
    for (number, table) in tables.iter().enumerate() {
        std::fs::write(folder.path().join(number.to_string()), table).unwrap();
    }
    forewarn::read::folder(folder.path()).unwrap()
}

#[cfg(feature = "read")]
#[test]
fn a_joint_inspection_is_known_from_the_publication_of_its_report() {
    // An invented authority with invented reports. The slug identifies nobody.
    let register = "old_la_code,la_code,former_la_codes,la_name,region_code,region_name,\
        exists_from,exists_to,predecessors,note\nX01,T01,,Ambleford,,,,,,\n";
    let table = "old_la_code,la_name,published,inspection_dates,priority_action,mentions,words\n\
        X01,nowhere,2017-02-20,Between 9 and 13 January 2017,1,2,6000\n\
        X01,nowhere,2021-01-25,,0,3,5000\n";
    let loaded = load(&[register.as_bytes(), table.as_bytes()]);
    let file = &loaded.report.files[1];
    assert_eq!(file.layout, forewarn::read::Layout::JointInspections);
    assert_eq!((file.rows, file.events, file.refused_total), (2, 2, 0));
    assert_eq!(file.notes, [""; 0]);
    let (panel, source) = (loaded.panel, "Ofsted joint targeted area inspection");
    assert_eq!(known(&panel, "X01", "2017-02-19"), [""; 0]);
    let found = format!("2017-02-20 priority_action {source}");
    assert_eq!(known(&panel, "X01", "2017-02-20"), [found.as_str()]);
    let none = format!("2021-01-25  {source}");
    assert_eq!(known(&panel, "X01", "2021-01-25"), [none, found]);
    let now = panel.as_of(date("2021-01-25"));
    assert!(now.events(code("X01")).all(|e| e.kind == kind("jtai")));
}

#[cfg(feature = "read")]
#[test]
fn published_joint_inspections_are_read() {
    let path = "events/jtai_reports_2016_2023.csv";
    let Some(file) = common::shared_file(path) else {
        return;
    };
    let loaded = load(&[&std::fs::read(file).unwrap()]);
    assert_eq!(loaded.report.files[0].refused, []);
    let now = loaded.panel.as_of(date("2024-01-01"));
    let all = loaded.panel.register().iter();
    let events: Vec<&Event> = all.flat_map(|a| now.events(a.code)).collect();
    // README of the shared data: 51 reports; six say 1, counted with grep.
    assert_eq!(events.len(), 51);
    let found = events.iter().filter(|e| e.finding.is_some());
    assert_eq!(found.count(), 6);
}
