//! Files as analysts really have them: each is read rightly, or what to do is said in a sentence. All
//! names and figures are invented but where a file of `../shared` is named.
#![cfg(feature = "read")]

mod common;

use std::fs;
#[cfg(feature = "ods")]
use std::path::Path;
use std::path::PathBuf;

use forewarn::data::{AuthorityCode, Entity, IndicatorId, Panel, Register, Service};
use forewarn::jiff::civil::Date;
use forewarn::read::{self, Loaded};
use proptest::prelude::*;

const REGISTER: &str = "\
old_la_code,la_code,former_la_codes,la_name,region_code,region_name,exists_from,exists_to,predecessors,note
X01,T01,,Ambleford,R01,Midwold,,,,
X02,T02,,Brackenshire,R01,Midwold,,,,
";
const REFERRALS: &str = "\
time_period,geographic_level,region_code,old_la_code,new_la_code,referral_count,rereferral_count,rereferral_percent,no_further_action_count,no_further_action_percent,not_in_need_count,not_in_need_percent
2024,Local authority,R01,X01,T01,1000,226,22.6,10,1,300,30
2024,Local authority,R01,X02,T02,500,c,c,low,low,150,30
";
const FIGURES: &str = "\
authority,indicator,period_end,known_from,value,numerator,denominator,state,source
X01,agency_rate,2024-09-30,2025-02-27,0.3,30,100,number,statistics
X02,agency_rate,2024-09-30,2025-02-27,0.2,20,100,number,statistics
X01,agency_rate,2023-09-30,2024-02-29,0.25,25,100,number,statistics
X02,vacancy_rate,2023-09-30,2024-02-29,,,,suppressed,statistics
";

struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        for (name, text) in [("register.csv", REGISTER)].iter().chain(files) {
            fs::write(folder.path(name), text).unwrap();
        }
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn load(&self) -> Loaded {
        read::folder(self.0.path()).unwrap()
    }
}

fn read_of(files: &[(&str, &str)]) -> Loaded {
    Folder::new(files).load()
}

/// What was refused in a file: column, found, expected.
fn refused(loaded: &Loaded, name: &str) -> Vec<(String, String, String)> {
    let report = loaded.report.files.iter().find(|f| f.file.ends_with(name));
    let refused = report.unwrap().refused.iter();
    refused
        .map(|r| (r.column.clone(), r.found.clone(), r.expected.clone()))
        .collect()
}

fn ignored(loaded: &Loaded, name: &str) -> String {
    let found = loaded
        .report
        .ignored
        .iter()
        .find(|(f, _)| f.ends_with(name));
    found
        .unwrap_or_else(|| panic!("{}", loaded.report))
        .1
        .clone()
}

fn latest(panel: &Panel, code: &str, indicator: &str, day: &str) -> Option<f64> {
    let entity = Entity::Authority(AuthorityCode::new(code).unwrap());
    let indicator = IndicatorId::new(indicator).unwrap();
    let known = panel.as_of(day.parse().unwrap()).latest(entity, indicator);
    known.and_then(|figure| figure.observation.value.point())
}

/// Everything that can be known of a panel on any day.
fn content(panel: &Panel) -> (String, String) {
    let mut figures = Vec::new();
    read::tidy::write(panel, &mut figures).unwrap();
    let mut judged = Vec::new();
    read::inspections::write_panel(panel, &mut judged).unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(figures), text(judged))
}

/// How many inspections were read.
fn judged(loaded: &Loaded) -> usize {
    content(&loaded.panel).1.lines().count() - 1
}

// Names and codes.

