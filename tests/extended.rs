//! A panel that is added to reads as one that is built at once.

mod common;

use common::{authority, code, date, figure};
use forewarn::data::{
    Catalogue, Entity, Event, EventKind, IndicatorId, Inspection, Knowledge, Observation, Origin,
    OutcomeRule, Panel, PanelBuilder, Register, Standing, Value,
};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::model::RiskParams;
use forewarn::simulate::SimulationParams;
use proptest::prelude::*;

const CODES: [&str; 3] = ["A1", "A2", "A3"];
const INDICATORS: [&str; 2] = ["agency_rate", "vacancy_rate"];

fn register() -> Register {
    let mut register = Register::empty();
    for code in CODES {
        register.insert(authority(code, code));
    }
    register
}

/// Sources of ranks 0, 0 and 1.
fn sources(builder: &mut PanelBuilder) -> [u16; 3] {
    [(0, "first"), (0, "second"), (1, "third")].map(|(rank, label)| builder.source(rank, label))
}

fn any_figure() -> impl Strategy<Value = Observation> {
    let names = (0..CODES.len(), 0..INDICATORS.len(), 0..3_usize);
    let days = (2018..2021_i32, 0..3_u32);
    (names, days, 0..3_u32).prop_map(|((who, what, source), (year, later), value)| Observation {
        source: source as u16,
        ..figure(
            Entity::Authority(code(CODES[who])),
            INDICATORS[what],
            &format!("{year}-09-30"),
            &format!("{}-0{}-15", year + 1, 2 + later),
            f64::from(value) / 10.0,
        )
    })
}

fn at_once(figures: &[Observation]) -> Panel {
    let mut builder = PanelBuilder::new(register(), Catalogue::childrens_services());
    sources(&mut builder);
    for figure in figures {
        builder.observation(*figure, Origin::default());
    }
    builder.build().unwrap().panel
}

/// Everything that can be read on some days, with the labels of its sources.
fn read(panel: &Panel) -> Vec<String> {
    let mut told = Vec::new();
    for day in ["2019-02-20", "2020-03-01", "2021-03-20", "2022-01-01"] {
        for knowledge in [Knowledge::Published, Knowledge::Own { days: 30 }] {
            let on = panel.as_of_with(date(day), knowledge);
            for who in CODES {
                for what in INDICATORS {
                    let entity = Entity::Authority(code(who));
                    for figure in on.figures(entity, IndicatorId::new(what).unwrap()) {
                        let source = panel.source(figure.observation.source).to_owned();
                        let plain = Observation {
                            source: 0,
                            ..figure.observation
                        };
                        told.push(format!("{plain:?} {source} {}", figure.known_from));
                    }
                }
            }
        }
    }
    told
}

proptest! {
    /// Whatever the parts are, in whatever order, contradictions and repetitions included.
    #[test]
    fn parts_read_as_the_whole(
        figures in prop::collection::vec(any_figure(), 0..60),
        cuts in prop::collection::vec(0..60_usize, 0..4),
    ) {
        let whole = at_once(&figures);
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(figures.len())).collect();
        cuts.sort_unstable();
        cuts.push(figures.len());
        let mut panel = at_once(&figures[..cuts[0]]);
        for part in cuts.windows(2) {
            let further = figures[part[0]..part[1]].iter().copied();
            panel = panel.extended(further, [], []).unwrap().panel;
        }
        prop_assert_eq!(read(&panel), read(&whole));
        prop_assert_eq!(panel.figures(), whole.figures());
        let day = date("2020-03-01");
        prop_assert_eq!(panel.known_by(day).figures(), whole.known_by(day).figures());
    }

    /// What one addition met is counted as if it had been built at once, where nothing stood before.
    #[test]
    fn additions_count_as_a_build_does(figures in prop::collection::vec(any_figure(), 0..60)) {
        let mut builder = PanelBuilder::new(register(), Catalogue::childrens_services());
        sources(&mut builder);
        let empty = builder.clone().build().unwrap().panel;
        for figure in &figures {
            builder.observation(*figure, Origin::default());
        }
        let whole = builder.build().unwrap();
        let grown = empty.extended(figures, [], []).unwrap();
        prop_assert_eq!(grown.agreeing, whole.agreeing);
        prop_assert_eq!(grown.conflicts.len(), whole.conflicts.len());
    }
}

