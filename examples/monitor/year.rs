//! `year`: one page about the last year of a log.

use std::collections::BTreeMap;
use std::path::PathBuf;

use forewarn::jiff::Span;
use forewarn::monitor::alert::{AlertState, Rule, raise};
use forewarn::monitor::compare::{Difference, compare_frozen};
use forewarn::monitor::log::{Entry, EvaluationParams, Frozen, Log, evaluate};
use serde_json::json;

use crate::Json;
use crate::common::{self, Failure, usage, wrapped};
use crate::source::Judged;

#[derive(Debug, clap::Args)]
pub struct Year {
    /// The log
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    #[command(flatten)]
    judged: Judged,
    #[command(flatten)]
    json: Json,
}

impl Year {
    pub fn run(&self) -> Result<(), Failure> {
        self.json.begin()?;
        let entries = Log::new(&self.log).entries()?;
        let newest = entries.iter().filter_map(Entry::scores).map(|f| f.as_of);
        let newest = newest
            .max()
            .ok_or_else(|| usage("--log: no scores in it"))?;
        let since = newest.saturating_sub(Span::new().years(1));
        let kept = entries.into_iter().filter(|entry| {
            let day = entry.scores().map(|frozen| frozen.as_of);
            day.or(entry.review().map(|review| review.as_of)) >= Some(since)
        });
        let entries: Vec<Entry> = kept.collect();
        let mut days: Vec<&Frozen> = entries.iter().filter_map(Entry::scores).collect();
        days.sort_by_key(|frozen| frozen.as_of);
        let loaded = self.judged.read()?;
        let (first, last) = (days[0], days[days.len() - 1]);
        let found = evaluate(&entries, &loaded.panel, EvaluationParams::default())?;
        let moved = compare_frozen(first, last)?;
        let rules = Rule::usual();
        let mut state = AlertState::default();
        // What stood on the first day was raised before.
        raise(&rules, &mut state, &[], first);
        let alerts =
            (1..days.len()).flat_map(|at| raise(&rules, &mut state, &days[..at], days[at]));
        let mut by_rule: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for alert in alerts {
            by_rule.entry(alert.rule).or_default().push(alert.name);
        }

        if let Some(notice) = common::notice(&loaded.panel) {
            say!("{notice}\n");
        }
        say!(
            "In use from {} to {}: {} lists of {}",
            first.as_of,
            last.as_of,
            days.len(),
            last.capacity
        );
        if found.reconstructed > 0 {
            say!(
                "{} of them reconstructed afterwards: no forecasts",
                found.reconstructed
            );
        }
        let names = |of: fn(&Difference) -> bool| {
            let names = moved.organisations.iter().filter(|d| of(d));
            let names: Vec<&str> = names.map(|d| d.name.as_str()).collect();
            if names.is_empty() {
                "nobody".to_owned()
            } else {
                names.join(", ")
            }
        };
        wrapped("came onto the list: ", &names(Difference::came));
        wrapped("went from the list: ", &names(Difference::went));
        say!("\nAlerts raised since the first day:");
        for (rule, names) in &by_rule {
            wrapped(&format!("  {rule} ({}): ", names.len()), &names.join(", "));
        }
        let all = &found.all;
        say!(
            "\nJudged since: {}, {} with the event",
            all.rows,
            all.events
        );
        say!("  on the list before: {} of {}", all.caught, all.events);
        if let Ok(ratio) = all.observed_expected {
            say!(
                "  observed over expected: {:.2} (95%: {:.2} to {:.2})",
                ratio.ratio,
                ratio.interval95.low,
                ratio.interval95.high
            );
        }
        if let (Ok(c), Ok(interval)) = (all.c, all.c_ci95) {
            say!(
                "  C-statistic: {c:.2} (95%: {:.2} to {:.2})",
                interval.low,
                interval.high
            );
        }
        if let Some(few) = &found.few {
            say!("  {few}");
        }
        say!("  not judged since the last list: {}", found.not_yet_judged);
        self.json
            .finish(&json!({"evaluation": found, "comparison": moved, "alerts": by_rule}))
    }
}