/// Right by the register of England: codes are the Department's.
#[test]
fn near_names_and_codes_get_a_hint() {
    let register = Register::england();
    for (written, meant) in [
        ("Hull", "810"),
        ("Hull, City of", "810"),
        ("City of York", "816"),
        ("City of Bristol", "801"),
        ("Bristol UA", "801"),
        ("BCP", "839"),
        ("BANES", "800"),
        ("Newcastle", "391"),
        ("Leeds City Council", "383"),
        ("London Borough of Camden", "202"),
        ("Royal Borough of Windsor and Maidenhead", "868"),
        ("Nottingham City", "892"),
        ("Sandwel", "333"),
        ("301.0", "301"),
        ("0301", "301"),
        ("e09000002", "301"),
    ] {
        let error = register.find(written).unwrap_err().to_string();
        let hint = format!("did you mean {meant} (");
        assert!(error.contains(&hint), "{error}");
    }
    let dorset = register.find("Dorset").unwrap_err().to_string();
    let both = "835 (to 2019-03-31), 838 (since 2019-04-01)";
    assert!(dorset.contains(both), "{dorset}");
    for nobody in ["Rhondda Cynon Taf", "999", "E09999999", "", "?"] {
        let error = register.find(nobody).unwrap_err().to_string();
        assert!(!error.contains("did you mean"), "{error}");
    }
}

#[test]
fn england_and_regions_are_known_however_they_are_written() {
    for (written, entity) in [
        ("ENGLAND", "england"),
        ("England", "england"),
        ("E92000001", "england"),
        ("E12000001", "region:E12000001"),
        ("Region:E12000001", "region:E12000001"),
        ("midwold", "region:R01"),
    ] {
        let text = FIGURES.replacen("X01,", &format!("{written},"), 1);
        let (figures, _) = content(&read_of(&[("f.csv", &text)]).panel);
        assert!(
            figures.contains(&format!("\n{entity},agency_rate,2024")),
            "{figures}"
        );
    }
}

// Days.

#[test]
fn days_are_read_by_the_form_of_their_whole_column() {
    let uk = FIGURES
        .replace("2024-09-30", "30/09/2024")
        .replace("2023-09-30", "30/09/2023");
    let loaded = read_of(&[("f.csv", &uk)]);
    let plain = read_of(&[("f.csv", FIGURES)]);
    assert_eq!(content(&loaded.panel), content(&plain.panel));
    let notes = &loaded.report.files[0].notes;
    assert_eq!(
        notes[0],
        "column period_end: read as dd/mm/yyyy, as all of it is"
    );
    for [end, known] in [
        ["09/30/2024", "02/27/2025"],
        ["30.09.2024", "27.02.2025"],
        ["30 September 2024", "27 Feb 2025"],
        ["30-Sep-2024", "27-Feb-2025"],
        ["2024-09-30 00:00:00", "2025-02-27T00:00:00"],
    ] {
        let (head, row) = FIGURES.split_once('\n').unwrap();
        let row = row.lines().next().unwrap();
        let other = row.replace("2024-09-30", end).replace("2025-02-27", known);
        let other = read_of(&[("f.csv", &format!("{head}\n{other}\n"))]);
        let plain = read_of(&[("f.csv", &format!("{head}\n{row}\n"))]);
        assert_eq!(content(&other.panel), content(&plain.panel), "{end}");
    }
    // Which century is not said.
    let short = FIGURES.replace("2024-09-30", "30/09/24");
    assert_eq!(refused(&read_of(&[("f.csv", &short)]), "f.csv").len(), 2);
    // One cell otherwise, and the others are no days.
    let mixed = uk.replacen("30/09/2024", "2024-09-30", 1);
    assert_eq!(refused(&read_of(&[("f.csv", &mixed)]), "f.csv").len(), 3);
    // Each of them is a day both ways round: both are named.
    let either = FIGURES
        .replace("2025-02-27", "01/02/2025")
        .replace("2024-02-29", "05/03/2024");
    let all = refused(&read_of(&[("f.csv", &either)]), "f.csv");
    assert_eq!(all.len(), 4);
    assert!(all[0].2.contains("2025-02-01 or 2025-01-02"), "{all:?}");
}

