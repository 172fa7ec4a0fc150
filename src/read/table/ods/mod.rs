//! A streaming reader of OpenDocument spreadsheets: the rows of the sheets that are wanted.
//!
//! Memory is bounded by construction, whatever the file says. `content.xml` is never held as a
//! whole; repeated cells and rows are kept as counts and never expanded, so that a sheet takes no
//! more room than its own XML; sheets without a wanted header keep nothing; and what is read,
//! nested and kept has the limits below. That is why calamine is not used: it reads every sheet
//! at once and expands repeats.
//!
//! Element names are compared with the prefixes that every office suite writes (`table:`,
//! `text:`, `office:`), not through their namespaces.

mod content;
mod element;
mod metered;

use std::io::{BufReader, Read, Seek};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::{Error, Result};
use content::Content;

/// What `content.xml` may come to when unpacked, in bytes. Ofsted's largest has 40 million.
const MAX_CONTENT: u64 = 512 << 20;
/// What one tag or run of text may come to, in bytes: it is the only piece of XML held at a time.
const MAX_PIECE: u64 = 4 << 20;
/// How deep elements may nest. Spreadsheets need about ten levels.
const MAX_DEPTH: usize = 256;
/// What the cells that are kept may come to, in bytes: about half a million of them.
const MAX_KEPT: u64 = 128 << 20;
/// What a cell takes beside its text, its share of a row included, in bytes, rounded up.
const CELL_BYTES: usize = 256;
/// Rows in which a header is looked for, from the top of a sheet.
const HEADER_ROWS: u64 = 10;

const MIMETYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

/// A sheet with one of the wanted headers.
#[derive(Debug)]
pub(crate) struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows with any text, in order.
    pub rows: Vec<Row>,
}

/// One row, or several equal ones.
#[derive(Debug)]
pub(crate) struct Row {
    /// One-based number in the sheet.
    pub number: u64,
    /// How many equal rows stand here.
    pub repeated: u64,
    /// Its cells with any text, in order.
    pub cells: Vec<Cell>,
}

/// One cell, or several equal ones.
#[derive(Debug)]
pub(crate) struct Cell {
    /// Zero-based column of the first.
    pub column: u64,
    /// How many equal cells stand side by side.
    pub repeated: u64,
    /// The text shown, or the ISO date or plain number of a typed cell.
    pub text: String,
}

impl Row {
    /// The text in a column, empty where there is none.
    pub fn text(&self, column: u64) -> &str {
        let after = self.cells.partition_point(|c| c.column <= column);
        let cell = after.checked_sub(1).and_then(|at| self.cells.get(at));
        cell.filter(|c| column - c.column < c.repeated)
            .map_or("", |c| c.text.as_str())
    }
}

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

fn malformed(file: &Path, found: String) -> Error {
    Error::Malformed {
        file: file.to_owned(),
        line: None,
        column: None,
        found,
        expected: "an OpenDocument spreadsheet (.ods): download or save it again".to_owned(),
    }
}

fn too_large(file: &Path, what: &'static str, limit: u64) -> Error {
    Error::TooLarge {
        file: file.to_owned(),
        what,
        limit,
    }
}
