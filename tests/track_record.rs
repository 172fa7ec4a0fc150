//! The track record of a small world whose lists can be told by hand: who was on which, what came of
//! it, and that nothing later changes a list.

mod common;

use std::num::NonZeroUsize;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, inspection, panel};
use forewarn::data::{
    Authority, Entity, Grade, Inspection, JudgementKey, Knowledge, Observation, OutcomeRule, Panel,
    Value,
};
use forewarn::features::{Feature, FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::RiskParams;
use forewarn::score::{Capacity, ScoreParams};
use forewarn::validate::{
    Bootstrap, FalseAlarm, LaterEvent, Listed, TrackRecord, TrackRecordParams,
};

const EXACT: f64 = 1e-12;
const DRAWS: usize = 4000;

/// 24 places from which is learned, the higher the figure the likelier to fail; six that were never
/// inspected before 2016, the first with a name that a spreadsheet would run; one too small to score.
fn authorities() -> Vec<Authority> {
    let mut all: Vec<Authority> = (0..24).map(|i| learned_from(i).0).collect();
    all.push(authority("A", "=SUM(A1)"));
    all.extend(["B", "C", "D", "E", "F"].map(|name| authority(name, &format!("Place {name}"))));
    let mut small = authority("S", "Small");
    small.scored = false;
    all.push(small);
    // Abolished before the first list.
    let mut gone = authority("G", "Gone");
    gone.to = Some(date("2015-12-31"));
    all.push(gone);
    all
}

/// Good up to a figure of 0.12, Inadequate above, but for one of each.
fn learned_from(i: usize) -> (Authority, Observation, Inspection) {
    let number = format!("T{i:02}");
    let failed = (i >= 12) != (i == 3 || i == 20);
    let grade = [Grade::Good, Grade::Inadequate][usize::from(failed)];
    (
        authority(&number, &number),
        known(&number, "2014-09-30", "2015-02-26", 0.01 * i as f64),
        inspection(&number, "2015-05-11", grade),
    )
}

fn known(number: &str, period: &str, from: &str, value: f64) -> Observation {
    let entity = Entity::Authority(code(number));
    figure(entity, "agency_rate", period, from, value)
}

fn figures() -> Vec<Observation> {
    let mut all: Vec<Observation> = (0..24).map(|i| learned_from(i).1).collect();
    let both = [
        ("A", 0.50, 0.30),
        ("B", 0.45, 0.60),
        ("C", 0.40, 0.50),
        ("D", 0.32, 0.10),
        ("E", 0.33, 0.38),
        ("F", 0.34, 0.34),
        ("S", 0.90, 0.90),
    ];
    for (number, first, second) in both {
        all.push(known(number, "2015-09-30", "2016-02-25", first));
        all.push(known(number, "2016-09-30", "2017-02-23", second));
    }
    all
}

/// Each published 60 days after its start.
fn inspections() -> Vec<Inspection> {
    let mut all: Vec<Inspection> = (0..24).map(|i| learned_from(i).2).collect();
    all.extend([
        // Published on 9 July 2016.
        inspection("A", "2016-05-10", Grade::Inadequate),
        // On 15 January 2017.
        inspection("B", "2016-11-16", Grade::Good),
        // On 4 June 2017.
        inspection("E", "2017-04-05", Grade::Inadequate),
        // On 30 June 2017, a quarter end.
        inspection("D", "2017-05-01", Grade::Inadequate),
        // On 1 December 2017, of one that was Inadequate already.
        inspection("A", "2017-10-02", Grade::Inadequate),
        // On 26 January 2018, and so after the last day.
        inspection("C", "2017-11-27", Grade::Inadequate),
        inspection("S", "2017-05-01", Grade::Inadequate),
    ]);
    all
}

fn world() -> Panel {
    panel(authorities(), figures(), inspections())
}

fn recipe() -> FeatureRecipe {
    let mut feature = Feature::level("agency_rate").unwrap();
    feature.max_age_months = 120;
    FeatureRecipe::new("one", vec![feature]).unwrap()
}

fn model() -> RiskParams {
    RiskParams::ridge().penalty(0.1)
}

fn capacity() -> Capacity {
    Capacity(NonZeroUsize::new(2).unwrap())
}

fn since(panel: &Panel, from: i16) -> TrackRecord {
    let params = TrackRecordParams {
        model: &model(),
        recipe: &recipe(),
        outcome_rule: OutcomeRule::Overall,
        knowledge: Knowledge::Published,
        capacity: capacity(),
        from,
        to: date("2017-12-31"),
        draws: Bootstrap::new(DRAWS, 1),
    };
    params.run(panel).unwrap()
}

/// Day and names of every list.
fn lists(record: &TrackRecord) -> Vec<(String, String)> {
    let list = |listed: &[Listed]| -> String {
        let codes = listed.iter().map(|l| l.organisation.to_string());
        codes.collect::<Vec<_>>().join(" ")
    };
    let quarters = record.quarters.iter();
    quarters
        .map(|q| (q.on.to_string(), list(&q.listed)))
        .collect()
}

#[test]
fn each_list_is_told_by_hand() {
    let record = since(&world(), 2016);
    let expected = [
        ("2016-03-31", "A B"),
        // A is being inspected, and nothing of it is known yet.
        ("2016-06-30", "A B"),
        // A was Inadequate.
        ("2016-09-30", "B C"),
        ("2016-12-31", "B C"),
        // B was judged within the year.
        ("2017-03-31", "C E"),
        // E was Inadequate, and D on this day.
        ("2017-06-30", "C F"),
        ("2017-09-30", "C F"),
        ("2017-12-31", "C F"),
    ];
    assert_eq!(
        lists(&record),
        expected.map(|(on, names)| (on.to_owned(), names.to_owned()))
    );
    assert_eq!((record.capacity, record.without_list), (2, 0));
    for quarter in &record.quarters {
        let places: Vec<usize> = quarter.listed.iter().map(|l| l.place).collect();
        assert_eq!(places, [1, 2]);
        assert!(quarter.listed[0].probability > quarter.listed[1].probability);
        assert_eq!(quarter.scored, 30);
        assert!(quarter.rate_now > 0.3 && quarter.rate_now < 0.7);
    }
    let learned = |on: &str| {
        let quarter = record.quarters.iter().find(|q| q.on == date(on)).unwrap();
        (quarter.inspections, quarter.events)
    };
    assert_eq!(learned("2016-06-30"), (24, 12));
    assert_eq!(learned("2016-09-30"), (25, 13));
    // What is published on the day itself is not learned from.
    assert_eq!(learned("2017-06-30"), (27, 14));
    assert_eq!(learned("2017-12-31"), (29, 16));
}

/// Before the judgements of 2015 there is nothing to learn from; afterwards nobody can be listed for a
/// year, since everybody known was judged lately.
#[test]
fn a_day_without_enough_events_has_no_list() {
    let record = since(&world(), 2014);
    assert_eq!(record.without_list, 6);
    let first: Vec<(String, String)> = lists(&record).into_iter().take(3).collect();
    let empty = |on: &str| (on.to_owned(), String::new());
    let expected = [
        empty("2015-09-30"),
        empty("2015-12-31"),
        ("2016-03-31".to_owned(), "A B".to_owned()),
    ];
    assert_eq!(first, expected);
}

/// What of it was published after each day, by the last one.
#[test]
fn what_came_next_is_told_of_every_name() {
    let record = since(&world(), 2016);
    let next = |on: &str, name: &str| {
        let quarter = record.quarters.iter().find(|q| q.on == date(on)).unwrap();
        let mut listed = quarter.listed.iter();
        let found = listed.find(|l| l.organisation == code(name)).unwrap().next;
        found.map(|n| {
            (
                n.started.to_string(),
                n.published.to_string(),
                n.grade,
                n.event,
            )
        })
    };
    let judged = |start: &str, published: &str, grade: Grade, event| {
        Some((start.to_owned(), published.to_owned(), grade, event))
    };
    let of_a = judged("2016-05-10", "2016-07-09", Grade::Inadequate, true);
    assert_eq!(next("2016-03-31", "A"), of_a);
    assert_eq!(next("2016-06-30", "A"), of_a);
    let of_b = judged("2016-11-16", "2017-01-15", Grade::Good, false);
    assert_eq!(next("2016-03-31", "B"), of_b);
    assert_eq!(next("2016-12-31", "B"), of_b);
    let of_e = judged("2017-04-05", "2017-06-04", Grade::Inadequate, true);
    assert_eq!(next("2017-03-31", "E"), of_e);
    for on in ["2016-09-30", "2017-12-31"] {
        assert_eq!(next(on, "C"), None, "published after the last day");
    }
}

fn event<'a>(record: &'a TrackRecord, name: &str, published: &str) -> &'a LaterEvent {
    let wanted = |e: &&LaterEvent| e.organisation == code(name) && e.published == date(published);
    record.events.iter().find(wanted).unwrap()
}

