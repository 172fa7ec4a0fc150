//! How sure scores and places are: every part of an interval, places, groups and the expected events
//! of a list recomputed from what a model holds; Venn-Abers.

mod common;

use std::num::NonZeroUsize;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, inspection, panel};
use forewarn::data::{Entity, Grade, OutcomeRule, Panel};
use forewarn::features::{Feature, FeatureRecipe, Months, TrainingSet};
use forewarn::jiff::civil::Date;
use forewarn::model::{
    DrawFailure, RefitParams, Refits, RiskModel, RiskParams, Tested, TestedScore, normal_limit,
};
use forewarn::ndarray::Array1;
use forewarn::score::{
    Capacity, FEWEST_CALIBRATION_ROWS, FEWEST_OF_EACH_CLASS, Group, Score, ScoreParams, Scores,
    VennAbers,
};
use forewarn::validate::{Bootstrap, Clusters, with_threads};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use serde_json::Value;

/// Everything is learned on this day.
const DAY: &str = "2022-01-01";

/// More than a year after the judgements of July 2021, so that they need a score.
const LATER: &str = "2022-09-01";

const Z95: f64 = 1.959_963_984_540_054;

/// Log-odds at the mean figures, and per standard deviation of each.
const INTERCEPT: f64 = -1.2;
const SLOPES: [(&str, f64); 3] = [
    ("agency_rate", 0.8),
    ("vacancy_rate", -0.5),
    ("absence_rate", 0.3),
];

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    ((random.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

/// Sum of twelve uniforms: near enough to normal, with unit variance.
fn bell(random: &mut Xoshiro256PlusPlus) -> f64 {
    (0..12).map(|_| uniform(random)).sum::<f64>() - 6.0
}

/// Authorities whose probability of failing is a known logistic function of three figures, each on a
/// scale of so many steps a standard deviation, so that some are level.
fn world(authorities: usize, seed: u64, steps: f64, reversed: bool) -> Panel {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let (mut listed, mut figures, mut inspections) = (vec![], vec![], vec![]);
    for i in 0..authorities {
        let number = format!("T{i:03}");
        let mut log_odds = INTERCEPT;
        for (name, slope) in SLOPES {
            let x = (steps * bell(&mut random)).round() / steps;
            log_odds += slope * x;
            let entity = Entity::Authority(code(&number));
            let rate = 0.4 + 0.05 * x;
            figures.push(figure(entity, name, "2020-09-30", "2021-02-25", rate));
        }
        let failed = uniform(&mut random) < 1.0 / (1.0 + (-log_odds).exp());
        let grade = [Grade::Good, Grade::Inadequate][usize::from(failed)];
        inspections.push(inspection(&number, "2021-05-10", grade));
        listed.push(authority(&number, &number));
    }
    if reversed {
        listed.reverse();
        figures.reverse();
        inspections.reverse();
    }
    panel(listed, figures, inspections)
}

fn recipe(figures: usize) -> FeatureRecipe {
    let features = SLOPES[..figures].iter();
    let features = features.map(|(name, _)| Feature::level(name).unwrap());
    FeatureRecipe::new("levels", features.collect()).unwrap()
}

fn training(panel: &Panel, figures: usize) -> TrainingSet {
    let known = panel.as_of(date(DAY));
    known
        .training(&recipe(figures), OutcomeRule::Overall, Months(0))
        .unwrap()
}

fn drawn(model: RiskModel, training: &TrainingSet, replicates: usize) -> RiskModel {
    let params = RefitParams {
        replicates,
        seed: 1,
    };
    let refits = params.run(&model, training).unwrap();
    model.with_refits(refits)
}

/// A model of these figures with so many draws, its penalty averaged.
fn fitted(panel: &Panel, figures: usize, replicates: usize) -> RiskModel {
    let training = training(panel, figures);
    let model = RiskParams::ridge().fit(&training).unwrap();
    drawn(model, &training, replicates)
}

fn scored(model: &RiskModel, panel: &Panel, places: usize) -> Scores {
    let params = ScoreParams {
        capacity: Capacity(NonZeroUsize::new(places).unwrap()),
        ..ScoreParams::default()
    };
    model.score_with(panel, date(LATER), params).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let all = value.as_array().unwrap().iter();
    all.map(|v| v.as_f64().unwrap()).collect()
}

/// The log-odds of a score's figures by every draw, from the numbers that a saved model holds.
fn by_draw(refits: &Refits, score: &Score) -> Vec<f64> {
    let saved = serde_json::to_value(refits).unwrap();
    let draws = saved["draws"].as_array().unwrap().iter();
    let log_odds = |draw: &Value| {
        let learned = draw["learned"]["features"].as_array().unwrap();
        let coefficients = numbers(&draw["coefficients"]["data"]);
        let parts = score.contributions.iter().zip(learned).zip(coefficients);
        let number = |of: &Value, name: &str| of[name].as_f64().unwrap();
        let parts = parts.map(|((part, of), b)| {
            b * (part.value.unwrap() - number(of, "mean")) / number(of, "scale")
        });
        draw["intercept"].as_f64().unwrap() + parts.sum::<f64>()
    };
    draws.map(log_odds).collect()
}

/// Standardised figures with a leading 1.
fn with_one(model: &RiskModel, score: &Score) -> Array1<f64> {
    let z = score.contributions.iter().zip(model.columns());
    let z = z.map(|(part, column)| (part.value.unwrap() - column.mean) / column.scale);
    [1.0].into_iter().chain(z).collect()
}

fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

fn years(from: &str, to: &str) -> f64 {
    let (from, to): (Date, Date) = (date(from), date(to));
    f64::from((to - from).get_days()) / 365.25
}

/// Variance of the drift of the rate until the day of the scores.
fn drift(model: &RiskModel) -> f64 {
    let record = model.training();
    let unseen = record.recalibration.lag_years + years(DAY, LATER);
    record.drift.variance_per_year * unseen
}

fn between(model: &RiskModel, score: &Score) -> f64 {
    let x = with_one(model, score);
    x.dot(&model.covariance_between().dot(&x))
}

#[test]
fn an_interval_is_the_sum_of_draws_penalties_and_drift() {
    let panel = world(60, 1, 4.0, false);
    let model = fitted(&panel, 3, 50);
    let scores = scored(&model, &panel, 15);
    let mut parts = [0.0; 3];
    for score in &scores.scores {
        let draws = by_draw(model.refits().unwrap(), score);
        assert_eq!(draws.len(), 50);
        let mean = draws.iter().sum::<f64>() / 50.0;
        let own = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 49.0;
        let all = [own, between(&model, score), drift(&model)];
        parts = std::array::from_fn(|i| parts[i] + all[i] / 60.0);
        let half = Z95 * all.iter().sum::<f64>().sqrt();
        let eta = score.linear_predictor;
        assert_abs_diff_eq!(score.interval.low, probability(eta - half), epsilon = 1e-12);
        assert_abs_diff_eq!(
            score.interval.high,
            probability(eta + half),
            epsilon = 1e-12
        );
        let off = draws
            .iter()
            .map(|d| (probability(*d) - score.probability).abs());
        let moved = off.sum::<f64>() / 50.0;
        assert_abs_diff_eq!(score.instability.unwrap(), moved, epsilon = 1e-12);
    }
    println!("draws, penalties and drift: {parts:.3?}");
    assert!(
        parts.iter().all(|part| *part > 0.001),
        "none is idle: {parts:?}"
    );
}

#[test]
fn without_draws_the_covariance_and_the_shift_take_their_place() {
    let panel = world(60, 1, 4.0, false);
    let model = RiskParams::ridge().fit(&training(&panel, 3)).unwrap();
    for score in &scored(&model, &panel, 15).scores {
        let x = with_one(&model, score);
        let fit = x.dot(&model.covariance().dot(&x));
        let shift = model.training().recalibration.shift_variance;
        let half = Z95 * (fit + shift + between(&model, score) + drift(&model)).sqrt();
        let eta = score.linear_predictor;
        assert_abs_diff_eq!(score.interval.low, probability(eta - half), epsilon = 1e-12);
        assert_abs_diff_eq!(
            score.interval.high,
            probability(eta + half),
            epsilon = 1e-12
        );
        assert_eq!(
            (score.places, score.listed_in, score.instability),
            (None, None, None)
        );
        assert_eq!(score.spans_edge(), None);
    }
}

/// Means of each draw are those of the rows that `Bootstrap` says were drawn, whole authorities.
#[test]
fn a_draw_learns_from_authorities_drawn_with_replacement() {
    let panel = world(30, 2, 4.0, false);
    let training = training(&panel, 3);
    let model = fitted(&panel, 3, 40);
    let names: Vec<_> = training.rows().iter().map(|row| row.organisation).collect();
    let saved = serde_json::to_value(model.refits().unwrap()).unwrap();
    let draws = saved["draws"].as_array().unwrap();
    assert_eq!(
        draws.len(),
        40,
        "none failed, so that their numbers are theirs"
    );
    for (replicate, draw) in draws.iter().enumerate() {
        let counts = Bootstrap::new(40, 1).row_counts(&Clusters::new(&names), replicate);
        for (j, learned) in draw["learned"]["features"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
        {
            let values = counts
                .iter()
                .enumerate()
                .map(|(row, &count)| f64::from(count) * training.matrix().value(row, j).unwrap());
            let mean = values.sum::<f64>() / f64::from(counts.iter().sum::<u32>());
            assert_abs_diff_eq!(learned["mean"].as_f64().unwrap(), mean, epsilon = 1e-12);
        }
    }
}

/// Type 7 of Hyndman and Fan, as R's `quantile`.
fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = share * (values.len() - 1) as f64;
    let (low, high) = (values[at.floor() as usize], values[at.ceil() as usize]);
    low + at.fract() * (high - low)
}

/// The middle of the places of those as high, among so many others.
fn place(own: f64, others: &[f64]) -> f64 {
    let higher = others.iter().filter(|other| **other > own).count() as f64;
    let level = others.iter().filter(|other| **other == own).count() as f64;
    1.0 + higher + 0.5 * level
}

/// One figure in few steps, so that many are level: in every draw, too.
#[test]
fn places_and_lists_of_the_draws_are_counted_one_by_one() {
    let panel = world(40, 3, 1.0, false);
    let model = fitted(&panel, 1, 60);
    let scores = scored(&model, &panel, 6);
    let draws: Vec<Vec<f64>> = scores
        .scores
        .iter()
        .map(|score| by_draw(model.refits().unwrap(), score))
        .collect();
    let candidate = |s: &Score| s.previous_grade != Some(Grade::Inadequate);
    // The order of sums must not part those that are level.
    let round = |eta: f64| (1e9 * eta).round();
    let mut ties = 0;
    for (own, score) in scores.scores.iter().enumerate() {
        let (mut places, mut listed) = (vec![], 0);
        for draw in 0..60 {
            let of = |row: usize| round(draws[row][draw]);
            // Among those that can be on the list, and itself.
            let rivals = (0..draws.len())
                .filter(|row| *row != own)
                .filter(|row| candidate(&scores.scores[*row]));
            let rivals: Vec<f64> = rivals.map(of).collect();
            places.push(place(of(own), &rivals));
            // Whoever is level with the last of the list is on it.
            listed += usize::from(rivals.iter().filter(|eta| **eta > of(own)).count() < 6);
        }
        ties += usize::from(places.iter().any(|place| place.fract() > 0.0));
        let found = score.places.unwrap();
        assert_eq!(found.low, quantile(places.clone(), 0.025).floor() as usize);
        assert_eq!(found.high, quantile(places, 0.975).ceil() as usize);
        assert_eq!(score.listed_in, Some((listed, 60)), "{}", score.name);
    }
    assert!(ties > 10, "{ties}");
}

/// Figures in their order are scores in their order, and in every draw, where the slope is never
/// negative: what is where follows from the figures alone.
#[test]
fn groups_are_told_by_hand() {
    // A hundred others, of whom those with high figures failed, so that it is so in every draw.
    let mut rows: Vec<(String, f64, Grade)> = (0..100)
        .map(|i| {
            let failed = i >= 60 || i % 20 == 7;
            let grade = [Grade::Good, Grade::Inadequate][usize::from(failed)];
            (format!("U{i:02}"), 0.005 * f64::from(i), grade)
        })
        .collect();
    let of = |name: &str, value, grade| (name.to_owned(), value, grade);
    rows.push(of("A", 0.56, Grade::Good));
    rows.push(of("B", 0.55, Grade::Inadequate));
    rows.push(of("C", 0.54, Grade::Good));
    rows.push(of("D", 0.53, Grade::Good));
    rows.push(of("E", 0.53, Grade::Good));
    rows.push(of("F", 0.52, Grade::Good));
    let listed = rows
        .iter()
        .map(|(name, ..)| authority(name, name))
        .collect();
    let known = |(name, value, _): &(String, f64, Grade)| {
        let entity = Entity::Authority(code(name));
        figure(entity, "agency_rate", "2020-09-30", "2021-02-25", *value)
    };
    let judged = |(name, _, grade): &(String, f64, Grade)| inspection(name, "2021-05-10", *grade);
    let mut inspections: Vec<_> = rows.iter().map(judged).collect();
    // F was judged again within the year, and was never on any list.
    inspections.push(inspection("F", "2021-12-06", Grade::Good));
    let panel = panel(listed, rows.iter().map(known).collect(), inspections);
    let training = training(&panel, 1);
    let model = RiskParams::ridge().penalty(0.01).fit(&training).unwrap();
    let model = drawn(model, &training, 100);
    let slopes = serde_json::to_value(model.refits().unwrap()).unwrap();
    let slopes = slopes["draws"].as_array().unwrap().iter();
    assert!(
        slopes
            .clone()
            .all(|d| d["coefficients"]["data"][0].as_f64() > Some(0.0))
    );

    let groups = |places: usize| {
        let scores = scored(&model, &panel, places);
        let group = |name: &str| scores.of(code(name)).unwrap().group;
        ["A", "B", "C", "D", "E", "F"].map(group)
    };
    use Group::{Already, Borderline, Firm, Off};
    // A and C are on a list of two; B was Inadequate and is as high.
    assert_eq!(groups(2), [Firm, Already, Firm, Off, Off, Off]);
    // On a list of three D and E are both, level at places 3 and 4 in every draw: 3.5 of 3.
    assert_eq!(
        groups(3),
        [Firm, Already, Firm, Borderline, Borderline, Off]
    );
    // On a list of four they are firm, at 3.5 of 4, and F is not as high as the last.
    assert_eq!(groups(4), [Firm, Already, Firm, Firm, Firm, Off]);
    // On a list of five the fifth is U59, below F, which is known already.
    assert_eq!(groups(5), [Firm, Already, Firm, Firm, Firm, Already]);
    let scores = scored(&model, &panel, 3);
    let list: Vec<&str> = scores.watchlist().iter().map(|s| s.name.as_str()).collect();
    assert_eq!(list, ["A", "C", "D", "E"]);
    assert_eq!(scores.group(Already).count(), 1);
    let low = scores.of(code("U07")).unwrap();
    assert_eq!(
        (low.previous_grade, low.group),
        (Some(Grade::Inadequate), Off)
    );
}

/// Of independent rows with these log-odds: the probability of each number of events, by going
/// through all outcomes.
fn every_outcome(log_odds: &[f64]) -> Vec<f64> {
    let mut counts = vec![0.0; log_odds.len() + 1];
    for outcome in 0..1u32 << log_odds.len() {
        let chance = log_odds.iter().enumerate().map(|(row, eta)| {
            let p = probability(*eta);
            if outcome >> row & 1 == 1 { p } else { 1.0 - p }
        });
        counts[outcome.count_ones() as usize] += chance.product::<f64>();
    }
    counts
}

/// The first number of events at which so large a share is reached.
fn reaching(counts: &[f64], share: f64) -> usize {
    let mut sum = 0.0;
    let reached = |p: &f64| {
        sum += p;
        sum >= share
    };
    counts.iter().position(reached).unwrap()
}

/// The mean over draws, each around the score itself, and over a shift that all rows share, at 21
/// points of equal weight of its normal distribution.
#[test]
fn the_events_of_a_list_are_those_of_all_outcomes() {
    let panel = world(60, 4, 4.0, false);
    for replicates in [0, 40] {
        let training = training(&panel, 3);
        let model = RiskParams::ridge().fit(&training).unwrap();
        let model = match replicates {
            0 => model,
            _ => drawn(model, &training, replicates),
        };
        let scores = scored(&model, &panel, 7);
        let list = scores.watchlist();
        assert_eq!(list.len(), 7);
        let drift = drift(&model);
        let shared = |score: &Score| {
            let shared = between(&model, score) + drift;
            let x = with_one(&model, score);
            let fit = x.dot(&model.covariance().dot(&x));
            let own = fit + model.training().recalibration.shift_variance;
            shared + if replicates == 0 { own } else { 0.0 }
        };
        let variance = list.iter().map(|score| shared(score)).sum::<f64>() / 7.0;
        let centred = |score: &&Score| {
            let Some(refits) = model.refits() else {
                return vec![0.0];
            };
            let draws = by_draw(refits, score);
            let mean = draws.iter().sum::<f64>() / draws.len() as f64;
            draws.into_iter().map(|draw| draw - mean).collect()
        };
        let off: Vec<Vec<f64>> = list.iter().map(centred).collect();
        let mut counts = vec![0.0; 8];
        let draws = off[0].len();
        for draw in 0..draws {
            for node in 0..21 {
                let share = (f64::from(node) + 0.5) / 21.0;
                let quantile = normal_limit((2.0 * share - 1.0).abs()).copysign(share - 0.5);
                let shift = variance.sqrt() * quantile;
                let rows = list.iter().zip(&off);
                let rows = rows.map(|(score, off)| score.linear_predictor + off[draw] + shift);
                for (sum, p) in counts
                    .iter_mut()
                    .zip(every_outcome(&rows.collect::<Vec<_>>()))
                {
                    *sum += p / (21 * draws) as f64;
                }
            }
        }
        let found = scores.listed_events.unwrap();
        let expected = (reaching(&counts, 0.025), reaching(&counts, 0.975));
        assert_eq!(
            (found.low, found.high),
            expected,
            "{replicates}: {counts:?}"
        );
        assert!(found.low < found.high);
    }
}

/// Four past scores of three authorities at -1 or above; of these one came true. 1/(1 + e) = 0.2689,
/// 1/2, 1/2 and 0.7311 were expected. Clopper and Pearson, by R's binom.test(1, 4): 0.0063 to 0.8059.
#[test]
fn what_was_tested_is_counted_by_hand() {
    let past = |organisation: &str, log_odds, event| TestedScore {
        organisation: code(organisation),
        log_odds,
        event,
    };
    let all = [
        past("A", -2.0, true),
        past("A", -1.0, false),
        past("B", 0.0, true),
        past("B", 0.0, false),
        past("C", 1.0, false),
    ];
    let found = Tested::of(-1.0, &all);
    assert_eq!((found.at_least_as_high, found.came_true), (4, 1));
    assert_eq!((found.organisations, found.few), (3, true));
    assert_abs_diff_eq!(found.expected, 2.0, epsilon = 1e-12);
    let ci = found.ci95.unwrap();
    assert_abs_diff_eq!(ci.low, 0.006_309_463, epsilon = 1e-8);
    assert_abs_diff_eq!(ci.high, 0.805_879_6, epsilon = 1e-7);
    let none = Tested::of(1.5, &all);
    assert_eq!(
        (none.at_least_as_high, none.expected, none.ci95),
        (0, 0.0, None)
    );
    let many = vec![past("A", 0.0, false); 10];
    assert!(!Tested::of(0.0, &many).few && Tested::of(0.0, &many[1..]).few);
    // A model scores with it.
    let panel = world(60, 1, 4.0, false);
    let model = RiskParams::ridge().fit(&training(&panel, 3)).unwrap();
    let model = model.with_tested_scores(all.to_vec());
    for score in &scored(&model, &panel, 15).scores {
        assert_eq!(score.tested, Some(Tested::of(score.linear_predictor, &all)));
    }
}

/// Two figures that went together in training: 10 to 40 on one side, and a new authority that has the
/// highest of one and the lowest of the other, each as high as others had.
#[test]
fn a_combination_that_was_never_seen_lies_outside_of_training() {
    let names: Vec<String> = (0..20).map(|i| format!("T{i:02}")).collect();
    let (mut figures, mut inspections) = (vec![], vec![]);
    let mut known = |name: &str, agency: f64, vacancy: f64| {
        let entity = Entity::Authority(code(name));
        for (what, value) in [("agency_rate", agency), ("vacancy_rate", vacancy)] {
            figures.push(figure(entity, what, "2020-09-30", "2021-02-25", value));
        }
    };
    for (i, name) in names.iter().enumerate() {
        let off = 0.01 * ((i * 7) % 5) as f64;
        known(name, 0.1 + 0.01 * i as f64, 0.1 + 0.01 * i as f64 + off);
        let grade = [Grade::Good, Grade::Inadequate][usize::from(i % 3 == 0)];
        inspections.push(inspection(name, "2021-05-10", grade));
    }
    known("NEW", 0.29, 0.10);
    known("MID", 0.20, 0.22);
    known("FAR", 0.60, 0.62);
    let all = names
        .iter()
        .map(String::as_str)
        .chain(["NEW", "MID", "FAR"]);
    let panel = panel(all.map(|n| authority(n, n)).collect(), figures, inspections);
    let model = RiskParams::ridge()
        .penalty(0.1)
        .fit(&training(&panel, 2))
        .unwrap();
    let scores = scored(&model, &panel, 5);
    let outside = |name: &str| scores.of(code(name)).unwrap().outside_training;
    assert_eq!(outside("NEW"), Some(true));
    assert_eq!(outside("FAR"), Some(true), "beyond what any had");
    assert_eq!(outside("MID"), Some(false));
    assert!(names.iter().all(|name| outside(name) == Some(false)));
    // With one figure it is its range, as far above the mean as below.
    let model = RiskParams::ridge()
        .penalty(0.1)
        .fit(&training(&panel, 1))
        .unwrap();
    let scores = scored(&model, &panel, 5);
    let outside = |name: &str| scores.of(code(name)).unwrap().outside_training;
    assert_eq!((outside("NEW"), outside("FAR")), (Some(false), Some(true)));
}

#[test]
fn figures_that_depend_on_each_other_span_nothing_that_could_be_told() {
    let names: Vec<String> = (0..20).map(|i| format!("T{i:02}")).collect();
    let (mut figures, mut inspections) = (vec![], vec![]);
    for (i, name) in names.iter().enumerate() {
        let entity = Entity::Authority(code(name));
        for what in ["agency_rate", "vacancy_rate"] {
            let value = 0.25 * ((i * 7) % 5) as f64;
            figures.push(figure(entity, what, "2020-09-30", "2021-02-25", value));
        }
        let grade = [Grade::Good, Grade::Inadequate][usize::from(i % 3 == 0)];
        inspections.push(inspection(name, "2021-05-10", grade));
    }
    let panel = panel(
        names.iter().map(|n| authority(n, n)).collect(),
        figures,
        inspections,
    );
    let model = RiskParams::ridge()
        .penalty(0.1)
        .fit(&training(&panel, 2))
        .unwrap();
    let scores = scored(&model, &panel, 5);
    for score in &scores.scores {
        assert_eq!(score.outside_training, None);
        assert!(score.null_because.contains_key("outside_training"));
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let panel = world(60, 1, 4.0, false);
    let training = training(&panel, 3);
    let model = RiskParams::ridge().penalty(0.05).fit(&training).unwrap();
    let with = |seed| RefitParams {
        replicates: 80,
        seed,
    };
    let on = |threads| with_threads(threads, || with(1).run(&model, &training).unwrap());
    let one = on(1).unwrap();
    for threads in [2, 5] {
        assert_eq!(on(threads).unwrap(), one);
    }
    assert_ne!(with(2).run(&model, &training).unwrap(), one);
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let json = [false, true].map(|reversed| {
        let panel = world(60, 1, 4.0, reversed);
        let model = fitted(&panel, 3, 60);
        serde_json::to_string(&scored(&model, &panel, 15)).unwrap()
    });
    assert!(json[0] == json[1]);
}

#[test]
fn a_list_as_long_as_the_register_holds_everyone_who_can_be_on_it() {
    let panel = world(40, 3, 4.0, false);
    let model = fitted(&panel, 3, 40);
    for score in &scored(&model, &panel, 40).scores {
        assert_eq!(score.listed_in, Some((40, 40)));
        let known = score.previous_grade == Some(Grade::Inadequate);
        assert_eq!(
            score.group,
            if known { Group::Already } else { Group::Firm }
        );
        assert_eq!(score.spans_edge(), Some(false));
    }
}

#[test]
fn a_penalty_steadies_scores() {
    let panel = world(80, 4, 4.0, false);
    let training = training(&panel, 3);
    let moved = |penalty| {
        let model = RiskParams::ridge().penalty(penalty).fit(&training);
        let model = drawn(model.unwrap(), &training, 100);
        let scores = scored(&model, &panel, 15);
        let each = scores.scores.iter().map(|s| s.instability.unwrap());
        each.sum::<f64>()
    };
    assert!(moved(1.0) < moved(0.01));
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
    let training = training(&panel, 3);
    let model = RiskParams::ridge().penalty(0.1).fit(&training).unwrap();
    let run = |replicates| {
        let params = RefitParams {
            replicates,
            seed: 1,
        };
        params.run(&model, &training)
    };
    let found = run(400).unwrap();
    assert_eq!(found.failed.len(), 1, "{:?}", found.failed);
    assert_eq!(found.failed[0].why, DrawFailure::OneClass);
    // Binomial with mean 44.9 and standard deviation 6.3: within four of them.
    assert!(
        (20..=70).contains(&found.failed[0].count),
        "{:?}",
        found.failed
    );
    assert_eq!(found.succeeded() + found.failed[0].count, found.replicates);
    let error = run(40).unwrap_err().to_string();
    assert!(
        error.starts_with("replicates that gave a model: found 3"),
        "{error}"
    );
    assert!(
        error.contains("; 3 failed: only one class was drawn"),
        "{error}"
    );
    assert_eq!(
        run(39).unwrap_err().to_string(),
        "replicates: found 39, expected at least 40, to place the tails"
    );
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
