//! A workbook that is broken, hostile or wrong in a cell: an error or a refusal that names it.
#![cfg(feature = "ods")]

use std::io::{Cursor, Write};

use forewarn::Error;
use forewarn::data::{Authority, AuthorityCode, Framework, Grade, JudgementKey, Register};
use forewarn::jiff::civil::{Date, date};
use forewarn::read::ofsted::{self, InspectionSheet};
use proptest::prelude::*;
use zip::write::{SimpleFileOptions, ZipWriter};

const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";
const HISTORY: [&str; 8] = [
    "Local authority area code",
    "Inspection date",
    "Publication date",
    "Inspection type",
    "Overall effectiveness",
    "The experiences and progress of children who need help and protection",
    "The experiences and progress of children in care",
    "The experiences and progress of care leavers",
];
const WIDE: [&str; 6] = [
    "Local authority name",
    "Child Protection Inspections (CPI) publication date",
    "CPI Overall\nEffectiveness (OE)",
    "First ILACS framework inspection type",
    "First  ILACS framework publication date",
    "First ILACS framework overall effectiveness",
];

fn authority(code: &str, name: &str, from: Option<Date>, to: Option<Date>) -> Authority {
    Authority {
        code: AuthorityCode::new(code).unwrap(),
        name: name.to_owned(),
        region_code: String::new(),
        region: String::new(),
        ons_codes: vec![format!("X{code}")],
        variants: Vec::new(),
        from,
        to,
        predecessors: Vec::new(),
        scored: true,
        note: String::new(),
    }
}

