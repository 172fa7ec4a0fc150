//! Rows that are declared once, named everywhere and kept for the life of the program.
//!
//! They come from built-in tables and from services described in files, never from figures, so that
//! what is kept stays as small as they are.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// The one copy of a text.
pub(crate) fn text(text: &str) -> &'static str {
    static TEXTS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = texts.get(text) {
        return known;
    }
    let kept: &'static str = Box::leak(text.into());
    texts.insert(kept);
    kept
}

/// The rows of one kind.
pub(crate) struct Interner<T: 'static>(Mutex<BTreeSet<&'static T>>);

impl<T: Ord> Interner<T> {
    pub(crate) const fn new() -> Self {
        Interner(Mutex::new(BTreeSet::new()))
    }

    /// The one copy of a row.
    pub(crate) fn get(&self, row: T) -> &'static T {
        // A set is whole even if its holder panicked between two insertions.
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = rows.get(&row) {
            return known;
        }
        let kept: &'static T = Box::leak(Box::new(row));
        rows.insert(kept);
        kept
    }

    /// Every row.
    pub(crate) fn every(&self) -> Vec<&'static T> {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.iter().copied().collect()
    }
}
