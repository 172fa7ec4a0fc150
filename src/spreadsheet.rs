//! Cells of a CSV table that are safe to open in a spreadsheet.

use crate::error::Error;

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
