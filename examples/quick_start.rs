//! What an embedding programmer writes.

use forewarn::data::OutcomeRule;
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::date;
use forewarn::model::RiskParams;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo");
    let panel = forewarn::read::folder(folder)?.panel;
    let today = date(2024, 6, 1);
    let recipe = FeatureRecipe::default();
    let training = panel
        .as_of(today)
        .training(&recipe, OutcomeRule::default(), Months(0))?;
    let model = RiskParams::default().fit(&training)?;
    let scores = model.score(&panel, today)?;
    for entry in scores.watchlist().into_iter().take(5) {
        let reason = entry
            .reasons
            .first()
            .map_or_else(String::new, |reason| reason.reason());
        let percent = 100.0 * entry.probability;
        println!("{:<24} {percent:.0}%  {reason}", entry.name);
    }
    Ok(())
}
