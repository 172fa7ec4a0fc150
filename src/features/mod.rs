//! What was known on a day -> feature vectors.

mod cell;
mod feature;
pub(crate) mod landmark;
mod matrix;
mod measure;
pub(crate) mod neighbours;
mod others;
mod plain;
mod range;
mod rank;
mod recipe;
mod recipes;
mod service;
mod shrink;
mod theme;
mod training;
mod transform;

pub use cell::{Cell, CellState, Flags};
pub use feature::Feature;
pub use landmark::{Landmark, Landmarks, Standing};
pub use matrix::{Column, DayFeatures, FeatureMatrix};
pub use measure::{Measure, Wider};
pub use recipe::{FeatureRecipe, MAX_FEATURES};
pub use shrink::BetaPrior;
pub use theme::Theme;
pub use training::{Excluded, Exclusion, Months, TrainingRow, TrainingSet};
