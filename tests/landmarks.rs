//! Landmarks: what was known at every quarter end, and what was judged within a horizon of it, counted
//! by hand on a small world; timing times risk.

mod common;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure};
use forewarn::data::{
    Authority, Entity, Framework, Grade, Inspection, Observation, OutcomeRule, Panel, Scope,
};
use forewarn::features::{Feature, FeatureRecipe, Landmark, Landmarks, Months, Standing};
use forewarn::jiff::civil::Date;
use forewarn::model::{DRAWN_BY, Family, HorizonModel, Programme, RecalibrationParams, RiskParams};
use forewarn::score::ScoreParams;

const EXACT: f64 = 1e-12;

/// The windows of 2017-06-30 and before have closed on this day.
const DAY: &str = "2018-07-01";

/// A full inspection, by the day of its publication.
fn judged(number: &str, published: &str, grade: Grade) -> Inspection {
    let published: Date = date(published);
    let mut found = common::inspection(number, "2016-01-04", grade);
    found.start = Some(Months(2).before(published));
    found.published = published;
    found
}

fn known(number: &str, from: &str, value: f64) -> Observation {
    let entity = Entity::Authority(code(number));
    figure(entity, "agency_rate", "2015-09-30", from, value)
}

/// A and B were judged; C was abolished, D formed later, E is too small to score.
fn authorities() -> Vec<Authority> {
    let mut all: Vec<Authority> = ["A", "B", "C", "D", "E"].map(|n| authority(n, n)).to_vec();
    all[2].to = Some(date("2017-06-15"));
    all[3].from = Some(date("2016-05-01"));
    all[4].scored = false;
    all
}

fn inspections() -> Vec<Inspection> {
    let mut part = judged("A", "2016-11-01", Grade::Inadequate);
    part.scope = Scope::SafeguardingAndLookedAfter;
    part.framework = Framework::Slac;
    vec![
        judged("A", "2016-02-10", Grade::Good),
        part,
        judged("A", "2017-03-31", Grade::Inadequate),
        judged("A", "2017-11-15", Grade::Good),
        judged("B", "2016-09-20", Grade::Inadequate),
        judged("B", "2018-06-30", Grade::Good),
        judged("E", "2016-12-12", Grade::Inadequate),
    ]
}

fn figures() -> Vec<Observation> {
    vec![
        known("A", "2016-02-25", 0.1),
        // Not yet known at B's first landmark.
        known("B", "2016-04-10", 0.3),
        known("C", "2016-02-25", 0.2),
        known("D", "2016-02-25", 0.2),
        known("E", "2016-02-25", 0.2),
    ]
}

fn world() -> Panel {
    common::panel(authorities(), figures(), inspections())
}

fn recipe() -> FeatureRecipe {
    let mut feature = Feature::level("agency_rate").unwrap();
    feature.max_age_months = 120;
    FeatureRecipe::new("one", vec![feature]).unwrap()
}

fn landmarks(panel: &Panel, on: &str) -> Landmarks {
    let known = panel.as_of(date(on));
    known
        .landmarks(&recipe(), OutcomeRule::Overall, Months(12))
        .unwrap()
}

fn of<'a>(all: &'a Landmarks, number: &str) -> Vec<&'a Landmark> {
    let own = all.all.iter().filter(|l| l.organisation == code(number));
    own.collect()
}

/// The quarter ends from 31 March 2016, the first after a full judgement was known, to 30 June 2017,
/// whose window of twelve months ended the day before.
#[test]
fn landmarks_are_the_quarter_ends_whose_windows_have_closed() {
    let found = landmarks(&world(), DAY);
    let days: Vec<String> = of(&found, "A").iter().map(|l| l.on.to_string()).collect();
    let expected = [
        "2016-03-31",
        "2016-06-30",
        "2016-09-30",
        "2016-12-31",
        "2017-03-31",
        "2017-06-30",
    ];
    assert_eq!(days, expected);
    // C exists until 15 June 2017, D from 1 May 2016; E has no landmark.
    let counts = ["A", "B", "C", "D", "E"].map(|number| of(&found, number).len());
    assert_eq!(counts, [6, 6, 5, 5, 0]);
    // A day earlier the last window has not closed.
    assert_eq!(of(&landmarks(&world(), "2018-06-30"), "A").len(), 5);
}

