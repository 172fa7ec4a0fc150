//! Rates with their counts against the size of the place: is a rate high, or is the place small?
//!
//! Spiegelhalter 2005, *Statistics in Medicine* 24:1185-1202: exact binomial limits around the
//! rate of all places together (appendix A.1.1, interpolated between whole numbers), and the
//! overdispersion of the rates, winsorised at a tenth on either side (section 3.2.1). Rates differ
//! for reasons that nobody measured, whose share grows with the size of the place: what widens the
//! limits is a standard deviation between places, not a factor on chance (additive random effects:
//! Spiegelhalter et al. 2012, *JRSS A* 175:1-47, section 3.4). Full-time equivalents are no trials;
//! the limits of staffing rates are a guide.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::{AuthorityCode, Entity, Figure, IndicatorId, Snapshot, Unit};
use crate::error::{Error, Result};
use crate::stats::interval::quantile;

/// Share of the places on either side whose distance is cut to that of the next.
const WINSORISED: f64 = 0.1;

/// All places' rates of one period.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Funnel {
    /// The indicator.
    pub indicator: IndicatorId,
    /// It in words.
    pub name: String,
    /// What stands above the line.
    pub numerator: String,
    /// What stands below the line.
    pub denominator: String,
    /// Last day of the period.
    pub period_end: Date,
    /// The day from which the last of the figures was known.
    pub known_from: Date,
    /// The rate of all places together, as a proportion.
    pub target: f64,
    /// The places, by code.
    pub points: Vec<FunnelPoint>,
    /// Authorities without a figure of that period with its counts.
    pub left_out: usize,
    /// Mean square of the winsorised distances in standard errors: 1 where chance alone spreads
    /// the rates.
    pub dispersion: f64,
    /// Standard deviation of the rates between places beyond chance, as a proportion.
    pub between_sd: f64,
}

/// One place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunnelPoint {
    /// The authority; of a joint return, the first by code.
    pub organisation: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Count above the line.
    pub numerator: f64,
    /// Count below the line.
    pub denominator: f64,
    /// One over the other.
    pub rate: f64,
    /// Distance from the target in binomial standard errors.
    pub z: f64,
    /// Where it lies.
    pub outside: Outside,
}

/// Where a rate lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outside {
    /// Within the 95% limits.
    Neither,
    /// Outside the 95% limits alone.
    Limits95,
    /// Outside the 99.8% limits.
    Limits998,
}

/// Limits at one denominator, as proportions.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FunnelLimits {
    /// Within which 95% lie.
    pub limits95: [f64; 2],
    /// Within which 99.8% lie.
    pub limits998: [f64; 2],
}

impl Snapshot<'_> {
    /// The newest rates known of a proportion with its counts, whole or full-time equivalents;
    /// `None` if there are none. Authorities that return together stand once.
    ///
    /// # Errors
    /// [`Error::UnknownIndicator`]; [`Error::InvalidValue`] for an indicator that is no proportion.
    pub fn funnel(self, indicator: IndicatorId) -> Result<Option<Funnel>> {
        let known = self.panel().catalogue().get(indicator)?;
        if known.unit != Unit::Proportion {
            return Err(Error::InvalidValue {
                what: "indicator of a funnel",
                found: indicator.to_string(),
                expected: "a proportion: only of these the counts are binomial".to_owned(),
            });
        }
        let figures: Vec<(AuthorityCode, &str, Figure)> = self
            .authorities()
            .filter(|a| a.scored)
            .filter_map(|a| {
                let newest = self.latest(Entity::Authority(a.code), indicator)?;
                Some((a.code, a.name.as_str(), newest))
            })
            .collect();
        let Some(period_end) = figures.iter().map(|(_, _, f)| f.period_end()).max() else {
            return Ok(None);
        };
        let mut points = Vec::new();
        let (mut known_from, mut left_out) = (Date::MIN, 0);
        for (code, name, figure) in &figures {
            let joint = self.panel().register().joint_return(*code, period_end);
            if joint.iter().min().is_some_and(|first| first < code) {
                continue;
            }
            match counts(figure).filter(|_| figure.period_end() == period_end) {
                Some((above, below)) => {
                    known_from = known_from.max(figure.known_from);
                    points.push(point(*code, name, above, below));
                }
                None => left_out += 1,
            }
        }
        let total = |of: fn(&FunnelPoint) -> f64| points.iter().map(of).sum::<f64>();
        let target = total(|p| p.numerator) / total(|p| p.denominator);
        // No counts, or rates that are all 0 or all 1, which have no limits.
        if !(target > 0.0 && target < 1.0) {
            return Ok(None);
        }
        let mut funnel = Funnel {
            indicator,
            name: known.name.clone(),
            numerator: known.numerator.clone(),
            denominator: known.denominator.clone(),
            period_end,
            known_from,
            target,
            points,
            left_out,
            dispersion: 0.0,
            between_sd: 0.0,
        };
        funnel.place();
        Ok(Some(funnel))
    }
}

