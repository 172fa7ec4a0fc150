//! Who has no score, and why: unknown is not safe.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::{OrganisationCode, Snapshot};
use crate::features::{Cell, CellState, Column, FeatureRecipe};

/// An organisation without a score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotScored {
    /// The organisation.
    pub organisation: OrganisationCode,
    /// Its name.
    pub name: String,
    /// Its region; empty where unknown.
    pub region: String,
    /// Why it has no score.
    pub why: Refusal,
    /// Whom it was formed from, where it was.
    pub formed: Option<Formed>,
}

/// Why an organisation has no score.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// The register says that its numbers are too small for any score.
    TooSmall,
    /// Less is known than the recipe demands.
    TooLittle {
        /// Features without a figure.
        missing: Vec<MissingFigure>,
        /// How many features of figures the recipe has.
        of: usize,
    },
}

/// A feature without a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingFigure {
    /// The feature.
    pub feature: String,
    /// What it is.
    pub label: String,
    /// Why there is none.
    pub why: CellState,
}

/// How a new organisation came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Formed {
    /// On which day.
    pub on: Date,
    /// The names of those before it.
    pub from: Vec<String>,
}

impl NotScored {
    pub(super) fn new(on: Snapshot<'_>, code: OrganisationCode, why: Refusal) -> NotScored {
        let register = on.panel().register();
        let known = register.get(code);
        let before = known.map_or(&[][..], |a| a.predecessors.as_slice()).iter();
        let names = before
            .filter_map(|&code| register.get(code))
            .map(|a| a.name.clone());
        let from: Vec<String> = names.collect();
        let formed = known.and_then(|a| a.from).filter(|_| !from.is_empty());
        NotScored {
            organisation: code,
            name: known.map(|a| a.name.clone()).unwrap_or_default(),
            region: known.map(|a| a.region.clone()).unwrap_or_default(),
            why,
            formed: formed.map(|on| Formed { on, from }),
        }
    }
}

/// Why there is too little to score under a recipe, if there is.
pub(crate) fn too_little(
    recipe: &FeatureRecipe,
    columns: &[Column],
    cells: &[Cell],
) -> Option<Refusal> {
    let counted = || {
        let measured =
            |(column, _): &(&Column, &Cell)| column.feature.measure.indicator().is_some();
        columns.iter().zip(cells).filter(measured)
    };
    let present = counted().filter(|(_, cell)| cell.is_present()).count();
    let all = counted().count();
    if present as f64 >= recipe.min_present() * all as f64 && (present > 0 || all == 0) {
        return None;
    }
    let missing = counted().filter_map(|(column, cell)| {
        Some(MissingFigure {
            feature: column.name.clone(),
            label: column.label.clone(),
            why: cell.why_missing()?,
        })
    });
    Some(Refusal::TooLittle {
        missing: missing.collect(),
        of: all,
    })
}

/// Those that no model scores.
pub(super) fn never_scored(on: Snapshot<'_>) -> impl Iterator<Item = NotScored> {
    let never = on.authorities().filter(|a| !a.scored);
    never.map(move |a| NotScored::new(on, a.code, Refusal::TooSmall))
}
