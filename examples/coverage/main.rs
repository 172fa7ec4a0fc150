//! Do the intervals cover, and does the optimism correction remove optimism? Simulated worlds with
//! known truth answer.

mod backtest;
mod draw;
mod scores;
mod slopes;
mod world;

use std::error::Error;

const USAGE: &str = "usage: coverage [scores|slopes|comparisons|c] [WORLDS, 1 or more]";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let part = args.iter().find(|arg| arg.parse::<u64>().is_err());
    let worlds = args.iter().find_map(|arg| arg.parse::<u64>().ok());
    if args.len() > 1 + usize::from(part.is_some()) || worlds == Some(0) {
        return Err(USAGE.into());
    }
    let worlds = worlds.unwrap_or(2000);
    match part.map(String::as_str) {
        Some("scores") => {
            scores::table(worlds);
            Ok(())
        }
        Some("slopes") => {
            slopes::table(worlds);
            Ok(())
        }
        Some("comparisons") => backtest::comparisons(worlds),
        Some("c") => backtest::intervals(worlds).and_then(|()| backtest::null(worlds.div_ceil(5))),
        None => {
            scores::table(worlds);
            slopes::table(worlds);
            backtest::comparisons(worlds)?;
            backtest::intervals(worlds)?;
            backtest::null(worlds.div_ceil(5))
        }
        Some(other) => Err(format!("{USAGE}, not {other:?}").into()),
    }
}
