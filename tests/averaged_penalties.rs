//! Log-odds averaged over penalties: by the log-loss of authorities left out, and without jumps.

mod common;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, inspection, panel};
use forewarn::data::{Entity, Grade, OutcomeRule, Panel};
use forewarn::features::{Feature, FeatureRecipe, Months, TrainingSet};
use forewarn::model::{Family, PENALTIES, RidgeParams, RiskModel, RiskParams};
use forewarn::ndarray::{Array2, Axis};
use forewarn::validate::{Forecaster, Scorer};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

const DAY: &str = "2022-01-01";
const AUTHORITIES: usize = 60;
const FIGURES: [&str; 3] = ["agency_rate", "vacancy_rate", "absence_rate"];

/// Where a known figure is moved to, and of whom.
type Moved = Option<(usize, f64)>;

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    ((random.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

/// Two inspections of each authority under one framework, all figures known, a weak signal.
fn world(moved: Moved) -> Panel {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(11);
    let (mut listed, mut figures, mut inspections) = (vec![], vec![], vec![]);
    for i in 0..AUTHORITIES {
        let number = format!("T{i:03}");
        for year in [2014, 2017] {
            let x: [f64; 3] = std::array::from_fn(|_| 2.0 * uniform(&mut random) - 1.0);
            for (j, name) in FIGURES.into_iter().enumerate() {
                let mut rate = 0.3 + 0.1 * x[j];
                if let Some((of, to)) = moved.filter(|_| j == 0 && year == 2017) {
                    rate = if of == i { to } else { rate };
                }
                let entity = Entity::Authority(code(&number));
                let (period, known) = (format!("{}-09-30", year - 1), format!("{year}-02-25"));
                figures.push(figure(entity, name, &period, &known, rate));
            }
            let log_odds = 1.2 * x[0] - 0.6 * x[1] - 0.7;
            let failed = uniform(&mut random) < 1.0 / (1.0 + (-log_odds).exp());
            let grade = [Grade::Good, Grade::Inadequate][usize::from(failed)];
            inspections.push(inspection(&number, &format!("{year}-05-10"), grade));
        }
        listed.push(authority(&number, &number));
    }
    panel(listed, figures, inspections)
}

fn training(panel: &Panel) -> TrainingSet {
    let features = FIGURES.map(|name| Feature::level(name).unwrap());
    let recipe = FeatureRecipe::new("three", features.to_vec()).unwrap();
    let known = panel.as_of(date(DAY));
    known
        .training(&recipe, OutcomeRule::default(), Months(0))
        .unwrap()
}

fn fitted(params: &RiskParams, training: &TrainingSet) -> (RiskModel, Box<dyn Scorer>) {
    let scorer = Forecaster::fit(params, training).unwrap();
    (params.fit(training).unwrap(), scorer)
}

fn log_odds(params: &RiskParams, training: &TrainingSet) -> Vec<f64> {
    let scorer = Forecaster::fit(params, training).unwrap();
    scorer.log_odds(training.matrix()).unwrap()
}

#[test]
fn a_stated_penalty_is_the_only_one() {
    let training = training(&world(None));
    let (model, _) = fitted(&RiskParams::ridge().penalty(0.3), &training);
    assert_eq!(model.training().penalties(), [(0.3, 1.0)]);
    assert_eq!(model.training().penalty, Some(0.3));
    assert!(model.covariance_between().iter().all(|v| *v == 0.0));
    // One framework: plain ridge on the standardised columns.
    let (z, events) = (standardised(&training), events(&training));
    let ridge = RidgeParams::new().penalty(0.3);
    let ridge = ridge.fit_rows(z.view(), &events).unwrap();
    let expected = ridge.linear_predictor(z.view()).unwrap();
    let found = log_odds(&RiskParams::ridge().penalty(0.3), &training);
    for (found, expected) in found.iter().zip(expected) {
        assert_abs_diff_eq!(*found, expected, epsilon = 1e-12);
    }
}

#[test]
fn without_one_log_odds_are_the_weighted_mean_over_the_path() {
    let training = training(&world(None));
    for family in Family::ALL.into_iter().filter(|f| f.has_penalty()) {
        let averaged = RiskParams::of(family);
        let (model, scorer) = fitted(&averaged, &training);
        let found = scorer.log_odds(training.matrix()).unwrap();
        for member in model.training().members.iter() {
            let penalties: Vec<f64> = member.penalties.iter().map(|(p, _)| *p).collect();
            let sum: f64 = member.penalties.iter().map(|(_, w)| w).sum();
            match member.family.has_penalty() {
                true => assert_eq!(penalties, PENALTIES, "{family:?}"),
                false => assert!(penalties.is_empty()),
            }
            assert!(penalties.is_empty() || (sum - 1.0).abs() < 1e-12);
        }
        if family == Family::Average {
            continue;
        }
        let mut mean = vec![0.0; found.len()];
        for (penalty, weight) in model.training().penalties() {
            let own = log_odds(&averaged.clone().penalty(penalty), &training);
            let sums = mean.iter_mut().zip(own);
            sums.for_each(|(sum, eta)| *sum += weight * eta);
        }
        for (found, mean) in found.iter().zip(mean) {
            assert_abs_diff_eq!(*found, mean, epsilon = 1e-10);
        }
        assert!(model.covariance_between()[[1, 1]] > 0.0);
        assert_eq!(model.training().penalty, None);
    }
    let (composite, _) = fitted(&RiskParams::of(Family::Composite), &training);
    assert!(composite.training().penalties().is_empty());
}

fn events(training: &TrainingSet) -> Vec<bool> {
    training.rows().iter().map(|row| row.event).collect()
}

fn standardised(training: &TrainingSet) -> Array2<f64> {
    let matrix = training.matrix();
    let value = |(i, j)| matrix.value(i, j).unwrap();
    let x = Array2::from_shape_fn((training.rows().len(), FIGURES.len()), value);
    (&x - &x.mean_axis(Axis(0)).unwrap()) / x.std_axis(Axis(0), 0.0)
}

/// The summed log-loss of authorities left out, each by fitting without it.
fn left_out_loss(training: &TrainingSet, penalty: f64) -> f64 {
    let (z, events) = (standardised(training), events(training));
    let rows = training.rows();
    let ridge = RidgeParams::new().penalty(penalty);
    let mut loss = 0.0;
    for i in 0..AUTHORITIES {
        let own = |row: &usize| rows[*row].organisation == code(&format!("T{i:03}"));
        let (left, kept): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(own);
        let labels: Vec<bool> = kept.iter().map(|&row| events[row]).collect();
        let x = z.select(Axis(0), &kept);
        let model = ridge.fit_rows(x.view(), &labels).unwrap();
        let x = z.select(Axis(0), &left);
        let p = model.probabilities(x.view()).unwrap();
        for (&row, p) in left.iter().zip(p) {
            loss -= (if events[row] { p } else { 1.0 - p }).ln();
        }
    }
    loss
}

/// Refitting without each of 60 authorities takes the place of one Newton step. A step is right to
/// 2e-4 of log-loss a row (tests in src/model/path.rs), of 120 rows to 0.024, and so the ratio of two
/// weights to 5%: at most 0.009 of a weight of 0.18.
#[test]
fn the_weights_are_those_of_leaving_each_authority_out() {
    let training = training(&world(None));
    let (model, _) = fitted(&RiskParams::ridge(), &training);
    let losses = PENALTIES.map(|penalty| left_out_loss(&training, penalty));
    let least = losses.into_iter().fold(f64::INFINITY, f64::min);
    let weights = losses.map(|loss| (least - loss).exp());
    let sum: f64 = weights.iter().sum();
    let found = model.training().penalties();
    for ((penalty, found), weight) in found.into_iter().zip(weights) {
        println!("{penalty}: {found:.4} and {:.4}", weight / sum);
        assert_abs_diff_eq!(found, weight / sum, epsilon = 0.009);
    }
    assert!(
        weights.iter().all(|w| w / sum < 0.5),
        "no penalty has it all"
    );
}

/// The figure of one training row goes from 20% to 40%: log-odds follow, and a step a tenth as long
/// moves them about a tenth as far. Where one penalty were chosen they would jump, whatever the step.
#[test]
fn nothing_jumps() {
    let at = |rate| {
        let panel = world(Some((3, rate)));
        let model = RiskParams::ridge().fit(&training(&panel)).unwrap();
        let scores = model.score(&panel, date(DAY));
        assert!(
            scores.unwrap().scores.is_empty(),
            "figures are too old by then"
        );
        log_odds(&RiskParams::ridge(), &training(&panel))
    };
    let largest = |steps: usize, from: f64, to: f64| {
        let rates = (0..=steps).map(|i| from + (to - from) * i as f64 / steps as f64);
        let all: Vec<Vec<f64>> = rates.map(at).collect();
        let moves = all.windows(2).flat_map(|pair| {
            // Of everybody but the one whose figure it is.
            let others = pair[0].iter().zip(&pair[1]).enumerate();
            others
                .filter(|(row, _)| *row != 7)
                .map(|(_, (a, b))| (a - b).abs())
        });
        moves.fold(0.0, f64::max)
    };
    let (whole, tenth) = (largest(20, 0.2, 0.4), largest(40, 0.28, 0.32));
    // Steps of 1% and of 0.1%.
    println!("{whole:.5} and {tenth:.5}");
    assert!(whole < 0.03 && tenth < 0.2 * whole, "{whole} and {tenth}");
}
