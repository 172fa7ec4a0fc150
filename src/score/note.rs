//! What to know when reading a score.

use serde::{Deserialize, Serialize};

use super::contribution::Contribution;
use crate::data::Unit;
use crate::features::{CellState, Flags};
use crate::model::RiskModel;

/// Something to know when reading a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Note {
    /// A figure is missing.
    Missing {
        /// The feature.
        feature: String,
        /// What it is.
        label: String,
        /// Why there is none.
        why: CellState,
        /// The theme that it is left out of; without one, what the other figures say stands in.
        theme: Option<String>,
    },
    /// A rate of small numbers, drawn towards the average by a percentage point or more, or by a
    /// whole unit.
    Shrunk {
        /// The feature.
        feature: String,
        /// What it is.
        label: String,
        /// Its unit.
        unit: Unit,
        /// As published.
        published: f64,
        /// As it entered the score.
        counted: f64,
    },
    /// A figure is not what was published of this organisation alone.
    Flagged {
        /// The feature.
        feature: String,
        /// What it is.
        label: String,
        /// How it is not.
        flags: Flags,
    },
    /// The model weighs a feature or theme against its declared direction.
    AgainstDirection {
        /// The feature or theme.
        term: String,
        /// What it is.
        label: String,
        /// Whether it is a theme.
        theme: bool,
        /// Its coefficient.
        coefficient: f64,
    },
    /// The worst grade twice within five years.
    PersistentFailure,
}

/// What to know of a score that is made of these.
pub(super) fn notes(
    model: &RiskModel,
    contributions: &[Contribution],
    persistent: bool,
) -> Vec<Note> {
    let against = model.contradictions().into_iter();
    let against = against.map(|term| Note::AgainstDirection {
        term: term.name,
        label: term.label,
        theme: term.is_theme,
        coefficient: term.coefficient,
    });
    let figures = contributions.iter().flat_map(of_figure);
    let mut notes: Vec<Note> = figures.chain(against).collect();
    notes.extend(persistent.then_some(Note::PersistentFailure));
    notes
}

fn of_figure(of: &Contribution) -> impl Iterator<Item = Note> {
    let named = || (of.feature.clone(), of.label.clone());
    let missing = of.missing.map(|why| {
        let (feature, label) = named();
        Note::Missing {
            feature,
            label,
            why,
            theme: of.theme.clone(),
        }
    });
    let flagged = (of.missing.is_none() && of.flags.tell_of_another()).then(|| {
        let (feature, label) = named();
        Note::Flagged {
            feature,
            label,
            flags: of.flags,
        }
    });
    missing.into_iter().chain(shrunk(of)).chain(flagged)
}

fn shrunk(of: &Contribution) -> Option<Note> {
    let (counted, published, unit) = (of.shrunk?, of.value?, of.unit?);
    ((counted - published).abs() >= unit.visible()).then(|| Note::Shrunk {
        feature: of.feature.clone(),
        label: of.label.clone(),
        unit,
        published,
        counted,
    })
}
