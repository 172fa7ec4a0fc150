//! The coverage of intervals of slopes and of probabilities, printed.

use std::error::Error;

use forewarn::model::{Family, RiskParams};
use rayon::prelude::*;

use crate::study::{Cover, NEW, ROWS, SLOPES, World};

/// Resamples for each model and world.
const REPLICATES: usize = 200;

/// The models; none where ridge's penalty is chosen in each world.
fn models() -> Vec<(String, Option<RiskParams>)> {
    let held = [0.003, 0.01, 0.03, 0.05, 0.1, 0.3];
    let ridge = |&penalty: &f64| {
        let params = RiskParams::ridge().penalty(penalty);
        (format!("ridge, penalty {penalty}"), Some(params))
    };
    let family = |family: Family| (family.name().to_owned(), Some(RiskParams::of(family)));
    let chosen = ("ridge, penalty chosen".to_owned(), None);
    std::iter::once(chosen)
        .chain(held.iter().map(ridge))
        .chain([Family::Firth, Family::Flic, Family::Flac].map(family))
        .collect()
}

/// One result per run, in their order, and how many runs had none.
fn runs<T: Send>(
    runs: u64,
    of: impl Fn(u64) -> Result<T, Box<dyn Error>> + Sync,
) -> (Vec<T>, usize) {
    let results: Vec<Option<T>> = (0..runs).into_par_iter().map(|run| of(run).ok()).collect();
    let found: Vec<T> = results.into_iter().flatten().collect();
    let failed = runs as usize - found.len();
    (found, failed)
}

/// In percent, with the Monte Carlo standard error.
fn share(values: impl Iterator<Item = f64> + Clone) -> String {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let squares: f64 = values.map(|v| (v - mean).powi(2)).sum();
    format!("{:5.1} ({:.1})", 100.0 * mean, 100.0 * squares.sqrt() / n)
}

/// 95% intervals of Firth's slopes.
pub fn slopes(worlds: u64) {
    let (found, failed) = runs(worlds, |run| {
        let world = World::new(run, 1.0)?;
        Ok((world.events() as f64, world.slopes()?))
    });
    let events = found.iter().map(|f| f.0);
    println!(
        "{worlds} runs, {failed} failed: {ROWS} inspections, {:.1} events on average, {} to {}, \
         {} features",
        events.clone().sum::<f64>() / found.len() as f64,
        events.clone().fold(f64::INFINITY, f64::min),
        events.fold(0.0, f64::max),
        SLOPES.len()
    );
    println!("\n95% intervals of Firth's slopes hold the true one, % (standard error)");
    println!("{:>8} {:>14} {:>14}", "slope", "profile", "Wald");
    for (j, (_, slope)) in SLOPES.iter().enumerate() {
        let held = |kind: usize| share(found.iter().map(move |f| f64::from(f.1[j][kind])));
        println!("{slope:>8} {:>14} {:>14}", held(0), held(1));
    }
}

/// 90% intervals of probabilities, where slopes are so many times those of the study.
pub fn probabilities(worlds: u64, signal: f64) {
    println!(
        "\n90% intervals of the probabilities of {NEW} authorities that were never inspected, \
         {worlds} runs with {signal} times those slopes:\nhold the true one, % (standard error): \
         of all; of the tenth with the highest true probability;\n\
         of the tenth that the model puts first; and their mean width"
    );
    println!(
        "{:21} {:^38} {:^38}",
        "",
        format!("{REPLICATES} draws of authorities"),
        "analytic"
    );
    for (name, params) in models() {
        let (found, failed) = runs(worlds, |run| {
            let world = World::new(run, signal)?;
            let params = params.clone().map_or_else(|| world.chosen(), Ok)?;
            world.probabilities(&params, REPLICATES, run)
        });
        let cells = |kind: usize| {
            let of = |part: fn(&Cover) -> f64| found.iter().map(move |f| part(&f[kind]));
            let width = of(|c| c.width).sum::<f64>() / found.len() as f64;
            let parts: [fn(&Cover) -> f64; 3] = [|c| c.all, |c| c.riskiest, |c| c.listed];
            let [all, riskiest, listed] = parts.map(|part| share(of(part)));
            format!("{all} {riskiest} {listed} {width:.2}")
        };
        let failed = match failed {
            0 => String::new(),
            failed => format!("  {failed} runs failed"),
        };
        println!("{name:21} {:>38} {:>38}{failed}", cells(0), cells(1));
    }
}
