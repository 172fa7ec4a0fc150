//! What a capacity of k visits catches when the highest scores are visited first.

use serde::{Deserialize, Serialize};

use super::rank::{Group, Tally};
use crate::stats::undefined::{Estimate, Undefined, or_why};

/// The outcome of visiting the rows with the highest scores. Counts are expectations where the
/// last visits fall among equal scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Capture {
    /// Visits.
    pub visits: usize,
    /// Rows to choose from.
    pub rows: f64,
    /// Rows with the event.
    pub events: f64,
    /// Events among the visited: from 0 to `best_possible`, more is better.
    pub caught: f64,
    /// Visited rows without the event.
    pub false_alarms: f64,
    /// `caught` over `events`: sensitivity, in [0, 1].
    pub share_caught: f64,
    /// Events caught by as many visits at random.
    pub expected_by_chance: f64,
    /// Events caught by perfect foresight: the smaller of visits and events.
    pub best_possible: f64,
    /// Visits for each event caught, at least 1, less is better; `ZeroDenominator` where none is
    /// caught.
    #[serde(with = "or_why")]
    pub number_needed_to_visit: Estimate,
}

impl Tally {
    /// Visits the rows with the k highest scores. Where the k-th visit falls among rows of equal
    /// score, those left are drawn at random, and the expectation is reported: the result depends
    /// on no order of rows.
    ///
    /// `NoRows`, `NoEvents`; `TooFewRows` for more visits than rows.
    pub fn capture(&self, visits: usize) -> Estimate<Capture> {
        let rows = self.rows()?;
        let events = self.total().events;
        if events == 0.0 {
            return Err(Undefined::NoEvents);
        }
        if visits as f64 > rows {
            return Err(Undefined::TooFewRows {
                rows: rows as usize,
                needed: visits,
            });
        }
        let caught = caught(self.groups(), visits as f64);
        Ok(Capture {
            visits,
            rows,
            events,
            caught,
            false_alarms: visits as f64 - caught,
            share_caught: caught / events,
            expected_by_chance: visits as f64 * events / rows,
            best_possible: events.min(visits as f64),
            number_needed_to_visit: if caught > 0.0 {
                Ok(visits as f64 / caught)
            } else {
                Err(Undefined::ZeroDenominator)
            },
        })
    }

    /// [`capture`](Self::capture) at a share of the rows in [0, 1]: the nearest whole number of
    /// visits, halves up, and at least one.
    pub fn capture_share(&self, share: f64) -> Estimate<Capture> {
        let visits = (share * self.rows()?).round().max(1.0);
        self.capture(visits as usize)
    }
}

fn caught(groups: &[Group], visits: f64) -> f64 {
    let (mut left, mut caught) = (visits, 0.0);
    for group in groups {
        let size = group.events + group.others;
        let visited = left.min(size);
        caught += group.events * visited / size;
        left -= visited;
    }
    caught
}
