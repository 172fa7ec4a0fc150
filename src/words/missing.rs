//! Why there is no figure.

use std::fmt;

use crate::data::Missing;
use crate::features::CellState;

impl Missing {
    /// The reason in words.
    pub fn reason(self) -> &'static str {
        match self {
            Missing::Suppressed => "suppressed (small numbers)",
            Missing::Unavailable => "unavailable",
            Missing::NotApplicable => "not applicable",
            Missing::LowReliability => "withheld for low reliability",
            Missing::Dash | Missing::Colon => "not available",
            Missing::Empty => "left empty",
        }
    }
}

impl CellState {
    /// The state in words.
    pub fn words(self) -> &'static str {
        match self {
            CellState::Present => "known",
            CellState::NoFigure => "no figure known",
            CellState::TooOld => "newest figure too old",
            CellState::Withheld(why) => why.reason(),
            CellState::NoComparison => "nothing to compare with",
            CellState::NoInspection => "no inspection known",
            CellState::NoEvent => "no such event known",
        }
    }
}

impl fmt::Display for CellState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.words())
    }
}
