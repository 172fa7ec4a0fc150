//! A service that was never in the code: described in a file, read, learned from, tested.

mod common;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use common::date;
use forewarn::Error;
use forewarn::data::{Basis, Entity, Grade, IndicatorId, JudgementKey, Panel, Service, Unit};
use forewarn::features::{Feature, FeatureRecipe, Measure, Months};
use forewarn::model::{RiskModel, RiskParams};
use forewarn::read::Folder;
use forewarn::simulate::SimulationParams;
use forewarn::validate::{BacktestParams, Subset};

const FILE: &str = include_str!("../examples/garages/service.json");
const GARAGES: usize = 80;
/// The last year of the old framework.
const OLD_UNTIL: i16 = 2017;

fn service() -> Service {
    Service::from_json(FILE).unwrap()
}

/// An invented number from 0 to 1 for each of these.
fn draw(garage: usize, year: i16, what: u64) -> f64 {
    let mut bits = garage as u64 * 0x9e37_79b9 + year as u64 * 0x85eb_ca6b + what * 0xc2b2_ae35;
    for _ in 0..3 {
        bits ^= bits >> 13;
        bits = bits.wrapping_mul(0xff51_afd7_ed55_8ccd);
        bits ^= bits >> 29;
    }
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// Register, figures and inspections of 2012 to 2022: the more services are overdue, the worse the
/// next inspection. From 2018 on there are other grades and no overall one.
fn write(folder: &Path) {
    let mut register = String::from(
        "organisation,name,region_code,region_name,exists_from,exists_to,predecessors,note\n",
    );
    let mut figures = String::from(
        "organisation,indicator,period_end,known_from,value,numerator,denominator,state,source\n",
    );
    let mut inspections =
        String::from("organisation,framework,inspection_start,published,overall,brakes,drivers\n");
    for garage in 0..GARAGES {
        let code = format!("garage-of-the-marsh-{garage:03}");
        let _ = writeln!(
            register,
            "{code},Garage {garage},R{0},Region {0},,,,",
            garage % 4
        );
        for year in 2011..2023_i16 {
            let overdue = (0.3 * draw(garage, 0, 1) + 0.1 * draw(garage, year, 2)).min(1.0);
            for (indicator, value) in [
                ("overdue_rate", overdue),
                ("leaver_rate", 0.5 * draw(garage, year, 3)),
                // Early where it is below 0.
                ("lateness", 24.0 * draw(garage, year, 5) - 6.0),
            ] {
                let known = format!("{}-05-01", year + 1);
                let _ = writeln!(
                    figures,
                    "{code},{indicator},{year}-12-31,{known},{value:.4},,,number,invented"
                );
            }
            if year < 2012 || (usize::from(year as u16) + garage) % 2 == 0 {
                continue;
            }
            let level = overdue + 0.15 * draw(garage, year, 4);
            let place = usize::from(level > 0.2) + usize::from(level > 0.33);
            let row = if year <= OLD_UNTIL {
                let words = ["sound", "Minor faults", "serious"][place];
                format!("OLD,{year}-09-01,{year}-10-01,{words},{words},sound")
            } else {
                let words = ["met", "partly met", "Not met"][place];
                format!("NEW,,{year}-10-01,,{words},met")
            };
            let _ = writeln!(inspections, "{code},{row}");
        }
    }
    fs::write(folder.join("register.csv"), register).unwrap();
    fs::write(folder.join("figures.csv"), figures).unwrap();
    fs::write(folder.join("inspections.csv"), inspections).unwrap();
}

fn panel() -> Panel {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let read = Folder::new(folder.path())
        .service(service())
        .read()
        .unwrap();
    assert!(
        read.report.files.iter().all(|f| f.refused_total == 0),
        "{:?}",
        read.report
    );
    read.panel
}

fn recipe() -> FeatureRecipe {
    let service = service();
    let recipe = service.recipe(service.default_recipe()).unwrap();
    let figures = ["overdue_rate", "leaver_rate"].map(|id| Feature::level(id).unwrap());
    let grade = Feature::new(Measure::PreviousGrade);
    assert_eq!(recipe.features(), [figures[0], figures[1], grade]);
    recipe
}

/// The bundled example is what is written here: nothing in it is real.
#[test]
fn the_bundled_garages_are_simulated() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/garages");
    for file in ["register.csv", "figures.csv", "inspections.csv"] {
        let written = fs::read_to_string(folder.path().join(file)).unwrap();
        let kept = fs::read_to_string(bundled.join(file)).unwrap();
        assert!(written == kept, "{file}");
    }
}

