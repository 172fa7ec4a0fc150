//! `verify` and `evaluate`: is the log as it was written, and what came of it?

use std::path::PathBuf;

use forewarn::data::Service;
use forewarn::jiff::civil::Date;
use forewarn::monitor::log::{
    EvaluationParams, Head, Log, Measures, NotForecast, evaluate, not_forecasts,
};
use serde_json::json;

use crate::Json;
use crate::common::{self, Failure, wrapped};
use crate::source::Judged;

#[derive(Debug, clap::Args)]
pub struct Verify {
    /// The log
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// The head that was kept elsewhere
    #[arg(long, value_name = "FILE")]
    head: Option<PathBuf>,
    /// Files read since: entries that are no forecasts are named
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The service of these files
    #[arg(long, value_name = "NAME|FILE", value_parser = common::service, default_value = "childrens_services")]
    service: Service,
    #[command(flatten)]
    json: Json,
}

#[derive(Debug, clap::Args)]
pub struct Evaluate {
    /// The log
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    #[command(flatten)]
    judged: Judged,
    /// Nothing published later is looked at
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    to: Option<Date>,
    #[command(flatten)]
    json: Json,
}

impl Verify {
    pub fn run(&self) -> Result<(), Failure> {
        self.json.begin()?;
        let head: Option<Head> = match &self.head {
            Some(file) => {
                let text = std::fs::read_to_string(file);
                let text = text.map_err(|e| format!("--head {}: {e}", file.display()))?;
                let head = serde_json::from_str(&text);
                Some(head.map_err(|e| format!("--head {}: {e}", file.display()))?)
            }
            None => None,
        };
        let log = Log::new(&self.log);
        let verified = log.verify(head.as_ref())?;
        let no_forecasts = match (&self.data, verified.is_sound()) {
            (Some(data), true) => {
                let loaded = common::read(&self.service, Some(data), None)?;
                Some(not_forecasts(&log.entries()?, &loaded.panel))
            }
            _ => None,
        };
        for fault in &verified.faults {
            say!("! {fault}");
        }
        if verified.torn > 0 {
            say!(
                "The last line is torn ({} bytes): no entry, set aside by the next.",
                verified.torn
            );
        }
        if verified.is_sound() {
            say!(
                "{} entries, each as it was written and in order.",
                verified.entries
            );
            say!("head {}", verified.head.hash);
        }
        if !verified.with_head {
            wrapped("", NO_HEAD);
        }
        if let Some(found) = &no_forecasts {
            print_no_forecasts(found);
        }
        let (sound, faults) = (verified.is_sound(), verified.faults.len());
        self.json
            .finish(&json!({"verified": verified, "no_forecasts": no_forecasts}))?;
        match sound {
            true => Ok(()),
            false => Err(format!("{}: {faults} faults", self.log.display()).into()),
        }
    }
}

const NO_HEAD: &str = "No head was given: a tail that was cut off, or a log that was written anew, \
     cannot be found without the head that was kept elsewhere.";

fn print_no_forecasts(found: &[NotForecast]) {
    let late = found
        .iter()
        .filter(|f| matches!(f, NotForecast::AfterJudgement { .. }));
    let late = late.count();
    say!(
        "No forecasts: {late} scores frozen after the judgement that they would foresee, {} figures \
         used before they were known.",
        found.len() - late
    );
}

impl Evaluate {
    pub fn run(&self) -> Result<(), Failure> {
        self.json.begin()?;
        let entries = Log::new(&self.log).entries()?;
        let loaded = self.judged.read()?;
        let params = EvaluationParams {
            to: self.to.unwrap_or(Date::MAX),
            ..EvaluationParams::default()
        };
        let found = evaluate(&entries, &loaded.panel, params)?;
        if let Some(notice) = common::notice(&loaded.panel) {
            say!("{notice}\n");
        }
        if let Some([first, last]) = found.days {
            say!(
                "{} entries from {first} to {last}, {} of them reconstructed: no forecasts",
                found.entries,
                found.reconstructed
            );
        }
        say!(
            "{} inspections had no score frozen before them; {} organisations not judged since the last",
            found.without_forecast,
            found.not_yet_judged
        );
        if let Some(few) = &found.few {
            say!("{few}");
        }
        say!(
            "\n{:<28} {:>6} {:>6} {:>12} {:>22} {:>22}",
            "",
            "judged",
            "event",
            "caught",
            "C-statistic (95%)",
            "observed/expected"
        );
        line("all", &found.all);
        for (model, measures) in &found.by_model {
            line(model, measures);
        }
        for (group, measures) in &found.by_group {
            line(&format!("{group:?}").to_lowercase(), measures);
        }
        for review in &found.reviews {
            say!(
                "reviewed as {}: {} names, {} judged since, {} with the event, {:.1} expected",
                review.verdict.name(),
                review.given,
                review.judged,
                review.events,
                review.expected
            );
        }
        self.json.finish(&found)
    }
}

fn line(name: &str, m: &Measures) {
    let c = match (m.c, m.c_ci95) {
        (Ok(c), Ok(interval)) => format!("{c:.2} ({:.2}-{:.2})", interval.low, interval.high),
        _ => "-".to_owned(),
    };
    let ratio = m.observed_expected.map_or("-".to_owned(), |o| {
        format!(
            "{:.2} ({:.2}-{:.2})",
            o.ratio, o.interval95.low, o.interval95.high
        )
    });
    let caught = format!("{} of {}", m.caught, m.events);
    say!(
        "{:<28} {:>6} {:>6} {:>12} {c:>22} {ratio:>22}",
        common::label_cut(name, 28),
        m.rows,
        m.events,
        caught
    );
}
