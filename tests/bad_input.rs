//! Bad files, each an error or a counted refusal that names file, line, column, found and expected.
#![cfg(feature = "read")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use forewarn::Error;
use forewarn::data::{AuthorityCode, Entity, Figure, IndicatorId};
use forewarn::jiff::civil::date;
use forewarn::read::{self, Loaded, REFUSALS_KEPT, tidy};
use proptest::prelude::*;

/// Invented authorities.
const REGISTER: &str = "\
old_la_code,la_code,former_la_codes,la_name,region_code,region_name,exists_from,exists_to,predecessors,note
X01,T01,,Ambleford,R01,Midwold,,,,
X02,T02,,Brackenshire,R01,Midwold,,,,
";

/// The columns of c1 that are read, with invented figures.
const REFERRALS: &str = "\
time_period,geographic_level,region_code,old_la_code,new_la_code,referral_count,rereferral_count,rereferral_percent,no_further_action_count,no_further_action_percent,not_in_need_count,not_in_need_percent
2024,Local authority,R01,X01,T01,1000,226,22.6,10,1,300,30
2024,Local authority,R01,X02,T02,500,c,c,low,low,150,30
";

const FIGURES: &str = "\
authority,indicator,period_end,known_from,value,numerator,denominator,state,source
X01,agency_rate,2024-09-30,2025-02-27,0.3,30,100,number,statistics
";

const EVENTS: &str = "\
organisation,kind,finding,known_from,source
X01,visit,failed,2019-12-18,inspectorate
X02,visit,,2019-12-18,inspectorate
";

/// Invented reports in the columns of the table of joint inspections.
const REPORTS: &str = "\
old_la_code,la_name,published,inspection_dates,priority_action,mentions,words
X01,ambleford,2017-02-20,Between 9 and 13 January 2017,1,2,6000
X02,brackenshire,2019-01-21,,0,0,5000
";

/// Invented scores in the columns of the table of deprivation.
const SCORES: &str = "\
old_la_code,la_code_2019,la_name,imd2019_average_score,imd2019_rank_of_average_score,known_from
X01,T01,Ambleford,35.5,9,2019-09-26
X02,T02,Brackenshire,40.25,5,2019-09-26
";

struct Folder(tempfile::TempDir);

impl Folder {
    /// A folder with the invented register and these files.
    fn new(files: &[(&str, &str)]) -> Self {
        let bytes: Vec<_> = files.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
        Self::of_bytes(&bytes)
    }

    fn of_bytes(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("register.csv"), REGISTER).unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn load(&self) -> Loaded {
        read::folder(self.0.path()).unwrap()
    }

    /// The refusals of a file: line, column, found, expected.
    fn refused(&self, name: &str) -> Vec<(u64, String, String, String)> {
        let report = self.load().report;
        let file = report.files.into_iter().find(|f| f.file == self.path(name));
        let refused = file.unwrap().refused.into_iter();
        refused
            .map(|r| (r.line, r.column, r.found, r.expected))
            .collect()
    }

    /// The error, which has to be about a malformed file: line, column, found, expected.
    fn malformed(&self, name: &str) -> (Option<u64>, Option<String>, String, String) {
        match read::folder(self.0.path()) {
            Err(Error::Malformed {
                file,
                line,
                column,
                found,
                expected,
            }) => {
                assert_eq!(file, self.path(name));
                (line, column, found, expected)
            }
            other => panic!("{other:?}"),
        }
    }
}

fn refusal(line: u64, column: &str, found: &str, expected: &str) -> (u64, String, String, String) {
    (line, column.into(), found.into(), expected.into())
}

type Malformed = (Option<u64>, Option<String>, String, String);

fn at(line: u64, column: Option<&str>, found: &str, expected: &str) -> Malformed {
    let column = column.map(str::to_owned);
    (Some(line), column, found.into(), expected.into())
}

/// The refusals of c1 after one replacement.
fn referrals_with(from: &str, to: &str) -> Vec<(u64, String, String, String)> {
    assert!(REFERRALS.contains(from));
    let text = REFERRALS.replacen(from, to, 1);
    Folder::new(&[("c1.csv", &text)]).refused("c1.csv")
}

/// The refusals of tidy figures after one replacement.
fn figures_with(from: &str, to: &str) -> Vec<(u64, String, String, String)> {
    assert!(FIGURES.contains(from));
    let text = FIGURES.replacen(from, to, 1);
    Folder::new(&[("figures.csv", &text)]).refused("figures.csv")
}

/// The refusals of a table of events after one replacement; rows refused and taken are all rows.
fn events_with(table: &str, from: &str, to: &str) -> Vec<(u64, String, String, String)> {
    assert!(table.contains(from));
    let text = table.replacen(from, to, 1);
    let folder = Folder::new(&[("events.csv", &text)]);
    let file = &folder.load().report.files[0];
    assert_eq!((file.rows, file.events + file.refused_total), (2, 2));
    folder.refused("events.csv")
}

const PERCENT: &str = "a percentage from 0 to 100";
const MARKERS: &str = "a number or one of the markers c, x, z, u, low, - and :";
const PROPORTION: &str = "a proportion from 0 to 1 (22% is 0.22)";
const COUNT: &str = "a count from 0 to 1000000000";
const AUTHORITY: &str = "an authority of the register: a new one can be added by a register file";
const NEAR: &str = "a known code or name: did you mean X01 (Ambleford)?";
const DATE: &str = "a date that exists, as 2024-03-31";

