//! What was not learned from, and what was not tested.

use std::fmt;

use crate::features::Exclusion;
use crate::model::DrawFailure;
use crate::validate::{LeftOut, NotTested};

impl fmt::Display for Exclusion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Exclusion::NotLikeForLike => {
                "not a full inspection under a framework that is learned from"
            }
            Exclusion::NotInRegister => "organisation not in the register",
            Exclusion::TooSmall => "organisation too small to score",
            Exclusion::NoJudgement => "no judgement under the outcome rule",
            Exclusion::NotYetKnown => "organisation not known so long before the inspection",
            Exclusion::NoFigure => "no figure of the recipe was known before the inspection",
        })
    }
}

impl fmt::Display for DrawFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DrawFailure::OneClass => "only one class was drawn",
            DrawFailure::NoUsableFeature => "no usable feature was drawn",
            DrawFailure::NotConverged => "the fit did not converge",
            DrawFailure::Separated => "the classes were separated",
            DrawFailure::Other(error) => error,
        })
    }
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LeftOut::Row(why) => why.fmt(f),
            LeftOut::NotInspected => {
                f.write_str("organisation-years without an inspection: unknown, not negative")
            }
            LeftOut::TooLittleKnown => f.write_str("too little known to score"),
            LeftOut::NothingToLearnFrom => f.write_str("no inspection to learn from at the origin"),
            LeftOut::BaseRateInstead { model } => {
                write!(f, "base rate instead of {model}: no fit")
            }
        }
    }
}

impl NotTested {
    /// The reason in words, with the recipe and lead where they matter.
    pub fn reason(&self) -> String {
        match &self.of {
            Some(of) => format!(
                "{}, lead {} months: {}",
                of.recipe, of.lead_months, self.why
            ),
            None => self.why.to_string(),
        }
    }
}
