//! What the forecast within a horizon was worth, recomputed landmark by landmark from the models of
//! each origin.

mod common;

use std::collections::BTreeSet;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, small_world};
use forewarn::data::{AuthorityCode, Entity, Grade, Inspection, Knowledge, OutcomeRule, Panel};
use forewarn::features::{Feature, FeatureRecipe, Landmark, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::{Family, HorizonModel, Programme, RiskParams};
use forewarn::validate::{Bootstrap, HorizonEvidence, HorizonParams, Undefined};

const EXACT: f64 = 1e-10;
const RULE: OutcomeRule = OutcomeRule::Overall;
const HORIZON: Months = Months(12);

fn recipe() -> FeatureRecipe {
    let mut feature = Feature::level("agency_rate").unwrap();
    feature.max_age_months = 120;
    FeatureRecipe::new("one", vec![feature]).unwrap()
}

fn model() -> RiskParams {
    RiskParams::of(Family::Composite)
}

fn evidence(panel: &Panel, from: i16, to: &str) -> HorizonEvidence {
    let params = HorizonParams {
        model: &model(),
        recipe: &recipe(),
        outcome_rule: RULE,
        knowledge: Knowledge::Published,
        months: HORIZON,
        from,
        to: date(to),
        bootstrap: Bootstrap::new(50, 1),
    };
    params.run(panel).unwrap()
}

fn origin(year: i16) -> Date {
    Date::constant(year - 1, 12, 31)
}

/// A landmark with what the models of its origin said: judged, and the event if judged.
struct Forecast {
    year: i16,
    landmark: Landmark,
    judged: f64,
    risk: f64,
}

/// From the last day of a year on, by what was known then, to the last day of the next.
fn forecasts(panel: &Panel, years: std::ops::RangeInclusive<i16>, to: &str) -> Vec<Forecast> {
    let closed = panel.as_of(date(to)).landmarks(&recipe(), RULE, HORIZON);
    let closed = closed.unwrap().all;
    let mut all = Vec::new();
    for year in years {
        let known = panel.as_of(origin(year));
        let fitted = HorizonModel::fit(&model(), known, &recipe(), RULE, HORIZON).unwrap();
        let own = closed
            .iter()
            .filter(|l| l.on >= origin(year) && l.on < origin(year + 1));
        for &landmark in own {
            let scores = fitted.risk().score(panel, landmark.on).unwrap();
            all.push(Forecast {
                year,
                landmark,
                judged: fitted.judged(landmark.standing, Programme::AsRan),
                risk: scores.of(landmark.organisation).unwrap().probability,
            });
        }
    }
    all
}

fn is_event(forecast: &Forecast) -> bool {
    forecast.landmark.judged.is_some_and(|(_, event)| event)
}

/// Four landmarks a year of each of 70 organisations, from 31 December 2018 to the last whose window
/// has closed: that of 30 September 2021 ends on the last day, and is still open.
#[test]
fn observed_over_expected_is_recomputed_from_the_models_of_each_origin() {
    let panel = small_world();
    let found = evidence(&panel, 2019, "2022-09-30");
    let all = forecasts(&panel, 2019..=2021, "2022-09-30");
    let (first, last) = (date("2018-12-31"), date("2021-06-30"));
    assert_eq!(found.landmarks, Some((first, last)));
    assert_eq!(found.abolished, 0);
    assert_eq!(all.len(), 70 * 11);

    let sum =
        |rows: &[&Forecast], of: fn(&Forecast) -> f64| -> f64 { rows.iter().map(|f| of(f)).sum() };
    let every: Vec<&Forecast> = all.iter().collect();
    let news = |f: &&Forecast| f.landmark.standing.grade != Some(Grade::Inadequate);
    let newly: Vec<&Forecast> = all.iter().filter(news).collect();
    assert!(newly.len() < every.len());
    for (rows, found) in [(every, &found.any), (newly, &found.newly)] {
        let judged = rows.iter().filter(|f| f.landmark.judged.is_some());
        let judged: Vec<&Forecast> = judged.copied().collect();
        let events: Vec<_> = rows.iter().filter(|f| is_event(f)).collect();
        assert_eq!(found.n, rows.len());
        assert_eq!((found.judged, found.events), (judged.len(), events.len()));
        let day = |f: &&&Forecast| (f.landmark.organisation, f.landmark.judged.unwrap().0);
        let judgements: BTreeSet<_> = events.iter().map(day).collect();
        let organisations: BTreeSet<AuthorityCode> = judgements.iter().map(|j| j.0).collect();
        assert_eq!(found.distinct, (judgements.len(), organisations.len()));
        for (found, observed, expected) in [
            (
                found.timing_observed_expected,
                judged.len(),
                sum(&rows, |f| f.judged),
            ),
            (
                found.risk_observed_expected,
                events.len(),
                sum(&judged, |f| f.risk),
            ),
            (
                found.observed_expected,
                events.len(),
                sum(&rows, |f| f.judged * f.risk),
            ),
        ] {
            assert_abs_diff_eq!(found.unwrap(), observed as f64 / expected, epsilon = EXACT);
        }
        let gain = found.over_timing.log_loss.unwrap();
        let ci = found.over_timing.log_loss_ci95.unwrap();
        assert!(ci.low < gain && gain < ci.high);
    }

    let years: Vec<i16> = found.years.iter().map(|y| y.year).collect();
    assert_eq!(years, [2019, 2020, 2021]);
    for year in &found.years {
        let own = all.iter().filter(|f| f.year == year.year);
        let own: Vec<&Forecast> = own.collect();
        let judged = own.iter().filter(|f| f.landmark.judged.is_some()).count();
        let events = own.iter().filter(|f| is_event(f)).count();
        assert_eq!(
            (year.n, year.judged.1, year.events.1),
            (own.len(), judged, events)
        );
        assert_abs_diff_eq!(year.judged.0, sum(&own, |f| f.judged), epsilon = EXACT);
        let expected = sum(&own, |f| f.judged * f.risk);
        assert_abs_diff_eq!(year.events.0, expected, epsilon = EXACT);
    }
    assert_eq!(found.years.iter().map(|y| y.n).sum::<usize>(), found.any.n);
}

/// The window of 30 September 2021 ends on 30 September 2022: open on that day, closed on the next.
#[test]
fn open_windows_are_left_out() {
    let panel = small_world();
    let last = |to: &str| evidence(&panel, 2021, to).landmarks.unwrap().1;
    assert_eq!(last("2022-09-30"), date("2021-06-30"));
    assert_eq!(last("2022-10-01"), date("2021-09-30"));
    // Nothing published later counts, though it is in the files.
    let until = panel.known_by(date("2022-10-01"));
    let found = evidence(&panel, 2021, "2022-10-01");
    assert_eq!(found, evidence(&until, 2021, "2022-10-01"));
    assert!(found.any.events > 0);
}

/// Of places that are all alike the risk part ranks nothing, and gains nothing in order.
#[test]
fn where_all_are_alike_nothing_is_gained_in_order() {
    let (mut listed, mut figures, mut inspections) = (vec![], vec![], vec![]);
    for i in 0..24 {
        let number = format!("T{i:02}");
        let entity = Entity::Authority(code(&number));
        figures.push(figure(
            entity,
            "agency_rate",
            "2012-09-30",
            "2013-02-25",
            [0.1, 0.2][i % 2],
        ));
        for (year, failed) in [(2013, i % 6 < 2), (2015, i % 6 > 3), (2017, i % 6 < 2)] {
            let grade = [Grade::Good, Grade::Inadequate][usize::from(failed)];
            let start = format!("{year}-{:02}-15", 1 + i / 2);
            let judged: Inspection = common::inspection(&number, &start, grade);
            inspections.push(judged);
        }
        listed.push(authority(&number, &number));
    }
    let panel = common::panel(listed, figures, inspections);
    let found = evidence(&panel, 2016, "2018-12-31");
    assert_eq!(found.any.risk_c, Ok(0.5));
    assert_abs_diff_eq!(
        found.any.over_timing.c_within_quarter.unwrap(),
        0.0,
        epsilon = EXACT
    );
}

/// Before anything is known there is no landmark to forecast, and so nothing to say.
#[test]
fn without_a_landmark_nothing_is_said() {
    let panel = small_world();
    let found = evidence(&panel, 2030, "2022-10-01");
    assert_eq!((found.landmarks, found.any.n), (None, 0));
    assert_eq!(found.any.over_timing.log_loss, Err(Undefined::NoRows));
    assert!(found.years.is_empty());
}
