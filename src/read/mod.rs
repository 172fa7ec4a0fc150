//! Files as downloaded -> a panel, and a report of what became of every one.

mod report;

pub use report::{FileReport, Layout, LoadReport, REFUSALS_KEPT, Refusal};