/// A month of figures on a simulated country: features, scores and conflicts aside, every figure,
/// judgement and event is as in the whole.
#[test]
fn a_country_that_grows_is_the_country() {
    let world = SimulationParams::default().simulate().unwrap();
    let day = date("2022-06-01");
    let whole = world.panel();
    let (old, new): (Vec<&Observation>, Vec<&Observation>) =
        world.observations.iter().partition(|o| o.known_from < day);
    let (judged, later): (Vec<Inspection>, Vec<Inspection>) = world
        .inspections
        .iter()
        .cloned()
        .partition(|i| i.published < day);
    let mut builder = PanelBuilder::new(world.register.clone(), Catalogue::childrens_services());
    let source = builder.source(0, "simulated");
    for observation in old {
        builder.observation(
            Observation {
                source,
                ..*observation
            },
            Origin::default(),
        );
    }
    for inspection in judged {
        builder.inspection(inspection);
    }
    let before = builder.build().unwrap().panel;
    let further = new.into_iter().map(|o| Observation { source, ..*o });
    let event = Event {
        organisation: world.inspections[0].organisation,
        kind: EventKind::new("jtai").unwrap(),
        finding: None,
        known_from: day,
        source: "invented".to_owned(),
    };
    let built = before.extended(further, later, [event]).unwrap();
    assert_eq!((built.conflicts.len(), built.agreeing), (0, 0));
    let grown = built.panel;
    let text = |panel: &Panel| {
        let mut csv = Vec::new();
        forewarn::read::tidy::write(panel, &mut csv).unwrap();
        forewarn::read::inspections::write_panel(panel, &mut csv).unwrap();
        csv
    };
    assert!(text(&grown) == text(&whole));
    let on = grown.as_of(date("2022-06-02"));
    assert_eq!(on.events(world.inspections[0].organisation).count(), 1);
    // Learned from and scored, to the bit.
    let scored = |panel: &Panel| {
        let recipe = FeatureRecipe::default();
        let known = panel.as_of(date("2023-06-01"));
        let training = known.training(&recipe, OutcomeRule::default(), Months(0));
        let model = RiskParams::default().fit(&training.unwrap()).unwrap();
        model.score(panel, known.date()).unwrap()
    };
    assert_eq!(scored(&grown), scored(&whole));
    // What it was made from has not changed.
    assert_eq!(before.figures(), old_figures(&world.observations, day));
}

fn old_figures(all: &[Observation], day: forewarn::jiff::civil::Date) -> usize {
    all.iter().filter(|o| o.known_from < day).count()
}

/// By hand: three figures of a cell agree, so that two of them are counted; one that stood before
/// is counted once for each that comes; a figure that is contradicted is no longer held.
#[test]
fn repetitions_are_counted_by_hand() {
    let one = figure(
        Entity::Authority(code("A1")),
        "agency_rate",
        "2020-09-30",
        "2021-02-25",
        0.1,
    );
    let panel = at_once(&[]);
    let first = panel.extended([one, one, one], [], []).unwrap();
    assert_eq!((first.agreeing, first.panel.figures()), (2, 1));
    let second = first.panel.extended([one, one], [], []).unwrap();
    assert_eq!((second.agreeing, second.panel.figures()), (2, 1));
    let other = Observation {
        value: Value::Number(0.2),
        ..one
    };
    let third = second.panel.extended([other], [], []).unwrap();
    assert_eq!((third.conflicts.len(), third.panel.figures()), (1, 0));
}

/// There are 65,535 sources: a figure of a further one is refused, not given another's label.
#[test]
fn no_source_stands_for_another() {
    let mut builder = PanelBuilder::new(register(), Catalogue::childrens_services());
    for number in 0..u16::MAX {
        assert_eq!(builder.source(0, &number.to_string()), number);
    }
    for label in ["one more", "another"] {
        assert_eq!(builder.source(0, label), u16::MAX);
    }
    let source = u16::MAX;
    let entity = Entity::Authority(code("A1"));
    let one = figure(entity, "agency_rate", "2020-09-30", "2021-02-25", 0.1);
    builder.observation(Observation { source, ..one }, Origin::default());
    let refused = builder.build().unwrap_err().to_string();
    assert!(refused.contains("found source 65535"), "{refused}");
}

