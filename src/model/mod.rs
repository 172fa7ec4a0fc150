//! Vectors to fitted models: ridge logistic regression, certified by its own gradient.

mod cholesky;
mod design;
mod fitted;
mod logistic;
mod newton;

pub use design::LARGEST_MAGNITUDE;
pub use fitted::{FitReport, Logistic};
pub use logistic::{CheckedRidgeParams, L2, RidgeParams};
