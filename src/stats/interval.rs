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

/// Two ends of one kind: `{"low": .., "high": ..}` in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits<T> {
    /// Lower end.
    pub low: T,
    /// Upper end.
    pub high: T,
}

/// How an interval is written as [`Limits`].
pub(crate) mod as_limits {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Interval, Limits};

    pub(crate) fn serialize<S: Serializer>(i: &Interval, serializer: S) -> Result<S::Ok, S::Error> {
        Limits::from(*i).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Interval, D::Error> {
        let Limits { low, high } = Limits::deserialize(d)?;
        Ok(Interval { low, high })
    }
}

impl From<Interval> for Limits<f64> {
    fn from(interval: Interval) -> Self {
        Limits {
            low: interval.low,
            high: interval.high,
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
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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

/// Clopper and Pearson's 95% interval of a proportion, which holds it at least so often: those p
/// for which neither tail of the binomial distribution beyond the successes is below 2.5%.
///
/// Clopper and Pearson 1934, *Biometrika* 26:404-413. `NoRows` without trials; `TooFewRows` with
/// fewer trials than successes.
pub fn clopper_pearson(successes: usize, trials: usize) -> Estimate<Interval> {
    if trials == 0 {
        return Err(Undefined::NoRows);
    }
    if successes > trials {
        return Err(Undefined::TooFewRows {
            rows: trials,
            needed: successes,
        });
    }
    // P(at most k of n) falls as p rises.
    let root = |k: usize, tail: f64| {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..64 {
            let middle = 0.5 * (low + high);
            if at_most(k, trials, middle) > tail {
                low = middle;
            } else {
                high = middle;
            }
        }
        0.5 * (low + high)
    };
    Ok(Interval {
        low: match successes {
            0 => 0.0,
            k => root(k - 1, 0.975),
        },
        high: match successes {
            n if n == trials => 1.0,
            k => root(k, 0.025),
        },
    })
}

/// P(at most k of n), by the logarithms of its terms.
fn at_most(k: usize, n: usize, p: f64) -> f64 {
    if p <= 0.0 {
        return 1.0;
    }
    if p >= 1.0 {
        return f64::from(u8::from(k >= n));
    }
    let (yes, no) = (p.ln(), (-p).ln_1p());
    let mut choose = 0.0;
    let mut sum = 0.0;
    for i in 0..=k {
        if i > 0 {
            choose += ((n - i + 1) as f64 / i as f64).ln();
        }
        sum += (choose + i as f64 * yes + (n - i) as f64 * no).exp();
    }
    sum
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

#[cfg(test)]
mod tests {
    use super::*;

    /// `binom.test(k, n)$conf.int` of R 4.2.
    #[test]
    fn clopper_pearson_as_in_r() {
        let known = [
            (2, 12, 0.020_862_525_460_1, 0.484_137_748_686),
            (0, 9, 0.0, 0.336_267_116_88),
            (5, 5, 0.478_176_249_895, 1.0),
            (21, 103, 0.130_860_950_211, 0.294_613_433_007),
        ];
        for (k, n, low, high) in known {
            let found = clopper_pearson(k, n).unwrap();
            assert!((found.low - low).abs() < 1e-11, "{k} of {n}: {found:?}");
            assert!((found.high - high).abs() < 1e-11, "{k} of {n}: {found:?}");
        }
        assert!(clopper_pearson(0, 0).is_err() && clopper_pearson(2, 1).is_err());
    }
}
