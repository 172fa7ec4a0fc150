//! Time of a certified fit, cold and warm, beside linfa-logistic alone on the same standardised
//! columns, and of scoring a million rows.
//!
//! `cargo bench --bench fit`

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use forewarn::model::{RidgeParams, Solver};
use linfa::DatasetBase;
use linfa::traits::Fit;
use ndarray::{Array1, Array2, Axis};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::hint::black_box;

const LAMBDA: f64 = 0.05;

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// Correlated standardised columns, and about 20% events that depend on them.
fn simulate(rows: usize, columns: usize) -> (Array2<f64>, Array1<bool>) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let common = Array1::from_shape_fn(rows, |_| uniform(&mut random));
    let mut x = Array2::from_shape_fn((rows, columns), |(i, _)| {
        uniform(&mut random) + 0.5 * common[i]
    });
    for mut column in x.axis_iter_mut(Axis(1)) {
        let (mean, sd) = (column.sum() / rows as f64, column.std(0.0));
        column.mapv_inplace(|v| (v - mean) / sd);
    }
    let effects = Array1::from_shape_fn(columns, |j| 0.3 * (j as f64 + 1.0).sin());
    let y = x
        .dot(&effects)
        .mapv(|eta| uniform(&mut random) < 1.0 / (1.0 + (1.6 - eta).exp()));
    (x, y)
}

fn fit(c: &mut Criterion) {
    let mut group = c.benchmark_group("fit");
    for (rows, columns) in [(150, 8), (500, 20), (100_000, 20), (1_000_000, 20)] {
        let (x, y) = simulate(rows, columns);
        let labels = y.to_vec();
        let params = RidgeParams::new().penalty(LAMBDA);
        // A neighbouring problem's answer, as in a refit: every tenth label is left out.
        let near: Vec<usize> = (0..rows).filter(|i| i % 10 != 0).collect();
        let near_labels: Vec<bool> = near.iter().map(|&i| labels[i]).collect();
        let near = params
            .fit_rows(x.select(Axis(0), &near).view(), &near_labels)
            .unwrap();
        let start = near.start();
        let size = format!("{rows}x{columns}");
        if rows > 1000 {
            group.sample_size(10);
        }
        group.bench_function(BenchmarkId::new("warm", &size), |b| {
            b.iter(|| {
                params
                    .fit_from(black_box(x.view()), &labels, &start)
                    .unwrap()
            })
        });
        group.bench_function(BenchmarkId::new("cold", &size), |b| {
            b.iter(|| params.fit_rows(black_box(x.view()), &labels).unwrap())
        });
        if rows > 100_000 {
            continue; // four seconds of linfa alone
        }
        let by_linfa = params.clone().solver(Solver::LinfaLogistic);
        group.bench_function(BenchmarkId::new("cold by linfa-logistic", &size), |b| {
            b.iter(|| by_linfa.fit_rows(black_box(x.view()), &labels).unwrap())
        });
        let linfa = linfa_logistic::LogisticRegression::default().alpha(LAMBDA * rows as f64);
        let data = DatasetBase::new(x.view(), y.view());
        group.bench_function(BenchmarkId::new("linfa-logistic alone", &size), |b| {
            b.iter(|| linfa.fit(black_box(&data)).unwrap())
        });
    }
}

fn score(c: &mut Criterion) {
    let mut group = c.benchmark_group("score");
    for columns in [5, 20] {
        let rows = 1_000_000;
        let (x, y) = simulate(rows, columns);
        let model = RidgeParams::new().fit_rows(x.view(), &y.to_vec()).unwrap();
        group
            .throughput(Throughput::Elements(rows as u64))
            .sample_size(20);
        group.bench_function(
            BenchmarkId::new("log-odds", format!("{rows}x{columns}")),
            |b| b.iter(|| model.linear_predictor(black_box(x.view())).unwrap()),
        );
        group.bench_function(
            BenchmarkId::new("ndarray dot", format!("{rows}x{columns}")),
            |b| b.iter(|| black_box(x.view()).dot(model.coefficients()) + model.intercept()),
        );
        group.bench_function(
            BenchmarkId::new("probability", format!("{rows}x{columns}")),
            |b| b.iter(|| model.probabilities(black_box(x.view())).unwrap()),
        );
    }
}

criterion_group!(benches, fit, score);
criterion_main!(benches);