/// In order: A before any list could miss it, E after one list, D on none, A again.
#[test]
fn every_later_event_is_told_with_its_first_list() {
    let record = since(&world(), 2016);
    let order: Vec<String> = record
        .events
        .iter()
        .map(|e| e.organisation.to_string())
        .collect();
    assert_eq!(order, ["A", "E", "D", "A"]);
    let told = |name: &str, published: &str| {
        let e = event(&record, name, published);
        let first = e.first_listed.map(|day| day.to_string());
        (e.already, first, e.times_listed, e.on_last_list)
    };
    let on = |day: &str| Some(day.to_owned());
    assert_eq!(told("A", "2016-07-09"), (false, on("2016-03-31"), 1, true));
    assert_eq!(told("E", "2017-06-04"), (false, on("2017-03-31"), 1, true));
    assert_eq!(told("D", "2017-06-30"), (false, None, 0, false));
    assert_eq!(told("A", "2017-12-01"), (true, on("2016-03-31"), 2, false));
    let months = |name: &str, published: &str| event(&record, name, published).months_before;
    // 40, 5 and 550 days.
    assert_abs_diff_eq!(
        months("A", "2016-07-09").unwrap(),
        40.0 / 30.4375,
        epsilon = EXACT
    );
    assert_abs_diff_eq!(
        months("E", "2017-06-04").unwrap(),
        5.0 / 30.4375,
        epsilon = EXACT
    );
    assert_eq!(months("D", "2017-06-30"), None);
    assert_abs_diff_eq!(
        months("A", "2017-12-01").unwrap(),
        550.0 / 30.4375,
        epsilon = EXACT
    );
    assert_eq!(event(&record, "A", "2016-07-09").name, "=SUM(A1)");
}

