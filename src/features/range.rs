//! Numbers within what they may be.

use crate::error::{Error, Result};

/// Refuses a number outside a range; also NaN.
pub(super) fn within(what: &'static str, found: f64, low: f64, high: f64) -> Result<()> {
    if (low..=high).contains(&found) {
        return Ok(());
    }
    Err(Error::InvalidValue {
        what,
        found: found.to_string(),
        expected: format!("{low} to {high}"),
    })
}
