//! From the sheets of a workbook to inspections.

#[cfg(feature = "ods")]
use std::io::{Read, Seek};
use std::path::Path;

use jiff::civil::Date;

use super::cell::{day, grade, is_blank, kind};
use super::header::{Column, Field, Group, Table, Who};
use crate::data::{
    AuthorityCode, Framework, Inspection, JudgementKey, Judgements, Register, Scope,
};
use crate::error;
use crate::read::area::unknown_authority;
use crate::read::load_report::{FileReport, Layout};
use crate::read::merge::{InspectionSource, Sourced};
#[cfg(feature = "ods")]
use crate::read::table::ods::workbook;
use crate::read::table::sheet::{Row, Sheet};

/// The inspections of one sheet, and what became of its rows.
#[derive(Clone, Debug)]
pub struct InspectionSheet {
    /// What was read and refused; the sheet's name is in its notes.
    pub report: FileReport,
    /// The inspections, in the order of the sheet.
    pub inspections: Vec<Sourced>,
}

/// Reads every sheet of a workbook that has the header row of a known layout among its first ten
/// rows; no sheet if there is none. Nothing is taken from the name of a file or sheet.
///
/// A row or inspection that cannot be read is refused and listed in the report: an authority that
/// the register does not know, an unknown grade, a date that does not exist.
///
/// # Errors
/// [`Error::Malformed`](crate::Error::Malformed) if it is not an OpenDocument spreadsheet;
/// [`Error::TooLarge`](crate::Error::TooLarge) if it unpacks to more than any real workbook.
#[cfg(feature = "ods")]
pub fn read(
    file: &Path,
    reader: impl Read + Seek,
    register: &Register,
    sha256: &str,
) -> error::Result<Vec<InspectionSheet>> {
    let known = |row: &Row| Table::recognise(row).is_some();
    let sheets = workbook::sheets(file, reader, known)?;
    let read = sheets
        .iter()
        .map(|sheet| read_sheet(file, sheet, register, sha256));
    Ok(read.collect())
}

/// Reads a sheet that was saved as CSV.
pub(crate) fn read_csv(file: &Path, register: &Register) -> error::Result<InspectionSheet> {
    let (sheet, sha256) = Sheet::from_csv(file)?;
    Ok(read_sheet(file, &sheet, register, &sha256))
}

fn read_sheet(file: &Path, sheet: &Sheet, register: &Register, sha256: &str) -> InspectionSheet {
    let mut report = FileReport::new(file.to_owned(), Layout::OfstedWide, sha256.to_owned());
    report.notes.push(format!("sheet {}", sheet.name));
    let mut source = InspectionSource::Wide;
    let mut inspections = Vec::new();
    let mut tables = 0;
    let mut table = None;
    for row in &sheet.rows {
        if let Some(next) = Table::recognise(row) {
            if next.who == Who::Code {
                (report.layout, source) = (Layout::OfstedHistory, InspectionSource::History);
            }
            note_unused(&mut report, row.number, &next);
            table = Some(next);
            tables += 1;
        } else if let Some(table) = &table {
            let read = table.read(row, tables > 1, register, &mut report);
            inspections.extend(read.into_iter().map(|inspection| Sourced {
                inspection,
                source,
                file: file.to_owned(),
                line: row.number,
            }));
        }
    }
    InspectionSheet {
        report,
        inspections,
    }
}

fn note_unused(report: &mut FileReport, line: u64, table: &Table) {
    let unused = table.unused.join(", ");
    report
        .notes
        .push(format!("header in row {line}, columns not used: {unused}"));
}

impl Table {
    /// The inspections that a row tells of. What cannot be read is refused.
    fn read(
        &self,
        row: &Row,
        abolished: bool,
        register: &Register,
        report: &mut FileReport,
    ) -> Vec<Inspection> {
        let who = row.text(self.who_at).trim();
        let mut groups = self.groups.iter().filter(|g| !g.is_blank(row)).peekable();
        if groups.peek().is_none() {
            // An authority without inspections, a title or a footnote.
            report.rows += usize::from(!who.is_empty());
            return Vec::new();
        }
        report.rows += 1;
        if row.repeated > 1 {
            let (line, count) = (row.number, row.repeated);
            report
                .notes
                .push(format!("row {line} stands {count} times: read once"));
        }
        let Some(authority) = self.authority(row, who, abolished, register) else {
            let expected = unknown_authority(self.who.header(), who, register).expected;
            report.refuse(row.number, self.who.header(), who, &expected);
            return Vec::new();
        };
        let mut inspections = Vec::new();
        for group in groups {
            match group.inspection(row, authority) {
                Ok(inspection) => inspections.push(inspection),
                Err((column, found, expected)) => {
                    report.refuse(row.number, column, found, expected);
                }
            }
        }
        inspections
    }

