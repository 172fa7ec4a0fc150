//! The same inspection told by several files becomes one.
//!
//! Two rows tell of the same inspection if authority, framework and scope are equal, and if
//! either their first days of fieldwork are equal or their publication dates are at most
//! [`SAME_INSPECTION_DAYS`] apart. One file lists an inspection once: two rows of one file are the
//! same inspection only where one of those dates is equal.
//!
//! Where rows differ, the earlier publication wins: what was public on a day does not depend on what
//! became public after it. Of rows published on one day, the one that gives the first day of
//! fieldwork wins over one that gives publication dates only; between equals our own table wins over
//! the history workbook, and that over the wide workbook. Empty fields are filled from the next row
//! in that order, but never from one that was published later. The order of files and rows does not
//! matter. A slip in an early publication date is mended in its file.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::data::{AuthorityCode, Framework, Grade, Inspection, JudgementKey, Register, Scope};

/// Days between the publication dates that two files give for one inspection. The closest two
/// inspections of one authority, framework and scope from 2009 to 2023 were published 186 days
/// apart (Calderdale 2013, child protection); the largest known slip is 61 days (Nottingham 2022).
pub const SAME_INSPECTION_DAYS: i32 = 120;

/// Where an inspection was read, the source that wins first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InspectionSource {
    /// Our own table of inspections.
    Tidy,
    /// Ofsted's history of ILACS inspections.
    History,
    /// Ofsted's workbook with one row for each authority.
    Wide,
}

/// An inspection and the row that tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sourced {
    /// What the row says.
    pub inspection: Inspection,
    /// The layout of its file.
    pub source: InspectionSource,
    /// Its file.
    pub file: PathBuf,
    /// One-based line, or row of a sheet.
    pub line: u64,
}

/// Inspections, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Merged {
    /// By authority, framework, scope and publication.
    pub inspections: Vec<Inspection>,
    /// Rows that told of an inspection told by another row.
    pub merged: usize,
    /// Fields in which such rows differ: in words, with both rows and the rule that decided.
    pub conflicts: Vec<String>,
}

/// Merges the rows of all files; the register gives the names in the messages.
pub fn merge(mut rows: Vec<Sourced>, register: &Register) -> Merged {
    rows.sort_by(|a, b| a.precedence().cmp(&b.precedence()));
    let mut all = Merged::default();
    for subject in rows.chunk_by(|a, b| a.subject() == b.subject()) {
        let tellings = tellings(subject);
        all.merged += subject.len() - tellings.len();
        for rows in &tellings {
            all.inspections.push(combined(rows));
            all.conflicts.extend(conflicts(rows, register));
        }
    }
    all
}

type Subject = (AuthorityCode, Framework, Scope);

impl Sourced {
    fn subject(&self) -> Subject {
        let i = &self.inspection;
        (i.organisation, i.framework, i.scope)
    }

    /// Sorts by subject, then the row that wins first. Contents come before the place in a file,
    /// so that the order of rows decides nothing that can be seen.
    fn precedence(&self) -> impl Ord + '_ {
        let i = &self.inspection;
        let rank = (i.published, i.start.is_none(), self.source, i.start, i.end);
        let contents = (
            i.judgements,
            i.in_care_includes_care_leavers,
            &i.kind,
            &i.published_basis,
        );
        (self.subject(), rank, contents, &self.file, self.line)
    }

    fn same_start(&self, other: &Sourced) -> bool {
        let (a, b) = (self.inspection.start, other.inspection.start);
        a.is_some() && a == b
    }

    fn days_apart(&self, other: &Sourced) -> i32 {
        let (a, b) = (self.inspection.published, other.inspection.published);
        (a - b).get_days().abs()
    }

    fn place(&self) -> String {
        format!("{} row {}", self.file.display(), self.line)
    }
}

/// Sorts the rows about one subject into inspections; the row that wins comes first in each.
fn tellings(subject: &[Sourced]) -> Vec<Vec<&Sourced>> {
    let mut tellings: Vec<Vec<&Sourced>> = Vec::new();
    for row in subject {
        let closest = tellings
            .iter_mut()
            .filter(|rows| tells_of_same(rows, row))
            .min_by_key(|rows| (!rows[0].same_start(row), rows[0].days_apart(row)));
        match closest {
            Some(rows) => rows.push(row),
            None => tellings.push(vec![row]),
        }
    }
    tellings.sort_by_key(|rows| rows[0].inspection.published);
    tellings
}

