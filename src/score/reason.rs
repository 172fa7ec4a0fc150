//! Why a score is high: figures that raise it, each with its size.

use serde::Serialize;

use super::contribution::Contribution;
use crate::fit::logistic::probability;

/// A figure that raises a score. An association, not a cause.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reason {
    /// The feature.
    pub feature: String,
    /// The theme that it belongs to.
    pub theme: Option<String>,
    /// Its part of the linear predictor, in log-odds.
    pub log_odds: f64,
    /// By how much the probability would be lower without it.
    pub points: f64,
    /// The figure in words, with its dates.
    pub words: String,
}

impl Reason {
    /// What raises a score: in its declared direction, and otherwise. The largest first.
    pub(super) fn of(contributions: &[Contribution], log_odds: f64) -> (Vec<Reason>, Vec<Reason>) {
        let known = contributions
            .iter()
            .filter(|c| c.log_odds > 0.0 && !c.imputed);
        let mut raising: Vec<&Contribution> = known.collect();
        raising.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
        let (declared, against): (Vec<_>, Vec<_>) = raising
            .into_iter()
            .partition(|c| c.as_declared == Some(true));
        let reason = |c: &Contribution| Reason {
            feature: c.feature.clone(),
            theme: c.theme.clone(),
            log_odds: c.log_odds,
            points: probability(log_odds) - probability(log_odds - c.log_odds),
            words: c.reason(),
        };
        (
            declared.into_iter().map(reason).collect(),
            against.into_iter().map(reason).collect(),
        )
    }

    /// The figure in words, with its dates.
    pub fn reason(&self) -> &str {
        &self.words
    }

    /// The same with its size: "... (+6 points)".
    pub fn with_size(&self) -> String {
        format!("{} (+{:.1} points)", self.words, 100.0 * self.points)
    }
}
