//! Feature vectors -> fitted models, each certified by its own gradient: ridge logistic regression,
//! Firth's penalised likelihood, declared directions and stated priors, proportional odds of one or
//! of all judgements, equal weights, and averages of these.

mod active_set;
mod artifact;
mod chi_square;
mod cholesky;
mod choose;
mod constrained;
mod correction;
mod cumulative;
mod design;
mod family;
mod firth;
mod fitted;
mod isotonic;
mod jeffreys;
mod lighter;
mod likelihood;
mod linear;
mod logistic;
mod newton;
mod ordinal;
mod orthonormal;
mod path;
mod penalty;
mod pooled;
mod preprocess;
mod products;
mod profile;
mod proportionality;
mod risk;
mod separation;
mod shrinkage;
mod start;
mod warning;

pub use artifact::{InputFile, LARGEST_MODEL, SCHEMA};
pub use chi_square::{normal_limit, two_sided_p};
pub use constrained::{Belief, Binding, Constrained, ConstrainedParams};
pub use design::LARGEST_MAGNITUDE;
pub use family::{AVERAGED, CARRIED_SHARE, Family};
pub use firth::{Firth, FirthParams, InterceptCorrection};
pub use fitted::{FitReport, Logistic};
pub(crate) use fitted::{log_loss, probability};
pub(crate) use isotonic::{Pool, pool_adjacent_violators};
pub use logistic::{Balanced, CheckedRidgeParams, L2, RidgeParams};
pub use ordinal::{Ordinal, OrdinalParams, OrdinalReport};
pub use penalty::{PENALTIES, Penalty};
pub use pooled::{Pooled, PooledParams, Scale};
pub use preprocess::{LearnedColumn, Unused};
pub(crate) use preprocess::{design, learn};
pub use profile::{ChiSquareTest, FirthInference, ProfileInterval};
pub use proportionality::Proportionality;
pub use risk::{RiskModel, RiskParams, TrainingRecord};
pub use separation::{Separation, separation};
pub(crate) use shrinkage::heuristic_shrinkage;
pub use warning::{FEWEST_EVENTS_PER_PARAMETER, FitWarning};
