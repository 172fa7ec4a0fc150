//! How sure scores and ranks are: the bootstrap by authority, the analytic interval, Venn-Abers.

mod common;

use std::num::NonZeroUsize;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, inspection, panel};
use forewarn::Error;
use forewarn::data::{Entity, Grade, OutcomeRule, Panel};
use forewarn::features::{Feature, FeatureRecipe, Months, TrainingSet};
use forewarn::model::{RiskModel, RiskParams};
use forewarn::ndarray::{Array1, Array2};
use forewarn::score::{
    Capacity, FEWEST_CALIBRATION_ROWS, FEWEST_OF_EACH_CLASS, INTERVAL_PENALTY, IntervalParams,
    Score, ScoreIntervals, Scores, VennAbers,
};
use forewarn::validate::with_threads;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

const DAY: &str = "2022-01-01";

/// Log-odds at the mean figures, and per standard deviation of each.
const INTERCEPT: f64 = -1.2;
const SLOPES: [(&str, f64); 3] = [
    ("agency_rate", 0.8),
    ("vacancy_rate", -0.5),
    ("absence_rate", 0.3),
];

/// Authorities whose probability of failing is a known logistic function of three figures.
struct World {
    panel: Panel,
    /// In the order of codes.
    probabilities: Vec<f64>,
}

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    ((random.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

/// Sum of twelve uniforms: near enough to normal, with unit variance.
fn bell(random: &mut Xoshiro256PlusPlus) -> f64 {
    (0..12).map(|_| uniform(random)).sum::<f64>() - 6.0
}

fn world(authorities: usize, seed: u64, reversed: bool) -> World {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let (mut listed, mut figures, mut inspections) = (vec![], vec![], vec![]);
    let mut probabilities = vec![];
    for i in 0..authorities {
        let number = format!("T{i:03}");
        let mut log_odds = INTERCEPT;
        for (name, slope) in SLOPES {
            let x = bell(&mut random);
            log_odds += slope * x;
            let entity = Entity::Authority(code(&number));
            let rate = 0.4 + 0.05 * x;
            figures.push(figure(entity, name, "2020-09-30", "2021-02-25", rate));
        }
        let probability = 1.0 / (1.0 + (-log_odds).exp());
        let failed = uniform(&mut random) < probability;
        let grade = [Grade::Good, Grade::Inadequate][usize::from(failed)];
        inspections.push(inspection(&number, "2021-05-10", grade));
        listed.push(authority(&number, &number));
        probabilities.push(probability);
    }
    if reversed {
        listed.reverse();
        figures.reverse();
        inspections.reverse();
    }
    World {
        panel: panel(listed, figures, inspections),
        probabilities,
    }
}

fn training(panel: &Panel) -> TrainingSet {
    let features = SLOPES.map(|(name, _)| Feature::level(name).unwrap());
    let recipe = FeatureRecipe::new("three", features.to_vec()).unwrap();
    let known = panel.as_of(date(DAY));
    known
        .training(&recipe, OutcomeRule::Overall, Months(0))
        .unwrap()
}

fn capacity(k: usize) -> Capacity {
    Capacity(NonZeroUsize::new(k).unwrap())
}

fn intervals(panel: &Panel, params: IntervalParams, penalty: f64) -> ScoreIntervals {
    let ridge = RiskParams::ridge().penalty(penalty);
    let training = training(panel);
    params
        .run(&ridge, &training, panel, date(DAY), capacity(15))
        .unwrap()
}

fn replicates(replicates: usize) -> IntervalParams {
    IntervalParams {
        replicates,
        ..IntervalParams::default()
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let world = world(60, 1, false);
    let on = |threads| with_threads(threads, || intervals(&world.panel, replicates(80), 0.05));
    let one = on(1).unwrap();
    for threads in [2, 5] {
        assert_eq!(on(threads).unwrap(), one);
    }
    let other = IntervalParams {
        seed: 2,
        ..replicates(80)
    };
    assert_ne!(intervals(&world.panel, other, 0.05).of, one.of);
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let [one, other] = [false, true].map(|reversed| world(60, 1, reversed).panel);
    assert_eq!(
        intervals(&one, replicates(60), 0.05),
        intervals(&other, replicates(60), 0.05)
    );
}

#[test]
fn ranks_lie_between_1_and_n_and_k_authorities_are_on_every_list() {
    let world = world(60, 3, false);
    let found = intervals(&world.panel, replicates(200), 0.05);
    assert_eq!(found.of.len(), 60);
    let places: f64 = found.of.iter().map(|i| i.top_k).sum();
    assert_abs_diff_eq!(places, 15.0, epsilon = 1e-9);
    for interval in &found.of {
        let [low, high] = interval.rank;
        assert!(1 <= low && low <= high && high <= 60, "{interval:?}");
        assert_eq!(interval.spans_edge, low <= 15 && high > 15);
        let p = interval.probability;
        assert!(0.0 < p.low && p.low <= p.high && p.high < 1.0);
        assert!(interval.instability > 0.0 && interval.instability < 0.5);
    }
    assert!(found.of.iter().any(|i| i.spans_edge));
    assert!(found.of.iter().any(|i| !i.spans_edge));
}

#[test]
fn a_list_as_long_as_the_register_holds_everyone() {
    let world = world(40, 3, false);
    let ridge = RiskParams::ridge().penalty(0.05);
    let found = replicates(40)
        .run(
            &ridge,
            &training(&world.panel),
            &world.panel,
            date(DAY),
            capacity(40),
        )
        .unwrap();
    assert!(found.of.iter().all(|i| i.top_k == 1.0 && !i.spans_edge));
}

#[test]
fn a_penalty_steadies_scores_and_hides_in_no_interval() {
    let panel = world(80, 4, false).panel;
    let [own, weak, strong] =
        [0.003, 0.01, 1.0].map(|penalty| intervals(&panel, replicates(200), penalty));
    let moved = |found: &ScoreIntervals| found.of.iter().map(|i| i.instability).sum::<f64>();
    assert!(moved(&strong) < moved(&weak));
    let model = RiskParams::ridge().penalty(1.0);
    let scores = model.fit(&training(&panel)).unwrap();
    let scores = scores.score(&panel, date(DAY)).unwrap();
    let mut widened = 0;
    for (of, light) in strong.of.iter().zip(&own.of) {
        // The interval at a light penalty, or that up to the score.
        let score = scores.of(of.authority).unwrap().probability;
        let (drawn, own) = (of.probability, light.probability);
        assert!(drawn.contains(score));
        assert!(drawn.low <= own.low.min(score) && drawn.high >= own.high.max(score));
        let outside = score < own.low || score > own.high;
        widened += usize::from(outside);
        if !outside {
            assert_eq!(drawn, own);
        }
    }
    assert!((1..80).contains(&widened), "{widened}");
}

#[test]
fn a_higher_level_is_wider() {
    let panel = world(80, 4, false).panel;
    let of_90 = intervals(&panel, replicates(200), 0.01);
    let wider = IntervalParams {
        level: 0.95,
        ..replicates(200)
    };
    let of_95 = intervals(&panel, wider, 0.01);
    for (of95, of90) in of_95.of.iter().zip(&of_90.of) {
        assert!(of95.probability.low <= of90.probability.low);
        assert!(of95.probability.high >= of90.probability.high);
        assert!(of95.rank[0] <= of90.rank[0] && of95.rank[1] >= of90.rank[1]);
        assert_eq!(of95.top_k, of90.top_k);
    }
}

#[test]
fn the_penalty_is_chosen_again_where_it_is_to_be_chosen() {
    let panel = world(40, 5, false).panel;
    let found = replicates(40)
        .run(
            &RiskParams::ridge(),
            &training(&panel),
            &panel,
            date(DAY),
            capacity(5),
        )
        .unwrap();
    assert_eq!(found.of.len(), 40);
}

/// Two events among twelve: about one resample in nine draws neither, (10/12)^12.
#[test]
fn failed_replicates_are_counted_by_reason() {
    let names: Vec<String> = ('A'..='L').map(String::from).collect();
    let (mut figures, mut inspections) = (vec![], vec![]);
    for (i, name) in names.iter().enumerate() {
        let entity = Entity::Authority(code(name));
        for (j, (indicator, _)) in SLOPES.iter().enumerate() {
            let rate = 0.1 + 0.01 * ((7 * i + 5 * j * i) % 12) as f64;
            figures.push(figure(entity, indicator, "2020-09-30", "2021-02-25", rate));
        }
        let grade = [Grade::Good, Grade::Inadequate][usize::from(i < 2)];
        inspections.push(inspection(name, "2021-05-10", grade));
    }
    let panel = panel(
        names.iter().map(|n| authority(n, n)).collect(),
        figures,
        inspections,
    );
    let found = intervals(&panel, replicates(400), 0.1);
    assert_eq!(found.failed.len(), 1, "{:?}", found.failed);
    assert_eq!(found.failed[0].reason, "only one class was drawn");
    // Binomial with mean 44.9 and standard deviation 6.3: within four of them.
    assert!((20..=70).contains(&found.failed[0].count), "{found:?}");
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["failed"][0]["count"], found.failed[0].count);
    assert!(json["of"][0]["probability"].is_array());

    let ridge = RiskParams::ridge().penalty(0.1);
    let few = replicates(40).run(&ridge, &training(&panel), &panel, date(DAY), capacity(3));
    let error = few.unwrap_err().to_string();
    assert!(
        error.starts_with("replicates that gave a model: found 3"),
        "{error}"
    );
    assert!(error.contains("only one class was drawn"), "{error}");
}

#[test]
fn what_cannot_be_asked_for_is_refused() {
    let panel = world(30, 1, false).panel;
    let ridge = RiskParams::ridge().penalty(0.1);
    let training = training(&panel);
    let run =
        |params: IntervalParams| params.run(&ridge, &training, &panel, date(DAY), capacity(3));
    let message = |params| run(params).unwrap_err().to_string();
    assert_eq!(
        message(replicates(39)),
        "replicates: found 39, expected at least 40, to place the tails"
    );
    for level in [0.0, 1.0, f64::NAN] {
        let params = IntervalParams {
            level,
            ..IntervalParams::default()
        };
        assert_eq!(
            message(params),
            format!("level of the intervals: found {level}, expected above 0 and below 1")
        );
    }
    let early =
        IntervalParams::default().run(&ridge, &training, &panel, date("2021-12-31"), capacity(3));
    assert!(matches!(early, Err(Error::InvalidValue { .. })));
}

/// At a light penalty. By hand: a standard error of 0.5 log-odds at level 0.95 is 1.959964 times
/// that on either side.
#[test]
fn the_analytic_interval_is_that_of_the_covariance() {
    let panel = world(60, 6, false).panel;
    let model = RiskParams::ridge()
        .penalty(0.002)
        .fit(&training(&panel))
        .unwrap();
    let scores = model.score(&panel, date(DAY)).unwrap();
    let found = model.analytic_intervals(&panel, date(DAY), 0.95).unwrap();
    assert_eq!(found.len(), scores.scores.len());
    for interval in &found {
        let score = scores.of(interval.authority).unwrap();
        assert_eq!(interval.linear_predictor, score.linear_predictor);
        assert_abs_diff_eq!(interval.centre, score.linear_predictor, epsilon = 1e-12);
        let half = 1.959_963_984_540_054 * interval.standard_error;
        let (low, high) = (interval.probability.low, interval.probability.high);
        assert_abs_diff_eq!(log_odds(high) - interval.centre, half, epsilon = 1e-9);
        assert_abs_diff_eq!(interval.centre - log_odds(low), half, epsilon = 1e-9);
        let x = standardised(&model, score);
        let variance = x.dot(&model.covariance().dot(&x));
        assert_abs_diff_eq!(variance.sqrt(), interval.standard_error, epsilon = 1e-10);
    }
    assert!(model.analytic_intervals(&panel, date(DAY), 1.5).is_err());
}

fn log_odds(p: f64) -> f64 {
    (p / (1.0 - p)).ln()
}

/// x with a leading 1, from the contributions: log-odds over coefficient.
fn standardised(model: &RiskModel, score: &Score) -> Array1<f64> {
    let parts = score.contributions.iter().zip(model.coefficients());
    let x = parts.map(|(part, b)| part.log_odds / b);
    [1.0].into_iter().chain(x).collect()
}

/// At a strong penalty: one Newton step of the objective with the interval's penalty, whose
/// gradient at the ridge estimate b is (a - alpha) b, by Gaussian elimination.
#[test]
fn the_analytic_interval_of_a_strong_penalty_is_one_step_away() {
    let panel = world(60, 6, false).panel;
    let model = RiskParams::ridge().penalty(0.3);
    let model = model.fit(&training(&panel)).unwrap();
    let scores = model.score(&panel, date(DAY)).unwrap();
    let found = model.analytic_intervals(&panel, date(DAY), 0.9).unwrap();
    let removed = 60.0 * (0.3 - INTERVAL_PENALTY);
    let unit = |j: usize| Array1::from_shape_fn(4, |i| f64::from(u8::from(i == j)));
    let inverse: Vec<Array1<f64>> = (0..4)
        .map(|j| solve(model.covariance(), &unit(j)))
        .collect();
    let mut lighter = Array2::from_shape_fn((4, 4), |(i, j)| inverse[j][i]);
    for j in 1..4 {
        lighter[[j, j]] -= removed;
    }
    let b = Array1::from([&[0.0], model.coefficients()].concat());
    let step = solve(&lighter, &(b * removed));
    let mut widened = 0;
    for interval in &found {
        let score = scores.of(interval.authority).unwrap();
        let x = standardised(&model, score);
        let centre = score.linear_predictor + x.dot(&step);
        assert_abs_diff_eq!(interval.centre, centre, epsilon = 1e-9);
        let error = x.dot(&solve(&lighter, &x)).sqrt();
        assert_abs_diff_eq!(interval.standard_error, error, epsilon = 1e-9);
        assert!(interval.probability.contains(score.probability));
        let half = 1.644_853_626_951_472_7 * error;
        widened += usize::from((centre - score.linear_predictor).abs() > half);
    }
    assert!(widened > 0, "some are pulled out of their interval");
}

fn solve(matrix: &Array2<f64>, right: &Array1<f64>) -> Array1<f64> {
    let (mut a, mut b) = (matrix.clone(), right.clone());
    let n = b.len();
    for i in 0..n {
        for r in i + 1..n {
            let factor = a[[r, i]] / a[[i, i]];
            for k in i..n {
                a[[r, k]] -= factor * a[[i, k]];
            }
            b[r] -= factor * b[i];
        }
    }
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|k| a[[i, k]] * b[k]).sum();
        b[i] = (b[i] - known) / a[[i, i]];
    }
    b
}

