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
pub(crate) use fitted::probability;
pub use fitted::{FitReport, Logistic};
pub use logistic::{CheckedRidgeParams, L2, RidgeParams};
pub use penalty::{PENALTIES, Penalty};
pub use preprocess::{LearnedColumn, Unused};
pub use risk::{RiskModel, RiskParams, TrainingRecord};
