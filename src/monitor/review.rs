//! What people think of a list: kept in the log, and judged beside the model. It holds the role of
//! whoever reviewed and no name, and needs none.
//!
//! ```text
//! as_of,organisation,verdict,why,role,reviewed_on
//! 2024-06-01,301,agree,known from visits,regional lead,2024-06-10
//! 2024-06-01,302,disagree,new director since May,regional lead,2024-06-10
//! ```

use std::io::{Read, Write};
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::OrganisationCode;
use crate::error::{Error, Result};

/// What people think of the list of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The day of the list.
    pub as_of: Date,
    /// What was thought of each name.
    pub opinions: Vec<Opinion>,
}

/// What somebody thinks of one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opinion {
    /// The organisation.
    pub organisation: OrganisationCode,
    /// Whether it belongs on the list.
    pub verdict: Verdict,
    /// Why.
    pub why: String,
    /// The role of whoever reviewed.
    pub role: String,
    /// When.
    pub reviewed_on: Date,
}

/// Whether a name belongs on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It does.
    Agree,
    /// It does not.
    Disagree,
    /// Nobody can say.
    DontKnow,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Verdict; 3] = [Verdict::Agree, Verdict::Disagree, Verdict::DontKnow];

    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Agree => "agree",
            Verdict::Disagree => "disagree",
            Verdict::DontKnow => "dont_know",
        }
    }
}

/// The columns of a review.
pub const COLUMNS: [&str; 6] = [
    "as_of",
    "organisation",
    "verdict",
    "why",
    "role",
    "reviewed_on",
];

#[derive(Deserialize)]
struct Raw {
    as_of: Date,
    organisation: OrganisationCode,
    verdict: Verdict,
    #[serde(default)]
    why: String,
    #[serde(default)]
    role: String,
    reviewed_on: Date,
}

impl Review {
    /// Reads the reviews of a CSV file, one for each day of a list.
    ///
    /// # Errors
    /// [`Error::Malformed`] with the line and what is wrong in it; an opinion given before the day of
    /// its list among them.
    pub fn read(file: &Path, reader: impl Read) -> Result<Vec<Review>> {
        let mut reviews: Vec<Review> = Vec::new();
        let mut csv = csv::Reader::from_reader(reader);
        let malformed = |line, found: String| Error::Malformed {
            file: file.to_owned(),
            line,
            column: None,
            found,
            expected: format!(
                "the columns {}; verdict one of agree, disagree and dont_know; days as 2024-06-01, the \
                 review's not before the list's",
                COLUMNS.join(", ")
            ),
        };
        for (at, record) in csv.deserialize::<Raw>().enumerate() {
            let line = Some(at as u64 + 2);
            let raw = record.map_err(|error| malformed(line, error.to_string()))?;
            if raw.reviewed_on < raw.as_of {
                let found = format!("a review of {} before {}", raw.reviewed_on, raw.as_of);
                return Err(malformed(line, found));
            }
            let known = reviews.iter().position(|review| review.as_of == raw.as_of);
            let at = known.unwrap_or(reviews.len());
            if known.is_none() {
                reviews.push(Review {
                    as_of: raw.as_of,
                    opinions: Vec::new(),
                });
            }
            reviews[at].opinions.push(Opinion {
                organisation: raw.organisation,
                verdict: raw.verdict,
                why: raw.why,
                role: raw.role,
                reviewed_on: raw.reviewed_on,
            });
        }
        Ok(reviews)
    }

    /// Reads the reviews of a JSON file, which is a list of them.
    ///
    /// # Errors
    /// [`Error::Malformed`] with what is wrong; an opinion given before the day of its list too.
    pub fn read_json(file: &Path, text: &str) -> Result<Vec<Review>> {
        let malformed = |found: String| Error::Malformed {
            file: file.to_owned(),
            line: None,
            column: None,
            found,
            expected: "a list of reviews: as_of and opinions, none before the list's day"
                .to_owned(),
        };
        let reviews: Vec<Review> =
            serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
        let early = |review: &&Review| {
            let mut opinions = review.opinions.iter();
            opinions.any(|opinion| opinion.reviewed_on < review.as_of)
        };
        match reviews.iter().find(early) {
            Some(review) => Err(malformed(format!("a review before {}", review.as_of))),
            None => Ok(reviews),
        }
    }

    /// Writes it as [`read`](Self::read) reads it.
    ///
    /// # Errors
    /// [`Error::Io`] if `to` cannot be written.
    pub fn write(&self, to: impl Write) -> Result<()> {
        let row = |opinion: &Opinion| {
            [
                self.as_of.to_string(),
                opinion.organisation.to_string(),
                opinion.verdict.name().to_owned(),
                opinion.why.clone(),
                opinion.role.clone(),
                opinion.reviewed_on.to_string(),
            ]
        };
        crate::read::table::write::rows("review", COLUMNS, self.opinions.iter().map(row), to)
    }
}
