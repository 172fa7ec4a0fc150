//! Why a score is high: figures that raise it, each with its size.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::contribution::Contribution;
use crate::fit::logistic::probability;

/// A figure that raises a score. An association, not a cause.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The figure, and its part of the linear predictor.
    #[serde(flatten)]
    pub figure: Contribution,
    /// By how much the probability would be lower without it.
    pub points: f64,
}

impl Deref for Reason {
    type Target = Contribution;

    fn deref(&self) -> &Contribution {
        &self.figure
    }
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
            figure: c.clone(),
            points: probability(log_odds) - probability(log_odds - c.log_odds),
        };
        (
            declared.into_iter().map(reason).collect(),
            against.into_iter().map(reason).collect(),
        )
    }
}
