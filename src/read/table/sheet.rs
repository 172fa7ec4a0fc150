//! Sheets, rows and cells that are kept of a workbook, or of a sheet saved as CSV.

use std::path::Path;

use super::guard::Guarded;
use super::rows::broken;
use crate::error::Result;

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

impl Row {
    /// A record of a CSV file.
    pub fn of_record<'a>(number: u64, fields: impl Iterator<Item = &'a str>) -> Row {
        let cells = fields.map(str::trim).zip(0..);
        let cells = cells.filter(|(text, _)| !text.is_empty());
        Row {
            number,
            repeated: 1,
            cells: cells
                .map(|(text, column)| Cell {
                    column,
                    repeated: 1,
                    text: text.to_owned(),
                })
                .collect(),
        }
    }
}

impl Sheet {
    /// A sheet saved as CSV, and the SHA-256 of the file. Rows may be of any width.
    pub fn from_csv(path: &Path) -> Result<(Sheet, String)> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(Guarded::open(path)?);
        let (mut rows, mut record) = (Vec::new(), csv::StringRecord::new());
        loop {
            let read = reader.read_record(&mut record);
            let line = reader.get_mut().next_record_line();
            if !read.map_err(|error| broken(path, &[], line, error))? {
                break;
            }
            rows.push(Row::of_record(line.unwrap_or_default(), record.iter()));
        }
        let name = "saved as CSV".to_owned();
        Ok((Sheet { name, rows }, reader.get_ref().sha256()))
    }
}
