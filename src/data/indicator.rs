//! What is measured: unit, counts, source series and *declared* direction.

use serde::{Deserialize, Serialize};

use super::calendar::Series;
use super::code::IndicatorId;
use super::unit::Unit;
use crate::error::{Error, Result};
use crate::fit::direction::Direction;

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
