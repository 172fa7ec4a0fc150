//! How much of a workbook is read and kept, and what is said beyond.

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
