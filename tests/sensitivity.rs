//! One thing changed at a time gives what a back-test with that change gives, and every half-life that
//! stands beside gives what a back-test with it gives.

mod common;

use common::small_world;
use forewarn::data::{OutcomeRule, Panel};
use forewarn::features::{Feature, FeatureRecipe, Measure, Months};
use forewarn::model::{RecalibrationParams, RiskParams};
use forewarn::validate::{
    Backtest, BacktestParams, Change, HALF_LIVES, SensitivityRow, Subset, Summary, sensitivity,
};

const DEFAULT: Option<f64> = Some(3.0);

fn recipe(history: Measure) -> FeatureRecipe {
    let agency = Feature::level("agency_rate").unwrap();
    FeatureRecipe::new("two", vec![agency, Feature::new(history)]).unwrap()
}

fn params(model: &RiskParams, history: Measure) -> BacktestParams<'_> {
    BacktestParams {
        years: (2016, 2022),
        leads: [0, 12].map(Months).to_vec(),
        outcome_rule: OutcomeRule::Overall,
        replicates: 50,
        seed: 3,
        permutations: 0,
        leave_out: vec![2018],
        ..BacktestParams::new(vec![recipe(history)], vec![model])
    }
}

fn run(params: &BacktestParams<'_>, panel: &Panel) -> Backtest {
    params.run(panel, &|_, _| {}).unwrap()
}

fn first(result: &Backtest, lead: u16) -> &Summary {
    let mut all = result.summaries("two", lead, Subset::All);
    all.next().unwrap()
}

/// What a row says should stand in the back-test.
fn same(row: &SensitivityRow, result: &Backtest) {
    let (now, ahead) = (first(result, 0), first(result, 12));
    let primary = result.primary.as_ref().unwrap();
    let expected = SensitivityRow {
        change: row.change,
        n: now.n,
        events: now.events,
        on_the_day: now.auroc_within_year,
        on_the_day_ci95: now.auroc_within_year_ci95,
        ahead: ahead.auroc_within_year,
        ahead_ci95: ahead.auroc_within_year_ci95,
        primary: primary.within_year_difference,
        primary_ci95: primary.ci95,
        observed_expected: now.observed_expected,
    };
    assert_eq!(*row, expected);
}

#[test]
fn every_row_is_a_back_test_with_one_thing_changed() {
    let (panel, model) = (small_world(), RiskParams::ridge().penalty(0.1));
    let plain = || params(&model, Measure::PreviousGrade);
    let rows = sensitivity(&plain(), &panel).unwrap();
    assert_eq!(rows.len(), 10);
    let own = run(&plain(), &panel);
    let mut different = 0;
    for row in &rows {
        match row.change {
            Change::Nothing => same(row, &own),
            Change::Cap => same(
                row,
                &run(&params(&model, Measure::PreviousGradeCapped), &panel),
            ),
            Change::HalfLife { years } => {
                let changed = BacktestParams {
                    recalibration: RecalibrationParams::default().half_life(years),
                    ..plain()
                };
                same(row, &run(&changed, &panel));
            }
            Change::WithoutPandemic => {
                // What was left out before still is.
                let changed = BacktestParams {
                    leave_out: vec![2018, 2020, 2021],
                    ..plain()
                };
                same(row, &run(&changed, &panel));
                let years = [2020, 2021];
                let lost = own.predictions.iter().filter(|p| {
                    let year = p.inspection_start.year();
                    p.model == "ridge" && p.lead_months == 0 && years.contains(&year)
                });
                assert_eq!(row.n, rows[0].n - lost.count());
            }
            // Nothing is revised in this world, and no figure is published near an inspection.
            Change::RevisedSeries | Change::ReleaseDays { .. } => {
                assert_eq!((row.n, row.on_the_day), (rows[0].n, rows[0].on_the_day));
            }
        }
        different += usize::from(row.observed_expected != rows[0].observed_expected);
    }
    assert!(different >= 6, "{different} of ten differ");
}

/// Of models and rivals alike, to the last bit.
#[test]
fn log_odds_by_half_life_are_those_of_a_back_test_with_it() {
    let (panel, model) = (small_world(), RiskParams::ridge().penalty(0.1));
    let plain = params(&model, Measure::PreviousGrade);
    let result = run(&plain, &panel);
    for (place, years) in HALF_LIVES.into_iter().enumerate() {
        let changed = BacktestParams {
            recalibration: RecalibrationParams::default().half_life(years),
            ..params(&model, Measure::PreviousGrade)
        };
        let other = run(&changed, &panel);
        assert_eq!(result.predictions.len(), other.predictions.len());
        for (own, other) in result.predictions.iter().zip(&other.predictions) {
            assert_eq!(own.by_half_life[place], other.linear_predictor);
            assert_eq!(
                own.uncalibrated_linear_predictor,
                other.uncalibrated_linear_predictor
            );
        }
        let mut pairs = result.predictions.iter().zip(&other.predictions);
        let moved = pairs.any(|(own, other)| own.linear_predictor != other.linear_predictor);
        assert_eq!(moved, years != DEFAULT);
        rows_are_those_of(&result, &other, years);
    }
}

/// The table's rows of a half-life say what the summaries of its own back-test say.
fn rows_are_those_of(result: &Backtest, other: &Backtest, years: Option<f64>) {
    let rows = result.half_lives.iter();
    let mut compared = 0;
    for row in rows.filter(|h| h.calibrated && h.half_life_years == years) {
        let mut all = other.summaries_since("two", row.lead_months, Subset::All, row.since);
        let summary = all.find(|s| s.model == row.model).unwrap();
        assert_eq!(row.observed_expected, summary.observed_expected);
        assert_eq!((row.log_loss, row.brier), (summary.log_loss, summary.brier));
        compared += 1;
    }
    // Two leads, since 2016, 2018 and 2020.
    assert_eq!(compared, 6);
    for row in result.half_lives.iter().filter(|h| !h.calibrated) {
        let mut all = result.summaries_since("two", row.lead_months, Subset::All, row.since);
        let before = all.find(|s| s.model == row.model).unwrap();
        assert_eq!(row.observed_expected, before.observed_expected_uncalibrated);
        assert_eq!(row.half_life_years, None);
    }
}
