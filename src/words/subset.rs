//! Which rows a measure is of.

use std::fmt;

use crate::validate::Subset;

impl fmt::Display for Subset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Subset::All => "all inspections",
            Subset::NotAlreadyInadequate => "not already the event",
            Subset::PreviouslyBetter => "graded before, and not the event",
            Subset::FirstInspections => "first inspections",
        })
    }
}
