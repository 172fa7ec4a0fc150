//! Our own table of inspections, in and out: CSV with a header, one row for each inspection.
//!
//! | column | content |
//! |---|---|
//! | `la_code`, `old_la_code` | ONS code, DfE number: one of them is enough, and `old_la_code` is the authority's own |
//! | `la_name` | for human readers, not read |
//! | `framework` | `SLAC`, `CPI`, `TLAC`, `SIF`, `ILACS` |
//! | `inspection_type` | free text: `first`, `reinspection`, `short`, `standard`... |
//! | `scope` | `all` (assumed where empty), `safeguarding_and_looked_after`, `safeguarding_only`, `child_protection_only`, `looked_after_only` |
//! | `inspection_start`, `inspection_end`, `published` | `2019-04-01` |
//! | `published_basis` | free text: where that day was read from |
//! | `overall_effectiveness`, `impact_of_leaders`, `help_and_protection`, `in_care`, `care_leavers`, `adoption`, `lscb` | `outstanding`, `good`, `requires_improvement`, `inadequate`, or empty |
//! | `in_care_includes_care_leavers` | `yes`, `no`, or empty |
//!
//! Columns may stand in any order. A code column, `framework` and `published` are required; what
//! other column is missing is empty. Further columns are named in the report and ignored.

use std::io::{self, Read, Write};
use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::value::{Error as NotOneOf, StrDeserializer};

use crate::data::{
    AuthorityCode, Framework, Inspection, JudgementKey, Judgements, Panel, Register, Scope,
};
use crate::error::Result;
use crate::read::load_report::FileReport;
use crate::read::merge::{InspectionSource, Sourced};
use crate::read::table::rows;
use crate::read::table::rows::Table;
use crate::services::childrens_services::inspection::JUDGEMENTS;

/// The columns, in the order in which they are written.
pub const COLUMNS: [&str; 18] = [
    "la_code",
    "old_la_code",
    "la_name",
    "framework",
    "inspection_type",
    "scope",
    "inspection_start",
    "inspection_end",
    "published",
    "published_basis",
    "overall_effectiveness",
    "impact_of_leaders",
    "help_and_protection",
    "in_care",
    "in_care_includes_care_leavers",
    "care_leavers",
    "adoption",
    "lscb",
];

const GRADES: &str = "outstanding, good, requires_improvement, inadequate, or empty";

/// Reads a table of inspections. A row that cannot be read is refused and listed in `report`.
///
/// # Errors
/// [`Malformed`](crate::Error::Malformed) if a required column is missing, a column stands twice or a row has fewer
/// or more cells than the header; [`Io`](crate::Error::Io) if the file cannot be read.
pub fn read(
    file: &Path,
    reader: impl Read,
    register: &Register,
    report: &mut FileReport,
) -> Result<Vec<Sourced>> {
    read_table(&mut Table::new(file, reader)?, register, report)
}

/// As [`read`], from a table whose header was read.
pub(crate) fn read_table<R: Read>(
    table: &mut Table<R>,
    register: &Register,
    report: &mut FileReport,
) -> Result<Vec<Sourced>> {
    let places = places(table)?;
    table.note_others(&COLUMNS, report);
    let file = table.path().to_owned();
    let mut inspections = Vec::new();
    while let Some(cells) = table.next()? {
        report.rows += 1;
        let line = cells.line;
        let row = Row {
            places: &places,
            cells,
        };
        match row.inspection(register) {
            Ok(inspection) => inspections.push(Sourced {
                inspection,
                source: InspectionSource::Tidy,
                file: file.clone(),
                line,
            }),
            Err(no) => report.refuse(line, no.column, &no.found, no.expected),
        }
    }
    Ok(inspections)
}

/// Place of each of [`COLUMNS`], where there is one.
type Places = [Option<usize>; 18];

fn places<R: Read>(table: &Table<R>) -> Result<Places> {
    let mut places = [None; 18];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        *place = table.optional(column)?;
    }
    for required in ["framework", "published"] {
        table.column(required)?;
    }
    if table.optional("la_code")?.is_none() {
        table.column("old_la_code")?;
    }
    Ok(places)
}

/// Why a row is refused.
struct Refused {
    column: &'static str,
    found: String,
    expected: &'static str,
}

type Checked<T> = std::result::Result<T, Refused>;

struct Row<'a> {
    places: &'a Places,
    cells: rows::Row<'a>,
}

