//! What an embedding programmer writes.

use std::num::NonZeroUsize;

use forewarn::data::OutcomeRule;
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::date;
use forewarn::model::RiskParams;
use forewarn::score::Capacity;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo");
    let panel = forewarn::read::folder(folder)?.panel;
    let today = date(2024, 6, 1);
    let recipe = FeatureRecipe::lead_indicators();
    let training = panel
        .as_of(today)
        .training(&recipe, OutcomeRule::default(), Months(0))?;
    let model = RiskParams::ridge().penalty(0.05).fit(&training)?;
    let scores = model.score(&panel, today)?;
    for entry in scores.watchlist(Capacity(NonZeroUsize::new(5).ok_or("no capacity")?)) {
        let reasons: Vec<String> = entry.reasons().iter().take(1).map(|r| r.reason()).collect();
        let percent = 100.0 * entry.probability;
        println!("{:<24} {percent:.0}%  {}", entry.name, reasons.join("; "));
    }
    Ok(())
}
