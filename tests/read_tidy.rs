//! Our own formats: what is written reads back to the same bytes, whatever the order of rows.
#![cfg(feature = "read")]

use std::fs;
use std::path::Path;

use forewarn::data::{AuthorityCode, Entity, IndicatorId, Panel, Standing, Value};
use forewarn::jiff::civil::{Date, date};
use forewarn::read::{self, Layout, Loaded, events, tidy};

/// Invented authorities.
const REGISTER: &str = "\
old_la_code,la_code,former_la_codes,la_name,region_code,region_name,exists_from,exists_to,predecessors,note
X01,T01,T00;T99,Ambleford,R01,Midwold,,,,
X02,T02,,Brackenshire,R01,Midwold,2019-04-01,,X03;X04,
X03,T03,,Calderwick,R01,Midwold,,2019-03-31,,tiny: rates noisy
";

/// By Python's hashlib.
const REGISTER_SHA256: &str = "ada856e946eaa5a7f12c7637cea7b27bb3859269d1cbae0f3f4a218eccfd9601";

/// Every state and flag; two vintages of one figure; invented numbers.
const FIGURES: &str = "\
authority,indicator,period_end,known_from,value,numerator,denominator,state,source
england,rereferral_rate,2024-03-31,2024-10-31,0.226,,,number+revised,statistics
region:R01,rereferral_rate,2024-03-31,2024-10-31,0.2,20,100,number+revised,\"statistics, regional\"
X01,agency_rate,2023-09-30,2024-02-29,0.0005,,,low+joint,statistics
X01,agency_rate,2024-09-30,2024-10-30,0.31,31,100,number,own
X01,agency_rate,2024-09-30,2025-02-27,0.3,30,100,number,statistics
X01,caseload,2024-09-30,2025-02-27,17.25,,,number+own,team returns
X01,rereferral_rate,2022-03-31,2022-10-27,,,,suppressed,statistics
X01,rereferral_rate,2023-03-31,2023-10-26,,,,unavailable,statistics
X01,rereferral_rate,2024-03-31,2024-10-31,,,,not_applicable,statistics
X02,rereferral_rate,2021-03-31,2021-10-28,,,,low_reliability,statistics
X02,rereferral_rate,2022-03-31,2022-10-27,,,,dash,statistics
X02,rereferral_rate,2023-03-31,2023-10-26,,,,colon,statistics
X02,rereferral_rate,2024-03-31,2024-10-31,,,,empty,statistics
";

/// With and without a finding, one day told by two sources, a source that needs quotation marks.
const EVENTS: &str = "\
organisation,kind,finding,known_from,source
X01,visit,,2019-12-18,inspectorate
X01,visit,,2019-12-18,\"review, joint\"
X01,visit,failed,2019-12-18,inspectorate
X01,notice,,2020-01-08,minister
X02,visit,,1990-01-01,inspectorate
X02,visit,,2100-12-31,inspectorate
";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn load(files: &[(&str, &str)]) -> Loaded {
    read::folder(folder(files).path()).unwrap()
}

