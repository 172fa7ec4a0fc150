//! Models -> scores with their reasons, and how sure they are.
//!
//! A score is the *average risk of authorities with these figures*, and so is its 95% interval; what
//! the interval holds, and what not, is said in [`Score::interval`] and below.
//!
//! The interval is normal in log-odds around the score itself. Its variance is the sum of that of
//! the model learned again from drawn authorities, of the spread over penalties, and of the drift of
//! the rate. It holds nothing that the figures do not show: how an authority's own risk differs from
//! that of others with the same figures cannot be learned from one to three inspections of each.

mod change;
mod contribution;
mod day;
mod expected;
mod explain;
mod figures_over_time;
mod group;
mod horizon;
mod not_scored;
mod note;
mod one;
mod profile;
mod ranked;
mod read_back;
mod reason;
mod scores;
mod since;
mod training_summary;
mod uncertainty;
mod venn_abers;

pub use change::{Change, FigureChange};
pub use contribution::Contribution;
pub use explain::{Explanation, ThemePart};
pub use figures_over_time::{Benchmark, Trail, TrailPoint};
pub use group::Group;
pub use horizon::HorizonRisk;
pub(crate) use not_scored::too_little;
pub use not_scored::{Formed, MissingFigure, NotScored, Refusal};
pub use note::Note;
pub use one::{OneScore, RowScore, Scorer};
pub use profile::{FEWEST_EVENTS, Judged, PastModel, PastScore, Profile, ProfileParams, Profiles};
pub use ranked::{Ranked, RankedOrganisation};
pub use reason::Reason;
pub use scores::{Capacity, NullBecause, Score, ScoreParams, Scores};
pub use since::{FeatureMoved, Moved, Place, Since};
pub use training_summary::{CalibrationSummary, TrainingSummary};
pub use venn_abers::{FEWEST_CALIBRATION_ROWS, FEWEST_OF_EACH_CLASS, VennAbers, VennAbersPair};
