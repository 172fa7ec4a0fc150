//! The watchlist as CSV, and as a link that holds it.

use std::fmt::Write;

use crate::error::Result;
use crate::score::Scores;

/// For people to fill in; the page's script does, so they stand last.
const REVIEW: [&str; 2] = ["review", "review_why"];

/// The table of scores with columns for a review.
pub(super) fn table(scores: &Scores) -> Result<String> {
    scores.to_csv_with(&REVIEW)
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
