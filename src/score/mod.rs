//! Models -> scores with their reasons.

mod explain;
#[cfg(feature = "read")]
mod table;
mod watchlist;

pub use explain::{Contribution, Score, day};
pub use watchlist::{Capacity, NotScored, Scores, TrainingSummary};
pub(crate) use watchlist::{knowledge_name, too_little};
