//! What a world is to be like.

use jiff::civil::{Date, date};

use super::framework::framework;
use super::stream::Stream;
use crate::data::Framework;
use crate::error::{Error, Result};

/// Most authorities of a world.
const MOST: f64 = 200_000.0;

/// What share of inspections of an average authority ends Inadequate, by framework.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BaseRates {
    /// 2009 to 2012. Default 0.13.
    pub slac: f64,
    /// November 2013 to 2017. Default 0.20.
    pub sif: f64,
    /// 2018 to 2021. Default 0.15.
    pub ilacs: f64,
    /// Since 2022. Default 0.10.
    pub ilacs_late: f64,
}

/// What a world is to be like.
///
/// ```
/// use forewarn::simulate::SimulationParams;
///
/// let world = SimulationParams::default().simulate()?;
/// let again = SimulationParams::default().simulate()?;
/// assert_eq!(world.panel().figures(), again.panel().figures());
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct SimulationParams {
    /// Another seed gives another world.
    pub seed: u64,
    /// Authorities at the end, from 10 to 200,000. One more was abolished. Default 150.
    pub authorities: usize,
    /// Year of the first figures (year ending 31 March, census of 30 September); inspections start
    /// four years sooner. From 1990 to 2100, default 2013.
    pub first_year: i16,
    /// Years of figures, from 1 to 100. Default 12.
    pub years: u16,
    /// Log-odds of Inadequate for each standard deviation of quality lost. Default 0.8.
    pub quality_effect: f64,
    /// Log-odds of Inadequate for each standard deviation of strain. Default 0.8.
    pub strain_effect: f64,
    /// Log-odds of Inadequate for each standard deviation of deprivation. Default 0.35.
    pub need_effect: f64,
    /// Standard deviation, in log-odds, of what is an authority's own and shows in no figure, in
    /// [0, 5]. Default 0.5.
    pub unmeasured_sd: f64,
    /// Standard deviation, in log-odds, of a year's change of everybody's risk, in [0, 2]. Default
    /// 0.1.
    pub drift_sd: f64,
    /// Correlation of quality with that of the year before, in [0, 1). Default 0.85.
    pub quality_persistence: f64,
    /// Correlation of strain with that of the year before, in [0, 1). Default 0.2.
    pub strain_persistence: f64,
    /// Factor on what figures say of quality and strain, in [0, 1.4]: 0 is no signal. Default 1.
    pub signal: f64,
    /// Factor on the consequence of an Inadequate judgement for staffing, in [0, 10]. Default 1.
    pub consequence: f64,
    /// Base rates.
    pub base_rates: BaseRates,
}

impl Default for SimulationParams {
    fn default() -> Self {
        SimulationParams {
            seed: 20_240_331,
            authorities: 150,
            first_year: 2013,
            years: 12,
            quality_effect: 0.8,
            strain_effect: 0.8,
            need_effect: 0.35,
            unmeasured_sd: 0.5,
            drift_sd: 0.1,
            quality_persistence: 0.85,
            strain_persistence: 0.2,
            signal: 1.0,
            consequence: 1.0,
            base_rates: BaseRates {
                slac: 0.13,
                sif: 0.20,
                ilacs: 0.15,
                ilacs_late: 0.10,
            },
        }
    }
}

impl SimulationParams {
    pub(super) fn check(&self) -> Result<()> {
        let rates = &self.base_rates;
        for (what, found, low, high) in [
            ("authorities", self.authorities as f64, 10.0, MOST),
            ("first_year", f64::from(self.first_year), 1990.0, 2100.0),
            ("years", f64::from(self.years), 1.0, 100.0),
            ("quality_effect", self.quality_effect, -10.0, 10.0),
            ("strain_effect", self.strain_effect, -10.0, 10.0),
            ("need_effect", self.need_effect, -10.0, 10.0),
            ("unmeasured_sd", self.unmeasured_sd, 0.0, 5.0),
            ("drift_sd", self.drift_sd, 0.0, 2.0),
            ("quality_persistence", self.quality_persistence, 0.0, 0.999),
            ("strain_persistence", self.strain_persistence, 0.0, 0.999),
            ("signal", self.signal, 0.0, 1.4),
            ("consequence", self.consequence, 0.0, 10.0),
            ("base_rates.slac", rates.slac, 0.001, 0.999),
            ("base_rates.sif", rates.sif, 0.001, 0.999),
            ("base_rates.ilacs", rates.ilacs, 0.001, 0.999),
            ("base_rates.ilacs_late", rates.ilacs_late, 0.001, 0.999),
        ] {
            if !(low..=high).contains(&found) {
                return Err(Error::InvalidValue {
                    what,
                    found: found.to_string(),
                    expected: format!("a number from {low} to {high}"),
                });
            }
        }
        Ok(())
    }

    /// What the years have added to everybody's log-odds by then.
    pub(super) fn drift(&self, start: Date) -> f64 {
        let mut draw = Stream::new(self.seed, "drift", 0);
        let years = start.year() - self.first_inspection_year();
        (0..years).map(|_| self.drift_sd * draw.normal()).sum()
    }

    pub(super) fn first_inspection_year(&self) -> i16 {
        self.first_year - 4
    }

    pub(super) fn last_year(&self) -> i16 {
        self.first_year + self.years as i16 - 1
    }

    pub(super) fn figure_years(&self) -> impl Iterator<Item = i16> {
        self.first_year..=self.last_year()
    }

    pub(super) fn base_rate(&self, start: Date) -> f64 {
        let rates = &self.base_rates;
        match framework(start) {
            Framework::Ilacs if start >= date(2022, 1, 1) => rates.ilacs_late,
            Framework::Ilacs => rates.ilacs,
            Framework::Sif => rates.sif,
            _ => rates.slac,
        }
    }

    /// The intercept for which the mean probability over all conditions is the base rate, by
    /// `E[logistic(a + sd * Z)] = logistic(a / sqrt(1 + c^2 sd^2))`, c = 16 sqrt(3) / (15 pi): an
    /// approximation good to half a percentage point with effects of about 1.
    pub(super) fn intercept(&self, start: Date) -> f64 {
        let rate = self.base_rate(start);
        let effects = [
            self.quality_effect,
            self.strain_effect,
            self.need_effect,
            self.unmeasured_sd,
        ];
        let variance: f64 = effects.iter().map(|effect| effect * effect).sum();
        libm::log(rate / (1.0 - rate)) * libm::sqrt(1.0 + 0.345_84 * variance)
    }
}
