//! The promise that matters most: what became known after the as-of day changes no byte.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{date, demo, real_data};
use forewarn::data::{EventKind, Knowledge, OutcomeRule, ReleaseCalendar, Series};
use forewarn::features::{Feature, FeatureRecipe, Measure, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::{Family, HorizonModel, RefitParams, RiskParams};
use forewarn::read;

/// Every kind of feature, so that none can leak: figures, ranks, judgements and events, alone and in
/// themes.
fn recipe() -> FeatureRecipe {
    let indicator = common::indicator("agency_rate");
    let event = EventKind::new("jtai").unwrap();
    let finding = Some(EventKind::new("priority_action").unwrap());
    let change = Measure::Change {
        indicator,
        years: 1,
    };
    let mut alone = FeatureRecipe::lead_and_timeliness().features().to_vec();
    alone.extend(
        [
            change,
            Measure::GapToEngland { indicator },
            Measure::GapToNeighbours { indicator },
            Measure::PreviousGrade,
            Measure::YearsSinceInspection,
            Measure::YearsSinceFullInspection,
            Measure::InadequateBefore,
            Measure::YearsSinceEvent {
                event,
                finding: None,
            },
        ]
        .map(Feature::new),
    );
    let history = [
        Measure::PreviousGradeCapped,
        Measure::WorstKeyJudgement,
        Measure::MeanKeyJudgement,
        Measure::EventWithin {
            event,
            finding,
            years: 5,
        },
        Measure::Volatility {
            indicator,
            years: 4,
        },
    ];
    let level = |name: &str| Feature::level(name).unwrap().ranked();
    let mut ranked = ["caseload", "vacancy_rate", "conferences_15_day_rate"]
        .map(level)
        .to_vec();
    ranked.push(Feature::new(change).ranked());
    ranked.push(Feature::new(Measure::GapToEngland { indicator }).ranked());
    FeatureRecipe::new("everything", alone)
        .and_then(|recipe| recipe.with_theme("figures", 1.0, ranked))
        .and_then(|recipe| recipe.with_theme("history", 1.0, history.map(Feature::new).to_vec()))
        .unwrap()
}

/// All that could be known on the day, as text: the model with its calibration, re-fits and horizon,
/// the landmarks that it was learned from, and the scores and the list that a run would write.
fn json(folder: &Path, as_of: Date, knowledge: Knowledge) -> String {
    let panel = read::folder(folder).unwrap().panel;
    let known = panel.as_of_with(as_of, knowledge);
    let (recipe, rule, horizon) = (recipe(), OutcomeRule::default(), Months(12));
    let training = known.training(&recipe, rule, Months(0)).unwrap();
    let events = known.authorities().map(|a| known.events(a.code).count());
    assert!(
        events.sum::<usize>() > 5,
        "no event, so that nothing is tested"
    );
    let landmarks = known.landmarks(&recipe, rule, horizon).unwrap();
    let params = RiskParams::of(Family::TowardsEqual);
    let model = params.fit(&training).unwrap();
    let draws = RefitParams {
        replicates: 40,
        seed: 1,
    };
    let refits = draws.run(&model, &training).unwrap();
    let horizon = HorizonModel::fit(&params, known, &recipe, rule, horizon).unwrap();
    let model = model.with_refits(refits).with_horizon(horizon);
    let scores = model.score(&panel, as_of).unwrap();
    assert!(!scores.watchlist().is_empty());
    let scores = serde_json::to_string_pretty(&scores).unwrap();
    format!("{}{scores}{landmarks:?}", model.to_json().unwrap())
}

/// What to do with a row that became known too late.
#[derive(Clone, Copy)]
enum Change {
    Delete,
    Edit,
}

type Row = Vec<String>;

/// Copies a CSV file; rows for which `late` holds are deleted, or their cells from `keep` on edited.
fn copy(
    from: &Path,
    to: &Path,
    change: Change,
    late: &dyn Fn(&[String], &Row) -> bool,
    keep: &[&str],
) {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .from_path(from)
        .unwrap();
    let mut rows = reader
        .records()
        .map(|r| r.unwrap().iter().map(str::to_owned).collect::<Row>());
    let header = rows.next().unwrap();
    let mut writer = csv::Writer::from_path(to).unwrap();
    writer.write_record(&header).unwrap();
    let mut touched = 0;
    for mut row in rows {
        if late(&header, &row) {
            touched += 1;
            match change {
                Change::Delete => continue,
                Change::Edit => edit(&header, &mut row, keep),
            }
        }
        writer.write_record(&row).unwrap();
    }
    assert!(
        touched > 0,
        "{}: no row is late, so nothing is tested",
        from.display()
    );
}

/// Other numbers and other grades, still plausible ones.
fn edit(header: &[String], row: &mut Row, keep: &[&str]) {
    for (name, cell) in header.iter().zip(row) {
        if keep.contains(&name.as_str()) {
            continue;
        }
        *cell = match cell.parse::<f64>() {
            Ok(number) => (number / 2.0).to_string(),
            Err(_) if cell == "inadequate" => "outstanding".to_owned(),
            Err(_) if cell == "good" => "inadequate".to_owned(),
            Err(_) => cell.clone(),
        };
    }
}

fn field<'a>(header: &[String], row: &'a Row, name: &str) -> &'a str {
    let at = header
        .iter()
        .position(|h| h.trim_start_matches('\u{feff}') == name);
    &row[at.unwrap_or_else(|| panic!("no column {name}"))]
}

