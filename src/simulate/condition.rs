//! The latent condition of an authority: what drives judgements and figures, and is never seen.

use jiff::civil::{Date, date};

use super::params::SimulationParams;
use super::place::Place;
use super::stream::Stream;
use crate::data::OrganisationCode;

/// An authority's true condition on 30 September of a year. It holds until the next: figures of
/// the year to 31 March come from its middle, the workforce census and inspections from the last
/// 30 September.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Condition {
    /// The authority.
    pub organisation: OrganisationCode,
    /// The year.
    pub year: i16,
    /// Quality, slow to change, in standard deviations: high is good.
    pub quality: f64,
    /// Short-lived strain, in standard deviations: high is bad.
    pub strain: f64,
    /// Deprivation, which does not change, in standard deviations: high is poor.
    pub deprivation: f64,
    /// What is its own and shows in no figure, in log-odds of Inadequate.
    pub unmeasured: f64,
    /// How much of the consequence of an Inadequate judgement is felt, from 0 to 1.
    pub consequence: f64,
}

/// A stationary first-order autoregression of unit variance:
/// `x[t] = persistence * x[t-1] + sqrt(1 - persistence^2) * noise`.
pub(super) fn autoregression(
    draw: &mut Stream,
    persistence: f64,
    length: usize,
) -> impl Iterator<Item = f64> {
    let mut state = draw.normal();
    let fresh = libm::sqrt(1.0 - persistence * persistence);
    (0..length).map(move |_| {
        let now = state;
        state = persistence * state + fresh * draw.normal();
        now
    })
}

/// The conditions of one authority from the 30 September before its first possible inspection on,
/// still without consequences.
pub(super) fn path(params: &SimulationParams, index: usize, place: &Place) -> Vec<Condition> {
    let first = params.first_inspection_year() - 1;
    let length = usize::from(params.years) + 5;
    let mut slow = Stream::new(params.seed, "quality", index);
    let mut fast = Stream::new(params.seed, "strain", index);
    let own = Stream::new(params.seed, "unmeasured", index).normal();
    autoregression(&mut slow, params.quality_persistence, length)
        .zip(autoregression(&mut fast, params.strain_persistence, length))
        .zip(first..)
        .map(|((quality, strain), year)| Condition {
            organisation: place.organisation.code,
            year,
            quality,
            strain,
            deprivation: place.deprivation,
            unmeasured: params.unmeasured_sd * own,
            consequence: 0.0,
        })
        .collect()
}

/// The year of the last 30 September on or before a day.
pub(super) fn year_of(day: Date) -> i16 {
    let this = day.year();
    if (day.month(), day.day()) >= (9, 30) {
        this
    } else {
        this - 1
    }
}

/// What is felt on 30 September of `year` of inspections that ended Inadequate: it grows for six
/// months from the start of fieldwork, lasts until two years after, then fades.
pub(super) fn consequence(inadequate: &[Date], year: i16) -> f64 {
    let census = date(year, 9, 30);
    let felt = |start: &Date| {
        let years = f64::from((census - *start).get_days()) / 365.25;
        if years < 0.0 {
            0.0
        } else if years < 2.0 {
            (2.0 * years).min(1.0)
        } else {
            libm::exp(-(years - 2.0) / 1.5)
        }
    };
    inadequate.iter().map(felt).fold(0.0, f64::max)
}
