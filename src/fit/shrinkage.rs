//! How much coefficients of an unpenalised fit should be shrunk on new rows.

use super::design::Design;
use super::likelihood::Pull;
use super::logistic::FitReport;
use super::ordinal::OrdinalReport;

/// 1 - p / LR: p coefficients that raised twice the log-likelihood by LR (van Houwelingen and
/// le Cessie 1990, *Statistics in Medicine* 9:1303-1325, section 3). As
/// LR = -n ln(1 - R2) with the apparent R2 of Cox and Snell, it is also
/// 1 + p / (n ln(1 - R2)) (Riley et al. 2020, *BMJ* 368:m441).
pub(crate) fn heuristic_shrinkage(parameters: f64, likelihood_ratio: f64) -> f64 {
    1.0 - parameters / likelihood_ratio
}

impl FitReport {
    /// The calibration slope to expect on new rows: 1 is best, and not above 0 all that was found
    /// may be noise. 1 - p / LR (van Houwelingen and le Cessie 1990; Riley et al. 2020) with LR
    /// the [`likelihood_ratio`](Self::likelihood_ratio) and p the
    /// [`effective_parameters`](Self::effective_parameters) without the intercept's. Without a
    /// penalty, p is the number of coefficients; with one, this is what is left to shrink.
    ///
    /// `None` where the model is not likelier than its intercept alone.
    pub fn expected_shrinkage(&self) -> Option<f64> {
        let found = self.likelihood_ratio > 0.0;
        let parameters = self.effective_parameters - 1.0;
        found.then(|| heuristic_shrinkage(parameters, self.likelihood_ratio))
    }
}

impl OrdinalReport {
    /// As [`FitReport::expected_shrinkage`], of the slopes: every threshold's is free.
    pub fn expected_shrinkage(&self) -> Option<f64> {
        let found = self.likelihood_ratio > 0.0;
        let thresholds = self.rows.len() as f64 - 1.0;
        let parameters = self.effective_parameters - thresholds;
        found.then(|| heuristic_shrinkage(parameters, self.likelihood_ratio))
    }
}

impl Design {
    /// Twice what a log-likelihood of these rows is above that of the best intercept alone.
    pub(crate) fn likelihood_ratio(&self, log_likelihood: f64) -> f64 {
        let (all, events) = (self.mass, self.event_mass);
        let part = |mass: f64| mass * (mass / all).ln();
        2.0 * (log_likelihood - part(events) - part(all - events))
    }
}

impl Pull {
    /// What it adds to the objective.
    pub(crate) fn cost(&self, beta: &[f64]) -> f64 {
        let pulls = self.precisions.iter().zip(&self.centres).zip(beta);
        let costs = pulls.map(|((precision, centre), b)| precision * (b - centre).powi(2));
        0.5 * costs.sum::<f64>()
    }
}
