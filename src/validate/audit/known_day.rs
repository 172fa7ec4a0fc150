//! Nothing in a matrix may have become known after its row's day.

use jiff::civil::Date;

use crate::error::{Error, Result};
use crate::features::FeatureMatrix;

/// Refuses a matrix in which any cell was known only after its row's day.
///
/// # Errors
/// [`Error::Leak`] naming authority, feature and days; [`Error::Shape`] unless there is one day for
/// each row.
pub fn audit(matrix: &FeatureMatrix, days: &[Date]) -> Result<()> {
    if days.len() != matrix.rows().len() {
        return Err(Error::Shape {
            what: "as-of dates",
            found: days.len(),
            expected: matrix.rows().len(),
        });
    }
    for (row, (&(authority, _), &as_of)) in matrix.rows().iter().zip(days).enumerate() {
        for (column, cell) in matrix.columns().iter().zip(matrix.row(row)) {
            if let Some(known_from) = cell.known_from.filter(|known| *known > as_of) {
                let feature = column.name.clone();
                return Err(Error::Leak {
                    organisation: authority.to_string(),
                    feature,
                    known_from,
                    as_of,
                });
            }
        }
    }
    Ok(())
}
