//! Feature vectors -> fitted models: ridge logistic regression, certified by its own gradient.

mod artifact;
mod cholesky;
mod design;
mod fitted;
mod isotonic;
mod logistic;
mod newton;
mod penalty;
mod preprocess;
mod risk;

pub use artifact::{InputFile, LARGEST_MODEL, SCHEMA};
pub use design::LARGEST_MAGNITUDE;
pub use fitted::{FitReport, Logistic};
pub(crate) use fitted::{log_loss, probability};
pub(crate) use isotonic::{Pool, pool_adjacent_violators};
pub use logistic::{CheckedRidgeParams, L2, RidgeParams};
pub use penalty::{PENALTIES, Penalty};
pub use preprocess::{LearnedColumn, Unused};
pub(crate) use preprocess::{design, learn};
pub use risk::{RiskModel, RiskParams, TrainingRecord};