#[test]
fn good_files_have_nothing_refused() {
    let folder = Folder::new(&[("c1.csv", REFERRALS), ("figures.csv", FIGURES)]);
    assert_eq!(folder.refused("c1.csv"), []);
    assert_eq!(folder.refused("figures.csv"), []);
}

#[test]
fn an_empty_folder_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    match read::folder(folder.path()) {
        Err(Error::NothingToRead {
            folder: found,
            ignored,
        }) => {
            assert_eq!((found.as_path(), ignored), (folder.path(), 0));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    match read::folder(&missing) {
        Err(Error::Io { path, source }) => {
            assert_eq!(path, missing);
            assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn unknown_files_are_listed_with_the_reason() {
    let c3 = "time_period,geographic_level,Neglect\n2024,National,1\n";
    let folder = Folder::new(&[
        ("a.csv", c3),
        ("b.txt", "notes\n"),
        ("c", ""),
        ("d.json", "{}"),
    ]);
    let ignored = folder.load().report.ignored;
    let ignored: Vec<_> = ignored
        .iter()
        .map(|(p, why)| (p.clone(), why.as_str()))
        .collect();
    let expected = [
        (
            folder.path("a.csv"),
            "a statistics file of which no column is read: it can be left out",
        ),
        (folder.path("b.txt"), "no table: it can be left out"),
        (folder.path("c"), "empty: fetch or save it again"),
        (
            folder.path("d.json"),
            "JSON, but no mapping, which has an \"authority_column\"",
        ),
    ];
    assert_eq!(ignored, expected);
}

#[test]
fn a_wrong_delimiter_is_an_error() {
    for (delimiter, name) in [(";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")] {
        let text = REFERRALS.replace(',', delimiter);
        let found = format!("columns separated by {name}");
        let expected = "columns separated by commas: save the file as CSV again";
        let folder = Folder::new(&[("c1.csv", &text)]);
        assert_eq!(folder.malformed("c1.csv"), at(1, None, &found, expected));
    }
}

#[test]
fn a_row_cut_off_is_an_error() {
    let text = &REFERRALS[..REFERRALS.len() - 20];
    let expected = "12 fields as in the header: the file may be cut off here";
    let folder = Folder::new(&[("c1.csv", text)]);
    assert_eq!(
        folder.malformed("c1.csv"),
        at(3, None, "6 fields", expected)
    );
}

#[test]
fn a_quotation_cut_off_is_an_error() {
    let text = FIGURES.replace("statistics\n", "\"statistics\n");
    let expected = "a closing quotation mark: the file may be cut off here";
    let found = "the end of the file inside a quotation";
    let folder = Folder::new(&[("figures.csv", &text)]);
    assert_eq!(
        folder.malformed("figures.csv"),
        at(3, None, found, expected)
    );
}

#[test]
fn a_last_row_without_line_break_is_noted() {
    let folder = Folder::new(&[("figures.csv", FIGURES.trim_end())]);
    let note = "the last line has no line break: it may be cut off";
    assert_eq!(folder.load().report.files[0].notes, [note]);
}

#[test]
fn a_missing_column_is_an_error() {
    let text = REFERRALS.replace("not_in_need_percent", "not_in_need_per_cent");
    let folder = Folder::new(&[("c1.csv", &text)]);
    let header = text.lines().next().unwrap().replace(',', ", ");
    let found = format!("no such column among {header}");
    let like = format!(
        "looks like the file \"children in need, referrals (c1)\" of another year: lacks \
         not_in_need_percent; has {header}: fetch the newest release, or rename its columns"
    );
    let expected = at(1, Some("not_in_need_percent"), &found, &like);
    assert_eq!(folder.malformed("c1.csv"), expected);
}

#[test]
fn a_column_that_stands_twice_is_an_error() {
    let text = REFERRALS.replace("not_in_need_count", "referral_count");
    let folder = Folder::new(&[("c1.csv", &text)]);
    let expected = at(
        1,
        Some("referral_count"),
        "two columns of this name",
        "one: remove or rename the other",
    );
    assert_eq!(folder.malformed("c1.csv"), expected);
}

#[test]
fn text_that_is_not_utf8_is_an_error() {
    let mut bytes = FIGURES.as_bytes().to_vec();
    let at_source = FIGURES.find("statistics").unwrap();
    bytes[at_source] = 0xe9;
    let folder = Folder::of_bytes(&[("figures.csv", &bytes)]);
    let expected = "UTF-8 text: save the file again as \"CSV UTF-8\"";
    let expected = at(2, Some("source"), "bytes that are not UTF-8", expected);
    assert_eq!(folder.malformed("figures.csv"), expected);
}

#[test]
fn byte_order_marks_and_windows_line_ends_are_read() {
    let text = format!("\u{feff}{}", REFERRALS.replace('\n', "\r\n"));
    let text = text.replacen("22.6", "122.6", 1);
    // A line left empty is no row, but it is a line.
    let text = text.replacen("2024,", "\r\n2024,", 1);
    let folder = Folder::new(&[("c1.csv", &text)]);
    let expected = [refusal(3, "rereferral_percent", "122.6", PERCENT)];
    assert_eq!(folder.refused("c1.csv"), expected);
}

#[test]
fn a_line_of_200_megabytes_is_refused_without_buffering_it() {
    for (start, line) in [(FIGURES, 3), (&FIGURES[..FIGURES.len() - 1], 2)] {
        let folder = Folder::new(&[]);
        let mut file = fs::File::create(folder.path("figures.csv")).unwrap();
        file.write_all(start.as_bytes()).unwrap();
        let megabyte = vec![b'x'; 1 << 20];
        for _ in 0..200 {
            file.write_all(&megabyte).unwrap();
        }
        let found = "a line longer than 1048576 bytes";
        let expected = at(line, None, found, "shorter lines: is this a CSV file?");
        assert_eq!(folder.malformed("figures.csv"), expected);
    }
    if let Some(peak) = peak_megabytes() {
        assert!(peak < 150, "{peak} MB");
    }
}

/// The most memory that this process ever had, where the system says so.
fn peak_megabytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}

#[test]
fn lines_of_any_length_in_one_quotation_are_refused() {
    let long = "x\n".repeat(600_000);
    let text = format!("{FIGURES}\"{long}\"\n");
    let folder = Folder::new(&[("figures.csv", &text)]);
    let expected = "shorter lines: is this a CSV file?";
    let expected = at(3, None, "a line longer than 1048576 bytes", expected);
    assert_eq!(folder.malformed("figures.csv"), expected);
}

#[test]
fn a_file_of_one_long_unknown_line_is_ignored() {
    let folder = Folder::new(&[("notes", &"x".repeat(3 << 20)), ("figures.csv", FIGURES)]);
    let ignored = folder.load().report.ignored;
    assert_eq!(
        ignored,
        [(
            folder.path("notes"),
            "no table: it can be left out".to_owned()
        )]
    );
}

#[test]
fn a_percentage_over_100_is_refused() {
    let expected = [refusal(2, "rereferral_percent", "122.6", PERCENT)];
    assert_eq!(referrals_with("22.6", "122.6"), expected);
    // Tidy figures are in the unit: 22 where 0.22 is meant.
    assert_eq!(
        figures_with(",0.3,", ",22,"),
        [refusal(2, "value", "22", PROPORTION)]
    );
}

#[test]
fn a_negative_count_is_refused() {
    let expected = [refusal(2, "referral_count", "-1000", COUNT)];
    assert_eq!(referrals_with(",1000,", ",-1000,"), expected);
    assert_eq!(
        figures_with(",30,", ",-30,"),
        [refusal(2, "numerator", "-30", COUNT)]
    );
}

/// Sums and rates that the panel would refuse, and the whole folder with them, are refused in their
/// row; the other row is read.
#[test]
fn rates_of_nothing_and_sums_beyond_counts_are_refused_in_their_row() {
    let nothing = "a count above 0, beside a rate";
    assert_eq!(
        figures_with("0.3,30,100", "0,0,0"),
        [refusal(2, "denominator", "0", nothing)]
    );
    let one = WORKFORCE.replace("AGENCY", "600000000");
    let folder = Folder::new(&[("workforce.csv", &one)]);
    let most = "a count of at most 100000000: nothing in England has more";
    assert_eq!(
        folder.refused("workforce.csv"),
        [
            refusal(2, "agency_fte", "600000000", most),
            refusal(2, "vacancy_fte + inpost_fte", "600000000", most),
            refusal(2, "inpost_fte", "600000000", most),
            refusal(2, "case_holders_fte", "0", nothing)
        ]
    );
    assert_eq!(folder.load().report.files.len(), 2);
}

/// Invented, in the columns of the workforce indicators that are read.
const WORKFORCE: &str = "\
time_period,geographic_level,region_code,old_la_code,new_la_code,agency_rate_fte,agency_fte,inpost_fte,vacancy_rate_fte,vacancy_fte,turnover_rate_fte,leavers_fte,absence_rate_fte,working_days_lost_fte,caseload_fte,cases,case_holders_fte
2024,Local authority,R01,X01,T01,50,AGENCY,600000000,0,0,0,0,3,9,16,0,0
2024,Local authority,R01,X02,T02,50,100,100,0,0,0,0,3,9,16,1600,100
";

#[test]
fn numbers_that_are_none_are_refused() {
    for found in ["NaN", "inf", "1e308", "-inf"] {
        let expected = [refusal(2, "rereferral_percent", found, PERCENT)];
        assert_eq!(referrals_with("22.6", found), expected);
        let expected = [refusal(2, "value", found, PROPORTION)];
        assert_eq!(figures_with(",0.3,", &format!(",{found},")), expected);
    }
}

#[test]
fn an_unknown_marker_is_refused() {
    let expected = [refusal(2, "rereferral_percent", "..", MARKERS)];
    assert_eq!(referrals_with("22.6", ".."), expected);
    let plain = "a number without thousands separators, as 18007";
    let expected = [refusal(2, "referral_count", "1,000", plain)];
    assert_eq!(referrals_with(",1000,", ",\"1,000\","), expected);
    let bare = "a number without the sign, as 20.9";
    let expected = [refusal(2, "rereferral_percent", "20.9%", bare)];
    assert_eq!(referrals_with("22.6", "20.9%"), expected);
}

#[test]
fn rereferrals_above_referrals_are_refused() {
    let expected = [refusal(
        2,
        "rereferral_count",
        "2000",
        "at most referral_count, which is 1000",
    )];
    assert_eq!(referrals_with("226,22.6", "2000,22.6"), expected);
    // The other indicators of the row are taken.
    let text = REFERRALS.replace("226,22.6", "2000,22.6");
    let panel = Folder::new(&[("c1.csv", &text)]).load().panel;
    let known = |indicator: &str| {
        let entity = Entity::Authority(AuthorityCode::new("X01").unwrap());
        let id = IndicatorId::new(indicator).unwrap();
        panel
            .as_of(date(2026, 1, 1))
            .latest(entity, id)
            .and_then(|f| f.point())
    };
    assert_eq!(
        (known("rereferral_rate"), known("not_in_need_rate")),
        (None, Some(0.3))
    );
    let expected = [refusal(
        2,
        "numerator",
        "130",
        "at most denominator, which is 100",
    )];
    assert_eq!(figures_with(",30,", ",130,"), expected);
}

#[test]
fn an_unknown_authority_is_refused() {
    let expected = [refusal(2, "old_la_code", "X09", AUTHORITY)];
    assert_eq!(referrals_with("X01,T01", "X09,T01"), expected);
    assert_eq!(
        figures_with("X01,", "X09,"),
        [refusal(2, "authority", "X09", AUTHORITY)]
    );
}

#[test]
fn an_ons_code_of_another_authority_is_refused() {
    let expected = "T01, the ONS code of X01 Ambleford";
    assert_eq!(
        referrals_with("X01,T01", "X01,T02"),
        [refusal(2, "new_la_code", "T02", expected)]
    );
    let expected = "as many codes as in old_la_code, X01 / X02";
    assert_eq!(
        referrals_with("X01,T01", "X01 / X02,T01"),
        [refusal(2, "new_la_code", "T01", expected)]
    );
}

#[test]
fn a_year_or_level_that_is_none_is_refused() {
    let expected = [refusal(
        2,
        "time_period",
        "202324",
        "a year from 1990 to 2100",
    )];
    assert_eq!(referrals_with("2024,", "202324,"), expected);
    let expected = "National, Regional or Local authority";
    assert_eq!(
        referrals_with("Local authority,", "School,"),
        [refusal(2, "geographic_level", "School", expected)]
    );
}

#[test]
fn a_date_that_does_not_exist_is_refused() {
    let expected = [refusal(2, "period_end", "2024-02-30", DATE)];
    assert_eq!(figures_with("2024-09-30", "2024-02-30"), expected);
    assert_eq!(
        figures_with("2025-02-27", "2025-02-27T10:00"),
        [refusal(2, "known_from", "2025-02-27T10:00", DATE)]
    );
}

#[test]
fn a_figure_known_before_its_period_ended_is_refused() {
    let expected = "a day on or after the period's end, 2024-09-30";
    assert_eq!(
        figures_with("2025-02-27", "2024-09-29"),
        [refusal(2, "known_from", "2024-09-29", expected)]
    );
}

#[test]
fn an_unknown_indicator_or_state_is_refused() {
    let expected = "an indicator of the catalogue: a new one can be defined in a mapping file";
    assert_eq!(
        figures_with("agency_rate", "agency_rat"),
        [refusal(2, "indicator", "agency_rat", expected)]
    );
    let expected = "number, low, suppressed, unavailable, not_applicable, low_reliability, dash, \
        colon or empty, followed by any of +joint, +revised and +own";
    assert_eq!(
        figures_with("number", "numbr"),
        [refusal(2, "state", "numbr", expected)]
    );
    assert_eq!(
        figures_with("number", "number+late"),
        [refusal(2, "state", "number+late", expected)]
    );
    assert_eq!(
        figures_with("number", "suppressed"),
        [refusal(2, "value", "0.3", "nothing, for suppressed")]
    );
}

#[test]
fn bad_rows_of_events_are_refused() {
    let nobody = "an authority: England and regions have no events";
    let kind = "a code of up to 40 letters, digits, '_', '-' or '.'";
    let years = "a date from 1990 to 2100";
    let long = "x".repeat(41);
    for (from, to, column, found, expected) in [
        ("X01,", "X09,", "organisation", "X09", AUTHORITY),
        ("X01,", ",", "organisation", "", AUTHORITY),
        ("X01,", "england,", "organisation", "england", nobody),
        ("X01,", "region:R01,", "organisation", "region:R01", nobody),
        ("X01,visit", "X01,", "kind", "", kind),
        ("visit", "joint visit", "kind", "joint visit", kind),
        ("failed", &long, "finding", &long, kind),
        ("failed", "f\u{e9}", "finding", "f\u{e9}", kind),
        ("2019-12-18", "", "known_from", "", DATE),
        ("2019-12-18", "18/12/2019", "known_from", "18/12/2019", DATE),
        ("2019-12-18", "2019-02-29", "known_from", "2019-02-29", DATE),
        (
            "2019-12-18",
            "1989-12-31",
            "known_from",
            "1989-12-31",
            years,
        ),
        (
            "2019-12-18",
            "2101-01-01",
            "known_from",
            "2101-01-01",
            years,
        ),
    ] {
        let expected = [refusal(2, column, found, expected)];
        assert_eq!(
            events_with(EVENTS, from, to),
            expected,
            "{from:?} to {to:?}"
        );
    }
    // Where the column is called otherwise it is named so.
    assert_eq!(
        events_with(
            EVENTS,
            "organisation,kind,finding,known_from,source\nX01",
            "authority,kind,finding,known_from,source\nX09"
        ),
        [refusal(2, "authority", "X09", AUTHORITY)]
    );
}

#[test]
fn bad_rows_of_joint_inspections_are_refused() {
    let years = "a date from 1990 to 2100";
    for (from, to, column, found, expected) in [
        ("X01,", "X09,", "old_la_code", "X09", AUTHORITY),
        // The slug identifies nobody.
        ("X01,", "Ambleford,", "old_la_code", "Ambleford", NEAR),
        (",1,2", ",2,2", "priority_action", "2", "1 or 0"),
        (",1,2", ",,2", "priority_action", "", "1 or 0"),
        (",1,2", ",yes,2", "priority_action", "yes", "1 or 0"),
        ("2017-02-20", "20/02/2017", "published", "20/02/2017", DATE),
        ("2017-02-20", "1917-02-20", "published", "1917-02-20", years),
    ] {
        let expected = [refusal(2, column, found, expected)];
        assert_eq!(
            events_with(REPORTS, from, to),
            expected,
            "{from:?} to {to:?}"
        );
    }
    let text = REPORTS.replacen("priority_action", "priority", 1);
    let (line, column, ..) = Folder::new(&[("r.csv", &text)]).malformed("r.csv");
    assert_eq!(
        (line, column.as_deref()),
        (Some(1), Some("priority_action"))
    );
}

#[test]
fn bad_rows_of_deprivation_scores_are_refused() {
    let (score, rank) = ("imd2019_average_score", "imd2019_rank_of_average_score");
    let range = "a score from 0 to 1000";
    let early = "a day on or after the period's end, 2019-03-31";
    let years = "a date from 1990 to 2100";
    for (from, to, column, found, expected) in [
        ("X01,", "X09,", "old_la_code", "X09", AUTHORITY),
        (
            "T01,",
            "T02,",
            "la_code_2019",
            "T02",
            "T01, the ONS code of X01 Ambleford",
        ),
        ("35.5,9", "1000.5,9", score, "1000.5", range),
        ("35.5,9", "-1,9", score, "-1", range),
        ("35.5,9", "NaN,9", score, "NaN", range),
        ("35.5,9", "high,9", score, "high", MARKERS),
        (
            "2019-09-26",
            "2019-03-30",
            "known_from",
            "2019-03-30",
            early,
        ),
        (
            "2019-09-26",
            "2190-09-26",
            "known_from",
            "2190-09-26",
            years,
        ),
        ("2019-09-26", "", "known_from", "", DATE),
    ] {
        let text = SCORES.replacen(from, to, 1);
        let folder = Folder::new(&[("scores.csv", &text)]);
        let expected = [refusal(2, column, found, expected)];
        assert_eq!(folder.refused("scores.csv"), expected, "{from:?} to {to:?}");
        let file = &folder.load().report.files[1];
        assert_eq!((file.rows, file.numbers + file.refused_total), (2, 2));
    }
    // The rank is not read, and a withheld score is no error.
    let text = SCORES.replacen(rank, "rank", 1).replacen("40.25", "c", 1);
    let folder = Folder::new(&[("scores.csv", &text)]);
    assert_eq!(folder.refused("scores.csv"), []);
    let file = &folder.load().report.files[1];
    assert_eq!((file.numbers, file.missing.len()), (1, 1));
    assert_eq!(file.notes, ["columns ignored: rank"]);
}

#[test]
fn events_without_a_column_are_an_error() {
    for column in ["organisation", "kind", "finding", "known_from", "source"] {
        let text = EVENTS.replacen(column, "other", 1);
        let header = text.lines().next().unwrap().replace(',', ", ");
        let found = format!("no such column among {header}");
        let folder = Folder::new(&[("events.csv", &text)]);
        let expected = at(1, Some(column), &found, "a column of this name");
        assert_eq!(folder.malformed("events.csv"), expected);
    }
}

#[test]
fn refusals_are_counted_beyond_those_kept() {
    let row = "X09,agency_rate,2024-09-30,2025-02-27,0.3,,,number,statistics\n";
    let text = format!("{FIGURES}{}", row.repeat(120));
    let folder = Folder::new(&[("figures.csv", &text)]);
    let file = &folder.load().report.files[0];
    assert_eq!(
        (file.refused.len(), file.refused_total),
        (REFUSALS_KEPT, 120)
    );
    assert_eq!(file.rows, 121);
}

#[test]
fn duplicate_rows_that_disagree_are_named_and_left_out() {
    let other = REFERRALS.replace("226,22.6", "227,22.7");
    let folder = Folder::new(&[("a.csv", REFERRALS), ("b.csv", &other)]);
    let loaded = folder.load();
    let (a, b) = (folder.path("a.csv"), folder.path("b.csv"));
    let expected = format!(
        "X01 Ambleford, rereferral_rate, period to 2024-03-31, known from 2024-10-31: 0.226 in {}, \
         line 2, but 0.227 in {}, line 2; neither was taken: remove the wrong one",
        a.display(),
        b.display(),
    );
    assert_eq!(loaded.report.conflicts, [expected]);
    assert_eq!(
        (
            loaded.report.conflicts_left_out,
            loaded.report.conflicts_decided
        ),
        (1, 0)
    );
    // Two authorities with three indicators each agree, but for the one above.
    assert_eq!(loaded.report.agreeing, 5);
    let entity = Entity::Authority(AuthorityCode::new("X01").unwrap());
    let id = IndicatorId::new("rereferral_rate").unwrap();
    assert_eq!(
        loaded.panel.as_of(date(2026, 1, 1)).latest(entity, id),
        None
    );
}

#[test]
fn two_overlapping_vintages_are_both_kept() {
    let later = FIGURES.replace("2025-02-27,0.3,30", "2025-05-01,0.28,28");
    let panel = Folder::new(&[("a.csv", FIGURES), ("b.csv", &later)])
        .load()
        .panel;
    let mut bytes = Vec::new();
    tidy::write(&panel, &mut bytes).unwrap();
    let written = String::from_utf8(bytes).unwrap();
    let expected = format!("{FIGURES}{}", later.lines().last().unwrap());
    assert_eq!(written.trim_end(), expected);
}

#[test]
fn registers_that_disagree_are_an_error() {
    let other = REGISTER.replace("Ambleford", "Amblefold");
    let folder = Folder::new(&[("second.csv", &other)]);
    let expected = format!(
        "the same as in {}, line 2: remove one of the two",
        folder.path("register.csv").display()
    );
    let expected = at(2, Some("old_la_code"), "X01", &expected);
    assert_eq!(folder.malformed("second.csv"), expected);
}

#[test]
fn bad_rows_of_a_calendar_are_refused() {
    let calendar = "series,year,period_end,published,basis\n\
        children_in_neet,2024,2024-03-31,2024-10-31,confirmed\n\
        children_in_need,2024,2024-03-31,2024-03-01,confirmed\n\
        children_in_need,2024,2024-03-31,2024-10-31,guessed\n";
    let series = "one of children_in_need, social_work_workforce, children_looked_after, \
        free_school_meals_january_census, cafcass_care_applications, section_251_outturn, \
        children_in_low_income_families, mid_year_population, indices_of_deprivation";
    let basis = "a text beginning with confirmed, recalled, conservative or upper bound";
    let expected = [
        refusal(2, "series", "children_in_neet", series),
        refusal(
            3,
            "published",
            "2024-03-01",
            "a day after the period's end, 2024-03-31",
        ),
        refusal(4, "basis", "guessed", basis),
    ];
    assert_eq!(
        Folder::new(&[("calendar.csv", calendar)]).refused("calendar.csv"),
        expected
    );
}

const TABLE: &str = "place,agency\nX01,0.3\n";
const MAPPING: &str = r#"{"file": "table.csv", "authority_column": "place", "columns": [
    {"column": "agency", "indicator": "agency_rate", "period_end": "2024-09-30"}]}"#;

fn mapping_with(from: &str, to: &str) -> Folder {
    assert!(MAPPING.contains(from));
    let mapping = MAPPING.replacen(from, to, 1);
    Folder::new(&[("map.json", &mapping), ("table.csv", TABLE)])
}

#[test]
fn a_mapping_that_names_a_missing_column_is_an_error() {
    let folder = mapping_with(r#""column": "agency""#, r#""column": "agnecy""#);
    let found = "no such column among place, agency";
    let expected = at(1, Some("agnecy"), found, "a column of this name");
    assert_eq!(folder.malformed("table.csv"), expected);
}

#[test]
fn a_mapping_that_names_a_missing_file_is_an_error() {
    let folder = mapping_with("table.csv", "../table.csv");
    let expected = "the name of a file in the folder of the mapping";
    let expected = (
        None,
        Some("file".to_owned()),
        "../table.csv".into(),
        expected.into(),
    );
    assert_eq!(folder.malformed("map.json"), expected);
}

#[test]
fn a_mapping_with_an_unknown_field_is_an_error() {
    let folder = mapping_with("period_end", "period");
    let (line, column, found, expected) = folder.malformed("map.json");
    assert_eq!((line, column), (Some(2), None));
    assert!(
        found.starts_with("unknown field `period`, expected one of `column`"),
        "{found}"
    );
    assert_eq!(expected, "a mapping as documented in forewarn::read::wide");
}

#[test]
fn a_mapping_that_contradicts_itself_is_an_error() {
    for (from, to, field, found, expected) in [
        (
            r#""agency_rate""#,
            r#""agency_rat""#,
            "indicator",
            "agency_rat",
            "an indicator of the catalogue or of this mapping's indicators",
        ),
        (
            r#""period_end": "2024-09-30""#,
            r#""unit": "proportion""#,
            "agency",
            "none or both",
            "exactly one of period_end and period_column",
        ),
        (
            r#""period_end""#,
            r#""known_days": 3, "known_from": "2025-01-01", "period_end""#,
            "agency",
            "several",
            "at most one of known_from, known_column and known_days",
        ),
        (
            r#""agency_rate""#,
            r#""caseload", "scale": "percent""#,
            "scale",
            "percent",
            "unit: caseload is no proportion",
        ),
    ] {
        let malformed = mapping_with(from, to).malformed("map.json");
        let expected = (
            None,
            Some(field.to_owned()),
            found.to_owned(),
            expected.to_owned(),
        );
        assert_eq!(malformed, expected);
    }
}

#[test]
fn bad_cells_of_a_mapped_table_are_refused() {
    let table = "place,agency\nX01,30\nX09,0.3\nX02,?\n";
    let folder = Folder::new(&[("map.json", MAPPING), ("table.csv", table)]);
    let expected = [
        refusal(2, "agency", "30", PROPORTION),
        refusal(3, "place", "X09", AUTHORITY),
        refusal(4, "agency", "?", MARKERS),
    ];
    assert_eq!(folder.refused("table.csv"), expected);
}

#[test]
fn long_finds_are_cut_in_the_report() {
    let refused = referrals_with("22.6", &"9".repeat(500));
    assert_eq!(
        refused,
        [refusal(2, "rereferral_percent", &"9".repeat(80), PERCENT)]
    );
}

proptest! {
    /// Whatever stands in a file, reading it ends in a result.
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for start in ["", REFERRALS, FIGURES, EVENTS] {
            let all = [start.as_bytes(), bytes.as_slice()].concat();
            let folder = Folder::of_bytes(&[("any", &all)]);
            let _ = read::folder(folder.0.path());
        }
    }

    /// A valid file with some bytes changed: a panel or an error, never a value out of range.
    #[test]
    fn changed_files_are_read_without_panic(
        which in 0..7usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[ -~\n\"é]"), 1..8),
    ) {
        let text = [REFERRALS, FIGURES, EVENTS, REPORTS, SCORES, MAPPING, REGISTER][which];
        let mut changed: Vec<char> = text.chars().collect();
        for (index, new) in changes {
            let at = index.index(changed.len());
            changed[at] = new.chars().next().unwrap();
        }
        let changed: String = changed.into_iter().collect();
        let folder = Folder::new(&[("any", &changed), ("table.csv", TABLE)]);
        match read::folder(folder.0.path()) {
            Ok(loaded) => {
                let mut bytes = Vec::new();
                tidy::write(&loaded.panel, &mut bytes).unwrap();
                prop_assert!(!String::from_utf8(bytes).unwrap().contains("NaN"));
            }
            // What is wrong in a file is refused in its row.
            Err(error) => {
                let at_the_door = matches!(error, Error::RefusedAtTheDoor { .. });
                prop_assert!(!at_the_door, "{error}");
            }
        }
    }
}

