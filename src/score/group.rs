//! Who is on the list, and how firmly.

use serde::{Deserialize, Serialize};

use super::explain::Explanation;
use crate::data::OutcomeRule;
use crate::stats::interval::Limits;

/// Where an authority stands towards the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// On the list, and in 95 of 100 re-fits too.
    Firm,
    /// On the list and not firm, or just below it with places that reach it.
    Borderline,
    /// Judged Inadequate last, or judged within twelve months: known without a score. Named where
    /// the score is as high as those of the list, and not counted in its capacity.
    Already,
    /// Not on the list.
    Off,
}

/// Whether it needs no score to be looked at, and so takes no place on the list.
pub(super) fn is_known_already(
    explained: &Explanation,
    rule: OutcomeRule,
    fresh_years: f64,
) -> bool {
    explained
        .previous_grade
        .is_some_and(|grade| rule.is_event(grade))
        || explained
            .years_since_inspection
            .is_some_and(|years| years < fresh_years)
}

/// The group of one that may be on the list.
pub(super) fn group(listed: bool, places: Option<Limits<usize>>, capacity: usize) -> Group {
    let within = places.is_some_and(|places| places.high <= capacity);
    let reaches = places.is_some_and(|places| places.low <= capacity);
    match (listed, within, reaches) {
        (true, true, _) => Group::Firm,
        (true, false, _) => Group::Borderline,
        (false, _, true) => Group::Borderline,
        (false, _, false) => Group::Off,
    }
}
