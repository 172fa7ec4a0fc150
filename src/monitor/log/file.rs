//! A log as a file: read, and appended to by one writer at a time.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::entry::{Content, Entry, Head, Links, NOTHING, SCHEMA, line, parts};
use super::verify::{Verified, verify};
use crate::error::{Error, Result};
use crate::read::table::guard::sha256_of;

/// A log in a file, which need not exist yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    path: PathBuf,
}

/// Bytes read at a time, from the end backwards.
const BLOCK: u64 = 1 << 16;

impl Log {
    /// The log of that file.
    pub fn new(path: impl AsRef<Path>) -> Log {
        Log {
            path: path.as_ref().to_owned(),
        }
    }

    /// Freezes something as the next entry, and the new head.
    ///
    /// The file is locked meanwhile, so that two writers wait for each other and never interleave; the
    /// lock ends with the process, however that ends. An entry is one write, flushed to the disk: what
    /// is torn by a crash is the last line alone, and the next writer sets it aside beside the log
    /// (`NAME.torn-OFFSET`) and goes on.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Malformed`] if the last whole line is no entry: the log was changed, and
    /// [`verify`] says where.
    pub fn append(
        &self,
        content: Content,
        frozen_at: Timestamp,
        reconstructed: bool,
    ) -> Result<Head> {
        let io = |source| Error::Io {
            path: self.path.clone(),
            source,
        };
        let mut options = OpenOptions::new();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.path)
            .map_err(io)?;
        file.lock().map_err(io)?;
        self.set_aside(&mut file)?;
        let head = self.last(&mut file)?;
        let entry = Entry {
            schema: SCHEMA,
            number: head.count + 1,
            previous: head.hash,
            frozen_at,
            reconstructed,
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            content,
        };
        let text = serde_json::to_vec(&entry).map_err(|error| io(error.into()))?;
        let mut written = line(&text);
        written.push(b'\n');
        file.seek(SeekFrom::End(0)).map_err(io)?;
        file.write_all(&written).map_err(io)?;
        file.sync_all().map_err(io)?;
        Ok(Head {
            count: entry.number,
            hash: sha256_of(&text),
        })
    }

    /// All entries, once the log is sound; a torn last line is left out.
    ///
    /// # Errors
    /// [`Error::Io`]; [`Error::Malformed`] with the first fault, or with an entry of another layout.
    pub fn entries(&self) -> Result<Vec<Entry>> {
        let mut text = Vec::new();
        let io = |source| Error::Io {
            path: self.path.clone(),
            source,
        };
        let mut file = File::open(&self.path).map_err(io)?;
        file.read_to_end(&mut text).map_err(io)?;
        let verified = verify(text.as_slice(), None).map_err(io)?;
        if let Some(fault) = verified.faults.first() {
            return Err(self.malformed(fault.line, fault.to_string()));
        }
        let whole = text.split_inclusive(|&byte| byte == b'\n');
        let lines = whole.filter_map(|line| line.strip_suffix(b"\n"));
        let entry = |(at, line): (usize, &[u8])| {
            let (_, entry) = parts(line).unwrap_or_default();
            serde_json::from_slice(entry).map_err(|e| self.malformed(at as u64 + 1, e.to_string()))
        };
        lines.enumerate().map(entry).collect()
    }

    /// What [`verify`] says of the file.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn verify(&self, head: Option<&Head>) -> Result<Verified> {
        let io = |source| Error::Io {
            path: self.path.clone(),
            source,
        };
        let file = File::open(&self.path).map_err(io)?;
        verify(BufReader::with_capacity(1 << 20, file), head).map_err(io)
    }

    fn malformed(&self, line: u64, found: String) -> Error {
        Error::Malformed {
            file: self.path.clone(),
            line: Some(line),
            column: None,
            found,
            expected: "an entry of this version as it was written: verify the log".to_owned(),
        }
    }

    /// Moves a last line without its break to a file of its own.
    fn set_aside(&self, file: &mut File) -> Result<()> {
        let io = |source| Error::Io {
            path: self.path.clone(),
            source,
        };
        let length = file.seek(SeekFrom::End(0)).map_err(io)?;
        let whole = start_of_line(file, length).map_err(io)?;
        if whole == length {
            return Ok(());
        }
        let mut torn = Vec::new();
        file.seek(SeekFrom::Start(whole)).map_err(io)?;
        file.read_to_end(&mut torn).map_err(io)?;
        let mut name = self.path.clone().into_os_string();
        name.push(format!(".torn-{whole}"));
        crate::write_whole(Path::new(&name), &torn)?;
        file.set_len(whole).map_err(io)
    }

    /// The head by the last line, which is whole.
    fn last(&self, file: &mut File) -> Result<Head> {
        let io = |source| Error::Io {
            path: self.path.clone(),
            source,
        };
        let length = file.seek(SeekFrom::End(0)).map_err(io)?;
        if length == 0 {
            return Ok(Head::empty());
        }
        let start = start_of_line(file, length - 1).map_err(io)?;
        let mut last = Vec::new();
        file.seek(SeekFrom::Start(start)).map_err(io)?;
        file.read_to_end(&mut last).map_err(io)?;
        let found =
            parts(last.trim_ascii_end()).filter(|(stated, entry)| *stated == sha256_of(entry));
        let links = found.and_then(|(_, entry)| serde_json::from_slice::<Links>(entry).ok());
        match (found, links) {
            (Some((stated, _)), Some(links)) if links.schema == SCHEMA => Ok(Head {
                count: links.number,
                hash: stated.to_owned(),
            }),
            _ => Err(Error::Malformed {
                file: self.path.clone(),
                line: None,
                column: None,
                found: "a last line that is no entry".to_owned(),
                expected: "an entry as it was written: verify the log, and freeze into another"
                    .to_owned(),
            }),
        }
    }
}

/// Where the line begins that a place is in: after the last break before it.
fn start_of_line(file: &mut File, place: u64) -> io::Result<u64> {
    let mut end = place;
    let mut block = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(BLOCK);
        block.resize((end - start) as usize, 0);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut block)?;
        if let Some(at) = block.iter().rposition(|&byte| byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

impl Head {
    /// Whether it is that of a log without an entry.
    pub fn is_empty(&self) -> bool {
        self.count == 0 && self.hash == NOTHING
    }
}
