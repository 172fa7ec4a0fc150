//! The summary: what it rests on, and in plain words how much it would have caught.

use serde::Serialize;

use crate::error::Result;
use crate::report::draw::number::{count, percent, percent_range, whole};
use crate::report::input::ReportInput;
use crate::report::page::{Section, render};
use crate::validate::{Evidence, ListShare};
use crate::words::{Nouns, day};

#[derive(Serialize)]
struct Body {
    key: Vec<Key>,
    words: Vec<String>,
    notes: Vec<String>,
}

/// A figure with what it is and a line under it.
#[derive(Serialize)]
struct Key {
    name: String,
    value: String,
    note: String,
}

/// The section.
pub(crate) fn section(input: &ReportInput<'_>) -> Result<Section> {
    let words = input.evidence.map_or_else(
        || {
            vec![
                "No back-test stands beside this list: how far to trust it is not known here."
                    .to_owned(),
            ]
        },
        |evidence| caught(input, evidence),
    );
    let body = Body {
        key: key(input),
        words,
        notes: notes(input.nouns()),
    };
    Ok(Section {
        id: "summary".to_owned(),
        title: "Summary".to_owned(),
        body: render("summary", &body)?,
    })
}

fn key(input: &ReportInput<'_>) -> Vec<Key> {
    let training = input.model.training();
    let frameworks = training.frameworks.iter().filter(|(_, n, _)| *n > 0);
    let frameworks: Vec<String> = frameworks
        .map(|(framework, n, events)| {
            let (n, events) = (whole(*n), whole(*events));
            format!("{}: {n}, {events} with the outcome", framework.name())
        })
        .collect();
    let scores = input.scores;
    vec![
        Key {
            name: "As of".to_owned(),
            value: day(scores.as_of),
            note: "nothing known later is used".to_owned(),
        },
        Key {
            name: "Learned from".to_owned(),
            value: format!("{} inspections", whole(training.inspections)),
            note: frameworks.join("; "),
        },
        Key {
            name: "Rate of now".to_owned(),
            value: percent(training.rate_now.value),
            note: format!(
                "95%: {}; {} of all these inspections were {}",
                percent_range(training.rate_now.ci95),
                whole(training.events),
                scores.outcome_rule.words(),
            ),
        },
        Key {
            name: "Last judgement known".to_owned(),
            value: day(training.last_published),
            note: format!(
                "the first inspection started on {}",
                day(training.first_start)
            ),
        },
        Key {
            name: format!("{} scored", input.nouns().headings()),
            value: whole(scores.scores.len()),
            note: format!(
                "{} not scored: unknown, not safe",
                whole(scores.not_scored.len())
            ),
        },
    ]
}

/// What a list of this length would have caught, and what a trivial rival would have.
fn caught(input: &ReportInput<'_>, evidence: &Evidence) -> Vec<String> {
    let Some(own) = evidence.lists.first() else {
        return vec!["The back-test has no list to compare.".to_owned()];
    };
    let (from, to) = (evidence.backtest.from, evidence.backtest.to);
    let mut words = vec![format!(
        "The list names {} of {} {}. In the back-test of {from} to {to}, visiting the {} of \
         each year\u{2019}s inspections with the highest scores would have caught {} of {} later \
         judgements with the event: {}. As many visits at random would have caught {}.",
        whole(input.capacity.0.get()),
        whole(input.scores.scores.len()),
        input.nouns().many(),
        percent(own.capture.fraction),
        count(own.capture.caught),
        count(own.capture.events),
        share(own),
        count(own.capture.expected_by_chance),
    )];
    let rival = |name: &str| evidence.lists.iter().find(|l| l.model == name);
    words.extend(rival("previous grade").map(|list| against("the previous grade alone", list)));
    words
}

fn share(list: &ListShare) -> String {
    let share = list.share.map_or_else(|why| why.to_string(), percent);
    match list.share_ci95 {
        Ok(interval) => format!("{share} (95% interval {})", percent_range(interval)),
        Err(why) => format!("{share} (no interval: {why})"),
    }
}

/// A rival in words, with what can be told of the difference.
fn against(name: &str, list: &ListShare) -> String {
    let verdict = match list.behind_first_ci95 {
        Ok(ci) if ci.low > 0.0 => "fewer",
        Ok(ci) if ci.high < 0.0 => "more",
        Ok(_) | Err(_) => "which is better cannot be told",
    };
    format!(
        "Visits in the order of {name} would have caught {} of {}: {}; {verdict}.",
        count(list.capture.caught),
        count(list.capture.events),
        share(list),
    )
}

fn notes(nouns: Nouns<'_>) -> Vec<String> {
    let many = nouns.many();
    vec![format!(
        "In the back-test the list is cut from {many} that were inspected, because of the others \
         nobody knows. Most {many} on a list like this will not be judged {}, and some that are will \
         not be on it.",
        nouns.event()
    )]
}
