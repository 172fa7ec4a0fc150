//! Units of figures: a few that are built in, and those that a service declares.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::intern::Interner;
use crate::error::{Error, Result};

/// The unit of an indicator's values, with the range that a value must lie in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
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
    /// One that a service declares, with bounds of its own, below 0 where it says so.
    Declared(DeclaredUnit),
}

/// A unit that a service declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeclaredUnit(&'static UnitRow);

/// A unit as it is declared.
#[derive(Debug, PartialEq)]
pub(crate) struct UnitRow {
    /// In files: `minutes_late`.
    pub(crate) name: &'static str,
    /// What a value must be, in words.
    pub(crate) expected: &'static str,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
    /// Digits shown after the point.
    pub(crate) decimals: u8,
    /// What follows a number: ` min`.
    pub(crate) suffix: &'static str,
    /// Whether it is so much of what is counted below the line.
    pub(crate) rate: bool,
}

impl UnitRow {
    fn order(&self) -> (&str, &str, u8, &str, bool) {
        (
            self.name,
            self.expected,
            self.decimals,
            self.suffix,
            self.rate,
        )
    }
}

// Bounds are finite: a file has no other.
impl Eq for UnitRow {}

impl Ord for UnitRow {
    fn cmp(&self, other: &Self) -> Ordering {
        let bounds = || {
            let lower = self.lower.total_cmp(&other.lower);
            lower.then(self.upper.total_cmp(&other.upper))
        };
        self.order().cmp(&other.order()).then_with(bounds)
    }
}

impl PartialOrd for UnitRow {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

static DECLARED: Interner<UnitRow> = Interner::new();

impl Unit {
    /// Those that are built in.
    pub const BUILT_IN: [Unit; 5] = [
        Unit::Proportion,
        Unit::Per10kChildren,
        Unit::CasesPerWorker,
        Unit::Score,
        Unit::Count,
    ];

    pub(crate) fn declare(row: UnitRow) -> Self {
        Unit::Declared(DeclaredUnit(DECLARED.get(row)))
    }

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Proportion => "proportion",
            Unit::Per10kChildren => "per10k_children",
            Unit::CasesPerWorker => "cases_per_worker",
            Unit::Score => "score",
            Unit::Count => "count",
            Unit::Declared(unit) => unit.0.name,
        }
    }

    /// The smallest value that is accepted.
    pub fn lower(self) -> f64 {
        match self {
            Unit::Declared(unit) => unit.0.lower,
            _ => 0.0,
        }
    }

    /// The largest value that is accepted.
    pub fn upper(self) -> f64 {
        match self {
            Unit::Proportion => 1.0,
            Unit::Per10kChildren => 1e5,
            Unit::CasesPerWorker | Unit::Score => 1e3,
            Unit::Count => 1e9,
            Unit::Declared(unit) => unit.0.upper,
        }
    }

    /// Whether `value` lies in the unit's range. NaN does not.
    pub fn accepts(self, value: f64) -> bool {
        (self.lower()..=self.upper()).contains(&value)
    }

    /// Whether a value is so much of what is counted below the line.
    pub(crate) fn is_rate(self) -> bool {
        match self {
            Unit::Proportion | Unit::Per10kChildren | Unit::CasesPerWorker => true,
            Unit::Score | Unit::Count => false,
            Unit::Declared(unit) => unit.0.rate,
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
            Unit::Declared(unit) => unit.0.expected,
        }
    }

    /// The end of the interval meant by the marker `low`: half of the last digit published.
    pub fn low_below(self) -> f64 {
        match self {
            Unit::Proportion => 0.0005,
            Unit::Per10kChildren | Unit::CasesPerWorker | Unit::Score | Unit::Count => 0.05,
            Unit::Declared(unit) => 0.5 * 0.1_f64.powi(i32::from(unit.0.decimals)),
        }
    }

    /// A difference that a reader can see: a percentage point, or a whole one.
    pub(crate) fn visible(self) -> f64 {
        match self {
            Unit::Proportion => 0.01,
            _ => 1.0,
        }
    }

    /// A value as people write it: `34%`, `17.2`, `1,234` or `52 per 10,000`.
    pub fn format(self, value: f64) -> String {
        match self {
            Unit::Proportion => format!("{:.1}%", 100.0 * value),
            Unit::Per10kChildren => format!("{value:.0} per 10,000"),
            Unit::CasesPerWorker | Unit::Score => format!("{value:.1}"),
            Unit::Count => format!("{value:.0}"),
            Unit::Declared(unit) => {
                format!("{value:.*}{}", usize::from(unit.0.decimals), unit.0.suffix)
            }
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Unit {
    type Err = Error;

    /// A built-in unit, or the one of that name that services read so far declare.
    fn from_str(name: &str) -> Result<Self> {
        let declared = DECLARED
            .every()
            .into_iter()
            .map(|row| Unit::Declared(DeclaredUnit(row)));
        let mut all = Unit::BUILT_IN.into_iter().chain(declared);
        let mut found = all.by_ref().filter(|unit| unit.name() == name);
        match (found.next(), found.next()) {
            (Some(unit), None) => Ok(unit),
            (Some(_), Some(_)) => Err(Error::InvalidValue {
                what: "unit",
                found: format!("{name}, which services declare in different ways"),
                expected: "files of one of them only".to_owned(),
            }),
            (None, _) => Err(Error::InvalidValue {
                what: "unit",
                found: name.to_owned(),
                expected: format!(
                    "{}, or one of the service's units",
                    Unit::BUILT_IN.map(Unit::name).join(", ")
                ),
            }),
        }
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.name().to_owned()
    }
}

impl TryFrom<String> for Unit {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        name.parse()
    }
}
