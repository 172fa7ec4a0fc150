//! What was read.

use super::load_report::LoadReport;
use crate::data::{Panel, ReleaseCalendar};

/// What was read from a folder.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Figures, judgements and the register.
    pub panel: Panel,
    /// Release days: those known beforehand, and those of calendar files.
    pub calendar: ReleaseCalendar,
    /// What became of every file.
    pub report: LoadReport,
}
