//! What to know when reading a score.

use std::fmt;

use crate::features::Flags;
use crate::score::{Note, NullBecause};

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Missing {
                label,
                why,
                theme: Some(theme),
                ..
            } => write!(f, "{label}: {why}; left out of the theme {theme}"),
            Note::Missing { label, why, .. } => {
                write!(
                    f,
                    "{label}: {why}; what its other figures say stands in for it"
                )
            }
            Note::Shrunk {
                label,
                unit,
                published,
                counted,
                ..
            } => write!(
                f,
                "{label}: published {}, counted as {}: small numbers are drawn towards the average",
                unit.format(*published),
                unit.format(*counted),
            ),
            Note::Flagged { label, flags, .. } => write!(f, "{label}: {}", flagged(*flags)),
            Note::AgainstDirection {
                label,
                theme,
                coefficient,
                ..
            } => {
                let more = match (theme, *coefficient < 0.0) {
                    (true, _) => "concern there lowers",
                    (false, true) => "a higher value lowers",
                    (false, false) => "a higher value raises",
                };
                write!(
                    f,
                    "{label}: {more} this score, against its declared direction"
                )
            }
            Note::PersistentFailure => {
                f.write_str("persistent failure: the worst grade twice within five years")
            }
        }
    }
}

fn flagged(flags: Flags) -> String {
    let all = [
        (flags.joint, "returned jointly with another organisation"),
        (flags.own, "own figure, not published by then"),
        (
            flags.inherited,
            "taken from the organisation it was formed from",
        ),
        (
            flags.low,
            "published as 'low': the middle of that interval is used",
        ),
    ];
    let set: Vec<&str> = all
        .into_iter()
        .filter_map(|(set, words)| set.then_some(words))
        .collect();
    set.join("; ")
}

impl fmt::Display for NullBecause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NullBecause::NoRefits => "the model was not learned again from draws",
            NullBecause::Untested => "the model was not tested on past inspections",
            NullBecause::DependentFigures => {
                "the figures of the training rows depend on each other"
            }
            NullBecause::NoHorizon => "the model was not learned for a horizon",
            NullBecause::NotJudged => "no judgement that speaks for the organisation is known",
        })
    }
}
