//! Ofsted's lists of social care providers -> homes, their owners and areas, and full inspections.
//!
//! A yearly list ("provider level at 31 March") has one row for each provider with its latest full
//! inspection, since 2024 with the one before too; an in-year list has one row for each inspection.
//! Columns are told by what their headings say, wherever the heading row stands; headings, title
//! rows and encodings differ from year to year.
//!
//! - What a yearly list says of a home is known from the 1 October after its 31 March, the latest
//!   day on which one was released; what the first list with a home in it says of the home is known
//!   from the home's first day, because an owner and an area are registered before anybody comes.
//! - A home that a later list lacks is gone from that list's release on.
//! - Rows with one event number, or of one home within [`SAME_INSPECTION_DAYS`], tell of one
//!   inspection: the last list's grades stand.
//! - An inspection without a day of publication counts as published [`DAYS_TO_PUBLICATION`] after
//!   its start (the median is 36).
//! - Monitoring inspections are history, and never an outcome.

mod header;
#[cfg(feature = "ods")]
mod in_year;
mod line;
mod owner;
mod settle;
mod text;

pub(crate) use header::is_heading;
#[cfg(feature = "ods")]
pub(crate) use in_year::read as read_workbook;
pub(crate) use line::List;
pub(crate) use settle::settle;
pub(crate) use text::read;

/// Days within which two rows of one home tell of one inspection.
pub(crate) const SAME_INSPECTION_DAYS: i32 = 14;

/// Days after its start by which a report is surely out.
pub(crate) const DAYS_TO_PUBLICATION: i64 = 70;