/// Share of authorities whose true probability the 90% interval covers, over so many worlds:
/// by the bootstrap and analytically, and the mean ratio of their widths.
fn coverage(worlds: u64, draws: usize, penalty: f64) -> [f64; 3] {
    let (mut bootstrap, mut analytic, mut ratio, mut all) = (0, 0, 0.0, 0);
    for seed in 0..worlds {
        let world = world(150, 1000 + seed, false);
        let found = intervals(&world.panel, replicates(draws), penalty);
        let model = RiskParams::ridge().penalty(penalty);
        let model = model.fit(&training(&world.panel)).unwrap();
        let exact = model
            .analytic_intervals(&world.panel, date(DAY), 0.9)
            .unwrap();
        for ((drawn, exact), &truth) in found.of.iter().zip(&exact).zip(&world.probabilities) {
            assert_eq!(drawn.authority, exact.authority);
            bootstrap += usize::from(drawn.probability.contains(truth));
            analytic += usize::from(exact.probability.contains(truth));
            let width = |i: forewarn::validate::Interval| i.high - i.low;
            ratio += width(drawn.probability) / width(exact.probability);
            all += 1;
        }
    }
    let share = |count| count as f64 / all as f64;
    [share(bootstrap), share(analytic), ratio / all as f64]
}