const OWN: &str = "\
la,sex,agency %,census,told
Ambleford,Total,31.5,30/09/2024,13/10/2024
Ambleford,Female,99,30/09/2024,13/10/2024
Brackenshire,Total,12,30/09/2024,14/10/2024
";
const MAPPING: &str = r#"{"file": "own.csv", "authority_column": "la", "source": "own",
    "rows": {"sex": ["Total", "All"]},
    "columns": [{"column": "agency %", "indicator": "agency_rate", "scale": "percent",
        "period_column": "census", "known_column": "told"}]}"#;

#[test]
fn a_mapping_chooses_rows_and_reads_days_below_titles() {
    for titles in ["", "Our figures,,,,\n,Group of columns,,,\n"] {
        let table = format!("{titles}{OWN}");
        let loaded = read_of(&[("own.csv", &table), ("own.json", MAPPING)]);
        let agency = |code, day| latest(&loaded.panel, code, "agency_rate", day);
        assert_eq!(agency("X01", "2024-10-12"), None);
        assert_eq!(agency("X01", "2024-10-13"), Some(0.315));
        assert_eq!(agency("X02", "2024-10-14"), Some(0.12));
        let report = loaded
            .report
            .files
            .iter()
            .find(|f| f.file.ends_with("own.csv"));
        let notes = report.unwrap().notes.join("; ");
        assert!(notes.contains("1 rows passed over"), "{notes}");
    }
    let unknown = MAPPING.replace("\"sex\"", "\"gender\"");
    let folder = Folder::new(&[("own.csv", OWN), ("own.json", &unknown)]);
    let error = read::folder(folder.0.path()).unwrap_err().to_string();
    assert!(error.contains("gender"), "{error}");
}

// Denominators.

/// By hand: 1,000 referrals of 40,000 children are 250 in 10,000.
#[test]
fn own_populations_are_what_counts_are_divided_by() {
    let tidy = "\
authority,indicator,period_end,known_from,value,numerator,denominator,state,source
X01,children,2023-06-30,2024-07-15,40000,,,number,own
";
    let by_tidy = read_of(&[("c1.csv", REFERRALS), ("pop.csv", tidy)]);
    let wide = "la,year,children\nX01,2023,40000\n";
    let mapping = r#"{"file": "pop.csv", "authority_column": "la", "columns":
        [{"column": "children", "indicator": "children", "period_column": "year"}]}"#;
    let by_mapping = read_of(&[
        ("c1.csv", REFERRALS),
        ("pop.csv", wide),
        ("m.json", mapping),
    ]);
    for loaded in [by_tidy, by_mapping] {
        let rate = latest(&loaded.panel, "X01", "referral_rate", "2025-06-01");
        assert_eq!(rate, Some(250.0));
        // That of the other authority has none.
        assert_eq!(loaded.report.without_population, 1);
    }
    // A rate by a population of its own is no published one.
    let by_tidy = read_of(&[("c1.csv", REFERRALS), ("pop.csv", tidy)]);
    let (figures, _) = content(&by_tidy.panel);
    let rate = figures
        .lines()
        .find(|line| line.contains("referral_rate,2024"));
    assert!(rate.unwrap().contains(",number+own,"), "{figures}");
    // One of another day is none of the middle of a year.
    let may = tidy.replace("2023-06-30", "2024-05-01");
    let loaded = read_of(&[("c1.csv", REFERRALS), ("pop.csv", &may)]);
    assert_eq!(loaded.report.without_population, 2);
    let none = tidy.replace(",40000,", ",0,");
    let loaded = read_of(&[("c1.csv", REFERRALS), ("pop.csv", &none)]);
    let expected = "a number of children above 0";
    assert_eq!(refused(&loaded, "pop.csv")[0].2, expected);
}

