//! Random draws that are the same, bit for bit, on every platform.
//!
//! Only libm's functions are used: the last bit of the standard library's differs by platform.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// A mean above which counts are drawn by the normal approximation, where its error is far below
/// what anyone could see and inversion would be slow.
const LARGE_MEAN: f64 = 30.0;

/// The draws for one purpose and one place, so that a further indicator or authority changes no
/// draw of the others.
pub(super) struct Stream(Xoshiro256PlusPlus);

impl Stream {
    pub(super) fn new(seed: u64, purpose: &str, index: usize) -> Self {
        // FNV-1a.
        let hash = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, byte| {
            (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let place = (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let key = seed.wrapping_mul(0xd134_2543_de82_ef95) ^ hash ^ place;
        Stream(Xoshiro256PlusPlus::seed_from_u64(key))
    }

    /// In [0, 1), from 53 bits.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Standard normal (Box and Muller 1958).
    pub(super) fn normal(&mut self) -> f64 {
        // 1 - u is never 0.
        let radius = libm::sqrt(-2.0 * libm::log(1.0 - self.uniform()));
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// Successes in `n` trials; `n` whole.
    pub(super) fn binomial(&mut self, n: f64, p: f64) -> f64 {
        if p > 0.5 {
            return n - self.binomial(n, 1.0 - p);
        }
        if n * p > LARGE_MEAN {
            return self.near(n * p, n * p * (1.0 - p)).min(n);
        }
        let odds = p / (1.0 - p);
        self.invert(libm::exp(n * libm::log1p(-p)), |k| {
            odds * (n - k) / (k + 1.0)
        })
        .min(n)
    }

    pub(super) fn poisson(&mut self, mean: f64) -> f64 {
        if mean > LARGE_MEAN {
            return self.near(mean, mean);
        }
        self.invert(libm::exp(-mean), |k| mean / (k + 1.0))
    }

    fn near(&mut self, mean: f64, variance: f64) -> f64 {
        (mean + libm::sqrt(variance) * self.normal())
            .round()
            .max(0.0)
    }

    /// The count at which the distribution function passes a uniform draw, from the probability of
    /// 0 and the ratio of each probability to the one before.
    fn invert(&mut self, at_zero: f64, ratio: impl Fn(f64) -> f64) -> f64 {
        let mut left = self.uniform();
        let (mut count, mut probability) = (0.0, at_zero);
        // Rounding may leave a little after the last probability that counts.
        while left >= probability && count < 40.0 * LARGE_MEAN {
            left -= probability;
            probability *= ratio(count);
            count += 1.0;
        }
        count
    }
}

/// The logistic function: a probability from log-odds.
pub(super) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-log_odds))
}
