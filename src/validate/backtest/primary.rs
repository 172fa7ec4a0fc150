//! What will be compared with what, and how the default is chosen: written down before it is run.
//!
//! Many comparisons can be made of one back-test, and the best of them flatters (Westfall and Young
//! 1993, *Resampling-Based Multiple Testing*). So one comparison is primary: the within-year
//! C-statistic of the default model less that of the previous grade, a year ahead, among
//! authorities that are not already Inadequate, where to warn is worth most and where capping the
//! previous grade changes nothing. Everything else is secondary and is told with simultaneous
//! intervals over all comparisons made.

use jiff::civil::Date;

use super::baselines::Baseline;
use super::subset::Subset;
use crate::data::OutcomeRule;
use crate::features::Months;
use crate::stats::interval::Interval;

/// A recipe and a family that could be the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The recipe's name.
    pub recipe: &'static str,
    /// The family's name.
    pub family: &'static str,
}

/// The candidates for the default, the simplest first: fewer things that are learned from the
/// outcome or were chosen with sight of it come first, then fewer figures.
///
/// Equal weights learn one slope. The cap on the previous grade was chosen with sight of the
/// outcome. `towards_equal` learns weights, drawn to equal ones. The experimental recipe brings
/// more figures and an area for priority action. Five indicators in ridge learn five weights.
pub const CANDIDATES: [Candidate; 6] = [
    candidate("themes", "composite"),
    candidate("themes_capped", "composite"),
    candidate("themes", "towards_equal"),
    candidate("themes_capped", "towards_equal"),
    candidate("themes_experimental", "composite"),
    candidate("lead_indicators", "ridge"),
];

/// The rival of the primary comparison.
pub const RIVAL: Baseline = Baseline::PreviousGrade;

/// How far ahead: figures, judgements and model are those of a year before.
pub const LEAD: Months = Months(12);

/// Which inspections: of authorities whose newest grade was not Inadequate.
pub const SUBSET: Subset = Subset::NotAlreadyInadequate;

/// First and last year in which those inspections started.
pub const YEARS: (i16, i16) = (2016, 2023);

/// No judgement published later has a part in any choice.
pub const LAST_JUDGEMENT: Date = Date::constant(2023, 12, 31);

/// What counts as the event.
pub const OUTCOME: OutcomeRule = OutcomeRule::AnyKeyJudgement;

/// Half-life, in years, of the weights with which risks follow the rate of now. The data cannot
/// choose it: it is fixed.
pub const HALF_LIFE_YEARS: f64 = 3.0;

/// A difference of C-statistics below this, either way, makes no practical difference.
pub const MARGIN: f64 = 0.05;

/// The rule, in words.
pub const RULE: &str = "The simplest candidate is the default, unless a later one has a higher \
    within-year C-statistic in the primary comparison's rows than the one held so far, with a \
    simultaneous 95% interval over all pairs of candidates that lies above 0.";

const fn candidate(recipe: &'static str, family: &'static str) -> Candidate {
    Candidate { recipe, family }
}

/// The place of the default among candidates in order of simplicity. `better(a, b)` is the
/// simultaneous interval of the within-year C-statistic of candidate `a` less that of `b`; `None`
/// where there is none, which keeps the simpler one.
pub fn choose(candidates: usize, better: impl Fn(usize, usize) -> Option<Interval>) -> usize {
    (1..candidates).fold(0, |held, next| match better(next, held) {
        Some(difference) if difference.low > 0.0 => next,
        _ => held,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RecalibrationParams;

    #[test]
    fn the_half_life_stated_is_the_default() {
        let default = RecalibrationParams::default().half_life_years;
        assert_eq!(default, Some(HALF_LIFE_YEARS));
    }

    #[test]
    fn what_cannot_be_told_keeps_the_simplest() {
        let interval = |low, high| Some(Interval { low, high });
        assert_eq!(choose(3, |_, _| interval(-0.01, 0.2)), 0);
        assert_eq!(choose(3, |_, _| None), 0);
        assert_eq!(choose(0, |_, _| None), 0);
        // The third beats the second, which beat the first.
        assert_eq!(choose(3, |_, _| interval(0.01, 0.2)), 2);
        // The third is compared with the one held, not with the one before it.
        let second_fails = |a, b| match (a, b) {
            (1, 0) => interval(-0.1, 0.1),
            (2, 0) => interval(0.02, 0.1),
            _ => None,
        };
        assert_eq!(choose(3, second_fails), 2);
    }
}
