//! Ranks in a release: every expected rank is worked out by hand beside it, and nothing that became
//! known later changes one.

mod common;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, indicator};
use forewarn::data::{
    Authority, Catalogue, Entity, Knowledge, Missing, Observation, Origin, Panel, PanelBuilder,
    Register, Standing, Value,
};
use forewarn::features::{Cell, CellState, Feature, FeatureRecipe, Measure};
use proptest::prelude::*;

const EXACT: f64 = 1e-15;
const CASELOAD: &str = "caseload";

/// Censuses of 30 September, published in February.
const CENSUS_2020: (&str, &str) = ("2020-09-30", "2021-02-25");
const CENSUS_2021: (&str, &str) = ("2021-09-30", "2022-02-24");

fn own(number: &str, census: (&str, &str), value: f64) -> Observation {
    figure(
        Entity::Authority(code(number)),
        CASELOAD,
        census.0,
        census.1,
        value,
    )
}

fn england(census: (&str, &str), value: f64) -> Observation {
    figure(Entity::England, CASELOAD, census.0, census.1, value)
}

/// The figures of one census, of A0, A1 and so on.
fn census(census: (&str, &str), values: &[f64]) -> Vec<Observation> {
    let of = |(n, &value): (usize, &f64)| own(&format!("A{n}"), census, value);
    values.iter().enumerate().map(of).collect()
}

fn register(authorities: usize) -> Register {
    let mut register = Register::empty();
    for n in 0..authorities {
        register.insert(authority(&format!("A{n}"), &format!("Place {n}")));
    }
    register
}

fn with(register: Register, figures: Vec<Observation>) -> Panel {
    let mut builder = PanelBuilder::new(register, Catalogue::childrens_services());
    builder.source(0, "test");
    for figure in figures {
        builder.observation(figure, Origin::default());
    }
    builder.build().unwrap().panel
}

fn ranked(measure: Measure) -> FeatureRecipe {
    FeatureRecipe::new("one", vec![Feature::new(measure).ranked()]).unwrap()
}

fn level() -> Measure {
    Measure::Level {
        indicator: indicator(CASELOAD),
    }
}

fn change() -> Measure {
    Measure::Change {
        indicator: indicator(CASELOAD),
        years: 1,
    }
}

/// The ranks of all authorities of a day, by code.
fn ranks(panel: &Panel, measure: Measure, on: &str) -> Vec<Option<f64>> {
    let matrix = panel.as_of(date(on)).features(&ranked(measure)).unwrap();
    (0..matrix.rows().len())
        .map(|row| matrix.value(row, 0))
        .collect()
}

fn cell(panel: &Panel, measure: Measure, on: &str, number: &str, knowledge: Knowledge) -> Cell {
    let on = panel.as_of_with(date(on), knowledge);
    let rows = vec![(code(number), on.date())];
    on.features_for(&ranked(measure), rows).unwrap().row(0)[0]
}

#[track_caller]
fn are(found: &[Option<f64>], expected: &[f64]) {
    assert_eq!(found.len(), expected.len(), "{found:?}");
    for (found, expected) in found.iter().zip(expected) {
        assert_abs_diff_eq!(found.unwrap(), *expected, epsilon = EXACT);
    }
}

/// 12, 18, 18, 25 and 40 have places 1, 2.5, 2.5, 4 and 5 of 5.
#[test]
fn ties_share_their_middle_place() {
    let panel = with(
        register(5),
        census(CENSUS_2020, &[18.0, 40.0, 12.0, 18.0, 25.0]),
    );
    are(
        &ranks(&panel, level(), "2021-06-01"),
        &[0.4, 0.9, 0.1, 0.4, 0.7],
    );
    let cell = cell(&panel, level(), "2021-06-01", "A1", Knowledge::Published);
    assert_eq!((cell.value(level()), cell.rank()), (Some(40.0), Some(0.9)));
    assert_eq!(cell.period_end, Some(date(CENSUS_2020.0)));
}

/// The largest figure of all is that of a place too small to score: with it the others would be at
/// 1/8, 3/8 and 5/8.
#[test]
fn a_place_too_small_to_score_is_neither_ranked_nor_ranked_against() {
    let mut register = register(3);
    register.insert(Authority {
        scored: false,
        ..authority("A3", "Isle")
    });
    let panel = with(register, census(CENSUS_2020, &[10.0, 20.0, 30.0, 99.0]));
    are(
        &ranks(&panel, level(), "2021-06-01"),
        &[1.0 / 6.0, 0.5, 5.0 / 6.0],
    );
    let small = cell(&panel, level(), "2021-06-01", "A3", Knowledge::Published);
    assert_eq!((small.state, small.rank()), (CellState::NoComparison, None));
}

