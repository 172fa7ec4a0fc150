//! Our own long format of figures, in and out: one row for each figure and day known.
//!
//! ```text
//! authority,indicator,period_end,known_from,value,numerator,denominator,state,source
//! 202,rereferral_rate,2024-03-31,2024-10-31,0.226,143,632,number+revised,DfE children in need
//! region:E12000001,agency_rate,2024-09-30,2025-02-27,,,,suppressed,DfE social work workforce
//! 202,agency_rate,2025-09-30,2025-10-30,0.31,31,100,number,own
//! ```
//!
//! - `authority`: a DfE number, an ONS code, a name, `england`, or a region by its name or by `region:`
//!   and its ONS code.
//! - `period_end`, `known_from`: `2024-03-31`; or `31/03/2024` and the like, as Excel writes them, where
//!   all of the column is written so.
//! - `value`: in the indicator's unit, so that 22% is 0.22. Empty where there is no number.
//! - `numerator`, `denominator`: counts, or empty.
//! - `state`: `number`, `low` (more than 0, but rounding to 0; the value is the upper end of the
//!   interval), `suppressed`, `unavailable`, `not_applicable`, `low_reliability`, `dash`, `colon`
//!   or `empty`, then any of `+joint` (returned by several authorities together), `+revised` (from
//!   a revised series, standing in for the first release) and `+own` (never published). Empty is
//!   `number`; a row of the source `own` with neither value, counts nor state is one of a template
//!   that was not filled in: it is passed over, and counted in the notes.
//! - `source`: whence. `own` means the same as `+own`.
//!
//! Several rows may differ in `known_from` alone: every vintage is kept. How sure the day is
//! ([`Basis`]) is not written: a day stated in this format counts as confirmed.

use std::collections::HashMap;
use std::io::Write;

use jiff::civil::Date;

use crate::data::{
    Authority, AuthorityCode, Basis, Catalogue, Entity, Indicator, IndicatorId, Missing,
    Observation, Panel, Register, Release, Standing, Unit, Value,
};
use crate::error::Result;
use crate::read::area::{Checked, Wrong, unknown_authority};
use crate::read::counts::{Counted, some_children};
use crate::read::intake::{Intake, Precedence, Stated};
use crate::read::load_report::FileReport;
use crate::read::table::day::Days;
use crate::read::table::rows::{Row, Table};
use crate::read::table::write;

/// The columns, in the order in which they are written.
pub const COLUMNS: [&str; 9] = [
    "authority",
    "indicator",
    "period_end",
    "known_from",
    "value",
    "numerator",
    "denominator",
    "state",
    "source",
];

/// States without a number.
const MISSING: [(&str, Missing); 7] = [
    ("suppressed", Missing::Suppressed),
    ("unavailable", Missing::Unavailable),
    ("not_applicable", Missing::NotApplicable),
    ("low_reliability", Missing::LowReliability),
    ("dash", Missing::Dash),
    ("colon", Missing::Colon),
    ("empty", Missing::Empty),
];

const STATES: &str = "number, low, suppressed, unavailable, not_applicable, low_reliability, dash, \
     colon or empty, followed by any of +joint, +revised and +own";

/// The source that means the authority's own, unpublished figures.
pub(crate) const OWN: &str = "own";

/// Writes every figure of the panel, in its order. What is written reads back to the same bytes.
///
/// # Errors
/// [`Error::Io`](crate::Error::Io) if `to` cannot be written.
pub fn write(panel: &Panel, to: impl Write) -> Result<()> {
    let figures = panel.observations();
    let rows = figures.map(|figure| fields(&figure, panel.source(figure.source)));
    write::rows("tidy figures", COLUMNS, rows, to)
}

fn fields(observation: &Observation, source: &str) -> [String; 9] {
    let count = |count: Option<f64>| count.map(|c| c.to_string()).unwrap_or_default();
    [
        entity_text(observation.entity),
        observation.indicator.to_string(),
        observation.period_end.to_string(),
        observation.known_from.to_string(),
        match observation.value {
            Value::Number(number) => number.to_string(),
            Value::Low { below } => below.to_string(),
            Value::Missing(_) => String::new(),
        },
        count(observation.numerator),
        count(observation.denominator),
        state_text(observation, source),
        source.to_owned(),
    ]
}

fn entity_text(entity: Entity) -> String {
    match entity {
        Entity::England => "england".to_owned(),
        Entity::Region(code) => format!("region:{code}"),
        Entity::Authority(code) => code.to_string(),
    }
}

