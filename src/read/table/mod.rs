//! Cells, rows and sheets: the shapes that files come in.

pub(crate) mod cell;
pub(crate) mod day;
pub(crate) mod guard;
#[cfg(feature = "ods")]
pub(crate) mod ods;
pub(crate) mod rows;
pub(crate) mod sheet;
pub(crate) mod write;
