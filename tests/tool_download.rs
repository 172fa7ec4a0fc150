//! The interactive tool's own download beside its wide extract: what both hold is the same to the bit.

mod common;

use std::fs;

use common::date;
use forewarn::data::{Entity, IndicatorId, Panel};
use forewarn::read;

/// Indicators whose measures the download has; the others of it are read from their own statistics.
const BOTH: [&str; 4] = [
    "assessments_45_day_rate",
    "reviews_on_time_rate",
    "looked_after_rate",
    "low_income_rate",
];

fn figures(panel: &Panel, indicator: &str) -> Vec<String> {
    let id = IndicatorId::new(indicator).unwrap();
    let on = panel.as_of(date("2026-06-01"));
    let entities = panel.register().iter().map(|a| Entity::Authority(a.code));
    entities
        .chain([Entity::England])
        .flat_map(|entity| on.figures(entity, id).map(move |f| (entity, f)))
        .filter(|(_, f)| f.observation.value.point().is_some())
        .map(|(entity, f)| {
            let o = &f.observation;
            format!("{entity:?} {} {} {:?}", o.period_end, f.known_from, o.value)
        })
        .collect()
}

#[test]
fn the_download_and_the_wide_extract_say_the_same() {
    let wide = common::shared_file("data/dfe/lait_childrens_social_care_wide.csv");
    let download = common::shared_file("lait_download/LAIT_create_your_own.csv");
    let (Some(wide), Some(download)) = (wide, download) else {
        return;
    };
    let alone = |file| {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(file, folder.path().join("tool.csv")).unwrap();
        read::folder(folder.path()).unwrap()
    };
    let (wide, download) = (alone(wide), alone(download));
    for indicator in BOTH {
        let of_wide = figures(&wide.panel, indicator);
        assert!(of_wide.len() > 100, "{indicator}");
        assert_eq!(figures(&download.panel, indicator), of_wide, "{indicator}");
    }
    let report = &download.report.files[0];
    assert_eq!((report.rows, report.refused_total), (1870, 0));
    let missing = report
        .notes
        .iter()
        .find(|note| note.starts_with("not in the download"));
    assert!(
        missing.unwrap().contains("Primary Free School Meals"),
        "{:?}",
        report.notes
    );
}

#[test]
fn an_unknown_area_and_a_cell_that_is_no_number_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let text = "LA Number,LA and Regions,Region,Topic,Measure,2021,2022,2021-22\n\
        201,A,B,C,Review of Child Protection Cases,95.5,NA,1\n\
        9999,A,B,C,Review of Child Protection Cases,95.5,96,1\n\
        202,A,B,C,Review of Child Protection Cases,195.5,96,1\n\
        202,A,B,C,Another measure,1,2,3\n";
    fs::write(folder.path().join("tool.csv"), text).unwrap();
    let loaded = read::folder(folder.path()).unwrap();
    let report = &loaded.report.files[0];
    let refused: Vec<(u64, &str)> = report
        .refused
        .iter()
        .map(|r| (r.line, r.column.as_str()))
        .collect();
    assert_eq!(refused, [(3, "LA Number"), (4, "2021")]);
    assert_eq!((report.rows, report.numbers), (4, 2));
    assert_eq!(report.notes[0], "columns ignored: 2021-22");
    assert!(report.notes[1].starts_with("1 rows of measures that are not read"));
}
