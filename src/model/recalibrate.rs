//! Calibration in time: the log-odds follow the rate of now.
//!
//! The share of inspections that end Inadequate moves with the framework and the years (13%, 20%,
//! 15%...), so that old probabilities are too high or too low while their order survives. The
//! model's log-odds are shifted by `a`, and where events allow stretched by `b`: log-odds'
//! = a + b * log-odds, the mode of
//!
//! sum_i w_i l_i(a + b eta_i) - a^2 / (2 s_a^2) - (b - 1)^2 / (2 s_b^2),  w_i = 2^(-age_i / h),
//!
//! with l_i the log-likelihood of row i and eta_i its log-odds by a model that did not see its
//! organisation: fitted to the model's own rows a slope would stretch what has to be shrunk
//! (Steyerberg et al. 2004, *Statistics in Medicine* 23:2567-2586, methods 2 and 3, with the
//! shrinkage of section 3). The weights are raw: they are not scaled to add up to the rows, so that
//! old rows make the estimate no surer.
//!
//! With z_i = (1, eta_i) the variance is the sandwich of clusters of rows of one organisation,
//! V = H^-1 (sum_c g_c g_c') H^-1, g_c = sum_{i in c} w_i (y_i - p_i) z_i and
//! H = sum_i w_i p_i (1 - p_i) z_i z_i' + diag(1 / s_a^2, 1 / s_b^2), without the slope's part where
//! it is held (Liang and Zeger 1986, *Biometrika* 73:13-22).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::AuthorityCode;
use crate::error::{Error, Result};
use crate::features::TrainingRow;
use crate::fit::logistic::probability;
use crate::fit::ridge::require;
use crate::stats::interval::{Interval, Z95};

/// How risks follow the rate of now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct RecalibrationParams {
    /// Years after which a row weighs half. `None`: all years weigh the same. Default 3, fixed
    /// beforehand: the data cannot choose it.
    pub half_life_years: Option<f64>,
    /// Standard deviation of the prior of the shift, in log-odds. Default 0.5.
    pub shift_sd: f64,
    /// Standard deviation of the prior of the slope. Default 0.2.
    pub slope_sd: f64,
    /// The slope stays 1 with fewer effective events, or fewer effective rows without: from 1 to
    /// 1e12. Default 100.
    pub slope_needs: f64,
}

/// What calibration in time found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recalibration {
    /// Years after which a row weighs half; `None` where all years weigh the same.
    pub half_life_years: Option<f64>,
    /// Sum of the weights: so many rows of today.
    pub weight: f64,
    /// Sum of the weights of rows with the event.
    pub weighted_events: f64,
    /// How many events of equal weight would be as informative: (sum w)^2 / sum w^2 over rows with
    /// the event (Kish 1965, *Survey Sampling*, section 11.7).
    pub effective_events: f64,
    /// The shift in log-odds; 0 without rows.
    pub shift: f64,
    /// Its variance, robust to clusters of rows of one organisation.
    pub shift_variance: f64,
    /// Its 95% interval.
    pub shift_ci95: Interval,
    /// The slope; 1 where events are too few.
    pub slope: f64,
    /// Years over which the rate has drifted unseen, as a mean of these rows lags behind a random
    /// walk: the integral over s of the squared share of the weights of rows older than s years.
    pub lag_years: f64,
}

/// One row to calibrate on.
#[derive(Clone, Copy, Debug)]
pub struct CalibrationRow<C> {
    /// Log-odds by a model that did not see the row's cluster.
    pub log_odds: f64,
    /// Whether the event happened.
    pub event: bool,
    /// Years since the outcome became known, from 0.
    pub age_years: f64,
    /// How often the row counts before its age, above 0; 1 for a whole inspection.
    pub count: f64,
    /// Rows of one cluster, such as an organisation, go together.
    pub cluster: C,
}

impl Default for RecalibrationParams {
    fn default() -> Self {
        RecalibrationParams {
            half_life_years: Some(3.0),
            shift_sd: 0.5,
            slope_sd: 0.2,
            slope_needs: 100.0,
        }
    }
}

/// More events than there can be.
const NEVER_SLOPED: f64 = 1e12;

/// Newton's method settles far sooner; a prior makes the objective strictly convex.
const MOST_STEPS: usize = 100;
/// A relative step that is rounding, and a share of a step that has gone nowhere.
const SETTLED: f64 = 1e-13;
const SHORTEST: f64 = 1e-6;

impl RecalibrationParams {
    /// The same with another half-life; `None` weighs all years the same.
    pub fn half_life(self, years: Option<f64>) -> Self {
        RecalibrationParams {
            half_life_years: years,
            ..self
        }
    }

