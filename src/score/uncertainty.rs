//! How sure a score and its place are.
//!
//! The interval of a score is one of the *average risk of organisations with these figures*: 95%,
//! normal in log-odds around the score itself. Its variance is the sum of
//!
//! - that of the model learned again from organisations drawn with replacement, the weights of the
//!   penalties held ([`RefitParams`](crate::model::RefitParams)); without draws that of the
//!   coefficients and of the shift;
//! - the spread over penalties, and over the members of an average;
//! - the drift of the rate, over the time by which the calibration lags behind and the time from
//!   the training day to the day of the score ([`Drift`](crate::model::Drift)).
//!
//! In 2,000 simulated worlds of 150 organisations and 350 inspections it holds that average risk in 97%
//! for the composite where weights are truly equal (of those listed, in the middle and never inspected
//! alike; with a figure missing on the day in 94%), in 93% where the rate drifts by 0.2 log-odds a
//! year, and in 76% (of those listed in 81%) where true weights are 2, 1 and 0: equal weights are a
//! declaration, and their interval does not hold what is wrong with it. Weights drawn towards equal
//! ones hold it in 95% there (`cargo run --release --example coverage -- scores`).
//!
//! It holds nothing that the figures do not show: no data of one to three inspections of each
//! organisation can tell how its own risk differs from that of others with the same figures. In the
//! same worlds it holds the own risk in 70% where that standard deviation is 0.5, in 43% at 1.
//! Places are those in the draws: "between 1 and 26 in 95 of 100 re-fits" says how the model moves,
//! never how probable it is that an organisation is among the worst (Goldstein and Spiegelhalter
//! 1996, *JRSS A* 159:385-443, section 4). Ties have their mid-rank; on the list of a draw, as on
//! the list itself, is whoever is level with its last.

use jiff::civil::Date;

use super::expected::events_among;
use crate::features::FeatureMatrix;
use crate::fit::logistic::probability;
use crate::model::RiskModel;
use crate::stats::interval::{Interval, Limits, Z95, quantile};

/// What the draws say of every scored organisation of a day.
pub(crate) struct Spread {
    // By draw, the log-odds of each row.
    draws: Vec<Vec<f64>>,
    // Of each row, its places in the draws, ascending, among the candidates and itself.
    places: Vec<Vec<f64>>,
    // Of each row, in how many draws fewer candidates than the list has places are ahead of it.
    listed: Vec<usize>,
    // Of each row: the variance of its log-odds, and the part that all rows share.
    variances: Vec<f64>,
    shared: Vec<f64>,
}

impl Spread {
    /// Of rows that are scored on a day; `candidates` says which of them can be on the list.
    pub(crate) fn new(
        model: &RiskModel,
        matrix: &FeatureMatrix,
        as_of: Date,
        candidates: &[bool],
        capacity: usize,
    ) -> Self {
        let draws = model.refits().map_or_else(Vec::new, |r| r.log_odds(matrix));
        let record = model.training();
        let ahead = f64::from((as_of - record.date).get_days().max(0)) / 365.25;
        let drift = record.drift.over(record.recalibration.lag_years + ahead);
        let (mut variances, mut shared) = (Vec::new(), Vec::new());
        for (row, z) in model.design(matrix).rows().into_iter().enumerate() {
            let (fit, between) = model.variances(z);
            let own = match draws.len() {
                0 => fit + record.recalibration.shift_variance,
                _ => variance(draws.iter().map(|draw| draw[row])),
            };
            variances.push(own + between + drift);
            shared.push(between + drift);
        }
        Spread {
            places: places(&draws, candidates),
            listed: times_listed(&draws, candidates, capacity),
            draws,
            variances,
            shared,
        }
    }

    /// The 95% interval of a row's probability.
    pub(crate) fn interval(&self, row: usize, log_odds: f64) -> Interval {
        let half = Z95 * self.variances[row].sqrt();
        Interval {
            low: probability(log_odds - half),
            high: probability(log_odds + half),
        }
    }

    /// The places between which a row lies in 95 of 100 draws, among those that can be on the list
    /// and itself, rounded outwards; `None` without draws.
    pub(crate) fn places(&self, row: usize) -> Option<Limits<usize>> {
        limits(&self.places[row])
    }

