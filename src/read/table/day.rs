//! How a column writes its days: decided by all of its cells together.

use jiff::civil::Date;

use crate::error::Result;
use crate::read::area::{Checked, Wrong};
use crate::read::load_report::FileReport;
use crate::read::own::settings::date;
use crate::read::table::rows::Table;

/// How a column writes its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayForm {
    /// 2019-04-01, and nothing else.
    Iso,
    /// 01/04/2019, the first of April: every cell is such a day, and one can be nothing else.
    DayFirst,
    /// Every cell is a day both ways round.
    Ambiguous,
}

impl DayForm {
    /// That of a column with these cells.
    pub(crate) fn of<'a>(cells: impl Iterator<Item = &'a str>) -> DayForm {
        let mut seen = Seen::default();
        cells.for_each(|cell| seen.see(cell));
        seen.form()
    }

    /// What to note of a column of this form.
    pub(crate) fn note(self, column: &str) -> Option<String> {
        (self == DayForm::DayFirst)
            .then(|| format!("column {column}: read as dd/mm/yyyy, as all of it is"))
    }

    /// A day, or what should stand there.
    pub(crate) fn read(self, text: &str) -> std::result::Result<Date, String> {
        let day_first = || Date::strptime("%d/%m/%Y", text);
        match self {
            DayForm::Iso => {
                // jiff knows other spellings, which would not be written back as they were.
                let exact = |date: &Date| date.to_string() == text;
                let day = text.parse().ok().filter(exact);
                day.ok_or_else(|| "a day that exists, as 2019-04-01".to_owned())
            }
            DayForm::DayFirst => day_first().map_err(|_| "a day as 01/04/2019".to_owned()),
            DayForm::Ambiguous => Err(match (day_first(), Date::strptime("%m/%d/%Y", text)) {
                (Ok(day), Ok(month)) => format!(
                    "a day that is told from the others: it could be {day} or {month}, and no cell of \
                     the column says which: write {day} or {month}"
                ),
                _ => "a day, as 2019-04-01".to_owned(),
            }),
        }
    }
}

/// What the cells of a column that were seen say of its form.
#[derive(Clone, Copy, Debug)]
struct Seen {
    filled: bool,
    day_first: bool,
    month_first: bool,
    /// Whether day and month of some cell are different numbers.
    told: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Seen {
            filled: false,
            day_first: true,
            month_first: true,
            told: false,
        }
    }
}

impl Seen {
    fn see(&mut self, cell: &str) {
        if cell.is_empty() {
            return;
        }
        self.filled = true;
        self.day_first &= Date::strptime("%d/%m/%Y", cell).is_ok();
        self.month_first &= Date::strptime("%m/%d/%Y", cell).is_ok();
        let mut parts = cell.split('/');
        self.told |= parts.next() != parts.next();
    }

    fn form(self) -> DayForm {
        match (self.filled && self.day_first, self.month_first && self.told) {
            (false, _) => DayForm::Iso,
            (true, true) => DayForm::Ambiguous,
            (true, false) => DayForm::DayFirst,
        }
    }
}

/// How some columns of days are written, by their places.
#[derive(Debug, Default)]
pub(crate) struct Days(Vec<(usize, DayForm)>);

impl Days {
    /// Those of a table that is being read, which is looked through from its beginning as far as
    /// the answer needs; a column written in another way than usual is noted.
    pub(crate) fn of(table: &Table, places: &[usize], report: &mut FileReport) -> Result<Days> {
        let mut seen = vec![Seen::default(); places.len()];
        let mut again = table.again()?;
        while let Some(row) = again.next()? {
            for (seen, at) in seen.iter_mut().zip(places) {
                seen.see(row.text(*at));
            }
            if !seen.iter().any(|seen| seen.day_first) {
                break;
            }
        }
        let forms = places.iter().copied().zip(seen.into_iter().map(Seen::form));
        let days = Days(forms.collect());
        for (at, form) in &days.0 {
            report.notes.extend(form.note(&table.header()[*at]));
        }
        Ok(days)
    }

    /// Reads a date of the column at that place, or says what should stand there.
    pub(crate) fn date(&self, (at, column): (usize, &str), text: &str) -> Checked<Date> {
        let form = self.0.iter().find(|(place, _)| *place == at);
        match form.map_or(DayForm::Iso, |(_, form)| *form) {
            DayForm::Iso => date(column, text),
            other => other
                .read(text)
                .map_err(|expected| Wrong::new(column, text, expected)),
        }
    }
}
