//! Is a log as it was written?

use std::fmt;
use std::io::{self, BufRead};

use serde::Serialize;

use super::entry::{Head, Links, SCHEMA, parts};
use crate::read::table::guard::sha256_of;

/// What is wrong in a log, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The line, from 1.
    pub line: u64,
    /// The number that its entry states, where it can be read.
    pub number: Option<u64>,
    /// What is wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// The line is no entry.
    NoEntry,
    /// Its bytes are not those that were hashed.
    Edited,
    /// It does not follow the entry before: one was deleted, inserted or moved.
    Chain {
        /// The number that it should have.
        expected: u64,
    },
    /// The head kept elsewhere has seen more entries: the tail was cut off.
    Cut {
        /// How many.
        expected: u64,
    },
    /// The head kept elsewhere has seen another entry here: the log was written anew.
    Rewritten,
}

/// What was found in a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Whole lines.
    pub entries: u64,
    /// What to keep elsewhere, if there is no fault.
    pub head: Head,
    /// Everything that is wrong, by line.
    pub faults: Vec<Fault>,
    /// Bytes of a last line without its break, torn by a crash; it is no entry.
    pub torn: usize,
    /// Whether a head was given: without it a cut tail and a whole rewrite cannot be found.
    pub with_head: bool,
}

impl Verified {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(number) = self.number {
            write!(f, ", entry {number}")?;
        }
        match &self.kind {
            FaultKind::NoEntry => f.write_str(": no entry of a log"),
            FaultKind::Edited => f.write_str(": not as it was written"),
            FaultKind::Chain { expected } => write!(
                f,
                ": does not follow the entry before, {expected} expected: one was deleted, inserted or \
                 moved"
            ),
            FaultKind::Cut { expected } => {
                write!(
                    f,
                    ": the last, where the head has seen {expected}: the tail was cut off"
                )
            }
            FaultKind::Rewritten => {
                f.write_str(": not the entry that the head has seen: the log was written anew")
            }
        }
    }
}

/// Reads a log from its beginning, and says everything that is wrong.
///
/// # Errors
/// What the reader says.
pub fn verify(mut reader: impl BufRead, head: Option<&Head>) -> io::Result<Verified> {
    let (mut found, mut torn, mut line) = (Vec::new(), 0, Vec::new());
    let mut last = Head::empty();
    let mut at = 0;
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let Some(whole) = line.strip_suffix(b"\n") else {
            torn = line.len();
            break;
        };
        at += 1;
        let fault = |number, kind| Fault {
            line: at,
            number,
            kind,
        };
        let Some((stated, entry)) = parts(whole) else {
            found.push(fault(None, FaultKind::NoEntry));
            continue;
        };
        let links: Option<Links> = serde_json::from_slice(entry).ok();
        let number = links.as_ref().map(|links| links.number);
        let is = sha256_of(entry);
        if is != stated || links.as_ref().is_none_or(|links| links.schema != SCHEMA) {
            found.push(fault(number, FaultKind::Edited));
        }
        let follows = |links: &Links| {
            links.previous == last.hash && Some(links.number) == last.count.checked_add(1)
        };
        if !links.as_ref().is_some_and(follows) {
            let expected = last.count.saturating_add(1);
            found.push(fault(number, FaultKind::Chain { expected }));
        }
        last = Head {
            count: number.unwrap_or(at),
            hash: is,
        };
        if let Some(head) = head
            && head.count == at
            && head.hash != last.hash
        {
            found.push(fault(number, FaultKind::Rewritten));
        }
    }
    if let Some(head) = head.filter(|head| head.count > at) {
        found.push(Fault {
            line: at,
            number: None,
            kind: FaultKind::Cut {
                expected: head.count,
            },
        });
    }
    Ok(Verified {
        entries: at,
        head: last,
        faults: found,
        torn,
        with_head: head.is_some(),
    })
}