/// A figure that is missing or withheld is not ranked against, and has no rank.
#[test]
fn only_published_numbers_are_ranked() {
    let mut figures = census(CENSUS_2020, &[10.0, 20.0, 30.0]);
    figures[1].value = Value::Missing(Missing::Suppressed);
    let panel = with(register(4), figures);
    let found = ranks(&panel, level(), "2021-06-01");
    assert_eq!((found[1], found[3]), (None, None));
    are(&[found[0], found[2]], &[0.25, 0.75]);
}

/// Changes +1, -4, +6; against England's 20 the gaps are in the order of the figures.
#[test]
fn changes_and_gaps_are_ranked_by_what_they_measure() {
    let mut figures = census(CENSUS_2020, &[20.0, 22.0, 12.0]);
    figures.extend(census(CENSUS_2021, &[21.0, 18.0, 18.5]));
    figures.push(england(CENSUS_2021, 20.0));
    let panel = with(register(3), figures);
    let (third, sixth) = (0.5, 1.0 / 6.0);
    are(
        &ranks(&panel, change(), "2022-06-01"),
        &[third, sixth, 5.0 * sixth],
    );
    let gap = Measure::GapToEngland {
        indicator: indicator(CASELOAD),
    };
    are(
        &ranks(&panel, gap, "2022-06-01"),
        &[5.0 * sixth, sixth, third],
    );
    let cell = cell(&panel, gap, "2022-06-01", "A1", Knowledge::Published);
    assert_eq!(cell.value(gap), Some(-2.0));
    // A year before there was nothing to compare with.
    assert_eq!(ranks(&panel, change(), "2021-06-01"), [None; 3]);
}

fn gap_to_neighbours() -> Measure {
    Measure::GapToNeighbours {
        indicator: indicator(CASELOAD),
    }
}

