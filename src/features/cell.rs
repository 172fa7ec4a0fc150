//! One feature of one organisation on one day, and what it rests on.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::feature::Feature;
use super::measure::Measure;
use super::shrink::BetaPrior;
use crate::data::{Known, Missing};

/// Whether a cell holds a value, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CellState {
    /// It does.
    Present,
    /// No figure was known on the day.
    NoFigure,
    /// The newest figure is older than the feature's limit.
    TooOld,
    /// A figure was published, but holds no number.
    Withheld(Missing),
    /// There is a figure, but nothing to compare it with.
    NoComparison,
    /// No graded inspection was known.
    NoInspection,
    /// No such event was known.
    NoEvent,
}

/// What a reader should know of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flags {
    /// Returned jointly with another authority.
    pub joint: bool,
    /// Today's revised series stands for the first release.
    pub revised: bool,
    /// An authority's own figure, not (yet) published on the day.
    pub own: bool,
    /// Taken from predecessors.
    pub inherited: bool,
    /// More than 0 but rounding to 0: the middle of that interval.
    pub low: bool,
}

impl Flags {
    /// Whether the figure is not what was published of this organisation alone. A revised series
    /// has a mark of its own.
    pub(crate) fn tell_of_another(self) -> bool {
        self.joint || self.own || self.inherited || self.low
    }
}

/// A number with its counts. Absent parts are NaN, which stays inside the crate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    pub(crate) value: f64,
    pub(crate) numerator: f64,
    pub(crate) denominator: f64,
}

/// One feature of one authority on one day, with what it was made from.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Whether there is a value.
    pub state: CellState,
    /// What to know of it.
    pub flags: Flags,
    /// Last day of the newest figure's period; the day of publication for a judgement.
    pub period_end: Option<Date>,
    /// The day from which that figure was known.
    pub known_from: Option<Date>,
    pub(crate) now: Amount,
    pub(crate) base: Amount,
    /// The rank of the figure in its release, from 0 to 1, where the feature is ranked.
    pub(crate) rank: Option<f64>,
}

impl Amount {
    pub(crate) const NONE: Amount = Amount {
        value: f64::NAN,
        numerator: f64::NAN,
        denominator: f64::NAN,
    };

    pub(crate) fn of(value: f64) -> Amount {
        Amount {
            value,
            ..Amount::NONE
        }
    }

    /// The rate of several authorities together; `None` if one of them has no counts.
    pub(super) fn sum(amounts: &[Amount]) -> Option<Amount> {
        let numerator: f64 = amounts.iter().map(|a| a.numerator).sum();
        let denominator: f64 = amounts.iter().map(|a| a.denominator).sum();
        // NaN where a count is absent: the comparison is false.
        (denominator > 0.0 && numerator >= 0.0).then(|| Amount {
            value: numerator / denominator,
            numerator,
            denominator,
        })
    }

    /// Whether the counts are there that shrinkage needs.
    pub(crate) fn has_counts(self) -> bool {
        self.denominator >= 1.0 && (0.0..=self.denominator).contains(&self.numerator)
    }

    fn shrunk(self, prior: Option<BetaPrior>) -> f64 {
        match prior {
            Some(prior) if self.has_counts() => prior.shrink(self.numerator, self.denominator),
            _ => self.value,
        }
    }
}

impl Cell {
    pub(super) fn missing(state: CellState) -> Cell {
        Cell {
            state,
            flags: Flags::default(),
            period_end: None,
            known_from: None,
            now: Amount::NONE,
            base: Amount::NONE,
            rank: None,
        }
    }

    /// Whether it holds a value.
    pub fn is_present(&self) -> bool {
        self.state == CellState::Present
    }

    /// What is measured, from the figures as published; `None` where missing.
    pub fn value(&self, measure: Measure) -> Option<f64> {
        self.shrunk_value(measure, None)
    }

    /// The figure's rank in its release, from 0 to 1: `None` where missing or not ranked.
    pub fn rank(&self) -> Option<f64> {
        self.rank
    }

    /// The value of a feature: the rank of a ranked one, else what is measured, with rates shrunk
    /// by `prior`. `None` where missing.
    pub(crate) fn feature_value(&self, feature: &Feature, prior: Option<BetaPrior>) -> Option<f64> {
        if feature.rank {
            self.rank
        } else {
            self.shrunk_value(feature.measure, prior)
        }
    }

    /// What is taken from the newest figure: 0 where nothing is.
    pub(super) fn base_value(&self) -> f64 {
        if self.base.value.is_nan() {
            0.0
        } else {
            self.base.value
        }
    }

    /// What is measured, with rates shrunk by `prior`; `None` where missing.
    pub(crate) fn shrunk_value(&self, measure: Measure, prior: Option<BetaPrior>) -> Option<f64> {
        if !self.is_present() {
            return None;
        }
        let now = self.now.shrunk(prior);
        Some(match measure {
            Measure::Change { .. } => now - self.base.shrunk(prior),
            Measure::GapToEngland { .. } | Measure::GapToNeighbours { .. } => now - self.base.value,
            _ => now,
        })
    }

    /// Why there is no value; `None` where there is one.
    pub fn why_missing(&self) -> Option<CellState> {
        (!self.is_present()).then_some(self.state)
    }
}

impl From<Known<'_>> for Amount {
    fn from(figure: Known<'_>) -> Self {
        Amount {
            value: figure.point().unwrap_or(f64::NAN),
            numerator: figure.numerator().unwrap_or(f64::NAN),
            denominator: figure.denominator().unwrap_or(f64::NAN),
        }
    }
}