    /// Whose row it is. Where two authorities bore a name in turn (Dorset), the first table of a
    /// sheet means the one that still exists, a later table (of abolished authorities) the one
    /// that existed when its first inspection was published.
    fn authority(
        &self,
        row: &Row,
        who: &str,
        abolished: bool,
        register: &Register,
    ) -> Option<AuthorityCode> {
        let published = |group: &Group| day(row.text(group.column(Field::Published)?.at)).ok()?;
        let found = match self.who {
            Who::Code => register.find(who).ok(),
            Who::Name if abolished => {
                register.find_name(who, self.groups.iter().filter_map(published).min())
            }
            Who::Name => register.find_name(who, Some(Date::MAX)),
        };
        found.map(|authority| authority.code)
    }
}

/// Column, what was found there, what was expected.
type Mismatch<'a> = (&'a str, &'a str, &'static str);

impl Group {
    fn is_blank(&self, row: &Row) -> bool {
        let blank = |c: &Column| is_blank(row.text(c.at));
        self.columns.iter().all(blank)
    }

    /// The inspection that the group's cells in a row tell of.
    fn inspection<'a>(
        &'a self,
        row: &'a Row,
        organisation: AuthorityCode,
    ) -> Result<Inspection, Mismatch<'a>> {
        let mut draft = Draft::default();
        for column in &self.columns {
            let text = row.text(column.at).trim();
            draft
                .take(column.field, text)
                .map_err(|expected| (column.header.as_str(), text, expected))?;
        }
        let (label, text) = self
            .column(Field::Published)
            .map_or(("publication date", ""), |c| (&c.header, row.text(c.at)));
        let published = draft.published.ok_or((label, text, "a publication date"))?;
        if draft.start.is_some_and(|start| start > published) {
            return Err((label, text, "a day on or after the inspection date"));
        }
        if draft.judgements == Judgements::default() {
            return Err((label, text, "a grade beside the publication date"));
        }
        let judgements = self.completed(draft.judgements);
        let ilacs = self.framework == Framework::Ilacs;
        // ILACS judges care leavers apart since 2023; before, the judgement was a joint one.
        let joint = judgements
            .get(JudgementKey::IN_CARE)
            .map(|_| judgements.get(JudgementKey::CARE_LEAVERS).is_none());
        Ok(Inspection {
            organisation,
            framework: self.framework,
            kind: if ilacs { draft.kind } else { self.kind }.to_owned(),
            scope: self.scope,
            start: draft.start,
            end: None,
            published,
            judgements,
            published_basis: "ofsted_table".to_owned(),
            in_care_includes_care_leavers: joint.filter(|_| ilacs),
        })
    }

    /// An inspection of one service has one grade: the overall one and that service's are equal.
    fn completed(&self, mut j: Judgements) -> Judgements {
        let overall = j.get(JudgementKey::OVERALL);
        if self.scope == Scope::LookedAfterOnly {
            let grade = overall.or(j.get(JudgementKey::IN_CARE));
            j.set(JudgementKey::OVERALL, grade);
            j.set(JudgementKey::IN_CARE, grade);
        } else if self.scope != Scope::All {
            j.set(JudgementKey::HELP_AND_PROTECTION, overall);
        }
        j
    }
}

/// What the cells of one group say.
#[derive(Default)]
struct Draft {
    kind: &'static str,
    start: Option<Date>,
    published: Option<Date>,
    judgements: Judgements,
}

impl Draft {
    fn take(&mut self, field: Field, text: &str) -> Result<(), &'static str> {
        let judged = &mut self.judgements;
        match field {
            Field::Kind => self.kind = kind(text)?,
            Field::Start => self.start = day(text)?,
            Field::Published => self.published = day(text)?,
            Field::Overall => judged.set(JudgementKey::OVERALL, grade(text)?),
            Field::Leaders => judged.set(JudgementKey::LEADERS, grade(text)?),
            Field::HelpAndProtection => judged.set(JudgementKey::HELP_AND_PROTECTION, grade(text)?),
            Field::InCare => judged.set(JudgementKey::IN_CARE, grade(text)?),
            Field::CareLeavers => judged.set(JudgementKey::CARE_LEAVERS, grade(text)?),
            Field::Adoption => judged.set(JudgementKey::ADOPTION, grade(text)?),
            Field::Lscb => judged.set(JudgementKey::LSCB, grade(text)?),
        }
        Ok(())
    }
}
