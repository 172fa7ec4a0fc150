//! Do probabilities mean what they say? Calibration in the large, intercept and slope, observed to
//! expected, and the distance from a smooth calibration curve.
//!
//! Cox 1958, *Biometrika* 45:562-565, for the line; the hierarchy of mean, weak and flexible
//! calibration, and the 200 events that a flexible curve needs, as Van Calster et al. 2016,
//! *Journal of Clinical Epidemiology* 74:167-176, sections 2 and 4.

use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

use super::forecast::Forecast;
use super::lowess::lowess;
use crate::error::Error;
use crate::fit::RidgeParams;
use crate::fit::logistic::probability;
use crate::stats::interval::{Interval, Measured, quantile, wilson};
use crate::stats::undefined::{Estimate, Undefined};

/// A flexible curve is drawn from this many events and as many rows without.
pub const FLEXIBLE_CURVE_NEEDS: usize = 200;

/// The logistic regression of the outcome on the forecast's log-odds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationLine {
    /// In log-odds, best 0; read it with the slope.
    pub intercept: Measured,
    /// Best 1; below 1 the forecasts are too extreme (overfitted), above 1 too timid.
    pub slope: Measured,
}

/// Events that came, and events that were forecast.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservedExpected {
    /// Rows with the event.
    pub observed: usize,
    /// Sum of the probabilities.
    pub expected: f64,
    /// Observed over expected: from 0, best 1; above 1 the forecasts are too low.
    pub ratio: f64,
    /// Of the ratio.
    pub interval95: Interval,
}

/// Distances between the forecast and the smooth calibration curve, over rows: probabilities in
/// [0, 1], 0 is best.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CalibrationError {
    /// The mean: Harrell's Eavg, the integrated calibration index (Austin and Steyerberg 2019,
    /// *Statistics in Medicine* 38:4051-4065, section 2), with lowess for loess.
    pub mean: f64,
    /// The median, E50.
    pub median: f64,
    /// The 90% point, E90.
    pub p90: f64,
    /// The largest, Emax.
    pub largest: f64,
}

/// A point of a calibration curve; both are probabilities.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CurvePoint {
    /// What was forecast.
    pub forecast: f64,
    /// What came, smoothed.
    pub observed: f64,
}

/// Rows of similar probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityGroup {
    /// Rows.
    pub rows: usize,
    /// Rows with the event.
    pub events: usize,
    /// Lowest and highest probability in the group.
    pub range: [f64; 2],
    /// Mean probability.
    pub forecast: f64,
    /// Share of events.
    pub observed: f64,
    /// Wilson interval of that share.
    pub observed_interval95: Interval,
}

impl Forecast {
    /// Calibration in the large: the shift of all log-odds (the slope held at 1) with which events
    /// expected equal events observed. Best 0; positive where the forecasts are too low. Its
    /// standard error is 1 / sqrt(sum p (1 - p)) at the shifted probabilities.
    ///
    /// `NoRows`, `OneClass`, `CertainForecast`; `NotConverged` for log-odds too far apart.
    pub fn calibration_in_the_large(&self) -> Estimate<Measured> {
        self.both_classes()?;
        self.finite_log_odds()?;
        let events = self.events() as f64;
        let prior = (events / (self.rows() as f64 - events)).ln();
        // At these shifts all rows are at most, and at least, as likely as the share of events.
        let highest = self.log_odds.iter().copied().fold(f64::MIN, f64::max);
        let lowest = self.log_odds.iter().copied().fold(f64::MAX, f64::min);
        let (mut low, mut high) = (prior - highest, prior - lowest);
        let mut shift = low.max(high.min(0.0));
        for _ in 0..MOST_STEPS {
            let (expected, information) = self.expected(shift);
            let end = if expected < events {
                &mut low
            } else {
                &mut high
            };
            *end = shift;
            let newton = shift + (events - expected) / information;
            if (newton - shift).abs() <= SETTLED * (1.0 + shift.abs()) {
                // Where rounding has made every row certain, any shift fits.
                if information < SETTLED {
                    return Err(Undefined::NotConverged);
                }
                return Ok(Measured::normal(newton, information.sqrt().recip()));
            }
            // Also where the information underflows: the comparisons are false for NaN.
            let inside = newton > low && newton < high;
            shift = if inside { newton } else { low.midpoint(high) };
        }
        Err(Undefined::NotConverged)
    }

    /// Calibration intercept and slope. Standard errors are of maximum likelihood and take rows as
    /// independent.
    ///
    /// `NoRows`, `OneClass`, `CertainForecast`, `ConstantScores`; `NotConverged` where the
    /// log-odds separate the classes, so that no finite slope is best.
    pub fn calibration_line(&self) -> Estimate<CalibrationLine> {
        self.both_classes()?;
        self.finite_log_odds()?;
        if self.log_odds.iter().all(|v| *v == self.log_odds[0]) {
            return Err(Undefined::ConstantScores);
        }
        let x = ArrayView2::from_shape((self.rows(), 1), &self.log_odds)
            .map_err(|_| Undefined::NoRows)?;
        let maximum_likelihood = RidgeParams::new().penalty(0.0);
        let line = maximum_likelihood
            .fit_rows(x, &self.outcomes)
            .map_err(|_: Error| Undefined::NotConverged)?;
        let errors = line.standard_errors();
        Ok(CalibrationLine {
            intercept: Measured::normal(line.intercept(), errors[0]),
            slope: Measured::normal(line.coefficients()[0], errors[1]),
        })
    }

