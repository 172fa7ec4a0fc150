//! The grades that an inspectorate gives, from best to worst.

use std::fmt;

use serde::{Serialize, Serializer};

use super::intern::Interner;

/// A grade of a service's scale. Grades of one scale order from best to worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grade(&'static GradeRow);

/// A grade as it is declared.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GradeRow {
    /// 0 for the best.
    pub(crate) place: u8,
    /// How many grades its scale has.
    pub(crate) of: u8,
    /// In files: `requires_improvement`.
    pub(crate) name: &'static str,
    /// As reports write it: `Requires improvement`.
    pub(crate) words: &'static str,
    /// In a drawing: `RI`.
    pub(crate) short: &'static str,
}

static DECLARED: Interner<GradeRow> = Interner::new();

impl Grade {
    pub(crate) const fn built_in(row: &'static GradeRow) -> Self {
        Grade(row)
    }

    pub(crate) fn declare(row: GradeRow) -> Self {
        Grade(DECLARED.get(row))
    }

    /// Its name in files.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The grade as inspection reports write it.
    pub fn words(self) -> &'static str {
        self.0.words
    }

    /// A letter or three for it.
    pub fn short(self) -> &'static str {
        self.0.short
    }

    /// 1 for the best, then upwards, as Ofsted numbers its grades.
    pub fn number(self) -> f64 {
        f64::from(self.0.place) + 1.0
    }

    /// Whether it is the worst of its scale.
    pub fn is_worst(self) -> bool {
        self.0.place + 1 == self.0.of
    }

    /// Its number, the worst grade counted as the one before it.
    pub fn capped_number(self) -> f64 {
        self.number().min(f64::from(self.0.of) - 1.0)
    }

    /// Its place on its scale, 0 for the best.
    pub(crate) fn place(self) -> usize {
        usize::from(self.0.place)
    }
}

impl fmt::Debug for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}

impl Serialize for Grade {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
