//! Feature vectors -> fitted models, each certified by its own gradient: ridge logistic regression,
//! Firth's penalised likelihood, declared directions and stated priors, proportional odds.

mod artifact;
mod chi_square;
mod cholesky;
mod constrained;
mod cumulative;
mod design;
mod family;
mod firth;
mod fitted;
mod isotonic;
mod jeffreys;
mod likelihood;
mod logistic;
mod newton;
mod ordinal;
mod orthonormal;
mod path;
mod penalty;
mod preprocess;
mod products;
mod profile;
mod proportionality;
mod risk;
mod separation;
mod start;
mod warning;

pub use artifact::{InputFile, LARGEST_MODEL, SCHEMA};
pub use chi_square::{normal_limit, two_sided_p};
pub use constrained::{Belief, Binding, Constrained, ConstrainedParams};
pub use design::LARGEST_MAGNITUDE;
pub use family::Family;
pub use firth::{Firth, FirthParams, InterceptCorrection};
pub use fitted::{FitReport, Logistic};
pub(crate) use fitted::{log_loss, probability};
pub(crate) use isotonic::{Pool, pool_adjacent_violators};
pub use logistic::{Balanced, CheckedRidgeParams, L2, RidgeParams};
pub use ordinal::{Ordinal, OrdinalParams, OrdinalReport};
pub use penalty::{PENALTIES, Penalty};
pub use preprocess::{LearnedColumn, Unused};
pub(crate) use preprocess::{design, learn};
pub use profile::{ChiSquareTest, FirthInference, ProfileInterval};
pub use proportionality::Proportionality;
pub use risk::{RiskModel, RiskParams, TrainingRecord};
pub use separation::{Separation, separation};
pub use warning::{FEWEST_EVENTS_PER_PARAMETER, FitWarning};
