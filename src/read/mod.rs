//! Files as downloaded -> a panel, and a report of what became of every one.
//!
//! A file is recognised by its header, never by its name. Where two files state a figure for the
//! same thing, known on the same day, and differ, one goes before the other in this order, whatever
//! the files are called: the older workforce layout (closest to the first release), statistics
//! files, the Local Authority Interactive Tool, [`tidy`] figures, [`wide`] tables. Within one of
//! these neither is taken. Every such case is in the [`LoadReport`].

pub(crate) mod area;
pub(crate) mod conflict;
mod counts;
pub(crate) mod folder;
mod found;
pub(crate) mod intake;
pub(crate) mod load_report;
mod loaded;
pub mod merge;
pub(crate) mod official;
pub mod ofsted;
pub(crate) mod own;
pub(crate) mod providers;
pub(crate) mod recognise;
pub(crate) mod table;

pub use official::sources::to_fetch;
pub use own::{events, inspections, template, tidy, wide};
use std::path::Path;

pub use folder::Folder;
pub use load_report::{FileReport, Layout, LoadReport, REFUSALS_KEPT, Refusal};
pub use loaded::Loaded;

use crate::error::Result;

/// Reads a folder and its direct subfolders with the built-in register and release calendar.
///
/// # Errors
/// See [`Folder::read`].
pub fn folder(path: impl AsRef<Path>) -> Result<Loaded> {
    Folder::new(path).read()
}
