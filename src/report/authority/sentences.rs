//! What a page says in words.

use super::past_scores;
use super::waterfall::signed;
use crate::report::authority::refusal;
use crate::report::draw::number::{decimal, percent, percent_range};
use crate::report::input::ReportInput;
use crate::score::{Change, FigureChange, Judged, NotScored, Profile, Profiles, Score};
use crate::words::day;
use jiff::civil::Date;

/// How to read every page, once.
pub(crate) fn how_to_read(input: &ReportInput<'_>, profiles: &Profiles) -> Vec<String> {
    let nouns = input.nouns();
    let grades = input.service.grades();
    let marks = grades.iter().map(|grade| grade.short()).collect::<Vec<_>>();
    let names = grades.iter().map(|grade| grade.words()).collect::<Vec<_>>();
    let first = profiles.models.first().map_or(profiles.as_of, |m| m.as_of);
    let mut how = vec![
        format!(
            "Risk is the probability of {}, were an inspection to start \
             the next day. Over time, from {}: on each past quarter a model was learned anew from the \
             judgements published before it, and scored what was known on it. No later judgement \
             and no figure of a later period is in a past score. The dashed line is the base rate \
             of each of those models. {} mark judgements on the day of publication: {}.",
            nouns.a_judgement(),
            day(first),
            marks.join(", "),
            names.join(", "),
        ),
        "What makes up the score, in log-odds: each bar starts where the one above it ends. To the \
         right raises the risk against the average of the inspections learned from, to the left \
         lowers it. The probability after each step stands at the right. The order of the steps is \
         the model's, and means nothing."
            .to_owned(),
        format!(
            "The figures over time: a line with dots is the {}, dashed is {}, thin the \
         region, dotted the mean of the statistical neighbours, where the data name at least five \
         with a figure. One indicator has one scale on all pages; the one figure in a hundred that \
         lies above it stands at its top. An asterisk marks a figure of today's revised series, \
         which stands for the first release.",
            nouns.one(),
            nouns.benchmark(),
        ),
        frameworks(input),
        "No page says whether anybody is safe, or what to change: figures and past judgements \
         alone cannot tell."
            .to_owned(),
    ];
    if profiles.days_without_model > 0 {
        how.push(format!(
            "{} earlier quarters have no model: fewer than {} judgements with the outcome were \
             known.",
            profiles.days_without_model,
            crate::score::FEWEST_EVENTS
        ));
    }
    how
}

