//! Lists of statistical neighbours: each is known from the day of its model.
#![cfg(feature = "read")]

mod common;

use std::fs;

use common::{code, date};
use forewarn::data::Register;
use forewarn::read::{self, Layout, Loaded};

/// Invented authorities: X01 to X12.
fn register_file() -> String {
    let header = "old_la_code,la_code,former_la_codes,la_name,region_code,region_name,\
        exists_from,exists_to,predecessors,note\n";
    let rows = (1..=12).map(|n| format!("X{n:02},T{n:02},,Place {n},,,,,,\n"));
    header.to_owned() + &rows.collect::<String>()
}

/// Ten of the authorities, from this one on.
fn ten(first: usize, between: &str) -> String {
    let names: Vec<String> = (first..first + 10).map(|n| format!("X{n:02}")).collect();
    names.join(between)
}

/// The layout of 2025 with one list, and a column of days where `known_from` is given.
fn table_2025(first: usize, known_from: Option<&str>) -> String {
    let columns: Vec<String> = (1..=10).map(|n| format!("SN_{n}")).collect();
    let (name, day) = match known_from {
        Some(day) => (",known_from", format!(",{day}")),
        None => ("", String::new()),
    };
    let header = format!("old_la_code,la_name,{}{name}\n", columns.join(","));
    format!("{header}X01,Place 1,{}{day}\n", ten(first, ","))
}

fn try_load(files: &[&str]) -> forewarn::Result<Loaded> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("0"), register_file()).unwrap();
    for (number, text) in files.iter().enumerate() {
        fs::write(folder.path().join((number + 1).to_string()), text).unwrap();
    }
    read::folder(folder.path())
}

fn load(files: &[&str]) -> Loaded {
    try_load(files).unwrap()
}

/// Line, column, found and expected of each refusal of a file.
fn refused(loaded: &Loaded, file: usize) -> Vec<String> {
    let refusals = loaded.report.files[file].refused.iter();
    refusals.map(|r| r.to_string()).collect()
}

/// The closest neighbour of X01 on a day.
fn closest(register: &Register, day: &str) -> Option<String> {
    let list = register.neighbours_on(code("X01"), date(day));
    list.first().map(|neighbour| neighbour.to_string())
}

#[test]
fn the_model_of_2025_is_known_from_the_end_of_may() {
    let loaded = load(&[&table_2025(2, None)]);
    let file = &loaded.report.files[1];
    assert_eq!(
        (file.layout, file.rows, file.refused_total),
        (Layout::Neighbours, 1, 0)
    );
    let note = "known from 2025-05-31: a column known_from may state another day";
    assert_eq!(file.notes, [note]);
    let register = loaded.panel.register();
    assert_eq!(closest(register, "2025-05-30"), None);
    assert_eq!(closest(register, "2025-05-31").as_deref(), Some("X02"));
    assert_eq!(register.neighbours(code("X01")).len(), 10);
}

#[test]
fn a_later_model_in_the_same_layout_states_its_own_day() {
    let (first, second) = (table_2025(2, None), table_2025(3, Some("2026-06-30")));
    for files in [[&first, &second], [&second, &first]] {
        let loaded = load(&files.map(String::as_str));
        let register = loaded.panel.register();
        assert_eq!(closest(register, "2026-06-29").as_deref(), Some("X02"));
        assert_eq!(closest(register, "2026-06-30").as_deref(), Some("X03"));
        assert_eq!(register.neighbours(code("X01"))[0], code("X03"));
    }
}

#[test]
fn lists_of_one_day_that_differ_are_an_error() {
    let error = try_load(&[&table_2025(2, None), &table_2025(3, None)]).unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("line 2, column old_la_code: found X01, expected the same as in"),
        "{said}"
    );
    // The same list may stand twice.
    let day = Some("2025-05-31");
    let loaded = load(&[&table_2025(2, None), &table_2025(2, day)]);
    assert_eq!(loaded.panel.register().neighbours(code("X01")).len(), 10);
}

#[test]
fn bad_lists_are_refused() {
    let unknown =
        "expected an authority of the register: a new one can be added by a register file";
    let once = "expected another authority, named once in its row";
    let date = "expected a date that exists, as 2024-03-31";
    let years = "expected a date from 1990 to 2100";
    let table = table_2025(2, Some("2026-06-30"));
    for (from, to, column, found, expected, neighbours) in [
        ("\nX01", "\nX99", "old_la_code", "X99", unknown, 0),
        ("X05", "X99", "SN_4", "X99", unknown, 9),
        ("X05", "X01", "SN_4", "X01", once, 9),
        ("X05", "X02", "SN_4", "X02", once, 9),
        ("X05", "", "SN_4", "", unknown, 9),
        (
            "2026-06-30",
            "June 2026",
            "known_from",
            "June 2026",
            date,
            0,
        ),
        (
            "2026-06-30",
            "2206-06-30",
            "known_from",
            "2206-06-30",
            years,
            0,
        ),
    ] {
        let loaded = load(&[&table.replacen(from, to, 1)]);
        let expected = format!("line 2, column {column}: found {found:?}, {expected}");
        assert_eq!(refused(&loaded, 1), [expected]);
        assert_eq!(loaded.report.files[1].rows, 1);
        let list = loaded.panel.register().neighbours(code("X01"));
        assert_eq!(list.len(), neighbours, "{from:?} to {to:?}");
    }
}

