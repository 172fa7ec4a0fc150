//! Files as downloaded -> a panel, and a report of what became of every one.

pub mod inspections;
pub mod merge;
mod report;

pub use report::{FileReport, Layout, LoadReport, REFUSALS_KEPT, Refusal};
