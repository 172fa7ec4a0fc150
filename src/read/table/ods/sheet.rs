//! Sheets, rows and cells that are kept, and how much of them.

use std::path::Path;

use crate::error::Error;

/// What one tag or run of text may come to, in bytes: it is the only piece of XML held at a time.
pub(super) const MAX_PIECE: u64 = 4 << 20;
/// How deep elements may nest. Spreadsheets need about ten levels.
pub(super) const MAX_DEPTH: usize = 256;
/// What the cells that are kept may come to, in bytes: about half a million of them.
pub(super) const MAX_KEPT: u64 = 128 << 20;
/// What a cell takes beside its text, its share of a row included, in bytes, rounded up.
pub(super) const CELL_BYTES: usize = 256;
/// Rows in which a header is looked for, from the top of a sheet.
pub(super) const HEADER_ROWS: u64 = 10;

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

pub(super) fn malformed(file: &Path, found: String) -> Error {
    Error::Malformed {
        file: file.to_owned(),
        line: None,
        column: None,
        found,
        expected: "an OpenDocument spreadsheet (.ods): download or save it again".to_owned(),
    }
}

pub(super) fn too_large(file: &Path, what: &'static str, limit: u64) -> Error {
    Error::TooLarge {
        file: file.to_owned(),
        what,
        limit,
    }
}
