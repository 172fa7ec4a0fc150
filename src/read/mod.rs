//! Files as downloaded -> a panel, and a report of what became of every one.

pub mod inspections;
pub mod merge;
#[cfg(feature = "ods")]
mod ods;
#[cfg(feature = "ods")]
pub mod ofsted;
mod report;

pub use report::{FileReport, Layout, LoadReport, REFUSALS_KEPT, Refusal};