/// A contradiction within one rank is left out for good, and a source of a better rank still wins.
#[test]
fn contradictions_are_remembered() {
    let figure = |value, source| Observation {
        source,
        ..figure(
            Entity::Authority(code("A1")),
            "agency_rate",
            "2020-09-30",
            "2021-02-25",
            value,
        )
    };
    let later = |panel: &Panel| {
        let on = panel.as_of(date("2021-03-01"));
        let indicator = IndicatorId::new("agency_rate").unwrap();
        on.latest(Entity::Authority(code("A1")), indicator)
            .and_then(|f| f.point())
    };
    let first = at_once(&[figure(0.1, 2)]);
    assert_eq!(later(&first), Some(0.1));
    let contradicted = first.extended([figure(0.2, 2)], [], []).unwrap();
    assert_eq!(contradicted.conflicts.len(), 1);
    assert_eq!(later(&contradicted.panel), None);
    let again = contradicted
        .panel
        .extended([figure(0.1, 2)], [], [])
        .unwrap();
    assert_eq!((again.conflicts.len(), later(&again.panel)), (1, None));
    let better = again.panel.extended([figure(0.3, 0)], [], []).unwrap();
    assert_eq!(later(&better.panel), Some(0.3));
}

/// An organisation's own figure counts from the day stated beside it, not sooner.
#[test]
fn an_own_figure_is_not_known_before_its_day() {
    let own = Observation {
        standing: Standing::Own,
        ..figure(
            Entity::Authority(code("A1")),
            "agency_rate",
            "2020-09-30",
            "2020-12-01",
            0.1,
        )
    };
    let panel = at_once(&[own]);
    let known = |day: &str| {
        let on = panel.as_of_with(date(day), Knowledge::Own { days: 30 });
        let indicator = IndicatorId::new("agency_rate").unwrap();
        on.latest(Entity::Authority(code("A1")), indicator)
            .is_some()
    };
    assert!(!known("2020-11-30"));
    assert!(known("2020-12-01"));
}

/// Everything that cannot be is listed in one refusal.
#[test]
fn all_faults_are_told_at_the_door() {
    let good = figure(
        Entity::Authority(code("A1")),
        "agency_rate",
        "2020-09-30",
        "2021-02-25",
        0.1,
    );
    let unknown = IndicatorId::new("unheard_of").unwrap();
    let wrong = [
        Observation {
            known_from: date("2020-09-29"),
            ..good
        },
        Observation {
            value: Value::Number(1.2),
            ..good
        },
        Observation {
            value: Value::Number(f64::NAN),
            ..good
        },
        Observation {
            denominator: Some(-1.0),
            ..good
        },
        Observation {
            numerator: Some(f64::NAN),
            ..good
        },
        Observation {
            numerator: Some(3.0),
            denominator: Some(2.0),
            ..good
        },
        Observation {
            entity: Entity::Authority(code("B9")),
            ..good
        },
        Observation {
            indicator: unknown,
            ..good
        },
        Observation { source: 7, ..good },
        Observation {
            denominator: Some(0.0),
            ..good
        },
    ];
    let refused = at_once(&[good]).extended(wrong, [], []).unwrap_err();
    let text = refused.to_string();
    for said in [
        "10 refused at the door",
        "found it known from 2020-09-29, expected a day on or after the period's end",
        "found 1.2, expected a proportion from 0 to 1",
        "found NaN, expected a proportion from 0 to 1",
        "found denominator -1, expected a count from 0",
        "found numerator inf, expected a count from 0",
        "found numerator 3, expected at most the denominator, which is 2",
        "figure of B9, agency_rate, period to 2020-09-30: found an organisation that the register lacks",
        "unheard_of, period to 2020-09-30: found an indicator that the catalogue lacks",
        "found a rate with denominator 0, expected no rate of nothing",
        "found source 7, expected a number that PanelBuilder::source gave",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
}
