//! Intervals hold the truth about as often as they say, in worlds of 103 inspections and 21 events.
//!
//! The small version of `cargo run --release --example coverage -- models`, on the first of its
//! worlds. Tolerances are four binomial standard errors; for authorities of one world, which share
//! a model, the promised 0.85 to 0.95 and two standard errors over worlds.

#[allow(dead_code, reason = "the example prints more")]
#[path = "../examples/coverage/study.rs"]
mod study;

use forewarn::model::{Family, RiskParams};
use study::{Cover, PREVALENCE, SLOPES, World, intercept};

#[test]
fn the_intercept_gives_the_prevalence() {
    let worlds: Vec<World> = (0..300).map(|run| World::new(run, 1.0).unwrap()).collect();
    let events: usize = worlds.iter().map(World::events).sum();
    let trials = 300.0 * study::ROWS as f64;
    let error = (PREVALENCE * (1.0 - PREVALENCE) / trials).sqrt();
    assert!((events as f64 / trials - PREVALENCE).abs() < 4.0 * error);
    // Without slopes it is the log-odds of the prevalence.
    let log_odds = (PREVALENCE / (1.0 - PREVALENCE)).ln();
    assert!((intercept(0.0) - log_odds).abs() < 1e-9 && intercept(1.0) < log_odds);
}

#[test]
fn profile_intervals_of_firths_slopes_cover() {
    let runs = 200;
    let mut held = 0;
    for run in 0..runs {
        let world = World::new(run, 1.0).unwrap();
        held += world.slopes().unwrap().iter().filter(|s| s[0]).count();
    }
    let trials = (runs as usize * SLOPES.len()) as f64;
    let error = (0.95 * 0.05 / trials).sqrt();
    let share = held as f64 / trials;
    assert!((share - 0.95).abs() < 4.0 * error, "{share}");
}

/// The mean coverage of the probabilities, by draws of authorities and analytic, with the
/// standard error over worlds.
fn coverage(model: RiskParams, worlds: u64) -> [(f64, f64); 2] {
    let found: Vec<[Cover; 2]> = (0..worlds)
        .map(|run| {
            World::new(run, 1.0)
                .unwrap()
                .probabilities(&model, 80, run)
                .unwrap()
        })
        .collect();
    [0, 1].map(|kind| {
        let n = worlds as f64;
        let mean = found.iter().map(|f| f[kind].all).sum::<f64>() / n;
        let squares: f64 = found.iter().map(|f| (f[kind].all - mean).powi(2)).sum();
        (mean, squares.sqrt() / n)
    })
}

/// A strong penalty is the hard case: the percentile interval of its own refits covers in 0.7.
#[test]
fn intervals_of_probabilities_cover_whatever_the_penalty() {
    for model in [
        RiskParams::ridge().penalty(0.1),
        RiskParams::of(Family::Flic),
    ] {
        for (share, error) in coverage(model.clone(), 40) {
            println!("{model:?}: {share:.3}, standard error {error:.3}");
            assert!(error < 0.03);
            assert!((share - 0.9).abs() < 0.05 + 2.0 * error, "{share}");
        }
    }
}
