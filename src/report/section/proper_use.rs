//! Who may use it for what, and how it fails.

use serde::Serialize;

use crate::error::Result;
use crate::report::draw::number::whole;
use crate::report::input::ReportInput;
use crate::report::page::{Section, render};
use crate::words::day;

#[derive(Serialize)]
struct Body {
    as_of: String,
    one: String,
    a_one: String,
    many: String,
    service: String,
    says: String,
    known_failures: Vec<String>,
}

/// The section.
pub(crate) fn section(input: &ReportInput<'_>) -> Result<Section> {
    let body = Body {
        as_of: day(input.scores.as_of),
        one: input.nouns().one().to_owned(),
        a_one: input.nouns().a_one(),
        many: input.nouns().many().to_owned(),
        service: input.service.title().to_owned(),
        says: input.service.proper_use().to_owned(),
        known_failures: known_failures(input),
    };
    Ok(Section {
        id: "proper-use".to_owned(),
        title: "Proper use".to_owned(),
        body: render("proper_use", &body)?,
    })
}

/// What is known to go wrong with this model, from the model itself.
fn known_failures(input: &ReportInput<'_>) -> Vec<String> {
    let listed = input.scores.watchlist();
    let expected: f64 = listed.iter().map(|s| s.probability).sum();
    let mut failures = vec![format!(
        "Most of the list is a false alarm: of its {} {} {} would be expected to be judged \
         {}, if all were inspected now and the probabilities held.",
        whole(listed.len()),
        input.nouns().many(),
        crate::report::draw::number::count(expected),
        input.nouns().event(),
    )];
    let imputed = |s: &&crate::score::Score| s.contributions.iter().any(|c| c.imputed);
    let scores = &input.scores.scores;
    let with_missing = scores.iter().filter(imputed).count();
    if with_missing > 0 {
        failures.push(format!(
            "In {} of {} scores at least one figure is missing: what the others say stands in for it, \
             or a theme does without it.",
            whole(with_missing),
            whole(scores.len()),
        ));
    }
    let warnings = input.model.warnings().into_iter();
    failures.extend(warnings.map(|warning| format!("{warning}.")));
    failures
}
