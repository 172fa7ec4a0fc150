//! The text of one cell -> a number in its unit's range, an interval, or the reason for none.

use crate::data::{Missing, Unit, Value};

/// How a column writes its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scale {
    /// Per cent: 22.6 is the proportion 0.226.
    Percent,
    /// In the unit itself.
    In(Unit),
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Cell {
    /// A number in the range of its unit.
    Number(f64),
    /// The marker `low`.
    Low,
    /// A marker, or nothing.
    Missing(Missing),
    /// Nothing to take: refused, or not to be read.
    #[default]
    Nothing,
}

const MARKERS: &str = "a number or one of the markers c, x, z, u, low, - and :";

impl Scale {
    fn unit(self) -> Unit {
        match self {
            Scale::Percent => Unit::Proportion,
            Scale::In(unit) => unit,
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Scale::Percent => "a percentage from 0 to 100",
            Scale::In(unit) => unit.expected(),
        }
    }

    /// Reads a cell; the error is what should stand there.
    pub(crate) fn read(self, text: &str) -> std::result::Result<Cell, &'static str> {
        if let Some(cell) = marker(text) {
            return Ok(cell);
        }
        let number = match self {
            Scale::Percent => percent(text),
            Scale::In(_) => text.parse().ok(),
        };
        match number {
            Some(value) if self.unit().accepts(value) => Ok(Cell::Number(value)),
            Some(_) => Err(self.expected()),
            None if text.ends_with('%') => Err("a number without the sign, as 20.9"),
            None if text.contains(',') => Err("a number without thousands separators, as 18007"),
            None => Err(MARKERS),
        }
    }
}

/// A percentage as a proportion. Decimals are shifted in the text, so that 22.6 becomes the double
/// nearest to 0.226, which dividing by 100 does not always give.
fn percent(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if plain {
        format!("{text}e-2").parse().ok()
    } else {
        text.parse::<f64>().ok().map(|value| value / 100.0)
    }
}

/// Markers stand in brackets in spreadsheets, and some programs write them as capitals.
fn marker(text: &str) -> Option<Cell> {
    let bare = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let bare = bare.unwrap_or(text);
    let small = match bare {
        "C" => "c",
        "X" => "x",
        "Z" => "z",
        "U" => "u",
        "Low" | "LOW" => "low",
        other => other,
    };
    let missing = match small {
        "low" => return Some(Cell::Low),
        "c" => Missing::Suppressed,
        "x" => Missing::Unavailable,
        "z" => Missing::NotApplicable,
        "u" => Missing::LowReliability,
        "-" => Missing::Dash,
        ":" => Missing::Colon,
        "" if text.is_empty() => Missing::Empty,
        _ => return None,
    };
    Some(Cell::Missing(missing))
}

impl Cell {
    /// The figure, in that unit; `None` where there is nothing to take.
    pub(crate) fn value(self, unit: Unit) -> Option<Value> {
        match self {
            Cell::Number(number) => Some(Value::Number(number)),
            Cell::Low => Some(Value::Low {
                below: unit.low_below(),
            }),
            Cell::Missing(missing) => Some(Value::Missing(missing)),
            Cell::Nothing => None,
        }
    }

    /// The number, where there is one.
    pub(crate) fn number(self) -> Option<f64> {
        match self {
            Cell::Number(number) => Some(number),
            _ => None,
        }
    }
}

impl From<Value> for Cell {
    fn from(value: Value) -> Cell {
        match value {
            Value::Number(number) => Cell::Number(number),
            Value::Low { .. } => Cell::Low,
            Value::Missing(missing) => Cell::Missing(missing),
        }
    }
}
