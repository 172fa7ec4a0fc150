//! What can stand in a back-test: anything that learns from a training set and scores rows.

use crate::error::Result;
use crate::features::{FeatureMatrix, FeatureRecipe, TrainingSet};
use crate::model::{Refit, RiskParams};

/// Learns from a training set. It is shown nothing else, so that it cannot know the future.
pub trait Forecaster: Sync {
    /// Its name in the table.
    fn name(&self) -> String;

    /// The features that it needs, given the recipe under test: usually that recipe.
    ///
    /// # Errors
    /// Those of making a recipe.
    fn recipe(&self, under_test: &FeatureRecipe) -> Result<FeatureRecipe> {
        Ok(under_test.clone())
    }

    /// Learns.
    ///
    /// # Errors
    /// Where the rows have one class, no usable feature or no optimum, the back-test counts it and
    /// takes the base rate; any other error ends it.
    fn fit(&self, training: &TrainingSet) -> Result<Box<dyn Scorer>>;
}

/// What was learned: log-odds of the event for rows of features, before calibration in time, which
/// is the same for all.
pub trait Scorer {
    /// One number for each row, finite.
    ///
    /// # Errors
    /// If the matrix is not of the recipe that was asked for.
    fn log_odds(&self, rows: &FeatureMatrix) -> Result<Vec<f64>>;

    /// Log-odds of the rows learned from, each by a scorer that did not see its authority: what
    /// calibration in time is fitted to. By default those of this scorer, which is right for a rule
    /// that learns next to nothing.
    ///
    /// # Errors
    /// As [`log_odds`](Self::log_odds).
    fn held_out(&self, training: &TrainingSet) -> Result<Vec<f64>> {
        self.log_odds(training.matrix())
    }
}

impl Forecaster for RiskParams {
    fn name(&self) -> String {
        let family = self.family().name();
        let most = self.most_features();
        let most = most.map_or_else(String::new, |most| format!(", at most {most} features"));
        format!("{family}{most}")
    }

    fn fit(&self, training: &TrainingSet) -> Result<Box<dyn Scorer>> {
        Ok(Box::new(self.refit(training)?))
    }
}

impl Scorer for Refit {
    fn log_odds(&self, rows: &FeatureMatrix) -> Result<Vec<f64>> {
        Ok(self.uncalibrated(rows))
    }

    fn held_out(&self, _: &TrainingSet) -> Result<Vec<f64>> {
        Ok(self.held_out.clone())
    }
}

/// A rule of one's own that learns nothing: log-odds from the values of a few features.
pub struct OwnRule<F> {
    /// Its name in the table.
    pub name: &'static str,
    /// The features that it needs.
    pub recipe: FeatureRecipe,
    /// Log-odds for one row of them, each missing or in its unit.
    pub log_odds: F,
}

impl<F> Forecaster for OwnRule<F>
where
    F: Fn(&[Option<f64>]) -> f64 + Clone + Sync + 'static,
{
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn recipe(&self, _: &FeatureRecipe) -> Result<FeatureRecipe> {
        Ok(self.recipe.clone())
    }

    fn fit(&self, _: &TrainingSet) -> Result<Box<dyn Scorer>> {
        Ok(Box::new(ByRow(self.log_odds.clone())))
    }
}

struct ByRow<F>(F);

impl<F: Fn(&[Option<f64>]) -> f64> Scorer for ByRow<F> {
    fn log_odds(&self, rows: &FeatureMatrix) -> Result<Vec<f64>> {
        let columns = 0..rows.columns().len();
        let values = |row| {
            columns
                .clone()
                .map(|j| rows.value(row, j))
                .collect::<Vec<_>>()
        };
        Ok((0..rows.rows().len())
            .map(|row| (self.0)(&values(row)))
            .collect())
    }
}
