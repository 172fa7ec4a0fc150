//! Do the intervals cover, and does the optimism correction remove optimism? Simulated worlds with
//! known truth answer. `cargo run --release --example coverage -- [models|backtest] [RUNS]`.

mod backtest;
mod models;
mod study;

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let part = args.iter().find(|arg| arg.parse::<u64>().is_err());
    let runs = args.iter().find_map(|arg| arg.parse::<u64>().ok());
    let part = part.map(String::as_str);
    if !matches!(part, None | Some("models" | "backtest")) || args.len() > 2 || runs == Some(0) {
        return Err("usage: coverage [models|backtest] [RUNS, 1 or more]".into());
    }
    if part != Some("backtest") {
        let runs = runs.unwrap_or(2000);
        models::slopes(runs);
        models::probabilities(runs, 1.0);
        for signal in [0.0, 1.6] {
            models::probabilities(runs.div_ceil(10), signal);
        }
    }
    if part != Some("models") {
        let runs = runs.unwrap_or(1000);
        backtest::intervals(runs)?;
        backtest::null(runs.div_ceil(5))?;
    }
    Ok(())
}
