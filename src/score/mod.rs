//! Models -> scores with their reasons.

mod explain;
#[cfg(feature = "read")]
mod table;
mod watchlist;

pub use explain::{Contribution, Score, day};
pub use watchlist::{Capacity, NotScored, Scores, TrainingSummary};
