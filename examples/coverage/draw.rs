//! Random numbers, and shares over worlds with their Monte Carlo error.

use std::error::Error;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rayon::prelude::*;

/// One world's stream.
pub struct Draw(Xoshiro256PlusPlus);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Draw(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// In (0, 1).
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// Box and Muller's: standard normal.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// 1 / (1 + exp(-log_odds)).
pub fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// One result per world, in their order, and how many worlds had none.
pub fn worlds<T: Send>(
    worlds: u64,
    of: impl Fn(u64) -> Result<T, Box<dyn Error>> + Sync,
) -> (Vec<T>, usize) {
    let results: Vec<Option<T>> = (0..worlds)
        .into_par_iter()
        .map(|seed| of(seed).ok())
        .collect();
    let found: Vec<T> = results.into_iter().flatten().collect();
    let failed = worlds as usize - found.len();
    (found, failed)
}

/// Mean and standard error over worlds, in percent.
pub fn share(values: impl Iterator<Item = f64> + Clone) -> String {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let squares: f64 = values.map(|v| (v - mean).powi(2)).sum();
    format!("{:5.1} ({:.1})", 100.0 * mean, 100.0 * squares.sqrt() / n)
}
