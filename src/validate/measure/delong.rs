//! Standard errors of the C-statistic.
//!
//! DeLong, DeLong and Clarke-Pearson 1988, *Biometrics* 44:837-845, section 3, with the placements
//! of all rows from one sort (Sun and Xu 2014, *IEEE Signal Processing Letters* 21:1389-1393). It
//! takes rows as independent: authorities inspected several times are not, and need the
//! [`Bootstrap`](crate::validate::Bootstrap) of clusters.

use super::rank::Ranking;
use crate::stats::interval::Measured;
use crate::stats::undefined::{Estimate, Undefined};

/// A smaller standard error is rounding.
const ROUNDING: f64 = 1e-12;

impl Ranking {
    /// The C-statistic with DeLong's standard error; the normal interval is cut to [0, 1], as
    /// pROC does.
    ///
    /// `NoRows`, `OneClass`; `TooFewEvents` unless there are two rows of each class; `NoSpread`
    /// where all rows of a class are placed alike, as at complete separation or constant scores.
    pub fn delong(&self) -> Estimate<Measured> {
        let estimate = self.tally().c_statistic()?;
        let found = self.spread(&self.placements(), estimate)?;
        Ok(Measured {
            interval95: found.interval95.within(0.0, 1.0),
            ..found
        })
    }

    /// The C-statistic of this ranking less that of a rival on the same rows, with DeLong's paired
    /// standard error (their equation 5). In [-1, 1]; positive where this ranking is better.
    ///
    /// Two rankings that place every row alike differ by 0 +- 0. Otherwise as
    /// [`delong`](Self::delong); `OtherRows` if rows or outcomes are not the same.
    pub fn delong_difference(&self, rival: &Ranking) -> Estimate<Measured> {
        self.same_rows(rival.outcomes().len())?;
        if self.outcomes() != rival.outcomes() {
            let rows = self.outcomes().len();
            return Err(Undefined::OtherRows {
                found: rows,
                expected: rows,
            });
        }
        let difference = self.tally().c_statistic()? - rival.tally().c_statistic()?;
        let (own, other) = (self.placements(), rival.placements());
        if own == other {
            return Ok(Measured::normal(0.0, 0.0));
        }
        let components: Vec<f64> = own.iter().zip(&other).map(|(a, b)| a - b).collect();
        self.spread(&components, difference)
    }

    /// For each row the share of the other class that it is on the right side of, ties half:
    /// DeLong's structural components V10 and V01. Their mean over either class is the C-statistic.
    fn placements(&self) -> Vec<f64> {
        let mut placements = vec![0.0; self.outcomes().len()];
        self.sides(|_| 1.0, |row, side| placements[row] = side.won / side.pairs);
        placements
    }

    /// The normal interval with variance: that of the components over events, by their number,
    /// plus the same over the others.
    fn spread(&self, components: &[f64], estimate: f64) -> Estimate<Measured> {
        let total = self.tally().total();
        if total.events < 2.0 || total.others < 2.0 {
            return Err(Undefined::TooFewEvents {
                events: total.events as usize,
                others: total.others as usize,
                needed: 2,
            });
        }
        let (mut events, mut others) = (0.0, 0.0);
        for (&component, &event) in components.iter().zip(self.outcomes()) {
            let square = (component - estimate).powi(2);
            *(if event { &mut events } else { &mut others }) += square;
        }
        let variance = |squares: f64, n: f64| squares / (n - 1.0) / n;
        let variance = variance(events, total.events) + variance(others, total.others);
        let standard_error = variance.sqrt();
        if standard_error < ROUNDING {
            return Err(Undefined::NoSpread);
        }
        Ok(Measured::normal(estimate, standard_error))
    }
}

/// What standard error and interval a C-statistic would carry, from its value and the two counts
/// alone, under exponential scores (Hanley and McNeil 1982, *Radiology* 143:29-36, equations 1 and
/// 2). For planning; with data use [`Ranking::delong`].
///
/// `c` in [0, 1]. `TooFewEvents` without one row of each class.
pub fn hanley_mcneil(c: f64, events: usize, others: usize) -> Estimate<Measured> {
    if events == 0 || others == 0 {
        return Err(Undefined::TooFewEvents {
            events,
            others,
            needed: 1,
        });
    }
    let (m, n) = (events as f64, others as f64);
    let (q1, q2) = (c / (2.0 - c), 2.0 * c * c / (1.0 + c));
    let spread = c * (1.0 - c) + (m - 1.0) * (q1 - c * c) + (n - 1.0) * (q2 - c * c);
    let found = Measured::normal(c, (spread / (m * n)).sqrt());
    Ok(Measured {
        interval95: found.interval95.within(0.0, 1.0),
        ..found
    })
}