    /// Fits shift and slope to training rows known on `date`, each with its held-out log-odds.
    pub(crate) fn on(
        &self,
        date: Date,
        rows: &[TrainingRow],
        held_out: &[f64],
    ) -> Result<Recalibration> {
        self.fit(&rows_of(date, rows, held_out))
    }

    /// Fits shift and slope.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] for parameters, ages or log-odds that cannot be.
    pub fn fit<C: Copy + Ord>(&self, rows: &[CalibrationRow<C>]) -> Result<Recalibration> {
        self.check()?;
        for row in rows {
            let possible = row.log_odds.is_finite()
                && (0.0..1e4).contains(&row.age_years)
                && row.count > 0.0
                && row.count.is_finite();
            if !possible {
                let found = format!("{} of age {}", row.log_odds, row.age_years);
                let expected = "finite log-odds of an age in years";
                require("row to calibrate on", found, false, expected)?;
            }
        }
        let weight = |row: &CalibrationRow<C>| match self.half_life_years {
            Some(years) => row.count * (-row.age_years / years).exp2(),
            None => row.count,
        };
        let rows: Vec<(f64, &CalibrationRow<C>)> = rows.iter().map(|r| (weight(r), r)).collect();
        let kish = |event: bool| {
            let of = rows.iter().filter(|(_, row)| row.event == event);
            let (sum, squares) = of.fold((0.0, 0.0), |(s, q), (w, _)| (s + w, q + w * w));
            (
                sum,
                if squares > 0.0 {
                    sum * sum / squares
                } else {
                    0.0
                },
            )
        };
        let ((events, effective_events), (others, effective_others)) = (kish(true), kish(false));
        let sloped = effective_events.min(effective_others) >= self.slope_needs;
        let prior = (self.shift_sd.powi(-2), self.slope_sd.powi(-2));
        let (shift, slope, sums) = mode(&rows, prior, sloped);
        let shift_variance = sums.sandwich(&scores(&rows, shift, slope), sloped);
        let half = Z95 * shift_variance.sqrt();
        let weight = events + others;
        Ok(Recalibration {
            half_life_years: self.half_life_years,
            weight,
            weighted_events: events,
            effective_events,
            shift,
            shift_variance,
            shift_ci95: Interval {
                low: shift - half,
                high: shift + half,
            },
            slope,
            lag_years: lag(&rows, weight),
        })
    }

    pub(super) fn check(&self) -> Result<()> {
        let years = self.half_life_years.unwrap_or(1.0);
        let numbers = [
            ("half-life in years", years, 0.01, 1e4),
            ("standard deviation of the shift", self.shift_sd, 1e-6, 1e6),
            ("standard deviation of the slope", self.slope_sd, 1e-6, 1e6),
        ];
        for (what, found, low, high) in numbers {
            let expected = format!("{low} to {high}");
            require(what, found, (low..=high).contains(&found), &expected)?;
        }
        // Finite, so that a saved model can hold it.
        let possible = (1.0..=NEVER_SLOPED).contains(&self.slope_needs);
        require(
            "events that a slope needs",
            self.slope_needs,
            possible,
            "1 to 1e12",
        )
    }

    /// The same without a slope: where all log-odds are the same there is none.
    pub(super) fn without_slope(self) -> Self {
        RecalibrationParams {
            slope_needs: NEVER_SLOPED,
            ..self
        }
    }
}

/// Training rows known on `date` with their held-out log-odds, as they are calibrated on.
pub(super) fn rows_of(
    date: Date,
    rows: &[TrainingRow],
    held_out: &[f64],
) -> Vec<CalibrationRow<AuthorityCode>> {
    let of = |(row, &log_odds): (&TrainingRow, &f64)| CalibrationRow {
        log_odds,
        event: row.event,
        age_years: f64::from((date - row.published).get_days().max(0)) / 365.25,
        count: row.weight,
        cluster: row.organisation,
    };
    rows.iter().zip(held_out).map(of).collect()
}

impl Recalibration {
    /// The recalibrated log-odds.
    pub fn apply(&self, log_odds: f64) -> f64 {
        self.shift + self.slope * log_odds
    }

    /// Refuses what no fit can have found in so many rows.
    pub(super) fn check(&self, rows: usize) -> Result<()> {
        let numbers = [
            self.shift,
            self.slope,
            self.shift_ci95.low,
            self.shift_ci95.high,
        ];
        let most = rows as f64 * (1.0 + 1e-9);
        let possible = numbers.iter().all(|v| v.is_finite())
            && (0.0..=most).contains(&self.weight)
            && (0.0..=self.weight).contains(&self.weighted_events)
            && (0.0..=most).contains(&self.effective_events)
            && (0.0..f64::MAX).contains(&self.shift_variance)
            && (0.0..=1e4).contains(&self.lag_years)
            && self.slope > 0.0;
        if possible {
            return Ok(());
        }
        Err(Error::Artifact {
            field: "training.recalibration".to_owned(),
            found: format!("{self:?}"),
            expected: format!("finite numbers from at most {rows} rows"),
        })
    }
}