#[test]
fn the_sheet_of_the_statistics_office_is_a_population() {
    let ages: Vec<String> = (0..=90).map(|age| age.to_string()).collect();
    let row = |code: &str, each: usize| {
        let cells = vec![each.to_string(); 91].join(",");
        format!("{code},Name,Unitary Authority,{},{cells}\n", 91 * each)
    };
    let blank = ",".repeat(93);
    let sheet = format!(
        "\"MYE2 - Persons: Population estimates, mid-2023\"{blank}\n{blank}\nCode,Name,Geography,All \
         ages,{}\n{}{}{}",
        ages.join(","),
        row("T01", 2000),
        row("E07000001", 5),
        row("E92000001", 9000)
    );
    let loaded = read_of(&[("c1.csv", REFERRALS), ("mye.csv", &sheet)]);
    // 18 ages of 2,000 are 36,000 children.
    let rate = latest(&loaded.panel, "X01", "referral_rate", "2025-06-01").unwrap();
    assert!((rate - 1e7 / 36_000.0).abs() < 1e-9, "{rate}");
    let notes = loaded
        .report
        .files
        .iter()
        .find(|f| f.file.ends_with("mye.csv"))
        .unwrap();
    let notes = notes.notes.join("; ");
    assert!(
        notes.contains("mid-2023") && notes.contains("1 rows passed over"),
        "{notes}"
    );
    let untitled = sheet.replace("mid-2023", "");
    let loaded = read_of(&[("f.csv", FIGURES), ("mye.csv", &untitled)]);
    assert!(ignored(&loaded, "mye.csv").contains("keep the title rows"));
}

// Figures against their counts, by every reader.

#[test]
fn figures_that_their_counts_contradict_are_refused() {
    for (figure, column, says) in [
        ("0.3,30,100", "", ""),
        ("0.003,30,100", "value", "about 30.00%"),
        ("0.3,100,30", "numerator", "at most denominator"),
        ("0.3,100,100", "value", "about 100.00%"),
        ("0.3,30,999999999", "denominator", "at most 100000000"),
        // A hundredth of a small rate is near it, and a slip all the same.
        ("0.0002,2,100", "value", "about 2.00%"),
    ] {
        let text = FIGURES.replacen("0.3,30,100", figure, 1);
        let tidy = refused(&read_of(&[("f.csv", &text)]), "f.csv");
        let [value, above, below] =
            <[&str; 3]>::try_from(figure.split(',').collect::<Vec<_>>()).unwrap();
        let own = format!("la,agency,a,b\nX01,{value},{above},{below}\n");
        let mapping = r#"{"file": "own.csv", "authority_column": "la", "columns": [{"column": "agency",
            "indicator": "agency_rate", "numerator": "a", "denominator": "b",
            "period_end": "2024-09-30"}]}"#;
        let wide = refused(
            &read_of(&[("own.csv", &own), ("m.json", mapping)]),
            "own.csv",
        );
        assert_eq!(
            (tidy.len(), wide.len()),
            (usize::from(!says.is_empty()), tidy.len()),
            "{figure}"
        );
        if let [(found, _, expected)] = tidy.as_slice() {
            assert_eq!(found, column);
            assert!(expected.contains(says), "{expected}");
        }
    }
    // 430 in 10,000 of 1,000 children are 43: not 4,300.
    let rate = "X01,need_rate,2024-03-31,2024-10-31,430,43,1000,number,statistics";
    let with = |row: &str| format!("{FIGURES}{row}\n");
    assert!(refused(&read_of(&[("f.csv", &with(rate))]), "f.csv").is_empty());
    let wrong = rate.replace(",43,", ",430,");
    let all = refused(&read_of(&[("f.csv", &with(&wrong))]), "f.csv");
    assert!(all[0].2.contains("about 4300.0"), "{all:?}");
}

// Headers.

