//! Ofsted's workbooks as published: tables of inspections, recognised by their header row.
//!
//! Two layouts are known, and both come to groups of columns, one group for each inspection:
//! - wide ("LA_inspections_2009-2023"): one row for each authority, named without a code, with a
//!   group for each inspection under SLAC, CPI, TLAC, SIF and ILACS, and publication dates only.
//!   A second table further down lists abolished authorities under a header of its own;
//! - history ("ILACS_inspection_history"): one row for each ILACS inspection, with the authority's
//!   code and the first day of fieldwork.

mod cell;
mod header;
mod workbook;

pub use workbook::{InspectionSheet, read};
