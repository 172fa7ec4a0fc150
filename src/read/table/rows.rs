//! A CSV file with a header, read row by row: whatever breaks it is an error naming the line.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use csv::StringRecord;

use super::guard::{Endless, Guarded, RECORD_LIMIT};
use crate::error::{Error, Result};
use crate::read::load_report::FileReport;

/// A CSV file being read.
pub(crate) struct Table<R = File> {
    path: PathBuf,
    reader: csv::Reader<Guarded<R>>,
    header: Vec<String>,
    header_line: u64,
    above: usize,
    titles: String,
    record: StringRecord,
}

/// One row.
pub(crate) struct Row<'a> {
    /// One-based line.
    pub(crate) line: u64,
    record: &'a StringRecord,
}

impl<'a> Row<'a> {
    /// A row that was kept.
    pub(crate) fn kept((line, record): &'a (u64, StringRecord)) -> Row<'a> {
        Row {
            line: *line,
            record,
        }
    }

    /// Its line and cells, to be kept.
    pub(crate) fn to_kept(&self) -> (u64, StringRecord) {
        (self.line, self.record.clone())
    }

    /// The text of the column at that place, without surrounding blanks.
    pub(crate) fn text(&self, at: usize) -> &'a str {
        let text = self.record.get(at).unwrap_or_default();
        // Most texts begin and end with what is surely no blank.
        let plain = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
        match plain(text.as_bytes().first()) && plain(text.as_bytes().last()) {
            true => text,
            false => text.trim(),
        }
    }
}

impl Table {
    /// Opens a file and reads its header, which has so many records above it.
    pub(crate) fn open(path: &Path, above: usize) -> Result<Self> {
        Table::below(path, Guarded::open(path)?, above)
    }

    /// The same file from its first row, under the names that its columns have by now.
    pub(crate) fn again(&self) -> Result<Self> {
        let again = Table::open(&self.path, self.above)?;
        Ok(Table {
            header: self.header.clone(),
            ..again
        })
    }
}

impl<R: Read> Table<R> {
    /// Reads the header of a table; the path is for messages.
    pub(crate) fn new(path: &Path, reader: R) -> Result<Self> {
        Table::below(path, Guarded::new(reader), 0)
    }