fn tells_of_same(rows: &[&Sourced], row: &Sourced) -> bool {
    let near = rows[0].same_start(row) || rows[0].days_apart(row) <= SAME_INSPECTION_DAYS;
    let distinct = |other: &&Sourced| {
        other.file == row.file && !other.same_start(row) && other.days_apart(row) > 0
    };
    near && !rows.iter().any(distinct)
}

/// The first row, its empty fields filled from the next ones that were public by then.
fn combined(rows: &[&Sourced]) -> Inspection {
    let mut kept = rows[0].inspection.clone();
    for row in &rows[1..] {
        let other = &row.inspection;
        if other.published > kept.published {
            continue;
        }
        if kept.kind.is_empty() {
            kept.kind.clone_from(&other.kind);
        }
        kept.start = kept.start.or(other.start);
        kept.end = kept.end.or(other.end);
        kept.in_care_includes_care_leavers = kept
            .in_care_includes_care_leavers
            .or(other.in_care_includes_care_leavers);
        kept.judgements.fill_from(&other.judgements);
    }
    kept
}

/// The fields that rows may differ in, in words; empty where a row does not say.
fn facts(i: &Inspection) -> [(&'static str, String); 12] {
    let day = |date: Option<Date>| date.map(|d| d.to_string()).unwrap_or_default();
    let grade = |key| i.judgements.get(key).map_or("", Grade::words).to_owned();
    let joint = i.in_care_includes_care_leavers;
    [
        ("published", i.published.to_string()),
        ("inspection_start", day(i.start)),
        ("inspection_end", day(i.end)),
        ("inspection_type", i.kind.clone()),
        ("overall_effectiveness", grade(JudgementKey::OVERALL)),
        ("impact_of_leaders", grade(JudgementKey::LEADERS)),
        (
            "help_and_protection",
            grade(JudgementKey::HELP_AND_PROTECTION),
        ),
        ("in_care", grade(JudgementKey::IN_CARE)),
        (
            "in_care_includes_care_leavers",
            joint.map(|j| j.to_string()).unwrap_or_default(),
        ),
        ("care_leavers", grade(JudgementKey::CARE_LEAVERS)),
        ("adoption", grade(JudgementKey::ADOPTION)),
        ("lscb", grade(JudgementKey::LSCB)),
    ]
}

/// Each field in which a later row differs from what was kept.
fn conflicts(rows: &[&Sourced], register: &Register) -> Vec<String> {
    let lead = &rows[0].inspection;
    let name = register.get(lead.organisation).map_or("", |a| &a.name);
    let framework = lead.framework;
    let subject = format!("{name} ({}), {framework}", lead.organisation);
    // Who gave each kept field.
    let mut kept = facts(lead).map(|_| None::<(&Sourced, String)>);
    let mut found = Vec::new();
    for row in rows {
        let later = row.inspection.published > lead.published;
        for (slot, (field, text)) in kept.iter_mut().zip(facts(&row.inspection)) {
            if text.is_empty() {
                continue;
            }
            let told = format!("{text:?} in {}", row.place());
            match slot {
                Some((by, kept)) if *kept != text => found.push(format!(
                    "{subject}, {field}: {kept:?} in {}, {told}; kept the first: {}",
                    by.place(),
                    rule(by, row)
                )),
                None if later => found.push(format!(
                    "{subject}, {field}: not in {}, {told}; left empty: it was published later",
                    rows[0].place()
                )),
                None => *slot = Some((row, text)),
                Some(_) => {}
            }
        }
    }
    found
}

fn rule(kept: &Sourced, other: &Sourced) -> &'static str {
    if kept.inspection.published != other.inspection.published {
        "it was published first"
    } else if kept.inspection.start.is_some() && other.inspection.start.is_none() {
        "it gives the inspection's start"
    } else if kept.source != other.source {
        "our own table wins over the history workbook, and that over the wide one"
    } else {
        "of equal rows, the first in order of dates and grades"
    }
}
