//! `alerts`: rules put to the entries of a log.

use std::path::PathBuf;

use forewarn::data::Service;
use forewarn::jiff::civil::Date;
use forewarn::monitor::alert::{Alert, AlertState, RecordParams, Rule, RuleRecord, raise, records};
use forewarn::monitor::log::{Frozen, Log};
use serde_json::json;

use crate::Json;
use crate::common::{self, Failure, usage, write};

#[derive(Debug, clap::Args)]
pub struct Alerts {
    /// The log
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// Rules as JSON [default: usual ones; --print-rules shows them]
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// What was raised before: read, and written again
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Print the rules as JSON, and end
    #[arg(long)]
    print_rules: bool,
    /// What followed the alerts of all days of the log: for each rule and a range of its thresholds
    #[arg(long)]
    record: bool,
    /// Folder with the judgements that came, for --record [default: simulated data]
    #[arg(long, value_name = "DIR", requires = "record")]
    data: Option<PathBuf>,
    /// The service of these files
    #[arg(long, value_name = "NAME|FILE", value_parser = common::service, default_value = "childrens_services")]
    service: Service,
    /// Months within which the event has to follow
    #[arg(long, value_name = "N", default_value_t = 24)]
    horizon: u16,
    /// Nothing published later is looked at [default: the last judgement]
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    to: Option<Date>,
    #[command(flatten)]
    json: Json,
}

/// How thresholds are varied.
const FACTORS: [f64; 4] = [0.5, 0.75, 1.25, 1.5];

impl Alerts {
    pub fn run(&self, raised: &mut bool) -> Result<(), Failure> {
        self.json.begin()?;
        let rules = match &self.rules {
            Some(file) => {
                let text = std::fs::read_to_string(file);
                let text = text.map_err(|e| usage(format!("--rules {}: {e}", file.display())))?;
                Rule::read(&text).map_err(|e| usage(format!("--rules {}: {e}", file.display())))?
            }
            None => Rule::usual(),
        };
        if self.print_rules {
            say!("{}", serde_json::to_string_pretty(&rules)?);
            return Ok(());
        }
        let entries = Log::new(&self.log).entries()?;
        let mut days: Vec<&Frozen> = entries.iter().filter_map(|e| e.scores()).collect();
        days.sort_by_key(|frozen| frozen.as_of);
        if self.record {
            return self.record(&rules, &days);
        }
        let mut state: AlertState = match &self.state {
            Some(file) if file.is_file() => {
                let text = std::fs::read_to_string(file)?;
                serde_json::from_str(&text)
                    .map_err(|e| format!("--state {}: {e}", file.display()))?
            }
            _ => AlertState::default(),
        };
        let alerts: Vec<Alert> = (0..days.len())
            .flat_map(|at| raise(&rules, &mut state, &days[..at], days[at]))
            .collect();
        if let Some(file) = &self.state {
            write(file, &(serde_json::to_string_pretty(&state)? + "\n"))?;
        }
        if days.iter().any(|frozen| frozen.simulated) {
            say!("SIMULATED DATA: every authority, figure and judgement below is invented.\n");
        }
        for alert in &alerts {
            say!(
                "{} {:<18} {:<28} {} (risk {:.0}%, place {})",
                alert.on,
                common::label_cut(&alert.rule, 18),
                common::label_cut(&alert.name, 28),
                alert.detail,
                100.0 * alert.probability,
                alert.rank
            );
        }
        say!(
            "{} alerts raised, {} standing",
            alerts.len(),
            state.active.len()
        );
        *raised = !alerts.is_empty();
        self.json.finish(&json!({"alerts": alerts, "state": state}))
    }

    fn record(&self, rules: &[Rule], days: &[&Frozen]) -> Result<(), Failure> {
        let loaded = common::read(&self.service, self.data.as_deref(), None)?;
        let judged = loaded.panel.last_judgement();
        let params = RecordParams {
            horizon_months: self.horizon,
            to: self.to.or(judged).unwrap_or(Date::MAX),
        };
        let mut all: Vec<Rule> = Vec::new();
        for rule in rules {
            all.push(rule.clone());
            let varied = FACTORS.iter().filter(|_| rule.has_threshold());
            all.extend(varied.map(|factor| rule.scaled(*factor)));
        }
        let found = records(&all, days, &loaded.panel, params);
        if let Some(notice) = common::notice(&loaded.panel) {
            say!("{notice}\n");
        }
        say!(
            "What followed within {} months, by {}; a range of thresholds, none of them chosen",
            self.horizon,
            params.to
        );
        say!(
            "{:<52} {:>6} {:>14} {:>12} {:>15} {:>12}",
            "",
            "alerts",
            "a year (95%)",
            "came true",
            "months before",
            "without one"
        );
        found.iter().for_each(line);
        self.json.finish(&found)
    }
}

fn line(record: &RuleRecord) {
    let [low, high] = record.per_year_ci95;
    let months = record
        .months_before
        .map_or("-".to_owned(), |[low, middle, high]| {
            format!("{middle:.0} ({low:.0}-{high:.0})")
        });
    say!(
        "{:<52} {:>6} {:>14} {:>12} {months:>15} {:>12}",
        common::label_cut(&record.rule.trigger.words(), 52),
        record.alerts,
        format!("{:.1} ({low:.1}-{high:.1})", record.per_year),
        format!("{} of {}", record.followed, record.decided),
        format!("{} of {}", record.without, record.events)
    );
}