#[test]
fn false_alarms_are_all_told() {
    let record = since(&world(), 2016);
    let told = |alarm: &FalseAlarm| {
        let judged = alarm.judged.map(|j| (j.published.to_string(), j.grade));
        (
            alarm.organisation.to_string(),
            alarm.name.clone(),
            alarm.times_listed,
            alarm.first_listed.to_string(),
            judged,
        )
    };
    let found: Vec<_> = record.false_alarms.iter().map(told).collect();
    let alarm = |code: &str, times, first: &str, judged: Option<(&str, Grade)>| {
        (
            code.to_owned(),
            format!("Place {code}"),
            times,
            first.to_owned(),
            judged.map(|(day, grade)| (day.to_owned(), grade)),
        )
    };
    let expected = [
        alarm("B", 4, "2016-03-31", Some(("2017-01-15", Grade::Good))),
        alarm("C", 6, "2016-09-30", None),
        alarm("F", 3, "2017-06-30", None),
    ];
    assert_eq!(found, expected);
}

/// Of the 16 names A twice and E once came true, B four times did not; C and F were not judged.
#[test]
fn totals_are_counted_by_hand() {
    let totals = since(&world(), 2016).totals;
    assert_eq!((totals.quarters, totals.names), (8, 16));
    // 24 to learn from and six; neither too small nor gone.
    assert_eq!((totals.organisations, totals.ever_listed), (30, 5));
    assert_eq!((totals.came_true, totals.judged), (3, 7));
    assert_eq!((totals.false_alarms, totals.not_inspected), (1, 2));
    // A, E and D; the second of A was no news.
    assert_eq!(totals.events, 3);
    for caught in [&totals.listed_before, &totals.on_last_list] {
        assert_eq!(caught.caught, 2);
        // binom.test(2, 3) of R.
        let share = caught.share_ci95.unwrap();
        assert_abs_diff_eq!(share.low, 0.094_299_324_050_246_1, epsilon = 1e-12);
        assert_abs_diff_eq!(share.high, 0.991_596_241_340_387_4, epsilon = 1e-12);
    }
}

