//! The record: the fields of the UK Algorithmic Transparency Recording Standard, and a checklist in
//! the manner of TRIPOD+AI, filled from the result. What the result does not know is unfilled.

use serde::Serialize;

use super::checklist;
use crate::error::Result;
use crate::read::LoadReport;
use crate::report::chart::Table;
use crate::report::draw::number::{count, decimal, or_dash, percent, percent_range, range, whole};
use crate::report::page::{Section, render};
use crate::report::{ReportInput, outcome_words};
use crate::score::day;
use crate::validate::{Subset, Summary};

#[derive(Serialize)]
struct Body {
    transparency: Table,
    transparency_unfilled: Vec<&'static str>,
    checklist: Table,
    checklist_unfilled: Vec<&'static str>,
}

/// One field: its name, and what the result says of it.
pub(crate) type Field = (&'static str, Option<String>);

/// The section.
pub(crate) fn section(input: &ReportInput<'_>) -> Result<Section> {
    let (transparency, checklist) = (transparency(input), checklist::checklist(input));
    let body = Body {
        transparency_unfilled: unfilled(&transparency),
        transparency: table(transparency),
        checklist_unfilled: unfilled(&checklist),
        checklist: table(checklist),
    };
    Ok(Section {
        id: "record".to_owned(),
        title: "Record".to_owned(),
        body: render("record", &body)?,
    })
}

fn unfilled(fields: &[Field]) -> Vec<&'static str> {
    let empty = fields.iter().filter(|(_, value)| value.is_none());
    empty.map(|(name, _)| *name).collect()
}

fn table(fields: Vec<Field>) -> Table {
    let mut table = Table::new(&["Field", "Filled from this result"]);
    for (name, value) in fields {
        if let Some(value) = value {
            table.push([name.to_owned(), value]);
        }
    }
    table
}

pub(crate) fn said(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Tiers 1 and 2 of the standard, in its order.
fn transparency(input: &ReportInput<'_>) -> Vec<Field> {
    vec![
        (
            "1.1 Name",
            said("forewarn, early-warning risk scores for children\u{2019}s services"),
        ),
        ("1.2 Description", Some(purpose(input))),
        ("1.3 Website", None),
        ("1.4 Contact", None),
        ("2.1.1 Organisation", None),
        ("2.1.2 Team", None),
        ("2.1.3 Senior responsible owner", None),
        ("2.1.4 External supplier involvement", None),
        ("2.2.1 Detailed description", Some(method(input))),
        (
            "2.2.2 Scope",
            said(
                "To decide where to look first. Not for grading, scheduling or ranking for the public.",
            ),
        ),
        ("2.2.3 Benefit", performance(input)),
        ("2.2.4 Previous process", None),
        ("2.2.5 Alternatives considered", rivals(input)),
        ("2.3.1 Process integration", None),
        (
            "2.3.2 Provided information",
            said(
                "For each authority: probability and place with intervals, the figures that raise it with the day each became known, what is missing, the last judgement.",
            ),
        ),
        ("2.3.3 Frequency and scale of usage", None),
        (
            "2.3.4 Human decisions and review",
            said(
                "People decide. Each authority on the list has a column for agreement or disagreement and why.",
            ),
        ),
        ("2.3.5 Required training", None),
        ("2.3.6 Appeals and review", None),
        (
            "2.4.1 System architecture",
            said(
                "A program that runs on one computer, from published files to this file. No network, no personal data.",
            ),
        ),
        ("2.4.1 Phase", None),
        ("2.4.1 Maintenance", None),
        ("2.4.2 Model", Some(model(input))),
        ("2.4.2 Model performance", performance(input)),
        ("2.4.3 Source data", Some(sources(input))),
        ("2.4.3 Data description", Some(predictors(input))),
        ("2.4.3 Data quantities", Some(quantities(input))),
        ("2.4.3 Data collection and cleaning", input.read.map(read)),
        (
            "2.4.3 Sensitive attributes",
            said("None: figures of whole authorities, no person\u{2019}s data."),
        ),
        (
            "2.4.3 Data completeness and representativeness",
            Some(completeness(input)),
        ),
        ("2.4.3 Data sharing agreements, access and storage", None),
        ("2.5.1 Impact assessments", None),
        (
            "2.5.2 Risks and mitigations",
            said(
                "See Proper use: false alarms, old figures, missing figures, change of framework.",
            ),
        ),
    ]
}

pub(crate) fn purpose(input: &ReportInput<'_>) -> String {
    format!(
        "Probability that an authority\u{2019}s children\u{2019}s services, inspected from {} on, are {}.",
        day(input.scores.as_of),
        outcome_words(input.scores.outcome_rule),
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

fn model(input: &ReportInput<'_>) -> String {
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
        .map(|e| format!("{} {}", whole(e.count), e.reason))
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

fn read(report: &LoadReport) -> String {
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
         is named. {} authorities are not scored.",
        whole(imputed.count()),
        whole(parts),
        whole(input.scores.not_scored.len()),
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

fn rivals(input: &ReportInput<'_>) -> Option<String> {
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
