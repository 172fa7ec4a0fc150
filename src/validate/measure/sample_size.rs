//! How many rows a model needs before it is worth fitting, and how much it will overfit with those
//! there are.
//!
//! Riley et al. 2020, *BMJ* 368:m441, criteria 2 to 4 (box 1), as their program pmsampsize has
//! them for binary outcomes; the signal from a C-statistic as Riley, Van Calster and Collins 2021,
//! *Statistics in Medicine* 40:859-864, section 2, integrated instead of simulated.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::fit::logistic::log_loss;
use crate::fit::shrinkage::heuristic_shrinkage;

/// Coefficients should need shrinking by no more than a tenth.
const TARGET_SHRINKAGE: f64 = 0.9;
/// Apparent and true Nagelkerke R2 should differ by no more than this.
const OPTIMISM: f64 = 0.05;
/// The share of events should be known to within this.
const MARGIN: f64 = 0.05;
/// pmsampsize rounds the normal quantile, so this does.
const Z: f64 = 1.96;

/// The signal that a model is expected to find.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Cox and Snell's R2, above 0 and below [`Plan::largest_r2`].
    CoxSnellR2(f64),
    /// The C-statistic, above 0.5 and below 1, of a linear predictor that is normal with equal
    /// variance among events and others.
    CStatistic(f64),
}

/// A model to be fitted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Candidate coefficients, the intercept not counted; at least 1.
    pub parameters: usize,
    /// Share of rows with the event, in (0, 1).
    pub prevalence: f64,
    /// What the model is expected to find, corrected for optimism.
    pub signal: Signal,
}

/// Rows that a plan needs, by criterion.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequiredRows {
    /// For an expected shrinkage factor of 0.9.
    pub for_shrinkage: usize,
    /// For an apparent Nagelkerke R2 at most 0.05 above the true one.
    pub for_optimism: usize,
    /// For the share of events to within 0.05.
    pub for_prevalence: usize,
    /// The largest of them.
    pub rows: usize,
    /// Events per parameter in so many rows.
    pub events_per_parameter: f64,
}

impl RequiredRows {
    /// How many rows are missing; 0 if there are enough.
    pub fn shortfall(&self, rows: usize) -> usize {
        self.rows.saturating_sub(rows)
    }
}

impl Plan {
    /// The rows it needs.
    ///
    /// # Errors
    /// `InvalidValue` naming the field that is out of its range.
    pub fn required_rows(&self) -> Result<RequiredRows> {
        let r2 = self.cox_snell_r2()?;
        let by_shrinkage = |target: f64| self.rows_for(r2, target).ceil() as usize;
        let for_shrinkage = by_shrinkage(TARGET_SHRINKAGE);
        let for_optimism = by_shrinkage(r2 / (r2 + OPTIMISM * self.largest_r2()));
        let variance = self.prevalence * (1.0 - self.prevalence);
        let for_prevalence = ((Z / MARGIN).powi(2) * variance).ceil() as usize;
        let rows = for_shrinkage.max(for_optimism).max(for_prevalence);
        Ok(RequiredRows {
            for_shrinkage,
            for_optimism,
            for_prevalence,
            rows,
            events_per_parameter: rows as f64 * self.prevalence / self.parameters as f64,
        })
    }

    /// The calibration slope on new rows to expect of an unpenalised fit to so many rows, where the
    /// signal is the true one: in (0, 1), 1 is best. The inverse of
    /// [`RequiredRows::for_shrinkage`].
    ///
    /// # Errors
    /// As [`required_rows`](Self::required_rows).
    pub fn expected_shrinkage(&self, rows: usize) -> Result<f64> {
        let r2 = self.cox_snell_r2()?;
        // The rows needed rise with the shrinkage factor, from 0 at R2 to infinity at 1.
        Ok(root(r2, 1.0, |s| self.rows_for(r2, s) - rows as f64))
    }

    /// The same where the signal is the *apparent* one, as found in the rows fitted to:
    /// 1 - p / LR with LR = -rows ln(1 - R2), as
    /// [`FitReport::expected_shrinkage`](crate::fit::FitReport::expected_shrinkage) has it of a
    /// fit (van Houwelingen and le Cessie 1990, *Statistics in
    /// Medicine* 9:1303-1325, section 3). Below
    /// [`expected_shrinkage`](Self::expected_shrinkage), because part of an apparent signal is
    /// noise; not above 0 where all of it may be.
    ///
    /// # Errors
    /// As [`required_rows`](Self::required_rows).
    pub fn apparent_shrinkage(&self, rows: usize) -> Result<f64> {
        let likelihood_ratio = -(rows as f64) * (-self.cox_snell_r2()?).ln_1p();
        Ok(heuristic_shrinkage(
            self.parameters as f64,
            likelihood_ratio,
        ))
    }