#[test]
fn a_header_that_is_nearly_known_is_said_to_be() {
    let near = REFERRALS
        .replace("rereferral_count", "re_referral_counts")
        .replace("rereferral_percent", "re_referrals_percents")
        .replace(",referral_count,", ",referrals_no,")
        .replace("no_further_action_percent", "nfa_pct");
    let why = ignored(&read_of(&[("c1.csv", &near), ("f.csv", FIGURES)]), "c1.csv");
    let says = "looks like the file \"children in need, referrals (c1)\" of another year: lacks ";
    assert!(
        why.contains(says) && why.contains("; has time_period, "),
        "{why}"
    );
    let capitals = REFERRALS.replace("rereferral_percent", "ReReferral_Percent");
    let loaded = read_of(&[("c1.csv", &capitals)]);
    assert_eq!(
        latest(&loaded.panel, "X01", "rereferral_rate", "2025-06-01"),
        Some(0.226)
    );
}

const SHEET: &str = "\
ILACS inspection history,,,,,,,
This worksheet contains one table,,,,,,,
Local authority area code,Local authority name,Inspection date,Publication date,Inspection type,Overall effectiveness,The experiences and progress of children in care,The impact of leaders
T01,Ambleford,18/02/2019,01/04/2019,ILACS Standard Inspection,Good,Good,Good
T02,Brackenshire,04/03/2019,15/04/2019,ILACS Short Inspection,Inadequate,Good,Inadequate
T09,Nowhere,04/03/2019,15/04/2019,ILACS Short Inspection,Good,Good,Good
";

#[test]
fn a_sheet_of_inspections_saved_as_csv_is_read_as_in_its_workbook() {
    let loaded = read_of(&[("history.csv", SHEET)]);
    let (_, judged) = content(&loaded.panel);
    let rows: Vec<&str> = judged.lines().skip(1).collect();
    assert_eq!(rows.len(), 2);
    assert!(
        rows[1].contains("ILACS,short,all,2019-03-04,,2019-04-15,ofsted_table,inadequate"),
        "{judged}"
    );
    let all = refused(&loaded, "history.csv");
    assert_eq!((all.len(), all[0].1.as_str()), (1, "T09"));
    let untitled: String = SHEET
        .lines()
        .skip(2)
        .map(|line| format!("{line}\r\n"))
        .collect();
    let plain = read_of(&[("history.csv", &format!("\u{feff}{untitled}"))]);
    assert_eq!(content(&plain.panel).1, judged);
}

/// The sheet of 2018 to 2025 as downloaded, saved as CSV: what the workbook of 2023 has of it.
#[cfg(feature = "ods")]
#[test]
fn the_real_sheet_saved_as_csv_tells_of_the_same_inspections() {
    let (data, case) = (
        Path::new("../shared/data/ofsted"),
        Path::new("../shared/cases/read/ILACS_history.csv"),
    );
    let book = data.join("LA_Inspection_Outcomes_ILACS_history_to_2023.ods");
    if !case.is_file() || !book.is_file() {
        println!("skipped: no {}", case.display());
        return;
    }
    let alone = |file: &Path| {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(file, folder.path().join(file.file_name().unwrap())).unwrap();
        read::folder(folder.path()).unwrap()
    };
    let (csv, ods) = (alone(case), alone(&book));
    assert_eq!(content(&csv.panel).1, content(&ods.panel).1);
    assert!(judged(&ods) > 200);
}

// What is no file.

