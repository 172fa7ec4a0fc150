//! Our own table of events, in and out: one row for each event.
//!
//! ```text
//! organisation,kind,finding,known_from,source
//! X01,jtai,priority_action,2017-02-20,Ofsted joint targeted area inspection
//! X01,monitoring_visit,,2017-09-04,Ofsted monitoring visit
//! ```
//!
//! - `organisation` (or `authority`): a DfE number, an ONS code or a name. Neither England nor a
//!   region has events.
//! - `kind`, `finding`: up to 40 letters, digits, `_`, `-` or `.`; `finding` may be empty.
//! - `known_from`: the first day on which it was public, from 1990 to 2100.
//! - `source`: whence, in words.
//!
//! Columns may stand in any order. Rows that are equal in everything are one event.

use std::io::Write;

use super::settings::taken;
use super::tidy;
use crate::data::{AuthorityCode, Entity, Event, EventKind, Panel, Register};
use crate::error::Result;
use crate::read::area::{Checked, Wrong};
use crate::read::intake::Intake;
use crate::read::load_report::FileReport;
use crate::read::table::day::{Days, plausible};
use crate::read::table::rows::{Row, Table};
use crate::read::table::write;

/// The columns, in the order in which they are written.
pub const COLUMNS: [&str; 5] = ["organisation", "kind", "finding", "known_from", "source"];

/// What the first of [`COLUMNS`] may be called as well.
const AUTHORITY: &str = "authority";

/// Writes every event of the panel, in its order. What is written reads back to the same bytes.
///
/// # Errors
/// [`Error::Io`](crate::Error::Io) if `to` cannot be written.
pub fn write(panel: &Panel, to: impl Write) -> Result<()> {
    write::rows(
        "tidy events",
        COLUMNS,
        panel.events().iter().map(fields),
        to,
    )
}

fn fields(event: &Event) -> [String; 5] {
    [
        event.organisation.to_string(),
        event.kind.to_string(),
        event.finding.map(|f| f.to_string()).unwrap_or_default(),
        event.known_from.to_string(),
        event.source.clone(),
    ]
}

/// Reads events in this format into the panel.
pub(crate) fn read(table: &mut Table, report: &mut FileReport, intake: &mut Intake) -> Result<()> {
    let mut columns = COLUMNS;
    if table.optional(columns[0])?.is_none() && table.optional(AUTHORITY)?.is_some() {
        columns[0] = AUTHORITY;
    }
    let at = table.columns(columns)?;
    table.note_others(&columns, report);
    let days = Days::of(table, &[at[3]], report)?;
    read_rows(table, report, intake, |row, register| {
        event(row, columns[0], at, (register, &days))
    })
}

/// Takes the event of every row, or refuses the row.
pub(crate) fn read_rows(
    table: &mut Table,
    report: &mut FileReport,
    intake: &mut Intake,
    event: impl Fn(&Row<'_>, &Register) -> Checked<Event>,
) -> Result<()> {
    while let Some(row) = table.next()? {
        let event = event(&row, intake.panel.register());
        if let Some(event) = taken(report, row.line, event) {
            report.events += 1;
            intake.panel.event(event);
        }
    }
    Ok(())
}

fn event(
    row: &Row<'_>,
    who: &str,
    at: [usize; 5],
    (register, days): (&Register, &Days),
) -> Checked<Event> {
    let [organisation, kind, finding, known_from, source] = at.map(|place| row.text(place));
    Ok(Event {
        organisation: self::organisation(who, organisation, register)?,
        kind: self::kind("kind", kind)?,
        finding: match finding {
            "" => None,
            finding => Some(self::kind("finding", finding)?),
        },
        known_from: plausible(
            "known_from",
            known_from,
            days.date((at[3], "known_from"), known_from)?,
        )?,
        source: source.to_owned(),
    })
}

fn organisation(column: &str, text: &str, register: &Register) -> Checked<AuthorityCode> {
    match tidy::entity(column, text, register)? {
        Entity::Authority(code) => Ok(code),
        Entity::England | Entity::Region(_) => {
            let expected = "an authority: England and regions have no events";
            Err(Wrong::new(column, text, expected))
        }
    }
}

fn kind(column: &str, text: &str) -> Checked<EventKind> {
    EventKind::new(text).map_err(|_| {
        let expected = "a code of up to 40 letters, digits, '_', '-' or '.'";
        Wrong::new(column, text, expected)
    })
}
