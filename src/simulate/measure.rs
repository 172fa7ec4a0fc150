//! What is measured in the simulated world, and how each figure answers to the latent condition.

use super::condition::autoregression;
use super::params::SimulationParams;
use super::place::Place;
use super::stream::{Stream, logistic};

/// A numerator and its denominator.
#[derive(Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) above: f64,
    pub(super) below: f64,
}

impl Counts {
    pub(super) fn add(self, other: Counts) -> Counts {
        Counts {
            above: self.above + other.above,
            below: self.below + other.below,
        }
    }
}

/// What an authority did in one year: the counts below the line.
pub(super) struct Activity {
    children: f64,
    referrals: f64,
    assessments: f64,
    plans_started: f64,
    plans_open: f64,
    conferences: f64,
    workers: f64,
    looked_after: f64,
}

/// The scale on which a measure is linear, and how its counts are drawn.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// Log-odds of a share of `ceiling`; the numerator is binomial.
    Share,
    /// Logarithm of cases per worker; the numerator is rounded.
    Caseload,
    /// A rate per 10,000 children, whose count is drawn with the activity.
    Activity(fn(&Activity) -> f64),
}

/// One indicator of the simulated world.
///
/// With `Q` the negative of quality, `S` strain, `C` consequence (see
/// [`Condition`](super::condition::Condition)) and `A` an autoregression of the authority's own,
/// `link = centre + year + spread * (quality * Q + strain * S + rest * A) + consequence * C`, where
/// `rest` makes the variance of the bracket 1 and `year` is common to all authorities.
pub(super) struct Measure {
    pub(super) id: &'static str,
    pub(super) kind: Kind,
    pub(super) below: fn(&Activity) -> f64,
    pub(super) centre: f64,
    pub(super) spread: f64,
    pub(super) quality: f64,
    pub(super) strain: f64,
    pub(super) persistence: f64,
    pub(super) consequence: f64,
    /// The proportion that is never passed: no council runs on agency workers alone.
    pub(super) ceiling: f64,
    /// Whether numerators of 1 to 5 are withheld.
    pub(super) withheld: bool,
    /// Whether a count of 0 may stand for a part-time worker, published as `low`.
    pub(super) part_time: bool,
    /// Years after the first figures in which it is published first.
    pub(super) after: i16,
}

const SHARE: Measure = Measure {
    id: "",
    kind: Kind::Share,
    below: |a| a.children,
    centre: 0.0,
    spread: 0.0,
    quality: 0.0,
    strain: 0.0,
    persistence: 0.7,
    consequence: 0.0,
    ceiling: 1.0,
    withheld: false,
    part_time: false,
    after: 0,
};

/// Centres and spreads from the published figures, loadings from the measured C-statistics.
#[rustfmt::skip]
pub(super) const MEASURES: [Measure; 12] = [
    Measure { id: "agency_rate", below: |a| a.workers, centre: -1.45, spread: 0.90, quality: 0.05, strain: 0.70, persistence: 0.85, consequence: 1.45, ceiling: 0.6, part_time: true, ..SHARE },
    Measure { id: "assessments_45_day_rate", below: |a| a.assessments, centre: 1.80, spread: -0.75, quality: 0.60, strain: 0.15, after: 2, ..SHARE },
    Measure { id: "caseload", kind: Kind::Caseload, below: |a| (0.63 * a.workers).round(), centre: 2.80, spread: 0.20, quality: 0.65, strain: 0.05, after: 4, ..SHARE },
    Measure { id: "conferences_15_day_rate", below: |a| a.conferences, centre: 1.40, spread: -0.85, quality: 0.25, strain: 0.10, ..SHARE },
    Measure { id: "long_plan_rate", below: |a| a.plans_open, centre: -3.70, spread: 0.60, quality: 0.05, withheld: true, ..SHARE },
    Measure { id: "looked_after_rate", kind: Kind::Activity(|a| a.looked_after), after: 2, ..SHARE },
    Measure { id: "referral_rate", kind: Kind::Activity(|a| a.referrals), ..SHARE },
    Measure { id: "repeat_plan_rate", below: |a| a.plans_started, centre: -1.60, spread: -0.32, quality: 0.65, persistence: 0.75, withheld: true, ..SHARE },
    Measure { id: "rereferral_rate", below: |a| a.referrals, centre: -1.20, spread: 0.42, quality: 0.10, strain: 0.28, persistence: 0.75, withheld: true, ..SHARE },
    Measure { id: "reviews_on_time_rate", below: |a| (0.75 * a.plans_open).round(), centre: 2.80, spread: -1.00, quality: 0.20, persistence: 0.60, after: 2, ..SHARE },
    Measure { id: "turnover_rate", below: |a| a.workers, centre: -1.75, spread: 0.45, strain: 0.30, persistence: 0.30, consequence: 0.50, ..SHARE },
    Measure { id: "vacancy_rate", below: |a| a.workers, centre: -1.23, spread: 0.85, quality: 0.10, strain: 0.30, persistence: 0.80, consequence: 1.10, ceiling: 0.6, ..SHARE },
];

impl Measure {
    /// The part of the link that is the authority's own, by year.
    pub(super) fn own(&self, draw: &mut Stream, signal: f64, years: usize) -> Vec<f64> {
        let (q, s) = (signal * self.quality, signal * self.strain);
        let rest = libm::sqrt(1.0 - q * q - s * s);
        autoregression(draw, self.persistence, years)
            .map(|own| self.spread * rest * own)
            .collect()
    }

    /// The counts of one year.
    pub(super) fn counts(&self, activity: &Activity, link: f64, draw: &mut Stream) -> Counts {
        let below = (self.below)(activity);
        let above = match self.kind {
            Kind::Share => draw.binomial(below, self.ceiling * logistic(link)),
            Kind::Caseload => (below * libm::exp(link)).round(),
            Kind::Activity(count) => count(activity),
        };
        Counts { above, below }
    }

    /// The part of the link that follows the condition.
    pub(super) fn driven(&self, params: &SimulationParams, c: &super::condition::Condition) -> f64 {
        let drive = self.strain * c.strain - self.quality * c.quality;
        self.spread * params.signal * drive + params.consequence * self.consequence * c.consequence
    }
}

/// The activity of one place, year by year. Deprivation raises demand.
pub(super) fn activity(params: &SimulationParams, index: usize, place: &Place) -> Vec<Activity> {
    let years = usize::from(params.years);
    let mut draw = Stream::new(params.seed, "activity", index);
    let mut rate = |per_10k: f64, spread: f64, deprivation: f64| -> Vec<f64> {
        let centre = libm::log(per_10k) + deprivation * place.deprivation;
        autoregression(&mut draw, 0.9, years)
            .map(|own| place.children / 1e4 * libm::exp(centre + spread * own))
            .collect()
    };
    let referrals = rate(505.0, 0.28, 0.2);
    let plans = rate(49.0, 0.33, 0.25);
    let workers = rate(26.0, 0.2, 0.15);
    let looked_after = rate(66.0, 0.12, 0.3);
    let mut homes = Stream::new(params.seed, "looked after", index);
    let mut draw = Stream::new(params.seed, "activity counts", index);
    (0..years)
        .map(|t| Activity {
            children: place.children,
            referrals: draw.poisson(referrals[t]),
            assessments: draw.poisson(0.85 * referrals[t]),
            plans_started: draw.poisson(plans[t]),
            plans_open: draw.poisson(0.8 * plans[t]),
            conferences: draw.poisson(1.17 * plans[t]),
            workers: workers[t].round(),
            looked_after: homes.poisson(looked_after[t]),
        })
        .collect()
}