/// The layout of 2021: a list, an empty row, a heading, and the list of an authority abolished.
fn table_2021() -> String {
    let pairs: Vec<String> = (1..=10).map(|n| format!("SN{n},SNP")).collect();
    let header = format!(
        "LA num,LA Name,LA number,GOInd,GOReg,{},\n",
        pairs.join(",")
    );
    let list = |own: &str, first| {
        let closest = ten(first, ",Close,");
        format!("{own},Place,{own},1,Midwold,{closest},Close,\n")
    };
    let blank = |name: &str| format!(",{name}{}\n", ",".repeat(24));
    let [empty, heading] = ["", "Old lists:"].map(blank);
    let lists = [list("X01", 3), empty, heading, list("X12", 2)];
    format!("\u{feff}{header}{}", lists.concat())
}

#[test]
fn the_model_of_2021_is_known_before_that_of_2025() {
    let loaded = load(&[&table_2021(), &table_2025(2, None)]);
    let file = &loaded.report.files[1];
    assert_eq!((file.layout, file.rows), (Layout::Neighbours2021, 4));
    assert_eq!(refused(&loaded, 1), [""; 0]);
    let notes = [
        "2 rows passed over: they name no authority",
        "known from 2021-04-30: a column known_from may state another day",
    ];
    assert_eq!(file.notes, notes);
    let register = loaded.panel.register();
    let on = |day| closest(register, day);
    assert_eq!(on("2021-04-29"), None);
    assert_eq!(on("2021-04-30").as_deref(), Some("X03"));
    assert_eq!(on("2025-05-30").as_deref(), Some("X03"));
    assert_eq!(on("2025-05-31").as_deref(), Some("X02"));
    // Of an authority that only the first model has, the newest list is the first.
    let list: Vec<String> = (2..12).map(|n| format!("X{n:02}")).collect();
    let found = register.neighbours(code("X12")).iter();
    assert_eq!(found.map(|c| c.to_string()).collect::<Vec<_>>(), list);
}

#[test]
fn bad_lists_of_2021_are_refused() {
    let unknown =
        "expected an authority of the register: a new one can be added by a register file";
    for (from, to, column, found, expected) in [
        ("X01,Place,X01", "X99,Place,X01", "LA num", "X99", unknown),
        ("X01,Place,X01", ",Place,X01", "LA num", "", unknown),
        (
            "X01,Place,X01",
            "X01,Place,X02",
            "LA number",
            "X02",
            "expected X01, as in LA num",
        ),
        ("X01,Place,X01", ",Place,", "LA num", "", unknown),
        ("X05,Close", "none,Close", "SN3", "none", unknown),
    ] {
        let loaded = load(&[&table_2021().replacen(from, to, 1)]);
        let expected = format!("line 2, column {column}: found {found:?}, {expected}");
        assert_eq!(refused(&loaded, 1), [expected], "{from:?} to {to:?}");
        assert_eq!(loaded.report.files[1].rows, 4);
    }
    let error = try_load(&[&table_2021().replacen("SN10", "SN11", 1)]).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("line 1, column SN10: found no such column")
    );
}

#[test]
fn the_published_models_are_read() {
    let older = "neighbours/New_Statistical_Neighbour_Groupings_April_2021.csv";
    let newer = "data/dfe/sn_model_2025_wide.csv";
    let (Some(older), Some(newer)) = (common::shared_file(older), common::shared_file(newer))
    else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    fs::copy(older, folder.path().join("2021")).unwrap();
    fs::copy(newer, folder.path().join("2025")).unwrap();
    let loaded = read::folder(folder.path()).unwrap();
    for (file, rows) in loaded.report.files.iter().zip([159, 153]) {
        assert_eq!((file.rows, file.refused_total), (rows, 0));
    }
    let register = loaded.panel.register();
    let lengths = |day: &str| {
        let lists = register
            .iter()
            .map(|a| register.neighbours_on(a.code, date(day)));
        let lengths: Vec<usize> = lists.map(<[_]>::len).filter(|&length| length > 0).collect();
        (lengths.len(), lengths.iter().all(|&length| length == 10))
    };
    assert_eq!(lengths("2021-04-29"), (0, true));
    // Counted by a Python csv reader: 152 lists and those of four abolished authorities; two more
    // authorities in 2025, formed in 2023.
    assert_eq!(lengths("2021-04-30"), (156, true));
    assert_eq!(lengths("2025-05-31"), (158, true));
}
