//! What a back-test could not test, counted by reason.

use serde::{Deserialize, Serialize};

use crate::features::Exclusion;

/// Why something was not tested, or not by the model that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum LeftOut {
    /// An inspection of the year that gives no row.
    Row(Exclusion),
    /// An organisation without an inspection in the year: unknown, not negative.
    NotInspected,
    /// Too little was known to score it.
    TooLittleKnown,
    /// At the origin there was no inspection to learn from.
    NothingToLearnFrom,
    /// The model gave no fit at the origin; the base rate stands instead.
    BaseRateInstead {
        /// The model.
        model: String,
    },
}

/// What was tested.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tested {
    /// The recipe.
    pub recipe: String,
    /// Months ahead.
    pub lead_months: u16,
}

/// So many, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotTested {
    /// Why.
    pub why: LeftOut,
    /// Of which test; `None` where it is the same for all.
    pub of: Option<Tested>,
    /// How many.
    pub count: usize,
}
