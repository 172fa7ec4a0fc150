//! Decision curves: is acting on the forecast worth more than acting on all, or on none?
//!
//! Vickers and Elkin 2006, *Medical Decision Making* 26:565-574, section "decision curve
//! analysis": net benefit = TP/n - FP/n t/(1 - t), in true positives per row; a threshold t says
//! that one false alarm costs t/(1 - t) of what one catch is worth. From any negative number to
//! the share of events; more is better. No sampling error is in the curve: add a bootstrap.

use serde::{Deserialize, Serialize};

use super::forecast::Forecast;
use crate::stats::undefined::{Estimate, Undefined};

/// Net benefit at one threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetBenefit {
    /// The probability from which on one acts.
    pub threshold: f64,
    /// Rows acted on: probability >= threshold.
    pub flagged: usize,
    /// Of these, rows with the event.
    pub caught: usize,
    /// Net benefit of acting on the flagged rows.
    pub model: f64,
    /// Net benefit of acting on every row.
    pub treat_all: f64,
    /// Net benefit of acting on none: 0.
    pub treat_none: f64,
    /// Interventions spared per 100 rows at an unchanged catch, against acting on all:
    /// 100 (model - all) / (t / (1 - t)) (Vickers et al. 2008, *BMC Medical Informatics* 8:53).
    pub avoided_per_100: f64,
}

impl Forecast {
    /// Net benefit at each of the thresholds, in their order.
    ///
    /// `NoRows`; `NoSuchThreshold` for one that is not above 0 and below 1.
    pub fn decision_curve(&self, thresholds: &[f64]) -> Estimate<Vec<NetBenefit>> {
        if self.rows() == 0 {
            return Err(Undefined::NoRows);
        }
        if thresholds.iter().any(|&t| !(t > 0.0 && t < 1.0)) {
            return Err(Undefined::NoSuchThreshold);
        }
        Ok(thresholds.iter().map(|&t| self.net_benefit(t)).collect())
    }

    fn net_benefit(&self, threshold: f64) -> NetBenefit {
        let pairs = self.probabilities.iter().zip(&self.outcomes);
        let acted = pairs.filter(|(p, _)| **p >= threshold).map(|(_, &y)| y);
        let (mut flagged, mut caught) = (0, 0);
        for event in acted {
            flagged += 1;
            caught += usize::from(event);
        }
        let odds = threshold / (1.0 - threshold);
        let benefit = |flagged: usize, caught: usize| {
            (caught as f64 - (flagged - caught) as f64 * odds) / self.rows() as f64
        };
        let model = benefit(flagged, caught);
        let treat_all = benefit(self.rows(), self.events());
        NetBenefit {
            threshold,
            flagged,
            caught,
            model,
            treat_all,
            treat_none: 0.0,
            avoided_per_100: 100.0 * (model - treat_all) / odds,
        }
    }
}
