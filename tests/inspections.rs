//! Our own table of inspections: round trip, bad rows, and merging with other sources.
#![cfg(feature = "read")]

use forewarn::data::{
    AuthorityCode, Framework, Grade, Inspection, JudgementKey, Judgements, Register, Scope,
};
use forewarn::jiff::civil::{Date, date};
use forewarn::read::inspections::{COLUMNS, read, write};
use forewarn::read::merge::{InspectionSource, Sourced, merge};
use forewarn::read::{FileReport, Layout};
use proptest::prelude::*;

fn register() -> Register {
    let mut register = Register::empty();
    for (code, name) in [("001", "Eastmere"), ("002", "Ashford, Vale of")] {
        let any = Register::england().iter().next().unwrap().clone();
        register.insert(forewarn::data::Authority {
            code: AuthorityCode::new(code).unwrap(),
            name: name.to_owned(),
            ons_codes: vec![format!("X{code}")],
            ..any
        });
    }
    register
}

fn read_text(text: &str) -> forewarn::Result<(Vec<Inspection>, FileReport)> {
    let mut report = FileReport::new("own.csv".into(), Layout::TidyInspections, String::new());
    let rows = read(
        "own.csv".as_ref(),
        text.as_bytes(),
        &register(),
        &mut report,
    )?;
    Ok((rows.into_iter().map(|r| r.inspection).collect(), report))
}

