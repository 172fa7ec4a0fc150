//! Drawing whole authorities again, and intervals: what scores and their evidence both need.
//!
//! Public as part of [`crate::validate`].

pub(crate) mod bootstrap;
pub(crate) mod interval;
pub(crate) mod undefined;
