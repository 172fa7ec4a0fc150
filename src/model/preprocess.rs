//! Shrinking, imputing and standardising, all learned from the training rows alone.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::data::{Direction, Unit};
use crate::error::{Error, Result};
use crate::features::{BetaPrior, Cell, Column, FeatureMatrix, Measure};

/// Why a feature has no part in a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unused {
    /// It has no value in the training window.
    NeverObserved,
    /// It has the same value wherever it was observed.
    Constant,
    /// It is not among the features chosen, see [`RiskParams::at_most`](super::RiskParams::at_most).
    NotChosen,
}

/// What was learned of one feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedColumn {
    /// The feature's name.
    pub feature: String,
    /// What it is in words.
    pub label: String,
    /// Its unit; `None` for grades and years.
    pub unit: Option<Unit>,
    /// Its declared direction.
    pub direction: Direction,
    /// Training rows with a value.
    pub present: usize,
    /// Mean of the training values, in the feature's unit: it stands in for a missing value.
    pub mean: f64,
    /// Their standard deviation (divisor n), in the feature's unit; 1 where unused.
    pub scale: f64,
    /// The prior that its rates are shrunk by.
    pub prior: Option<BetaPrior>,
    /// Why it has no part in the model, if it has none.
    pub unused: Option<Unused>,
}

/// A standard deviation below this share of the mean's size is rounding noise, not variation.
const CONSTANT: f64 = 1e-10;

impl LearnedColumn {
    fn learn(column: &Column, cells: &[&Cell]) -> Result<Self> {
        let measure = column.feature.measure;
        let prior = column.feature.shrink.then(|| prior(cells)).flatten();
        let values: Vec<f64> = cells
            .iter()
            .filter_map(|cell| cell.shrunk_value(measure, prior))
            .collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n.max(1.0);
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n.max(1.0);
        let scale = variance.sqrt();
        if !(mean.is_finite() && scale.is_finite()) {
            return Err(Error::InvalidValue {
                what: "training values of a feature",
                found: format!("{} with mean {mean} and spread {scale}", column.name),
                expected: "numbers small enough to square".to_owned(),
            });
        }
        let unused = if values.is_empty() {
            Some(Unused::NeverObserved)
        } else if scale <= CONSTANT * mean.abs() {
            Some(Unused::Constant)
        } else {
            None
        };
        Ok(LearnedColumn {
            feature: column.name.clone(),
            label: column.label.clone(),
            unit: column.unit,
            direction: column.direction,
            present: values.len(),
            mean,
            scale: if unused.is_some() { 1.0 } else { scale },
            prior,
            unused,
        })
    }

    /// The standardised value; `None` where missing.
    pub(crate) fn standardise(&self, cell: &Cell, measure: Measure) -> Option<f64> {
        let value = cell.shrunk_value(measure, self.prior)?;
        Some((value - self.mean) / self.scale)
    }
}

/// The prior of a column's newest rates.
fn prior(cells: &[&Cell]) -> Option<BetaPrior> {
    let counted = cells
        .iter()
        .filter(|c| c.is_present() && c.now.has_counts());
    BetaPrior::fit(counted.map(|c| (c.now.numerator, c.now.denominator)))
}

/// Learns every column from the given rows.
pub(crate) fn learn(matrix: &FeatureMatrix, rows: &[usize]) -> Result<Vec<LearnedColumn>> {
    matrix
        .columns()
        .iter()
        .enumerate()
        .map(|(j, column)| {
            let cells: Vec<&Cell> = rows.iter().filter_map(|&i| matrix.row(i).get(j)).collect();
            LearnedColumn::learn(column, &cells)
        })
        .collect()
}

/// The standardised values of the used columns, rows in the given order; a missing value is the
/// training mean, 0.
pub(crate) fn design(
    matrix: &FeatureMatrix,
    rows: &[usize],
    learned: &[LearnedColumn],
) -> Array2<f64> {
    let used = used(learned);
    let mut design = Array2::zeros((rows.len(), used.len()));
    for (mut out, &row) in design.rows_mut().into_iter().zip(rows) {
        let cells = matrix.row(row);
        for (place, &j) in out.iter_mut().zip(&used) {
            let measure = matrix.columns()[j].feature.measure;
            *place = learned[j].standardise(&cells[j], measure).unwrap_or(0.0);
        }
    }
    design
}

/// The columns that have a part in the model.
pub(crate) fn used(learned: &[LearnedColumn]) -> Vec<usize> {
    (0..learned.len())
        .filter(|&j| learned[j].unused.is_none())
        .collect()
}