fn state_text(observation: &Observation, source: &str) -> String {
    let mut text = match observation.value {
        Value::Number(_) => "number",
        Value::Low { .. } => "low",
        Value::Missing(missing) => MISSING
            .iter()
            .find(|(_, m)| *m == missing)
            .map_or("empty", |(name, _)| name),
    }
    .to_owned();
    if observation.joint {
        text.push_str("+joint");
    }
    match observation.standing {
        Standing::Revised => text.push_str("+revised"),
        Standing::Own if source != OWN => text.push_str("+own"),
        Standing::Own | Standing::Released => {}
    }
    text
}

/// The columns under the names that the table has: `organisation` is `authority`.
fn names(table: &Table) -> Result<[&'static str; 9]> {
    let mut names = COLUMNS;
    if table.optional("organisation")?.is_some() {
        names[0] = "organisation";
    }
    Ok(names)
}

/// Reads figures in this format into the panel.
pub(crate) fn read(table: &mut Table, report: &mut FileReport, intake: &mut Intake) -> Result<()> {
    let at = table.columns(names(table)?)?;
    table.note_others(&names(table)?, report);
    let mut sources = HashMap::new();
    let mut seen = Seen {
        days: Days::of(table, &[at[2], at[3]], report)?,
        ..Seen::default()
    };
    let mut blank = 0;
    while let Some(row) = table.next()? {
        report.rows += 1;
        let blanks = [4, 5, 6, 7].map(|place| row.text(at[place]).is_empty());
        if row.text(at[8]) == OWN && blanks == [true; 4] {
            blank += 1;
            continue;
        }
        let figure = figure(&row, at, intake, &mut seen).and_then(|(entity, mut stated)| {
            stated.source = source(row.text(at[8]), &mut sources, intake)?;
            Ok((entity, stated))
        });
        match figure {
            Ok((entity, stated)) => {
                report.count(stated.value.into());
                intake.add(&[entity], &stated);
            }
            Err(wrong) => report.refuse(row.line, &wrong.column, &wrong.found, &wrong.expected),
        }
    }
    if blank > 0 {
        report
            .notes
            .push(format!("{blank} rows passed over: not filled in"));
    }
    Ok(())
}

/// Different sources that one file may name: they are labels, not remarks on single figures.
const SOURCES: usize = 1000;

fn source(text: &str, known: &mut HashMap<String, u16>, intake: &mut Intake) -> Checked<u16> {
    if let Some(&number) = known.get(text) {
        return Ok(number);
    }
    if known.len() == SOURCES {
        let expected = format!("one of the {SOURCES} sources named before: no more are kept");
        return Err(Wrong::new("source", text, expected));
    }
    let number = intake.source(Precedence::Tidy, text);
    if number == u16::MAX {
        let expected = "one of the 65,535 sources named before: no more are kept";
        return Err(Wrong::new("source", text, expected));
    }
    known.insert(text.to_owned(), number);
    Ok(number)
}

/// What texts were found to mean, the last ones: rows beside each other say the same.
#[derive(Default)]
struct Seen {
    entities: Recent<Entity>,
    indicators: Recent<(IndicatorId, Unit)>,
    periods: Recent<Date>,
    known: Recent<Date>,
    days: Days,
}

/// A few texts with what they mean, each in the one place that its bytes say.
struct Recent<T>([Option<(String, T)>; PLACES]);

/// Texts kept at most: indicators and days of a file are few.
const PLACES: usize = 128;

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Recent([const { None }; PLACES])
    }
}

impl<T: Copy> Recent<T> {
    fn get(&mut self, text: &str, find: impl FnOnce() -> Checked<T>) -> Checked<T> {
        let mixed = text.bytes().fold(0_usize, |mixed, byte| {
            mixed.wrapping_mul(31).wrapping_add(usize::from(byte))
        });
        let place = &mut self.0[mixed % PLACES];
        match place {
            Some((known, found)) if known == text => Ok(*found),
            _ => {
                let found = find()?;
                *place = Some((text.to_owned(), found));
                Ok(found)
            }
        }
    }
}

fn figure(
    row: &Row<'_>,
    at: [usize; 9],
    intake: &Intake,
    seen: &mut Seen,
) -> Checked<(Entity, Stated)> {
    let [
        authority,
        id,
        period_end,
        known_from,
        value,
        numerator,
        denominator,
        state,
        source,
    ] = at.map(|place| row.text(place));
    let entity = seen.entities.get(authority, || {
        entity("authority", authority, intake.panel.register())
    })?;
    let (indicator, unit) = seen.indicators.get(id, || {
        let known = indicator(id, intake.panel.catalogue())?;
        Ok((known.id, known.unit))
    })?;
    let (name, joint, standing) = flags(state)?;
    let numerator = count("numerator", numerator)?;
    let denominator = count("denominator", denominator)?;
    let value = self::value(name, value, unit)?;
    let counted = Counted {
        unit,
        value: Some(value),
        numerator,
        denominator,
        columns: ["value", "numerator", "denominator"],
    };
    counted.check()?;
    if indicator == intake.children {
        some_children("value", value)?;
    }
    let [ends, knows] = [(at[2], "period_end"), (at[3], "known_from")];
    let Seen {
        periods,
        known,
        days,
        ..
    } = seen;
    let period_end = periods.get(period_end, || days.date(ends, period_end))?;
    let day = known.get(known_from, || days.date(knows, known_from))?;
    let known_from = known_on("known_from", known_from, day, period_end)?;
    let stated = Stated {
        indicator,
        period_end,
        release: Release {
            date: known_from,
            basis: Basis::Confirmed,
        },
        value,
        numerator,
        denominator,
        standing: if source == OWN {
            Standing::Own
        } else {
            standing
        },
        joint,
        source: 0,
        line: row.line,
    };
    Ok((entity, stated))
}