fn written(panel: &Panel) -> String {
    let mut bytes = Vec::new();
    tidy::write(panel, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn written_events(panel: &Panel) -> String {
    let mut bytes = Vec::new();
    events::write(panel, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn code(text: &str) -> AuthorityCode {
    AuthorityCode::new(text).unwrap()
}

fn point(panel: &Panel, indicator: &str, as_of: Date) -> Option<f64> {
    let indicator = IndicatorId::new(indicator).unwrap();
    let entity = Entity::Authority(code("X01"));
    panel.as_of(as_of).latest(entity, indicator)?.point()
}

#[test]
fn figures_read_back_to_the_same_bytes() {
    let loaded = load(&[("register.csv", REGISTER), ("figures.csv", FIGURES)]);
    assert_eq!(loaded.report.files[0].refused, []);
    assert_eq!(written(&loaded.panel), FIGURES);
    // Counted by hand: 2 benchmarks, 2 vintages of agency and caseload; 1 low; 7 states without.
    let figures = &loaded.report.files[0];
    assert_eq!((figures.rows, figures.numbers, figures.low), (13, 5, 1));
    assert_eq!(figures.missing.values().sum::<usize>(), 7);
}

#[test]
fn events_read_back_to_the_same_bytes() {
    let loaded = load(&[("r.csv", REGISTER), ("any name", EVENTS)]);
    let file = &loaded.report.files[0];
    assert_eq!((file.layout, file.rows), (Layout::TidyEvents, 6));
    assert_eq!((file.events, file.refused_total), (6, 0));
    assert_eq!(written_events(&loaded.panel), EVENTS);
    assert_eq!(written(&loaded.panel).lines().count(), 1, "no figure");
}

#[test]
fn events_in_another_order_under_other_names_are_the_same() {
    // ONS code, former ONS code and name; a row that stands twice; columns in another order.
    let first = "source,known_from,finding,kind,authority,remark\n\
        inspectorate,2100-12-31,,visit,Brackenshire,x\n\
        inspectorate,1990-01-01,,visit,T02,x\n\
        minister,2020-01-08,,notice,T99,x\n\
        minister,2020-01-08,,notice,X01,x\n";
    let rows: Vec<&str> = EVENTS.lines().collect();
    let second = [rows[0], rows[3], rows[2], rows[1]].join("\n");
    let files = [("r", REGISTER), ("a", first), ("b", &second)];
    let loaded = load(&files);
    assert_eq!(written_events(&loaded.panel), EVENTS);
    assert_eq!(loaded.report.repeated_events, 1);
    assert_eq!(loaded.report.files[0].notes, ["columns ignored: remark"]);
    let summary = loaded.report.to_string();
    let last = summary.lines().last();
    assert_eq!(last, Some("events: 7 read, 1 of them stood twice"));
    assert!(
        loaded
            .report
            .details()
            .contains("4 rows, 0 numbers, 4 events")
    );
}

#[test]
fn every_vintage_is_kept_and_seen_from_its_day_on() {
    let panel = load(&[("r.csv", REGISTER), ("f.csv", FIGURES)]).panel;
    // Own figure known on 30 October 2024, published figure on 27 February 2025.
    assert_eq!(
        point(&panel, "agency_rate", date(2024, 10, 29)),
        Some(0.00025)
    );
    assert_eq!(point(&panel, "agency_rate", date(2024, 10, 30)), Some(0.31));
    assert_eq!(point(&panel, "agency_rate", date(2025, 2, 26)), Some(0.31));
    assert_eq!(point(&panel, "agency_rate", date(2025, 2, 27)), Some(0.3));
}

#[test]
fn own_figures_are_told_apart() {
    let panel = load(&[("r.csv", REGISTER), ("f.csv", FIGURES)]).panel;
    let entity = Entity::Authority(code("X01"));
    let standing = |indicator: &str, day| {
        let id = IndicatorId::new(indicator).unwrap();
        panel
            .as_of(day)
            .latest(entity, id)
            .unwrap()
            .observation
            .standing
    };
    assert_eq!(standing("agency_rate", date(2024, 11, 1)), Standing::Own);
    assert_eq!(
        standing("agency_rate", date(2025, 3, 1)),
        Standing::Released
    );
    assert_eq!(standing("caseload", date(2025, 3, 1)), Standing::Own);
    let england = IndicatorId::new("rereferral_rate").unwrap();
    let figure = panel
        .as_of(date(2025, 1, 1))
        .latest(Entity::England, england);
    assert_eq!(figure.unwrap().observation.standing, Standing::Revised);
}

#[test]
fn rows_and_files_in_another_order_change_nothing() {
    let mut rows: Vec<&str> = FIGURES.lines().collect();
    rows[1..].reverse();
    let (first, second) = rows[1..].split_at(5);
    let part = |part: &[&str]| format!("{}\n{}\n", rows[0], part.join("\n"));
    let shuffled = load(&[
        ("zz.csv", &part(first)),
        ("inner/aa.txt", &part(second)),
        ("m.csv", REGISTER),
    ]);
    assert_eq!(written(&shuffled.panel), FIGURES);
}

#[test]
fn the_same_figure_from_two_files_is_one_whatever_their_names() {
    // The second file has the same value with other counts.
    let other = "authority,indicator,period_end,known_from,value,numerator,denominator,state,source\n\
        X01,agency_rate,2024-09-30,2025-02-27,0.3,60,200,number,statistics\n";
    let one = load(&[("r.csv", REGISTER), ("a.csv", FIGURES), ("b.csv", other)]);
    let two = load(&[("r.csv", REGISTER), ("b.csv", FIGURES), ("a.csv", other)]);
    assert_eq!(one.report.agreeing, 1);
    assert_eq!(written(&one.panel), written(&two.panel));
}

#[test]
fn a_register_of_other_codes_replaces_the_built_in_one() {
    let panel = load(&[("r.csv", REGISTER), ("f.csv", FIGURES)]).panel;
    let register = panel.register();
    assert_eq!(register.iter().count(), 3);
    assert_eq!(register.find("T99").unwrap().code, code("X01"));
    let split = register.find("Brackenshire").unwrap();
    assert_eq!(split.predecessors, [code("X03"), code("X04")]);
    assert_eq!((split.from, split.to), (Some(date(2019, 4, 1)), None));
    assert!(!register.get(code("X03")).unwrap().scored);
}

#[test]
fn a_register_that_shares_a_code_extends_the_built_in_one() {
    let header = REGISTER.lines().next().unwrap();
    let text = format!(
        "{header}\n840,E06000047,,County Durham,E12000001,,,,,\nX01,T01,,Ambleford,,,,,,\n"
    );
    let folder = folder(&[("register.csv", &text)]);
    let panel = read::folder(folder.path()).unwrap().panel;
    // 158 built-in authorities and the new one; the variant of a name is kept.
    assert_eq!(panel.register().iter().count(), 159);
    assert_eq!(panel.register().find("Durham").unwrap().code, code("840"));
}

const MAPPING: &str = r#"{
    "file": "table.csv", "authority_column": "place", "source": "own",
    "columns": [
        {"column": "agency %", "indicator": "agency_rate", "scale": "percent", "unit": "proportion",
         "numerator": "agency", "denominator": "all", "period_column": "census", "known_days": 30},
        {"column": "complaints", "indicator": "complaint_rate",
         "period_end": "2024-03-31", "known_from": "2024-05-01"}
    ],
    "indicators": [
        {"id": "complaint_rate", "name": "complaints upheld", "unit": "proportion",
         "numerator": "complaints upheld", "denominator": "complaints made",
         "series": "children_in_need", "direction": "higher_riskier"}
    ]
}"#;

#[test]
fn a_mapping_reads_any_wide_table() {
    let table = "place,census,agency %,agency,all,complaints\n\
        Ambleford,2023,12.5,10,80,0.4\n\
        X01,2024-09-30,low,,,0.4\n\
        england,2023,z,,,-\n";
    let loaded = load(&[
        ("r.csv", REGISTER),
        ("m.json", MAPPING),
        ("table.csv", table),
    ]);
    let table = &loaded.report.files[2];
    assert_eq!((table.layout, table.refused_total), (Layout::Wide, 0));
    // By hand: a workforce year is its census of 30 September; known 30 days later.
    let expected = "\
authority,indicator,period_end,known_from,value,numerator,denominator,state,source
england,agency_rate,2023-09-30,2023-10-30,,,,not_applicable,own
england,complaint_rate,2024-03-31,2024-05-01,,,,dash,own
X01,agency_rate,2023-09-30,2023-10-30,0.125,10,80,number,own
X01,agency_rate,2024-09-30,2024-10-30,0.0005,,,low,own
X01,complaint_rate,2024-03-31,2024-05-01,0.4,,,number,own
";
    assert_eq!(written(&loaded.panel), expected);
}

/// A mapping of this table that defines the indicator, with this after its direction.
fn defining(id: &str, table: &str, direction: &str, rest: &str) -> String {
    format!(
        r#"{{"file": "{table}", "authority_column": "place", "columns": [
            {{"column": "rate", "indicator": "{id}", "period_end": "2024-03-31"}}],
            "indicators": [{{"id": "{id}", "name": "re-referrals within 12 months",
            "unit": "proportion", "numerator": "re-referrals", "denominator": "referrals",
            "series": "children_in_need", "direction": "{direction}"{rest}}}]}}"#
    )
}

