//! Figures that stand twice.

use super::observation::Observation;

/// The row of a file that a figure came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The reader's number of the file.
    pub file: u16,
    /// One-based line.
    pub line: u64,
}

/// Two figures for the same thing known on the same day, which differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conflict {
    /// The figure that comes first by its source's rank, and its row.
    pub first: (Observation, Origin),
    /// The other figure, and its row.
    pub second: (Observation, Origin),
    /// Whether the first was kept, because its source has precedence; otherwise neither was.
    pub kept_first: bool,
}
