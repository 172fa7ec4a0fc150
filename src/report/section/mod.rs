//! The sections of the page.

mod answers;
pub(crate) mod checklist;
pub(crate) mod evidence;
pub(crate) mod proper_use;
pub(crate) mod record;
pub(crate) mod summary;
pub(crate) mod watchlist;