fn published_after(as_of: Date) -> impl Fn(&[String], &Row) -> bool {
    move |header, row| date(field(header, row, "published")) > as_of
}

/// Copies the demo, with what became known after the day deleted or edited.
fn copy_demo(folder: &Path, change: Change, as_of: Date) {
    let to = |name: &str| folder.join(name);
    fs::copy(demo().join("register.csv"), to("register.csv")).unwrap();
    let late = |h: &[String], r: &Row| date(field(h, r, "known_from")) > as_of;
    let keys = ["authority", "known_from", "period_end"];
    let (observations, inspections) = ("observations.csv", "inspections.csv");
    copy(
        &demo().join(observations),
        &to(observations),
        change,
        &late,
        &keys,
    );
    let late = published_after(as_of);
    copy(
        &demo().join(inspections),
        &to(inspections),
        change,
        &late,
        &[],
    );
}

/// Copies a table of events, with what became known after the day deleted or edited.
fn copy_events(from: &Path, to: &Path, change: Change, as_of: Date, day: &'static str) {
    let late = |h: &[String], r: &Row| date(field(h, r, day)) > as_of;
    copy(from, to, change, &late, &["old_la_code", day]);
}

/// Invented events of places of the demo: one in every quarter of ten years, with a finding or
/// without.
fn demo_events() -> String {
    let rows = (0..40).map(|i| {
        let (place, year, month) = (3 + (i * 7) % 140, 2014 + i / 4, 1 + 3 * (i % 4));
        let finding = ["", "priority_action"][usize::from(i % 3 == 0)];
        format!("S{place:03},jtai,{finding},{year}-{month:02}-15,invented\n")
    });
    let header = "organisation,kind,finding,known_from,source\n";
    header.to_owned() + &rows.collect::<String>()
}

/// Other findings in place of an event's.
fn edited(events: &str, as_of: Date) -> String {
    let rows = events.lines().skip(1).map(|row| {
        let mut cells: Vec<&str> = row.split(',').collect();
        if date(cells[3]) > as_of {
            cells[2] = ["priority_action", "other"][usize::from(cells[2].is_empty())];
        }
        cells.join(",") + "\n"
    });
    let header = events.lines().next().unwrap().to_owned() + "\n";
    header + &rows.collect::<String>()
}

