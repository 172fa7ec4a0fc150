//! One series as known on a day.

use jiff::{Span, civil::Date};

use super::observation::{Standing, Value};
use super::row::{Day, Row};

/// One entity's figures of one indicator, of all periods and vintages, not yet read as of a day.
#[derive(Clone, Copy, Default)]
pub(crate) struct PanelSeries<'a> {
    base: &'a [Row],
    // Takes the place of what stands in `base` for the same cell.
    recent: &'a [Row],
}

/// A figure as known on a day, without the names of what it is of.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    row: &'a Row,
    /// The day from which it counts as known.
    pub(crate) known_from: Date,
}

impl<'a> Known<'a> {
    pub(super) fn row(self) -> &'a Row {
        self.row
    }

    pub(crate) fn value(self) -> Value {
        self.row.value()
    }

    /// The number used in features, in the indicator's unit.
    pub(crate) fn point(self) -> Option<f64> {
        self.row.value().point()
    }

    pub(crate) fn numerator(self) -> Option<f64> {
        self.row.numerator()
    }

    pub(crate) fn denominator(self) -> Option<f64> {
        self.row.denominator()
    }

    pub(crate) fn period_end(self) -> Date {
        self.row.period.date()
    }

    pub(crate) fn standing(self) -> Standing {
        self.row.standing()
    }

    pub(crate) fn is_joint(self) -> bool {
        self.row.is_joint()
    }

    /// The day on which it was public.
    pub(crate) fn published(self) -> Date {
        self.row.known.date()
    }
}

impl<'a> PanelSeries<'a> {
    pub(super) fn new(base: &'a [Row], recent: &'a [Row]) -> Self {
        PanelSeries { base, recent }
    }

    /// Every figure, the newest period first, and of each the newest vintage first.
    pub(super) fn descending(self) -> impl Iterator<Item = &'a Row> {
        let (mut base, mut recent) = (self.base, self.recent);
        std::iter::from_fn(move || {
            loop {
                let key = |rows: &[Row]| rows.last().map(|row| (row.period, row.known));
                let (older, newer) = (key(base), key(recent));
                let row = if newer >= older {
                    if newer == older {
                        base = base.split_last().map_or(base, |(_, rest)| rest);
                    }
                    let (last, rest) = recent.split_last()?;
                    recent = rest;
                    last
                } else {
                    let (last, rest) = base.split_last()?;
                    base = rest;
                    last
                };
                if !row.is_void() {
                    return Some(row);
                }
            }
        })
    }

    /// The days on which its figures became known, one for each: nothing is known of a period that
    /// has not ended.
    pub(crate) fn release_days(self) -> impl Iterator<Item = Date> {
        self.descending()
            .map(|row| row.known.max(row.period).date())
    }

    /// Figures published by `date`, as [`known`](Self::known), without what its owner alone knows.
    pub(crate) fn published(self, date: Date) -> impl Iterator<Item = Known<'a>> {
        self.known_but(date, None, Some(Standing::Own))
    }

    /// Figures known on `date`, one for each period (its newest vintage), the newest period first.
    ///
    /// With `own_days` the first vintage of a period is known that many days after the period if
    /// that is sooner; a later revision is known when it is published, even to its owner, and a
    /// figure that its owner entered from the day stated beside it.
    pub(crate) fn known(
        self,
        date: Date,
        own_days: Option<u16>,
    ) -> impl Iterator<Item = Known<'a>> {
        self.known_but(date, own_days, None)
    }

    fn known_but(
        self,
        date: Date,
        own_days: Option<u16>,
        left_out: Option<Standing>,
    ) -> impl Iterator<Item = Known<'a>> {
        let today = Day::of(date);
        let mut rows = self.descending().peekable();
        let mut told = None;
        std::iter::from_fn(move || {
            loop {
                let row = rows.next()?;
                // Nothing is known of a period that has not ended, and most of what is not known
                // yet is passed over without a second look.
                let unknown = row.period > today || (row.known > today && own_days.is_none());
                if unknown || told == Some(row.period) || left_out == Some(row.standing()) {
                    continue;
                }
                let is_first = rows.peek().is_none_or(|older| older.period != row.period);
                let stated = row.standing() == Standing::Own;
                let known_from = match own_days {
                    Some(days) if is_first && !stated => row.known.date().min(after(row, days)),
                    _ => row.known.date(),
                };
                if known_from <= date {
                    told = Some(row.period);
                    return Some(Known { row, known_from });
                }
            }
        })
    }
}

fn after(row: &Row, days: u16) -> Date {
    let days = Span::new().days(i64::from(days));
    row.period.date().saturating_add(days)
}