/// The three events fall to any three of 30 names, 30 x 29 x 28 ways. Before A's start 2 names had been
/// listed, before the others' 4; on the last list there always are 2.
#[test]
fn chance_deals_the_names_out_anew() {
    let totals = since(&world(), 2016).totals;
    let listed_before = [
        ["A", "B"].as_slice(),
        &["A", "B", "C", "E"],
        &["A", "B", "C", "E"],
    ];
    let on_last = [["A", "B"].as_slice(), &["C", "E"], &["C", "E"]];
    let names: Vec<String> = ["A", "B", "C", "D", "E", "F"]
        .into_iter()
        .map(str::to_owned)
        .chain((0..24).map(|i| format!("T{i:02}")))
        .collect();
    for (caught, lists, mean) in [
        (
            &totals.listed_before,
            listed_before,
            (2.0 + 4.0 + 4.0) / 30.0,
        ),
        (&totals.on_last_list, on_last, 6.0 / 30.0),
    ] {
        let (mut ways, mut as_many, mut sum, mut squares) = (0.0, 0.0, 0.0, 0.0);
        for a in &names {
            for e in names.iter().filter(|e| *e != a) {
                for d in names.iter().filter(|d| *d != a && *d != e) {
                    let dealt = [a, e, d].into_iter().zip(lists);
                    let hits = dealt.filter(|(name, list)| list.contains(&name.as_str()));
                    let hits = hits.count() as f64;
                    ways += 1.0;
                    as_many += f64::from(u8::from(hits >= caught.caught as f64));
                    sum += hits;
                    squares += hits * hits;
                }
            }
        }
        assert_abs_diff_eq!(sum / ways, mean, epsilon = EXACT);
        let draws = DRAWS as f64;
        // By four standard errors of so many draws.
        let sd = (squares / ways - mean * mean).sqrt();
        let found = caught.by_chance.unwrap();
        assert!(
            (found - mean).abs() < 4.0 * sd / draws.sqrt(),
            "{found}, {mean}"
        );
        let share: f64 = as_many / ways;
        let error = (share * (1.0 - share) / draws).sqrt();
        let p = caught.p.unwrap();
        assert!(
            (p - share).abs() < 4.0 * error + 1.0 / draws,
            "{p}, {share}"
        );
        let ci = caught.by_chance_ci95.unwrap();
        assert!(ci.low == 0.0 && (1.0..=2.0).contains(&ci.high), "{ci:?}");
    }
}

/// Names with their probabilities.
type List = Vec<(String, f64)>;

fn with_probabilities(listed: &[Listed]) -> List {
    let one = |l: &Listed| (l.organisation.to_string(), l.probability);
    listed.iter().map(one).collect()
}

/// The list that anybody would have made on the day.
#[test]
fn a_list_is_the_one_of_that_day() {
    let panel = world();
    for quarter in &since(&panel, 2016).quarters {
        // Nothing later is in the files.
        let files = panel.known_by(quarter.on);
        let known = files.as_of(quarter.on);
        let training = known.training(&recipe(), OutcomeRule::Overall, Months(0));
        let fitted = model().fit(&training.unwrap()).unwrap();
        let params = ScoreParams {
            capacity: capacity(),
            ..ScoreParams::default()
        };
        let scores = fitted.score_with(&files, quarter.on, params).unwrap();
        let one = |s: &&forewarn::score::Score| (s.organisation.to_string(), s.probability);
        let expected: List = scores.watchlist().iter().map(one).collect();
        assert_eq!(
            with_probabilities(&quarter.listed),
            expected,
            "{}",
            quarter.on
        );
        assert_eq!(quarter.rate_now, fitted.training().rate_now.value);
        assert_eq!(quarter.inspections, fitted.training().inspections);
    }
}

