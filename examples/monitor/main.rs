//! Between inspections: freeze scores, verify and judge them, compare days, raise alerts, find drift.
//! Try `--help`.

#[path = "../common/mod.rs"]
#[macro_use]
mod common;

mod alerts;
mod compare;
mod drift;
mod freeze;
mod judge;
mod review;
mod source;
mod year;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use common::{Failure, Shells, be_silent, write};
use serde::Serialize;

/// Scores that are frozen before anybody knows what came, and judged by it afterwards.
#[derive(Debug, Parser)]
#[command(name = "monitor", version, arg_required_else_help = true)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    shells: Shells,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Freeze the scores of a day as the next entry of a log
    Freeze(freeze::Freeze),
    /// Build a log of past days, marked as reconstructed
    Replay(freeze::Replay),
    /// Find every change in a log, and entries that are no forecasts
    Verify(judge::Verify),
    /// Join a log with the judgements that came
    Evaluate(judge::Evaluate),
    /// Split the differences between two days, models, recipes or sets of figures
    Compare(compare::Compare),
    /// Raise alerts by rules, each once; exit code 3 if there are any
    Alerts(alerts::Alerts),
    /// Test whether the newest releases have moved beyond what chance moves
    Drift(drift::Drift),
    /// Write a form for people's opinions of a list, or take a filled one into the log
    Review(review::ReviewArgs),
    /// One page about the last year of a log
    Year(year::Year),
}

/// Exit code where alerts were raised.
const RAISED: u8 = 3;

fn main() -> ExitCode {
    let mut raised = false;
    let ended = common::exit_code(run(&mut raised));
    match raised && ended == ExitCode::SUCCESS {
        true => ExitCode::from(RAISED),
        false => ended,
    }
}

fn run(raised: &mut bool) -> Result<(), Failure> {
    let args = Args::parse();
    if args.shells.printed::<Args>() {
        return Ok(());
    }
    match args.command {
        Some(Command::Freeze(command)) => command.run(),
        Some(Command::Replay(command)) => command.run(),
        Some(Command::Verify(command)) => command.run(),
        Some(Command::Evaluate(command)) => command.run(),
        Some(Command::Compare(command)) => command.run(),
        Some(Command::Alerts(command)) => command.run(raised),
        Some(Command::Drift(command)) => command.run(),
        Some(Command::Review(command)) => command.run(),
        Some(Command::Year(command)) => command.run(),
        None => Ok(()),
    }
}

/// The option that every command has.
#[derive(Debug, clap::Args)]
struct Json {
    /// Write the result as JSON; - is standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Json {
    /// Sees that the file can be written; people are told nothing where it is standard output.
    fn begin(&self) -> Result<(), Failure> {
        match self.json.as_deref() {
            Some(file) if file == Path::new("-") => be_silent(),
            Some(file) => {
                forewarn::check_writable(file).map_err(|e| common::usage(format!("--json {e}")))?
            }
            None => {}
        }
        Ok(())
    }

    fn finish(&self, result: &impl Serialize) -> Result<(), Failure> {
        match &self.json {
            Some(file) => write(file, &(serde_json::to_string_pretty(result)? + "\n")),
            None => Ok(()),
        }
    }
}