fn counts(figure: &Figure) -> Option<(f64, f64)> {
    let below = figure
        .observation
        .denominator
        .filter(|&below| below >= 1.0)?;
    let above = figure.observation.numerator?;
    (0.0..=below).contains(&above).then_some((above, below))
}

fn point(organisation: AuthorityCode, name: &str, numerator: f64, denominator: f64) -> FunnelPoint {
    FunnelPoint {
        organisation,
        name: name.to_owned(),
        numerator,
        denominator,
        rate: numerator / denominator,
        z: 0.0,
        outside: Outside::Neither,
    }
}

impl Funnel {
    fn place(&mut self) {
        let target = self.target;
        let limits: Vec<FunnelLimits> = self
            .points
            .iter()
            .map(|p| self.limits(p.denominator))
            .collect();
        for (point, limits) in self.points.iter_mut().zip(limits) {
            let beyond = |[low, high]: [f64; 2]| point.rate < low || point.rate > high;
            let error = (target * (1.0 - target) / point.denominator).sqrt();
            point.outside = match (beyond(limits.limits998), beyond(limits.limits95)) {
                (true, _) => Outside::Limits998,
                (_, true) => Outside::Limits95,
                _ => Outside::Neither,
            };
            point.z = (point.rate - target) / error;
        }
        self.dispersion = dispersion(self.points.iter().map(|p| p.z).collect());
        let precision = |p: &FunnelPoint| p.denominator / (target * (1.0 - target));
        let precisions: Vec<f64> = self.points.iter().map(precision).collect();
        self.between_sd = between_variance(self.dispersion, &precisions).sqrt();
    }

    /// The limits for a place of this size, rounded to a whole count.
    pub fn limits(&self, denominator: f64) -> FunnelLimits {
        let trials = denominator.round().max(1.0) as u32;
        let below = [0.001, 0.025, 0.975, 0.999];
        let [low998, low95, high95, high998] = binomial_limits(trials, self.target, below);
        FunnelLimits {
            limits95: [low95, high95],
            limits998: [low998, high998],
        }
    }

    /// The 99.8% limits widened by what differs between places: normal, cut to 0 to 1.
    pub fn widened998(&self, denominator: f64) -> [f64; 2] {
        let chance = self.target * (1.0 - self.target) / denominator;
        let half = crate::stats::interval::normal_half_width(0.998)
            * (chance + self.between_sd.powi(2)).sqrt();
        [(self.target - half).max(0.0), (self.target + half).min(1.0)]
    }

    /// How many places lie outside the 95% limits, those outside the 99.8% limits among them, and
    /// how many of those.
    pub fn outside(&self) -> (usize, usize) {
        let beyond = |limit| self.points.iter().filter(|p| p.outside >= limit).count();
        (beyond(Outside::Limits95), beyond(Outside::Limits998))
    }
}

/// Mean square, the tails cut to the points where they begin; 0 without places.
fn dispersion(mut z: Vec<f64>) -> f64 {
    z.sort_unstable_by(f64::total_cmp);
    let (Ok(low), Ok(high)) = (quantile(&z, WINSORISED), quantile(&z, 1.0 - WINSORISED)) else {
        return 0.0;
    };
    let squares = z.iter().map(|z| z.clamp(low, high).powi(2));
    squares.sum::<f64>() / z.len() as f64
}

/// The variance between places by moments, at least 0 (DerSimonian and Laird 1986, *Controlled
/// Clinical Trials* 7:177-188, with the winsorised mean square in the place of Q / k).
fn between_variance(dispersion: f64, precisions: &[f64]) -> f64 {
    let n = precisions.len() as f64;
    let sum: f64 = precisions.iter().sum();
    let squares: f64 = precisions.iter().map(|w| w * w).sum();
    let spare = sum - squares / sum;
    if spare > 0.0 {
        ((n * dispersion - (n - 1.0)) / spare).max(0.0)
    } else {
        0.0
    }
}

