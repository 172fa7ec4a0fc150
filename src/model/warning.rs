//! What a caller should know of a fit that is valid all the same.

use crate::fit::design::Design;

use super::families::Sample;
use super::linear::Linear;
use crate::data::{Direction, Framework};
use crate::error::{Error, Result};
use crate::fit::Logistic;
use crate::fit::Separation;
use crate::fit::orthonormal::Orthonormal;
use ndarray::{Array1, ArrayView2};
use serde::{Deserialize, Serialize};

/// A smaller expected calibration slope means that a fit is likely to be too extreme on new rows
/// (Riley et al. 2020, *BMJ* 368:m441, criterion i). A number of events for each coefficient has no
/// such meaning (van Smeden et al. 2016, *BMC Medical Research Methodology* 16:163).
pub const LEAST_EXPECTED_SLOPE: f64 = 0.9;

/// A column of which the others leave less than this share is collinear with them: its squared
/// multiple correlation is above 0.99.
const COLLINEAR: f64 = 0.1;

/// Something to be said of a fit; columns are zero-based.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "warning", deny_unknown_fields)]
#[non_exhaustive]
pub enum FitWarning {
    /// The calibration slope to expect on new rows is less than [`LEAST_EXPECTED_SLOPE`].
    Overfitted {
        /// [`FitReport::expected_shrinkage`](crate::fit::FitReport::expected_shrinkage).
        expected_slope: Option<f64>,
    },
    /// The last of these columns is all but a sum of multiples of the others and a constant; on its
    /// own, it is all but constant.
    Collinear {
        /// Which columns, ascending.
        columns: Vec<usize>,
    },
    /// Only the penalty keeps the coefficients finite.
    Separated(Separation),
    /// A coefficient contradicts its declared direction.
    AgainstDirection {
        /// Which column.
        column: usize,
        /// Log-odds per unit of the column.
        coefficient: f64,
    },
    /// A coefficient would contradict its declared direction, and is held at 0.
    DirectionBinds {
        /// Which column.
        column: usize,
    },
    /// Inspections under another framework than the newest one were learned from.
    OtherFramework {
        /// The newest framework.
        newest: Framework,
        /// How many inspections were under another.
        inspections: usize,
        /// How many there are in all.
        of: usize,
    },
}

impl FitWarning {
    /// The columns that it names.
    pub(super) fn columns(&self) -> &[usize] {
        use std::slice::from_ref;
        match self {
            FitWarning::Collinear { columns } => columns,
            FitWarning::Separated(found) => &found.columns,
            FitWarning::AgainstDirection { column, .. } | FitWarning::DirectionBinds { column } => {
                from_ref(column)
            }
            FitWarning::Overfitted { .. } | FitWarning::OtherFramework { .. } => &[],
        }
    }
}

impl Logistic {
    /// What should be said of the fit to these rows; `directions` has one for each column, or none.
    ///
    /// # Errors
    /// Those of [`separation`](crate::fit::separation()); `Shape` for another number of columns or
    /// directions.
    pub fn warnings(
        &self,
        x: ArrayView2<f64>,
        y: &[bool],
        directions: &[Direction],
    ) -> Result<Vec<FitWarning>> {
        let width = self.coefficients().len();
        for (what, found) in [("columns", x.ncols()), ("directions", directions.len())] {
            if found != width && !(what == "directions" && found == 0) {
                return Err(Error::Shape {
                    what,
                    found,
                    expected: width,
                });
            }
        }
        let design = Design::new(x, y)?;
        let expected_slope = self.report().expected_shrinkage();
        design.warnings(self.coefficients(), expected_slope, directions)
    }
}

/// What should be said of a family's fit; columns are those of the sample.
pub(super) fn warnings(linear: &Linear, sample: &Sample) -> Result<Vec<FitWarning>> {
    let design = Design::new(sample.terms(), &sample.events)?;
    let expected_slope = linear.report.expected_shrinkage();
    let mut found = design.warnings(&linear.coefficients, expected_slope, &sample.directions)?;
    let exactly_zero = linear
        .coefficients
        .iter()
        .zip(&sample.directions)
        .enumerate();
    let held = exactly_zero.filter(|(_, (b, direction))| **b == 0.0 && direction.sign().is_some());
    found.extend(held.map(|(column, _)| FitWarning::DirectionBinds { column }));
    if let Some(newest) = sample.newest_framework() {
        let others = sample.rows.iter().filter(|r| r.framework != newest).count();
        found.extend((others > 0).then_some(FitWarning::OtherFramework {
            newest,
            inspections: others,
            of: sample.rows.len(),
        }));
    }
    Ok(found)
}

impl Design {
    fn warnings(
        &self,
        coefficients: &Array1<f64>,
        expected_slope: Option<f64>,
        directions: &[Direction],
    ) -> Result<Vec<FitWarning>> {
        let mut warnings = Vec::new();
        if expected_slope.is_none_or(|slope| slope < LEAST_EXPECTED_SLOPE) {
            warnings.push(FitWarning::Overfitted { expected_slope });
        }
        warnings.extend(self.collinear());
        warnings.extend(self.separation()?.map(FitWarning::Separated));
        let signed = coefficients.iter().zip(directions).enumerate();
        let against = signed
            .filter(|(_, (b, direction))| direction.sign().is_some_and(|sign| sign * **b < 0.0));
        warnings.extend(
            against.map(|(column, (&coefficient, _))| FitWarning::AgainstDirection {
                column,
                coefficient,
            }),
        );
        Ok(warnings)
    }
}

impl Design {
    /// A warning for each column that depends on those before it.
    fn collinear(&self) -> Vec<FitWarning> {
        let mut columns = self.full_columns();
        // Without their means, so that the column of ones hides nothing.
        for column in &mut columns[1..] {
            let mean = column.iter().sum::<f64>() / self.rows as f64;
            let size = column.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
            let constant = column.iter().all(|v| (v - mean).abs() <= 1e-12 * size);
            column
                .iter_mut()
                .for_each(|v| *v = if constant { 0.0 } else { *v - mean });
        }
        let basis = Orthonormal::new(&columns);
        let warning = |j: usize| {
            let (new, parts) = basis.made_of(j);
            let with = parts.iter().filter(|(_, part)| part.abs() > COLLINEAR);
            let mut columns: Vec<usize> =
                with.filter(|(k, _)| *k > 0).map(|(k, _)| k - 1).collect();
            columns.push(j - 1);
            (new < COLLINEAR).then_some(FitWarning::Collinear { columns })
        };
        (1..self.order).filter_map(warning).collect()
    }
}
