//! Time of the C-statistic of a million scores, and of 2,000 cluster-bootstrap replicates on 370
//! inspections of 150 authorities: of one measure, of eight models' C-statistics at once, and of
//! the calibration slope, which is refitted.
//!
//! `cargo bench --bench validate`, and with `--features parallel` on all cores.

use criterion::{Criterion, criterion_group, criterion_main};
use forewarn::validate::{Bootstrap, Clusters, Forecast, Ranking};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::hint::black_box;

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// Log-odds, and outcomes that are events in about 20%.
fn simulate(rows: usize, seed: u64) -> (Vec<f64>, Vec<bool>) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let row = |_| {
        let log_odds = 2.0 * uniform(&mut random) - 2.5;
        let event = uniform(&mut random) < 1.0 / (1.0 + (-log_odds).exp());
        (log_odds, event)
    };
    (0..rows).map(row).unzip()
}

fn c_statistic(c: &mut Criterion) {
    let (scores, outcomes) = simulate(1_000_000, 1);
    let coarse: Vec<f64> = scores.iter().map(|s| (s * 100.0).round()).collect();
    let mut group = c.benchmark_group("C-statistic of 1,000,000");
    group.sample_size(20);
    for (name, scores) in [("distinct", scores), ("tied", coarse)] {
        group.bench_function(name, |b| {
            b.iter(|| {
                let ranking = Ranking::new(black_box(&scores), &outcomes).unwrap();
                ranking.tally().c_statistic()
            })
        });
    }
}

fn bootstrap(c: &mut Criterion) {
    let (log_odds, outcomes) = simulate(370, 2);
    let names: Vec<usize> = (0..370).map(|row| row * 7 % 150).collect();
    let clusters = Clusters::new(&names);
    let bootstrap = Bootstrap::new(2000, 1);
    let ranking = Ranking::new(&log_odds, &outcomes).unwrap();
    let mut group = c.benchmark_group("2,000 replicates of 370");
    group.sample_size(20);
    group.bench_function("C-statistic", |b| {
        b.iter(|| bootstrap.run(&clusters, |counts| ranking.tally_of(counts)?.c_statistic()))
    });
    let models: Vec<Ranking> = (3..11)
        .map(|seed| Ranking::new(&simulate(370, seed).0, &outcomes).unwrap())
        .collect();
    group.bench_function("C-statistics of 8 models", |b| {
        let all = |counts: &[u32]| {
            let each = models.iter().map(|m| m.tally_of(counts)?.c_statistic());
            each.collect::<Vec<_>>()
        };
        b.iter(|| bootstrap.run(&clusters, all))
    });
    let forecast = Forecast::from_log_odds(&log_odds, &outcomes).unwrap();
    group.bench_function("calibration line", |b| {
        b.iter(|| {
            bootstrap.run(&clusters, |counts| {
                forecast.resampled(counts)?.calibration_line()
            })
        })
    });
}

criterion_group!(benches, c_statistic, bootstrap);
criterion_main!(benches);
