//! Learned numbers -> log-odds of rows.

use ndarray::Array1;

use super::preprocess::{Encoder, Learned};
use crate::features::{Cell, Column, FeatureMatrix};

/// Numbers that turn features into log-odds.
pub(crate) struct Rule<'a> {
    learned: &'a Learned,
    intercept: f64,
    // Of each feature, that of its term; 0 where unused.
    coefficients: Vec<f64>,
}

impl<'a> Rule<'a> {
    pub(crate) fn new(learned: &'a Learned, intercept: f64, coefficients: &Array1<f64>) -> Self {
        let mut of_features = vec![0.0; learned.width()];
        for (members, &coefficient) in learned.terms().into_iter().zip(coefficients) {
            of_features[members].fill(coefficient);
        }
        Rule {
            learned,
            intercept,
            coefficients: of_features,
        }
    }

    /// The log-odds of every row: the intercept and one part after another, as a score adds them.
    pub(crate) fn log_odds(&self, matrix: &FeatureMatrix) -> Vec<f64> {
        let mut encoder = self.learned.encoder();
        let rows = 0..matrix.rows().len();
        rows.map(|row| {
            let parts = self.parts_by(&mut encoder, matrix.columns(), matrix.row(row));
            parts.iter().fold(self.intercept, |sum, part| sum + part)
        })
        .collect()
    }

    pub(super) fn parts(&self, columns: &[Column], cells: &[Cell]) -> Vec<f64> {
        self.parts_by(&mut self.learned.encoder(), columns, cells)
    }

    pub(super) fn parts_by(
        &self,
        encoder: &mut Encoder<'_>,
        columns: &[Column],
        cells: &[Cell],
    ) -> Vec<f64> {
        let mut parts = encoder.shares(columns, cells);
        for (part, coefficient) in parts.iter_mut().zip(&self.coefficients) {
            *part *= coefficient;
        }
        parts
    }
}
