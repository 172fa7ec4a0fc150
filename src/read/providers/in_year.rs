//! The in-year sheet of Ofsted's workbooks, which has every inspection of a year.

use std::io::{Read, Seek};
use std::path::Path;

use super::header::{Header, is_heading};
use super::line::List;
use crate::error::Result;
use crate::read::load_report::{FileReport, Layout};
use crate::read::table::ods::workbook;
use crate::read::table::sheet::Row;

/// Every sheet of a workbook that is a list of providers, each with its report.
///
/// # Errors
/// Those of reading a workbook; [`Error::Malformed`](crate::Error::Malformed) if a column is missing.
pub(crate) fn read(
    file: &Path,
    reader: impl Read + Seek,
    sha256: &str,
) -> Result<Vec<(List, FileReport)>> {
    let heading = |row: &Row| is_heading(row.cells.iter().map(|cell| cell.text.as_str()));
    let mut read = Vec::new();
    for sheet in workbook::sheets(file, reader, heading)? {
        let mut report = FileReport::new(file.to_owned(), Layout::Providers, sha256.to_owned());
        report.notes.push(format!("sheet {}", sheet.name));
        let mut list: Option<List> = None;
        let mut title = String::new();
        for row in &sheet.rows {
            match &mut list {
                None if heading(row) => {
                    let header = Header::new(file, row.number, &cells(row))?;
                    // A list without an inspection ("Providers and places") says nothing new.
                    list = Some(List::new(header, &title));
                }
                None => title.extend([row.text(0), " "]),
                Some(list) => list.take(row.number, &|at| row.text(at as u64), &mut report),
            }
        }
        if let Some(list) = list {
            list.told(&mut report);
            read.push((list, report));
        }
    }
    Ok(read)
}

fn cells(row: &Row) -> Vec<String> {
    let last = row
        .cells
        .last()
        .map_or(0, |cell| cell.column + cell.repeated);
    (0..last).map(|at| row.text(at).to_owned()).collect()
}