/// The integral of the squared share of the weights of older rows: with shocks of variance v a
/// year, a weighted mean of past levels is off the present one by v times this (the share of
/// weights before a shock is how much of it the mean lacks).
fn lag<C>(rows: &[(f64, &CalibrationRow<C>)], weight: f64) -> f64 {
    let mut ages: Vec<(f64, f64)> = rows.iter().map(|(w, row)| (row.age_years, *w)).collect();
    ages.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (mut older, mut at, mut sum) = (weight, 0.0, 0.0);
    for (age, own) in ages {
        sum += (age - at) * (older / weight).powi(2);
        (older, at) = (older - own, age);
    }
    sum
}

/// Shift and slope at the mode, and the sums there: Newton steps, of at most one log-odds and
/// halved where they lead uphill.
fn mode<C>(
    rows: &[(f64, &CalibrationRow<C>)],
    prior: (f64, f64),
    sloped: bool,
) -> (f64, f64, Sums) {
    let (mut a, mut b) = (0.0, 1.0);
    let mut sums = Sums::new(rows, a, b, prior);
    for _ in 0..MOST_STEPS {
        let (da, db) = sums.step(sloped);
        let longest = da.abs().max(db.abs());
        if longest < SETTLED * (1.0 + a.abs() + b.abs()) {
            break;
        }
        let mut length = 1.0 / longest.max(1.0);
        loop {
            let next = Sums::new(rows, a + length * da, b + length * db, prior);
            // Convex: where the slope along the step is not above 0, it has not been too long.
            let slope = next.gradient.0 * da + if sloped { next.gradient.1 * db } else { 0.0 };
            if slope <= 0.0 || length < SHORTEST || next.is_flatter(&sums, sloped) {
                (a, b, sums) = (a + length * da, b + length * db, next);
                break;
            }
            length /= 2.0;
        }
    }
    (a, b, sums)
}

/// The weighted scores of shift and slope, summed over each cluster.
fn scores<C: Copy + Ord>(
    rows: &[(f64, &CalibrationRow<C>)],
    shift: f64,
    slope: f64,
) -> Vec<(f64, f64)> {
    let mut of: BTreeMap<C, (f64, f64)> = BTreeMap::new();
    for (weight, row) in rows {
        let p = probability(shift + slope * row.log_odds);
        let residual = weight * (f64::from(u8::from(row.event)) - p);
        let sums = of.entry(row.cluster).or_default();
        sums.0 += residual;
        sums.1 += residual * row.log_odds;
    }
    of.into_values().collect()
}

/// Derivatives of the penalised negative log-likelihood in shift and slope.
struct Sums {
    gradient: (f64, f64),
    // Second derivatives: shift, both, slope.
    hessian: (f64, f64, f64),
}

impl Sums {
    fn new<C>(rows: &[(f64, &CalibrationRow<C>)], a: f64, b: f64, prior: (f64, f64)) -> Sums {
        let mut sums = Sums {
            gradient: (prior.0 * a, prior.1 * (b - 1.0)),
            hessian: (prior.0, 0.0, prior.1),
        };
        for (weight, row) in rows {
            let x = row.log_odds;
            let eta = a + b * x;
            let p = probability(eta);
            let residual = weight * (p - f64::from(u8::from(row.event)));
            let w = weight * p * (1.0 - p);
            sums.gradient.0 += residual;
            sums.gradient.1 += residual * x;
            sums.hessian.0 += w;
            sums.hessian.1 += w * x;
            sums.hessian.2 += w * x * x;
        }
        sums
    }

    /// Whether its gradient is shorter than another's.
    fn is_flatter(&self, other: &Sums, sloped: bool) -> bool {
        let length = |s: &Sums| {
            let slope = if sloped { s.gradient.1 } else { 0.0 };
            s.gradient.0.powi(2) + slope.powi(2)
        };
        length(self) < length(other)
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

    /// The variance of the shift.
    fn sandwich(&self, scores: &[(f64, f64)], sloped: bool) -> f64 {
        let h = self.hessian;
        // The first row of the inverse.
        let (to_shift, to_slope) = match sloped {
            false => (1.0 / h.0, 0.0),
            true => {
                let determinant = h.0 * h.2 - h.1 * h.1;
                (h.2 / determinant, -h.1 / determinant)
            }
        };
        let moved = scores.iter().map(|(a, b)| to_shift * a + to_slope * b);
        moved.map(|m| m * m).sum()
    }
}
