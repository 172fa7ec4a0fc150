//! Official files as downloaded: skipped, with a line, where they are not at hand.
#![cfg(feature = "read")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use forewarn::data::{AuthorityCode, Entity, Figure, IndicatorId, Missing, Panel, Value};
use forewarn::jiff::civil::{Date, date};
use forewarn::read::{self, FileReport, Layout, Loaded};

/// After every period of the files.
const NOW: Date = date(2026, 8, 1);

fn data_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("FOREWARN_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    if !folder.is_dir() {
        println!("skipped: no official files in {}", folder.display());
        return None;
    }
    Some(folder)
}

/// The official files, read once for all tests.
fn official() -> Option<&'static Loaded> {
    static LOADED: std::sync::OnceLock<Option<Loaded>> = std::sync::OnceLock::new();
    LOADED
        .get_or_init(|| data_folder().map(|folder| read::folder(folder).unwrap()))
        .as_ref()
}

fn code(text: &str) -> AuthorityCode {
    AuthorityCode::new(text).unwrap()
}

fn figure(panel: &Panel, entity: Entity, indicator: &str, end: Date) -> Option<Figure> {
    panel
        .as_of(NOW)
        .figures(entity, IndicatorId::new(indicator).unwrap())
        .find(|f| f.period_end() == end)
}

fn england(panel: &Panel, indicator: &str, end: Date) -> f64 {
    figure(panel, Entity::England, indicator, end)
        .unwrap()
        .point()
        .unwrap()
}

/// Figures of all authorities that may be scored, by name, the smallest first.
fn ranked<'a>(panel: &'a Panel, indicator: &str, end: Date) -> Vec<(f64, &'a str)> {
    let mut figures: Vec<(f64, &str)> = panel
        .register()
        .iter()
        .filter(|a| a.scored)
        .filter_map(|a| {
            let point = figure(panel, Entity::Authority(a.code), indicator, end)?.point()?;
            Some((point, a.name.as_str()))
        })
        .collect();
    figures.sort_by(|a, b| a.0.total_cmp(&b.0));
    figures
}

fn report(loaded: &Loaded, layout: Layout) -> &FileReport {
    let mut files = loaded.report.files.iter().filter(|f| f.layout == layout);
    files.next().unwrap()
}

#[test]
fn nao_2016_figures_for_2014_15_reproduce() {
    let Some(Loaded { panel, .. }) = official() else {
        return;
    };
    let march_2015 = date(2015, 3, 31);
    // NAO 2016, Children in need of help or protection: 635,600 referrals, 62,200 plans started.
    let hundreds = |indicator| {
        let figure = figure(panel, Entity::England, indicator, march_2015).unwrap();
        (figure.observation.numerator.unwrap() / 100.0).round()
    };
    assert_eq!(hundreds("referral_rate"), 6356.0);
    assert_eq!(hundreds("plan_start_rate"), 622.0);
    // Ibid.: re-referrals 24% in England, from Havering 6% to Wakefield 46%.
    let england_rereferral = england(panel, "rereferral_rate", march_2015);
    assert_eq!((england_rereferral * 100.0).round(), 24.0);
    let rereferrals = ranked(panel, "rereferral_rate", march_2015);
    let (low, high) = (rereferrals[0], rereferrals[rereferrals.len() - 1]);
    assert_eq!(((low.0 * 100.0).round(), low.1), (6.0, "Havering"));
    assert_eq!(((high.0 * 100.0).round(), high.1), (46.0, "Wakefield"));
    // Ibid.: repeat plans 17% in England, from Havering 3% to Rutland 44%.
    let england_repeat = england(panel, "repeat_plan_rate", march_2015);
    assert_eq!((england_repeat * 100.0).round(), 17.0);
    let repeats = ranked(panel, "repeat_plan_rate", march_2015);
    let (low, high) = (repeats[0], repeats[repeats.len() - 1]);
    assert_eq!(((low.0 * 100.0).round(), low.1), (3.0, "Havering"));
    assert_eq!(((high.0 * 100.0).round(), high.1), (44.0, "Rutland"));
    // Ibid., 2.10: agency 16%, vacancy 17% at 30 September 2015.
    assert_eq!(england(panel, "agency_rate", date(2015, 9, 30)), 0.16);
    assert_eq!(england(panel, "vacancy_rate", date(2015, 9, 30)), 0.17);
}