#[cfg(unix)]
#[test]
fn links_pipes_and_devices_are_named_and_end() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new(&[("f.csv", FIGURES)]);
    symlink("/dev/zero", folder.path("zero.csv")).unwrap();
    symlink("circle.csv", folder.path("circle.csv")).unwrap();
    symlink(folder.0.path(), folder.path("again")).unwrap();
    symlink(folder.path("f.csv"), folder.path("a.csv")).unwrap();
    fs::create_dir_all(folder.path("x/b")).unwrap();
    let fifo = std::process::Command::new("mkfifo")
        .arg(folder.path("pipe.csv"))
        .status();
    assert!(fifo.unwrap().success());
    let loaded = folder.load();
    for (name, why) in [
        ("zero.csv", "a pipe, socket or device"),
        ("pipe.csv", "a pipe, socket or device"),
        ("circle.csv", "a link that leads nowhere or in a circle"),
        ("again", "a link to what is read by another name"),
        ("a.csv", "a link to what is read by another name"),
        ("x/b", "a folder in a subfolder"),
    ] {
        assert!(ignored(&loaded, name).starts_with(why), "{}", loaded.report);
    }
    assert_eq!(loaded.report.files.len(), 2);
}

// What is missing.

#[test]
fn a_folder_without_a_source_says_what_to_fetch() {
    let recipe = Service::childrens_services().recipe("themes").unwrap();
    let loaded = read_of(&[("f.csv", FIGURES)]);
    let all = read::to_fetch(&loaded.panel, &recipe).join("\n");
    for words in [
        "caseload: fetch \"social work workforce\" from explore-education-statistics",
        "conferences_15_day_rate: fetch \"children in need, section 47",
        "Local Authority Interactive Tool (gov.uk): tick it",
    ] {
        assert!(all.contains(words), "{all}");
    }
    let demo = read::folder(common::demo()).unwrap();
    assert_eq!(read::to_fetch(&demo.panel, &recipe), [""; 0]);
}

// Every row is somewhere.

#[test]
fn rows_are_read_or_refused_and_nothing_else() {
    let bad = FIGURES
        .replace("0.2,", "2,")
        .replacen("X02,vac", "X09,vac", 1);
    let loaded = read_of(&[("f.csv", &bad)]);
    let report = loaded
        .report
        .files
        .iter()
        .find(|f| f.file.ends_with("f.csv"))
        .unwrap();
    let read = report.numbers + report.low + report.missing.values().sum::<usize>();
    assert_eq!((read, report.refused_total, report.rows), (2, 2, 4));
    // A row of a template that was not filled in, and the same of another source.
    for (source, refused) in [("own", 0), ("statistics", 1)] {
        let blank = format!("{FIGURES}X01,agency_rate,2025-09-30,2025-10-30,,,,,{source}\n");
        let loaded = read_of(&[("f.csv", &blank)]);
        let report = loaded
            .report
            .files
            .iter()
            .find(|f| f.file.ends_with("f.csv"));
        let report = report.unwrap();
        let noted = report
            .notes
            .iter()
            .any(|note| note == "1 rows passed over: not filled in");
        assert_eq!(
            (report.rows, report.refused_total, noted),
            (5, refused, refused == 0)
        );
    }
    let loaded = read_of(&[("history.csv", SHEET)]);
    let report = loaded
        .report
        .files
        .iter()
        .find(|f| f.file.ends_with("history.csv"))
        .unwrap();
    assert_eq!(judged(&loaded) + report.refused_total, report.rows);
}

/// Rows of a table in another order, in two files.
fn dealt(table: &str, order: &[usize], cut: usize) -> [String; 2] {
    let (header, rows) = table.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    let mut places: Vec<usize> = (0..rows.len()).collect();
    places.sort_by_key(|&at| order[at % order.len()].wrapping_mul(at + 7));
    let part = |places: &[usize]| {
        let rows = places.iter().map(|&at| format!("{}\n", rows[at]));
        format!("{header}\n{}", rows.collect::<String>())
    };
    let (first, second) = places.split_at(cut % (rows.len() + 1));
    [part(first), part(second)]
}

const OLDER: &str = "\
time_period,geographic_level,region_code,old_la_code,new_la_code,referral_count,rereferral_count,rereferral_percent,no_further_action_count,no_further_action_percent,not_in_need_count,not_in_need_percent
2023,Local authority,R01,X01,T01,900,180,20,9,1,270,30
";

