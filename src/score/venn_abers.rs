//! Venn-Abers pairs: a forecast as two probabilities instead of one.
//!
//! Inductive Venn-Abers predictor (Vovk and Petej 2014, *Venn-Abers predictors*, UAI, section 4):
//! the new row joins the calibration rows once without and once with the event, isotonic
//! regression is fitted to each, and its two levels at the new row are the pair. If all rows are
//! exchangeable, the one that belongs to the true outcome is calibrated; which one that is, nobody
//! knows beforehand, so that the distance between the two is what the calibration rows leave open.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::stats::pool::{Pool, pool_adjacent_violators};

/// Calibration rows below which pairs are refused. A level is a share of rows, so that among 20
/// rows one answer more or less moves it by 5 points; with 100 rows in about five levels, as
/// isotonic regression makes of a weak score, levels hold 20. A rule of ours, not of the paper.
pub const FEWEST_CALIBRATION_ROWS: usize = 100;

/// Calibration rows with the event, and without, below which pairs are refused: with none the
/// lower probability is 0 for everyone. A rule of ours, not of the paper.
pub const FEWEST_OF_EACH_CLASS: usize = 10;

/// Scores and outcomes that were not used to fit whatever gave the scores.
///
/// ```
/// use forewarn::score::VennAbers;
///
/// let scores: Vec<f64> = (0..200).map(f64::from).collect();
/// let outcomes: Vec<bool> = (0..200).map(|i| i % 7 == 0 || i > 150).collect();
/// let pair = VennAbers::new(&scores, &outcomes)?.pair(120.0)?;
/// assert!(pair.p0 <= pair.merged() && pair.merged() <= pair.p1);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct VennAbers {
    // Rows of equal score, the lowest score first.
    runs: Vec<(f64, Pool)>,
}

/// The probability of the event, as two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct VennAbersPair {
    /// The calibrated probability if the row is without the event.
    pub p0: f64,
    /// The calibrated probability if it has the event: never below `p0`.
    pub p1: f64,
}

impl VennAbersPair {
    /// One probability in their place: `p1 / (1 - p0 + p1)`, the minimax choice under log-loss
    /// (Vovk and Petej 2014, section 5).
    pub fn merged(self) -> f64 {
        self.p1 / (1.0 - self.p0 + self.p1)
    }
}

impl VennAbers {
    /// From held-out scores, in any unit that orders rows, and their outcomes.
    ///
    /// # Errors
    /// [`Error::Shape`] unless there is one outcome for each score; [`Error::NotFinite`];
    /// [`Error::InvalidValue`] with fewer than [`FEWEST_CALIBRATION_ROWS`] rows or
    /// [`FEWEST_OF_EACH_CLASS`] of either class.
    pub fn new(scores: &[f64], outcomes: &[bool]) -> Result<VennAbers> {
        if scores.len() != outcomes.len() {
            return Err(Error::Shape {
                what: "outcomes",
                found: outcomes.len(),
                expected: scores.len(),
            });
        }
        if let Some(row) = scores.iter().position(|s| !s.is_finite()) {
            return Err(not_finite(row, scores[row]));
        }
        let events = outcomes.iter().filter(|&&event| event).count();
        let rarer = events.min(outcomes.len() - events);
        if outcomes.len() < FEWEST_CALIBRATION_ROWS || rarer < FEWEST_OF_EACH_CLASS {
            return Err(Error::InvalidValue {
                what: "calibration rows",
                found: format!("{} with {events} events", outcomes.len()),
                expected: format!(
                    "at least {FEWEST_CALIBRATION_ROWS}, {FEWEST_OF_EACH_CLASS} of them with the \
                     event and {FEWEST_OF_EACH_CLASS} without"
                ),
            });
        }
        Ok(VennAbers::of_any_size(scores, outcomes))
    }

    fn of_any_size(scores: &[f64], outcomes: &[bool]) -> VennAbers {
        let mut rows: Vec<(f64, bool)> = scores
            .iter()
            .copied()
            .zip(outcomes.iter().copied())
            .collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let runs = rows.chunk_by(|a, b| a.0 == b.0).map(|run| {
            let events = run.iter().filter(|row| row.1).count();
            let pool = Pool {
                events: events as f64,
                rows: run.len() as f64,
            };
            (run[0].0, pool)
        });
        VennAbers {
            runs: runs.collect(),
        }
    }

    /// The pair of a new row's score.
    ///
    /// # Errors
    /// [`Error::NotFinite`].
    pub fn pair(&self, score: f64) -> Result<VennAbersPair> {
        if !score.is_finite() {
            return Err(not_finite(0, score));
        }
        Ok(VennAbersPair {
            p0: self.level(score, 0.0),
            p1: self.level(score, 1.0),
        })
    }

    /// The isotonic level of a row of this score that is added with so many events.
    fn level(&self, score: f64, events: f64) -> f64 {
        let place = self.runs.partition_point(|run| run.0 < score);
        let mut pools: Vec<Pool> = self.runs.iter().map(|run| run.1).collect();
        match self.runs.get(place) {
            Some(run) if run.0 == score => {
                pools[place].events += events;
                pools[place].rows += 1.0;
            }
            _ => pools.insert(place, Pool { events, rows: 1.0 }),
        }
        let rows_to_it: f64 = pools[..=place].iter().map(|pool| pool.rows).sum();
        let mut passed = 0.0;
        pool_adjacent_violators(pools.into_iter())
            .iter()
            .find(|pool| {
                passed += pool.rows;
                passed >= rows_to_it
            })
            .map_or(events, Pool::level)
    }
}

fn not_finite(row: usize, found: f64) -> Error {
    Error::NotFinite {
        row,
        column: "score".to_owned(),
        found,
        limit: f64::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the README of the R package vennabers 0.1.1, and the first pair by hand:
    /// without the event both 0s and the new one are below both events; with it, it is pooled with
    /// the 0 at 0.35.
    #[test]
    fn pairs_of_the_r_package() {
        let calibration =
            VennAbers::of_any_size(&[0.1, 0.4, 0.35, 0.8], &[false, true, false, true]);
        for (score, p0, p1) in [(0.2, 0.0, 0.5), (0.5, 0.5, 1.0), (0.9, 2.0 / 3.0, 1.0)] {
            let pair = calibration.pair(score).unwrap();
            assert_eq!(pair, VennAbersPair { p0, p1 }, "at {score}");
        }
    }

    #[test]
    fn a_score_that_is_there_joins_its_run() {
        // 0.4 without: 0, then {1, 0, 0 at 0.35 apart}: levels 0, 0, 1/2, 1.
        let calibration =
            VennAbers::of_any_size(&[0.1, 0.4, 0.35, 0.8], &[false, true, false, true]);
        let pair = calibration.pair(0.4).unwrap();
        assert_eq!(pair, VennAbersPair { p0: 0.5, p1: 1.0 });
        assert_eq!(pair.merged(), 1.0 / 1.5);
    }
}