    /// In how many draws a row is on the list of those that can be.
    pub(crate) fn times_listed(&self, row: usize) -> usize {
        self.listed[row]
    }

    /// Draws that gave a model.
    pub(crate) fn draws(&self) -> usize {
        self.draws.len()
    }

    /// Mean absolute difference between a row's probability and those of the draws (Riley and
    /// Collins 2023, *Biometrical Journal* 65:2200302, section 3); `None` without draws.
    pub(crate) fn instability(&self, row: usize, log_odds: f64) -> Option<f64> {
        let own = probability(log_odds);
        let off = self
            .draws
            .iter()
            .map(|draw| (probability(draw[row]) - own).abs());
        (!self.draws.is_empty()).then(|| off.sum::<f64>() / self.draws.len() as f64)
    }

    /// Between how many events lie in 95 of 100 cases, if all these rows were inspected now.
    pub(crate) fn events_among(&self, rows: &[usize], log_odds: &[f64]) -> Option<Limits<usize>> {
        let mean = |of: &[f64]| rows.iter().map(|&r| of[r]).sum::<f64>() / rows.len() as f64;
        let around: Vec<f64> = rows.iter().map(|&row| log_odds[row]).collect();
        if self.draws.is_empty() {
            return events_among(&[around], mean(&self.variances).sqrt());
        }
        // Around the score itself, as its interval is.
        let centre = |row: usize| {
            self.draws.iter().map(|draw| draw[row]).sum::<f64>() / self.draws.len() as f64
        };
        let centres: Vec<f64> = rows.iter().map(|&row| centre(row)).collect();
        let moved = |draw: &Vec<f64>| -> Vec<f64> {
            let places = rows.iter().zip(&around).zip(&centres);
            places
                .map(|((&row, own), centre)| own + draw[row] - centre)
                .collect()
        };
        let draws: Vec<Vec<f64>> = self.draws.iter().map(moved).collect();
        events_among(&draws, mean(&self.shared).sqrt())
    }
}

fn limits(ascending: &[f64]) -> Option<Limits<usize>> {
    Some(Limits {
        low: quantile(ascending, 0.025).ok()?.floor() as usize,
        high: quantile(ascending, 0.975).ok()?.ceil() as usize,
    })
}

fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    values.map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0)
}

/// Of each row its places over the draws, ascending: among the rows that count and itself.
fn places(draws: &[Vec<f64>], counts: &[bool]) -> Vec<Vec<f64>> {
    let ranked = crate::parallel::in_order(draws, |draw| mid_ranks(draw, counts));
    let of = |row: usize| {
        let mut places: Vec<f64> = ranked.iter().map(|ranks| ranks[row]).collect();
        places.sort_unstable_by(f64::total_cmp);
        places
    };
    (0..counts.len()).map(of).collect()
}

/// In how many draws each row is as high as the last of the list.
fn times_listed(draws: &[Vec<f64>], candidates: &[bool], capacity: usize) -> Vec<usize> {
    let mut times = vec![0; candidates.len()];
    for draw in draws {
        let counted = draw.iter().zip(candidates).filter(|(_, counts)| **counts);
        let mut descending: Vec<f64> = counted.map(|(eta, _)| *eta).collect();
        descending.sort_unstable_by(|a, b| b.total_cmp(a));
        // With a place to spare it is for anybody.
        let last = descending.get(capacity - 1).copied();
        for (times, eta) in times.iter_mut().zip(draw) {
            *times += usize::from(last.is_none_or(|last| *eta >= last));
        }
    }
    times
}

/// The place of each row from the highest, ties in their middle, among the rows that count and
/// itself.
fn mid_ranks(log_odds: &[f64], counts: &[bool]) -> Vec<f64> {
    let counted = log_odds.iter().zip(counts).filter(|(_, counts)| **counts);
    let mut ascending: Vec<f64> = counted.map(|(eta, _)| *eta).collect();
    ascending.sort_unstable_by(f64::total_cmp);
    let rank = |(eta, counts): (&f64, &bool)| {
        let below = ascending.partition_point(|other| other < eta);
        let upto = ascending.partition_point(|other| other <= eta);
        let others = (upto - below) as f64 - f64::from(u8::from(*counts));
        (ascending.len() - upto) as f64 + 0.5 * others + 1.0
    };
    log_odds.iter().zip(counts).map(rank).collect()
}
