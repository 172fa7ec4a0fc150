//! Which rows of a back-test a measure is of.

use serde::{Deserialize, Serialize};

use super::prediction::Prediction;

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Subset {
    /// Every row.
    All,
    /// Rows of organisations whose newest grade known was not the event.
    NotAlreadyInadequate,
    /// Rows of organisations with a grade known that was not the event.
    PreviouslyBetter,
    /// Rows of organisations without a grade known.
    FirstInspections,
}

impl Subset {
    /// Those that stand in every table, and where first inspections are told apart, all.
    pub(crate) fn of(first_inspections: bool) -> &'static [Subset] {
        const EVERY: [Subset; 4] = [
            Subset::All,
            Subset::NotAlreadyInadequate,
            Subset::PreviouslyBetter,
            Subset::FirstInspections,
        ];
        match first_inspections {
            true => &EVERY,
            false => &EVERY[..2],
        }
    }

    /// Whether it has the row.
    pub fn has(self, row: &Prediction) -> bool {
        match self {
            Subset::All => true,
            Subset::NotAlreadyInadequate => !row.already_inadequate,
            Subset::PreviouslyBetter => !row.already_inadequate && !row.first_inspection,
            Subset::FirstInspections => row.first_inspection,
        }
    }
}