#[test]
fn one_bad_file_is_named_and_the_rest_is_read() {
    let cut = &REFERRALS[..REFERRALS.len() - 20];
    let whole = Folder::new(&[("figures.csv", FIGURES)]).load();
    let folder = Folder::new(&[("c1.csv", cut), ("figures.csv", FIGURES)]);
    let loaded = folder.load();
    let [(file, why)] = loaded.report.ignored.as_slice() else {
        panic!("{:?}", loaded.report.ignored);
    };
    assert_eq!(*file, folder.path("c1.csv"));
    assert!(why.contains("the file may be cut off here"), "{why}");
    assert!(loaded.report.to_string().contains(why.as_str()));
    // Nothing of it is in the panel, not even the rows before the fault.
    assert_eq!(loaded.panel.figures(), whole.panel.figures());
    // With nothing else every reason is said.
    let folder = Folder::new(&[("c1.csv", cut), ("d1.csv", cut)]);
    let error = read::folder(folder.0.path()).unwrap_err().to_string();
    assert!(
        error.contains("c1.csv") && error.contains("d1.csv"),
        "{error}"
    );
}

#[test]
fn titles_above_a_header_are_passed_over_and_lines_stay_right() {
    let text = REFERRALS.replacen("22.6", "122.6", 1);
    let text = format!("\"Table C1: referrals\"\n\n{text}");
    let folder = Folder::new(&[("c1.csv", &text)]);
    assert_eq!(
        folder.refused("c1.csv"),
        [refusal(4, "rereferral_percent", "122.6", PERCENT)]
    );
    let notes = folder.load().report.files[0].notes.join("; ");
    assert!(notes.contains("1 title rows above the header"), "{notes}");
}

