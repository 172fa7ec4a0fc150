//! A model for any numeric table, and how far to trust it. Try `--help`.

#[path = "../common/mod.rs"]
#[macro_use]
mod common;

mod analysis;
mod args;
mod cell;
mod drawing;
mod rank;
mod table;
mod words;

use std::process::ExitCode;

use analysis::Report;
use args::{Args, Family};
use clap::Parser;
use common::{Failure, label_cut, wrapped};
use table::Table;

fn main() -> ExitCode {
    common::exit_code(run())
}

fn run() -> Result<(), Failure> {
    let args = Args::parse();
    if args.output.shells.printed::<Args>() {
        return Ok(());
    }
    args.check()?;
    let mut table = Table::new(&args)?;
    if args.standardise {
        table.standardise();
    }
    let report = analysis::analyse(&args, &table)?;
    for note in &table.notes {
        say!("{note}");
    }
    print(&args, &report);
    drawing::draw(&args, &table, &report)?;
    args.output.finish(
        || Ok(serde_json::to_string_pretty(&report)?),
        || report.to_csv(),
        &[],
    )
}

/// Five decimals, or as many significant digits where those would show none.
fn digits(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        small if small < 1e-3 => format!("{value:.4e}"),
        large if large >= 1e5 => format!("{value:.4e}"),
        _ => format!("{value:.5}"),
    }
}

fn print(args: &Args, report: &Report) {
    let events = report
        .events
        .map_or(String::new(), |events| format!(", {events} events"));
    say!("{} on {} rows{events}", report.family, report.n);
    say!(
        "converged, gradient {:.0e}, {} iterations, {} step halvings, condition number {:.1}",
        report.gradient_norm,
        report.iterations,
        report.step_halvings,
        report.condition_number
    );
    let penalised = report.penalised_log_likelihood;
    let penalised = penalised.map_or(String::new(), |l| format!(", penalised {l:.4}"));
    say!("log-likelihood {:.4}{penalised}", report.log_likelihood);
    if let Some(epp) = report.events_per_parameter {
        say!("{epp:.1} events for each parameter");
    }
    if let Some(effective) = report.effective_parameters {
        let free = match report.thresholds.is_empty() {
            true => "the intercept's",
            false => "the thresholds'",
        };
        say!("{effective:.1} effective degrees of freedom, {free} among them");
    }
    if let Some(shrinkage) = report.expected_shrinkage {
        say!(
            "{shrinkage:.2} calibration slope to expect on new rows (Riley et al. 2020): 1 is best"
        );
    }
    let (interval, statistic) = if args.profile().is_some() {
        ("profile", "chi-sq")
    } else {
        ("wald", "z")
    };
    let percent = format!("{:.0}% {interval}", 100.0 * args.level);
    say!(
        "\n{:<30} {:>11} {:>10} {:>23} {statistic:>9} {:>9}",
        "",
        "estimate",
        "std error",
        percent,
        "p"
    );
    for row in &report.coefficients {
        say!(
            "{:<30} {:>11} {:>10} {:>11} {:>11} {:>9.3} {:>9}",
            label_cut(&row.name, 30),
            digits(row.estimate),
            digits(row.se),
            digits(row.ci_low),
            digits(row.ci_high),
            row.statistic,
            if row.p < 1e-4 {
                "<0.0001".to_owned()
            } else {
                format!("{:.4}", row.p)
            },
        );
    }
    if args.family == Family::Flic && args.profile().is_some() {
        say!("The intercept of FLIC is the maximum of no likelihood: its interval is Wald's.");
    }
    if !report.wald.is_empty() {
        let names = report.wald.join(", ");
        say!("No limit of the profile likelihood was found, so that these have Wald's: {names}");
    }
    if !report.thresholds.is_empty() {
        let all: Vec<String> = report
            .thresholds
            .iter()
            .map(|t| format!("{t:.5}"))
            .collect();
        wrapped("thresholds: ", &all.join(", "));
    }
    say!("\nMeasures on these rows, which flatter the model:");
    for (name, value) in words::measures(&report.metrics) {
        wrapped(&format!("  {name:<36} "), &value);
    }
    if let Some(failed) = &report.failed_resamples {
        wrapped("  ! ", failed);
    }
    for warning in &report.warnings {
        wrapped("  ! ", &words::warning(warning));
    }
    say!("\nEstimates are associations, not causes.");
}
