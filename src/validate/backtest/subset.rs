//! Which rows of a back-test a measure is of.

use serde::{Deserialize, Serialize};

/// Which rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subset {
    /// Every row.
    All,
    /// Rows of authorities whose newest grade known was not Inadequate.
    NotAlreadyInadequate,
}
