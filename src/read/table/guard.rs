//! Reads a file once: hashes it, and refuses a record that is too long before it is buffered.

use std::collections::VecDeque;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// Bytes that one record may have: a file without line breaks cannot fill the memory.
pub(crate) const RECORD_LIMIT: usize = 1 << 20;

/// Where a byte stands, by the rules of the `csv` crate: a quote opens only at the start of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    FieldStart,
    Field,
    Quoted,
    QuoteInQuoted,
}

/// A reader that passes bytes on, hashes them and measures the record they belong to. It keeps the
/// lines on which records begin, too: those of the `csv` crate are off by one after `\r\n`.
pub(crate) struct Guarded<R> {
    inner: R,
    hash: Sha256,
    place: Place,
    length: usize,
    line: u64,
    // Where the record of the last byte begins.
    record: u64,
    last: u8,
    // Of the records passed on but not yet asked for: as many as fit into one buffer.
    begun: VecDeque<u64>,
    mark: &'static [u8],
    // Bytes that it had when it was opened, less those read.
    left: u64,
}

/// The error behind an `io::Error`: what is read may never end.
#[derive(Debug)]
pub(crate) enum Endless {
    /// A record is longer than [`RECORD_LIMIT`].
    Record { line: u64 },
    /// There is more in the file than when it was opened.
    Growing,
}

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endless::Record { line } => write!(f, "line {line}: longer than {RECORD_LIMIT} bytes"),
            Endless::Growing => f.write_str("longer than when it was opened"),
        }
    }
}

impl std::error::Error for Endless {}

impl Guarded<File> {
    /// Opens a file that has an end: not a pipe or device, and not one that grows meanwhile.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let io = |source| Error::Io {
            path: path.to_owned(),
            source,
        };
        let kind = fs::metadata(path).map_err(io)?;
        if !kind.is_file() {
            return Err(Error::Malformed {
                file: path.to_owned(),
                line: None,
                column: None,
                found: "no regular file".to_owned(),
                expected: "a file: save there what a pipe or device holds".to_owned(),
            });
        }
        let file = File::open(path).map_err(io)?;
        let most = file.metadata().map_err(io)?.len();
        Ok(Guarded {
            left: most,
            ..Guarded::new(file)
        })
    }
}

impl<R: Read> Guarded<R> {
    pub(crate) fn new(inner: R) -> Self {
        Guarded {
            inner,
            hash: Sha256::new(),
            place: Place::FieldStart,
            length: 0,
            line: 1,
            record: 1,
            last: b'\n',
            begun: VecDeque::new(),
            mark: b"\xef\xbb\xbf",
            left: u64::MAX,
        }
    }

    /// SHA-256 of all bytes read so far, in hexadecimal.
    pub(crate) fn sha256(&self) -> String {
        hex(&self.hash.clone().finalize())
    }

    /// Whether a quotation is still open.
    pub(crate) fn inside_quotes(&self) -> bool {
        self.place == Place::Quoted
    }

    /// Whether the last line was ended.
    pub(crate) fn ends_with_line_break(&self) -> bool {
        self.last == b'\n'
    }

    /// The line of the last byte read.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// The line on which the next record begins that was not asked for yet.
    pub(crate) fn next_record_line(&mut self) -> Option<u64> {
        self.begun.pop_front()
    }

    fn measure(&mut self, bytes: &[u8]) -> io::Result<()> {
        // Most of what is read has no quotation: lines are all that matters then.
        let plain = self.mark.is_empty() && self.place != Place::Quoted && !bytes.contains(&b'"');
        if plain {
            return self.measure_plain(bytes);
        }
        for &byte in bytes {
            self.pass(byte);
            if self.length > RECORD_LIMIT {
                return Err(io::Error::other(Endless::Record { line: self.record }));
            }
        }
        self.last = bytes.last().copied().unwrap_or(self.last);
        Ok(())
    }

    /// As [`pass`](Self::pass) for every byte, none of which is a quotation mark.
    fn measure_plain(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = rest.iter().position(|&byte| matches!(byte, b'\n' | b'\r'));
            let length = end.unwrap_or(rest.len());
            if self.length == 0 && length > 0 {
                self.record = self.line;
                self.begun.push_back(self.line);
            }
            self.length += length;
            if self.length > RECORD_LIMIT {
                return Err(io::Error::other(Endless::Record { line: self.record }));
            }
            let Some(end) = end else { break };
            self.length = 0;
            self.line += u64::from(rest[end] == b'\n');
            rest = &rest[end + 1..];
        }
        if let Some(&last) = bytes.last() {
            self.last = last;
            self.place = next_place(Place::Field, last);
        }
        Ok(())
    }

    fn pass(&mut self, byte: u8) {
        let in_mark = self.mark.first() == Some(&byte);
        self.mark = if in_mark { &self.mark[1..] } else { &[] };
        if in_mark {
            return;
        }
        let record_ends = matches!(byte, b'\n' | b'\r') && self.place != Place::Quoted;
        if self.length == 0 && !record_ends {
            self.record = self.line;
            self.begun.push_back(self.line);
        }
        self.length = if record_ends { 0 } else { self.length + 1 };
        self.line += u64::from(byte == b'\n');
        self.place = next_place(self.place, byte);
    }
}

impl<R: Read> Read for Guarded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let left = self.left.checked_sub(count as u64);
        self.left = left.ok_or_else(|| io::Error::other(Endless::Growing))?;
        self.hash.update(&buffer[..count]);
        self.measure(&buffer[..count])?;
        Ok(count)
    }
}

fn next_place(place: Place, byte: u8) -> Place {
    match (place, byte) {
        (Place::Quoted, b'"') => Place::QuoteInQuoted,
        (Place::Quoted, _) => Place::Quoted,
        (Place::FieldStart | Place::QuoteInQuoted, b'"') => Place::Quoted,
        (_, b',' | b'\n' | b'\r') => Place::FieldStart,
        _ => Place::Field,
    }
}

/// SHA-256 of everything that is left to read, in hexadecimal.
pub(crate) fn sha256(mut reader: impl Read) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut buffer = [0; 1 << 14];
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(hex(&hash.finalize())),
            count => hash.update(&buffer[..count]),
        }
    }
}

/// SHA-256 of bytes that are at hand, in hexadecimal.
pub(crate) fn sha256_of(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|b| [b >> 4, b & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_that_grows_while_it_is_read_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.csv");
        fs::write(&path, "a,b\n").unwrap();
        let mut guarded = Guarded::open(&path).unwrap();
        let mut growing = fs::OpenOptions::new().append(true).open(&path).unwrap();
        growing.write_all(b"1,2\n").unwrap();
        let error = guarded.read_to_end(&mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "longer than when it was opened");
        let pipe = Guarded::open(folder.path()).err().map(|e| e.to_string());
        assert!(pipe.unwrap().contains("no regular file"));
    }
}