    fn below(path: &Path, reader: Guarded<R>, above: usize) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(reader);
        let mut record = StringRecord::new();
        let (mut header_line, mut titles) = (1, String::new());
        for _ in 0..=above {
            titles.extend(record.iter().flat_map(|title| [title, " "]));
            let read = reader.read_record(&mut record);
            header_line = reader.get_mut().next_record_line().unwrap_or(1);
            read.map_err(|error| broken(path, &[], Some(header_line), error))?;
        }
        Ok(Table {
            path: path.to_owned(),
            header: record.iter().map(|name| name.trim().to_owned()).collect(),
            header_line,
            above,
            titles,
            reader,
            record,
        })
    }

    /// Calls columns of older releases by the names of the newest, in any case.
    pub(crate) fn rename(&mut self, names: &[(&str, &str)]) {
        for header in &mut self.header {
            if let Some((_, newer)) = names
                .iter()
                .find(|(older, _)| header.eq_ignore_ascii_case(older))
            {
                (*newer).clone_into(header);
            }
        }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The names of its columns.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// The texts that stand above its header.
    pub(crate) fn titles(&self) -> &str {
        &self.titles
    }

    /// Notes the columns that are none of `known`.
    pub(crate) fn note_others(&self, known: &[&str], report: &mut FileReport) {
        let others = self.header.iter().map(String::as_str);
        let others: Vec<&str> = others.filter(|name| !known.contains(name)).collect();
        if !others.is_empty() {
            report
                .notes
                .push(format!("columns ignored: {}", others.join(", ")));
        }
    }

    /// The place of a column that has to be there.
    pub(crate) fn column(&self, name: &str) -> Result<usize> {
        let found = || format!("no such column among {}", self.header.join(", "));
        self.optional(name)?
            .ok_or_else(|| self.malformed_header(name, found(), "a column of this name"))
    }

    /// The place of a column that may be there, once.
    pub(crate) fn optional(&self, name: &str) -> Result<Option<usize>> {
        let mut places = (0..self.header.len()).filter(|&at| self.header[at] == name);
        let place = places.next();
        match places.next() {
            Some(_) => Err(self.malformed_header(
                name,
                "two columns of this name".to_owned(),
                "one: remove or rename the other",
            )),
            None => Ok(place),
        }
    }

    /// The places of columns that have to be there.
    pub(crate) fn columns<const N: usize>(&self, names: [&str; N]) -> Result<[usize; N]> {
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(names) {
            *place = self.column(name)?;
        }
        Ok(places)
    }

    /// An error in the header.
    pub(crate) fn malformed_header(&self, column: &str, found: String, expected: &str) -> Error {
        Error::Malformed {
            file: self.path.clone(),
            line: Some(self.header_line),
            column: Some(column.to_owned()),
            found: shortened(found),
            expected: expected.to_owned(),
        }
    }

    /// The next row, or `None` after the last.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>> {
        let read = self.reader.read_record(&mut self.record);
        let line = self.reader.get_mut().next_record_line();
        match read {
            Ok(true) if self.record.len() != self.header.len() => {
                let (found, expected) = (self.record.len(), self.header.len());
                Err(Error::Malformed {
                    file: self.path.clone(),
                    line,
                    column: None,
                    found: format!("{found} fields"),
                    expected: format!(
                        "{expected} fields as in the header: the file may be cut off here"
                    ),
                })
            }
            Ok(true) => Ok(Some(Row {
                line: line.unwrap_or_default(),
                record: &self.record,
            })),
            Ok(false) => self.check_end().map(|()| None),
            Err(error) => Err(broken(&self.path, &self.header, line, error)),
        }
    }

    fn check_end(&self) -> Result<()> {
        let guarded = self.reader.get_ref();
        if guarded.inside_quotes() {
            return Err(Error::Malformed {
                file: self.path.clone(),
                line: Some(guarded.line()),
                column: None,
                found: "the end of the file inside a quotation".to_owned(),
                expected: "a closing quotation mark: the file may be cut off here".to_owned(),
            });
        }
        Ok(())
    }

    /// SHA-256 of the file, once every row was read.
    pub(crate) fn sha256(&self) -> String {
        self.reader.get_ref().sha256()
    }

    /// Whether the last row was ended by a line break, once every row was read.
    pub(crate) fn ends_with_line_break(&self) -> bool {
        self.reader.get_ref().ends_with_line_break()
    }
}

/// A header of any length, cut so that a message stays readable.
fn shortened(text: String) -> String {
    const SHOWN: usize = 2000;
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text,
    }
}

/// What the CSV reader met, with the file, line and column.
pub(super) fn broken(
    path: &Path,
    header: &[String],
    line: Option<u64>,
    error: csv::Error,
) -> Error {
    let malformed =
        |line, column: Option<String>, found: String, expected: &str| Error::Malformed {
            file: path.to_owned(),
            line,
            column,
            found,
            expected: expected.to_owned(),
        };
    match error.into_kind() {
        csv::ErrorKind::Utf8 { err, .. } => malformed(
            line,
            header.get(err.field()).cloned(),
            "bytes that are not UTF-8".to_owned(),
            "UTF-8 text: save the file again as \"CSV UTF-8\"",
        ),
        csv::ErrorKind::Io(source) => match source.get_ref().and_then(|e| e.downcast_ref()) {
            Some(Endless::Record { line }) => malformed(
                Some(*line),
                None,
                format!("a line longer than {RECORD_LIMIT} bytes"),
                "shorter lines: is this a CSV file?",
            ),
            Some(Endless::Growing) => malformed(
                line,
                None,
                "more than the file held when it was opened".to_owned(),
                "a file that nothing writes to while it is read: try again when it is finished",
            ),
            None => Error::Io {
                path: path.to_owned(),
                source,
            },
        },
        kind => malformed(line, None, format!("{kind:?}"), "a CSV file"),
    }
}
