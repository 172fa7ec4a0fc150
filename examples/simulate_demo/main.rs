//! Writes the simulated demo data: `cargo run --release --example simulate_demo -- [FOLDER]`.

#[path = "../common/mod.rs"]
#[macro_use]
mod common;

mod demo;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use common::{Failure, Shells};
use forewarn::simulate::SimulationParams;

/// Writes the simulated demo data, the same bytes on every machine.
#[derive(Debug, Parser)]
#[command(name = "simulate_demo", version)]
struct Args {
    /// Where to; it is made if it does not exist
    #[arg(value_name = "FOLDER", default_value = "examples/demo")]
    folder: PathBuf,
    #[command(flatten)]
    shells: Shells,
}

fn main() -> ExitCode {
    common::exit_code(run())
}

fn run() -> Result<(), Failure> {
    let args = Args::parse();
    if args.shells.printed::<Args>() {
        return Ok(());
    }
    let files = demo::files(&SimulationParams::default().simulate()?)?;
    let folder = args.folder;
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    for (name, content) in files {
        let path = folder.join(name);
        say!("{} ({} kB)", path.display(), content.len() / 1000);
        forewarn::write_whole(&path, content.as_bytes())?;
    }
    Ok(())
}