    /// Cox and Snell's R2 of the expected signal.
    ///
    /// # Errors
    /// As [`required_rows`](Self::required_rows).
    pub fn cox_snell_r2(&self) -> Result<f64> {
        let expect = |holds: bool, what, found: f64, expected: String| {
            let found = found.to_string();
            let wrong = || Error::InvalidValue {
                what,
                found,
                expected,
            };
            holds.then_some(()).ok_or_else(wrong)
        };
        let Plan {
            parameters,
            prevalence,
            signal,
        } = *self;
        expect(parameters > 0, "parameters", 0.0, "at least 1".into())?;
        let inside = prevalence > 0.0 && prevalence < 1.0;
        expect(
            inside,
            "prevalence",
            prevalence,
            "above 0 and below 1".into(),
        )?;
        match signal {
            Signal::CoxSnellR2(r2) => {
                let most = self.largest_r2();
                let range = format!("above 0 and below {most}");
                expect(r2 > 0.0 && r2 < most, "Cox-Snell R2", r2, range)?;
                Ok(r2)
            }
            Signal::CStatistic(c) => {
                let range = "above 0.5 and below 1".into();
                expect(c > 0.5 && c < 1.0, "expected C-statistic", c, range)?;
                Ok(r2_of_normals(c, prevalence))
            }
        }
    }

    /// The largest Cox-Snell R2 at this prevalence: 1 - (q^q (1 - q)^(1 - q))^2.
    pub fn largest_r2(&self) -> f64 {
        let q = self.prevalence;
        1.0 - (q.powf(q) * (1.0 - q).powf(1.0 - q)).powi(2)
    }

    /// p / ((S - 1) ln(1 - R2 / S)): the rows at which the expected shrinkage factor is S.
    fn rows_for(&self, r2: f64, shrinkage: f64) -> f64 {
        self.parameters as f64 / ((shrinkage - 1.0) * (-r2 / shrinkage).ln_1p())
    }
}

/// Two normal distributions of variance 1, as far apart as C says: m = sqrt(2) times the C-quantile
/// of the standard normal. The true log-odds at x are then logit(prevalence) + m x - m^2 / 2, and
/// R2 = 1 - exp(2 (loss of the true model - loss of the prevalence)) with both losses per row.
fn r2_of_normals(c: f64, prevalence: f64) -> f64 {
    let apart = std::f64::consts::SQRT_2 * root(0.0, 40.0, |x| normal_below(x) - c);
    let prior = (prevalence / (1.0 - prevalence)).ln();
    let loss = |z: f64| {
        let log_odds = |x: f64| prior + apart * (x - apart / 2.0);
        prevalence * log_loss(log_odds(z + apart), true)
            + (1.0 - prevalence) * log_loss(log_odds(z), false)
    };
    let without = -prevalence * prevalence.ln() - (1.0 - prevalence) * (1.0 - prevalence).ln();
    -(2.0 * (normal_mean(loss) - without)).exp_m1()
}

/// The mean of a smooth function of a standard normal variable, by the trapezium rule, whose error
/// falls exponentially with the step.
fn normal_mean(f: impl Fn(f64) -> f64) -> f64 {
    const STEPS: i32 = 32; // per unit; the density beyond 10 is under 1e-22
    let points = (-10 * STEPS..=10 * STEPS).map(|i| f64::from(i) / f64::from(STEPS));
    let (sum, weight) = points.fold((0.0, 0.0), |(sum, weight), z| {
        let density = (-z * z / 2.0).exp();
        (sum + density * f(z), weight + density)
    });
    sum / weight
}

fn normal_below(x: f64) -> f64 {
    libm::erfc(-x / std::f64::consts::SQRT_2) / 2.0
}

/// Where a rising function passes 0, by halving until the ends are neighbours.
fn root(mut low: f64, mut high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..100 {
        let middle = low.midpoint(high);
        let end = if rising(middle) < 0.0 {
            &mut low
        } else {
            &mut high
        };
        *end = middle;
    }
    low.midpoint(high)
}
