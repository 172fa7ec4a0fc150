//! Families around equal weights: the composite, and weights drawn towards it.

use ndarray::{Array1, Array2, Axis, concatenate};

use super::sample::{Fitted, Sample};
use crate::error::{Error, Result};
use crate::fit::path::{Draws, Fit};
use crate::fit::towards_equal::basis;
use crate::model::linear::Linear;

impl Sample<'_> {
    /// Regressions on combinations of the columns: the pulls are on the combinations.
    pub(super) fn in_basis(&self, basis: &Array2<f64>, pulls: &[Draws]) -> Result<Vec<Fitted>> {
        let rotated = self.terms().dot(basis);
        let joined = concatenate(Axis(1), &[rotated.view(), self.frameworks()]);
        let joined = joined.map_err(|_| Error::Shape {
            what: "rows",
            found: self.frameworks().nrows(),
            expected: rotated.nrows(),
        })?;
        let fits = self.path(joined.view(), pulls)?;
        let fitted = |fit: Fit| {
            let linear = Linear::rotated(&fit.logistic, basis.view());
            self.fitted(linear, fit.held_out)
        };
        Ok(fits.into_iter().map(fitted).collect())
    }

    /// The weights of the columns with their declared signs, summing to 1 without them.
    pub(super) fn equal_weights(&self) -> Result<Vec<f64>> {
        let signs = self.directions.iter().map(|d| d.sign().unwrap_or(0.0));
        let signed: Vec<f64> = signs.zip(&self.weights).map(|(s, w)| s * w).collect();
        let sum: f64 = signed.iter().map(|w| w.abs()).sum();
        if sum == 0.0 {
            return Err(Error::NoUsableFeature {
                features: signed.len(),
            });
        }
        Ok(signed.iter().map(|w| w / sum).collect())
    }

    pub(super) fn composite(&self) -> Result<Vec<Fitted>> {
        let weights = Array1::from(self.equal_weights()?).insert_axis(Axis(1));
        self.in_basis(&weights, &[self.draws(vec![0.0])])
    }

    pub(super) fn towards_equal(&self, penalties: &[f64]) -> Result<Vec<Fitted>> {
        let basis = basis(&self.equal_weights()?, &self.known)?;
        let pull = |penalty: &f64| {
            let mut drawn = vec![*penalty; self.width];
            drawn[0] = 0.0;
            self.draws(drawn)
        };
        self.in_basis(&basis, &penalties.iter().map(pull).collect::<Vec<_>>())
    }
}