    /// Events observed over events expected. The interval is Wilson's for the share of events,
    /// divided by the mean probability: it holds the forecasts fixed, and exists at 0 events.
    ///
    /// `NoRows`; `ZeroDenominator` where nothing is expected.
    pub fn observed_expected(&self) -> Estimate<ObservedExpected> {
        let share = wilson(self.events(), self.rows())?;
        let expected: f64 = self.probabilities.iter().sum();
        if expected == 0.0 {
            return Err(Undefined::ZeroDenominator);
        }
        let rows = self.rows() as f64;
        Ok(ObservedExpected {
            observed: self.events(),
            expected,
            ratio: self.events() as f64 / expected,
            interval95: Interval {
                low: share.low * rows / expected,
                high: share.high * rows / expected,
            },
        })
    }

    /// How far the probabilities are from their smooth calibration curve, as `rms::val.prob` has
    /// it. With few events the curve follows noise, so that even a perfect forecast is some way
    /// off: compare models on the same rows, not with 0.
    ///
    /// `NoRows`, `OneClass`, `ConstantScores`.
    pub fn calibration_error(&self) -> Estimate<CalibrationError> {
        self.both_classes()?;
        let points = self.smooth();
        if points.first().map(|p| p.forecast) == points.last().map(|p| p.forecast) {
            return Err(Undefined::ConstantScores);
        }
        let mut distances: Vec<f64> = points
            .iter()
            .map(|p| (p.forecast - p.observed).abs())
            .collect();
        distances.sort_unstable_by(f64::total_cmp);
        Ok(CalibrationError {
            mean: self.mean(distances.iter().copied())?,
            median: quantile(&distances, 0.5)?,
            p90: quantile(&distances, 0.9)?,
            largest: quantile(&distances, 1.0)?,
        })
    }

    /// The flexible calibration curve at each distinct probability, rising: lowess of outcome on
    /// probability.
    ///
    /// `TooFewEvents` under [`FLEXIBLE_CURVE_NEEDS`], below which its shape is mostly noise;
    /// `ConstantScores`.
    pub fn flexible_curve(&self) -> Estimate<Vec<CurvePoint>> {
        let (events, needed) = (self.events(), FLEXIBLE_CURVE_NEEDS);
        let others = self.rows() - events;
        if events.min(others) < needed {
            return Err(Undefined::TooFewEvents {
                events,
                others,
                needed,
            });
        }
        let mut points = self.smooth();
        points.dedup_by_key(|p| p.forecast);
        if points.len() < 2 {
            return Err(Undefined::ConstantScores);
        }
        Ok(points)
    }

    /// Rows in so many groups of rising probability, as equal in size as ties allow: equal
    /// probabilities stay together, so that there can be fewer groups. `NoRows`; `TooFewRows` for
    /// fewer rows than groups, or no group.
    pub fn reliability(&self, groups: usize) -> Estimate<Vec<ReliabilityGroup>> {
        let rows = self.rows();
        if rows == 0 {
            return Err(Undefined::NoRows);
        }
        if !(1..=rows).contains(&groups) {
            return Err(Undefined::TooFewRows {
                rows,
                needed: groups.max(1),
            });
        }
        let mut found = Vec::new();
        let (mut members, mut done) = (Vec::new(), 0);
        for run in self.runs() {
            members.extend(run);
            // The next edge that this run reaches ends the group.
            let seen = done + members.len();
            if seen * groups >= (done * groups / rows + 1) * rows {
                found.push(self.group(&members)?);
                done = seen;
                members.clear();
            }
        }
        Ok(found)
    }

    /// `members` by rising probability.
    fn group(&self, members: &[usize]) -> Estimate<ReliabilityGroup> {
        let rows = members.len();
        let events = members.iter().filter(|&&row| self.outcomes[row]).count();
        let sum: f64 = members.iter().map(|&row| self.probabilities[row]).sum();
        let ends = [members[0], members[rows - 1]];
        Ok(ReliabilityGroup {
            rows,
            events,
            range: ends.map(|row| self.probabilities[row]),
            forecast: sum / rows as f64,
            observed: events as f64 / rows as f64,
            observed_interval95: wilson(events, rows)?,
        })
    }

    /// One point per row, by rising probability.
    fn smooth(&self) -> Vec<CurvePoint> {
        let order = self.runs().concat();
        let x: Vec<f64> = order.iter().map(|&row| self.probabilities[row]).collect();
        let outcome = |&row: &usize| f64::from(u8::from(self.outcomes[row]));
        let y: Vec<f64> = order.iter().map(outcome).collect();
        let pairs = x.iter().zip(lowess(&x, &y));
        let point = |(&forecast, observed)| CurvePoint { forecast, observed };
        pairs.map(point).collect()
    }

    /// Events expected when all log-odds are shifted, and the derivative by the shift.
    fn expected(&self, shift: f64) -> (f64, f64) {
        let shifted = self.log_odds.iter().map(|v| probability(v + shift));
        shifted.fold((0.0, 0.0), |(sum, slope), p| {
            (sum + p, slope + p * (1.0 - p))
        })
    }

    fn both_classes(&self) -> Estimate<()> {
        match (self.rows(), self.events()) {
            (0, _) => Err(Undefined::NoRows),
            (rows, events) if events == 0 || events == rows => Err(Undefined::OneClass),
            _ => Ok(()),
        }
    }

    fn finite_log_odds(&self) -> Estimate<()> {
        match self.log_odds.iter().position(|v| !v.is_finite()) {
            Some(row) => Err(Undefined::CertainForecast { row }),
            None => Ok(()),
        }
    }
}

/// A relative Newton step that is rounding, and the most steps to get there.
const SETTLED: f64 = 1e-12;
const MOST_STEPS: usize = 100;