/// Of the inspected authorities themselves; `tests/coverage.rs` has those never inspected.
#[test]
fn both_intervals_cover_the_true_probability_and_are_as_wide() {
    for penalty in [0.003, 0.1] {
        let [bootstrap, analytic, ratio] = coverage(20, 80, penalty);
        println!("{penalty}: {bootstrap:.3}, {analytic:.3}; width ratio {ratio:.3}");
        assert!((0.85..=0.95).contains(&bootstrap), "{bootstrap}");
        assert!((0.85..=0.95).contains(&analytic), "{analytic}");
        assert!((0.9..=1.15).contains(&ratio), "{ratio}");
    }
}

#[test]
fn scores_carry_their_intervals_beside_the_json() {
    let panel = world(40, 7, false).panel;
    let model = RiskParams::ridge().penalty(0.05);
    let model = model.fit(&training(&panel)).unwrap();
    let found = intervals(&panel, replicates(60), 0.05);
    let scores = model.score(&panel, date(DAY)).unwrap();
    let analytic = model.analytic_intervals(&panel, date(DAY), 0.9).unwrap();
    let drawn = scores.clone().with_intervals(&found);
    // The JSON keeps its contract: a loaded model, which cannot resample, writes the same.
    let json = |scores: &Scores| serde_json::to_string(scores).unwrap();
    assert_eq!(json(&drawn), json(&scores));
    for score in &drawn.scores {
        let interval = found.of.iter().find(|i| i.authority == score.authority);
        let interval = interval.unwrap();
        assert_eq!(score.probability_interval, Some(interval.probability));
        assert_eq!(score.rank_interval, Some(interval.rank));
        assert_eq!(score.top_k_probability, Some(interval.top_k));
        assert_eq!(score.instability, Some(interval.instability));
        assert_eq!(score.spans_edge(capacity(15)), Some(interval.spans_edge));
    }
    // The analytic ones replace them, and leave no rank of other origin.
    for score in drawn.with_analytic_intervals(&analytic).scores {
        assert!(
            score
                .probability_interval
                .unwrap()
                .contains(score.probability)
        );
        assert_eq!((score.rank_interval, score.top_k_probability), (None, None));
        assert_eq!(score.spans_edge(capacity(15)), None);
    }
}

