//! Scores as CSV, safe to open in a spreadsheet.

use crate::data::Grade;
use crate::error::Result;
use crate::score::{Contribution, NotScored, Score, Scores};
use crate::spreadsheet::{neutral, not_csv};
use crate::validate::Limits;

const HEADER: [&str; 17] = [
    "rank",
    "rank_low",
    "rank_high",
    "organisation",
    "name",
    "region",
    "on_watchlist",
    "probability",
    "probability_low",
    "probability_high",
    "linear_predictor",
    "share_of_refits_listed",
    "previous_grade",
    "years_since_inspection",
    "reasons",
    "missing",
    "notes",
];

impl Scores {
    /// One row for each organisation: the scored ones by rank, then the others, whose `notes` say why
    /// they have no score. A cell that a spreadsheet would run as a formula gets an apostrophe
    /// before it.
    ///
    /// # Errors
    /// [`Error::InvalidValue`](crate::Error::InvalidValue) if the CSV writer fails, which writing to memory does not.
    pub fn to_csv(&self) -> Result<String> {
        self.to_csv_with(&[])
    }

    /// The same with empty columns at its end, for people to fill in.
    pub(crate) fn to_csv_with(&self, blank: &[&str]) -> Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let mut write = |row: Vec<String>| writer.write_record(row).map_err(not_csv);
        let header = HEADER.iter().chain(blank).map(|name| (*name).to_owned());
        write(header.collect())?;
        let scored = self.scores.iter().map(scored);
        for mut row in scored.chain(self.not_scored.iter().map(not_scored)) {
            row.resize(HEADER.len() + blank.len(), String::new());
            write(row)?;
        }
        let bytes = writer
            .into_inner()
            .map_err(|e| not_csv(e.into_error().into()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn scored(score: &Score) -> Vec<String> {
    let number = |value: Option<f64>| value.map_or_else(String::new, |v| format!("{v:.4}"));
    let place = |end: fn(Limits<usize>) -> usize| {
        score
            .places
            .map_or_else(String::new, |p| end(p).to_string())
    };
    let listed = score.listed_in.map(|(times, of)| times as f64 / of as f64);
    let years = score.years_since_inspection;
    vec![
        score.rank.to_string(),
        place(|p| p.low),
        place(|p| p.high),
        score.organisation.to_string(),
        cell(&score.name),
        cell(&score.region),
        score.on_watchlist.to_string(),
        score.probability.to_string(),
        number(Some(score.interval.low)),
        number(Some(score.interval.high)),
        score.linear_predictor.to_string(),
        number(listed),
        cell(score.previous_grade.map_or("", Grade::words)),
        years.map_or_else(String::new, |y| format!("{y:.2}")),
        list(score.reasons.iter().map(|reason| reason.reason())),
        list(missing(score).into_iter()),
        list(score.notes.iter().map(ToString::to_string)),
    ]
}

fn not_scored(refused: &NotScored) -> Vec<String> {
    let mut row = vec![String::new(); HEADER.len()];
    let mut set = |column: &str, text: String| {
        let at = HEADER.iter().position(|name| *name == column);
        at.map(|at| row[at] = text)
    };
    set("organisation", refused.organisation.to_string());
    set("name", cell(&refused.name));
    set("region", cell(&refused.region));
    set("on_watchlist", "false".to_owned());
    set("notes", cell(&format!("not scored: {}", refused.reason())));
    row
}

/// Figures that are missing, and why.
pub(crate) fn missing(score: &Score) -> Vec<String> {
    let imputed = score.contributions.iter().filter(|c| c.imputed);
    let words = |c: &Contribution| match c.missing {
        Some(why) => format!("{} ({why})", c.label),
        None => c.label.clone(),
    };
    imputed.map(words).collect()
}

fn list(texts: impl Iterator<Item = String>) -> String {
    cell(&texts.collect::<Vec<_>>().join("; "))
}

/// One line that no spreadsheet runs.
fn cell(text: &str) -> String {
    neutral(&text.replace(['\r', '\n'], " "))
}
