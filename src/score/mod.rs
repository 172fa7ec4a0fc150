//! Models -> scores with their reasons, and how sure they are.

mod analytic;
mod explain;
mod interval;
#[cfg(feature = "read")]
pub(crate) mod table;
mod venn_abers;
mod watchlist;

pub use analytic::AnalyticInterval;
pub use explain::{Contribution, Score, day};
pub use interval::{AuthorityInterval, FailedReplicates, IntervalParams, ScoreIntervals};
pub use venn_abers::{FEWEST_CALIBRATION_ROWS, FEWEST_OF_EACH_CLASS, VennAbers, VennAbersPair};
pub use watchlist::{Capacity, NotScored, Scores, TrainingSummary};
pub(crate) use watchlist::{knowledge_name, too_little};
