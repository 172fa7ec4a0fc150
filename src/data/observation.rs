//! One published figure: a number with its counts, an interval, or the reason why there is none.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::calendar::Basis;
use super::code::{AuthorityCode, IndicatorId};

/// What a figure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// England, a benchmark.
    England,
    /// A region by its ONS code, a benchmark.
    Region(AuthorityCode),
    /// A local authority.
    Authority(AuthorityCode),
}

/// Why there is no number, by the marker that stood in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Missing {
    /// `c`: confidential, a small number.
    Suppressed,
    /// `x`: unavailable.
    Unavailable,
    /// `z`: not applicable.
    NotApplicable,
    /// `u`: withheld for low reliability.
    LowReliability,
    /// `-`: missing in the Local Authority Interactive Tool.
    Dash,
    /// `:`: not available in older workbooks.
    Colon,
    /// An empty cell where a figure would stand.
    Empty,
}

/// A figure on the scale of its indicator's unit: a proportion in [0, 1], a rate per 10,000
/// children, a count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(f64),
    /// The marker `low`: more than 0, but rounding to 0; `below` is half the last digit shown.
    Low {
        /// The upper end of the interval, exclusive.
        below: f64,
    },
    /// No figure, and why.
    Missing(Missing),
}

impl Value {
    /// The number used in features: the number itself, the middle of the interval of a `Low`, or
    /// `None`.
    pub fn point(self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(number),
            Value::Low { below } => Some(below / 2.0),
            Value::Missing(_) => None,
        }
    }
}

/// How a figure came to be known on its date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// As it was first released, or as released on the stated date.
    Released,
    /// From today's revised series, standing in for the first release of its period.
    Revised,
    /// Entered by the authority or analyst, never published.
    Own,
}

/// One figure, for one entity and one reference period, as known from one date on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// What it is about.
    pub entity: Entity,
    /// What it measures.
    pub indicator: IndicatorId,
    /// Last day of the reference period.
    pub period_end: Date,
    /// First day on which it was public.
    pub known_from: Date,
    /// How sure we are of `known_from`.
    pub basis: Basis,
    /// The figure, in the indicator's unit.
    pub value: Value,
    /// The count above the line, where published.
    pub numerator: Option<f64>,
    /// The count below the line, where published.
    pub denominator: Option<f64>,
    /// First release, revised, or own.
    pub standing: Standing,
    /// Returned by several authorities together: the same rate stands for each of them.
    pub joint: bool,
    /// Index of the source's label in the panel's list of sources.
    pub source: u16,
}
