//! Intervals: normal, of a proportion (Wilson), and quantiles.

use serde::{Deserialize, Serialize};

use super::undefined::{Estimate, Undefined};

/// The 97.5% point of the standard normal distribution.
pub(crate) const Z95: f64 = 1.959_963_984_540_054;

/// An interval, in the unit of its estimate; `[low, high]` in JSON. Of 95% unless another level is
/// stated beside it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "[f64; 2]", from = "[f64; 2]")]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl From<Interval> for [f64; 2] {
    fn from(interval: Interval) -> Self {
        [interval.low, interval.high]
    }
}

impl From<[f64; 2]> for Interval {
    fn from([low, high]: [f64; 2]) -> Self {
        Interval { low, high }
    }
}

impl Interval {
    /// Whether the value lies in it, ends included.
    pub fn contains(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Cut to a range in which the estimated quantity has to lie.
    pub(crate) fn within(self, lowest: f64, highest: f64) -> Self {
        Interval {
            low: self.low.max(lowest),
            high: self.high.min(highest),
        }
    }
}

/// How many standard errors on either side make a normal interval of this level: the
/// `(1 + level) / 2` point of the standard normal distribution, by bisection to the last bit or two.
pub(crate) fn normal_half_width(level: f64) -> f64 {
    let outside = |z: f64| libm::erfc(z / std::f64::consts::SQRT_2);
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..64 {
        let middle = 0.5 * (low + high);
        if outside(middle) > 1.0 - level {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// An estimate, its standard error and its 95% interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Measured {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error, in the same unit.
    pub standard_error: f64,
    /// Its 95% interval.
    pub interval95: Interval,
}

impl Measured {
    /// With the interval of the normal approximation: estimate +- 1.96 standard errors.
    pub(crate) fn normal(estimate: f64, standard_error: f64) -> Self {
        let half = Z95 * standard_error;
        Measured {
            estimate,
            standard_error,
            interval95: Interval {
                low: estimate - half,
                high: estimate + half,
            },
        }
    }
}

/// Wilson's 95% score interval of a proportion, without continuity correction: those p for which
/// |successes/trials - p| <= 1.96 sqrt(p (1 - p) / trials).
///
/// Wilson 1927, *JASA* 22:209-212; recommended by Brown, Cai and DasGupta 2001, *Statistical
/// Science* 16, section 3.1.1. Always inside [0, 1], and not empty at 0 or all successes.
///
/// `NoRows` without trials; `TooFewRows` with fewer trials than successes.
pub fn wilson(successes: usize, trials: usize) -> Estimate<Interval> {
    if trials == 0 {
        return Err(Undefined::NoRows);
    }
    if successes > trials {
        return Err(Undefined::TooFewRows {
            rows: trials,
            needed: successes,
        });
    }
    let (n, z2) = (trials as f64, Z95 * Z95);
    let p = successes as f64 / n;
    let middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    let interval = Interval {
        low: middle - half,
        high: middle + half,
    };
    // Rounding can pass the ends by 1e-17.
    Ok(interval.within(0.0, 1.0))
}

/// The quantile of values in ascending order: linear between the values around position
/// `share * (n - 1)`, as type 7 of Hyndman and Fan 1996, *American Statistician* 50, the default
/// of R. `share` in [0, 1]. `NoRows` if there are no values.
pub fn quantile(ascending: &[f64], share: f64) -> Estimate {
    let last = ascending.len().checked_sub(1).ok_or(Undefined::NoRows)?;
    let position = share.clamp(0.0, 1.0) * last as f64;
    let below = position.floor();
    let (low, high) = (
        ascending[below as usize],
        ascending[position.ceil() as usize],
    );
    Ok(low + (position - below) * (high - low))
}

/// The bias-corrected percentile interval of a statistic from its replicates in ascending order:
/// where a share b of them lies below the original, the ends are the Phi(2 z(b) - z) and
/// Phi(2 z(b) + z) quantiles with z(b) the normal quantile of b and z that of (1 + level) / 2
/// (Efron and Tibshirani 1993, *An Introduction to the Bootstrap*, section 14.3, acceleration 0).
/// With half of them below it is the percentile interval. `NoRows` if there are no values.
pub(crate) fn bias_corrected(ascending: &[f64], original: f64, level: f64) -> Estimate<Interval> {
    let n = ascending.len() as f64;
    let first = ascending.partition_point(|&value| value < original);
    let after = ascending.partition_point(|&value| value <= original);
    // Of equal ones half; at least half of one on either side, so that z(b) is finite.
    let below = (0.5 * (first + after) as f64).clamp(0.5, (n - 0.5).max(0.5)) / n;
    let shift = 2.0 * normal_half_width((2.0 * below - 1.0).abs()).copysign(below - 0.5);
    let half = normal_half_width(level);
    let share = |z: f64| 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    Ok(Interval {
        low: quantile(ascending, share(shift - half))?,
        high: quantile(ascending, share(shift + half))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-9, "{found}, {expected}");
    }

    /// Of 1 to 99 half lie below 50: the 5% and 95% points. For 85 the numbers are R's:
    /// `1 + 98 * pnorm(2 * qnorm(84.5 / 99) + c(-1, 1) * qnorm(0.95))`.
    #[test]
    fn the_bias_corrected_interval_by_hand() {
        let values: Vec<f64> = (1..=99).map(f64::from).collect();
        let centred = bias_corrected(&values, 50.0, 0.9).unwrap();
        near(centred.low, 5.9);
        near(centred.high, 94.1);
        let shifted = bias_corrected(&values, 85.0, 0.9).unwrap();
        near(shifted.low, 67.319_776_661_657_4);
        near(shifted.high, 98.991_275_763_308_4);
        // Outside all replicates it is still an interval.
        let beyond = bias_corrected(&values, 1000.0, 0.9).unwrap();
        assert!(90.0 < beyond.low && beyond.low < beyond.high && beyond.high <= 99.0);
        assert!(bias_corrected(&[], 0.0, 0.9).is_err());
    }
}
