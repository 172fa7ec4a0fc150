//! Drawing whole authorities again, and intervals: what scores and their evidence both need.
//!
//! Public as part of [`crate::validate`].

pub(crate) mod bootstrap;
pub(crate) mod interval;
mod parallel;
pub(crate) mod undefined;

pub(crate) use parallel::in_order;
pub use parallel::with_threads;
