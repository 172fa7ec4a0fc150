//! The watchlist as CSV, and as a link that holds it.

use std::fmt::Write;

use crate::data::Grade;
use crate::error::Result;
use crate::report::input::ReportInput;
use crate::score::Score;
use crate::score::table::{neutral, not_csv};
use crate::validate::Limits;

const HEADER: [&str; 17] = [
    "rank",
    "rank_low",
    "rank_high",
    "authority",
    "name",
    "region",
    "on_watchlist",
    "probability",
    "probability_low",
    "probability_high",
    "share_of_refits_listed",
    "previous_grade",
    "years_since_inspection",
    "reasons",
    "missing",
    // For people to fill in; the page's script does, so they have to stay last.
    "review",
    "review_why",
];

/// One row for each authority scored, by rank, safe to open in a spreadsheet.
pub(super) fn table(input: &ReportInput<'_>) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).map_err(not_csv)?;
    for score in &input.scores.scores {
        writer.write_record(row(input, score)).map_err(not_csv)?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|e| not_csv(e.into_error().into()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn row(input: &ReportInput<'_>, score: &Score) -> [String; HEADER.len()] {
    let number = |value: Option<f64>| value.map_or_else(String::new, |v| format!("{v:.4}"));
    let place = |end: fn(Limits<usize>) -> usize| {
        score
            .places
            .map_or_else(String::new, |p| end(p).to_string())
    };
    let listed = score.listed_in.map(|(times, of)| times as f64 / of as f64);
    let reasons: Vec<String> = score
        .reasons
        .iter()
        .take(3)
        .map(|r| r.words.clone())
        .collect();
    let one_line = |text: &str| neutral(&text.replace(['\r', '\n'], " "));
    [
        score.rank.to_string(),
        place(|p| p.low),
        place(|p| p.high),
        score.authority.to_string(),
        one_line(&score.name),
        one_line(&input.region(score.authority)),
        score.on_watchlist.to_string(),
        number(Some(score.probability)),
        number(Some(score.interval.low)),
        number(Some(score.interval.high)),
        number(listed),
        score.previous_grade.map_or("", Grade::words).to_owned(),
        number(score.years_since_inspection),
        one_line(&reasons.join("; ")),
        one_line(&missing(score).join("; ")),
        String::new(),
        String::new(),
    ]
}

/// A `data:` link of the text: RFC 2397, with everything encoded that is not unreserved or a comma.
pub(super) fn data_link(text: &str) -> String {
    let mut link = "data:text/csv;charset=utf-8,".to_owned();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b',' | b';' => {
                link.push(char::from(byte));
            }
            _ => {
                let _ = write!(link, "%{byte:02X}");
            }
        }
    }
    link
}

/// Figures that are missing, and why.
pub(crate) fn missing(score: &Score) -> Vec<String> {
    let imputed = score.contributions.iter().filter(|c| c.imputed);
    imputed
        .map(|c| match c.missing {
            Some(why) => format!("{} ({why})", c.label),
            None => c.label.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_nothing_that_ends_an_attribute() {
        let link = data_link("a,\"b\" <c>\n'é'");
        assert_eq!(
            link,
            "data:text/csv;charset=utf-8,a,%22b%22%20%3Cc%3E%0A%27%C3%A9%27"
        );
    }
}