#[test]
fn grades_of_two_frameworks_are_comparable() {
    let panel = panel();
    assert_eq!(panel.service().noun().plural, "garages");
    let on = panel.as_of(date("2023-01-01"));
    let code = panel.register().iter().next().unwrap().code;
    assert_eq!(code.as_str(), "garage-of-the-marsh-000");
    let history: Vec<_> = on.judgements(code).iter().collect();
    let grades: Vec<&Grade> = panel.service().grades().iter().collect();
    for inspection in &history {
        let grade = inspection.grade().unwrap();
        assert!(grades.contains(&&grade), "{grade}");
        let new = inspection.framework.name() == "NEW";
        assert_eq!(
            inspection.judgements.get(JudgementKey::OVERALL).is_none(),
            new
        );
        // A missing start is assumed a month before publication.
        assert_eq!(
            inspection.anchor(),
            if new {
                inspection
                    .published
                    .saturating_sub(forewarn::jiff::Span::new().days(30))
            } else {
                inspection.start.unwrap()
            }
        );
    }
    assert!(history.iter().any(|i| i.framework.name() == "OLD"));
    assert!(history.iter().any(|i| i.framework.name() == "NEW"));
}

#[test]
fn a_model_learns_across_the_change_and_scores_no_other_service() {
    let panel = panel();
    let service = panel.service();
    let day = date("2021-06-01");
    let rule = service.outcome("serious").unwrap();
    let training = panel
        .as_of(day)
        .training(&recipe(), rule, Months(0))
        .unwrap();
    let model = RiskParams::default().fit(&training).unwrap();
    let learned: Vec<&str> = model
        .training()
        .frameworks
        .iter()
        .map(|(f, ..)| f.name())
        .collect();
    assert_eq!(learned, ["OLD", "NEW"]);
    let scores = model.score(&panel, day).unwrap();
    assert_eq!(scores.scores.len(), GARAGES);
    let first = &scores.scores[0];
    let reason = &first.reasons[0];
    assert_eq!(reason.feature, "overdue_rate");
    let loaded = RiskModel::from_json(&model.to_json().unwrap()).unwrap();
    assert_eq!(loaded.score(&panel, day).unwrap(), scores);
    let childrens = SimulationParams::default().simulate().unwrap().panel();
    let error = model.score(&childrens, day).unwrap_err().to_string();
    let expected =
        "service of a panel: found childrens_services, expected the model's, bus_garages";
    assert_eq!(error, expected);
}

/// Chance is 0.5; the invented signal lies in the overdue services.
#[test]
fn its_back_test_stands_beside_its_own_rule_of_thumb() {
    let panel = panel();
    let ridge = RiskParams::ridge().penalty(0.05);
    let params = BacktestParams {
        years: (2016, 2022),
        replicates: 100,
        permutations: 50,
        outcome_rule: panel.service().outcome("serious").unwrap(),
        ..BacktestParams::new(vec![recipe()], vec![&ridge])
    };
    let result = params.run(&panel, &|_, _| {}).unwrap();
    let summaries: Vec<_> = result.summaries("garages", 0, Subset::All).collect();
    let names: Vec<&str> = summaries.iter().map(|s| s.model.as_str()).collect();
    assert!(names.contains(&"a fifth overdue"), "{names:?}");
    assert!(!names.contains(&"agency above 16%"), "{names:?}");
    let of = |name: &str| summaries.iter().find(|s| s.model == name).unwrap();
    assert!(of("ridge").auroc_within_year.unwrap() > 0.75);
    assert!(of("ridge").events > 20);
}