#[test]
fn venn_abers_needs_calibration_rows_of_both_classes() {
    let scores = |n: usize| (0..n).map(|i| i as f64 / n as f64).collect::<Vec<_>>();
    let outcomes = |n: usize, events: usize| (0..n).map(|i| i + events >= n).collect::<Vec<_>>();
    let n = FEWEST_CALIBRATION_ROWS;
    let found = |n, events| VennAbers::new(&scores(n), &outcomes(n, events));
    let error = found(n - 1, 20).unwrap_err().to_string();
    assert_eq!(
        error,
        "calibration rows: found 99 with 20 events, expected at least 100, 10 of them with the \
         event and 10 without"
    );
    assert!(found(n, FEWEST_OF_EACH_CLASS - 1).is_err());
    assert!(found(n, n - FEWEST_OF_EACH_CLASS + 1).is_err());
    let calibration = found(n, FEWEST_OF_EACH_CLASS).unwrap();
    let mut before = 0.0;
    for score in scores(50) {
        let pair = calibration.pair(score).unwrap();
        assert!(0.0 <= pair.p0 && pair.p0 < pair.p1 && pair.p1 <= 1.0);
        assert!((pair.p0..=pair.p1).contains(&pair.merged()));
        assert!(pair.merged() >= before, "rises with the score");
        before = pair.merged();
    }
    assert!(calibration.pair(f64::NAN).is_err());
    assert!(VennAbers::new(&[0.1], &[]).is_err());
    assert!(VennAbers::new(&[f64::NAN], &[true]).is_err());
}