#[test]
fn a_file_of_another_kind_says_what_to_save_it_as() {
    let utf16: Vec<u8> = REFERRALS
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let utf16 = [&b"\xff\xfe"[..], &utf16].concat();
    let folder = Folder::of_bytes(&[("c1.csv", &utf16), ("figures.csv", FIGURES.as_bytes())]);
    let ignored = folder.load().report.ignored;
    assert_eq!(ignored.len(), 1);
    assert!(ignored[0].1.contains("CSV UTF-8"), "{ignored:?}");
}

/// The columns of 2022 to 2024 are those of 2025 by other names.
#[test]
fn an_older_release_is_read_by_its_own_names() {
    let mut older = REFERRALS.to_owned();
    for (newer, name) in [
        ("rereferral_count", "Re_referrals"),
        ("rereferral_percent", "Re_referrals_percent"),
        ("no_further_action_count", "No_Further_Action"),
        ("no_further_action_percent", "no_further_action_PERCENT"),
        ("not_in_need_count", "Not_in_Need"),
        ("not_in_need_percent", "Not_in_Need_percent"),
        ("referral_count", "Referrals"),
    ] {
        older = older.replacen(newer, name, 1);
    }
    let (newer, older) = (
        Folder::new(&[("c1.csv", REFERRALS)]).load(),
        Folder::new(&[("c1.csv", &older)]).load(),
    );
    assert_eq!(older.report.files[0].numbers, newer.report.files[0].numbers);
    assert_eq!(older.panel.figures(), newer.panel.figures());
}

