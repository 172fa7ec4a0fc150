//! The audit of figures by census relative to the inspection: counted by hand, on the same inspections
//! at every lag.

mod common;

use approx::assert_abs_diff_eq;
use common::{authority, code, figure, indicator, inspection};
use forewarn::Error;
use forewarn::data::{Entity, Grade, Missing, Observation, OutcomeRule, Panel, Value};
use forewarn::validate::{
    Bootstrap, CensusLag, Clusters, Estimate, LAGS, Ranking, census_lags, percentile_interval,
};

const EXACT: f64 = 1e-12;

const ALIKE: &str = "agency_rate";
const OPPOSITE: &str = "reviews_on_time_rate";

/// By lag, from two censuses before to two after. A and C failed.
const FIGURES: [(&str, [f64; 5]); 4] = [
    ("A", [0.10, 0.20, 0.30, 0.40, 0.50]),
    ("B", [0.20, 0.20, 0.10, 0.10, 0.10]),
    ("C", [0.10, 0.10, 0.20, 0.30, 0.15]),
    ("D", [0.30, 0.10, 0.20, 0.20, 0.20]),
];

/// Of the pairs A-B, A-D, C-B, C-D: none; a tie, one and a tie; three and a tie; all; three.
const C: [f64; 5] = [0.0, 0.5, 0.875, 1.0, 0.75];

/// The year of the last census that ended before the inspection, which is of September.
fn last_census(name: &str) -> i16 {
    // C's inspection started in November. D's started on the day of the census of 2017, which had not
    // ended before it.
    if name == "C" { 2017 } else { 2016 }
}

fn known(name: &str, what: &str, year: i16, value: f64) -> Observation {
    let entity = Entity::Authority(code(name));
    // Long after every inspection: the audit looks at all the same.
    figure(entity, what, &format!("{year}-09-30"), "2024-02-29", value)
}

fn world() -> Panel {
    let mut figures = Vec::new();
    for (name, values) in FIGURES {
        for (lag, value) in LAGS.iter().zip(values) {
            let year = last_census(name) + i16::from(*lag);
            figures.push(known(name, ALIKE, year, value));
            figures.push(known(name, OPPOSITE, year, 1.0 - value));
        }
    }
    // E lacks a census, F has one that was withheld, S is too small, H was judged before the years.
    for name in ["E", "F", "S", "H"] {
        for year in (2008..=2018).filter(|year| name != "E" || *year != 2018) {
            figures.push(known(name, ALIKE, year, 0.9));
        }
    }
    for figure in &mut figures {
        if figure.entity == Entity::Authority(code("F")) && figure.period_end.year() == 2015 {
            figure.value = Value::Missing(Missing::Suppressed);
        }
    }
    let mut inspections = vec![
        inspection("A", "2017-05-10", Grade::Inadequate),
        inspection("B", "2017-05-10", Grade::Good),
        inspection("C", "2017-11-01", Grade::Inadequate),
        inspection("D", "2017-09-30", Grade::Good),
        inspection("E", "2017-05-10", Grade::Good),
        inspection("F", "2017-05-10", Grade::Good),
        inspection("S", "2017-05-10", Grade::Good),
        inspection("H", "2012-05-10", Grade::Good),
    ];
    // Whose start is not known has no census before it.
    let mut unknown = inspection("B", "2017-08-10", Grade::Inadequate);
    unknown.start = None;
    inspections.push(unknown);
    let mut authorities = ["A", "B", "C", "D", "E", "F", "H", "S"]
        .map(|n| authority(n, n))
        .to_vec();
    authorities[7].scored = false;
    common::panel(authorities, figures, inspections)
}

fn lags(panel: &Panel, names: &[&str], replicates: usize) -> Vec<CensusLag> {
    let indicators: Vec<_> = names.iter().map(|name| indicator(name)).collect();
    let draws = Bootstrap::new(replicates, 4);
    census_lags(
        panel,
        &indicators,
        (2013, 2022),
        OutcomeRule::Overall,
        draws,
    )
    .unwrap()
}

/// In the declared direction: what is risky low gives the same.
#[test]
fn c_statistics_are_counted_by_hand_at_every_lag() {
    let found = lags(&world(), &[ALIKE, OPPOSITE], 100);
    assert_eq!(found.len(), 2);
    for (lag, name) in found.iter().zip([ALIKE, OPPOSITE]) {
        assert_eq!(lag.indicator, indicator(name));
        assert_eq!(lag.cells.iter().map(|c| c.lag).collect::<Vec<_>>(), LAGS);
        for (cell, expected) in lag.cells.iter().zip(C) {
            assert_eq!(
                (cell.n, cell.events),
                (4, 2),
                "the same inspections at every lag"
            );
            assert_eq!(cell.auroc, Ok(expected));
        }
    }
}

#[test]
fn intervals_are_those_of_resampled_authorities() {
    let found = lags(&world(), &[ALIKE], 200);
    let clusters = Clusters::new(&FIGURES.map(|(name, _)| name));
    let outcomes = [true, false, true, false];
    for (at, cell) in found[0].cells.iter().enumerate() {
        let scores = FIGURES.map(|(_, values)| values[at]);
        let ranking = Ranking::new(&scores, &outcomes).unwrap();
        let statistic = |counts: &[u32]| -> Estimate { ranking.tally_of(counts)?.c_statistic() };
        let replicates = Bootstrap::new(200, 4).run(&clusters, statistic);
        let expected = percentile_interval(&replicates).unwrap().interval95;
        let ci = cell.ci95.unwrap();
        assert_abs_diff_eq!(ci.low, expected.low, epsilon = EXACT);
        assert_abs_diff_eq!(ci.high, expected.high, epsilon = EXACT);
        assert!(ci.low <= cell.auroc.unwrap() && cell.auroc.unwrap() <= ci.high);
    }
}

/// Where nobody has figures there is a reason in place of a number.
#[test]
fn what_cannot_be_told_says_why() {
    let found = lags(&world(), &["caseload"], 100);
    for cell in &found[0].cells {
        assert_eq!((cell.n, cell.events), (0, 0));
        assert!(cell.auroc.is_err() && cell.ci95.is_err());
    }
    let unknown = [indicator("nonsense")];
    let draws = Bootstrap::new(40, 1);
    let error = census_lags(
        &world(),
        &unknown,
        (2013, 2022),
        OutcomeRule::Overall,
        draws,
    );
    assert!(matches!(error, Err(Error::UnknownIndicator { .. })));
}

/// A later vintage of a census is what counts.
#[test]
fn the_newest_vintage_is_read() {
    let mut figures: Vec<Observation> = Vec::new();
    for (name, values) in FIGURES {
        for (lag, value) in LAGS.iter().zip(values) {
            let year = last_census(name) + i16::from(*lag);
            let mut first = known(name, ALIKE, year, 0.5);
            first.known_from = common::date("2021-02-25");
            figures.extend([first, known(name, ALIKE, year, value)]);
        }
    }
    let inspections = vec![
        inspection("A", "2017-05-10", Grade::Inadequate),
        inspection("B", "2017-05-10", Grade::Good),
        inspection("C", "2017-11-01", Grade::Inadequate),
        inspection("D", "2017-09-30", Grade::Good),
    ];
    let authorities = FIGURES.map(|(name, _)| authority(name, name)).to_vec();
    let panel = common::panel(authorities, figures, inspections);
    let found = lags(&panel, &[ALIKE], 40);
    let c: Vec<Estimate> = found[0].cells.iter().map(|cell| cell.auroc).collect();
    assert_eq!(c, C.map(Ok));
}
