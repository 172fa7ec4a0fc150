//! What was known on a day -> feature vectors.

pub(crate) mod landmark;
mod matrix;
mod measure;
mod rank;
mod recipe;
mod recipes;
mod shrink;
mod theme;
mod training;
mod transform;

pub use landmark::{Landmark, Landmarks, Standing};
pub use matrix::{Cell, CellState, Column, FeatureMatrix, Flags};
pub use measure::Measure;
pub use recipe::{Feature, FeatureRecipe, MAX_FEATURES};
pub use shrink::BetaPrior;
pub use theme::Theme;
pub use training::{Excluded, Months, TrainingRow, TrainingSet};
