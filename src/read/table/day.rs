//! How a column writes its days: decided by all of its cells together.

use jiff::civil::Date;

use crate::error::Result;
use crate::read::area::{Checked, Wrong, YEARS};
use crate::read::load_report::FileReport;
use crate::read::table::rows::Table;

/// Reads a date, or says what should stand there.
pub(crate) fn date(column: &str, text: &str) -> Checked<Date> {
    // Ten characters: the parser alone would take a time of day too.
    let date = text.parse().ok().filter(|_| text.len() == 10);
    date.ok_or_else(|| Wrong::new(column, text, "a date that exists, as 2024-03-31"))
}

/// Reads a date of the years that figures and events may have, or says what should stand there.
pub(crate) fn plausible_date(column: &str, text: &str) -> Checked<Date> {
    plausible(column, text, date(column, text)?)
}

/// A date, if it is of those years.
pub(crate) fn plausible(column: &str, text: &str, date: Date) -> Checked<Date> {
    if YEARS.contains(&date.year()) {
        return Ok(date);
    }
    let expected = format!("a date from {} to {}", YEARS.start(), YEARS.end());
    Err(Wrong::new(column, text, expected))
}

/// How a column writes its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayForm {
    /// 2019-04-01, and nothing else.
    Iso,
    /// 01/04/2019, the first of April: every cell is such a day, and one can be nothing else.
    DayFirst,
    /// 04/01/2019, the first of April: the same.
    MonthFirst,
    /// 01.04.2019.
    Dots,
    /// 1 April 2019, 1 Apr 2019 or 01-Apr-2019.
    Words,
    /// 2019-04-01 00:00:00, as programs write a day that has no time.
    Midnight,
    /// Every cell is a day both ways round.
    Ambiguous,
}

/// The forms that a whole column may have, but for the usual one.
const FORMS: [DayForm; 5] = [
    DayForm::DayFirst,
    DayForm::MonthFirst,
    DayForm::Dots,
    DayForm::Words,
    DayForm::Midnight,
];

impl DayForm {
    /// That of a column with these cells.
    pub(crate) fn of<'a>(cells: impl Iterator<Item = &'a str>) -> DayForm {
        let mut seen = Seen::default();
        cells.for_each(|cell| seen.see(cell));
        seen.form()
    }

    /// How days of this form are written.
    fn formats(self) -> &'static [&'static str] {
        match self {
            DayForm::Iso | DayForm::Ambiguous => &[],
            DayForm::DayFirst => &["%d/%m/%Y"],
            DayForm::MonthFirst => &["%m/%d/%Y"],
            DayForm::Dots => &["%d.%m.%Y"],
            DayForm::Words => &["%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%B-%Y"],
            DayForm::Midnight => &["%Y-%m-%d 00:00:00", "%Y-%m-%dT00:00:00", "%Y-%m-%d 00:00"],
        }
    }

    fn parsed(self, text: &str) -> Option<Date> {
        let mut formats = self.formats().iter();
        let found = formats.find_map(|format| Date::strptime(format, text).ok());
        // A year of two digits says no century.
        found.filter(|day| day.year() >= 1000)
    }

    fn words(self) -> &'static str {
        match self {
            DayForm::Iso | DayForm::Ambiguous => "yyyy-mm-dd",
            DayForm::DayFirst => "dd/mm/yyyy",
            DayForm::MonthFirst => "mm/dd/yyyy",
            DayForm::Dots => "dd.mm.yyyy",
            DayForm::Words => "days with the month in words",
            DayForm::Midnight => "days at midnight",
        }
    }

    /// What to note of a column of this form.
    pub(crate) fn note(self, column: &str) -> Option<String> {
        let usual = matches!(self, DayForm::Iso | DayForm::Ambiguous);
        (!usual).then(|| format!("column {column}: read as {}, as all of it is", self.words()))
    }

    /// A day, or what should stand there.
    pub(crate) fn read(self, text: &str) -> std::result::Result<Date, String> {
        match self {
            DayForm::Iso => {
                // jiff knows other spellings, which would not be written back as they were.
                let exact = |date: &Date| date.to_string() == text;
                let day = text.parse().ok().filter(exact);
                day.ok_or_else(|| "a day that exists, as 2019-04-01".to_owned())
            }
            DayForm::Ambiguous => {
                let ways = [DayForm::DayFirst, DayForm::MonthFirst].map(|form| form.parsed(text));
                Err(match ways {
                    [Some(day), Some(month)] => format!(
                        "a day that is told from the others: it could be {day} or {month}, and no cell \
                         of the column says which: write {day} or {month}"
                    ),
                    _ => "a day, as 2019-04-01".to_owned(),
                })
            }
            form => form
                .parsed(text)
                .ok_or_else(|| format!("a day as the others of the column, {}", form.words())),
        }
    }
}

/// What the cells of a column that were seen say of its form.
#[derive(Clone, Copy, Debug)]
struct Seen {
    filled: bool,
    /// Of each of [`FORMS`], whether every cell has it.
    fits: [bool; FORMS.len()],
    /// Whether day and month of some cell are different numbers.
    told: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Seen {
            filled: false,
            fits: [true; FORMS.len()],
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
        for (fits, form) in self.fits.iter_mut().zip(FORMS) {
            *fits = *fits && form.parsed(cell).is_some();
        }
        let mut parts = cell.split('/');
        self.told |= parts.next() != parts.next();
    }

    /// Whether a cell to come can still say something.
    fn is_open(&self) -> bool {
        self.fits.contains(&true)
    }

    fn form(self) -> DayForm {
        let mut fitting = FORMS.into_iter().zip(self.fits).filter(|(_, fits)| *fits);
        match (self.filled, fitting.next(), fitting.next()) {
            (true, Some(_), Some(_)) if self.told => DayForm::Ambiguous,
            (true, Some((form, _)), _) => form,
            _ => DayForm::Iso,
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
            if !seen.iter().any(Seen::is_open) {
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
