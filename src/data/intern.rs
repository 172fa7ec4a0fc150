//! Rows that are declared once, named everywhere and kept for the life of the program.
//!
//! They come from built-in tables and from services described in files, never from figures, so that
//! what is kept stays as small as they are.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

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

/// A row with a name that files use.
pub(crate) trait Named: Ord + 'static {
    fn name(&self) -> &str;
}

/// The declared rows of one kind.
pub(crate) struct Interner<T: 'static>(Mutex<BTreeSet<&'static T>>);

impl<T: Named> Interner<T> {
    pub(crate) const fn new() -> Self {
        Interner(Mutex::new(BTreeSet::new()))
    }

    /// The one copy of a row.
    pub(crate) fn get(&self, row: T) -> &'static T {
        let mut rows = self.rows();
        if let Some(known) = rows.get(&row) {
            return known;
        }
        let kept: &'static T = Box::leak(Box::new(row));
        rows.insert(kept);
        kept
    }

    /// The rows of a name: more than one where services differ.
    pub(crate) fn named<U: From<&'static T>>(&self, name: &str) -> Vec<U> {
        let rows = self.rows();
        let found = rows.iter().filter(|row| row.name() == name);
        found.map(|row| U::from(row)).collect()
    }

    // A set is whole even if its holder panicked between two insertions.
    fn rows(&self) -> MutexGuard<'_, BTreeSet<&'static T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
