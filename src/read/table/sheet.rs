//! Sheets, rows and cells that are kept of a workbook, or of a sheet saved as CSV.

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
