//! `compare`: who moved, by what, and what comes next.

use std::path::PathBuf;

use forewarn::jiff::civil::Date;
use forewarn::model::Family;
use forewarn::monitor::compare::{
    Cause, Comparison, Difference, Side, compare, compare_frozen, known_next,
};
use forewarn::monitor::log::{Frozen, Log};
use serde_json::json;

use crate::Json;
use crate::common::{self, Failure, usage, with_spinner, wrapped};
use crate::source::Source;

#[derive(Debug, clap::Args)]
pub struct Compare {
    #[command(flatten)]
    source: Source,
    /// The first day
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    from: Date,
    /// The second day
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    to: Date,
    /// Compare the entries of a log instead of scoring anew
    #[arg(long, value_name = "FILE", conflicts_with_all = ["own", "to_recipe", "to_model"])]
    log: Option<PathBuf>,
    /// The recipe of the second side [default: that of the first]
    #[arg(long, value_name = "NAME|FILE")]
    to_recipe: Option<String>,
    /// The model of the second side [default: that of the first]
    #[arg(long, value_name = "NAME", value_parser = common::families())]
    to_model: Option<Family>,
    /// Own figures that the second side has beside the published ones
    #[arg(long, value_name = "FILE")]
    own: Option<PathBuf>,
    /// Organisations shown
    #[arg(long, value_name = "N", default_value_t = 10)]
    show: usize,
    #[command(flatten)]
    json: Json,
}

impl Compare {
    pub fn run(&self) -> Result<(), Failure> {
        self.json.begin()?;
        if self.to < self.from {
            return Err(usage(format!(
                "--to {}: before --from {}",
                self.to, self.from
            )));
        }
        let loaded = self.source.read()?;
        let found = match &self.log {
            Some(log) => self.of_log(&Log::new(log))?,
            None => {
                let own = self.own.as_deref();
                let data = self.source.data.as_deref();
                let second = match own {
                    Some(_) => common::read(&self.source.service, data, own)?,
                    None => loaded.clone(),
                };
                with_spinner("comparing", || self.of_days([&loaded.panel, &second.panel]))?
            }
        };
        if let Some(notice) = common::notice(&loaded.panel) {
            say!("{notice}\n");
        }
        print(&found, self.show);
        let recipe = self.source.recipe()?;
        let catalogue = loaded.panel.catalogue();
        let next = known_next(&recipe, catalogue, &loaded.calendar, self.to)?;
        say!("\nKnown next after {}:", self.to);
        for expected in &next {
            say!(
                "  {} {} (period to {}, {})",
                expected.on,
                expected.series.name(),
                expected.period_end,
                expected.basis.name()
            );
        }
        self.json
            .finish(&json!({"comparison": found, "known_next": next}))
    }

    fn of_log(&self, log: &Log) -> Result<Comparison, Failure> {
        let entries = log.entries()?;
        let on = |option: &str, day: Date| -> Result<&Frozen, Failure> {
            let mut frozen = entries.iter().rev().filter_map(|entry| entry.scores());
            frozen
                .find(|frozen| frozen.as_of == day)
                .ok_or_else(|| usage(format!("{option} {day}: no entry of this day in the log")))
        };
        Ok(compare_frozen(
            on("--from", self.from)?,
            on("--to", self.to)?,
        )?)
    }

    fn of_days(&self, panels: [&forewarn::data::Panel; 2]) -> Result<Comparison, Failure> {
        let first = self.source.learn(panels[0], self.from)?;
        let recipe = match &self.to_recipe {
            Some(name) => common::recipe(&self.source.service, name)?,
            None => self.source.recipe()?,
        };
        let family = self.to_model.map_or_else(|| self.source.family(), Ok)?;
        let second = self
            .source
            .learn_with(panels[1], self.to, &recipe, family)?;
        let side = |panel, model, as_of| Side {
            panel,
            model,
            as_of,
        };
        Ok(compare(
            side(panels[0], &first, self.from),
            side(panels[1], &second, self.to),
            self.source.score(),
        )?)
    }
}

fn print(found: &Comparison, show: usize) {
    say!("From {} to {}", found.from, found.to);
    let names = |of: fn(&Difference) -> bool| {
        let names = found.organisations.iter().filter(|d| of(d));
        let names: Vec<&str> = names.map(|d| d.name.as_str()).collect();
        match names.is_empty() {
            true => "nobody".to_owned(),
            false => names.join(", "),
        }
    };
    wrapped("came onto the list: ", &names(Difference::came));
    wrapped("went from the list: ", &names(Difference::went));
    let beyond = names(|d| d.beyond_noise == Some(true));
    wrapped("moved beyond re-fit noise: ", &beyond);
    if !found.exact {
        wrapped(
            "",
            "The entries have different models: where a figure changed, its part holds what tuning did \
             to it.",
        );
    }
    say!(
        "\n{:<30} {:>13} {:>7} {:>8} {:>8} {:>8} {:>8}",
        "log-odds",
        "risk",
        "moved",
        "figures",
        "judged",
        "revised",
        "tuning"
    );
    for of in found.organisations.iter().take(show) {
        let risk = |stood: Option<forewarn::monitor::compare::Stood>| {
            stood.map_or("-".to_owned(), |s| format!("{:.0}%", 100.0 * s.probability))
        };
        let split = of.log_odds;
        say!(
            "{:<30} {:>13} {:>+7.2} {:>+8.2} {:>+8.2} {:>+8.2} {:>+8.2}",
            common::label_cut(&of.name, 30),
            format!("{} to {}", risk(of.before), risk(of.after)),
            split.total,
            split.new_figures,
            split.new_judgements,
            split.revised_figures,
            split.tuning
        );
        let shown = of.features.iter().filter(|f| f.log_odds.abs() > 0.005);
        for feature in shown.take(3) {
            let value = |v: Option<f64>| v.map_or("none".to_owned(), |v| format!("{v:.3}"));
            let known = feature.known_from.map(|day| format!(", known {day}"));
            let cause = match feature.cause {
                Cause::NewFigure => "new figure",
                Cause::NewJudgement => "new judgement",
                Cause::Revised => "revised",
            };
            say!(
                "    {:+.2} {}: {} to {} ({cause}{})",
                feature.log_odds,
                feature.feature,
                value(feature.before.0),
                value(feature.after.0),
                known.unwrap_or_default()
            );
        }
    }
}
