//! Our own table of inspections, in and out: CSV with a header, one row for each inspection.
//!
//! | column | content |
//! |---|---|
//! | `la_code`, `old_la_code` | ONS code, DfE number: one of them is enough, and `old_la_code` is the authority's own |
//! | `la_name` | for human readers, not read |
//! | `framework` | `SLAC`, `CPI`, `TLAC`, `SIF`, `ILACS` |
//! | `inspection_type` | free text: `first`, `reinspection`, `short`, `standard`... |
//! | `scope` | `all` (assumed where empty), `safeguarding_and_looked_after`, `safeguarding_only`, `child_protection_only`, `looked_after_only` |
//! | `inspection_start`, `inspection_end`, `published` | `2019-04-01`; or `01/04/2019`, `04/01/2019`, `01.04.2019`, `1 April 2019` or `2019-04-01 00:00:00` where all of the column is written so, and one cell can be read in one way alone |
//! | `published_basis` | free text: where that day was read from |
//! | `overall_effectiveness`, `impact_of_leaders`, `help_and_protection`, `in_care`, `care_leavers`, `adoption`, `lscb` | `outstanding`, `good`, `requires_improvement`, `inadequate`, or empty |
//! | `in_care_includes_care_leavers` | `yes`, `no`, or empty |
//!
//! Columns may stand in any order. A code column, `framework` and `published` are required; what
//! other column is missing is empty. Further columns are named in the report and ignored.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::path::Path;

use crate::data::{
    AuthorityCode, FrameworkRules, Inspection, JudgementKey, Judgements, Panel, Register, Scope,
    Service,
};
use crate::error::Result;
use crate::read::area::YEARS;
use crate::read::load_report::FileReport;
use crate::read::merge::{InspectionSource, Sourced};
use crate::read::table::day::DayForm;
use crate::read::table::rows;
use crate::read::table::rows::Table;
use csv::StringRecord;
use jiff::civil::Date;

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
    let service = Service::childrens_services();
    read_table(&mut Table::new(file, reader)?, service, register, report)
}

/// As [`read`], from a table whose header was read.
pub(crate) fn read_table<R: Read>(
    table: &mut Table<R>,
    service: &Service,
    register: &Register,
    report: &mut FileReport,
) -> Result<Vec<Sourced>> {
    let places = places(table, service)?;
    let known: Vec<&str> = COLUMNS.into_iter().chain([ORGANISATION]).collect();
    let judged = service
        .judgements()
        .map(|(_, judgement)| judgement.column.as_str());
    let known: Vec<&str> = known.into_iter().chain(judged).collect();
    table.note_others(&known, report);
    let file = table.path().to_owned();
    let mut kept = Vec::new();
    while let Some(cells) = table.next()? {
        kept.push(cells.to_kept());
    }
    let days = Days::new(&places, &kept);
    report.notes.extend(days.notes());
    let mut inspections = Vec::new();
    for cells in kept.iter().map(rows::Row::kept) {
        report.rows += 1;
        let line = cells.line;
        let row = Row {
            places: &places,
            days: &days,
            cells,
        };
        match row.inspection(service, register) {
            Ok(inspection) => inspections.push(Sourced {
                inspection,
                source: InspectionSource::Tidy,
                file: file.clone(),
                line,
            }),
            Err(no) => report.refuse(line, &no.column, &no.found, &no.expected),
        }
    }
    Ok(inspections)
}

/// The code column of any service; `old_la_code` and `la_code` are those of authorities.
const ORGANISATION: &str = "organisation";

/// Place of each column that there is, by name.
type Places = BTreeMap<String, usize>;

fn places<R: Read>(table: &Table<R>, service: &Service) -> Result<Places> {
    let judged = service
        .judgements()
        .map(|(_, judgement)| judgement.column.clone());
    let names = COLUMNS.into_iter().chain([ORGANISATION]).map(str::to_owned);
    let mut places = Places::new();
    for name in names.chain(judged) {
        if let Some(place) = table.optional(&name)? {
            places.insert(name, place);
        }
    }
    for required in ["framework", "published"] {
        table.column(required)?;
    }
    let codes = [ORGANISATION, "old_la_code", "la_code"];
    if !codes.iter().any(|code| places.contains_key(*code)) {
        table.column("old_la_code")?;
    }
    Ok(places)
}

/// The columns of days.
const DAYS: [&str; 3] = ["inspection_start", "inspection_end", "published"];

/// How each column of days is written.
struct Days([DayForm; 3]);

impl Days {
    fn new(places: &Places, rows: &[(u64, StringRecord)]) -> Days {
        Days(DAYS.map(|column| {
            let place = places.get(column);
            let cell = |row| place.map_or("", |at| rows::Row::kept(row).text(*at));
            DayForm::of(rows.iter().map(cell))
        }))
    }

