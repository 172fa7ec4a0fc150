//! Index of Multiple Deprivation 2019, upper-tier authorities: one row for each.

use jiff::civil::Date;

use crate::data::{
    AuthorityCode, Basis, Entity, IndicatorId, Register, Release, Standing, Unit, Value,
};
use crate::error::Result;
use crate::read::area::{Checked, Wrong, check_ons, known_authority};
use crate::read::intake::{Intake, Precedence, Stated};
use crate::read::load_report::FileReport;
use crate::read::own::settings::taken;
use crate::read::own::tidy::known_on;
use crate::read::table::cell::Scale;
use crate::read::table::day::{date, plausible_date};
use crate::read::table::rows::{Row, Table};

/// The columns of the table. The name is for human readers, and the rank says nothing that the
/// scores do not.
const COLUMNS: [&str; 6] = [
    "old_la_code",
    "la_code_2019",
    "la_name",
    "imd2019_average_score",
    "imd2019_rank_of_average_score",
    "known_from",
];

const INDICATOR: IndicatorId = IndicatorId::literal("deprivation_score");
const SOURCE: &str = "Index of Multiple Deprivation 2019";

/// The areas are those of April 2019.
const PERIOD_END: Date = Date::constant(2019, 3, 31);

/// Reads average scores into the panel. The day known was written from memory.
pub(crate) fn read(table: &mut Table, report: &mut FileReport, intake: &mut Intake) -> Result<()> {
    let at = table.columns([
        "old_la_code",
        "la_code_2019",
        "imd2019_average_score",
        "known_from",
    ])?;
    table.note_others(&COLUMNS, report);
    let source = intake.source(Precedence::Statistics, SOURCE);
    while let Some(row) = table.next()? {
        let figure = figure(&row, at, source, intake.panel.register());
        if let Some((code, stated)) = taken(report, row.line, figure) {
            report.count(stated.value.into());
            intake.add(&[Entity::Authority(code)], &stated);
        }
    }
    Ok(())
}

fn figure(
    row: &Row<'_>,
    at: [usize; 4],
    source: u16,
    register: &Register,
) -> Checked<(AuthorityCode, Stated)> {
    let [code, ons, score, known_from] = at.map(|place| row.text(place));
    let code = known_authority("old_la_code", code, register)?;
    check_ons("la_code_2019", code, ons, register)?;
    plausible_date("known_from", known_from)?;
    let stated = Stated {
        indicator: INDICATOR,
        period_end: PERIOD_END,
        release: Release {
            date: known_on(
                "known_from",
                known_from,
                date("known_from", known_from)?,
                PERIOD_END,
            )?,
            basis: Basis::Recalled,
        },
        value: value(score)?,
        numerator: None,
        denominator: None,
        standing: Standing::Released,
        joint: false,
        source,
        line: row.line,
    };
    Ok((code, stated))
}

fn value(text: &str) -> Checked<Value> {
    let wrong = |expected: &str| Wrong::new("imd2019_average_score", text, expected);
    let cell = Scale::In(Unit::Score).read(text).map_err(wrong)?;
    cell.value(Unit::Score).ok_or_else(|| wrong("a figure"))
}