fn written(inspections: &[Inspection]) -> String {
    let mut bytes = Vec::new();
    write(inspections, &register(), &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn three_columns_in_any_order_are_enough() {
    let text = "published,framework,la_code,source\n2020-02-03,ILACS,X002,letter\n";
    let (inspections, report) = read_text(text).unwrap();
    let [only] = &inspections[..] else {
        panic!("{report:?}");
    };
    assert_eq!(only.organisation.as_str(), "002");
    assert_eq!((only.framework, only.scope), (Framework::Ilacs, Scope::All));
    assert_eq!(report.notes, ["columns ignored: source"]);
    let row = "X002,002,\"Ashford, Vale of\",ILACS,,all,,,2020-02-03,,,,,,,,,\n";
    assert_eq!(
        written(&inspections),
        format!("{}\n{row}", COLUMNS.join(","))
    );
}

#[test]
fn a_missing_or_double_column_is_an_error_that_names_it() {
    for (header, column, shown) in [
        ("framework,published", "old_la_code", "framework, published"),
        ("la_code;framework", "framework", "la_code;framework"),
        ("la_code,published", "framework", "la_code, published"),
        (
            "old_la_code,framework",
            "published",
            "old_la_code, framework",
        ),
    ] {
        let text = read_text(header).unwrap_err().to_string();
        let message = format!(
            "own.csv, line 1, column {column}: found no such column among {shown}, \
             expected a column of this name"
        );
        assert_eq!(text, message);
    }
    let text = read_text("la_code,framework,published,published").unwrap_err();
    let message = "own.csv, line 1, column published: found two columns of this name, \
        expected one: remove or rename the other";
    assert_eq!(text.to_string(), message);
}

#[test]
fn a_bad_row_is_refused_and_names_line_and_column() {
    let header = "old_la_code,la_code,framework,scope,inspection_start,inspection_end,published,\
                  overall_effectiveness,in_care_includes_care_leavers";
    let good = [
        "001",
        "X001",
        "SIF",
        "all",
        "2016-01-11",
        "2016-02-04",
        "2016-03-29",
        "good",
        "",
    ];
    let (ok, report) = read_text(&format!("{header}\n{}\n", good.join(","))).unwrap();
    assert_eq!((ok.len(), report.refused_total), (1, 0));

    let day = "a day that exists, as 2019-04-01";
    let after = "a day on or after inspection_start";
    let cases = [
        (
            0,
            "999",
            "old_la_code",
            "the code of an authority of the register",
        ),
        (
            1,
            "X002",
            "la_code",
            "an ONS code of the authority in old_la_code",
        ),
        (2, "Sif", "framework", "SLAC, CPI, TLAC, SIF or ILACS"),
        (2, "", "framework", "SLAC, CPI, TLAC, SIF or ILACS"),
        (
            3,
            "some",
            "scope",
            "all, safeguarding_and_looked_after, safeguarding_only, child_protection_only, looked_after_only, or empty for all",
        ),
        (4, "2016-02-30", "inspection_start", day),
        (4, "20160111", "inspection_start", day),
        (5, "2016-01-10", "inspection_end", after),
        (6, "2016-01-10", "published", after),
        (6, "", "published", "a day, as 2019-04-01"),
        (
            7,
            "Good",
            "overall_effectiveness",
            "outstanding, good, requires_improvement, inadequate, or empty",
        ),
        (
            8,
            "true",
            "in_care_includes_care_leavers",
            "yes, no, or empty",
        ),
    ];
    for (at, found, column, expected) in cases {
        let mut bad = good;
        bad[at] = found;
        let text = format!("{header}\n{}\n{}\n", good.join(","), bad.join(","));
        let (read, report) = read_text(&text).unwrap();
        assert_eq!((read.len(), report.rows), (1, 2), "{found}");
        let message = format!("line 3, column {column}: found {found:?}, expected {expected}");
        assert_eq!(report.refused[0].to_string(), message);
    }
    let cut_off = read_text(&format!("{header}\n001,X001\n")).unwrap_err();
    let message =
        "line 2: found 2 fields, expected 9 fields as in the header: the file may be cut off here";
    assert!(cut_off.to_string().ends_with(message), "{cut_off}");
}

fn grade() -> impl Strategy<Value = Option<Grade>> {
    let grades = [
        Grade::Outstanding,
        Grade::Good,
        Grade::RequiresImprovement,
        Grade::Inadequate,
    ];
    proptest::option::of(proptest::sample::select(grades.to_vec()))
}

fn day() -> impl Strategy<Value = Date> {
    (0..400_i64).prop_map(|d| date(2009, 1, 1) + forewarn::jiff::Span::new().days(d))
}

fn inspection() -> impl Strategy<Value = Inspection> {
    let judgements = (
        grade(),
        grade(),
        grade(),
        grade(),
        grade(),
        grade(),
        grade(),
    )
        .prop_map(
            |(overall, leaders, help_and_protection, in_care, care_leavers, adoption, lscb)| {
                let mut given = Judgements::default();
                given.set(JudgementKey::OVERALL, overall);
                given.set(JudgementKey::LEADERS, leaders);
                given.set(JudgementKey::HELP_AND_PROTECTION, help_and_protection);
                given.set(JudgementKey::IN_CARE, in_care);
                given.set(JudgementKey::CARE_LEAVERS, care_leavers);
                given.set(JudgementKey::ADOPTION, adoption);
                given.set(JudgementKey::LSCB, lscb);
                given
            },
        );
    let frameworks = vec![Framework::Sif, Framework::Ilacs, Framework::Slac];
    let who = proptest::sample::select(vec!["001", "002"]);
    let framework = proptest::sample::select(frameworks);
    let start = proptest::option::of(0..150_i64);
    let joint = any::<Option<bool>>();
    let kind = "[a-z,\" ]{0,6}";
    (who, framework, kind, start, day(), judgements, joint).prop_map(
        |(who, framework, kind, before, published, judgements, joint)| Inspection {
            organisation: AuthorityCode::new(who).unwrap(),
            framework,
            kind: kind.trim().to_owned(),
            scope: Scope::All,
            start: before.map(|days| published - forewarn::jiff::Span::new().days(days)),
            end: None,
            published,
            judgements,
            published_basis: "test".to_owned(),
            in_care_includes_care_leavers: joint,
        },
    )
}

fn sourced() -> impl Strategy<Value = Sourced> {
    let sources = [
        InspectionSource::Tidy,
        InspectionSource::History,
        InspectionSource::Wide,
    ];
    (inspection(), 0..3_usize, 0..40_u64).prop_map(move |(inspection, at, line)| Sourced {
        inspection,
        source: sources[at],
        file: format!("{at}.csv").into(),
        line,
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(inspections in proptest::collection::vec(inspection(), 0..8)) {
        let text = written(&inspections);
        let (read, report) = read_text(&text).unwrap();
        prop_assert_eq!(report.refused, vec![]);
        prop_assert_eq!(written(&read), text);
        prop_assert_eq!(read, inspections);
    }

    /// Neither the order of rows nor that of files changes anything, and every row is counted.
    #[test]
    fn merging_does_not_depend_on_order(
        rows in proptest::collection::vec(sourced(), 0..12),
        swaps in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 8),
    ) {
        let mut shuffled = rows.clone();
        if !rows.is_empty() {
            for (a, b) in swaps {
                let (a, b) = (a.index(rows.len()), b.index(rows.len()));
                shuffled.swap(a, b);
            }
        }
        let merged = merge(rows.clone(), &register());
        prop_assert_eq!(&merge(shuffled, &register()), &merged);
        prop_assert_eq!(merged.inspections.len() + merged.merged, rows.len());
    }
}

fn row(source: InspectionSource, start: Option<Date>, published: Date, overall: Grade) -> Sourced {
    Sourced {
        inspection: Inspection {
            organisation: AuthorityCode::new("001").unwrap(),
            framework: Framework::Ilacs,
            kind: String::new(),
            scope: Scope::All,
            start,
            end: None,
            published,
            judgements: Judgements::of([(JudgementKey::OVERALL, overall)]),
            published_basis: String::new(),
            in_care_includes_care_leavers: None,
        },
        source,
        file: format!("{source:?}").into(),
        line: 7,
    }
}

#[test]
fn the_row_with_a_start_wins_and_the_conflict_is_told() {
    let (july, september) = (date(2022, 7, 11), date(2022, 9, 5));
    let history = row(
        InspectionSource::History,
        Some(july),
        september,
        Grade::Inadequate,
    );
    let wide = row(
        InspectionSource::Wide,
        None,
        date(2022, 11, 5),
        Grade::Inadequate,
    );
    let merged = merge(vec![wide, history.clone()], &register());
    assert_eq!(merged.inspections, [history.inspection]);
    assert_eq!(merged.merged, 1);
    let message = "Eastmere (001), ILACS, published: \"2022-09-05\" in History row 7, \
                   \"2022-11-05\" in Wide row 7; kept the first: it was published first";
    assert_eq!(merged.conflicts, [message]);
}

#[test]
fn a_row_published_later_fills_nothing() {
    let (july, september) = (date(2022, 7, 11), date(2022, 9, 5));
    let history = row(
        InspectionSource::History,
        Some(july),
        september,
        Grade::Good,
    );
    let mut wide = row(InspectionSource::Wide, None, date(2022, 11, 5), Grade::Good);
    wide.inspection
        .judgements
        .set(JudgementKey::LEADERS, Some(Grade::Inadequate));
    let merged = merge(vec![history.clone(), wide.clone()], &register());
    assert_eq!(
        merged.inspections,
        std::slice::from_ref(&history.inspection)
    );
    let message = "Eastmere (001), ILACS, impact_of_leaders: not in History row 7, \
                   \"Inadequate\" in Wide row 7; left empty: it was published later";
    assert_eq!(merged.conflicts[1], message);

    wide.inspection.published = september;
    let merged = merge(vec![history, wide], &register());
    assert_eq!(
        merged.inspections[0].judgements.get(JudgementKey::LEADERS),
        Some(Grade::Inadequate)
    );
    assert!(merged.conflicts.is_empty(), "{:?}", merged.conflicts);
}

#[test]
fn two_rows_of_one_file_are_two_inspections_unless_a_date_is_equal() {
    let tidy = |published| row(InspectionSource::Tidy, None, published, Grade::Good);
    let (first, second) = (date(2020, 1, 6), date(2020, 4, 6));
    let merged = merge(vec![tidy(first), tidy(second), tidy(second)], &register());
    assert_eq!((merged.inspections.len(), merged.merged), (2, 1));
    // A row of another file joins the closer one.
    let wide = row(InspectionSource::Wide, None, date(2020, 3, 30), Grade::Good);
    let merged = merge(vec![wide, tidy(first), tidy(second)], &register());
    let published: Vec<Date> = merged.inspections.iter().map(|i| i.published).collect();
    assert_eq!((published, merged.merged), (vec![first, second], 1));
}

/// The column decides how its days are written, and says so; where it does not, both readings are.
#[test]
fn days_are_read_by_column() {
    let table = |starts: [&str; 2], published: [&str; 2]| {
        let row = |at: usize| format!("001,ILACS,{},{}\n", starts[at], published[at]);
        let header = "old_la_code,framework,inspection_start,published\n";
        read_text(&[header, &row(0), &row(1)].concat()).unwrap()
    };
    let (read, report) = table(["03/04/2019", "14/05/2020"], ["2019-06-01", "2020-07-01"]);
    let starts: Vec<String> = read.iter().map(|i| i.start.unwrap().to_string()).collect();
    assert_eq!(starts, ["2019-04-03", "2020-05-14"]);
    let note = "column inspection_start: read as dd/mm/yyyy, as all of it is";
    assert!(report.notes.iter().any(|n| n == note), "{:?}", report.notes);
    let refused = |starts, published| {
        let report = table(starts, published).1;
        let told = report.refused.iter().map(|r| r.expected.clone());
        told.collect::<Vec<_>>()
    };
    let both = refused(["03/04/2019", "05/06/2020"], ["2019-06-01", "2020-07-01"]);
    assert!(both[0].contains("2019-04-03 or 2019-03-04"), "{both:?}");
    assert_eq!(both.len(), 2);
    // One of another kind: none is guessed.
    let iso = "a day that exists, as 2019-04-01";
    assert_eq!(
        refused(["14/05/2019", "2020-05-14"], ["2019-06-01", "2020-07-01"]),
        [iso]
    );
    // No inspection is of the year 1000 or 9999.
    let years = "a day from 1990 to 2100";
    assert_eq!(
        refused(["1000-05-14", ""], ["2019-06-01", "9999-01-01"]),
        [years, years]
    );
}
