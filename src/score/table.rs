//! Scores as CSV, safe to open in a spreadsheet.

use super::scores::Scores;
use crate::error::{Error, Result};

const HEADER: [&str; 10] = [
    "rank",
    "authority",
    "name",
    "on_watchlist",
    "probability",
    "linear_predictor",
    "previous_grade",
    "years_since_inspection",
    "reasons",
    "notes",
];

impl Scores {
    /// One row for each authority: the scored ones by rank, then the others, whose `notes` say why
    /// they have no score. A cell that a spreadsheet would run as a formula gets an apostrophe
    /// before it.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if the CSV writer fails, which writing to memory does not.
    pub fn to_csv(&self) -> Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(HEADER).map_err(not_csv)?;
        for score in &self.scores {
            let reasons: Vec<String> = score.reasons.iter().map(|r| r.words.clone()).collect();
            let row = [
                score.rank.to_string(),
                score.authority.to_string(),
                neutral(&score.name),
                score.on_watchlist.to_string(),
                score.probability.to_string(),
                score.linear_predictor.to_string(),
                score
                    .previous_grade
                    .map(|g| g.words())
                    .unwrap_or_default()
                    .to_owned(),
                score
                    .years_since_inspection
                    .map(|y| format!("{y:.2}"))
                    .unwrap_or_default(),
                neutral(&reasons.join("; ")),
                neutral(&score.notes.join("; ")),
            ];
            writer.write_record(row).map_err(not_csv)?;
        }
        for refused in &self.not_scored {
            let mut row = [const { String::new() }; HEADER.len()];
            row[1] = refused.authority.to_string();
            row[2] = neutral(&refused.name);
            row[3] = "false".to_owned();
            row[9] = neutral(&format!("not scored: {}", refused.reason));
            writer.write_record(row).map_err(not_csv)?;
        }
        let bytes = writer
            .into_inner()
            .map_err(|e| not_csv(e.into_error().into()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Text that no spreadsheet takes for a formula (OWASP, *CSV injection*).
pub(crate) fn neutral(text: &str) -> String {
    let risky = |c: char| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
        )
    };
    let formula = text.trim_start_matches(' ').starts_with(risky);
    if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

pub(crate) fn not_csv(error: csv::Error) -> Error {
    Error::InvalidValue {
        what: "row of the CSV table",
        found: error.to_string(),
        expected: "text that can be written".to_owned(),
    }
}
