//! Base-rate drift: recalibration on the last years known, drawn towards no change.
//!
//! The share of inspections that end Inadequate moves with the framework and the years (13%, 20%,
//! 15%...), so that old probabilities are too high or too low while their order survives. The
//! model's log-odds are shifted by `a`, and where events allow stretched by `b`: log-odds'
//! = a + b * log-odds, fitted to the training rows published in the last years by penalised
//! maximum likelihood with a normal prior of mean 0 for `a` and 1 for `b` (Steyerberg et al. 2004,
//! *Statistics in Medicine* 23:2567-2586, methods 2 and 3, with the shrinkage of section 3).

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::fitted::{log_loss, probability};
use crate::features::TrainingRow;
use crate::resample::interval::{Interval, Z95};

/// How far back, and how strongly drawn to no change.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DriftParams {
    /// Years before the origin whose publications count. Default 3.
    pub years: u8,
    /// Standard deviation of the prior of the shift, in log-odds. Default 0.5.
    pub shift_sd: f64,
    /// Standard deviation of the prior of the slope. Default 0.2.
    pub slope_sd: f64,
    /// The slope stays 1 with fewer recent events, or fewer recent rows without. Default 50.
    pub slope_needs: usize,
}

/// What recalibration found at one origin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drift {
    /// Recent rows.
    pub rows: usize,
    /// Of these, rows with the event.
    pub events: usize,
    /// The shift in log-odds; 0 without recent rows.
    pub shift: f64,
    /// Its 95% interval.
    pub shift_ci95: Interval,
    /// The slope; 1 where events are too few.
    pub slope: f64,
}

impl Default for DriftParams {
    fn default() -> Self {
        DriftParams {
            years: 3,
            shift_sd: 0.5,
            slope_sd: 0.2,
            slope_needs: 50,
        }
    }
}

/// Newton's method settles far sooner; a prior makes the objective strictly convex.
const MOST_STEPS: usize = 100;

impl DriftParams {
    /// Fits shift and slope to the rows published in the last years before `date`, each with its
    /// log-odds.
    pub(crate) fn on(&self, date: Date, rows: &[TrainingRow], log_odds: &[f64]) -> Drift {
        let since = date.saturating_sub(Span::new().years(i64::from(self.years)));
        let recent = rows
            .iter()
            .zip(log_odds)
            .filter(|(row, _)| row.published >= since);
        let recent: Vec<(f64, bool)> = recent.map(|(row, eta)| (*eta, row.event)).collect();
        self.fit(&recent)
    }

    /// Fits shift and slope to recent log-odds and outcomes.
    pub fn fit(&self, recent: &[(f64, bool)]) -> Drift {
        let events = recent.iter().filter(|(_, y)| *y).count();
        let others = recent.len() - events;
        let sloped = events.min(others) >= self.slope_needs;
        let prior = (self.shift_sd.powi(-2), self.slope_sd.powi(-2));
        let (mut a, mut b) = (0.0, 1.0);
        let mut sums = Sums::new(recent, a, b, prior);
        for _ in 0..MOST_STEPS {
            let (da, db) = sums.step(sloped);
            // Half steps where a whole one overshoots.
            let mut length = 1.0;
            let next = loop {
                let next = Sums::new(recent, a + length * da, b + length * db, prior);
                if next.objective <= sums.objective || length < 1e-6 {
                    break next;
                }
                length /= 2.0;
            };
            (a, b) = (a + length * da, b + length * db);
            sums = next;
            if da.abs() + db.abs() < 1e-12 {
                break;
            }
        }
        let half = Z95 * sums.shift_variance(sloped).sqrt();
        Drift {
            rows: recent.len(),
            events,
            shift: a,
            shift_ci95: Interval {
                low: a - half,
                high: a + half,
            },
            slope: b,
        }
    }
}

impl Drift {
    /// The recalibrated log-odds.
    pub fn apply(&self, log_odds: f64) -> f64 {
        self.shift + self.slope * log_odds
    }
}

/// The penalised negative log-likelihood with its derivatives in shift and slope.
struct Sums {
    objective: f64,
    gradient: (f64, f64),
    // Second derivatives: shift, both, slope.
    hessian: (f64, f64, f64),
}

impl Sums {
    fn new(recent: &[(f64, bool)], a: f64, b: f64, prior: (f64, f64)) -> Sums {
        let mut sums = Sums {
            objective: 0.5 * (prior.0 * a * a + prior.1 * (b - 1.0).powi(2)),
            gradient: (prior.0 * a, prior.1 * (b - 1.0)),
            hessian: (prior.0, 0.0, prior.1),
        };
        for &(x, y) in recent {
            let eta = a + b * x;
            let p = probability(eta);
            let (residual, w) = (p - f64::from(u8::from(y)), p * (1.0 - p));
            sums.objective += log_loss(eta, y);
            sums.gradient.0 += residual;
            sums.gradient.1 += residual * x;
            sums.hessian.0 += w;
            sums.hessian.1 += w * x;
            sums.hessian.2 += w * x * x;
        }
        sums
    }

    fn step(&self, sloped: bool) -> (f64, f64) {
        let (h, g) = (self.hessian, self.gradient);
        if !sloped {
            return (-g.0 / h.0, 0.0);
        }
        let determinant = h.0 * h.2 - h.1 * h.1;
        (
            -(h.2 * g.0 - h.1 * g.1) / determinant,
            -(h.0 * g.1 - h.1 * g.0) / determinant,
        )
    }

    fn shift_variance(&self, sloped: bool) -> f64 {
        let h = self.hessian;
        if sloped {
            h.2 / (h.0 * h.2 - h.1 * h.1)
        } else {
            1.0 / h.0
        }
    }
}
