//! Evidence -> one self-contained HTML file, and its charts as SVG strings.
//!
//! Pure functions of results: nothing here reads a file, a clock or the network, and what is
//! drawn was computed in [`validate`](crate::validate) or [`score`](crate::score). Every text is
//! escaped; the page's own Content-Security-Policy allows one inline style, one inline script and
//! nothing else.

mod authority;
pub mod chart;
mod csv;
mod draw;
mod figures;
mod map;
mod page;
mod section;

use crate::data::{AuthorityCode, Catalogue, OutcomeRule, Register};
use crate::error::{Error, Result};
use crate::model::{LearnedColumn, RiskModel};
use crate::read::LoadReport;
use crate::score::{Capacity, Profiles, Scores, day};
use crate::validate::Evidence;

use page::{Heading, Section};

/// What a report shows: results, and the names in them.
#[derive(Clone, Copy, Debug)]
pub struct ReportInput<'a> {
    /// The scores of the day, with intervals where they were computed.
    pub scores: &'a Scores,
    /// The model that gave them.
    pub model: &'a RiskModel,
    /// How many authorities can be visited.
    pub capacity: Capacity,
    /// What the intervals are, in words.
    pub how_sure: &'a str,
    /// How far to trust the scores.
    pub evidence: Option<&'a Evidence>,
    /// Each authority over time; without it there is no page for each.
    pub profiles: Option<&'a Profiles>,
    /// What was read.
    pub read: Option<&'a LoadReport>,
    /// Names and regions of authorities.
    pub register: &'a Register,
    /// Names and units of indicators.
    pub catalogue: &'a Catalogue,
    /// What has to be said before everything else, as that all data are invented.
    pub notice: Option<&'a str>,
}

impl ReportInput<'_> {
    /// A text with features by their labels.
    fn in_words(&self, text: &str) -> String {
        let mut columns: Vec<_> = self.model.columns().iter().collect();
        // A name may be the beginning of another.
        columns.sort_by_key(|column| std::cmp::Reverse(column.feature.len()));
        let named =
            |text: String, column: &LearnedColumn| text.replace(&column.feature, &column.label);
        columns.into_iter().fold(text.to_owned(), named)
    }
}

/// The whole report as one HTML file.
///
/// # Errors
/// [`Error::InvalidValue`] if a template cannot be rendered.
pub fn html(input: &ReportInput<'_>) -> Result<String> {
    let heading = Heading {
        title: format!(
            "Risk of an Inadequate judgement, as of {}",
            day(input.scores.as_of)
        ),
        lead: "Children's services: where to look first, and how far to trust it.".to_owned(),
        notice: input.notice.map(str::to_owned),
    };
    let mut sections: Vec<Section> = vec![
        section::summary::section(input)?,
        section::watchlist::section(input)?,
        map::section(input)?,
    ];
    // In reading order: the map and the pages of authorities go between list and evidence.
    if let Some(profiles) = input.profiles {
        sections.push(authority::section(input, profiles, None)?);
    }
    if let Some(evidence) = input.evidence {
        sections.push(section::evidence::section(evidence, input.catalogue)?);
    }
    sections.push(section::proper_use::section(input)?);
    sections.push(section::record::section(input)?);
    page::page(&heading, &sections)
}

/// The page of one authority as one HTML file.
///
/// # Errors
/// As [`html`], and [`Error::UnknownAuthority`] if there is no
/// profile of it.
pub fn authority_html(input: &ReportInput<'_>, authority: AuthorityCode) -> Result<String> {
    let profiles = input.profiles.into_iter();
    let found = profiles
        .flat_map(|p| &p.of)
        .find(|p| p.authority == authority);
    let profile = found.ok_or_else(|| Error::UnknownAuthority {
        found: authority.to_string(),
    })?;
    let heading = Heading {
        title: format!("{}, as of {}", profile.name, day(input.scores.as_of)),
        lead: "Children's services: risk of an Inadequate judgement, and what it rests on."
            .to_owned(),
        notice: input.notice.map(str::to_owned),
    };
    let mut sections: Vec<Section> = Vec::new();
    if let Some(profiles) = input.profiles {
        sections.push(authority::section(input, profiles, Some(authority))?);
    }
    page::page(&heading, &sections)
}

/// The evidence alone as one HTML file.
///
/// # Errors
/// As [`html`].
pub fn evidence_html(
    evidence: &Evidence,
    catalogue: &Catalogue,
    notice: Option<&str>,
) -> Result<String> {
    let backtest = &evidence.backtest;
    let heading = Heading {
        title: format!(
            "How far to trust the scores: back-test of {} to {}",
            backtest.from, backtest.to
        ),
        lead: "Had it been used on the day, what would it have known?".to_owned(),
        notice: notice.map(str::to_owned),
    };
    page::page(
        &heading,
        &[section::evidence::section(evidence, catalogue)?],
    )
}

/// What counts as the event, in words that follow "were".
fn outcome_words(rule: OutcomeRule) -> &'static str {
    match rule {
        OutcomeRule::AnyKeyJudgement => "judged Inadequate overall or in any key judgement",
        OutcomeRule::Overall => "judged Inadequate overall",
        OutcomeRule::HelpAndProtection => "judged Inadequate for help and protection",
        OutcomeRule::Leaders => "judged Inadequate for the impact of leaders",
    }
}