/// Every fault of a description, in one pass, with its field.
#[test]
fn every_fault_of_a_description_is_told_at_once() {
    assert!(service().outcome("Serious").is_ok());
    let wrong = FILE
        .replace("\"schema\": 1", "\"schema\": 9")
        .replace("\"from\": \"serious\"}", "\"from\": \"dire\"}")
        .replace("[\"brakes\", \"drivers\"]", "[\"brakes\", \"tyres\"]")
        .replace("\"fresh_years\": 0.25", "\"fresh_yeers\": 0.25")
        .replace("\"met\": \"sound\"", "\"met\": \"fine\"")
        .replace("\"above\": 0.2", "\"above\": \"much\"");
    let Err(Error::Service { faults }) = Service::from_json(&wrong) else {
        panic!("it was read");
    };
    for expected in [
        "schema: found 9, expected 1",
        "frameworks[0].key[1]: found \"tyres\", expected a column of judgements",
        "frameworks[1].grades.met: found \"fine\", expected the name of a grade",
        "outcomes[0].from: found \"dire\", expected the name of a grade",
        "rules[0].above: found \"much\", expected a number from",
        "fresh_yeers: found an unknown field, expected one of schema, name",
    ] {
        let found = faults.iter().any(|fault| fault.starts_with(expected));
        assert!(found, "{expected}\n{faults:#?}");
    }
    let Err(Error::Service { faults }) = Service::from_json("{") else {
        panic!("it was read");
    };
    assert!(faults[0].starts_with("the file: found EOF"), "{faults:?}");
}

/// A file of another service is refused row by row, with what the service knows.
#[test]
fn what_the_service_does_not_know_is_refused_with_its_names() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path());
    let path = folder.path().join("inspections.csv");
    let row = "garage-of-the-marsh-001,ILACS,2018-09-01,2018-10-01,sound,sound,sound\n\
               garage-of-the-marsh-001,OLD,2015-09-01,2015-10-01,inadequate,sound,sound\n";
    let text = fs::read_to_string(&path).unwrap() + row;
    fs::write(&path, text).unwrap();
    let read = Folder::new(folder.path())
        .service(service())
        .read()
        .unwrap();
    let file = read
        .report
        .files
        .iter()
        .find(|file| file.file == path)
        .unwrap();
    let told: Vec<String> = file
        .refused
        .iter()
        .map(|r| format!("{}: found {}, expected {}", r.column, r.found, r.expected))
        .collect();
    assert_eq!(
        told,
        [
            "framework: found ILACS, expected OLD or NEW",
            "overall: found inadequate, expected sound, minor, serious, or empty",
        ]
    );
}

/// Units and series are rows of the service's file, as indicators are.
#[test]
fn a_declared_unit_may_be_negative_and_a_series_has_its_days() {
    let service = service();
    let lateness = IndicatorId::new("lateness").unwrap();
    let unit = service.catalogue().get(lateness).unwrap().unit;
    assert_eq!((unit.lower(), unit.upper()), (-60.0, 600.0));
    assert_eq!(unit.format(-4.26), "-4.3 min");
    assert_eq!("minutes_late".parse::<Unit>().unwrap(), unit);
    assert!(unit.accepts(-60.0) && !unit.accepts(-60.1) && !unit.accepts(f64::NAN));
    let series = service.catalogue().get(lateness).unwrap().series;
    let end = |year| series.period_end(year).unwrap();
    assert_eq!(end(2020).to_string(), "2020-12-31");
    let release = |year| service.calendar().release(series, end(year));
    assert_eq!(release(2021).date.to_string(), "2022-05-01");
    assert_eq!(release(2021).basis, Basis::Confirmed);
    // 120 days after the last of 2020.
    assert_eq!(release(2020).date.to_string(), "2021-04-30");
    assert_eq!(release(2020).basis, Basis::Fallback);
    let panel = panel();
    let on = panel.as_of(date("2023-01-01"));
    let garages = on
        .authorities()
        .map(|garage| Entity::Authority(garage.code));
    let newest = garages.filter_map(|garage| on.latest(garage, lateness)?.point());
    let newest: Vec<f64> = newest.collect();
    let early = newest.iter().filter(|minutes| **minutes < 0.0).count();
    assert!(early > 0 && early < newest.len());
}

#[test]
fn units_and_series_that_cannot_be_are_faults() {
    let file = FILE
        .replace("\"lower\": -60", "\"lower\": 700")
        .replace("\"12-31\"", "\"02-30\"")
        .replace(
            "\"published\": \"2022-05-01\"",
            "\"published\": \"2021-05-01\"",
        );
    let said = Service::from_json(&file).unwrap_err().to_string();
    for fault in [
        "units[0].upper: found 600, expected a number above lower, which is 700",
        "series[0].period_ends: found \"02-30\", expected a day that every year has, as 03-31",
        "series[0].releases[0].published: found 2021-05-01, expected a day on or after period_end",
    ] {
        assert!(said.contains(fault), "no {fault:?} in {said}");
    }
}
