//! `drift`: have the newest releases moved?

use std::path::PathBuf;

use forewarn::jiff::civil::Date;
use forewarn::monitor::drift::{DriftParams, DriftReport, DriftTest};
use forewarn::monitor::log::{Frozen, Log};
use forewarn::validate::Bootstrap;

use crate::Json;
use crate::common::{self, Failure, with_spinner, wrapped};
use crate::source::Source;

#[derive(Debug, clap::Args)]
pub struct Drift {
    #[command(flatten)]
    source: Source,
    /// The day [default: today; 2024-06-01 for the demo]
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    as_of: Option<Date>,
    /// Every 1 December from this year on: after the autumn's releases
    #[arg(long, value_name = "YEAR", conflicts_with = "as_of")]
    from: Option<i16>,
    /// A log: the scores of its last two days are tested as well
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// Draws of each null
    #[arg(long, value_name = "N", default_value_t = 1999)]
    draws: usize,
    /// Share of days on which anything may be named where nothing moved
    #[arg(long, value_name = "P", default_value_t = 0.05)]
    level: f64,
    #[command(flatten)]
    json: Json,
}

impl Drift {
    pub fn run(&self) -> Result<(), Failure> {
        self.json.begin()?;
        let loaded = self.source.read()?;
        let last = common::default_day(self.source.data.as_deref());
        let days: Vec<Date> = match self.from {
            Some(first) => {
                let all = (first..=last.year()).filter_map(|year| Date::new(year, 12, 1).ok());
                all.filter(|day| *day <= last).collect()
            }
            None => vec![self.as_of.unwrap_or(last)],
        };
        let entries = match &self.log {
            Some(log) => Log::new(log).entries()?,
            None => Vec::new(),
        };
        let frozen: Vec<&Frozen> = entries.iter().filter_map(|e| e.scores()).collect();
        let scores = match frozen.as_slice() {
            [.., before, after] => Some([*before, *after]),
            _ => None,
        };
        let params = DriftParams {
            draws: Bootstrap::new(self.draws, 1),
            level: self.level,
        };
        let (recipe, outcome) = (self.source.recipe()?, self.source.outcome()?);
        let run = |day: &Date| {
            let known = loaded.panel.as_of(*day);
            params.run(known, &recipe, outcome, &loaded.calendar, scores)
        };
        let found: Vec<DriftReport> = with_spinner("testing", || {
            days.iter().map(run).collect::<forewarn::Result<_>>()
        })?;
        if let Some(notice) = common::notice(&loaded.panel) {
            say!("{notice}\n");
        }
        found.iter().for_each(print);
        self.json.finish(&found)
    }
}

fn print(report: &DriftReport) {
    let moved = report.checks.iter().filter(|check| check.moved).count();
    say!(
        "As of {}: {moved} of {} tests moved (Holm, {:.0}% of days where nothing did)",
        report.as_of,
        report.checks.len(),
        100.0 * report.level
    );
    for check in &report.checks {
        let test = match check.test {
            DriftTest::Distribution => "distribution (index)",
            DriftTest::Level => "level (signed ranks)",
            DriftTest::Missing => "missing (more)",
            DriftTest::Order => "order (rank correlation lost)",
            DriftTest::Rate => "rate of events",
            _ => "other",
        };
        say!(
            "  {} {:<26} {:<30} {:>9.3}  p {:.4}, adjusted {:.4}  n {}  {} to {}",
            if check.moved { "!" } else { " " },
            common::label_cut(&check.subject, 26),
            test,
            check.statistic,
            check.p,
            check.p_adjusted,
            check.n,
            check.periods[0],
            check.periods[1]
        );
    }
    for change in &report.definition_changes {
        wrapped("  looks like another definition: ", change);
    }
    for beyond in &report.beyond_calendar {
        wrapped("  beyond the calendar: ", beyond);
    }
}
