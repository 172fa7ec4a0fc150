//! A figure as the panel keeps it: 48 bytes, whatever it is called.

use jiff::civil::Date;

use super::calendar::Basis;
use super::conflict::Origin;
use super::observation::{Missing, Observation, Standing, Value};

/// A date as a number that orders as dates do. Comparing it costs a fraction of comparing dates,
/// and a feature matrix does little else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(i32);

impl Day {
    pub(crate) fn of(date: Date) -> Day {
        Day((i32::from(date.year()) << 9) | (i32::from(date.month()) << 5) | i32::from(date.day()))
    }

    /// The same order without a sign.
    fn ordered(self) -> u32 {
        self.0.cast_unsigned() ^ 1 << 31
    }

    pub(crate) fn date(self) -> Date {
        let (year, month, day) = (self.0 >> 9, self.0 >> 5 & 15, self.0 & 31);
        // Only dates were put in, so that this never falls back.
        Date::new(year as i16, month as i8, day as i8).unwrap_or(Date::MIN)
    }
}

/// One figure. Names are numbers of the panel's tables.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) entity: u32,
    pub(super) indicator: u16,
    pub(super) source: u16,
    pub(super) period: Day,
    pub(super) known: Day,
    // 0 where there is no number.
    value: f64,
    // NaN where there is no count, and nowhere else.
    numerator: f64,
    denominator: f64,
    tags: u16,
    file: u16,
    line: u32,
}

/// What stands beside the names of a figure.
#[derive(Clone, Copy)]
pub(super) struct Content {
    pub(super) value: Value,
    pub(super) numerator: Option<f64>,
    pub(super) denominator: Option<f64>,
    pub(super) basis: Basis,
    pub(super) standing: Standing,
    pub(super) joint: bool,
}

impl From<Observation> for Content {
    fn from(o: Observation) -> Self {
        Content {
            value: o.value,
            numerator: o.numerator,
            denominator: o.denominator,
            basis: o.basis,
            standing: o.standing,
            joint: o.joint,
        }
    }
}

const MISSING: [Missing; 7] = [
    Missing::Suppressed,
    Missing::Unavailable,
    Missing::NotApplicable,
    Missing::LowReliability,
    Missing::Dash,
    Missing::Colon,
    Missing::Empty,
];
/// Of a cell whose figures contradict each other: it stands for them and is never read, so that a
/// later one of their rank cannot be either.
const VOID: u16 = 1 << 13;
const NUMBER: u16 = 14;
const LOW: u16 = 15;
const STANDINGS: [Standing; 3] = [Standing::Released, Standing::Revised, Standing::Own];

/// A count as a row keeps it: one that is not a number must not look like none.
fn count(count: Option<f64>) -> f64 {
    match count {
        None => f64::NAN,
        Some(count) if count.is_nan() => f64::INFINITY,
        Some(count) => count,
    }
}

impl Row {
    pub(super) fn new(
        (entity, indicator, source): (u32, u16, u16),
        (period_end, known_from): (Date, Date),
        content: Content,
        origin: Origin,
    ) -> Row {
        let (kind, value) = match content.value {
            Value::Number(number) => (NUMBER, number),
            Value::Low { below } => (LOW, below),
            Value::Missing(missing) => (missing as u16, 0.0),
        };
        let tags = kind
            | (content.basis as u16) << 4
            | (content.standing as u16) << 8
            | u16::from(content.joint) << 12;
        Row {
            entity,
            indicator,
            source,
            period: Day::of(period_end),
            known: Day::of(known_from),
            value,
            numerator: count(content.numerator),
            denominator: count(content.denominator),
            tags,
            file: origin.file,
            line: u32::try_from(origin.line).unwrap_or(u32::MAX),
        }
    }

    /// The same, standing for figures that contradict each other.
    pub(super) fn void(self) -> Row {
        Row {
            tags: self.tags | VOID,
            ..self
        }
    }

    /// The same without a place in the files that are being read.
    pub(super) fn elsewhere(self) -> Row {
        Row {
            file: u16::MAX,
            line: 0,
            ..self
        }
    }

    pub(super) fn is_void(&self) -> bool {
        self.tags & VOID != 0
    }

    pub(super) fn value(&self) -> Value {
        match self.tags & 15 {
            NUMBER => Value::Number(self.value),
            LOW => Value::Low { below: self.value },
            missing => Value::Missing(MISSING[usize::from(missing) % MISSING.len()]),
        }
    }

    pub(super) fn numerator(&self) -> Option<f64> {
        Some(self.numerator).filter(|count| !count.is_nan())
    }

    pub(super) fn denominator(&self) -> Option<f64> {
        Some(self.denominator).filter(|count| !count.is_nan())
    }

    pub(super) fn standing(&self) -> Standing {
        STANDINGS[usize::from(self.tags >> 8 & 15) % STANDINGS.len()]
    }

    pub(super) fn basis(&self) -> Basis {
        Basis::ALL[usize::from(self.tags >> 4 & 15) % Basis::ALL.len()]
    }

    pub(super) fn is_joint(&self) -> bool {
        self.tags >> 12 & 1 == 1
    }

    pub(super) fn origin(&self) -> Origin {
        Origin {
            file: self.file,
            line: u64::from(self.line),
        }
    }

    /// What can stand once only: a figure of a period as known from a day. One number, because
    /// sorting does little else than compare it: entity, indicator, period, day known.
    pub(super) fn cell(&self) -> u128 {
        let names = u128::from(self.entity) << 16 | u128::from(self.indicator);
        names << 64 | u128::from(self.period.ordered()) << 32 | u128::from(self.known.ordered())
    }

    /// An order of figures for the same cell that does not depend on their files, so that the
    /// names of files cannot decide which of two is kept; then their place in the files.
    pub(super) fn content_order(&self) -> impl Ord {
        let count = |count: Option<f64>| count.map(f64::to_bits);
        (
            count(self.denominator()),
            count(self.numerator()),
            self.basis(),
            self.standing(),
            self.is_joint(),
            (self.file, self.line),
        )
    }
}
