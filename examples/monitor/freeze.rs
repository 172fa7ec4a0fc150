//! `freeze` and `replay`: scores into a log.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use forewarn::data::Panel;
use forewarn::jiff::civil::Date;
use forewarn::jiff::{Span, Timestamp};
use forewarn::model::InputFile;
use forewarn::monitor::log::{Content, Frozen, Head, Log};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use crate::Json;
use crate::common::{self, Failure, usage, with_spinner, write};
use crate::source::Source;

/// Where entries go.
#[derive(Debug, clap::Args)]
pub struct Into {
    /// The log
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// Write the head there: kept elsewhere, it finds a cut tail and a rewrite
    #[arg(long, value_name = "FILE")]
    head: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub struct Freeze {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    into: Into,
    /// The day [default: today; 2024-06-01 for the demo]
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    as_of: Option<Date>,
    #[command(flatten)]
    json: Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Every {
    Month,
    Quarter,
}

#[derive(Debug, clap::Args)]
pub struct Replay {
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    into: Into,
    /// The first day
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    from: Date,
    /// The last day [default: today; 2024-06-01 for the demo]
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    to: Option<Date>,
    /// How often
    #[arg(long, value_enum, default_value = "quarter")]
    every: Every,
    #[command(flatten)]
    json: Json,
}

impl Into {
    fn begin(&self) -> Result<(), Failure> {
        let files = [("--log", Some(&self.log)), ("--head", self.head.as_ref())];
        for (option, file) in files {
            let checked = file.map_or(Ok(()), forewarn::check_writable);
            checked.map_err(|e| usage(format!("{option} {e}")))?;
        }
        match self.head.as_deref() == Some(&self.log) {
            true => Err(usage("--log and --head name one file")),
            false => Ok(()),
        }
    }

    fn keep(&self, head: &Head) -> Result<(), Failure> {
        match &self.head {
            Some(file) => write(file, &(serde_json::to_string(head)? + "\n")),
            None => Ok(()),
        }
    }
}

fn one(
    source: &Source,
    (panel, inputs): (&Panel, &[InputFile]),
    log: &Path,
    as_of: Date,
    reconstructed: bool,
) -> Result<(Frozen, Head), Failure> {
    let model = source.learn(panel, as_of)?.with_inputs(inputs.to_vec());
    let scores = model.score_with(panel, as_of, source.score())?;
    let frozen = Frozen::new(&model, panel, &scores)?;
    let content = Content::Scores(Box::new(frozen.clone()));
    let head = Log::new(log).append(content, Timestamp::now(), reconstructed)?;
    Ok((frozen, head))
}

impl Freeze {
    pub fn run(&self) -> Result<(), Failure> {
        self.json.begin()?;
        self.into.begin()?;
        let today = common::today();
        let as_of = self
            .as_of
            .unwrap_or_else(|| common::default_day(self.source.data.as_deref()));
        if as_of > today {
            return Err(usage(format!("--as-of {as_of}: after today, {today}")));
        }
        let loaded = self.source.read()?;
        let inputs = loaded.report.inputs();
        let (frozen, head) = with_spinner("freezing", || {
            let log = &self.into.log;
            one(&self.source, (&loaded.panel, &inputs), log, as_of, false)
        })
        .map_err(|error| common::with_refusals(error, &loaded.report))?;
        self.into.keep(&head)?;
        if let Some(notice) = common::notice(&loaded.panel) {
            say!("{notice}\n");
        }
        say!(
            "Frozen as entry {} of {}: {} scores as of {}, {} not scored, {} on the list.",
            head.count,
            self.into.log.display(),
            frozen.scores.len(),
            as_of,
            frozen.not_scored.len(),
            frozen.scores.iter().filter(|s| s.on_watchlist).count()
        );
        say!("head {}", head.hash);
        self.json.finish(&head)
    }
}

impl Replay {
    fn days(&self) -> Vec<Date> {
        let last = self
            .to
            .unwrap_or_else(|| common::default_day(self.source.data.as_deref()));
        let months = match self.every {
            Every::Month => 1,
            Every::Quarter => 3,
        };
        let day = |step: i64| self.from.saturating_add(Span::new().months(step * months));
        (0..).map(day).take_while(|day| *day <= last).collect()
    }

    pub fn run(&self) -> Result<(), Failure> {
        self.json.begin()?;
        self.into.begin()?;
        let loaded = self.source.read()?;
        let inputs = loaded.report.inputs();
        let days = self.days();
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} days {elapsed}")?;
        let bar = ProgressBar::new(days.len() as u64).with_style(style);
        let (mut last, mut too_early) = (Head::empty(), Vec::new());
        for day in &days {
            // What was published later is not there to be looked at.
            let known = loaded.panel.known_by(*day);
            match one(&self.source, (&known, &inputs), &self.into.log, *day, true) {
                Ok((_, head)) => last = head,
                Err(error) if leaves_no_model(&error) => too_early.push(*day),
                Err(other) => return Err(other),
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        self.into.keep(&last)?;
        if let Some(notice) = common::notice(&loaded.panel) {
            say!("{notice}\n");
        }
        say!(
            "Reconstructed {} days into {}: no forecasts, since what came is known by now.",
            days.len() - too_early.len(),
            self.into.log.display()
        );
        if !too_early.is_empty() {
            say!(
                "{} days without enough judgements to learn from",
                too_early.len()
            );
        }
        self.json
            .finish(&json!({"head": last, "without_model": too_early}))
    }
}

fn leaves_no_model(error: &Failure) -> bool {
    let known = error.downcast_ref::<forewarn::Error>();
    known.is_some_and(|error| {
        error.leaves_no_model() || matches!(error, forewarn::Error::NothingToTrainOn { .. })
    })
}
