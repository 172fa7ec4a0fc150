//! Empirical-Bayes shrinkage of rates with small denominators.
//!
//! Events out of `n` are binomial around an authority's own rate, and the rates follow a beta
//! distribution. Its two parameters are estimated from the training window by the weighted method
//! of moments of Kleinman (1973), *Proportions with extraneous variance: single and independent
//! samples*, JASA 68:46-54, section 2; a rate is then replaced by its posterior mean
//! `(events + a) / (n + a + b)`.

use serde::{Deserialize, Serialize};

/// The beta distribution of authorities' rates.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BetaPrior {
    /// Mean rate, in (0, 1).
    pub mean: f64,
    /// `a + b`: the denominator at which an authority's own rate weighs as much as the mean.
    pub strength: f64,
}

/// No prior is stronger: rates that vary no more than chance are drawn to the mean all but wholly.
const MAX_STRENGTH: f64 = 1e6;

/// Fewer rates than this say nothing about their spread.
const MIN_RATES: usize = 10;

/// Reweighting settles to a relative change below this.
const SETTLED: f64 = 1e-12;

impl BetaPrior {
    /// Fits the prior to pairs of (events, denominator); pairs with a denominator below 1 are
    /// passed over. `None` with fewer than ten usable pairs, or if no rate differs from 0, or
    /// none from 1.
    pub fn fit(pairs: impl Iterator<Item = (f64, f64)>) -> Option<BetaPrior> {
        let rates: Vec<(f64, f64)> = pairs
            .filter(|(events, n)| *n >= 1.0 && (0.0..=*n).contains(events))
            .map(|(events, n)| (events / n, n))
            .collect();
        if rates.len() < MIN_RATES {
            return None;
        }
        // The correlation within authorities, `1 / (a + b + 1)`; a small start weights by size.
        let mut correlation = 0.01;
        let mut mean = 0.0;
        for _ in 0..100 {
            let (new_mean, new) = moments(&rates, correlation)?;
            let change = (new - correlation).abs();
            (mean, correlation) = (new_mean, new);
            if change <= SETTLED * correlation {
                break;
            }
        }
        let strength = 1.0 / correlation - 1.0;
        Some(BetaPrior { mean, strength })
    }

    /// The posterior mean of a rate with `events` out of `denominator`.
    pub fn shrink(self, events: f64, denominator: f64) -> f64 {
        (events + self.mean * self.strength) / (denominator + self.strength)
    }

    /// Whether the parameters are those of a beta distribution that [`BetaPrior::fit`] could give.
    pub(crate) fn is_valid(self) -> bool {
        self.mean > 0.0 && self.mean < 1.0 && (0.0..=MAX_STRENGTH).contains(&self.strength)
    }
}

/// Kleinman's moment equations with weights `n / (1 + correlation (n - 1))`.
fn moments(rates: &[(f64, f64)], correlation: f64) -> Option<(f64, f64)> {
    let weight = |n: f64| n / (1.0 + correlation * (n - 1.0));
    let total: f64 = rates.iter().map(|&(_, n)| weight(n)).sum();
    let mean: f64 = rates.iter().map(|&(p, n)| weight(n) * p).sum::<f64>() / total;
    let variance = mean * (1.0 - mean);
    if variance <= 0.0 {
        return None;
    }
    let (mut spread, mut chance, mut slope) = (0.0, 0.0, 0.0);
    for &(p, n) in rates {
        let w = weight(n);
        let share = w * (1.0 - w / total);
        spread += w * (p - mean).powi(2);
        chance += share / n;
        slope += share;
    }
    let raw = (spread - variance * chance) / (variance * (slope - chance));
    let weakest = 1.0 / (MAX_STRENGTH + 1.0);
    // With one child each, slope equals chance and nothing can be told: the comparison is false.
    let new = if raw > weakest { raw.min(1.0) } else { weakest };
    Some((mean, new))
}