impl Row<'_> {
    fn text(&self, column: &str) -> &str {
        let at = COLUMNS.iter().position(|c| *c == column);
        let place = at.and_then(|at| self.places[at]);
        place.map_or("", |place| self.cells.text(place))
    }

    fn refused(&self, column: &'static str, expected: &'static str) -> Refused {
        Refused {
            column,
            found: self.text(column).to_owned(),
            expected,
        }
    }

    fn inspection(&self, register: &Register) -> Checked<Inspection> {
        let frameworks = "SLAC, CPI, TLAC, SIF or ILACS";
        let framework: Option<Framework> = self.one_of("framework", frameworks)?;
        let scopes = "all, safeguarding_and_looked_after, safeguarding_only, \
                      child_protection_only, looked_after_only, or empty for all";
        let scope: Option<Scope> = self.one_of("scope", scopes)?;
        let published = self.day("published")?;
        let inspection = Inspection {
            authority: self.authority(register)?,
            framework: framework.ok_or(self.refused("framework", frameworks))?,
            kind: self.text("inspection_type").to_owned(),
            scope: scope.unwrap_or(Scope::All),
            start: self.day("inspection_start")?,
            end: self.day("inspection_end")?,
            published: published.ok_or(self.refused("published", "a day, as 2019-04-01"))?,
            published_basis: self.text("published_basis").to_owned(),
            judgements: self.judgements()?,
            in_care_includes_care_leavers: self.yes_or_no("in_care_includes_care_leavers")?,
        };
        self.in_order(&inspection)?;
        Ok(inspection)
    }

    fn authority(&self, register: &Register) -> Checked<AuthorityCode> {
        let (number, ons) = (self.text("old_la_code"), self.text("la_code"));
        let expected = "the code of an authority of the register";
        let (column, code) = match number {
            "" => ("la_code", ons),
            number => ("old_la_code", number),
        };
        let found = register.find(code);
        let authority = found.map_err(|_| self.refused(column, expected))?;
        if !ons.is_empty() && register.find(ons).ok() != Some(authority) {
            return Err(self.refused("la_code", "an ONS code of the authority in old_la_code"));
        }
        Ok(authority.code)
    }

    fn judgements(&self) -> Checked<Judgements> {
        let mut given = Judgements::default();
        for (place, (column, _)) in JUDGEMENTS.into_iter().enumerate() {
            if let Some(key) = JudgementKey::at(place) {
                given.set(key, self.one_of(column, GRADES)?);
            }
        }
        Ok(given)
    }

    fn in_order(&self, inspection: &Inspection) -> Checked<()> {
        let (start, end) = (inspection.start, inspection.end);
        if start.is_some_and(|start| inspection.published < start) {
            let expected = "a day on or after inspection_start";
            return Err(self.refused("published", expected));
        }
        if start.zip(end).is_some_and(|(start, end)| end < start) {
            let expected = "a day on or after inspection_start";
            return Err(self.refused("inspection_end", expected));
        }
        Ok(())
    }

    /// A word that serde knows for one of the values of `T`; none where the cell is empty.
    fn one_of<'a, T: Deserialize<'a>>(
        &'a self,
        column: &'static str,
        expected: &'static str,
    ) -> Checked<Option<T>> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        T::deserialize(StrDeserializer::<NotOneOf>::new(text))
            .map(Some)
            .map_err(|_| self.refused(column, expected))
    }

    fn day(&self, column: &'static str) -> Checked<Option<Date>> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        // jiff knows other spellings, which would not be written back as they were.
        let exact = |date: &Date| date.to_string() == text;
        let date = text.parse().ok().filter(exact);
        let expected = "a day that exists, as 2019-04-01";
        date.map(Some).ok_or_else(|| self.refused(column, expected))
    }

    fn yes_or_no(&self, column: &'static str) -> Checked<Option<bool>> {
        match self.text(column) {
            "" => Ok(None),
            "yes" => Ok(Some(true)),
            "no" => Ok(Some(false)),
            _ => Err(self.refused(column, "yes, no, or empty")),
        }
    }
}

/// Writes every inspection of the panel, by authority and publication.
///
/// # Errors
/// What `out` says.
pub fn write_panel(panel: &Panel, out: impl Write) -> io::Result<()> {
    write(panel.inspections(), panel.register(), out)
}

/// Writes inspections as [`read`] reads them, in the order given. An authority that the register
/// does not know is written by its code alone.
///
/// # Errors
/// What `out` says.
pub fn write(inspections: &[Inspection], register: &Register, out: impl Write) -> io::Result<()> {
    let mut csv = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(out);
    csv.write_record(COLUMNS)?;
    for i in inspections {
        let authority = register.get(i.authority);
        let ons = authority.and_then(|a| a.ons_codes.first());
        let names = (ons, i.authority, authority.map(|a| &a.name));
        let joint = i.in_care_includes_care_leavers;
        let j = |place| JudgementKey::at(place).and_then(|key| i.judgements.get(key));
        let basis = &i.published_basis;
        csv.serialize((
            (names, i.framework, &i.kind, i.scope),
            (i.start, i.end, i.published, basis),
            (j(0), j(1), j(2), j(3)),
            joint.map(|joint| if joint { "yes" } else { "no" }),
            (j(4), j(5), j(6)),
        ))?;
    }
    csv.flush()
}
