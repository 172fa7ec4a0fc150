//! The container: a zip archive with a type and `content.xml`.

use std::io::{BufReader, Read, Seek};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::content::Content;
use super::limits::{malformed, too_large};
use crate::error::{Error, Result};
use crate::read::table::sheet::{Row, Sheet};

/// What `content.xml` may come to when unpacked, in bytes. Ofsted's largest has 40 million.
const MAX_CONTENT: u64 = 512 << 20;

const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// The sheets that have a wanted row among their first ten.
///
/// # Errors
/// [`Error::Malformed`] if it is not a zip archive, not a spreadsheet, or if its XML is broken;
/// [`Error::TooLarge`] if it unpacks, nests or holds more than the limits above.
pub(crate) fn sheets(
    file: &Path,
    reader: impl Read + Seek,
    wanted: impl Fn(&Row) -> bool,
) -> Result<Vec<Sheet>> {
    let mut archive = ZipArchive::new(reader).map_err(|e| not_a_workbook(file, &e))?;
    check_mimetype(file, &mut archive)?;
    let content = archive
        .by_name("content.xml")
        .map_err(|e| not_a_workbook(file, &e))?;
    // It never unpacks to more than it declares: `zip` checks that.
    if content.size() > MAX_CONTENT {
        return Err(too_large(
            file,
            "content.xml, unpacked, in bytes",
            MAX_CONTENT,
        ));
    }
    let mut content = Content::new(file, BufReader::with_capacity(1 << 16, content));
    let mut sheets = Vec::new();
    while let Some(name) = content.next_sheet()? {
        sheets.extend(content.sheet(name, &wanted)?);
    }
    Ok(sheets)
}

fn check_mimetype(file: &Path, archive: &mut ZipArchive<impl Read + Seek>) -> Result<()> {
    // Old writers leave it out.
    let Ok(entry) = archive.by_name("mimetype") else {
        return Ok(());
    };
    let mut found = Vec::new();
    entry
        .take(80)
        .read_to_end(&mut found)
        .map_err(|e| not_a_workbook(file, &e.into()))?;
    if found.starts_with(MIMETYPE.as_bytes()) {
        return Ok(());
    }
    let found = String::from_utf8_lossy(&found);
    Err(malformed(file, format!("a file of type {found:?}")))
}

fn not_a_workbook(file: &Path, source: &ZipError) -> Error {
    let found = match source {
        ZipError::FileNotFound => "a zip archive without content.xml".to_owned(),
        other => format!("no whole zip archive ({other})"),
    };
    malformed(file, found)
}
