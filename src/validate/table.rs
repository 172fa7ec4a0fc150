//! Predictions as CSV.

use super::backtest::Backtest;
use crate::error::{Error, Result};

impl Backtest {
    /// One row for each prediction, with the columns of the JSON.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if the CSV writer fails, which writing to memory does not.
    pub fn to_csv(&self) -> Result<String> {
        let not_csv = |error: csv::Error| Error::InvalidValue {
            what: "row of the CSV table",
            found: error.to_string(),
            expected: "text that can be written".to_owned(),
        };
        let mut writer = csv::Writer::from_writer(Vec::new());
        for prediction in &self.predictions {
            writer.serialize(prediction).map_err(not_csv)?;
        }
        let bytes = writer
            .into_inner()
            .map_err(|e| not_csv(e.into_error().into()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