/// Where the direction of an indicator is declared, once two mappings have been read in this order.
fn source(id: &str, first: &str, second: &str) -> Result<String, forewarn::Error> {
    let table = "place,rate\nX01,0.25\n";
    let files = [
        ("r.csv", REGISTER),
        ("a.json", first),
        ("b.json", second),
        ("one.csv", table),
        ("two.csv", table),
    ];
    let panel = read::folder(folder(&files).path())?.panel;
    let indicator = panel.catalogue().get(IndicatorId::new(id)?)?;
    Ok(indicator.source.clone())
}

#[test]
fn a_mapping_need_not_say_where_a_direction_is_declared() {
    let (higher, said) = ("higher_riskier", r#", "source": "a book""#);
    let new = |table, rest| defining("own_rate", table, higher, rest);
    let found = |first: &str, second: &str| source("own_rate", first, second).unwrap();
    assert_eq!(found(&new("one.csv", ""), &new("two.csv", "")), "");
    assert_eq!(found(&new("one.csv", said), &new("two.csv", "")), "a book");
    assert_eq!(found(&new("one.csv", ""), &new("two.csv", said)), "a book");
    // A built-in indicator may be repeated, with or without its source, but not changed.
    let known = |direction, rest| defining("rereferral_rate", "one.csv", direction, rest);
    let other = new("two.csv", "");
    let built_in = "NAO 2016, recommendation 24(d)";
    let repeated = format!(r#", "source": "{built_in}""#);
    for first in [known(higher, ""), known(higher, &repeated)] {
        assert_eq!(source("rereferral_rate", &first, &other).unwrap(), built_in);
    }
    for first in [known(higher, said), known("lower_riskier", "")] {
        let error = source("rereferral_rate", &first, &other).unwrap_err();
        let expected = "found rereferral_rate, expected an id that is not defined otherwise";
        assert!(error.to_string().ends_with(expected), "{error}");
    }
}

#[test]
fn a_calendar_in_the_folder_goes_before_the_built_in_one() {
    let calendar = "series,year,period_end,published,basis\n\
        children_in_need,2024,2024-03-31,2024-11-20,confirmed by the release page\n";
    let table = "place,rate\nX01,0.25\n";
    let mapping = r#"{"file": "t.csv", "authority_column": "place", "columns": [
        {"column": "rate", "indicator": "rereferral_rate", "period_end": "2024-03-31"}]}"#;
    let files = [
        ("r.csv", REGISTER),
        ("c.csv", calendar),
        ("t.csv", table),
        ("m.json", mapping),
    ];
    let loaded = load(&files);
    let expected = "X01,rereferral_rate,2024-03-31,2024-11-20,0.25,,,number+revised,wide table";
    assert_eq!(written(&loaded.panel).lines().last(), Some(expected));
}