/// Repeat plans say nothing of referrals.
const UNRELATED: &str = "\
time_period,geographic_level,region_code,old_la_code,new_la_code,CPP_start,CPP_subsequent,CPP_subsequent_percent
2024,Local authority,R01,X01,T01,100,20,20
";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Neither the order of rows and files, nor how they are split, changes what is known.
    #[test]
    fn shuffling_and_splitting_changes_nothing(order in prop::collection::vec(0..97_usize, 4), cut in 0..5_usize, names in 0..2_usize) {
        let whole = read_of(&[("f.csv", FIGURES), ("h.csv", SHEET)]);
        let parts = dealt(FIGURES, &order, cut);
        let name = [["a.csv", "z.csv"], ["z.csv", "a.csv"]][names];
        let split = read_of(&[(name[0], &parts[0]), ("h.csv", SHEET), (name[1], &parts[1])]);
        prop_assert_eq!(content(&whole.panel), content(&split.panel));
    }

    /// An older release adds the past and changes nothing known after the newest one.
    #[test]
    fn an_older_release_changes_nothing_known_later(days in 0..400_i32) {
        let newest = read_of(&[("c1.csv", REFERRALS), ("f.csv", FIGURES)]);
        let both = read_of(&[
            ("c1.csv", REFERRALS),
            ("a.csv", OLDER),
            ("f.csv", FIGURES),
            ("d3.csv", UNRELATED),
        ]);
        let day = Date::constant(2024, 11, 1).saturating_add(forewarn::jiff::Span::new().days(days)).to_string();
        for (code, indicator) in [("X01", "rereferral_rate"), ("X01", "not_in_need_rate"), ("X02", "agency_rate")] {
            prop_assert_eq!(
                latest(&newest.panel, code, indicator, &day),
                latest(&both.panel, code, indicator, &day)
            );
        }
        prop_assert_eq!(latest(&both.panel, "X01", "rereferral_rate", "2024-06-01"), Some(0.2));
    }
}

// What became known later.

/// The route by which a row dated later once changed the past: the same inspection, told again with
/// another start and a later publication, by a source that goes before.
#[test]
fn the_same_inspection_told_later_leaves_the_past_alone() {
    const HEADER: &str =
        "old_la_code,framework,inspection_start,published,overall_effectiveness,impact_of_leaders";
    let first = format!("{HEADER}\nX01,ILACS,,2023-03-21,inadequate,good\n");
    let later = format!("{HEADER}\nX01,ILACS,2023-02-06,2023-06-02,good,\n");
    let alone = read_of(&[("a.csv", &first), ("f.csv", FIGURES)]);
    for names in [["a.csv", "b.csv"], ["b.csv", "a.csv"]] {
        let both = read_of(&[(names[0], &first), (names[1], &later), ("f.csv", FIGURES)]);
        for day in [
            "2023-03-20",
            "2023-03-21",
            "2023-06-01",
            "2023-06-02",
            "2024-06-01",
        ] {
            let known = |loaded: &Loaded| content(&loaded.panel.known_by(day.parse().unwrap())).1;
            assert_eq!(known(&alone), known(&both), "{day}");
        }
        assert_eq!(both.report.merged_inspections, 1);
        let all = both.report.inspection_conflicts.join("\n");
        assert!(
            all.contains("kept the first: it was published first"),
            "{all}"
        );
    }
    // By a better source: our own table against the sheet.
    let sheet = read_of(&[("h.csv", SHEET), ("f.csv", FIGURES)]);
    let own = format!("{HEADER}\nX02,ILACS,2019-03-05,2019-06-02,good,good\n");
    let both = read_of(&[("h.csv", SHEET), ("own.csv", &own), ("f.csv", FIGURES)]);
    let known = |loaded: &Loaded| content(&loaded.panel.known_by(Date::constant(2019, 6, 1))).1;
    assert_eq!(known(&sheet), known(&both));
}
