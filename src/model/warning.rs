//! What a caller should know of a fit that is valid all the same.

use super::design::Design;
use super::fitted::Logistic;
use super::orthonormal::Orthonormal;
use super::separation::Separation;
use crate::data::Direction;
use crate::error::{Error, Result};
use ndarray::ArrayView2;
use serde::Serialize;

/// Fewer rows of the rarer class per coefficient than this are too few (Peduzzi et al. 1996,
/// *Journal of Clinical Epidemiology* 49).
pub const FEWEST_EVENTS_PER_PARAMETER: f64 = 10.0;

/// A column of which the others leave less than this share is collinear with them: its squared
/// multiple correlation is above 0.99.
const COLLINEAR: f64 = 0.1;

/// Something to be said of a fit; columns are zero-based.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "warning")]
#[non_exhaustive]
pub enum FitWarning {
    /// Less than [`FEWEST_EVENTS_PER_PARAMETER`].
    TooFewEvents {
        /// Rows of the rarer class per coefficient, intercept not counted.
        events_per_parameter: f64,
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
}

impl Logistic {
    /// What should be said of the fit to these rows; `directions` has one for each column, or none.
    ///
    /// # Errors
    /// Those of [`separation`](super::separation()); `Shape` for another number of columns or
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
        let mut warnings = Vec::new();
        let events_per_parameter = self.report().events_per_parameter;
        if events_per_parameter < FEWEST_EVENTS_PER_PARAMETER {
            warnings.push(FitWarning::TooFewEvents {
                events_per_parameter,
            });
        }
        warnings.extend(design.collinear());
        warnings.extend(design.separation()?.map(FitWarning::Separated));
        let signed = self.coefficients().iter().zip(directions).enumerate();
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
