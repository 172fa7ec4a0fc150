//! What visiting the highest scores of each year would have caught.

use serde::{Deserialize, Serialize};

use super::rank::{StratifiedRanking, Tally};
use crate::stats::undefined::{Estimate, Undefined};

/// What visiting the highest scores of each year would have caught.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct YearlyCapture {
    /// Share of each year's inspections that is visited.
    pub fraction: f64,
    /// Visits in all years.
    pub visits: usize,
    /// Events among them; ties at the edge count by expectation.
    pub caught: f64,
    /// Events that as many visits at random would catch.
    pub expected_by_chance: f64,
    /// Events that as many visits with perfect foresight would catch.
    pub best_possible: f64,
    /// Events in all years.
    pub events: f64,
}

impl YearlyCapture {
    /// Events caught over events. `NoEvents`.
    pub fn share(&self) -> Estimate {
        if self.events == 0.0 {
            return Err(Undefined::NoEvents);
        }
        Ok(self.caught / self.events)
    }
}

impl StratifiedRanking {
    /// Visits the same share of every stratum, at least one row of each: as a yearly list would.
    pub fn visit(&self, fraction: f64) -> YearlyCapture {
        // One count for each row: there is nothing to refuse.
        let tallies = self.tallies_of(&vec![1; self.rows()]).unwrap_or_default();
        visited(&tallies, fraction)
    }

    /// As [`visit`](Self::visit), with each row counted as often as stated. `OtherRows` unless
    /// there is one count per row.
    pub fn visit_of(&self, fraction: f64, counts: &[u32]) -> Estimate<YearlyCapture> {
        Ok(visited(&self.tallies_of(counts)?, fraction))
    }
}

fn visited(tallies: &[Tally], fraction: f64) -> YearlyCapture {
    let mut total = YearlyCapture {
        fraction,
        visits: 0,
        caught: 0.0,
        expected_by_chance: 0.0,
        best_possible: 0.0,
        events: 0.0,
    };
    for tally in tallies {
        match (tally.capture_share(fraction), tally.rows()) {
            (Ok(found), _) => {
                total.visits += found.visits;
                total.caught += found.caught;
                total.expected_by_chance += found.expected_by_chance;
                total.best_possible += found.best_possible;
                total.events += found.events;
            }
            // A stratum without events: its visits are made all the same.
            (Err(_), Ok(rows)) => total.visits += (fraction * rows).round().max(1.0) as usize,
            (Err(_), Err(_)) => {}
        }
    }
    total
}
