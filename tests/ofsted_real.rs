//! Ofsted's workbooks as published agree with the consolidated table, the NAO and each other.
//! Skipped, with a line that says so, where the official files are absent.
#![cfg(feature = "ods")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

use forewarn::data::{Framework, Grade, Inspection, JudgementKey, OutcomeRule, Register};
use forewarn::jiff::civil::date;
use forewarn::read::merge::{Sourced, merge};
use forewarn::read::{FileReport, Layout, inspections, ofsted};

const WIDE: &str = "Childrens_social_care_in_England_2023_underlying_data.ods";
const HISTORY: &str = "LA_Inspection_Outcomes_ILACS_history_to_2023.ods";
const TIDY: &str = "inspections.csv";

fn path(name: &str) -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
    let folder = std::env::var("FOREWARN_DATA").unwrap_or(beside.to_owned());
    let path = PathBuf::from(folder).join("ofsted").join(name);
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path)
}

fn workbook(name: &str) -> Option<(FileReport, Vec<Sourced>)> {
    let file = File::open(path(name)?).unwrap();
    let mut sheets = ofsted::read(name.as_ref(), file, &Register::england(), "").unwrap();
    assert_eq!(sheets.len(), 1, "{name}: one sheet of a known layout");
    let sheet = sheets.remove(0);
    Some((sheet.report, sheet.inspections))
}

fn tidy() -> Option<(FileReport, Vec<Sourced>)> {
    let file = File::open(path(TIDY)?).unwrap();
    let mut report = FileReport::new(TIDY.into(), Layout::TidyInspections, String::new());
    let read = inspections::read(TIDY.as_ref(), file, &Register::england(), &mut report).unwrap();
    Some((report, read))
}

fn counts(rows: &[Sourced]) -> BTreeMap<Framework, usize> {
    let mut counts = BTreeMap::new();
    for row in rows {
        *counts.entry(row.inspection.framework).or_default() += 1;
    }
    counts
}

/// All that a workbook and the tidy table can both say. Nottingham's publication (2022) and
/// Merton's kind of inspection (2022) are the known differences.
fn comparable(i: &Inspection) -> (String, Framework, String, String) {
    let known = |at: &str| {
        i.framework == Framework::Ilacs
            && i.organisation.as_str() == at
            && i.published.year() == 2022
    };
    let published = match known("892") {
        true => "2022".to_owned(),
        false => i.published.to_string(),
    };
    let kind = match known("315") {
        true => "",
        false => &i.kind,
    };
    let said = format!(
        "{kind} {:?} {:?} {:?}",
        i.scope, i.judgements, i.in_care_includes_care_leavers
    );
    (i.organisation.to_string(), i.framework, published, said)
}

fn sorted<T: Ord>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.collect();
    items.sort();
    items
}

#[test]
fn every_row_and_name_of_the_workbooks_is_read() {
    for (name, layout, rows, found) in [
        (WIDE, Layout::OfstedWide, 156, 569),
        (HISTORY, Layout::OfstedHistory, 201, 201),
    ] {
        let Some((report, inspections)) = workbook(name) else {
            return;
        };
        assert_eq!(report.refused, [], "{name}");
        assert_eq!((report.layout, report.rows), (layout, rows), "{name}");
        assert_eq!(
            inspections.len(),
            found,
            "{name}: {:?}",
            counts(&inspections)
        );
    }
}

#[test]
fn the_workbooks_give_the_judgements_of_the_consolidated_table() {
    let (Some((_, wide)), Some((_, history)), Some((_, tidy))) =
        (workbook(WIDE), workbook(HISTORY), tidy())
    else {
        return;
    };
    let of = |rows: &[Sourced], ilacs: bool| {
        let wanted = |i: &&Inspection| (i.framework == Framework::Ilacs) == ilacs;
        sorted(
            rows.iter()
                .map(|r| &r.inspection)
                .filter(wanted)
                .map(comparable),
        )
    };
    assert_eq!(of(&wide, false), of(&tidy, false), "SLAC, CPI, TLAC, SIF");
    assert_eq!(of(&history, true), of(&tidy, true), "ILACS");
    let ilacs = of(&tidy, true);
    for inspection in of(&wide, true) {
        assert!(ilacs.contains(&inspection), "{inspection:?}");
    }
    let starts = |rows: &[Sourced]| {
        let of_ilacs = rows
            .iter()
            .filter(|r| r.inspection.framework == Framework::Ilacs);
        sorted(of_ilacs.map(|r| (r.inspection.organisation, r.inspection.start)))
    };
    assert_eq!(starts(&history), starts(&tidy));
}

