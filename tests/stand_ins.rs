//! What stands in for a missing figure: by hand, and what it does to the slope of a figure that one
//! era did not publish.

mod common;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, inspection, panel};
use forewarn::data::{Entity, Framework, Grade, OutcomeRule, Panel};
use forewarn::features::{Feature, FeatureRecipe, Months, TrainingSet};
use forewarn::model::{RidgeParams, RiskModel, RiskParams};
use forewarn::ndarray::Array2;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

const EXACT: f64 = 1e-12;
const DAY: &str = "2022-01-01";
const PAIR: [&str; 2] = ["agency_rate", "vacancy_rate"];

/// Of T0, T1 and so on; the last two are known in part, or not at all.
const VALUES: [[Option<f64>; 2]; 10] = [
    [Some(0.10), Some(0.16)],
    [Some(0.14), Some(0.10)],
    [Some(0.18), Some(0.26)],
    [Some(0.22), Some(0.17)],
    [Some(0.26), Some(0.25)],
    [Some(0.30), Some(0.16)],
    [Some(0.34), Some(0.33)],
    [Some(0.38), Some(0.28)],
    [Some(0.50), None],
    [None, None],
];

fn level(name: &str) -> Feature {
    Feature::level(name).unwrap()
}

fn world() -> Panel {
    let (mut listed, mut figures, mut inspections) = (vec![], vec![], vec![]);
    for (i, values) in VALUES.into_iter().enumerate() {
        let number = format!("T{i}");
        let entity = Entity::Authority(code(&number));
        let mut known = |name: &str, value: f64| {
            figures.push(figure(entity, name, "2020-09-30", "2021-02-25", value));
        };
        for (name, value) in PAIR.into_iter().zip(values) {
            if let Some(value) = value {
                known(name, value);
            }
        }
        known("caseload", 15.0 + ((i * 3) % 7) as f64);
        let grade = [Grade::Good, Grade::Inadequate][usize::from(i % 3 == 1)];
        inspections.push(inspection(&number, "2021-05-10", grade));
        listed.push(authority(&number, &number));
    }
    panel(listed, figures, inspections)
}

/// Both figures alone, and a theme beside them, so that T9 is scored without either.
fn fitted(panel: &Panel) -> RiskModel {
    let recipe = FeatureRecipe::new("pair", PAIR.map(level).to_vec())
        .and_then(|recipe| recipe.with_theme("workload", 1.0, vec![level("caseload")]))
        .and_then(|recipe| recipe.with_min_present(0.1))
        .unwrap();
    RiskParams::ridge()
        .penalty(0.1)
        .fit(&training(panel, &recipe))
        .unwrap()
}

fn training(panel: &Panel, recipe: &FeatureRecipe) -> TrainingSet {
    let known = panel.as_of(date(DAY));
    known
        .training(recipe, OutcomeRule::default(), Months(0))
        .unwrap()
}