#[test]
fn percentages_become_the_nearest_proportions_with_their_counts() {
    let Some(Loaded { panel, .. }) = official() else {
        return;
    };
    // c1, England 2025: 632830 referrals, 142900 re-referrals, 22.6 per cent.
    let figure = figure(panel, Entity::England, "rereferral_rate", date(2025, 3, 31)).unwrap();
    assert_eq!(figure.point(), Some(0.226));
    assert_eq!(figure.observation.numerator, Some(142_900.0));
    assert_eq!(figure.observation.denominator, Some(632_830.0));
    // README of the data: children in need 2025 was confirmed to be released on 30 October 2025.
    assert_eq!(figure.known_from, date(2025, 10, 30));
}

#[test]
fn cells_are_counted_by_state() {
    let Some(loaded) = official() else {
        return;
    };
    // Counted by a Python csv reader over the columns that are read of each file. The data's README
    // counts every column: c1 has c 296, x 68 and u 26, of which c 27, x 19 and u 8 stand in the
    // three columns of children, which are not read.
    let states = |layout| report(loaded, layout).missing.clone();
    let expected = |c, x, z, u| {
        BTreeMap::from([
            (Missing::Suppressed, c),
            (Missing::Unavailable, x),
            (Missing::NotApplicable, z),
            (Missing::LowReliability, u),
        ])
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .collect::<BTreeMap<Missing, usize>>()
    };
    // c1: rereferral 12 12 3 twice, no further action 94 5 3 twice, not in need 28 5 2 twice,
    // referral_count 1 5 2.
    assert_eq!(states(Layout::Referrals), expected(269, 49, 0, 18));
    // d3: count 29 3 0 2, percent 29 3 6 2, CPP_start 17 3 0 1.
    assert_eq!(states(Layout::RepeatPlans), expected(75, 9, 6, 5));
    // b1: At31_episodes 2 6 0 1.
    assert_eq!(states(Layout::ChildrenInNeed), expected(2, 6, 0, 1));
    // c4: Section47 13 3 1, ICPC 13 3 1, 0-10 days 63 5 1, 11-15 days 16 5 1.
    assert_eq!(states(Layout::Conferences), expected(105, 16, 0, 4));
    // d5: 2_years_or_more 705 3 0 1, percent 705 3 9 1, CPP_At31 17 3 0 1.
    assert_eq!(states(Layout::PlanDurations), expected(1427, 9, 9, 3));
    // Population: x for the old Dorset, Bournemouth and Poole.
    assert_eq!(states(Layout::Population), expected(0, 21, 0, 0));
    // csww_indicators: `low` stands in agency_fte, agency_rate_fte and absence_rate_fte, 3 each.
    assert_eq!(report(loaded, Layout::WorkforceIndicators).low, 9);
    // Rows as README counts them: 1,976 of authorities, 143 regional, 13 national.
    assert_eq!(report(loaded, Layout::Referrals).rows, 2132);
}

#[test]
fn nothing_of_the_official_files_is_refused() {
    let Some(loaded) = official() else {
        return;
    };
    for file in &loaded.report.files {
        assert_eq!(file.refused, [], "{}", file.file.display());
    }
    assert_eq!(loaded.report.conflicts_left_out, 0);
}

#[test]
fn joint_returns_give_their_rate_to_every_member_and_no_counts() {
    let Some(Loaded { panel, .. }) = official() else {
        return;
    };
    for (member, census, agency) in [
        ("314", date(2022, 9, 30), None),
        ("318", date(2022, 9, 30), None),
        ("940", date(2021, 9, 30), None),
        ("941", date(2021, 9, 30), None),
        // LAIT 2016, row of Kingston: agency 5.8; Richmond's row holds `-`.
        ("314", date(2016, 9, 30), Some(0.058)),
        ("318", date(2016, 9, 30), Some(0.058)),
        // LAIT 2015: both returned alone.
        ("314", date(2015, 9, 30), Some(0.11)),
        ("318", date(2015, 9, 30), Some(0.17)),
    ] {
        let entity = Entity::Authority(code(member));
        let figure = figure(panel, entity, "agency_rate", census).unwrap();
        assert_eq!(
            figure.observation.joint,
            census.year() > 2015,
            "{member} {census}"
        );
        if agency.is_some() {
            assert_eq!(figure.point(), agency, "{member} {census}");
        }
        if figure.observation.joint {
            assert_eq!(figure.observation.numerator, None);
            assert_eq!(figure.observation.denominator, None);
        }
    }
    // No count of a joint return: two authorities would each have all the social workers.
    let together = Entity::Authority(code("318"));
    assert!(figure(panel, together, "social_workers", date(2022, 9, 30)).is_none());
}

