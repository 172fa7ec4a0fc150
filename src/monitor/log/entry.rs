//! One line of a log: what was frozen, when, and what stood before it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::frozen::Frozen;
use crate::monitor::review::Review;
use crate::read::table::guard::sha256_of;

/// The layout of an entry: another is refused.
pub(super) const SCHEMA: u32 = 1;
/// What stands as `previous` in the first entry.
pub(super) const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The layout.
    pub schema: u32,
    /// Its place, from 1.
    pub number: u64,
    /// The hash of the entry before.
    pub previous: String,
    /// When it was frozen, by the clock of the machine.
    pub frozen_at: Timestamp,
    /// Whether it was made afterwards of a past day: no forecast, whatever it scores.
    pub reconstructed: bool,
    /// The version of this crate.
    pub crate_version: String,
    /// What was frozen.
    pub content: Content,
}

/// What was frozen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// The scores of a day.
    Scores(Box<Frozen>),
    /// What people thought of a list.
    Review(Review),
}

/// What of an entry binds it to the others.
#[derive(Deserialize)]
pub(super) struct Links {
    pub(super) schema: u32,
    pub(super) number: u64,
    pub(super) previous: String,
}

/// The last line of a log that was seen: kept elsewhere it finds what was cut off or written anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// How many entries there were.
    pub count: u64,
    /// The hash of the last.
    pub hash: String,
}

impl Head {
    /// That of a log without an entry.
    pub fn empty() -> Head {
        Head {
            count: 0,
            hash: NOTHING.to_owned(),
        }
    }
}

impl Entry {
    /// The scores, where it holds scores.
    pub fn scores(&self) -> Option<&Frozen> {
        match &self.content {
            Content::Scores(frozen) => Some(frozen),
            Content::Review(_) => None,
        }
    }

    /// The review, where it holds one.
    pub fn review(&self) -> Option<&Review> {
        match &self.content {
            Content::Review(review) => Some(review),
            Content::Scores(_) => None,
        }
    }
}

const BEFORE: &[u8] = b"{\"hash\":\"";
const BETWEEN: &[u8] = b"\",\"entry\":";
const HASH: usize = 64;

/// A line, without its break.
pub(super) fn line(entry: &[u8]) -> Vec<u8> {
    let mut line = BEFORE.to_vec();
    line.extend(sha256_of(entry).into_bytes());
    line.extend(BETWEEN);
    line.extend(entry);
    line.push(b'}');
    line
}

/// The hash that a line states, and its entry; `None` if it is no line of a log.
pub(super) fn parts(line: &[u8]) -> Option<(&str, &[u8])> {
    let rest = line.strip_prefix(BEFORE)?;
    let (stated, rest) = rest.split_at_checked(HASH)?;
    let entry = rest.strip_prefix(BETWEEN)?.strip_suffix(b"}")?;
    Some((std::str::from_utf8(stated).ok()?, entry))
}
