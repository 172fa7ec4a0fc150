//! What was known on a day -> feature vectors.

mod matrix;
mod recipe;
mod shrink;
mod training;
mod transform;

pub use matrix::{Cell, CellState, Column, FeatureMatrix, Flags};
pub use recipe::{Feature, FeatureRecipe, MAX_FEATURES, Measure};
pub use shrink::BetaPrior;
pub use training::{Excluded, Months, TrainingRow, TrainingSet};