#[test]
fn the_future_changes_no_byte_on_the_demo() {
    let events = demo_events();
    let whole = tempfile::tempdir().unwrap();
    for name in ["register.csv", "observations.csv", "inspections.csv"] {
        fs::copy(demo().join(name), whole.path().join(name)).unwrap();
    }
    fs::write(whole.path().join("events.csv"), &events).unwrap();
    for as_of in ["2019-03-01", "2023-06-01"].map(date) {
        let before = json(whole.path(), as_of, Knowledge::Published);
        for change in [Change::Delete, Change::Edit] {
            let folder = tempfile::tempdir().unwrap();
            copy_demo(folder.path(), change, as_of);
            let to = folder.path().join("events.csv");
            let kept = match change {
                Change::Edit => edited(&events, as_of),
                Change::Delete => events
                    .lines()
                    .filter(|row| {
                        let day = row.split(',').nth(3).and_then(|day| day.parse().ok());
                        day.is_none_or(|day: Date| day <= as_of)
                    })
                    .map(|row| format!("{row}\n"))
                    .collect(),
            };
            assert_ne!(kept, events);
            fs::write(to, kept).unwrap();
            assert!(
                before == json(folder.path(), as_of, Knowledge::Published),
                "as of {as_of}"
            );
        }
    }
}

/// The first year of a file whose figures were not known on the day.
fn first_late_year(series: Series, as_of: Date) -> i16 {
    let calendar = ReleaseCalendar::england();
    (2010..2030)
        .find(|&year| {
            let end = series.period_end(year).unwrap();
            calendar.release(series, end).date > as_of
        })
        .unwrap()
}

/// The column that holds the year, and the first late year, of a statistics file.
fn late_year(header: &[String], as_of: Date) -> Option<(&'static str, i16)> {
    let has = |name: &str| {
        header
            .iter()
            .any(|h| h.trim_start_matches('\u{feff}') == name)
    };
    let year = |series| first_late_year(series, as_of);
    if has("Years") {
        // One row holds many series: late only where the earliest of them is.
        let first = Series::ALL.into_iter().map(year).max()?;
        Some(("Years", first))
    } else if has("turnover_rate_fte") || has("turnover_rate_fte_%") {
        Some(("time_period", year(Series::SocialWorkWorkforce)))
    } else if has("population_estimate") {
        Some(("time_period", year(Series::MidYearPopulation)))
    } else if has("time_period") {
        Some(("time_period", year(Series::ChildrenInNeed)))
    } else {
        None
    }
}

fn copy_real(data: &Path, folder: &Path, change: Change, as_of: Date) {
    for sub in ["", "dfe", "ofsted"] {
        for entry in fs::read_dir(data.join(sub)).unwrap() {
            let from: PathBuf = entry.unwrap().path();
            let name = from.file_name().unwrap().to_string_lossy().into_owned();
            let to = folder.join(&name);
            if !name.ends_with(".csv") || name == "panel.csv" {
                continue;
            }
            let header: Row = csv::Reader::from_path(&from)
                .unwrap()
                .headers()
                .unwrap()
                .iter()
                .map(str::to_owned)
                .collect();
            if name == "inspections.csv" {
                copy(
                    &from,
                    &to,
                    change,
                    &published_after(as_of),
                    &["old_la_code"],
                );
            } else if let Some((column, year)) = late_year(&header, as_of) {
                let late = |h: &[String], r: &Row| {
                    field(h, r, column).parse::<i16>().is_ok_and(|y| y >= year)
                };
                let keys = [column, "\u{feff}time_period", "old_la_code", "LA Number"];
                if year <= last_year(&from, column) {
                    copy(&from, &to, change, &late, &keys);
                    continue;
                }
                fs::copy(&from, &to).unwrap();
            } else {
                fs::copy(&from, &to).unwrap();
            }
        }
    }
}

fn last_year(file: &Path, column: &str) -> i16 {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(file)
        .unwrap();
    let rows: Vec<Row> = reader
        .records()
        .map(|r| r.unwrap().iter().map(str::to_owned).collect())
        .collect();
    let years = rows[1..]
        .iter()
        .filter_map(|row| field(&rows[0], row, column).parse().ok());
    years.max().unwrap()
}

