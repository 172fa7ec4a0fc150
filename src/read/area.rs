//! Which area and year a row of official statistics is about.

use std::ops::RangeInclusive;

use crate::data::{AuthorityCode, Entity, Register};
use crate::error::Result;
use crate::read::load_report::Layout;
use crate::read::table::rows::{Row, Table};

/// The columns that name the area and the year.
pub(crate) enum Areas {
    /// A statistics file of the Department for Education.
    Statistics {
        period: usize,
        level: usize,
        region: usize,
        old: usize,
        new: usize,
    },
    /// The Local Authority Interactive Tool.
    InteractiveTool { number: usize, years: usize },
}

/// What a row is about. Several authorities stand in one row where they return figures together.
pub(crate) struct Area {
    pub(crate) entities: Vec<Entity>,
    pub(crate) year: i16,
}

/// A cell for which a row is refused.
pub(crate) struct Wrong {
    pub(crate) column: String,
    pub(crate) found: String,
    pub(crate) expected: String,
}

/// Something read, or the cell for which it is refused.
pub(crate) type Checked<T> = std::result::Result<T, Wrong>;

impl Wrong {
    pub(crate) fn new(column: &str, found: &str, expected: impl Into<String>) -> Self {
        Wrong {
            column: column.to_owned(),
            found: found.to_owned(),
            expected: expected.into(),
        }
    }
}

/// The tool's numbers for England and its regions, with the regions' ONS codes.
const TOOL_BENCHMARKS: [(&str, &str); 11] = [
    ("980", "E12000001"),
    ("981", "E12000002"),
    ("982", "E12000003"),
    ("983", "E12000004"),
    ("984", "E12000005"),
    ("985", "E12000006"),
    ("986", "E12000007"),
    ("987", "E13000001"),
    ("988", "E13000002"),
    ("989", "E12000008"),
    ("990", "E12000009"),
];
const TOOL_ENGLAND: &str = "970";

const STATISTICS: [&str; 5] = [
    "time_period",
    "geographic_level",
    "region_code",
    "old_la_code",
    "new_la_code",
];
const TOOL: [&str; 2] = ["LA Number", "Years"];

impl Areas {
    /// The names of the columns of a layout.
    pub(crate) fn columns(layout: Layout) -> &'static [&'static str] {
        match layout {
            Layout::InteractiveTool => &TOOL,
            _ => &STATISTICS,
        }
    }

    /// The columns of a statistics file.
    pub(crate) fn statistics(table: &Table) -> Result<Self> {
        let [period, level, region, old, new] = table.columns(STATISTICS)?;
        Ok(Areas::Statistics {
            period,
            level,
            region,
            old,
            new,
        })
    }

    /// The columns of the interactive tool.
    pub(crate) fn interactive_tool(table: &Table) -> Result<Self> {
        let [number, years] = table.columns(TOOL)?;
        Ok(Areas::InteractiveTool { number, years })
    }

    /// What a row is about; `None` for the tool's rows of school and financial years (`2015-16`).
    pub(crate) fn read(&self, row: &Row<'_>, register: &Register) -> Checked<Option<Area>> {
        match *self {
            Areas::Statistics {
                period,
                level,
                region,
                old,
                new,
            } => {
                let year = year("time_period", row.text(period))?;
                let entities = match row.text(level) {
                    "National" => vec![Entity::England],
                    "Regional" => vec![region_entity(row.text(region))?],
                    "Local authority" => authorities(row.text(old), row.text(new), register)?,
                    other => {
                        return Err(Wrong::new(
                            "geographic_level",
                            other,
                            "National, Regional or Local authority",
                        ));
                    }
                };
                Ok(Some(Area { entities, year }))
            }
            Areas::InteractiveTool { number, years } => {
                if row.text(years).contains('-') {
                    return Ok(None);
                }
                let year = year("Years", row.text(years))?;
                let entities = vec![tool_entity(row.text(number), register)?];
                Ok(Some(Area { entities, year }))
            }
        }
    }
}

/// Years that figures and events may be of: others are slips of the pen.
pub(crate) const YEARS: RangeInclusive<i16> = 1990..=2100;

fn year(column: &str, text: &str) -> Checked<i16> {
    let year = text.parse().ok().filter(|y| YEARS.contains(y));
    year.ok_or_else(|| {
        let expected = format!("a year from {} to {}", YEARS.start(), YEARS.end());
        Wrong::new(column, text, expected)
    })
}

fn region_entity(code: &str) -> Checked<Entity> {
    let region = AuthorityCode::new(code).map(Entity::Region);
    region.map_err(|_| Wrong::new("region_code", code, "an ONS code such as E12000001"))
}

/// England, a region or an authority by the interactive tool's number.
pub(crate) fn tool_entity(number: &str, register: &Register) -> Checked<Entity> {
    if number == TOOL_ENGLAND {
        return Ok(Entity::England);
    }
    match TOOL_BENCHMARKS.iter().find(|(tool, _)| *tool == number) {
        Some((_, ons)) => region_entity(ons),
        None => known_authority("LA Number", number, register).map(Entity::Authority),
    }
}

/// The authority with that DfE number.
pub(crate) fn known_authority(
    column: &str,
    number: &str,
    register: &Register,
) -> Checked<AuthorityCode> {
    let known = AuthorityCode::new(number).ok();
    known
        .filter(|code| register.get(*code).is_some())
        .ok_or_else(|| unknown_authority(column, number, register))
}

/// The refusal of an authority that the register does not know.
pub(crate) fn unknown_authority(column: &str, text: &str, register: &Register) -> Wrong {
    let new = "an authority of the register: a new one can be added by a register file";
    let expected = register.instead_of(text);
    Wrong::new(column, text, expected.unwrap_or_else(|| new.to_owned()))
}

/// The authorities of a row; `314 / 318` with as many ONS codes where they return together.
fn authorities(old: &str, new: &str, register: &Register) -> Checked<Vec<Entity>> {
    if old.split('/').count() != new.split('/').count() {
        let expected = format!("as many codes as in old_la_code, {old}");
        return Err(Wrong::new("new_la_code", new, expected));
    }
    let pairs = old.split('/').zip(new.split('/'));
    pairs
        .map(|(number, ons)| {
            let (number, ons) = (number.trim(), ons.trim());
            let code = known_authority("old_la_code", number, register)?;
            check_ons("new_la_code", code, ons, register)?;
            Ok(Entity::Authority(code))
        })
        .collect()
}

/// Both codes have to mean the same authority, so that a shifted column is noticed.
pub(crate) fn check_ons(
    column: &str,
    code: AuthorityCode,
    ons: &str,
    register: &Register,
) -> Checked<()> {
    match register.get(code) {
        Some(authority) if !authority.ons_codes.iter().any(|known| known == ons) => {
            let known = authority.ons_codes.join(" or ");
            let expected = format!("{known}, the ONS code of {code} {}", authority.name);
            Err(Wrong::new(column, ons, expected))
        }
        _ => Ok(()),
    }
}