    fn form(&self, column: &str) -> DayForm {
        let place = DAYS.iter().position(|name| *name == column);
        place.map_or(DayForm::Iso, |at| self.0[at])
    }

    fn notes(&self) -> impl Iterator<Item = String> {
        let forms = DAYS.iter().zip(self.0);
        forms.filter_map(|(column, form)| form.note(column))
    }
}

/// Why a row is refused.
struct Refused {
    column: String,
    found: String,
    expected: String,
}

type Checked<T> = std::result::Result<T, Refused>;

struct Row<'a> {
    places: &'a Places,
    days: &'a Days,
    cells: rows::Row<'a>,
}

impl Row<'_> {
    fn text(&self, column: &str) -> &str {
        let place = self.places.get(column);
        place.map_or("", |place| self.cells.text(*place))
    }

    fn refused(&self, column: &str, expected: impl Into<String>) -> Refused {
        Refused {
            column: column.to_owned(),
            found: self.text(column).to_owned(),
            expected: expected.into(),
        }
    }

    fn inspection(&self, service: &Service, register: &Register) -> Checked<Inspection> {
        let framework = self.framework(service)?;
        let published = self.day("published")?;
        let inspection = Inspection {
            organisation: self.authority(register)?,
            framework: framework.framework,
            kind: self.text("inspection_type").to_owned(),
            scope: self.scope(service)?,
            start: self.day("inspection_start")?,
            end: self.day("inspection_end")?,
            published: published
                .ok_or_else(|| self.refused("published", "a day, as 2019-04-01"))?,
            published_basis: self.text("published_basis").to_owned(),
            judgements: self.judgements(service, framework)?,
            in_care_includes_care_leavers: self.yes_or_no("in_care_includes_care_leavers")?,
        };
        self.in_order(&inspection)?;
        Ok(inspection)
    }

    fn framework<'s>(&self, service: &'s Service) -> Checked<&'s FrameworkRules> {
        let found = service.framework(self.text("framework"));
        found.map_err(|_| {
            let names = service.frameworks().iter();
            let names = names.map(|rules| rules.framework.name());
            self.refused("framework", either(names))
        })
    }

    fn scope(&self, service: &Service) -> Checked<Scope> {
        let names = || service.scopes().iter().map(|scope| scope.name());
        match (self.text("scope"), service.scopes()) {
            ("", [whole, ..]) => Ok(*whole),
            (name, _) => service.scope(name).map_err(|_| {
                let whole = names().next().unwrap_or_default();
                let all: Vec<&str> = names().collect();
                let expected = format!("{}, or empty for {whole}", all.join(", "));
                self.refused("scope", expected)
            }),
        }
    }

    fn authority(&self, register: &Register) -> Checked<AuthorityCode> {
        let ons = self.text("la_code");
        let expected = "the code of an authority of the register";
        let numbers = [ORGANISATION, "old_la_code"].map(|column| (column, self.text(column)));
        let (column, code) = match numbers.into_iter().find(|(_, code)| !code.is_empty()) {
            None => ("la_code", ons),
            Some(number) => number,
        };
        let authority = register.find(code).map_err(|_| {
            let near = register.instead_of(code);
            self.refused(column, near.unwrap_or_else(|| expected.to_owned()))
        })?;
        if !ons.is_empty() && register.find(ons).ok() != Some(authority) {
            return Err(self.refused("la_code", "an ONS code of the authority in old_la_code"));
        }
        Ok(authority.code)
    }

    fn judgements(&self, service: &Service, framework: &FrameworkRules) -> Checked<Judgements> {
        let mut given = Judgements::default();
        for (key, judgement) in service.judgements() {
            let text = self.text(&judgement.column);
            if text.is_empty() {
                continue;
            }
            let grade = service.grade(framework, text).map_err(|_| {
                let names: Vec<&str> = service.grades().iter().map(|g| g.name()).collect();
                self.refused(&judgement.column, format!("{}, or empty", names.join(", ")))
            })?;
            given.set(key, Some(grade));
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

    fn day(&self, column: &str) -> Checked<Option<Date>> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        match self.days.form(column).read(text) {
            Ok(day) if YEARS.contains(&day.year()) => Ok(Some(day)),
            Ok(_) => {
                let expected = format!("a day from {} to {}", YEARS.start(), YEARS.end());
                Err(self.refused(column, expected))
            }
            Err(expected) => Err(self.refused(column, expected)),
        }
    }

    fn yes_or_no(&self, column: &str) -> Checked<Option<bool>> {
        match self.text(column) {
            "" => Ok(None),
            "yes" => Ok(Some(true)),
            "no" => Ok(Some(false)),
            _ => Err(self.refused(column, "yes, no, or empty")),
        }
    }
}

/// Names, the last after "or".
fn either<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
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
        let authority = register.get(i.organisation);
        let ons = authority.and_then(|a| a.ons_codes.first());
        let names = (ons, i.organisation, authority.map(|a| &a.name));
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
