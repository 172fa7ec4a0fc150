//! Statistical neighbours, each list with the day from which its model was known.

use jiff::civil::Date;

use crate::data::{AuthorityCode, Register};
use crate::error::Result;
use crate::read::area::{Checked, Wrong, known_authority};
use crate::read::load_report::{FileReport, Layout};
use crate::read::own::settings::{Stated, taken};
use crate::read::table::day::plausible_date;
use crate::read::table::rows::{Row, Table};

/// Lists of files, by authority and the day from which they are known.
pub(crate) type Neighbours = Stated<(AuthorityCode, Date), Vec<AuthorityCode>>;

/// How the lists of one model are laid out.
pub(crate) struct Model {
    layout: Layout,
    /// The column of DfE numbers.
    code: &'static str,
    /// A second column of them, where the table has one.
    again: Option<&'static str>,
    /// The neighbours, the closest first.
    neighbours: [&'static str; 10],
    /// The first day on which the model was surely public.
    known_from: Date,
}

const MODELS: [Model; 2] = [
    // The file says April 2021 by its name: the end of the month again.
    Model {
        layout: Layout::Neighbours2021,
        code: "LA num",
        again: Some("LA number"),
        neighbours: [
            "SN1", "SN2", "SN3", "SN4", "SN5", "SN6", "SN7", "SN8", "SN9", "SN10",
        ],
        known_from: Date::constant(2021, 4, 30),
    },
    // The tool says May 2025: the end of the month is the conservative reading.
    Model {
        layout: Layout::Neighbours,
        code: "old_la_code",
        again: None,
        neighbours: [
            "SN_1", "SN_2", "SN_3", "SN_4", "SN_5", "SN_6", "SN_7", "SN_8", "SN_9", "SN_10",
        ],
        known_from: Date::constant(2025, 5, 31),
    },
];

/// A column that may state another day for each list: a later model in the same layout.
const KNOWN_FROM: &str = "known_from";

/// The model of a layout.
pub(crate) fn model(layout: Layout) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.layout == layout)
}

/// Reads the lists of a model.
pub(crate) fn read(
    model: &Model,
    table: &mut Table,
    report: &mut FileReport,
    register: &Register,
    neighbours: &mut Neighbours,
) -> Result<()> {
    let places = Places::new(model, table)?;
    let path = table.path().to_owned();
    let mut passed_over = 0;
    while let Some(row) = table.next()? {
        if places.is_no_list(&row) {
            report.rows += 1;
            passed_over += 1;
            continue;
        }
        let Some(key) = taken(report, row.line, places.key(&row, register)) else {
            continue;
        };
        let closest = places.closest(key.0, &row, register, report);
        let place = (path.as_path(), row.line, model.code, row.text(places.code));
        neighbours.insert(key, closest, place)?;
    }
    if passed_over > 0 {
        let note = format!("{passed_over} rows passed over: they name no authority");
        report.notes.push(note);
    }
    if places.known_from.is_none() {
        let note = format!(
            "known from {}: a column {KNOWN_FROM} may state another day",
            model.known_from
        );
        report.notes.push(note);
    }
    Ok(())
}

/// Where a table has what a model needs.
struct Places<'a> {
    model: &'a Model,
    code: usize,
    again: Option<(usize, &'static str)>,
    neighbours: [usize; 10],
    known_from: Option<usize>,
}

impl<'a> Places<'a> {
    fn new(model: &'a Model, table: &Table) -> Result<Self> {
        Ok(Places {
            model,
            code: table.column(model.code)?,
            again: match model.again {
                Some(column) => Some((table.column(column)?, column)),
                None => None,
            },
            neighbours: table.columns(model.neighbours)?,
            known_from: table.optional(KNOWN_FROM)?,
        })
    }

    /// A heading, or a row left empty: neither an authority nor a neighbour.
    fn is_no_list(&self, row: &Row<'_>) -> bool {
        let again = self.again.map(|(at, _)| at);
        let mut all = [self.code].into_iter().chain(again).chain(self.neighbours);
        all.all(|at| row.text(at).is_empty())
    }

    /// Whose list it is, and since when it is known.
    fn key(&self, row: &Row<'_>, register: &Register) -> Checked<(AuthorityCode, Date)> {
        let number = row.text(self.code);
        let own = known_authority(self.model.code, number, register)?;
        if let Some((at, column)) = self.again
            && row.text(at) != number
        {
            let expected = format!("{number}, as in {}", self.model.code);
            return Err(Wrong::new(column, row.text(at), expected));
        }
        let known_from = match self.known_from {
            Some(at) => plausible_date(KNOWN_FROM, row.text(at))?,
            None => self.model.known_from,
        };
        Ok((own, known_from))
    }

    /// The neighbours; a cell that names none is refused, and the others are kept.
    fn closest(
        &self,
        own: AuthorityCode,
        row: &Row<'_>,
        register: &Register,
        report: &mut FileReport,
    ) -> Vec<AuthorityCode> {
        let mut closest = Vec::new();
        for (at, column) in self.neighbours.into_iter().zip(self.model.neighbours) {
            let neighbour = known_authority(column, row.text(at), register)
                .and_then(|code| another(code, own, &closest, column));
            match neighbour {
                Ok(neighbour) => closest.push(neighbour),
                Err(wrong) => report.refuse(row.line, column, &wrong.found, &wrong.expected),
            }
        }
        closest
    }
}

/// A neighbour that is neither the authority itself nor named before, so that none counts twice.
fn another(
    code: AuthorityCode,
    own: AuthorityCode,
    before: &[AuthorityCode],
    column: &str,
) -> Checked<AuthorityCode> {
    if code != own && !before.contains(&code) {
        return Ok(code);
    }
    let expected = "another authority, named once in its row";
    Err(Wrong::new(column, code.as_str(), expected))
}

/// Sets the neighbours of files.
pub(crate) fn set(register: &mut Register, neighbours: Neighbours) {
    for ((code, known_from), closest) in neighbours.into_values() {
        register.set_neighbours(code, known_from, closest);
    }
}