/// The day on which a figure was known: not before its period ended.
pub(crate) fn known_on(column: &str, text: &str, day: Date, period_end: Date) -> Checked<Date> {
    if day < period_end {
        let expected = format!("a day on or after the period's end, {period_end}");
        return Err(Wrong::new(column, text, expected));
    }
    Ok(day)
}

/// ONS's code of England.
pub(crate) const ENGLAND: &str = "E92000001";
/// What stands before a region's code.
const REGION: &str = "region:";

/// Whether a text is ONS's code of a region, or of inner or outer London.
pub(crate) fn is_region(code: &str) -> bool {
    let begins = code.starts_with("E12") || code.starts_with("E13");
    begins && code.len() == 9 && code.bytes().skip(1).all(|byte| byte.is_ascii_digit())
}

/// England, a region or an authority of the register.
pub(crate) fn entity(column: &str, text: &str, register: &Register) -> Checked<Entity> {
    let reads = |word: &&str| text.eq_ignore_ascii_case(word);
    if ["england", "benchmark", ENGLAND].iter().any(reads) {
        return Ok(Entity::England);
    }
    let region = match text.get(..REGION.len()) {
        Some(start) if start.eq_ignore_ascii_case(REGION) => Some(&text[REGION.len()..]),
        _ => Some(text).filter(|code| is_region(code)),
    };
    if let Some(code) = region {
        let region = AuthorityCode::new(code).map(Entity::Region);
        return region.map_err(|_| Wrong::new(column, text, "region: and an ONS code"));
    }
    if let Ok(authority) = register.find(text) {
        return Ok(Entity::Authority(authority.code));
    }
    let named = |a: &&Authority| a.region.eq_ignore_ascii_case(text) && !text.is_empty();
    let region = register.iter().find(named);
    region
        .and_then(|a| AuthorityCode::new(&a.region_code).ok())
        .map(Entity::Region)
        .ok_or_else(|| unknown_authority(column, text, register))
}

fn indicator<'a>(text: &str, catalogue: &'a Catalogue) -> Checked<&'a Indicator> {
    let known = IndicatorId::new(text).and_then(|id| catalogue.get(id));
    known.map_err(|_| {
        let expected = "an indicator of the catalogue: a new one can be defined in a mapping file";
        Wrong::new("indicator", text, expected)
    })
}

/// The state's name, whether the figure is joint, and its standing.
fn flags(text: &str) -> Checked<(&str, bool, Standing)> {
    let mut parts = text.split('+');
    let name = parts.next().unwrap_or_default();
    let (mut joint, mut standing) = (false, Standing::Released);
    for flag in parts {
        match flag {
            "joint" => joint = true,
            "revised" => standing = Standing::Revised,
            "own" => standing = Standing::Own,
            _ => return Err(Wrong::new("state", text, STATES)),
        }
    }
    Ok((name, joint, standing))
}

fn value(state: &str, text: &str, unit: Unit) -> Checked<Value> {
    let number = |text: &str| {
        let number = text.parse().ok().filter(|&value| unit.accepts(value));
        number.ok_or_else(|| Wrong::new("value", text, unit.expected()))
    };
    match state {
        "number" | "" => Ok(Value::Number(number(text)?)),
        "low" => Ok(Value::Low {
            below: match text {
                "" => unit.low_below(),
                text => number(text)?,
            },
        }),
        name => match (MISSING.iter().find(|(known, _)| *known == name), text) {
            (Some(&(_, missing)), "") => Ok(Value::Missing(missing)),
            (Some(_), text) => Err(Wrong::new("value", text, format!("nothing, for {name}"))),
            (None, _) => Err(Wrong::new("state", name, STATES)),
        },
    }
}

pub(crate) fn count(column: &str, text: &str) -> Checked<Option<f64>> {
    if text.is_empty() {
        return Ok(None);
    }
    let count = text.parse().ok().filter(|&c| Unit::Count.accepts(c));
    let expected = Unit::Count.expected();
    count
        .map(Some)
        .ok_or_else(|| Wrong::new(column, text, expected))
}