/// A window begins after its landmark and ends with its last day; other inspections than full ones
/// are passed over.
#[test]
fn the_first_full_judgement_of_a_window_decides() {
    let found = landmarks(&world(), DAY);
    let outcomes = |number: &str| -> Vec<Option<(String, bool)>> {
        let own = of(&found, number).into_iter();
        own.map(|l| l.judged.map(|(day, event)| (day.to_string(), event)))
            .collect()
    };
    let on = |day: &str, event| Some((day.to_owned(), event));
    let expected = [
        // On the last day of the window.
        on("2017-03-31", true),
        on("2017-03-31", true),
        on("2017-03-31", true),
        // Good follows within the window, and does not count.
        on("2017-03-31", true),
        // What is published on the landmark itself is known by then.
        on("2017-11-15", false),
        on("2017-11-15", false),
    ];
    assert_eq!(outcomes("A"), expected);
    let expected = [
        on("2016-09-20", true),
        on("2016-09-20", true),
        None,
        None,
        None,
        on("2018-06-30", false),
    ];
    assert_eq!(outcomes("B"), expected);
    assert!(outcomes("D").iter().all(Option::is_none));
}

/// C is abolished on 15 June 2017: within the windows of all of its landmarks but the first.
#[test]
fn who_is_abolished_without_a_judgement_is_counted_as_not_judged() {
    let found = landmarks(&world(), DAY);
    let abolished: Vec<bool> = of(&found, "C").iter().map(|l| l.abolished).collect();
    assert_eq!(abolished, [false, true, true, true, true]);
    assert!(of(&found, "C").iter().all(|l| l.judged.is_none()));
    let others = found.all.iter().filter(|l| l.organisation != code("C"));
    assert!(others.clone().all(|l| !l.abolished));
}

#[test]
fn standing_is_what_was_known_by_then() {
    let found = landmarks(&world(), DAY);
    let standing = |number: &str, on: &str| -> Standing {
        let own = of(&found, number).into_iter().find(|l| l.on == date(on));
        own.unwrap().standing
    };
    let days = |n: f64| Some(n / 365.25);
    // 31 December is 102 days after 20 September.
    let b = standing("B", "2016-12-31");
    assert_eq!((b.grade, b.years), (Some(Grade::Inadequate), days(102.0)));
    // The newest grade is that of November, the last full judgement that of 10 February.
    let a = standing("A", "2016-12-31");
    assert_eq!((a.grade, a.years), (Some(Grade::Inadequate), days(325.0)));
    // Formed on 1 May, never judged.
    let d = standing("D", "2016-06-30");
    assert_eq!((d.grade, d.years), (None, days(60.0)));
    let c = standing("C", "2016-06-30");
    assert_eq!((c.grade, c.years), (None, None));
}

/// Rows as of the landmarks; B's figure is unknown at its first one, so that one row of its first
/// judgement is left, and counts as a whole.
#[test]
fn the_rows_of_one_judgement_count_as_one() {
    let found = landmarks(&world(), DAY);
    let rows: Vec<_> = found
        .judged
        .rows()
        .iter()
        .map(|row| {
            let (number, on) = (row.organisation.to_string(), row.as_of.to_string());
            (number, on, row.published.to_string(), row.event, row.weight)
        })
        .collect();
    let row = |number: &str, on: &str, published: &str, event, weight| {
        (
            number.to_owned(),
            on.to_owned(),
            published.to_owned(),
            event,
            weight,
        )
    };
    let expected = [
        row("A", "2016-03-31", "2017-03-31", true, 0.25),
        row("A", "2016-06-30", "2017-03-31", true, 0.25),
        row("A", "2016-09-30", "2017-03-31", true, 0.25),
        row("A", "2016-12-31", "2017-03-31", true, 0.25),
        row("A", "2017-03-31", "2017-11-15", false, 0.5),
        row("A", "2017-06-30", "2017-11-15", false, 0.5),
        row("B", "2016-06-30", "2016-09-20", true, 1.0),
        row("B", "2017-06-30", "2018-06-30", false, 1.0),
    ];
    assert_eq!(rows, expected);
    let excluded = found.excluded();
    assert_eq!((excluded.len(), excluded[0].count), (1, 1), "{excluded:?}");
}

