//! Time of the other members of the family at the size of a training window, 150 x 8.
//!
//! `cargo bench --bench family`

use criterion::{Criterion, criterion_group, criterion_main};
use forewarn::data::Direction;
use forewarn::model::{ConstrainedParams, FirthParams, OrdinalParams, RidgeParams, separation};
use ndarray::Array2;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::hint::black_box;

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// Columns on -1.7 to 1.7, and four grades that depend on them, about 18% in the highest.
fn simulate(rows: usize, columns: usize) -> (Array2<f64>, Vec<usize>) {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let x = Array2::from_shape_fn((rows, columns), |_| 3.4 * uniform(&mut random) - 1.7);
    let grade = |row: ndarray::ArrayView1<f64>| {
        let effects = row.iter().enumerate();
        let eta: f64 = effects.map(|(j, v)| 0.3 * v * (j as f64 + 1.0).sin()).sum();
        let u = uniform(&mut random);
        let latent = eta + (u / (1.0 - u)).ln();
        [-1.8, 0.0, 1.8].iter().filter(|&&cut| latent > cut).count()
    };
    let grades = x.rows().into_iter().map(grade).collect();
    (x, grades)
}

fn family(c: &mut Criterion) {
    let (x, grades) = simulate(150, 8);
    let y: Vec<bool> = grades.iter().map(|&g| g == 3).collect();
    let mut group = c.benchmark_group("family 150x8");
    let firth = FirthParams::new();
    group.bench_function("firth", |b| {
        b.iter(|| firth.fit_rows(black_box(x.view()), &y).unwrap())
    });
    group.bench_function("firth, all intervals and tests", |b| {
        b.iter(|| firth.inference(black_box(x.view()), &y, 0.95).unwrap())
    });
    let ordinal = OrdinalParams::new();
    group.bench_function("proportional odds", |b| {
        b.iter(|| ordinal.fit_rows(black_box(x.view()), &grades, 4).unwrap())
    });
    let constrained = ConstrainedParams::new().directions(vec![Direction::HigherRiskier; 8]);
    group.bench_function("constrained", |b| {
        b.iter(|| constrained.fit_rows(black_box(x.view()), &y).unwrap())
    });
    group.bench_function("separation", |b| {
        b.iter(|| separation(black_box(x.view()), &y).unwrap())
    });
    let (ridge, zeros) = (RidgeParams::new(), [0.0; 9]);
    group.bench_function("ridge, for comparison", |b| {
        b.iter(|| ridge.fit_from(black_box(x.view()), &y, &zeros).unwrap())
    });
}

criterion_group!(benches, family);
criterion_main!(benches);