#[test]
fn the_future_changes_no_byte_on_the_real_data() {
    let Some(data) = real_data() else { return };
    let name = "jtai_reports_2016_2023.csv";
    let Some(events) = common::shared_file(&format!("events/{name}")) else {
        return;
    };
    let as_of = date("2019-06-01");
    let whole = tempfile::tempdir().unwrap();
    // Nothing is late on the last day of the calendar: a plain copy without workbooks.
    for sub in ["", "dfe", "ofsted"] {
        for entry in fs::read_dir(data.join(sub)).unwrap() {
            let from = entry.unwrap().path();
            if from.extension().is_some_and(|e| e == "csv") {
                fs::copy(&from, whole.path().join(from.file_name().unwrap())).unwrap();
            }
        }
    }
    fs::copy(&events, whole.path().join(name)).unwrap();
    let before = json(whole.path(), as_of, Knowledge::Published);
    for change in [Change::Delete, Change::Edit] {
        let folder = tempfile::tempdir().unwrap();
        copy_real(&data, folder.path(), change, as_of);
        copy_events(
            &events,
            &folder.path().join(name),
            change,
            as_of,
            "published",
        );
        assert!(before == json(folder.path(), as_of, Knowledge::Published));
    }
    #[cfg(feature = "ods")]
    {
        let with_workbooks = tempfile::tempdir().unwrap();
        for folder in [&data, &data.join("dfe"), &data.join("ofsted")] {
            for entry in fs::read_dir(folder).unwrap() {
                let from = entry.unwrap().path();
                if from.is_file() {
                    let to = with_workbooks.path().join(from.file_name().unwrap());
                    fs::copy(&from, to).unwrap();
                }
            }
        }
        fs::copy(&events, with_workbooks.path().join(name)).unwrap();
        assert!(
            before == json(with_workbooks.path(), as_of, Knowledge::Published),
            "the workbooks add nothing"
        );
    }
}

/// Every figure of the report on this folder: scores, evidence, and each authority over time.
#[cfg(feature = "report")]
fn figures(folder: &Path, as_of: Date) -> String {
    use forewarn::report::ReportInput;
    use forewarn::score::{Capacity, ProfileParams};
    use forewarn::validate::{BacktestParams, Bootstrap, Evidence, EvidenceParams};

    let panel = read::folder(folder).unwrap().panel;
    let recipe = FeatureRecipe::lead_indicators();
    let training = panel
        .as_of(as_of)
        .training(&recipe, OutcomeRule::default(), Months(0))
        .unwrap();
    let ridge = RiskParams::ridge().penalty(0.05);
    let model = ridge.fit(&training).unwrap();
    let scores = model.score(&panel, as_of).unwrap();
    let profiles = ProfileParams::default()
        .run(&model, &panel, &scores)
        .unwrap();
    let known = panel.known_by(as_of);
    let backtest = BacktestParams {
        years: (2016, as_of.year() - 1),
        replicates: 40,
        ..BacktestParams::new(vec![recipe], vec![&ridge])
    };
    let params = EvidenceParams {
        list_share: 0.1,
        bootstrap: Bootstrap::new(40, 1),
        indicators: &["agency_rate", "rereferral_rate"].map(common::indicator),
        as_of,
    };
    let backtest = backtest.run(&known, &|_, _| {}).unwrap();
    let evidence = Evidence::new(backtest, &known, &params).unwrap();
    let input = ReportInput {
        service: forewarn::data::Service::childrens_services(),
        scores: &scores,
        model: &model,
        capacity: Capacity(std::num::NonZeroUsize::new(15).unwrap()),
        how_sure: "",
        evidence: Some(&evidence),
        profiles: Some(&profiles),
        read: None,
        register: panel.register(),
        catalogue: panel.catalogue(),
        notice: None,
    };
    input.figures().unwrap()
}

#[cfg(feature = "report")]
#[test]
fn the_future_changes_no_figure_of_the_report() {
    let as_of = date("2021-06-01");
    let before = figures(&demo(), as_of);
    for change in [Change::Delete, Change::Edit] {
        let folder = tempfile::tempdir().unwrap();
        copy_demo(folder.path(), change, as_of);
        assert!(before == figures(folder.path(), as_of));
    }
}