#[test]
fn three_sources_are_593_inspections_and_their_conflicts_are_told() {
    let (Some((_, wide)), Some((_, history)), Some((report, tidy))) =
        (workbook(WIDE), workbook(HISTORY), tidy())
    else {
        return;
    };
    assert_eq!(report.refused, []);
    assert_eq!(
        report.notes,
        ["columns ignored: source, report_file, cross_checked"]
    );
    let expected = BTreeMap::from([
        (Framework::Sif, 173),
        (Framework::Ilacs, 201),
        (Framework::Slac, 163),
        (Framework::Cpi, 51),
        (Framework::Tlac, 5),
    ]);
    assert_eq!(counts(&tidy), expected);

    let register = Register::england();
    let rows = [wide.clone(), history.clone(), tidy.clone()].concat();
    let total = rows.len();
    let merged = merge(rows, &register);
    assert_eq!(
        merged.conflicts.len(),
        2,
        "Merton and Nottingham: {:?}",
        merged.conflicts
    );
    assert_eq!(merged.inspections.len(), 593);
    assert_eq!(merged.merged, total - 593);
    let alone = merge(tidy.clone(), &register);
    assert_eq!(alone.conflicts, [] as [String; 0]);
    assert_eq!(
        merged.inspections, alone.inspections,
        "the tidy table is complete"
    );

    let backwards = [tidy, history.clone(), wide.clone()].concat();
    let backwards = merge(backwards.into_iter().rev().collect(), &register);
    assert_eq!(backwards, merged, "order changes nothing");

    let workbooks = merge([wide, history].concat(), &register);
    assert_eq!(
        workbooks.inspections.len(),
        593,
        "the workbooks are complete"
    );
    let nottingham = workbooks
        .inspections
        .iter()
        .find(|i| i.organisation.as_str() == "892" && i.published.year() == 2022)
        .unwrap();
    assert_eq!(nottingham.published, date(2022, 9, 5));
    assert_eq!(
        workbooks.conflicts,
        [
            format!(
                "Merton (315), ILACS, inspection_type: \"short\" in {HISTORY} row 109, \"standard\" in {WIDE} row 84; kept the first: it gives the inspection's start"
            ),
            format!(
                "Nottingham (892), ILACS, published: \"2022-09-05\" in {HISTORY} row 128, \"2022-11-05\" in {WIDE} row 97; kept the first: it was published first"
            ),
        ]
    );
}

/// NAO 2016, paragraph 2.4: of 103 authorities inspected by 25 August 2016, 24 were good or
/// better for help and protection, 58 required improvement, 21 were inadequate.
#[test]
fn first_single_inspections_reproduce_the_audit_office() {
    let Some((_, wide)) = workbook(WIDE) else {
        return;
    };
    let first = |i: &&Inspection| {
        i.framework == Framework::Sif && i.kind == "first" && i.published <= date(2016, 8, 25)
    };
    let help: Vec<Grade> = wide
        .iter()
        .map(|r| &r.inspection)
        .filter(first)
        .filter_map(|i| i.judgements.get(JudgementKey::HELP_AND_PROTECTION))
        .collect();
    let count = |wanted: fn(&&Grade) -> bool| help.iter().filter(wanted).count();
    assert_eq!(help.len(), 103);
    assert_eq!(count(|&&g| g <= Grade::Good), 24);
    assert_eq!(count(|&&g| g == Grade::RequiresImprovement), 58);
    assert_eq!(count(|&&g| g == Grade::Inadequate), 21);
}

/// An Inadequate key judgement almost always makes the overall grade Inadequate, so that the rule
/// carries the outcome on after overall grades end. The four exceptions are in the data's notes.
#[test]
fn any_key_judgement_is_the_overall_outcome() {
    let Some((_, tidy)) = tidy() else {
        return;
    };
    for (framework, same, all) in [(Framework::Sif, 173, 173), (Framework::Ilacs, 197, 201)] {
        let of: Vec<&Inspection> = tidy
            .iter()
            .map(|r| &r.inspection)
            .filter(|i| i.framework == framework)
            .collect();
        let agrees = |i: &&&Inspection| {
            OutcomeRule::AnyKeyJudgement.event(i) == OutcomeRule::Overall.event(i)
        };
        let agree = of.iter().filter(agrees).count();
        assert_eq!((agree, of.len()), (same, all), "{framework:?}");
    }
}

#[test]
fn the_consolidated_table_is_written_back_byte_for_byte() {
    let (Some(path), Some((_, tidy))) = (path(TIDY), tidy()) else {
        return;
    };
    let rows: Vec<Inspection> = tidy.into_iter().map(|r| r.inspection).collect();
    let mut written = Vec::new();
    inspections::write(&rows, &Register::england(), &mut written).unwrap();

    let mut expected = csv::Writer::from_writer(Vec::new());
    let mut original = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(path)
        .unwrap();
    for record in original.records() {
        expected
            .write_record(record.unwrap().iter().take(18))
            .unwrap();
    }
    let expected = String::from_utf8(expected.into_inner().unwrap()).unwrap();
    assert_eq!(String::from_utf8(written).unwrap(), expected);
}