/// Eastmere; and Ashford Vale, which was abolished and founded anew.
fn register() -> Register {
    let mut register = Register::empty();
    register.insert(authority("001", "Eastmere", None, None));
    let (last, first) = (date(2019, 3, 31), date(2019, 4, 1));
    register.insert(authority("002", "Ashford Vale", None, Some(last)));
    register.insert(authority("003", "Ashford Vale", Some(first), None));
    register
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn ods(content: &str) -> Vec<u8> {
    let entries = [("mimetype", MIMETYPE), ("content.xml", content)];
    zipped(&entries.map(|(name, text)| (name, text.as_bytes())))
}

fn cell(text: &str) -> String {
    format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>")
}

fn row<T: AsRef<str>>(cells: &[T]) -> String {
    let cells: String = cells.iter().map(|text| cell(text.as_ref())).collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

fn content(rows: &[String]) -> String {
    let rows = rows.concat();
    format!("<o><table:table table:name=\"Sheet\">{rows}</table:table></o>")
}

fn read(bytes: &[u8]) -> forewarn::Result<Vec<InspectionSheet>> {
    ofsted::read("book.ods".as_ref(), Cursor::new(bytes), &register(), "")
}

fn read_rows(rows: &[String]) -> InspectionSheet {
    let mut sheets = read(&ods(&content(rows))).unwrap();
    assert_eq!(sheets.len(), 1);
    sheets.remove(0)
}

fn error(bytes: &[u8]) -> String {
    read(bytes).expect_err("broken").to_string()
}

fn refusals(rows: &[String]) -> Vec<String> {
    let sheet = read_rows(rows);
    assert!(sheet.inspections.is_empty(), "{:?}", sheet.inspections);
    sheet.report.refused.iter().map(|r| r.to_string()).collect()
}

const HINT: &str = "expected an OpenDocument spreadsheet (.ods): download or save it again";

#[test]
fn what_is_not_a_spreadsheet_is_an_error_that_names_the_file() {
    let text = error(b"Local authority,Overall effectiveness\n");
    assert!(
        text.starts_with("book.ods: found no whole zip archive ("),
        "{text}"
    );
    assert!(text.ends_with(HINT), "{text}");

    let excel = zipped(&[("xl/workbook.xml", b"<workbook/>")]);
    let found = "found a zip archive without content.xml";
    assert_eq!(error(&excel), format!("book.ods: {found}, {HINT}"));

    let letter = "application/vnd.oasis.opendocument.text";
    let writer = zipped(&[("mimetype", letter.as_bytes()), ("content.xml", b"<o/>")]);
    let found = format!("found a file of type \"{letter}\"");
    assert_eq!(error(&writer), format!("book.ods: {found}, {HINT}"));
}

#[test]
fn a_truncated_or_damaged_file_is_an_error() {
    let whole = ods(&content(&[row(&HISTORY)]));
    let text = error(&whole[..whole.len() / 2]);
    assert!(
        text.starts_with("book.ods: found no whole zip archive ("),
        "{text}"
    );

    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("content.xml", stored).unwrap();
    zip.write_all(content(&[row(&["Good"])]).as_bytes())
        .unwrap();
    let mut bytes = zip.finish().unwrap().into_inner();
    let at = bytes.windows(4).position(|w| w == b"Good").unwrap();
    bytes[at] = b'F';
    let text = error(&bytes);
    let found = "found content.xml that does not unpack (Invalid checksum)";
    assert_eq!(text, format!("book.ods: {found}, {HINT}"));
}

#[test]
fn broken_xml_is_an_error_that_says_where() {
    let text = error(&ods("<o><table:table></o></table:table>"));
    assert!(
        text.contains("found content.xml broken at byte 16 ("),
        "{text}"
    );
    let found = "found content.xml that breaks off before its end";
    assert_eq!(
        error(&ods("<o><table:table>")),
        format!("book.ods: {found}, {HINT}")
    );
    let text = error(&ods(&content(&[row(&["&unheard;"])])));
    assert_eq!(
        text,
        format!("book.ods: found the unknown reference &unheard;, {HINT}")
    );
}

#[test]
fn a_zip_bomb_is_an_error_before_it_is_unpacked() {
    // Declared: the size in the central directory, 24 bytes after its signature.
    let mut declared = zipped(&[("content.xml", b"<o/>")]);
    let at = declared
        .windows(4)
        .position(|w| w == b"PK\x01\x02")
        .unwrap()
        + 24;
    declared[at..at + 4].copy_from_slice(&0x3000_0000_u32.to_le_bytes());
    let total = "book.ods: content.xml, unpacked, in bytes: found more than 536870912, expected at most that";
    assert_eq!(error(&declared), total);

    // Undeclared: a text that goes on and on.
    let endless = format!("<o>{}</o>", " ".repeat(5 << 20));
    let piece = "book.ods: one tag or text of content.xml, in bytes: found more than 4194304, expected at most that";
    assert_eq!(error(&ods(&endless)), piece);

    // Undeclared: more than the central directory says.
    let mut more = ods(&format!("<o>{}</o>", "<a/>".repeat(1 << 20)));
    let at = more.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap() + 24;
    more[at..at + 4].copy_from_slice(&1000_u32.to_le_bytes());
    let found = "found content.xml that does not unpack (File is larger than its declared uncompressed size)";
    assert_eq!(error(&more), format!("book.ods: {found}, {HINT}"));

    let nested = format!("{}{}", "<a>".repeat(300), "</a>".repeat(300));
    let depth =
        "book.ods: nesting of elements in content.xml: found more than 256, expected at most that";
    assert_eq!(error(&ods(&nested)), depth);
}

#[test]
fn a_sheet_of_half_a_million_cells_is_too_large() {
    let cells = row(&["x"; 1000]);
    let rows: Vec<String> = std::iter::once(row(&HISTORY))
        .chain((0..530).map(|_| cells.clone()))
        .collect();
    let message = "book.ods: cells of the sheets read, in bytes: found more than 134217728, expected at most that";
    assert_eq!(error(&ods(&content(&rows))), message);
}

#[test]
fn huge_repeats_take_no_room() {
    let good = [
        "X001",
        "2020-01-06",
        "2020-02-03",
        "ILACS Short Inspection",
        "Good",
    ];
    let huge = "4000000000000";
    let filled = row(&good).replace(
        "<table:table-row>",
        &format!("<table:table-row table:number-rows-repeated=\"{huge}\">"),
    );
    let wide = row(&HISTORY).replace(
        "</table:table-row>",
        &format!("<table:table-cell table:number-columns-repeated=\"{huge}\"><text:p>x</text:p></table:table-cell></table:table-row>"),
    );
    let blank = format!(
        "<table:table-row table:number-rows-repeated=\"{huge}\"><table:table-cell/></table:table-row>"
    );
    let sheet = read_rows(&[wide, filled, blank.clone(), blank]);
    assert_eq!(sheet.inspections.len(), 1);
    let note = "row 2 stands 4000000000000 times: read once";
    assert!(
        sheet.report.notes.contains(&note.to_owned()),
        "{:?}",
        sheet.report.notes
    );
}

#[test]
fn a_wrong_cell_refuses_its_inspection_and_names_row_and_column() {
    let header = row(&HISTORY);
    let good = [
        "X001",
        "2020-01-06",
        "2020-02-03",
        "ILACS Short Inspection",
        "Good",
        "Good",
    ];
    let with = |at: usize, text: &'static str| {
        let mut cells = good;
        cells[at] = text;
        refusals(&[header.clone(), row(&cells)])
    };
    let day = "a day that exists, as a date cell, 2019-04-01, 01/04/2019 or 1 April 2019";
    let cases = [
        (
            0,
            "X999",
            "local authority area code",
            "an authority of the register: a new one can be added by a register file",
        ),
        (1, "31/02/2020", "inspection date", day),
        (2, "30 February 2020", "publication date", day),
        (2, "1/2/20", "publication date", day),
        (2, "-", "publication date", "a publication date"),
        (
            2,
            "2020-01-05",
            "publication date",
            "a day on or after the inspection date",
        ),
        (
            3,
            "Focused visit",
            "inspection type",
            "ILACS Standard Inspection or ILACS Short Inspection",
        ),
        (
            4,
            "Fair",
            "overall effectiveness",
            "Outstanding, Good, Requires improvement to be good, Adequate or Inadequate",
        ),
    ];
    for (at, found, column, expected) in cases {
        let message = format!("line 2, column {column}: found {found:?}, expected {expected}");
        assert_eq!(with(at, found), [message]);
    }
    let no_grade = row(&good[..4]);
    let message = "line 2, column publication date: found \"2020-02-03\", expected a grade beside the publication date";
    assert_eq!(refusals(&[header, no_grade]), [message]);
}

#[test]
fn an_unknown_name_is_reported_and_never_guessed() {
    let cells = ["Eastmeer", "2012-05-01", "Adequate"];
    let message = "line 3, column local authority name: found \"Eastmeer\", expected a known code or name: did you mean 001 (Eastmere)?";
    assert_eq!(
        refusals(&[row(&["A title"]), row(&WIDE), row(&cells)]),
        [message]
    );
}

#[test]
fn one_bad_inspection_leaves_the_others_of_its_row() {
    let cells = [
        "Eastmere",
        "1 May 2012",
        "Adequate",
        "ILACS Short Inspection",
        "01/06/2019",
        "Better",
    ];
    let sheet = read_rows(&[row(&WIDE), row(&cells)]);
    assert_eq!(sheet.report.refused_total, 1);
    assert_eq!(
        sheet.report.refused[0].column,
        "first ilacs framework overall effectiveness"
    );
    let [only] = &sheet.inspections[..] else {
        panic!("{:?}", sheet.inspections);
    };
    assert_eq!(only.inspection.framework, Framework::Cpi);
    assert_eq!(only.inspection.published, date(2012, 5, 1));
    let grade = Some(Grade::RequiresImprovement);
    assert_eq!(only.inspection.judgements.get(JudgementKey::OVERALL), grade);
    assert_eq!(
        only.inspection
            .judgements
            .get(JudgementKey::HELP_AND_PROTECTION),
        grade
    );
}

#[test]
fn a_name_borne_twice_is_the_present_authority_first_and_the_abolished_one_in_a_second_table() {
    let cells = [
        "Ashford Vale",
        "",
        "",
        "ILACS Short Inspection",
        "2019-06-03",
        "Good",
    ];
    let before = ["Ashford Vale", "2012-05-01", "Good"];
    let sheet = read_rows(&[row(&WIDE), row(&cells), row(&WIDE), row(&before)]);
    let codes: Vec<&str> = sheet
        .inspections
        .iter()
        .map(|s| s.inspection.organisation.as_str())
        .collect();
    assert_eq!(codes, ["003", "002"]);
}

#[test]
fn only_the_text_of_a_cell_is_its_text() {
    let note = "<office:annotation><text:p>Inadequate</text:p></office:annotation>";
    let grade = format!(
        "<table:table-cell>{note}<text:p><text:span>Go</text:span>&#111;<text:note>x</text:note>d</text:p></table:table-cell>"
    );
    let typed = "<table:table-cell office:value-type=\"date\" office:date-value=\"2020-02-03T00:00:00\"><text:p>03-Feb</text:p></table:table-cell>";
    let cells = [
        cell("X001"),
        cell(""),
        typed.to_owned(),
        cell("ILACS Short Inspection"),
        grade,
    ];
    let filled = format!("<table:table-row>{}</table:table-row>", cells.concat());
    let sheet = read_rows(&[row(&HISTORY), filled]);
    let inspection = &sheet.inspections[0].inspection;
    assert_eq!(
        inspection.judgements.get(JudgementKey::OVERALL),
        Some(Grade::Good)
    );
    assert_eq!(inspection.published, date(2020, 2, 3));
}

#[test]
fn a_sheet_is_known_by_its_header_among_the_first_ten_rows() {
    let title = || row(&["A title"]);
    let mut rows: Vec<String> = (0..9).map(|_| title()).collect();
    rows.push(row(&HISTORY));
    assert_eq!(read(&ods(&content(&rows))).unwrap().len(), 1);
    rows.insert(0, title());
    assert_eq!(read(&ods(&content(&rows))).unwrap().len(), 0);
}

proptest! {
    /// Whatever happens to its bytes, a workbook is read or refused; nothing panics.
    #[test]
    fn changed_bytes_never_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        packed in any::<bool>(),
    ) {
        let cells = ["Eastmere", "1 May 2012", "Adequate", "ILACS Short Inspection", "2019-06-03"];
        let content = content(&[row(&["A title"]), row(&WIDE), row(&cells), row(&cells)]);
        let change = |bytes: &mut Vec<u8>| {
            for (at, byte) in &changes {
                let at = at.index(bytes.len());
                bytes[at] = *byte;
            }
        };
        let bytes = if packed {
            let mut bytes = ods(&content);
            change(&mut bytes);
            bytes.truncate(cut.index(bytes.len()).max(bytes.len() / 2));
            bytes
        } else {
            let mut xml = content.into_bytes();
            change(&mut xml);
            zipped(&[("content.xml", &xml)])
        };
        match read(&bytes) {
            Ok(_) | Err(Error::Malformed { .. } | Error::TooLarge { .. }) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }
}
