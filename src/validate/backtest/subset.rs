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
    /// All of them; a back-test has those of its service.
    pub const ALL: [Subset; 4] = [
        Subset::All,
        Subset::NotAlreadyInadequate,
        Subset::PreviouslyBetter,
        Subset::FirstInspections,
    ];

    /// Those that stand in every table: where first inspections are told apart, those beside them
    /// have a grade.
    pub(crate) fn of(first_inspections: bool) -> &'static [Subset] {
        match first_inspections {
            true => &[
                Subset::All,
                Subset::PreviouslyBetter,
                Subset::FirstInspections,
            ],
            false => &[Subset::All, Subset::NotAlreadyInadequate],
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
