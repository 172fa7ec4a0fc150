//! A statistic, or the reason why the data cannot give it.

use serde::{Deserialize, Serialize};

/// A statistic, or the reason why there is none. As a field it is a
/// number in JSON, or `{"undefined": why}`.
pub type Estimate<T = f64> = std::result::Result<T, Undefined>;

/// Why a statistic is undefined. Malformed input is an [`Error`](crate::Error) instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Undefined {
    /// There is nothing to compute from.
    #[error("no rows")]
    NoRows,
    /// No row has the event.
    #[error("no events")]
    NoEvents,
    /// All rows, or none, have the event; within strata: in every stratum.
    #[error("one class only")]
    OneClass,
    /// All scores are equal.
    #[error("all scores are equal")]
    ConstantScores,
    /// The events, or the rows without, are too few for the stated rule.
    #[error("{events} events and {others} without, at least {needed} of each needed")]
    TooFewEvents {
        /// Rows with the event.
        events: usize,
        /// Rows without.
        others: usize,
        /// Needed of each.
        needed: usize,
    },
    /// More rows are asked for than there are.
    #[error("{rows} rows, at least {needed} needed")]
    TooFewRows {
        /// Rows.
        rows: usize,
        /// Needed.
        needed: usize,
    },
    /// A probability of exactly 0 or 1, which is never clipped: its log-odds, or its log-loss, are
    /// infinite.
    #[error("row {row}: a probability of exactly 0 or 1")]
    CertainForecast {
        /// The first such row, zero-based.
        row: usize,
    },
    /// The fit has no finite optimum, as where the scores separate the classes.
    #[error("no finite optimum, or it was not reached")]
    NotConverged,
    /// The estimated standard error is 0 at an estimate that chance could have given.
    #[error("no spread to estimate a standard error from")]
    NoSpread,
    /// The denominator is zero: nothing caught, nothing expected, or a reference without error.
    #[error("division by zero")]
    ZeroDenominator,
    /// A threshold whose odds are 0, infinite or undefined.
    #[error("a threshold that is not above 0 and below 1")]
    NoSuchThreshold,
    /// A risk that is not above 0 and below 1.
    #[error("a risk that is not above 0 and below 1")]
    NotProbability,
    /// The data can give no probability of the outcome: see
    /// [`OutcomeRule::no_probability`](crate::data::OutcomeRule::no_probability).
    #[error("the data can give no probability of this outcome")]
    NoProbability,
    /// Two things to be compared, or weights, are not about the same rows.
    #[error("not the same rows: {found} and {expected}, or other outcomes")]
    OtherRows {
        /// Rows found.
        found: usize,
        /// Rows expected.
        expected: usize,
    },
    /// Too few bootstrap replicates succeeded to place the tails.
    #[error("{succeeded} replicates succeeded, at least {needed} needed")]
    TooFewReplicates {
        /// Replicates with a value.
        succeeded: usize,
        /// Needed.
        needed: usize,
    },
}

/// How fields that are estimates are written: the value, or `{"undefined": why}`.
pub(crate) mod or_why {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Estimate, Undefined};

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Why {
        undefined: Undefined,
    }

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written<T> {
        // First, since an interval is an array and a why is not.
        Undefined(Why),
        Defined(T),
    }

    pub(crate) fn serialize<T: Serialize, S: Serializer>(
        estimate: &Estimate<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match estimate {
            Ok(value) => value.serialize(serializer),
            Err(undefined) => Why {
                undefined: *undefined,
            }
            .serialize(serializer),
        }
    }

    pub(crate) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Estimate<T>, D::Error> {
        Ok(match Written::deserialize(deserializer)? {
            Written::Defined(value) => Ok(value),
            Written::Undefined(why) => Err(why.undefined),
        })
    }
}