#[test]
fn the_future_changes_no_landmark() {
    let text = |panel: &Panel| format!("{:?}", landmarks(panel, DAY));
    let before = text(&world());
    let (mut later_figures, mut later_inspections) = (figures(), inspections());
    later_figures.push(known("B", "2018-07-02", 0.9));
    later_figures.push(known("D", "2018-07-02", 0.9));
    for number in ["A", "B", "D"] {
        later_inspections.push(judged(number, "2018-07-02", Grade::Inadequate));
    }
    let after = common::panel(authorities(), later_figures, later_inspections);
    assert!(before == text(&after));
}

#[test]
fn what_cannot_be_learned_from_is_refused() {
    let early = world();
    let early = early.as_of(date("2016-06-30"));
    let rule = OutcomeRule::Overall;
    let error = early.landmarks(&recipe(), rule, Months(12)).unwrap_err();
    assert!(error.to_string().starts_with("no inspection to train on"));
    for months in [0, 121] {
        let params = RiskParams::default();
        let fit = HorizonModel::fit(&params, early, &recipe(), rule, Months(months));
        let error = fit.unwrap_err().to_string();
        let expected = format!("months of a horizon: found {months}, expected 1 to 120");
        assert_eq!(error, expected);
    }
}

/// 24 places that were all judged Good on 1 May 2014 and again, on days of their own, in 2016: a third
/// of each kind of figure failed, so that the figure says nothing.
fn trivial() -> Panel {
    let (mut listed, mut figures, mut inspections) = (vec![], vec![], vec![]);
    for i in 0..24 {
        let number = format!("T{i:02}");
        figures.push(known(&number, "2014-05-01", [0.1, 0.2][i % 2]));
        figures[i].period_end = date("2013-09-30");
        inspections.push(judged(&number, "2014-05-01", Grade::Good));
        let grade = [Grade::Good, Grade::Inadequate][usize::from(i % 6 < 2)];
        let published = format!("2016-{:02}-15", 1 + i / 2);
        inspections.push(judged(&number, &published, grade));
        listed.push(authority(&number, &number));
    }
    common::panel(listed, figures, inspections)
}

/// Nothing is calibrated in time, so that all is counted.
fn counted() -> RiskParams {
    let still = RecalibrationParams {
        half_life_years: None,
        shift_sd: 1e-6,
        ..RecalibrationParams::default()
    };
    RiskParams::of(Family::Composite).recalibrated(still)
}

fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// By hand: P(judged) is the share of the landmarks of the same cell, drawn with 20 landmarks to that
/// of its grade, drawn with 20 to everybody's, drawn with 20 to a half; P(Inadequate | judged) is 8
/// judgements of 24.
#[test]
fn the_probability_is_that_of_being_judged_times_that_of_failing_then() {
    let panel = trivial();
    let on = panel.as_of(date(DAY));
    let rule = OutcomeRule::Overall;
    let horizon = HorizonModel::fit(&counted(), on, &recipe(), rule, Months(12)).unwrap();
    let all = landmarks(&panel, DAY).all;
    // Quarter ends from 30 June 2014 to 30 June 2017.
    assert_eq!(all.len(), 24 * 13);
    // The four quarter ends before each publication of 2016, on the 15th of a month.
    assert_eq!(all.iter().filter(|l| l.judged.is_some()).count(), 24 * 4);
    let cell = |s: Standing| {
        let years = s.years.unwrap();
        (
            s.grade == Some(Grade::Inadequate),
            (years.floor() as usize).min(4),
        )
    };
    let share = |holds: &dyn Fn(Standing) -> bool, to: f64| {
        let own = all.iter().filter(|l| holds(l.standing));
        let judged = own.clone().filter(|l| l.judged.is_some()).count() as f64;
        (judged + DRAWN_BY * to) / (own.count() as f64 + DRAWN_BY)
    };
    let everybody = share(&|_| true, 0.5);
    assert_abs_diff_eq!(everybody, (96.0 + 10.0) / (312.0 + 20.0), epsilon = EXACT);

    let training = on.training(&recipe(), rule, Months(0)).unwrap();
    let model = counted().fit(&training).unwrap().with_horizon(horizon);
    let risk = model.horizons()[0].risk();
    let variance = risk.covariance()[[0, 0]] + risk.covariance_between()[[0, 0]];
    let record = risk.training();
    let later = record.recalibration.lag_years + 1.0;
    let variance = variance + record.recalibration.shift_variance;
    let variance = variance + later * record.drift.variance_per_year;
    let scores = model.score(&panel, date(DAY)).unwrap();
    assert_eq!(scores.scores.len(), 24);
    let mut seen = std::collections::BTreeSet::new();
    for score in &scores.scores {
        let standing = on.standing(panel.register().get(score.organisation).unwrap());
        seen.insert(cell(standing));
        let of_grade = share(&|s| cell(s).0 == cell(standing).0, everybody);
        let judged = share(&|s| cell(s) == cell(standing), of_grade);
        let found = score.within(12).unwrap();
        assert_abs_diff_eq!(found.judged, judged, epsilon = EXACT);
        // Up to what a shift with a standard deviation of 1e-6 leaves.
        assert_abs_diff_eq!(found.inadequate_if_judged, 8.0 / 24.0, epsilon = 1e-9);
        assert_abs_diff_eq!(found.probability, judged / 3.0, epsilon = 1e-9);
        assert_eq!(found.scenario, Programme::AsRan);
        // With a figure at half a deviation from the mean the slope, which is 0, varies too.
        let slope = risk.covariance()[[1, 1]];
        let half = 1.959_963_984_540_054 * (variance + slope).sqrt();
        let eta = (1.0f64 / 2.0).ln();
        assert_abs_diff_eq!(
            found.ci95.low,
            judged * probability(eta - half),
            epsilon = 1e-8
        );
        assert_abs_diff_eq!(
            found.ci95.high,
            judged * probability(eta + half),
            epsilon = 1e-8
        );
    }
    assert_eq!(seen.len(), 4, "both grades, in their second and third year");
}

/// Within three years of the last full judgement, on a day drawn from what is left.
#[test]
fn a_stated_programme_takes_the_place_of_what_was_counted() {
    let panel = trivial();
    let on = panel.as_of(date(DAY));
    let rule = OutcomeRule::Overall;
    let horizon = |months| HorizonModel::fit(&counted(), on, &recipe(), rule, Months(months));
    let training = on.training(&recipe(), rule, Months(0)).unwrap();
    let model = counted()
        .fit(&training)
        .unwrap()
        .with_horizon(horizon(12).unwrap())
        .with_horizon(horizon(6).unwrap());
    let params = ScoreParams {
        programme: Programme::ThreeYears,
        ..ScoreParams::default()
    };
    let scores = model.score_with(&panel, date(DAY), params).unwrap();
    let json = serde_json::to_value(&scores).unwrap();
    assert_eq!(json["scores"][0]["in_12_months"]["scenario"], "three_years");
    for score in &scores.scores {
        let years = on
            .standing(panel.register().get(score.organisation).unwrap())
            .years;
        let left = 3.0 - years.unwrap();
        assert!((0.5..3.0).contains(&left));
        let judged = |months| score.within(months).unwrap().judged;
        // Overdue within the horizon: for certain.
        assert_abs_diff_eq!(judged(12), (1.0 / left).min(1.0), epsilon = EXACT);
        assert_abs_diff_eq!(judged(6), (0.5 / left).min(1.0), epsilon = EXACT);
        assert_eq!(score.within(24), None);
    }
}
