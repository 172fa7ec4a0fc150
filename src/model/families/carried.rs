//! What earlier frameworks said, carried over as a prior.

use ndarray::Array2;

use super::sample::{Fitted, Sample};
use crate::error::{Error, Result};
use crate::fit::cholesky::Cholesky;
use crate::fit::held_out::linear_predictor;
use crate::fit::path::Draws;
use crate::model::family::CARRIED_SHARE;
use crate::model::linear::Linear;

impl Sample<'_> {
    /// Plain ridge where one framework alone has inspections of both classes. Rows of earlier
    /// frameworks are in the prior: what the model says of them is not held out, and has no part
    /// in the weights of the penalties.
    pub(super) fn carried(&self, penalties: &[f64]) -> Result<Vec<Fitted>> {
        let newest = self.newest_framework();
        let (new, old): (Vec<usize>, Vec<usize>) =
            (0..self.rows.len()).partition(|&row| Some(self.rows[row].framework) == newest);
        let both = |rows: &[usize]| {
            let events = rows.iter().filter(|&&row| self.events[row]).count();
            events > 0 && events < rows.len()
        };
        if !both(&new) || !both(&old) {
            return self.ridge(penalties);
        }
        let (earlier, recent) = (self.part(&old), self.part(&new));
        let priors = earlier.ridge(penalties)?;
        let carried = |prior: &Fitted| {
            let fit = recent.towards(&prior.linear)?;
            let mut held_out: Vec<f64> = self
                .terms()
                .rows()
                .into_iter()
                .map(|x| linear_predictor(&fit.linear.beta(), x))
                .collect();
            for (&row, eta) in new.iter().zip(&fit.held_out) {
                held_out[row] = *eta;
            }
            Ok(Fitted { held_out, ..fit })
        };
        priors.iter().map(carried).collect()
    }

    /// Drawn to the slopes of another fit with [`CARRIED_SHARE`] of their precision, in
    /// combinations whose prior is standard normal.
    pub(super) fn towards(&self, prior: &Linear) -> Result<Fitted> {
        let width = self.width;
        let covariance =
            Array2::from_shape_fn((width, width), |(i, j)| prior.covariance[[i + 1, j + 1]]);
        // Sigma = L L'; beta = c + L g / sqrt(share) with g standard normal.
        let mut factor = Cholesky::new(width);
        let values: Vec<f64> = covariance.iter().copied().collect();
        let factor = factor.factor(&values).ok_or(Error::Singular)?;
        let mut basis = Array2::zeros((width, width));
        for i in 0..width {
            for (j, l) in factor.row(i).iter().enumerate() {
                basis[[i, j]] = l / CARRIED_SHARE.sqrt();
            }
        }
        let centred: Vec<f64> = {
            let mut solved = prior.coefficients.to_vec();
            let root = CARRIED_SHARE.sqrt();
            for i in 0..width {
                let row = factor.row(i);
                let known: f64 = row[..i].iter().zip(&solved).map(|(l, g)| l * g).sum();
                solved[i] = (solved[i] - known) / row[i];
            }
            solved.iter().map(|g| g * root).collect()
        };
        let mut draws = Draws::none(width + 1);
        draws.fixed[1..].fill(1.0);
        draws.centres[1..].copy_from_slice(&centred);
        let mut fits = self.in_basis(&basis, &[draws])?;
        let mut fit = fits.pop().ok_or(Error::Singular)?;
        let shares = fit.linear.covariance.diag();
        let shares = shares.iter().skip(1).zip(covariance.diag());
        let shares = shares.map(|(now, before)| (now * CARRIED_SHARE / before).min(1.0));
        fit.linear.prior_shares = shares.collect();
        Ok(fit)
    }
}

impl Linear {
    /// Intercept, then coefficients.
    pub(super) fn beta(&self) -> Vec<f64> {
        let coefficients = self.coefficients.iter().copied();
        [self.intercept].into_iter().chain(coefficients).collect()
    }
}