#[test]
fn low_is_an_interval() {
    let text = FIGURES.replace("0.0005,,,low+joint", ",,,low+joint");
    let panel = load(&[("r.csv", REGISTER), ("f.csv", &text)]).panel;
    let id = IndicatorId::new("agency_rate").unwrap();
    let entity = Entity::Authority(code("X01"));
    let figure = panel.as_of(date(2024, 3, 1)).latest(entity, id).unwrap();
    // Percentages are printed to one decimal: under 0.05 per cent.
    assert_eq!(figure.observation.value, Value::Low { below: 0.0005 });
    assert!(figure.observation.joint);
    assert_eq!(written(&panel), FIGURES);
}

/// The official files, shuffled and renamed: the same panel to the byte.
#[test]
fn official_files_in_another_order_change_nothing() {
    let data = std::env::var_os("FOREWARN_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        std::path::PathBuf::from,
    );
    if !data.is_dir() {
        println!("skipped: no official files in {}", data.display());
        return;
    }
    let shuffled = tempfile::tempdir().unwrap();
    for (number, entry) in fs::read_dir(data.join("dfe")).unwrap().enumerate() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut rows: Vec<&str> = text.lines().collect();
        rows[1..].reverse();
        let name = format!("{:02}", 99 - number);
        fs::write(shuffled.path().join(name), rows.join("\n")).unwrap();
    }
    let [as_downloaded, shuffled] =
        [data.join("dfe").as_path(), shuffled.path()].map(|f| read::folder(f).unwrap());
    let text = written(&as_downloaded.panel);
    assert!(text == written(&shuffled.panel), "the panels differ");
    // And what is written reads back to the same bytes.
    let again = load(&[("figures.csv", &text)]);
    assert_eq!(again.report.files[0].refused, []);
    assert!(text == written(&again.panel), "the round trip differs");
}

#[test]
fn the_report_says_what_became_of_every_file() {
    let table = "place,census,agency %,agency,all,complaints\nX09,2023,12.5,10,80,0.4\n";
    let files = [
        ("r.csv", REGISTER),
        ("m.json", MAPPING),
        ("table.csv", table),
        ("n", "notes"),
    ];
    let folder = folder(&files);
    let report = read::folder(folder.path()).unwrap().report;
    let summary = "\
3 files read, 1 ignored: 4 rows, 0 numbers, 0 low, 0 without a number
refused: 1 rows or cells; counts without a population: 0
stood twice: 0 agree, 0 decided by precedence, 0 left out; inspections: 0 merged, 0 differ";
    let ignored = "\nignored: n: no table: it can be left out";
    let summary = format!("{summary}{ignored}");
    let named = report.to_string();
    assert_eq!(named.replace(folder.path().to_str().unwrap(), ""), summary);
    let details = report
        .details()
        .replace(folder.path().to_str().unwrap(), "");
    let without_hashes: Vec<&str> = details.lines().filter(|l| !l.contains("sha256")).collect();
    let expected = format!(
        "{summary}

/m.json: mapping of an own table
  0 rows, 0 numbers

/r.csv: register of authorities
  3 rows, 0 numbers

/table.csv: own table, read through a mapping
  1 rows, 0 numbers
  refused: line 2, column place: found \"X09\", expected an authority of the register: a new one \
can be added by a register file"
    );
    assert_eq!(without_hashes.join("\n"), expected);
    let sums: Vec<&str> = details.lines().filter(|l| l.contains("sha256")).collect();
    assert_eq!(sums[1], format!("  sha256 {REGISTER_SHA256}"));
}
