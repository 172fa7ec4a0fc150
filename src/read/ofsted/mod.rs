//! Ofsted's workbooks as published: tables of inspections, recognised by their header row.
//!
//! Two layouts are known, and both come to groups of columns, one group for each inspection:
//! - wide ("LA_inspections_2009-2023"): one row for each authority, named without a code, with a
//!   group for each inspection under SLAC, CPI, TLAC, SIF and ILACS, and publication dates only.
//!   A second table further down lists abolished authorities under a header of its own;
//! - history ("ILACS_inspection_history"): one row for each ILACS inspection, with the authority's
//!   code and the first day of fieldwork.
//!
//! A sheet saved as CSV is read as it is in its workbook, its title rows included.

mod cell;
mod header;
mod workbook;

pub use workbook::InspectionSheet;
#[cfg(feature = "ods")]
pub use workbook::read;
pub(crate) use workbook::read_csv;

use super::table::sheet::Row;

/// Whether a row is the header of a known layout.
pub(crate) fn is_header(row: &Row) -> bool {
    header::Table::recognise(row).is_some()
}
