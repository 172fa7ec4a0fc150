//! Frameworks of inspection, and what an inspection under one of them covered.

use std::fmt;

use serde::{Serialize, Serializer};

use super::intern::Interner;
use super::judgement::{JudgementKey, Keys};

/// An inspection framework of a service, the oldest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Framework(&'static FrameworkRow);

/// A framework as it is declared.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FrameworkRow {
    /// 0 for the oldest.
    pub(crate) place: u8,
    /// Its abbreviation.
    pub(crate) name: &'static str,
    /// Which judgements decide the overall grade.
    pub(crate) key: Keys,
    /// Whether its full inspections are like for like and so learned from.
    pub(crate) like_for_like: bool,
    /// Days before publication that stand for an unknown first day of fieldwork.
    pub(crate) days_to_publication: i64,
}

/// Which services an inspection covered.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(&'static ScopeRow);

/// A scope as it is declared.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ScopeRow {
    /// The order in which scopes are declared.
    pub(crate) place: u8,
    /// Its name in files.
    pub(crate) name: &'static str,
    /// Whether it is the whole of the service: a full inspection.
    pub(crate) full: bool,
    /// Whether its grade counts as the organisation's previous grade.
    pub(crate) speaks: bool,
}

static DECLARED: Interner<FrameworkRow> = Interner::new();
static SCOPES: Interner<ScopeRow> = Interner::new();

impl Framework {
    pub(crate) const fn built_in(row: &'static FrameworkRow) -> Self {
        Framework(row)
    }

    pub(crate) fn declare(row: FrameworkRow) -> Self {
        Framework(DECLARED.get(row))
    }

    /// The framework's abbreviation.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// The judgements that decide its overall grade.
    pub fn key_judgements(self) -> impl Iterator<Item = JudgementKey> {
        self.0.key.iter()
    }

    /// Whether its full inspections are like for like: outcomes to learn from and to be tested on.
    pub fn is_like_for_like(self) -> bool {
        self.0.like_for_like
    }

    /// Days before publication that stand for an unknown first day of fieldwork.
    pub fn days_to_publication(self) -> i64 {
        self.0.days_to_publication
    }
}

impl Scope {
    pub(crate) const fn built_in(row: &'static ScopeRow) -> Self {
        Scope(row)
    }

    pub(crate) fn declare(row: ScopeRow) -> Self {
        Scope(SCOPES.get(row))
    }

    /// Its name in files.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Whether it is the whole of the service.
    pub fn is_full(self) -> bool {
        self.0.full
    }

    /// Whether its grade counts as the organisation's previous grade.
    pub fn speaks_for_all(self) -> bool {
        self.0.speaks
    }
}

macro_rules! written_by_name {
    ($kind:ty) => {
        impl fmt::Debug for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl Serialize for $kind {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}

written_by_name!(Framework);
written_by_name!(Scope);
