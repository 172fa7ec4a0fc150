//! A user's own recipe, and a user's own rule as a further rival.

use forewarn::features::{Feature, FeatureRecipe};
use forewarn::model::RiskParams;
use forewarn::validate::{BacktestParams, OwnRule};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo");
    let panel = forewarn::read::folder(demo)?.panel;
    let caseload = Feature::level("caseload")?;
    let own = FeatureRecipe::new("own", vec![caseload, Feature::level("turnover_rate")?])?;
    let ridge = RiskParams::ridge();
    let rule = OwnRule {
        name: "more than 20 cases for each worker",
        recipe: FeatureRecipe::new("caseload", vec![caseload])?,
        log_odds: |row: &[Option<f64>]| if row[0] > Some(20.0) { -0.5 } else { -2.0 },
    };
    let params = BacktestParams {
        rivals: vec![&rule],
        ..BacktestParams::new(vec![own], vec![&ridge])
    };
    let result = params.run(&panel, &|_, _| {})?;
    println!("SIMULATED DATA, {} predictions", result.predictions.len());
    for row in &result.summary {
        let c = row
            .auroc
            .map_or("undefined".to_owned(), |c| format!("{c:.2}"));
        println!("{:<36} {:?}: C-statistic {c}", row.model, row.subset);
    }
    Ok(())
}