/// Which inspections are learned from.
fn frameworks(input: &ReportInput<'_>) -> String {
    let of = |learned: bool| {
        let all = input
            .service
            .frameworks()
            .iter()
            .map(|rules| rules.framework);
        let some = all.filter(|framework| framework.is_like_for_like() == learned);
        some.map(|framework| framework.name())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let history = match of(false) {
        none if none.is_empty() => String::new(),
        others => format!("; {others} are history"),
    };
    format!(
        "Judgements are named with their kind of inspection. The model learns from full inspections \
         under {}{history}.",
        of(true)
    )
}

/// The organisation in two or three sentences.
pub(crate) fn lead(
    input: &ReportInput<'_>,
    profile: &Profile,
    score: Option<&Score>,
    refused: Option<&NotScored>,
) -> Vec<String> {
    let mut lead = Vec::new();
    match score {
        Some(score) => lead.push(risk(input, score)),
        None => lead.push(format!(
            "Not scored: {}. That is unknown, not safe.",
            refusal(refused)
        )),
    }
    let judged: Vec<String> = profile
        .judged
        .iter()
        .rev()
        .map(past_scores::judgement)
        .collect();
    let judged = match judged.is_empty() {
        true => "No judgement of it is known.".to_owned(),
        false => format!("Judged: {}.", judged.join("; ")),
    };
    let place = match (profile.region.as_str(), profile.formed_on) {
        ("", _) => String::new(),
        (region, None) => format!("{region}. "),
        (region, Some(on)) => format!(
            "{region}. Formed on {} from {}. ",
            day(on),
            profile.formed_from.join(" and ")
        ),
    };
    lead.push(format!("{place}{judged}"));
    lead
}

fn risk(input: &ReportInput<'_>, score: &Score) -> String {
    let scores = input.scores;
    let interval = percent_range(score.interval);
    let places = score.places.map_or_else(String::new, |p| {
        format!(" ({} to {} in 95 of 100 re-fits)", p.low, p.high)
    });
    format!(
        "Risk {} (95%: {interval}), against {} of inspections of now; place {} of {}{places}.",
        percent(score.probability),
        percent(scores.training.base_rate_now.value),
        score.rank,
        scores.scores.len(),
    )
}

/// From what to what.
pub(crate) fn change_lead(change: &Change, score: &Score) -> String {
    let moved = change.log_odds_after - change.log_odds_before;
    let figures: f64 = change.figures.iter().map(|f| f.log_odds).sum();
    format!(
        "From {} to {}: {} log-odds, of which new figures {} and what the model learned since {}.",
        percent(change.probability_before),
        percent(score.probability),
        signed(moved),
        signed(figures),
        signed(change.relearned),
    )
}

/// The figures that are new, the largest part first, and the judgements.
pub(crate) fn change_parts(change: &Change, score: &Score, judged: &[Judged]) -> Vec<String> {
    let mut new: Vec<&FigureChange> = change.figures.iter().filter(|f| f.renewed).collect();
    new.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    let mut parts: Vec<String> = new.iter().map(|f| figure(f, score)).collect();
    let since = judged.iter().filter(|j| j.published > change.since);
    parts.extend(since.map(|j| format!("judged since: {}", past_scores::judgement(j))));
    if parts.is_empty() {
        parts.push("no figure and no judgement of it is new".to_owned());
    }
    parts
}

fn figure(figure: &FigureChange, score: &Score) -> String {
    let unit = score
        .contributions
        .iter()
        .find(|c| c.feature == figure.feature)
        .and_then(|c| c.unit);
    let number = |value: Option<f64>| match (value, unit) {
        (Some(value), Some(unit)) => unit.format(value),
        (Some(value), None) => decimal(value, 1),
        (None, _) => "missing".to_owned(),
    };
    let known = figure
        .known_from
        .map_or_else(String::new, |on| format!(", known {}", day(on)));
    format!(
        "{}: {} before, now {}{known}: {} log-odds",
        figure.label,
        number(figure.before),
        number(figure.after),
        signed(figure.log_odds)
    )
}

/// Years without a judgement that a reader should be told of.
const LONG_AGO: f64 = 3.0;

/// What this page does not say.
pub(crate) fn unsaid(
    input: &ReportInput<'_>,
    profile: &Profile,
    score: Option<&Score>,
    as_of: Date,
) -> Vec<String> {
    let nouns = input.nouns();
    let mut unsaid =
        vec!["Whether anybody is safe here. The bars are associations, not causes.".to_owned()];
    let missing: Vec<&str> = score.map_or_else(Vec::new, |s| {
        let gone = s.contributions.iter().filter(|c| c.missing.is_some());
        gone.map(|c| c.label.as_str()).collect()
    });
    if !missing.is_empty() {
        unsaid.push(format!(
            "Anything about {}: the average of the inspections learned from stands in.",
            missing.join(" and ")
        ));
    }
    let joint = score.is_some_and(|s| s.contributions.iter().any(|c| c.flags.joint));
    if joint {
        unsaid.push(format!(
            "How its own figures differ from those of the {} with which it returns them.",
            nouns.one()
        ));
    }
    if let Some(on) = profile.formed_on {
        unsaid.push(format!(
            "How its services were before {}: they were those of other {}.",
            day(on),
            nouns.many(),
        ));
    }
    let age = profile
        .judged
        .last()
        .map(|j| (as_of - j.published).get_days());
    match age.map(|days| f64::from(days) / 365.25) {
        None => unsaid.push("How an inspection would see it: there was none yet.".to_owned()),
        Some(years) if years > LONG_AGO => unsaid.push(format!(
            "How services are now: the last judgement is {} years old.",
            decimal(years, 1)
        )),
        Some(_) => {}
    }
    unsaid
}