/// What was known after a day: changed, or not there at all.
fn tampered(day: Date, delete: bool) -> Panel {
    let change = |mut figure: Observation| {
        if figure.known_from > day {
            figure.value = Value::Number(0.01);
        }
        figure
    };
    let judge = |mut inspection: Inspection| {
        if inspection.published > day {
            let other = match inspection.judgements.get(JudgementKey::OVERALL) {
                Some(Grade::Inadequate) => Grade::Good,
                _ => Grade::Inadequate,
            };
            inspection
                .judgements
                .set(JudgementKey::OVERALL, Some(other));
        }
        inspection
    };
    let figures = figures().into_iter().map(change);
    let figures = figures.filter(|f| !delete || f.known_from <= day);
    let inspections = inspections().into_iter().map(judge);
    let inspections = inspections.filter(|i| !delete || i.published <= day);
    panel(authorities(), figures.collect(), inspections.collect())
}

#[test]
fn nothing_later_changes_a_list() {
    let quarters = |record: &TrackRecord, until: Date| -> Vec<(Date, List)> {
        let earlier = record.quarters.iter().filter(|q| q.on <= until);
        earlier
            .map(|q| (q.on, with_probabilities(&q.listed)))
            .collect()
    };
    let (record, mut changed) = (since(&world(), 2016), 0);
    let last = date("2017-12-31");
    for on in record.quarters.iter().map(|q| q.on) {
        for delete in [false, true] {
            let other = since(&tampered(on, delete), 2016);
            assert_eq!(quarters(&other, on), quarters(&record, on), "{on}");
            changed += usize::from(quarters(&other, last) != quarters(&record, last));
        }
    }
    // But for the last day, after which nothing is listed, and the one before it, after which nothing
    // was known that moves a list.
    assert!(changed >= 10, "{changed}");
}

#[cfg(feature = "read")]
#[test]
fn json_and_csv_agree_and_hold_every_name() {
    let record = since(&world(), 2016);
    let json = serde_json::to_value(&record).unwrap();
    let csv = record.to_csv().unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .unwrap()
        .iter()
        .map(str::to_owned)
        .collect();
    let expected = "quarter_end,organisation,name,place,probability,next_started,next_published,\
                    next_grade,next_event";
    assert_eq!(header.join(","), expected);
    let mut rows = reader.records().map(Result::unwrap);
    for quarter in json["quarters"].as_array().unwrap() {
        for listed in quarter["listed"].as_array().unwrap() {
            let row = rows.next().unwrap();
            assert_eq!(&row[0], quarter["on"].as_str().unwrap());
            assert_eq!(&row[1], listed["organisation"].as_str().unwrap());
            // A name that a spreadsheet would run is made text.
            assert_eq!(
                row[2].trim_start_matches('\''),
                listed["name"].as_str().unwrap()
            );
            assert!(!row[2].starts_with('='));
            assert_eq!(row[3].parse::<u64>().unwrap(), listed["place"]);
            assert_eq!(row[4].parse::<f64>().unwrap(), listed["probability"]);
            let next = &listed["next"];
            let text = |key: &str| next[key].as_str().unwrap_or_default().to_owned();
            assert_eq!(row[5], text("started"));
            assert_eq!(row[6], text("published"));
            assert_eq!(row[7].to_lowercase(), text("grade").replace('_', " "));
            let event = next["event"].as_bool().map(|event| event.to_string());
            assert_eq!(row[8], event.unwrap_or_default());
        }
    }
    assert!(rows.next().is_none());
    let keys: Vec<&str> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = [
        "from",
        "to",
        "capacity",
        "quarters",
        "schema",
        "without_list",
        "events",
        "false_alarms",
        "totals",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    let text = json.to_string();
    for name in [
        "=SUM(A1)", "Place B", "Place C", "Place D", "Place E", "Place F",
    ] {
        assert!(text.contains(name), "{name}");
    }
}
