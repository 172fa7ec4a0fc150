//! Joint targeted area inspections: one row for each report published.

use crate::data::{Event, EventKind, Register};
use crate::error::Result;
use crate::read::area::{Checked, Wrong, known_authority};
use crate::read::intake::Intake;
use crate::read::load_report::FileReport;
use crate::read::own::events::read_rows;
use crate::read::table::day::plausible_date;
use crate::read::table::rows::{Row, Table};

/// The columns of the table. The name is a slug and identifies nobody; the days of the visit and
/// the length of the report are not events.
const COLUMNS: [&str; 7] = [
    "old_la_code",
    "la_name",
    "published",
    "inspection_dates",
    "priority_action",
    "mentions",
    "words",
];

const KIND: EventKind = EventKind::literal("jtai");
const PRIORITY_ACTION: EventKind = EventKind::literal("priority_action");
const SOURCE: &str = "Ofsted joint targeted area inspection";

/// Reads a table of reports: each is an event known from its publication, with a finding where an
/// area for priority action was named.
pub(crate) fn read(table: &mut Table, report: &mut FileReport, intake: &mut Intake) -> Result<()> {
    let at = table.columns(["old_la_code", "published", "priority_action"])?;
    table.note_others(&COLUMNS, report);
    read_rows(table, report, intake, |row, register| {
        event(row, at, register)
    })
}

fn event(row: &Row<'_>, at: [usize; 3], register: &Register) -> Checked<Event> {
    let [code, published, priority_action] = at.map(|place| row.text(place));
    Ok(Event {
        organisation: known_authority("old_la_code", code, register)?,
        kind: KIND,
        finding: match priority_action {
            "1" => Some(PRIORITY_ACTION),
            "0" => None,
            other => return Err(Wrong::new("priority_action", other, "1 or 0")),
        },
        known_from: plausible_date("published", published)?,
        source: SOURCE.to_owned(),
    })
}
