//! Intervals hold the truth about as often as they say, in worlds whose truth is known: the small
//! version of `cargo run --release --example coverage`, on the first of its worlds.

#![allow(dead_code, reason = "the example prints more")]

/// As the examples say a line.
macro_rules! say {
    ($($arg:tt)*) => { println!($($arg)*) };
}

#[path = "../examples/coverage/draw.rs"]
mod draw;
#[path = "../examples/coverage/scores.rs"]
mod scores;
#[path = "../examples/coverage/slopes.rs"]
mod slopes;
#[path = "../examples/coverage/world.rs"]
mod world;

use draw::worlds;
use forewarn::model::Family;
use scores::{Covered, covered};
use world::{KINDS, Kind};

const WORLDS: u64 = 24;

fn kind(name: &str) -> &'static Kind {
    KINDS.iter().find(|kind| kind.name == name).unwrap()
}

/// Mean and standard error over worlds, whose organisations share a model.
fn over(found: &[Covered], of: impl Fn(&Covered) -> f64) -> (f64, f64) {
    let values: Vec<f64> = found.iter().map(of).collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (mean, squares.sqrt() / n)
}

/// The interval holds that the rate may move: where it stands still it may cover too often. Below
/// 95% the mean may be by two standard errors.
#[test]
fn intervals_cover_the_average_risk_of_organisations_with_the_same_figures() {
    for (name, family) in [
        ("equal slopes", Family::Composite),
        ("drift 0.2 a year", Family::TowardsEqual),
        ("unmeasured SD 1", Family::Composite),
        ("unequal slopes", Family::Ridge),
    ] {
        let (found, failed) = worlds(WORLDS, |seed| covered(kind(name), family, 50, seed));
        assert_eq!(failed, 0);
        // Of all, and of those listed.
        for group in [0, 1] {
            let (share, error) = over(&found, |c| c.average[group].unwrap());
            println!("{name}: {share:.3} ({error:.3})");
            assert!(
                share > 0.95 - 2.0 * error && error < 0.05,
                "{name}: {share}"
            );
        }
    }
}

/// What no figure shows is in no interval: the crate says so, and this is why.
#[test]
fn intervals_do_not_cover_an_organisations_own_risk() {
    let unmeasured = kind("unmeasured SD 1");
    let run = |seed| covered(unmeasured, Family::Composite, 50, seed);
    let (found, _) = worlds(WORLDS, run);
    let (own, error) = over(&found, |c| c.own[0].unwrap());
    assert!(own + 4.0 * error < 0.6, "{own}");
}

/// Tolerance: four binomial standard errors.
#[test]
fn profile_intervals_of_firths_slopes_cover() {
    let (found, failed) = worlds(200, slopes::covered);
    assert_eq!(failed, 0);
    let held: usize = found
        .iter()
        .map(|(_, held)| held.iter().filter(|kinds| kinds[0]).count())
        .sum();
    let trials = (found.len() * slopes::SLOPES.len()) as f64;
    let error = (0.95 * 0.05 / trials).sqrt();
    let share = held as f64 / trials;
    assert!((share - 0.95).abs() < 4.0 * error, "{share}");
}