/// What a later release says of a year that an older one has is known from its own release on.
#[test]
fn two_releases_are_two_vintages() {
    let next = REFERRALS
        .lines()
        .last()
        .unwrap()
        .replacen("2024", "2025", 1);
    let later = format!("{}{next}\n", REFERRALS.replace("22.6", "21.9"));
    let folder = Folder::new(&[("old.csv", REFERRALS), ("new.csv", &later)]);
    let loaded = folder.load();
    assert_eq!(loaded.report.conflicts_left_out, 0);
    let rate = |day: &str| {
        let known = loaded.panel.as_of(day.parse().unwrap());
        let rate = IndicatorId::new("rereferral_rate").unwrap();
        let of_2024 = |f: &Figure| f.observation.period_end.year() == 2024;
        let england = known
            .figures(Entity::Authority(AuthorityCode::new("X01").unwrap()), rate)
            .find(of_2024);
        england.and_then(|f| f.observation.value.point())
    };
    assert_eq!(rate("2025-06-01"), Some(0.226));
    assert_eq!(rate("2026-06-01"), Some(0.219));
    // The later one alone: known from the release of its year on, as before.
    let alone = Folder::new(&[("new.csv", &later)]).load();
    let known = alone.panel.as_of("2025-06-01".parse().unwrap());
    let rate = IndicatorId::new("rereferral_rate").unwrap();
    assert_eq!(
        known
            .latest(Entity::Authority(AuthorityCode::new("X01").unwrap()), rate)
            .unwrap()
            .observation
            .value
            .point(),
        Some(0.219)
    );
}

