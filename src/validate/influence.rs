//! A within-year C-statistic with what each authority moves it, and so the standard error of a
//! difference in every resample.
//!
//! The statistic is a ratio of sums over pairs: an event or another row i moves it by
//! (won_i - C pairs_i) / pairs, and an authority by the sum over its rows (the infinitesimal
//! jackknife: Efron and Tibshirani 1993, *An Introduction to the Bootstrap*, chapter 21; for rows
//! that are independent it is DeLong's). An authority that is drawn k times counts as k.

use super::rank::{Side, StratifiedRanking};

/// Rows: who they belong to, and which of them count.
pub(super) struct Rows<'a> {
    pub(super) authorities: &'a [usize],
    pub(super) outcomes: &'a [bool],
}

/// A within-year C-statistic in one resample.
pub(super) struct WithinYear {
    /// NaN where no year has both outcomes.
    pub(super) c_statistic: f64,
    // By authority, of one copy of it.
    influences: Vec<f64>,
}

impl WithinYear {
    /// In a resample that holds each authority so many times, of the rows since each of some
    /// years: `counted` says of each which rows.
    pub(super) fn of(
        ranking: &StratifiedRanking,
        rows: &Rows<'_>,
        drawn: &[u32],
        counted: &[&[usize]],
    ) -> Vec<WithinYear> {
        let counts: Vec<u32> = rows.authorities.iter().map(|&a| drawn[a]).collect();
        let sides = ranking.sides_of(&counts);
        let one = |counted: &&[usize]| {
            let mut all = Side::default();
            let mut of = vec![Side::default(); drawn.len()];
            for &row in *counted {
                let event = f64::from(u8::from(rows.outcomes[row]));
                all.add(f64::from(counts[row]) * event, sides[row]);
                of[rows.authorities[row]].add(1.0, sides[row]);
            }
            let c_statistic = all.won / all.pairs;
            let moved = |of: &Side| (of.won - c_statistic * of.pairs) / all.pairs;
            WithinYear {
                c_statistic,
                influences: of.iter().map(moved).collect(),
            }
        };
        counted.iter().map(one).collect()
    }

    /// The standard error of the difference to another of the same resample.
    pub(super) fn error_of_difference(&self, other: &WithinYear, drawn: &[u32]) -> f64 {
        let pairs = self.influences.iter().zip(&other.influences);
        let squares = pairs
            .zip(drawn)
            .map(|((a, b), &count)| f64::from(count) * (a - b).powi(2));
        squares.sum::<f64>().sqrt()
    }
}
