//! The prospective log: JSON lines, each bound to the one before.
//!
//! # Canonical form
//! A line is `{"hash":"H","entry":E}` and a line break. `E` is the entry as JSON, in the bytes that
//! were written; `H` is the SHA-256 of just these bytes, in 64 small hexadecimal digits. `E` holds the
//! `H` of the line before as `previous` (64 zeros in the first) and its own `number`, from 1. So no
//! byte, line or order can be changed without a fault in a line that is named; only a tail that was
//! cut off, or a log that was written anew from some line on, leaves a sound chain. Both are found with
//! the [`Head`] kept elsewhere: the hash and number of the last line that it has seen.

mod check;
mod entry;
mod evaluate;
mod file;
mod frozen;
mod verify;

pub use check::{NotForecast, not_forecasts};
pub use entry::{Content, Entry, Head};
pub use evaluate::{Evaluation, EvaluationParams, Measures, ReviewOutcome, evaluate};
pub use file::Log;
pub use frozen::{Frozen, FrozenEvent, FrozenPart, FrozenScore, sha256_of};
pub use verify::{Fault, FaultKind, Verified, verify};
