//! A streaming reader of OpenDocument spreadsheets: the rows of the sheets that are wanted.
//!
//! Memory is bounded by construction, whatever the file says. `content.xml` is never held as a
//! whole; repeated cells and rows are kept as counts and never expanded, so that a sheet takes no
//! more room than its own XML; sheets without a wanted header keep nothing; and what is read,
//! nested and kept has the limits below. That is why calamine is not used: it reads every sheet
//! at once and expands repeats.
//!
//! Element names are compared with the prefixes that every office suite writes (`table:`,
//! `text:`, `office:`), not through their namespaces.

mod content;
mod element;
mod limits;
mod metered;
pub(crate) mod workbook;
