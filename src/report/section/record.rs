//! The record: the fields of the UK Algorithmic Transparency Recording Standard, and a checklist in
//! the manner of TRIPOD+AI, filled from the result. What the result does not know is unfilled.

use serde::Serialize;

use super::answers::{
    Field, completeness, method, model, performance, predictors, purpose, quantities, read, rivals,
    said, sources,
};
use super::checklist;
use crate::error::Result;
use crate::report::draw::chart::Table;
use crate::report::input::ReportInput;
use crate::report::page::{Section, render};

#[derive(Serialize)]
struct Body {
    transparency: Table,
    transparency_unfilled: Vec<&'static str>,
    checklist: Table,
    checklist_unfilled: Vec<&'static str>,
}

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

/// Tiers 1 and 2 of the standard, in its order.
fn transparency(input: &ReportInput<'_>) -> Vec<Field> {
    vec![
        (
            "1.1 Name",
            Some(format!(
                "forewarn, early-warning risk scores: {}",
                input.service.title()
            )),
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
            Some(format!(
                "For each {}: probability and place with intervals, the figures that raise it with the day each became known, what is missing, the last judgement.",
                input.nouns().one(),
            )),
        ),
        ("2.3.3 Frequency and scale of usage", None),
        (
            "2.3.4 Human decisions and review",
            Some(format!(
                "People decide. Each {} on the list has a column for agreement or disagreement and why.",
                input.nouns().one(),
            )),
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
            Some(format!(
                "None: figures of whole {}, no person\u{2019}s data.",
                input.nouns().many(),
            )),
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
