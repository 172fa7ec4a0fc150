//! Rows of text -> a CSV file.

use std::io::Write;
use std::path::PathBuf;

use crate::error::{Error, Result};

/// Writes a header and rows; `what` stands for the file in an error.
pub(crate) fn rows<const N: usize>(
    what: &str,
    header: [&str; N],
    rows: impl Iterator<Item = [String; N]>,
    to: impl Write,
) -> Result<()> {
    let failed = |error: csv::Error| Error::Io {
        path: PathBuf::from(what),
        source: error.into(),
    };
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        writer.write_record(row).map_err(failed)?;
    }
    writer.flush().map_err(|error| failed(error.into()))
}
