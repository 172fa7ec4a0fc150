//! An authority's own fresh figures: a template to fill in, and a check of what was filled in. Try
//! `--help`.

#[path = "../common/mod.rs"]
#[macro_use]
mod common;

mod check;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use common::{Failure, Shells, put_data, usage, with_spinner, write};
use forewarn::data::Service;
use forewarn::jiff::civil::Date;
use forewarn::read::{self, Folder};

/// Writes a template for an authority's own figures, with England's and its last published ones beside
/// blanks; or checks one that was filled in, and says every fault in one pass.
///
/// `watchlist --own FILE` scores with it. Figures stay on this machine.
#[derive(Debug, Parser)]
#[command(name = "own_figures", version)]
struct Args {
    /// The authority: its code, ONS code or name
    #[arg(long, visible_alias = "organisation", value_name = "CODE", required_unless_present_any = ["check", "completions"])]
    authority: Option<String>,
    /// Folder of files as downloaded [default: simulated data under examples/demo]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// childrens_services, childrens_homes, or the JSON file of a service
    #[arg(long, value_name = "NAME|FILE", value_parser = common::service, default_value = "childrens_services")]
    service: Service,
    /// Indicators of this recipe [default: that of the service]
    #[arg(long, value_name = "NAME|FILE")]
    recipe: Option<String>,
    /// The day that the figures are of [default: today; 2024-06-01 for the demo]
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    as_of: Option<Date>,
    /// Check a file that was filled in
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
    /// Where to write the template; - is standard output
    #[arg(
        long,
        value_name = "FILE",
        default_value = "-",
        conflicts_with = "check"
    )]
    csv: PathBuf,
    /// Begin the file with the mark by which Excel knows UTF-8
    #[arg(long, conflicts_with = "check")]
    csv_for_excel: bool,
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
    let folder = Folder::new(common::folder(args.data.as_deref())).service(args.service.clone());
    match &args.check {
        Some(file) => check::check(folder, file),
        None => template(&args, folder),
    }
}

fn template(args: &Args, folder: Folder) -> Result<(), Failure> {
    if args.csv != Path::new("-") {
        forewarn::check_writable(&args.csv).map_err(|e| usage(format!("--csv {e}")))?;
    }
    let panel = with_spinner("reading", || folder.read())?.panel;
    let wanted = args.recipe.as_deref();
    let recipe = common::recipe(
        &args.service,
        wanted.unwrap_or(args.service.default_recipe()),
    )?;
    let authority = panel
        .register()
        .find(args.authority.as_deref().unwrap_or_default());
    let authority = authority.map_err(|e| usage(format!("--authority: {e}")))?;
    let day = args
        .as_of
        .unwrap_or_else(|| common::default_day(args.data.as_deref()));
    let mut text = Vec::new();
    read::template::write(&panel, &recipe, authority, day, &mut text)?;
    let text = String::from_utf8(text)?;
    let mark = if args.csv_for_excel { "\u{feff}" } else { "" };
    match args.csv == Path::new("-") {
        true => put_data(&(mark.to_owned() + &text)),
        false => write(&args.csv, &(mark.to_owned() + &text))?,
    }
    Ok(())
}
