//! The direction in which a column is declared to act.

use serde::{Deserialize, Serialize};

/// Whether more of it is taken to be riskier. Declared with its published source
/// ([`Indicator::source`](crate::data::Indicator::source)), never assumed: a fitted coefficient that says the opposite is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// A higher value is taken to be riskier.
    HigherRiskier,
    /// A lower value is taken to be riskier.
    LowerRiskier,
    /// Context: no direction is claimed.
    None,
}

impl Direction {
    /// The sign that a coefficient should have, where one is declared.
    pub fn sign(self) -> Option<f64> {
        match self {
            Direction::HigherRiskier => Some(1.0),
            Direction::LowerRiskier => Some(-1.0),
            Direction::None => None,
        }
    }
}
