//! The bytes of a list -> rows of text.
//!
//! Lists came as UTF-8, as Windows-1252 and as Mac Roman. The two last cannot be told apart for
//! sure: what is a punctuation mark in Windows-1252 (0x80 to 0x9F) is a letter in Mac Roman, and
//! dashes and quotation marks of Mac Roman (0xD0 to 0xD5) are capital letters of Windows-1252, which
//! English text does not have. What was assumed is noted.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::header::{Header, is_heading};
use super::line::List;
use crate::error::{Error, Result};
use crate::read::load_report::FileReport;
use crate::read::table::guard;

/// Bytes that a list may have; the largest published has 1.6 million.
const LARGEST: u64 = 1 << 28;

/// Reads a list.
///
/// # Errors
/// [`Error::Io`], [`Error::TooLarge`], and [`Error::Malformed`] if a column is missing or the file
/// is no CSV; single bad rows are refused and listed in the report.
pub(crate) fn read(path: &Path, report: &mut FileReport) -> Result<List> {
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(io)?;
    let malformed = |line, found, expected: &str| Error::Malformed {
        file: path.to_owned(),
        line,
        column: None,
        found,
        expected: expected.to_owned(),
    };
    if bytes.len() as u64 > LARGEST {
        let found = format!("more than {LARGEST} bytes");
        return Err(malformed(None, found, "a list of providers"));
    }
    report.sha256 = guard::sha256(bytes.as_slice()).map_err(io)?;
    let text = decoded(&bytes, report);
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut list = None;
    let mut record = csv::StringRecord::new();
    let mut title = String::new();
    loop {
        let more = rows.read_record(&mut record);
        let line = record.position().map(csv::Position::line);
        match more {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => return Err(malformed(line, error.to_string(), "a CSV file")),
        }
        let number = line.unwrap_or_default();
        match &mut list {
            None if is_heading(record.iter()) => {
                let cells: Vec<String> = record.iter().map(str::to_owned).collect();
                list = Some(List::new(Header::new(path, number, &cells)?, &title));
            }
            // Titles stand above.
            None => title.extend([record.get(0).unwrap_or_default(), " "]),
            Some(list) => list.take(number, &|at| record.get(at).unwrap_or_default(), report),
        }
    }
    let list = list.ok_or_else(|| {
        malformed(
            None,
            "no heading row".to_owned(),
            "a row with URN and Provision type",
        )
    })?;
    list.told(report);
    Ok(list)
}

fn decoded(bytes: &[u8], report: &mut FileReport) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let punctuation = bytes.iter().any(|byte| (0x80..=0x9f).contains(byte));
    let dashes = bytes.iter().any(|byte| (0xd0..=0xd5).contains(byte));
    let mac = dashes && !punctuation;
    let name = if mac { "Mac Roman" } else { "Windows-1252" };
    report.notes.push(format!("not UTF-8: read as {name}"));
    let sign = |&byte: &u8| match (mac, byte) {
        (_, 0..=0x7f) => char::from(byte),
        (true, 0xd0) | (false, 0x96) => '\u{2013}',
        (true, 0xd1) | (false, 0x97) => '\u{2014}',
        (true, 0xd2) | (false, 0x93) => '\u{201c}',
        (true, 0xd3) | (false, 0x94) => '\u{201d}',
        (true, 0xd4) | (false, 0x91) => '\u{2018}',
        (true, 0xd5) | (false, 0x92) => '\u{2019}',
        (true, 0xca) => ' ',
        (false, 0xa0..) => char::from(byte),
        // No key is made of any other sign.
        _ => char::REPLACEMENT_CHARACTER,
    };
    bytes.iter().map(sign).collect()
}