/// By hand: the correlation of the eight pairs, shrunk by Schafer and Strimmer's share
/// ((1 - r^2)^2 / (n - 1)) / r^2; the expectation of a standard normal given another is r z.
#[test]
fn what_stands_in_is_the_expectation_given_what_is_known() {
    let panel = world();
    let model = fitted(&panel);
    let pairs: Vec<(f64, f64)> = VALUES[..8]
        .iter()
        .map(|v| (v[0].unwrap(), v[1].unwrap()))
        .collect();
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / 8.0;
    let (a, b) = (mean(&|p| p.0), mean(&|p| p.1));
    let covariance = mean(&|p| (p.0 - a) * (p.1 - b));
    let (va, vb) = (mean(&|p| (p.0 - a).powi(2)), mean(&|p| (p.1 - b).powi(2)));
    let r = covariance / (va * vb).sqrt();
    let share = (1.0 - r * r).powi(2) / 7.0 / (r * r);
    let shrunk = r * (1.0 - share);
    assert!((0.2..0.8).contains(&shrunk) && share > 0.05, "{r} {share}");

    // Each column is standardised by its own rows: the first has nine.
    let first: Vec<f64> = VALUES.iter().filter_map(|v| v[0]).collect();
    let m = first.iter().sum::<f64>() / 9.0;
    let sd = (first.iter().map(|v| (v - m).powi(2)).sum::<f64>() / 9.0).sqrt();
    assert_abs_diff_eq!(model.columns()[0].mean, m, epsilon = EXACT);
    assert_abs_diff_eq!(model.columns()[0].scale, sd, epsilon = EXACT);
    let expected = shrunk * (0.50 - m) / sd;

    let scores = model.score(&panel, date(DAY)).unwrap();
    let part = &scores.of(code("T8")).unwrap().contributions[1];
    assert!(part.imputed && part.value.is_none());
    assert_abs_diff_eq!(
        part.log_odds,
        model.coefficients()[1] * expected,
        epsilon = EXACT
    );
    // Without a known figure it is the mean, which adds nothing; a theme says nothing of it.
    let nothing = &scores.of(code("T9")).unwrap().contributions;
    assert_eq!((nothing[0].log_odds, nothing[1].log_odds), (0.0, 0.0));
    assert!(nothing[0].imputed && nothing[1].imputed && !nothing[2].imputed);
}

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    ((random.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    let radius = (-2.0 * uniform(random).ln()).sqrt();
    radius * (std::f64::consts::TAU * uniform(random)).cos()
}

const AUTHORITIES: usize = 1500;
const PENALTY: f64 = 0.003;

/// One inspection of each authority under SIF, before the second figure was published, and one under
/// ILACS. The figures go together (0.5); the rate under SIF is far higher.
fn two_eras() -> Panel {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
    let (mut listed, mut figures, mut inspections) = (vec![], vec![], vec![]);
    for i in 0..AUTHORITIES {
        let number = format!("T{i:04}");
        let entity = Entity::Authority(code(&number));
        for (framework, year, intercept) in
            [(Framework::Sif, 2015, -0.3), (Framework::Ilacs, 2019, -1.9)]
        {
            let shared = 0.5f64.sqrt() * normal(&mut random);
            let x = [(); 2].map(|()| shared + 0.5f64.sqrt() * normal(&mut random));
            let (period, known) = (format!("{}-09-30", year - 1), format!("{year}-02-25"));
            let late = framework == Framework::Ilacs;
            for (j, name) in PAIR
                .into_iter()
                .enumerate()
                .filter(|(j, _)| *j == 0 || late)
            {
                figures.push(figure(entity, name, &period, &known, 0.5 + 0.05 * x[j]));
            }
            let log_odds = intercept + 0.3 * x[0] + 0.6 * x[1];
            let failed = uniform(&mut random) < 1.0 / (1.0 + (-log_odds).exp());
            let grade = [Grade::Good, Grade::Inadequate][usize::from(failed)];
            let mut found = inspection(&number, &format!("{year}-05-10"), grade);
            found.framework = framework;
            inspections.push(found);
        }
        listed.push(authority(&number, &number));
    }
    panel(listed, figures, inspections)
}

/// The slope of the late figure, per standard deviation: as the model has it, on the inspections
/// alone that have it, and with the mean in place of what is missing, one intercept for both eras and
/// a penalty of all rows, as it was before.
#[test]
fn a_figure_that_one_era_did_not_publish_keeps_its_slope() {
    let panel = two_eras();
    let recipe = FeatureRecipe::new("pair", PAIR.map(level).to_vec()).unwrap();
    let training = training(&panel, &recipe);
    let model = RiskParams::ridge().penalty(PENALTY);
    let found = model.fit(&training).unwrap().coefficients()[1];
    assert_eq!(training.rows().len(), 2 * AUTHORITIES);

    let rows: Vec<usize> = (0..2 * AUTHORITIES).collect();
    let columns = model.fit(&training).unwrap().columns().to_vec();
    let z = |row: usize, j: usize| {
        let value = training.matrix().value(row, j)?;
        Some((value - columns[j].mean) / columns[j].scale)
    };
    let slope = |rows: &[usize]| {
        let x = Array2::from_shape_fn((rows.len(), 2), |(i, j)| z(rows[i], j).unwrap_or(0.0));
        let y: Vec<bool> = rows.iter().map(|&row| training.rows()[row].event).collect();
        let ridge = RidgeParams::new().penalty(PENALTY);
        ridge.fit_rows(x.view(), &y).unwrap().coefficients()[1]
    };
    let complete: Vec<usize> = rows
        .iter()
        .copied()
        .filter(|&row| z(row, 1).is_some())
        .collect();
    assert_eq!(complete.len(), AUTHORITIES);
    let (expected, before) = (slope(&complete), slope(&rows));
    println!("{found:.4}, complete rows {expected:.4}, as it was {before:.4}");
    // The other era says something of the first figure, and through it of the second.
    assert!((found / expected - 1.0).abs() < 0.02);
    assert!(before / expected - 1.0 < -0.15);
}
