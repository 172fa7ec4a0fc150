//! Isotonic regression: the rising step function nearest to the outcomes.
//!
//! Rows of equal probability are pooled first, so that equal forecasts stay equal.

use super::forecast::Forecast;
use crate::stats::pool::{Pool, pool_adjacent_violators};
use crate::stats::undefined::{Estimate, Undefined};

impl Forecast {
    /// The isotonic estimate of the event's probability for each row, in the order of the rows;
    /// its mean is the share of events. `NoRows`.
    pub fn isotonic(&self) -> Estimate<Vec<f64>> {
        let runs = self.runs();
        if runs.is_empty() {
            return Err(Undefined::NoRows);
        }
        let pools = runs.iter().map(|run| Pool {
            events: run.iter().filter(|&&row| self.outcomes[row]).count() as f64,
            rows: run.len() as f64,
        });
        let blocks = pool_adjacent_violators(pools);
        let levels = blocks
            .iter()
            .flat_map(|block| std::iter::repeat_n(block.level(), block.rows as usize));
        let mut fitted = vec![0.0; self.rows()];
        for (&row, level) in runs.iter().flatten().zip(levels) {
            fitted[row] = level;
        }
        Ok(fitted)
    }

    /// The rows at each distinct probability, the lowest first.
    pub(crate) fn runs(&self) -> Vec<Vec<usize>> {
        let mut order: Vec<usize> = (0..self.rows()).collect();
        let p = &self.probabilities;
        order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
        order
            .chunk_by(|&a, &b| p[a] == p[b])
            .map(<[usize]>::to_vec)
            .collect()
    }
}
