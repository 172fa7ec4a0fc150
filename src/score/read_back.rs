//! Scores from JSON: what does not hold together is refused.

use std::collections::BTreeSet;

use super::explain::Explanation;
use super::one::RowScore;
use super::scores::{Score, Scores};
use crate::fit::logistic::probability;
use crate::read_back::{checked, require};
use crate::stats::interval::Interval;

/// Sums of the same numbers in another order differ by less, in log-odds.
const ROUNDING: f64 = 1e-9;

checked!(Scores, scores);
checked!(RowScore, |read: &RowScore| row(
    &read.explanation,
    read.interval
));

/// The first thing that does not hold, with whose it is.
fn scores(read: &Scores) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    let all = read.scores.iter().map(|s| s.organisation);
    for code in all.chain(read.not_scored.iter().map(|n| n.organisation)) {
        require(seen.insert(code), || {
            format!("{code}: found twice, expected once")
        })?;
    }
    require(read.capacity > 0, || {
        "capacity: found 0, expected at least 1".to_owned()
    })?;
    let by_score = |pair: &[Score]| pair[0].linear_predictor >= pair[1].linear_predictor;
    require(read.scores.windows(2).all(by_score), || {
        "scores: found another order, expected the highest first".to_owned()
    })?;
    for (place, score) in read.scores.iter().enumerate() {
        row(&score.explained, score.interval)?;
        let level = |other: &&Score| other.linear_predictor > score.linear_predictor;
        // In order, so that only those before it can be higher.
        let rank = 1 + read.scores[..place].partition_point(|other| level(&other));
        require(score.rank == rank, || {
            format!(
                "{}: found rank {}, expected {rank}",
                score.organisation, score.rank
            )
        })?;
    }
    Ok(())
}

fn row(read: &Explanation, interval: Interval) -> Result<(), String> {
    let whose = |what: &str| format!("{}: {what}", read.organisation);
    let eta = read.linear_predictor;
    let parts = read.contributions.iter().map(|c| c.log_odds);
    let sum = parts.fold(read.baseline_log_odds, |sum, part| sum + part);
    require((sum - eta).abs() <= ROUNDING * (1.0 + eta.abs()), || {
        whose(&format!(
            "found contributions and baseline adding up to {sum}, expected the linear predictor {eta}"
        ))
    })?;
    let expected = probability(eta);
    require((read.probability - expected).abs() <= ROUNDING, || {
        let found = read.probability;
        whose(&format!(
            "found probability {found}, expected {expected} of its log-odds"
        ))
    })?;
    let ordered = 0.0 <= interval.low
        && interval.low <= read.probability
        && read.probability <= interval.high
        && interval.high <= 1.0;
    require(ordered, || {
        let Interval { low, high } = interval;
        whose(&format!(
            "found the interval {low} to {high}, expected one around the probability"
        ))
    })
}