/// Six places with 10 to 60 whose neighbours are the five others (their mean is (210 - own) / 5), so
/// that gaps are in the order of figures. By the next model A0 is beside A6 to A10, which have 0 and
/// are not scored themselves.
#[test]
fn a_new_model_of_neighbours_changes_ranks_from_its_day_on() {
    let mut register = register(11);
    for n in 6..11 {
        let name = format!("A{n}");
        register.insert(Authority {
            scored: false,
            ..authority(&name, &name)
        });
    }
    let codes = |of: std::ops::Range<usize>, but: usize| {
        of.filter(|n| *n != but)
            .map(|n| code(&format!("A{n}")))
            .collect()
    };
    for n in 0..6 {
        let own = code(&format!("A{n}"));
        register.set_neighbours(own, date("2019-01-01"), codes(0..6, n));
    }
    register.set_neighbours(code("A0"), date("2021-09-01"), codes(6..11, 11));
    let values = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let panel = with(register, census(CENSUS_2020, &values));
    let sixths = |places: [f64; 6]| places.map(|place| (place - 0.5) / 6.0);
    let before = sixths([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    // Gaps of (own - 35) * 1.2, but of A0 10: 10, -18, -6, 6, 18, 30: A0 passes A1, A2 and A3.
    let after = sixths([4.0, 1.0, 2.0, 3.0, 5.0, 6.0]);
    are(&ranks(&panel, gap_to_neighbours(), "2021-08-31"), &before);
    are(&ranks(&panel, gap_to_neighbours(), "2021-09-01"), &after);
    // Nothing was released in between: days that are asked for together are told apart all the same.
    let rows = [
        ("A2", "2021-08-31"),
        ("A2", "2021-09-01"),
        ("A0", "2021-08-31"),
    ];
    let rows = rows.map(|(number, on)| (code(number), date(on))).to_vec();
    let on = panel.as_of(date("2021-09-01"));
    let matrix = on.features_for(&ranked(gap_to_neighbours()), rows).unwrap();
    let found: Vec<_> = (0..3).map(|row| matrix.value(row, 0)).collect();
    are(&found, &[before[2], after[2], before[0]]);
}

/// The newest release is that of 2020, 10, 20, 30 and 40: with 35 in place of its own 20 a place is
/// the third of four.
#[test]
fn an_own_unpublished_figure_is_ranked_in_the_newest_published_release() {
    let mut figures = census(CENSUS_2020, &[10.0, 20.0, 30.0, 40.0]);
    figures.extend(census(CENSUS_2021, &[99.0, 35.0, 1.0, 2.0]));
    let panel = with(register(4), figures.clone());
    let known = Knowledge::Own { days: 30 };
    let found = cell(&panel, level(), "2021-11-15", "A1", known);
    assert_eq!(found.value(level()), Some(35.0));
    assert!(found.flags.own);
    assert_eq!(found.rank(), Some(2.5 / 4.0));
    // Thirty days after the census nobody knows it yet: 20 among the published figures.
    let before = cell(&panel, level(), "2021-10-29", "A1", known);
    assert_eq!(before.rank(), Some(1.5 / 4.0));
    // Once published it is ranked among those of its own census: 99, 35, 1 and 2.
    let after = cell(&panel, level(), "2022-02-24", "A1", known);
    assert_eq!((after.flags.own, after.rank()), (false, Some(2.5 / 4.0)));
    // The same of a figure that was entered by hand, and it is in nobody's release.
    let mut entered = own("A1", ("2021-06-30", "2021-07-05"), 35.0);
    entered.standing = Standing::Own;
    let panel = with(
        register(4),
        figures.into_iter().take(4).chain([entered]).collect(),
    );
    let found = cell(&panel, level(), "2021-08-01", "A1", Knowledge::Published);
    assert!(found.flags.own);
    assert_eq!(found.rank(), Some(2.5 / 4.0));
    let other = cell(&panel, level(), "2021-08-01", "A2", Knowledge::Published);
    assert_eq!(other.rank(), Some(2.5 / 4.0), "10, 20, 30 and 40");
}

#[test]
fn what_becomes_known_later_changes_no_rank_of_before() {
    let first = census(CENSUS_2020, &[18.0, 40.0, 12.0, 18.0, 25.0]);
    let (day, later) = ("2021-06-01", ("2020-09-30", "2021-06-02"));
    let mut figures = first.clone();
    // A revision, the next census, and a figure of a place that had none.
    figures.push(own("A0", later, 99.0));
    figures.extend(census(CENSUS_2021, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    figures.push(own("A5", later, 1.0));
    let (before, after) = (with(register(6), first), with(register(6), figures));
    for measure in [level(), change()] {
        assert_eq!(ranks(&before, measure, day), ranks(&after, measure, day));
    }
    // From its day on the revision counts: 99 of A0 is the highest of six.
    let revised = cell(&after, level(), later.1, "A0", Knowledge::Published);
    assert_eq!(revised.rank(), Some(5.5 / 6.0));
}

/// By hand: ranks of A0 in the censuses of 2018 to 2021, among two, are 1/4, 3/4, 3/4, 1/4: changes of
/// 1/2, 0 and 1/2, with a mean of 1/3; of two years 1/4.
#[test]
fn volatility_is_the_mean_movement_of_a_rank() {
    let mut figures = Vec::new();
    for (year, values) in [
        (2018, [10.0, 20.0]),
        (2019, [25.0, 20.0]),
        (2020, [30.0, 20.0]),
        (2021, [11.0, 20.0]),
    ] {
        let days = (format!("{year}-09-30"), format!("{}-02-25", year + 1));
        figures.extend(census((&days.0, &days.1), &values));
    }
    let panel = with(register(2), figures);
    let of = |years, on: &str| {
        let measure = Measure::Volatility {
            indicator: indicator(CASELOAD),
            years,
        };
        let recipe = FeatureRecipe::new("one", vec![Feature::new(measure)]).unwrap();
        let matrix = panel.as_of(date(on)).features(&recipe).unwrap();
        (matrix.value(0, 0), matrix.row(0)[0].state)
    };
    assert_abs_diff_eq!(of(4, "2022-06-01").0.unwrap(), 1.0 / 3.0, epsilon = EXACT);
    assert_abs_diff_eq!(of(2, "2022-06-01").0.unwrap(), 0.25, epsilon = EXACT);
    // The day before the newest census two changes are known: 1/2 and 0.
    assert_abs_diff_eq!(of(4, "2022-02-24").0.unwrap(), 0.25, epsilon = EXACT);
    // One change is not enough.
    assert_eq!(of(4, "2020-06-01"), (None, CellState::NoComparison));
    assert_eq!(of(4, "2018-10-01"), (None, CellState::NoFigure));
}

proptest! {
    #[test]
    fn ranks_lie_between_0_and_1_and_their_mean_is_a_half(
        values in prop::collection::vec(prop_oneof![0.0..50.0, Just(7.0), Just(12.5)], 1..30),
    ) {
        let panel = with(register(values.len()), census(CENSUS_2020, &values));
        let found = ranks(&panel, level(), "2021-06-01");
        let mean = found.iter().map(|rank| rank.unwrap()).sum::<f64>() / found.len() as f64;
        prop_assert!((mean - 0.5).abs() < 1e-12, "{mean}");
        prop_assert!(found.iter().all(|rank| 0.0 < rank.unwrap() && rank.unwrap() < 1.0));
    }
}
