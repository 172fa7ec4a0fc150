//! Models -> scores with their reasons.

mod explain;
mod watchlist;

pub use explain::{Contribution, Score, day};
pub use watchlist::{Capacity, NotScored, Scores, TrainingSummary};
