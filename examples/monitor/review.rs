//! `review`: a form for opinions of a list, and filled forms into the log.

use std::path::{Path, PathBuf};

use forewarn::jiff::Timestamp;
use forewarn::jiff::civil::Date;
use forewarn::monitor::log::{Content, Log};
use forewarn::monitor::review::{Opinion, Review, Verdict};

use crate::Json;
use crate::common::{self, Failure, usage, write};

#[derive(Debug, clap::Args)]
pub struct ReviewArgs {
    /// The log
    #[arg(long, value_name = "FILE")]
    log: PathBuf,
    /// The day of the list for which a form is written [default: the last of the log]
    #[arg(long, value_name = "DATE", value_parser = common::date)]
    as_of: Option<Date>,
    /// Where to write the form; - is standard output
    #[arg(
        long,
        value_name = "FILE",
        default_value = "-",
        conflicts_with = "take"
    )]
    form: PathBuf,
    /// A filled form, as CSV or JSON: its opinions become the next entries of the log
    #[arg(long, value_name = "FILE")]
    take: Option<PathBuf>,
    #[command(flatten)]
    json: Json,
}

impl ReviewArgs {
    pub fn run(&self) -> Result<(), Failure> {
        self.json.begin()?;
        let log = Log::new(&self.log);
        let entries = log.entries()?;
        if let Some(file) = &self.take {
            let text = std::fs::read_to_string(file)
                .map_err(|e| usage(format!("--take {}: {e}", file.display())))?;
            let reviews = match file.extension().is_some_and(|end| end == "json") {
                true => Review::read_json(file, &text)?,
                false => Review::read(file, text.as_bytes())?,
            };
            for review in &reviews {
                let day = review.as_of;
                if !entries
                    .iter()
                    .filter_map(|e| e.scores())
                    .any(|s| s.as_of == day)
                {
                    return Err(format!("{}: no list of {day} in the log", file.display()).into());
                }
            }
            let opinions: usize = reviews.iter().map(|review| review.opinions.len()).sum();
            for review in &reviews {
                log.append(Content::Review(review.clone()), Timestamp::now(), false)?;
            }
            say!("{opinions} opinions taken into {}", self.log.display());
            return self.json.finish(&reviews);
        }
        let mut lists = entries.iter().rev().filter_map(|entry| entry.scores());
        let list = lists.find(|frozen| self.as_of.is_none_or(|day| frozen.as_of == day));
        let list = list.ok_or_else(|| usage("--as-of: no list of this day in the log"))?;
        let listed = list.scores.iter().filter(|score| score.on_watchlist);
        let form = Review {
            as_of: list.as_of,
            opinions: listed
                .map(|score| Opinion {
                    organisation: score.organisation,
                    verdict: Verdict::DontKnow,
                    why: String::new(),
                    role: String::new(),
                    reviewed_on: common::today().max(list.as_of),
                })
                .collect(),
        };
        let mut text = Vec::new();
        form.write(&mut text)?;
        let text = String::from_utf8(text)?;
        match self.json.json.as_deref() {
            Some(file) if file == Path::new("-") => {}
            _ => write(&self.form, &text)?,
        }
        self.json.finish(&form)
    }
}
