//! How far an authority's own risk may lie from the average risk of authorities with its figures.
//!
//! Authorities differ in what no figure shows. One to three judgements of each cannot tell by how
//! much, so that the intervals beside scores leave it out; here is what they leave out, were these
//! differences normal in log-odds with a stated standard deviation (a random intercept: Larsen and
//! others 2000, *Biometrics* 56:909-914).

use serde::{Deserialize, Serialize};

use crate::fit::logistic::probability;
use crate::stats::interval::{Interval, Z95};
use crate::stats::undefined::{Estimate, Undefined};

/// Standard deviations, in log-odds, that stand side by side.
pub const UNMEASURED_SDS: [f64; 3] = [0.5, 1.0, 1.5];

/// Risks of authorities with the same figures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unmeasured {
    /// Standard deviation of what no figure shows, in log-odds.
    pub sd: f64,
    /// The average risk of authorities with these figures.
    pub average: f64,
    /// Between which the own risks of 95 in 100 of them lie.
    pub own_risk: Interval,
}

/// The own risks behind an average one, for each of [`UNMEASURED_SDS`].
///
/// `NotProbability` unless `average` is above 0 and below 1.
pub fn unmeasured(average: f64) -> Estimate<Vec<Unmeasured>> {
    if !(average > 0.0 && average < 1.0) {
        return Err(Undefined::NotProbability);
    }
    let of = |sd: f64| {
        let centre = centre(average, sd);
        let own_risk = Interval {
            low: probability(centre - Z95 * sd),
            high: probability(centre + Z95 * sd),
        };
        Unmeasured {
            sd,
            average,
            own_risk,
        }
    };
    Ok(UNMEASURED_SDS.map(of).to_vec())
}

/// The middle of log-odds so spread whose mean risk is `average`.
fn centre(average: f64, sd: f64) -> f64 {
    let mean = |centre: f64| {
        let points = (-128..=128).map(|k| f64::from(k) / 16.0);
        let (mass, risk) = points.fold((0.0, 0.0), |(mass, risk), z| {
            let density = (-0.5 * z * z).exp();
            (
                mass + density,
                risk + density * probability(centre + sd * z),
            )
        });
        risk / mass
    };
    // The mean of the log-odds lies further from 0 than the log-odds of the mean.
    let log_odds = (average / (1.0 - average)).ln();
    let (mut low, mut high) = (log_odds - sd * sd - 1.0, log_odds + sd * sd + 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if mean(middle) < average {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R: `f <- function(c, s) integrate(function(z) plogis(c + s*z) * dnorm(z), -12, 12,
    /// rel.tol = 1e-12)$value; c <- uniroot(function(c) f(c, 1) - 0.3, c(-5, 5), tol = 1e-12)$root;
    /// plogis(c + c(-1, 1) * qnorm(.975))`.
    #[test]
    fn agrees_with_numerical_integration_in_r() {
        let found = unmeasured(0.3).unwrap();
        assert_eq!(found.len(), 3);
        for (own, (low, high)) in found.iter().zip(R) {
            assert!((own.own_risk.low - low).abs() < 1e-8, "{own:?}");
            assert!((own.own_risk.high - high).abs() < 1e-8, "{own:?}");
        }
    }

    const R: [(f64, f64); 3] = [
        (0.132_971_015_7, 0.521_242_893_5),
        (0.048_412_912_8, 0.719_415_335_1),
        (0.015_865_161_8, 0.852_236_954_5),
    ];

    #[test]
    fn is_refused_for_what_is_no_probability() {
        for wrong in [0.0, 1.0, -0.1, 1.1, f64::NAN] {
            assert!(unmeasured(wrong).is_err());
        }
        let extreme = unmeasured(1e-300).unwrap();
        assert!(
            extreme
                .iter()
                .all(|u| u.own_risk.low >= 0.0 && u.own_risk.high.is_finite())
        );
    }
}
