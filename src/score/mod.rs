//! Models -> scores with their reasons, and how sure they are.

mod analytic;
mod change;
mod explain;
mod interval;
mod profile;
mod spread;
#[cfg(feature = "read")]
pub(crate) mod table;
mod trail;
mod venn_abers;
mod watchlist;

pub use analytic::AnalyticInterval;
pub use change::{Change, FigureChange};
pub use explain::{Contribution, Score, day};
pub use interval::{
    AuthorityInterval, ChosenFeature, FailedReplicates, INTERVAL_PENALTY, IntervalParams,
    ScoreIntervals,
};
pub use profile::{FEWEST_EVENTS, Judged, PastModel, PastScore, Profile, ProfileParams, Profiles};
pub use trail::{Benchmark, Trail, TrailPoint};
pub use venn_abers::{FEWEST_CALIBRATION_ROWS, FEWEST_OF_EACH_CLASS, VennAbers, VennAbersPair};
pub use watchlist::{Capacity, NotScored, Scores, TrainingSummary};
pub(crate) use watchlist::{knowledge_name, too_little};
