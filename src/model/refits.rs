//! The models of the draws of [`RefitParams`](super::refit::RefitParams): the numbers that score a row.

use ndarray::Array1;
use serde::{Deserialize, Serialize};

use super::preprocess::Learned;
use super::rule::Rule;
use crate::error::Error;
use crate::features::{FeatureMatrix, FeatureRecipe};
use crate::stats::bootstrap::FEWEST_REPLICATES;

/// Why a draw gave no model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DrawFailure {
    /// One class alone was drawn.
    OneClass,
    /// No usable feature was drawn.
    NoUsableFeature,
    /// The fit did not converge.
    NotConverged,
    /// The classes were separated.
    Separated,
    /// Another error, as it reads.
    Other(String),
}

impl From<&Error> for DrawFailure {
    fn from(error: &Error) -> Self {
        match error {
            Error::OneClass { .. } => DrawFailure::OneClass,
            Error::NoUsableFeature { .. } => DrawFailure::NoUsableFeature,
            Error::NotConverged { .. } | Error::Singular => DrawFailure::NotConverged,
            Error::Separated { .. } => DrawFailure::Separated,
            other => DrawFailure::Other(other.to_string()),
        }
    }
}

/// Draws without a model, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailedReplicates {
    /// Why there is no model.
    pub why: DrawFailure,
    /// How many.
    pub count: usize,
}

/// How steadily a feature or theme is chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChosenFeature {
    /// The feature or theme.
    pub feature: String,
    /// Share of the draws with a model in which it has a part.
    pub share: f64,
}

/// The models of the draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refits {
    /// Draws made.
    pub replicates: usize,
    /// Those without a model. What follows is conditional on their absence.
    pub failed: Vec<FailedReplicates>,
    pub(super) draws: Vec<Draw>,
}

/// The numbers that score a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Draw {
    pub(super) learned: Learned,
    pub(super) intercept: f64,
    pub(super) coefficients: Array1<f64>,
}

impl Refits {
    /// Draws that gave a model.
    pub fn succeeded(&self) -> usize {
        self.draws.len()
    }

    /// The log-odds of every row of a matrix of the model's features by every draw.
    pub(crate) fn log_odds(&self, matrix: &FeatureMatrix) -> Vec<Vec<f64>> {
        crate::parallel::in_order(&self.draws, |draw| {
            Rule::new(&draw.learned, draw.intercept, &draw.coefficients).log_odds(matrix)
        })
    }

    /// How often each feature or theme has a part, in the order of the model's terms.
    pub(super) fn chosen(
        &self,
        terms: impl Iterator<Item = (String, std::ops::Range<usize>)>,
    ) -> Vec<ChosenFeature> {
        let share = |features: &std::ops::Range<usize>| {
            let has = |draw: &&Draw| draw.learned.terms().contains(features);
            self.draws.iter().filter(has).count() as f64 / self.draws.len() as f64
        };
        terms
            .map(|(feature, features)| ChosenFeature {
                share: share(&features),
                feature,
            })
            .collect()
    }

    /// Whether every draw scores rows of this recipe with finite numbers.
    pub(super) fn is_valid(&self, recipe: &FeatureRecipe) -> bool {
        let failed: usize = self.failed.iter().map(|f| f.count).sum();
        let valid = |draw: &Draw| {
            draw.learned.is_valid(recipe)
                && draw.learned.terms().len() == draw.coefficients.len()
                && draw.coefficients.iter().all(|v| v.is_finite())
                && draw.intercept.is_finite()
        };
        self.draws.len() >= FEWEST_REPLICATES
            && self.draws.len() + failed == self.replicates
            && self.draws.iter().all(valid)
    }
}
