//! What is measured: unit, counts, source series and *declared* direction.

use serde::{Deserialize, Serialize};

use super::calendar::Series;
use super::code::IndicatorId;
use crate::error::{Error, Result};
use crate::fit::direction::Direction;

/// The unit of an indicator's values, with the range that a value must lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// A proportion in [0, 1]: 22% is 0.22.
    Proportion,
    /// A rate per 10,000 children aged 0 to 17, in [0, 100,000].
    Per10kChildren,
    /// Cases per full-time-equivalent case holder, in [0, 1,000].
    CasesPerWorker,
    /// A score of an index without a unit of its own, in [0, 1,000].
    Score,
    /// A whole number or full-time equivalent, in [0, 1e9].
    Count,
}

/// A leading indicator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its identifier in files and recipes.
    pub id: IndicatorId,
    /// What it is in words, to follow a number ("34% agency social workers").
    pub name: String,
    /// Its unit.
    pub unit: Unit,
    /// What stands above the line; empty for a count or a score.
    pub numerator: String,
    /// What stands below the line; empty for a count or a score.
    pub denominator: String,
    /// The release it appears in.
    pub series: Series,
    /// Its declared direction.
    pub direction: Direction,
    /// Where its direction is declared; empty where none is, or where nobody said.
    #[serde(default)]
    pub source: String,
}

/// The indicators that are known, by identifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    // Sorted by id.
    indicators: Vec<Indicator>,
}

impl Unit {
    /// The largest value that is accepted; the smallest is 0.
    pub fn upper(self) -> f64 {
        match self {
            Unit::Proportion => 1.0,
            Unit::Per10kChildren => 1e5,
            Unit::CasesPerWorker | Unit::Score => 1e3,
            Unit::Count => 1e9,
        }
    }

    /// Whether `value` lies in the unit's range. NaN does not.
    pub fn accepts(self, value: f64) -> bool {
        (0.0..=self.upper()).contains(&value)
    }

    /// Whether a value is so much of what is counted below the line.
    pub(crate) fn is_rate(self) -> bool {
        match self {
            Unit::Proportion | Unit::Per10kChildren | Unit::CasesPerWorker => true,
            Unit::Score | Unit::Count => false,
        }
    }

    /// What a value must be, in words.
    pub fn expected(self) -> &'static str {
        match self {
            Unit::Proportion => "a proportion from 0 to 1 (22% is 0.22)",
            Unit::Per10kChildren => "a rate per 10,000 children from 0 to 100000",
            Unit::CasesPerWorker => "cases per worker from 0 to 1000",
            Unit::Score => "a score from 0 to 1000",
            Unit::Count => "a count from 0 to 1000000000",
        }
    }

    /// The end of the interval meant by the marker `low`: half of the last digit published.
    pub fn low_below(self) -> f64 {
        match self {
            Unit::Proportion => 0.0005,
            Unit::Per10kChildren | Unit::CasesPerWorker | Unit::Score | Unit::Count => 0.05,
        }
    }

    /// A value as people write it: `34%`, `17.2`, `1,234` or `52 per 10,000`.
    pub fn format(self, value: f64) -> String {
        match self {
            Unit::Proportion => format!("{:.1}%", 100.0 * value),
            Unit::Per10kChildren => format!("{value:.0} per 10,000"),
            Unit::CasesPerWorker | Unit::Score => format!("{value:.1}"),
            Unit::Count => format!("{value:.0}"),
        }
    }
}

impl Catalogue {
    /// A catalogue without an indicator.
    pub fn empty() -> Self {
        Catalogue {
            indicators: Vec::new(),
        }
    }

    /// Adds an indicator, replacing the one of the same identifier.
    pub fn insert(&mut self, indicator: Indicator) {
        match self.position(indicator.id) {
            Ok(at) => self.indicators[at] = indicator,
            Err(at) => self.indicators.insert(at, indicator),
        }
    }

    fn position(&self, id: IndicatorId) -> std::result::Result<usize, usize> {
        self.indicators.binary_search_by_key(&id, |i| i.id)
    }

    /// The indicator of that identifier.
    ///
    /// # Errors
    /// [`Error::UnknownIndicator`].
    pub fn get(&self, id: IndicatorId) -> Result<&Indicator> {
        self.position(id)
            .map(|at| &self.indicators[at])
            .map_err(|_| Error::UnknownIndicator {
                found: id.to_string(),
            })
    }

    /// All indicators, by identifier.
    pub fn iter(&self) -> impl Iterator<Item = &Indicator> {
        self.indicators.iter()
    }
}
