//! Do the intervals cover, and does the optimism correction remove optimism? Simulated worlds with
//! known truth answer.

#[path = "../common/mod.rs"]
#[macro_use]
mod common;

mod backtest;
mod draw;
mod scores;
mod slopes;
mod world;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use common::{Failure, Shells, usage};

/// Do the intervals cover, and does the optimism correction remove optimism? Simulated worlds with
/// known truth answer.
#[derive(Debug, Parser)]
#[command(name = "coverage", version)]
struct Args {
    /// One part, and the worlds of each: `coverage scores 2000`, `coverage 40` [default: all parts,
    /// 2000 worlds]
    #[arg(value_name = "PART|WORLDS", num_args = 0..=2)]
    what: Vec<String>,
    #[command(flatten)]
    shells: Shells,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    Scores,
    Slopes,
    Comparisons,
    C,
}

fn main() -> ExitCode {
    common::exit_code(run())
}

/// The part and the worlds asked for.
fn asked(what: &[String]) -> Result<(Option<Part>, u64), Failure> {
    let (mut part, mut worlds) = (None, None);
    for word in what {
        match (word.parse::<u64>(), Part::from_str(word, true)) {
            (Ok(number), _) if number > 0 && worlds.is_none() => worlds = Some(number),
            (_, Ok(found)) if part.is_none() => part = Some(found),
            _ => {
                return Err(usage(format!(
                    "{word:?}: expected one of scores, slopes, comparisons and c, and a number of \
                     worlds from 1, each once"
                )));
            }
        }
    }
    Ok((part, worlds.unwrap_or(2000)))
}

fn run() -> Result<(), Failure> {
    let args = Args::parse();
    if args.shells.printed::<Args>() {
        return Ok(());
    }
    let (part, worlds) = asked(&args.what)?;
    let wanted = |one| part.is_none_or(|part| part == one);
    if wanted(Part::Scores) {
        scores::table(worlds);
    }
    if wanted(Part::Slopes) {
        slopes::table(worlds);
    }
    if wanted(Part::Comparisons) {
        backtest::comparisons(worlds)?;
    }
    if wanted(Part::C) {
        backtest::intervals(worlds)?;
        backtest::null(worlds.div_ceil(5))?;
    }
    Ok(())
}