#[test]
fn a_percentage_that_contradicts_its_counts_is_refused() {
    let found = referrals_with("22.6", "0.226");
    assert_eq!(found.len(), 1);
    let (line, column, found, expected) = &found[0];
    assert_eq!(
        (*line, column.as_str(), found.as_str()),
        (2, "rereferral_percent", "0.23%")
    );
    assert!(
        expected.starts_with("about 22.60%, as rereferral_count 226 by referral_count 1000 say"),
        "{expected}"
    );
}

/// Long files of children looked after: one kind of row each, of several.
#[test]
fn looked_after_files_are_read_for_one_kind_of_row() {
    let area = "time_period,geographic_level,region_code,old_la_code,new_la_code";
    let row = "2024,Local authority,R01,X01,T01";
    let now = "Children looked after on 31 March each year";
    let rates = format!(
        "{area},population_type,population_estimate,children_count,rate_per_10000\n\
         {row},{now},10000,67,67\n{row},Children starting to be looked after each year,10000,26,26\n"
    );
    let many = "With 3 or more placements during the year";
    let moves = format!(
        "{area},cla_group,placement_stability,children_count,children_percent\n\
         {row},CLA on 31 March,{many},7,10\n{row},CLA on 31 March,Total children,67,100\n"
    );
    let loaded = Folder::new(&[("r.csv", &rates), ("m.csv", &moves)]).load();
    let known = loaded.panel.as_of(date(2026, 1, 1));
    let figure = |indicator: &str| {
        let entity = Entity::Authority(AuthorityCode::new("X01").unwrap());
        let found = known.latest(entity, IndicatorId::new(indicator).unwrap());
        found.and_then(|f| f.observation.value.point())
    };
    assert_eq!(figure("looked_after_rate"), Some(67.0));
    assert_eq!(figure("three_placements_rate"), Some(0.1));
    assert_eq!(loaded.report.files.iter().map(|f| f.rows).sum::<usize>(), 6);
}

