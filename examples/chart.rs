//! One chart as a string, for a page or a file of one's own: the C-statistics of a model and its
//! rivals on simulated data, as an SVG file on standard output.

use forewarn::features::FeatureRecipe;
use forewarn::model::RiskParams;
use forewarn::report::chart;
use forewarn::simulate::SimulationParams;
use forewarn::validate::{BacktestParams, Subset};

fn main() -> forewarn::Result<()> {
    let panel = SimulationParams::default().simulate()?.panel();
    let ridge = RiskParams::ridge().penalty(0.05);
    let recipe = FeatureRecipe::lead_indicators();
    let name = recipe.name().to_owned();
    let params = BacktestParams {
        replicates: 200,
        ..BacktestParams::new(vec![recipe], vec![&ridge])
    };
    let backtest = params.run(&panel, &|_, _| {})?;
    let chart = chart::c_statistics(&backtest, &name, 0, Subset::All);
    println!("{}", chart.to_svg_file());
    Ok(())
}