/// Standard deviations below the mean under which nothing that counts lies.
const NEGLIGIBLE: f64 = 12.0;

/// The proportions under which each of the rising shares `below` of binomial proportions lies: the
/// smallest count r with P(R <= r) >= below, less the part of its probability that is too much, over
/// the trials. All in one pass over the counts, from where the probability of fewer is next to
/// nothing: a pass over a whole country's would take minutes.
fn binomial_limits<const N: usize>(trials: u32, p: f64, below: [f64; N]) -> [f64; N] {
    let n = f64::from(trials);
    let log_odds = (p / (1.0 - p)).ln();
    let mut limits = [1.0; N];
    let mut wanted = below.iter().zip(&mut limits).peekable();
    let first = (n * p - NEGLIGIBLE * (n * p * (1.0 - p)).sqrt())
        .floor()
        .max(0.0);
    let ways = libm::lgamma(n + 1.0) - libm::lgamma(first + 1.0) - libm::lgamma(n - first + 1.0);
    let (mut log_probability, mut cumulative) = (ways + first * log_odds + n * (-p).ln_1p(), 0.0);
    for r in first as u32..=trials {
        let probability = log_probability.exp();
        cumulative += probability;
        while let Some((below, limit)) = wanted.next_if(|(b, _)| cumulative >= **b) {
            let excess = (cumulative - below) / probability;
            *limit = ((f64::from(r) - excess) / n).clamp(0.0, 1.0);
        }
        if wanted.peek().is_none() {
            break;
        }
        log_probability += (f64::from(trials - r) / f64::from(r + 1)).ln() + log_odds;
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_interpolated_binomial_quantiles() {
        // By hand, n = 10 and p = 1/2 in 1024ths: P(R <= 1) = 11, P(R <= 2) = 56. 0.025 is 25.6, so
        // that r = 2 and the limit (2 - (56 - 25.6) / 45) / 10; the upper one mirrors r = 7, where
        // P(R <= 7) = 968, and r = 8, where it is 1013: (8 - (1013 - 998.4) / 45) / 10.
        let low = (2.0 - (56.0 - 25.6) / 45.0) / 10.0;
        let high = (8.0 - (1013.0 - 998.4) / 45.0) / 10.0;
        let found = binomial_limits(10, 0.5, [0.025, 0.975]);
        assert!((found[0] - low).abs() < 1e-12 && (found[1] - high).abs() < 1e-12);
    }

    #[test]
    fn limits_of_many_trials_are_normal() {
        // 0.2 +- 1.96 sqrt(0.16 / 40000), and a skewness of next to nothing.
        let [limit] = binomial_limits(40_000, 0.2, [0.975]);
        assert!((limit - 0.203_92).abs() < 2e-5, "{limit}");
        assert_eq!(binomial_limits(3, 1e-9, [0.001]), [0.0]);
        // As many trials as a count may say, in no time: 0.3 + 1.96 sqrt(0.21 / 10^9).
        let [limit] = binomial_limits(1_000_000_000, 0.3, [0.975]);
        assert!((limit - 0.300_028_4).abs() < 1e-7, "{limit}");
    }

    #[test]
    fn the_tails_do_not_make_dispersion() {
        // Eleven places: the outer ones count as the next, 10 squares of 1 and the middle 0.
        let z = vec![-9.0, -1.0, -1.0, -1.0, -1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 9.0];
        assert!((dispersion(z) - 10.0 / 11.0).abs() < 1e-12);
        assert_eq!(dispersion(Vec::new()), 0.0);
    }

    #[test]
    fn the_variance_between_places_is_that_of_moments() {
        // By hand, four places of precision 100: (4 * 3 - 3) / (400 - 40000 / 400) = 0.03.
        assert!((between_variance(3.0, &[100.0; 4]) - 0.03).abs() < 1e-15);
        // Precisions of 10 and 30, Q = 2 * 2: (4 - 1) / (40 - 1000 / 40) = 0.2.
        assert!((between_variance(2.0, &[10.0, 30.0]) - 0.2).abs() < 1e-15);
        // Less than chance, and one place alone.
        assert_eq!(between_variance(0.5, &[100.0; 4]), 0.0);
        assert_eq!(between_variance(9.0, &[100.0]), 0.0);
    }
}
