//! Which official file holds an indicator: what to fetch where a folder has none.

use std::collections::{BTreeMap, BTreeSet};

use super::layouts;
use super::statistics::Statistics;
use super::tool_download::shown_name;
use crate::data::{IndicatorId, Panel};
use crate::features::FeatureRecipe;
use crate::read::load_report::Layout;

/// What to fetch for the indicators of a recipe of which a panel has no figure at all, a sentence for
/// each file; none for an indicator that no official file holds, which is named by itself.
#[must_use]
pub fn to_fetch(panel: &Panel, recipe: &FeatureRecipe) -> Vec<String> {
    let held: BTreeSet<IndicatorId> = panel.observations().map(|o| o.indicator).collect();
    let wanted = recipe.indicators().into_iter();
    let missing: BTreeSet<IndicatorId> = wanted.filter(|id| !held.contains(id)).collect();
    let mut by_file: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for id in &missing {
        let file = source(*id).unwrap_or_else(|| {
            "a file of your own in the tidy layout: no official file that is read holds it"
                .to_owned()
        });
        by_file.entry(file).or_default().push(id.as_str());
    }
    let sentence =
        |(file, ids): (String, Vec<&str>)| format!("no figure of {}: fetch {file}", ids.join(", "));
    by_file.into_iter().map(sentence).collect()
}

fn source(id: IndicatorId) -> Option<String> {
    if id.as_str() == "deprivation_score" {
        return Some("the average scores of the Indices of Deprivation, as a table".to_owned());
    }
    let holds = |s: &&Statistics| {
        let measured = s.measures.iter().find(|m| m.indicator == id.as_str());
        measured.is_some_and(|m| m.before.is_none())
            || s.counts.iter().any(|(rate, _)| *rate == id.as_str())
    };
    let found = layouts::all().iter().find(holds)?;
    let counted = found.counts.iter().any(|(rate, _)| *rate == id.as_str());
    Some(match found.layout {
        Layout::InteractiveTool => {
            let measures = found.measures.iter().filter(|m| m.indicator == id.as_str());
            let column = measures.filter_map(|m| m.columns().next()).next()?;
            format!(
                "\"{}\" from the Local Authority Interactive Tool (gov.uk): tick it and download",
                shown_name(column).unwrap_or(column)
            )
        }
        Layout::Population => "ONS's mid-year population estimates by age".to_owned(),
        layout if counted => format!(
            "\"{}\" from explore-education-statistics.service.gov.uk, and ONS's mid-year population",
            layout.words()
        ),
        layout => format!(
            "\"{}\" from explore-education-statistics.service.gov.uk",
            layout.words()
        ),
    })
}
