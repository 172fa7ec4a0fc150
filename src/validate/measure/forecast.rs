//! Probabilities beside outcomes, and the proper scores: Brier and log-loss.
//!
//! Brier 1950, *Monthly Weather Review* 78:1-3; skill as Murphy 1973, *Journal of Applied
//! Meteorology* 12, equation 3; both scores are best at the true probabilities (Gneiting and
//! Raftery 2007, *JASA* 102, section 3).

use crate::error::{Error, Result};
use crate::fit::logistic::{log_loss, probability};
use crate::stats::undefined::{Estimate, Undefined};

/// Probabilities of the event, and whether it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    pub(crate) probabilities: Vec<f64>,
    /// Log-odds, infinite at probabilities of 0 and 1.
    pub(crate) log_odds: Vec<f64>,
    pub(crate) outcomes: Vec<bool>,
}

impl Forecast {
    /// From probabilities in [0, 1].
    ///
    /// # Errors
    /// `Shape` unless there is one outcome per probability; `InvalidValue` for a number that is no
    /// probability.
    pub fn new(probabilities: &[f64], outcomes: &[bool]) -> Result<Self> {
        same_length(probabilities.len(), outcomes.len())?;
        if let Some(row) = probabilities.iter().position(|p| !(0.0..=1.0).contains(p)) {
            return Err(Error::InvalidValue {
                what: "probability",
                found: format!("{} in row {row}", probabilities[row]),
                expected: "0 to 1".to_owned(),
            });
        }
        Ok(Forecast {
            probabilities: probabilities.to_vec(),
            log_odds: probabilities.iter().map(|p| (p / (1.0 - p)).ln()).collect(),
            outcomes: outcomes.to_vec(),
        })
    }

    /// From log-odds, such as a linear predictor: exact also where the probability rounds to 0
    /// or 1.
    ///
    /// # Errors
    /// `Shape` unless there is one outcome per number; `NotFinite` for NaN and infinities.
    pub fn from_log_odds(log_odds: &[f64], outcomes: &[bool]) -> Result<Self> {
        same_length(log_odds.len(), outcomes.len())?;
        if let Some(row) = log_odds.iter().position(|v| !v.is_finite()) {
            return Err(Error::NotFinite {
                row,
                column: "log-odds".to_owned(),
                found: log_odds[row],
                limit: f64::MAX,
            });
        }
        Ok(Forecast {
            probabilities: log_odds.iter().map(|&v| probability(v)).collect(),
            log_odds: log_odds.to_vec(),
            outcomes: outcomes.to_vec(),
        })
    }

    /// The forecast with each row as often as stated: a resample, for intervals of anything here.
    /// `OtherRows` unless there is one count per row.
    pub fn resampled(&self, counts: &[u32]) -> Estimate<Forecast> {
        let (found, expected) = (counts.len(), self.outcomes.len());
        if found != expected {
            return Err(Undefined::OtherRows { found, expected });
        }
        Ok(Forecast {
            probabilities: repeat(&self.probabilities, counts),
            log_odds: repeat(&self.log_odds, counts),
            outcomes: repeat(&self.outcomes, counts),
        })
    }

    /// Mean squared difference between probability and outcome: in [0, 1], 0 is best. `NoRows`.
    pub fn brier(&self) -> Estimate {
        let pairs = self.probabilities.iter().zip(&self.outcomes);
        self.mean(pairs.map(|(&p, &y)| squared_error(p, y)))
    }

    /// 1 - Brier score / Brier score of giving every row the base rate: at most 1, 1 is best,
    /// negative where the base rate alone does better. The base rate (a probability) has to be one
    /// known beforehand, such as the training window's.
    ///
    /// `NoRows`; `ZeroDenominator` where the base rate makes no error.
    pub fn brier_skill(&self, base_rate: f64) -> Estimate {
        let brier = self.brier()?;
        let reference = self.mean(self.outcomes.iter().map(|&y| squared_error(base_rate, y)))?;
        if reference == 0.0 {
            return Err(Undefined::ZeroDenominator);
        }
        Ok(1.0 - brier / reference)
    }

    /// Mean of -ln(probability given to what happened): from 0, which is best; ln 2 for giving 1/2
    /// everywhere.
    ///
    /// `NoRows`; `CertainForecast` where something given a probability of exactly 0 happened.
    pub fn log_loss(&self) -> Estimate {
        let losses = || {
            let pairs = self.log_odds.iter().zip(&self.outcomes);
            pairs.map(|(&log_odds, &y)| log_loss(log_odds, y))
        };
        match losses().position(f64::is_infinite) {
            Some(row) => Err(Undefined::CertainForecast { row }),
            None => self.mean(losses()),
        }
    }

    /// Rows with the event.
    pub fn events(&self) -> usize {
        self.outcomes.iter().filter(|&&y| y).count()
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.outcomes.len()
    }

    /// Mean of one value per row.
    pub(crate) fn mean(&self, values: impl Iterator<Item = f64>) -> Estimate {
        if self.outcomes.is_empty() {
            return Err(Undefined::NoRows);
        }
        Ok(values.sum::<f64>() / self.outcomes.len() as f64)
    }
}

fn same_length(values: usize, outcomes: usize) -> Result<()> {
    if values == outcomes {
        return Ok(());
    }
    Err(Error::Shape {
        what: "outcomes",
        found: outcomes,
        expected: values,
    })
}

fn squared_error(p: f64, y: bool) -> f64 {
    (p - f64::from(u8::from(y))).powi(2)
}

fn repeat<T: Copy>(values: &[T], counts: &[u32]) -> Vec<T> {
    let pairs = values.iter().zip(counts);
    pairs
        .flat_map(|(&value, &count)| std::iter::repeat_n(value, count as usize))
        .collect()
}
