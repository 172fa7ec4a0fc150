//! Files as downloaded -> a panel, and a report of what became of every one.
//!
//! A file is recognised by its header, never by its name. Where two files state a figure for the
//! same thing, known on the same day, and differ, one goes before the other in this order, whatever
//! the files are called: the older workforce layout (closest to the first release), statistics
//! files, the Local Authority Interactive Tool, [`tidy`] figures, [`wide`] tables. Within one of
//! these neither is taken. Every such case is in the [`LoadReport`].

mod area;
mod cell;
mod conflict;
mod deprivation;
pub mod events;
mod folder;
mod guard;
pub mod inspections;
mod intake;
mod joint_inspections;
mod layouts;
mod mapping;
mod measure;
pub mod merge;
mod neighbours;
#[cfg(feature = "ods")]
mod ods;
#[cfg(feature = "ods")]
pub mod ofsted;
mod rates;
mod recognise;
mod report;
mod settings;
mod statistics;
mod table;
pub mod tidy;
pub mod wide;
mod write;

use std::path::Path;

pub use folder::Folder;
pub use report::{FileReport, Layout, LoadReport, REFUSALS_KEPT, Refusal};

use crate::data::Panel;
use crate::error::Result;

/// What was read from a folder.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Figures, judgements and the register.
    pub panel: Panel,
    /// What became of every file.
    pub report: LoadReport,
}

/// Reads a folder and its direct subfolders with the built-in register and release calendar.
///
/// # Errors
/// See [`Folder::read`].
pub fn folder(path: impl AsRef<Path>) -> Result<Loaded> {
    Folder::new(path).read()
}