/// Spreadsheets write markers in brackets, and some programs in capitals.
#[test]
fn markers_are_known_in_brackets_and_capitals() {
    let missing = |marker: &str| {
        let text = REFERRALS.replacen(",c,c,", &format!(",{marker},{marker},"), 1);
        let report = Folder::new(&[("c1.csv", &text)]).load().report;
        let file = report
            .files
            .iter()
            .find(|f| f.file.ends_with("c1.csv"))
            .unwrap();
        assert_eq!(file.refused_total, 0, "{marker}");
        file.missing.clone()
    };
    let plain = missing("c");
    for marker in ["[c]", "C", "[C]"] {
        assert_eq!(missing(marker), plain);
    }
    assert_eq!(missing("[z]"), missing("Z"));
    let refused = referrals_with("22.6", "[]");
    assert_eq!(refused.len(), 1);
}

/// A later release of populations revises none that was known: the rate by the first one stays, and
/// none is lost.
#[test]
fn rates_keep_the_population_that_was_released_first() {
    let area = "time_period,geographic_level,region_code,old_la_code,new_la_code";
    let row = "Local authority,R01,X01,T01";
    let children = |years: &[(i16, u32)]| {
        let rows = years
            .iter()
            .map(|(year, count)| format!("{year},{row},Children aged 0 to 17 years,{count}\n"));
        format!(
            "{area},age_group,population_estimate\n{}",
            rows.collect::<String>()
        )
    };
    let (old, new) = (
        children(&[(2023, 10_000)]),
        children(&[(2023, 20_000), (2024, 20_000)]),
    );
    for names in [["a.csv", "b.csv"], ["b.csv", "a.csv"]] {
        let files = [("c1.csv", REFERRALS), (names[0], &old), (names[1], &new)];
        let loaded = Folder::new(&files).load();
        let of = Entity::Authority(AuthorityCode::new("X01").unwrap());
        let rate = IndicatorId::new("referral_rate").unwrap();
        let found = loaded.panel.as_of(date(2026, 6, 1)).latest(of, rate);
        // 1,000 referrals of the year to March 2024 by 10,000 children in the middle of 2023.
        assert_eq!(found.unwrap().observation.value.point(), Some(1000.0));
        // X02 has no population in either.
        assert_eq!(loaded.report.without_population, 1);
    }
}