#[test]
fn benchmarks_are_not_authorities() {
    let Some(Loaded { panel, .. }) = official() else {
        return;
    };
    let region = Entity::Region(code("E12000001"));
    // c1, North East 2025: 20.7 per cent.
    let figure = figure(panel, region, "rereferral_rate", date(2025, 3, 31)).unwrap();
    assert_eq!(figure.point(), Some(0.207));
    // 153 authorities from April 2023 on (README of the data).
    assert_eq!(panel.as_of(date(2024, 1, 1)).authorities().count(), 153);
    // sn_model_2025_wide, first row: Barking and Dagenham's closest neighbour is 308, Enfield.
    assert_eq!(panel.register().neighbours(code("301"))[0], code("308"));
}

/// A column of panel.csv by authority and year, as text.
fn published(folder: &Path, column: &str) -> Vec<(AuthorityCode, i16, String)> {
    let mut reader = csv::Reader::from_path(folder.join("panel.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|h| h == name).unwrap();
    let (authority, year, column) = (at("old_la_code"), at("year"), at(column));
    let row = |row: csv::StringRecord| {
        let year = row[year].parse().unwrap();
        (code(&row[authority]), year, row[column].to_owned())
    };
    reader.records().map(|r| row(r.unwrap())).collect()
}

#[test]
fn computed_rates_equal_the_panel_to_its_rounding() {
    let (Some(Loaded { panel, .. }), Some(folder)) = (official(), data_folder()) else {
        return;
    };
    for (indicator, column) in [
        ("referral_rate", "referral_rate_10k"),
        ("need_rate", "cin_rate_10k"),
        ("section_47_rate", "s47_rate_10k"),
        ("conference_rate", "icpc_rate_10k"),
        ("plan_rate", "cpp_rate_10k"),
        ("plan_start_rate", "cpp_started_rate_10k"),
    ] {
        let mut compared = 0;
        for (authority, year, text) in published(&folder, column) {
            let entity = Entity::Authority(authority);
            let figure = figure(panel, entity, indicator, date(year, 3, 31));
            let point = figure.and_then(|f| f.point());
            assert_eq!(
                point.is_none(),
                text.is_empty(),
                "{authority} {year} {column}"
            );
            if let Some(rate) = point {
                let rounded: f64 = text.parse().unwrap();
                assert!(
                    (rate - rounded).abs() <= 0.0501,
                    "{authority} {year}: {rate} {text}"
                );
                compared += 1;
            }
        }
        // 1,981 rows less those without a count or a population.
        assert!(compared > 1900, "{column}: {compared}");
    }
}

#[test]
fn conferences_in_time_are_computed_where_every_part_is_a_number() {
    let (Some(Loaded { panel, .. }), Some(folder)) = (official(), data_folder()) else {
        return;
    };
    let mut compared = 0;
    for (authority, year, text) in published(&folder, "icpc_15day_pct") {
        let entity = Entity::Authority(authority);
        let figure = figure(panel, entity, "conferences_15_day_rate", date(year, 3, 31));
        if let (Some(rate), Ok(percent)) = (figure.and_then(|f| f.point()), text.parse::<f64>()) {
            assert!(
                (100.0 * rate - percent).abs() <= 0.0501,
                "{authority} {year}"
            );
            compared += 1;
        }
    }
    assert!(compared > 1800, "{compared}");
}

#[test]
fn a_mapping_reads_the_wide_panel() {
    let (Some(Loaded { panel, .. }), Some(folder)) = (official(), data_folder()) else {
        return;
    };
    let own = tempfile::tempdir().unwrap();
    std::fs::copy(folder.join("panel.csv"), own.path().join("panel.csv")).unwrap();
    let mapping = r#"{
        "file": "panel.csv", "authority_column": "old_la_code",
        "columns": [
            {"column": "rereferral_pct", "indicator": "rereferral_rate", "scale": "percent",
             "numerator": "rereferrals", "denominator": "referrals", "period_column": "year"},
            {"column": "caseload", "indicator": "caseload", "period_column": "year"}
        ]}"#;
    std::fs::write(own.path().join("any name.json"), mapping).unwrap();
    let wide = read::folder(own.path()).unwrap();
    assert_eq!(report(&wide, Layout::Wide).refused, []);
    // Camden 2024: the same figure as from c1, on the day that the calendar gives.
    let camden = Entity::Authority(code("202"));
    let [a, b] = [panel, &wide.panel]
        .map(|p| figure(p, camden, "rereferral_rate", date(2024, 3, 31)).unwrap());
    assert_eq!(a.observation.value, b.observation.value);
    assert_eq!(a.observation.numerator, b.observation.numerator);
    assert_eq!(
        (a.known_from, b.known_from),
        (date(2024, 10, 31), date(2024, 10, 31))
    );
    // The workforce census of the same row's year is that of 30 September.
    let [a, b] = [panel, &wide.panel].map(|p| figure(p, camden, "caseload", date(2024, 9, 30)));
    assert_eq!(a.unwrap().observation.value, b.unwrap().observation.value);
}

#[test]
fn the_older_workforce_layout_goes_before_the_newer() {
    let Some(loaded) = official() else {
        return;
    };
    // README of the data: csww 2022 against 2025, agency rate changed in 31 of 894 cells.
    let agency = |kept: &&String| kept.contains("agency_rate");
    assert!(loaded.report.conflicts.iter().any(|c| agency(&c)));
    assert!(loaded.report.conflicts_decided > 31);
    let first = loaded.report.conflicts.iter().find(agency).unwrap();
    assert!(
        first.contains("csww_headline") && first.contains("csww_indicators"),
        "{first}"
    );
    assert!(matches!(
        figure(
            &loaded.panel,
            Entity::England,
            "agency_rate",
            date(2022, 9, 30)
        )
        .unwrap()
        .observation
        .value,
        // csww_headline 2022, England: 17.6 per cent.
        Value::Number(0.176)
    ));
}

#[test]
#[cfg(feature = "ods")]
fn inspections_of_three_files_are_merged() {
    let Some(loaded) = official() else {
        return;
    };
    let mut bytes = Vec::new();
    read::inspections::write_panel(&loaded.panel, &mut bytes).unwrap();
    // README of the data: 593 inspections, consolidated from the two workbooks.
    assert_eq!(String::from_utf8(bytes).unwrap().lines().count(), 1 + 593);
    // Ibid.: the publication of Nottingham 2022 and the kind of Merton 2022 differ.
    let conflicts = &loaded.report.inspection_conflicts;
    let named = |name| conflicts.iter().filter(|c| c.starts_with(name)).count();
    assert_eq!(
        (named("Nottingham"), named("Merton"), conflicts.len()),
        (1, 1, 2)
    );
}

/// Nothing may be inferred from the latest period in a file.
#[test]
fn deleting_later_rows_changes_no_earlier_figure() {
    let Some(folder) = data_folder() else {
        return;
    };
    let folder = folder.join("dfe");
    let earlier = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let mut rows = csv::Reader::from_path(&path).unwrap();
        let header = rows.headers().unwrap().clone();
        let name = path.file_name().unwrap();
        let mut kept = csv::Writer::from_path(earlier.path().join(name)).unwrap();
        kept.write_record(&header).unwrap();
        let year = header
            .iter()
            .position(|h| h == "time_period" || h == "Years");
        for row in rows.records().map(Result::unwrap) {
            if year.is_none_or(|at| &row[at][..4] < "2020") {
                kept.write_record(&row).unwrap();
            }
        }
    }
    let lines = |folder: &Path| -> Vec<String> {
        let mut bytes = Vec::new();
        read::tidy::write(&read::folder(folder).unwrap().panel, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    let mut whole = lines(&folder);
    whole.retain(|line| line.split(',').nth(2).unwrap() < "2020" || line.starts_with("authority,"));
    assert!(whole == lines(earlier.path()), "earlier figures differ");
}
