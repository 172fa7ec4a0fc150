//! The evidence section.

use serde::Serialize;

use super::chart::{self, Chart};
use super::page::{Section, render};
use crate::data::Catalogue;
use crate::error::Result;
use crate::validate::{Evidence, Subset};

#[derive(Serialize)]
struct Body {
    charts: Vec<Chart>,
}

pub(super) fn section(evidence: &Evidence, _catalogue: &Catalogue) -> Result<Section> {
    let backtest = &evidence.backtest;
    let recipe = backtest.summary.first().map_or("", |s| s.recipe.as_str());
    let charts = [Subset::All, Subset::NotAlreadyInadequate]
        .map(|subset| chart::c_statistics(backtest, recipe, 0, subset));
    Ok(Section {
        id: "evidence".to_owned(),
        title: "Evidence".to_owned(),
        body: render(
            "evidence",
            &Body {
                charts: charts.to_vec(),
            },
        )?,
    })
}
