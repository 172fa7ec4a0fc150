//! The sections in reading order, as one page.

use super::authority;
use super::input::ReportInput;
use super::map;
use super::page::{self, Heading, Section};
use super::section;
use crate::data::{AuthorityCode, Panel};
use crate::error::{Error, Result};
use crate::validate::Evidence;
use crate::words::day;

/// The whole report as one HTML file.
///
/// # Errors
/// [`Error::InvalidValue`] if a template cannot be rendered.
pub fn html(input: &ReportInput<'_>) -> Result<String> {
    let heading = Heading {
        title: format!(
            "Risk of {}, as of {}",
            input.nouns().a_judgement(),
            day(input.scores.as_of)
        ),
        lead: format!(
            "{}: where to look first, and how far to trust it.",
            input.service.title()
        ),
        notice: input.notice.map(str::to_owned),
    };
    let mut sections: Vec<Section> = vec![
        section::summary::section(input)?,
        section::watchlist::section(input)?,
    ];
    if !input.is_large() {
        sections.push(map::section(input)?);
    }
    // In reading order: the map and the pages of authorities go between list and evidence.
    if let Some(profiles) = input.profiles {
        sections.push(authority::section(input, profiles, None)?);
    }
    if let Some(evidence) = input.evidence {
        sections.push(section::evidence::section(
            evidence,
            input.catalogue,
            input.service,
        )?);
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
        .find(|p| p.organisation == authority);
    let profile = found.ok_or_else(|| Error::UnknownAuthority {
        found: authority.to_string(),
        expected: None,
    })?;
    let heading = Heading {
        title: format!("{}, as of {}", profile.name, day(input.scores.as_of)),
        lead: format!(
            "{}: risk of {}, and what it rests on.",
            input.service.title(),
            input.nouns().a_judgement()
        ),
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
pub fn evidence_html(evidence: &Evidence, panel: &Panel, notice: Option<&str>) -> Result<String> {
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
        &[section::evidence::section(
            evidence,
            panel.catalogue(),
            panel.service(),
        )?],
    )
}
