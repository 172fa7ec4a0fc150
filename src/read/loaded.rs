//! What was read.

use super::load_report::LoadReport;
use crate::data::Panel;

/// What was read from a folder.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Figures, judgements and the register.
    pub panel: Panel,
    /// What became of every file.
    pub report: LoadReport,
}
