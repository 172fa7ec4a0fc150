//! Feature vectors -> fitted models: ridge logistic regression, certified by its own gradient.

mod artifact;
mod cholesky;
mod design;
mod fitted;
mod logistic;
mod newton;
mod penalty;
mod preprocess;
mod risk;

pub use artifact::{InputFile, LARGEST_MODEL, SCHEMA};
pub use design::LARGEST_MAGNITUDE;
pub use fitted::{FitReport, Logistic};
pub(crate) use fitted::{log_loss, probability};
pub use logistic::{CheckedRidgeParams, L2, RidgeParams};
pub use penalty::{PENALTIES, Penalty};
pub(crate) use preprocess::learn;
pub use preprocess::{LearnedColumn, Unused};
pub use risk::{RiskModel, RiskParams, TrainingRecord};
