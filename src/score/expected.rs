//! How many of a list would be judged with the event: not a certainty, and not a normal interval.

use crate::fit::logistic::probability;
use crate::stats::interval::{Limits, normal_half_width};

/// Points at which the shift that all rows share is summed: standard normal quantiles of equal
/// weight.
const NODES: usize = 21;

/// Between how many events lie in 95 of 100 cases: the distribution is the mean, over draws of
/// log-odds and over a shift common to all rows with this standard deviation, of that of a sum of
/// independent events of unequal probability (Poisson-binomial). `None` without rows or draws.
pub(super) fn events_among(draws: &[Vec<f64>], shared_sd: f64) -> Option<Limits<usize>> {
    let rows = draws.first().map(Vec::len).filter(|&rows| rows > 0)?;
    let mut mean = vec![0.0; rows + 1];
    let nodes = (0..NODES).map(|node| (node as f64 + 0.5) / NODES as f64);
    let shifts: Vec<f64> = nodes
        .map(|share| shared_sd * normal_quantile(share))
        .collect();
    for draw in draws {
        for &shift in &shifts {
            for (sum, p) in mean.iter_mut().zip(counts(draw, shift)) {
                *sum += p;
            }
        }
    }
    let all = (draws.len() * NODES) as f64;
    let at_least = |share: f64| {
        let mut below = 0.0;
        mean.iter().position(|p| {
            below += p / all;
            below >= share
        })
    };
    Some(Limits {
        low: at_least(0.025)?,
        high: at_least(0.975).unwrap_or(rows),
    })
}

/// The probability of each number of events.
fn counts(log_odds: &[f64], shift: f64) -> Vec<f64> {
    let mut counts = vec![0.0; log_odds.len() + 1];
    counts[0] = 1.0;
    for (seen, eta) in log_odds.iter().enumerate() {
        let p = probability(eta + shift);
        for k in (0..=seen + 1).rev() {
            let without = counts[k] * (1.0 - p);
            counts[k] = without + if k > 0 { counts[k - 1] * p } else { 0.0 };
        }
    }
    counts
}

fn normal_quantile(share: f64) -> f64 {
    normal_half_width((2.0 * share - 1.0).abs()).copysign(share - 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_probability_gives_binomial_counts() {
        // R: qbinom(c(0.025, 0.975), 15, 0.3) is 1 and 8.
        let eta = (0.3f64 / 0.7).ln();
        let found = events_among(&[vec![eta; 15]], 0.0).unwrap();
        assert_eq!((found.low, found.high), (1, 8));
        // What is not known of the rate widens it.
        let wider = events_among(&[vec![eta; 15]], 0.8).unwrap();
        assert!(wider.low <= 1 && wider.high > 8);
        assert!(events_among(&[], 0.0).is_none());
    }
}
