//! A page for each authority: risk over time, what makes up the score, figures, what changed.

mod frame;
mod past_scores;
mod sentences;
mod small_multiples;
mod tables;
mod waterfall;

use serde::Serialize;

use super::page::{Section, render};
use crate::data::AuthorityCode;
use crate::error::Result;
use crate::report::draw::chart::Table;
use crate::report::draw::number::risk_and_places;
use crate::report::input::ReportInput;
use crate::score::{NotScored, Profile, Profiles, Score};
use crate::words::day;

use frame::Frames;

/// What changed since the last quarter.
#[derive(Serialize)]
struct Changed {
    since: String,
    lead: String,
    parts: Vec<String>,
}

#[derive(Serialize)]
struct Page {
    code: AuthorityCode,
    name: String,
    /// Risk and place, or that there is none.
    brief: String,
    lead: Vec<String>,
    past: Option<String>,
    parts: Option<String>,
    quality: Table,
    smalls: Vec<String>,
    changed: Option<Changed>,
    unsaid: Vec<String>,
}

#[derive(Serialize)]
struct Body {
    defs: String,
    how: Vec<String>,
    shared: Vec<(String, Table)>,
    models: Table,
    past: Table,
    figures: Vec<(String, Table)>,
    open: bool,
    pages: Vec<Page>,
}

/// The pages of all authorities by name, or of one, unfolded.
pub(super) fn section(
    input: &ReportInput<'_>,
    profiles: &Profiles,
    only: Option<AuthorityCode>,
) -> Result<Section> {
    let frames = Frames::new(profiles, input.scores, input.nouns());
    let wanted = |p: &&Profile| match only {
        Some(code) => p.organisation == code,
        None => input.has_page(p.organisation),
    };
    let mut shown: Vec<&Profile> = profiles.of.iter().filter(wanted).collect();
    shown.sort_by(|a, b| {
        a.name
            .cmp(&b.name)
            .then(a.organisation.cmp(&b.organisation))
    });
    let pages = shown.iter().map(|p| page(input, profiles, p, &frames));
    let body = Body {
        how: sentences::how_to_read(input, profiles),
        shared: tables::benchmarks(profiles, input.nouns()),
        models: tables::models(profiles, input.nouns()),
        past: tables::past(profiles, &shown, input.nouns()),
        figures: tables::figures(&shown, input.nouns()),
        open: only.is_some(),
        pages: pages.collect(),
        defs: frames.defs.clone(),
    };
    let title = match (only, shown.first()) {
        (Some(_), Some(profile)) => profile.name.clone(),
        _ => input.nouns().headings(),
    };
    Ok(Section {
        id: "authorities".to_owned(),
        title,
        body: render("authorities", &body)?,
    })
}

fn page(input: &ReportInput<'_>, profiles: &Profiles, profile: &Profile, frames: &Frames) -> Page {
    let code = profile.organisation;
    let score = input.scores.of(code);
    let refused = input
        .scores
        .not_scored
        .iter()
        .find(|n| n.organisation == code);
    let trails = profile.trails.iter().enumerate();
    let smalls =
        trails.map(|(number, trail)| small_multiples::drawing(profile, number, trail, frames));
    Page {
        code,
        name: profile.name.clone(),
        brief: brief(input, score),
        lead: sentences::lead(input, profile, score, refused),
        past: past_scores::drawing(profile, profiles, frames),
        parts: score.map(|s| waterfall::drawing(s, frames)),
        quality: tables::quality(profile, score, profiles.as_of, input.nouns()),
        smalls: smalls.collect(),
        changed: changed(profile, score),
        unsaid: sentences::unsaid(input, profile, score, profiles.as_of),
    }
}

fn brief(input: &ReportInput<'_>, score: Option<&Score>) -> String {
    let scored = input.scores.scores.len();
    match score {
        Some(s) => risk_and_places(s, scored),
        None => "not scored".to_owned(),
    }
}

fn changed(profile: &Profile, score: Option<&Score>) -> Option<Changed> {
    let (change, score) = (profile.change.as_ref()?, score?);
    Some(Changed {
        since: day(change.since),
        lead: sentences::change_lead(change, score),
        parts: sentences::change_parts(change, score, &profile.judged),
    })
}

/// The reason in words, for an authority without a score; how it was formed stands beside it.
fn refusal(refused: Option<&NotScored>) -> String {
    refused.map_or_else(|| "no reason is known".to_owned(), |n| n.why.to_string())
}
