//! How a column writes its days: decided by all of its cells together.

use jiff::civil::Date;

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
    pub(crate) fn of<'a, I: Iterator<Item = &'a str>>(cells: impl Fn() -> I) -> DayForm {
        let filled = || cells().filter(|cell| !cell.is_empty());
        let every = |format| filled().all(|cell| Date::strptime(format, cell).is_ok());
        if filled().next().is_none() || !every("%d/%m/%Y") {
            return DayForm::Iso;
        }
        match every("%m/%d/%Y") && filled().any(other_way_round) {
            true => DayForm::Ambiguous,
            false => DayForm::DayFirst,
        }
    }

    /// A day, or what should stand there.
    pub(crate) fn read(self, text: &str) -> Result<Date, String> {
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

/// Whether day and month of a cell are different numbers.
fn other_way_round(cell: &str) -> bool {
    let mut parts = cell.split('/');
    parts.next() != parts.next()
}
