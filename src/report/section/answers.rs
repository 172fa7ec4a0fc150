//! What the result says of itself: the texts that the record and the checklist share.

use crate::read::LoadReport;
use crate::report::draw::number::{count, decimal, or_dash, percent, percent_range, range, whole};
use crate::report::input::ReportInput;
use crate::validate::{Subset, Summary};
use crate::words::day;

/// One field: its name, and what the result says of it.
pub(crate) type Field = (&'static str, Option<String>);

pub(crate) fn said(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub(crate) fn purpose(input: &ReportInput<'_>) -> String {
    format!(
        "Probability that {}, inspected from {} on, is {}.",
        input.nouns().a_one(),
        day(input.scores.as_of),
        input.scores.outcome_rule.words(),
    )
}

pub(crate) fn method(input: &ReportInput<'_>) -> String {
    let training = input.model.training();
    let penalty = match (input.model.family().has_penalty(), training.penalty) {
        (false, _) => String::new(),
        (true, None) => ", averaged over penalties".to_owned(),
        (true, Some(penalty)) => format!(", penalty {penalty}"),
    };
    format!(
        "Log-odds of the outcome that add up from figures known on the day ({}{penalty}). \
         Intervals: {}",
        input.model.family().name(),
        input.how_sure,
    )
}

pub(crate) fn model(input: &ReportInput<'_>) -> String {
    format!(
        "{}, recipe {}, trained on what was published before {}.",
        input.model.family().name(),
        input.scores.recipe,
        day(input.model.training().date),
    )
}

pub(crate) fn sources(input: &ReportInput<'_>) -> String {
    let inputs = input.model.inputs();
    let named = inputs.iter().map(|file| {
        let sum: String = file.sha256.chars().take(12).collect();
        format!("{} (SHA-256 {sum}\u{2026})", file.file)
    });
    let files: Vec<String> = named.collect();
    let known = format!("Figures count as known: {}.", input.scores.knowledge);
    match files.is_empty() {
        true => format!("{known} The files are not recorded with the model."),
        false => format!("{known} {} files: {}.", files.len(), files.join("; ")),
    }
}

pub(crate) fn predictors(input: &ReportInput<'_>) -> String {
    let labels: Vec<&str> = input
        .model
        .columns()
        .iter()
        .map(|c| c.label.as_str())
        .collect();
    format!("{} features: {}.", labels.len(), labels.join("; "))
}

pub(crate) fn quantities(input: &ReportInput<'_>) -> String {
    let training = input.model.training();
    let left_out: Vec<String> = training
        .excluded
        .iter()
        .map(|e| format!("{} {}", whole(e.count), e.why))
        .collect();
    format!(
        "{} inspections, {} with the outcome ({}), started from {}, published by {}. Not learned \
         from: {}.",
        whole(training.inspections),
        whole(training.events),
        percent(training.base_rate),
        day(training.first_start),
        day(training.last_published),
        if left_out.is_empty() {
            "none".to_owned()
        } else {
            left_out.join("; ")
        },
    )
}

pub(crate) fn read(report: &LoadReport) -> String {
    format!("{}.", report.to_string().replace('\n', "; "))
}

pub(crate) fn completeness(input: &ReportInput<'_>) -> String {
    let scores = &input.scores.scores;
    let parts: usize = scores.iter().map(|s| s.contributions.len()).sum();
    let imputed = scores
        .iter()
        .flat_map(|s| &s.contributions)
        .filter(|c| c.imputed);
    format!(
        "{} of {} figures of the day are missing; the training average stands in for each, and each \
         is named. {} {} are not scored.",
        whole(imputed.count()),
        whole(parts),
        whole(input.scores.not_scored.len()),
        input.nouns().many(),
    )
}

pub(crate) fn coefficients(input: &ReportInput<'_>) -> String {
    let columns = input.model.columns().iter().zip(input.model.coefficients());
    let parts: Vec<String> = columns
        .map(|(column, c)| format!("{} {}", column.label, decimal(*c, 3)))
        .collect();
    format!(
        "Intercept {}; log-odds for each standard deviation: {}.",
        decimal(input.model.intercept(), 3),
        parts.join("; "),
    )
}

fn tested<'a>(input: &ReportInput<'a>) -> Option<&'a Summary> {
    let evidence = input.evidence?;
    let rows = evidence.backtest.summary.iter();
    rows.filter(|s| s.subset == Subset::All)
        .find(|s| s.recipe == evidence.recipe && s.lead_months == evidence.lead.0)
}

pub(crate) fn performance(input: &ReportInput<'_>) -> Option<String> {
    let (summary, evidence) = (tested(input)?, input.evidence?);
    let list = evidence.lists.first()?;
    Some(format!(
        "On {} later inspections, {} with the outcome: C-statistic {} (95% interval {}), calibration \
         slope {}; a list of {} of each year would have caught {} of {} ({}).",
        whole(summary.n),
        whole(summary.events),
        or_dash(summary.auroc, |c| decimal(c, 2)),
        or_dash(summary.auroc_ci95, |i| range(i, 2)),
        or_dash(summary.calibration_slope, |s| decimal(s, 2)),
        percent(list.capture.fraction),
        count(list.capture.caught),
        count(list.capture.events),
        or_dash(list.share_ci95, percent_range),
    ))
}

pub(crate) fn rivals(input: &ReportInput<'_>) -> Option<String> {
    let summary = tested(input)?;
    let names: Vec<&str> = summary
        .difference_to
        .iter()
        .map(|d| d.rival.as_str())
        .collect();
    Some(format!(
        "Tested beside it: {}. See Evidence.",
        names.join("; ")
    ))
}

pub(crate) fn sample_size(input: &ReportInput<'_>) -> Option<String> {
    let size = input.evidence?.sample_size.first()?;
    Some(format!(
        "{} inspections known, {} needed to find a C-statistic of {}: see Evidence.",
        whole(size.inspections),
        whole(size.needed.rows),
        decimal(size.c_statistic, 2),
    ))
}
