//! ONS's sheet of mid-year estimates by single year of age, saved as CSV with its title rows: one row
//! for each area, one column for each age. The year stands in the title alone ("mid-2024").

use super::layouts;
use crate::data::{AuthorityCode, Entity, IndicatorId, Register, Standing, Unit, Value};
use crate::error::Result;
use crate::read::area::YEARS;
use crate::read::intake::{Intake, Stated};
use crate::read::load_report::{FileReport, Layout};
use crate::read::own::tidy::{ENGLAND, is_region};
use crate::read::table::cell::{Cell, Scale};
use crate::read::table::rows::{Row, Table};

/// Ages of children.
const AGES: [&str; 18] = [
    "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16",
    "17",
];

/// Reads a sheet into the panel.
pub(crate) fn read(table: &mut Table, report: &mut FileReport, intake: &mut Intake) -> Result<()> {
    let Some(statistics) = layouts::statistics(Layout::Population) else {
        return Ok(());
    };
    let year = year(table)?;
    let code = table.column("Code")?;
    let ages = table.columns(AGES)?;
    let source = intake.source(statistics.precedence, statistics.label);
    let indicator = intake
        .panel
        .catalogue()
        .get(IndicatorId::new("children")?)?;
    let (indicator, series) = (indicator.id, indicator.series);
    let mut passed_over = 0;
    while let Some(row) = table.next()? {
        report.rows += 1;
        let Some(entity) = entity(row.text(code), intake.panel.register()) else {
            passed_over += 1;
            continue;
        };
        if let (Some(children), Some(period_end)) =
            (children(&row, ages, report), series.period_end(year))
        {
            let stated = Stated {
                indicator,
                period_end,
                release: intake.calendar.release(series, period_end),
                value: Value::Number(children),
                numerator: None,
                denominator: None,
                standing: Standing::Revised,
                joint: false,
                source,
                line: row.line,
            };
            report.count(stated.value.into());
            intake.add(&[entity], &stated);
        }
    }
    report.notes.push(format!(
        "mid-{year}, by the title; children are those aged 0 to 17"
    ));
    if passed_over > 0 {
        report.notes.push(format!(
            "{passed_over} rows passed over: no authority with children's services (districts, other \
             countries)"
        ));
    }
    Ok(())
}

/// The year of the title above the header.
fn year(table: &Table) -> Result<i16> {
    let words = |c: char| !c.is_ascii_alphanumeric();
    let title = table.titles().to_ascii_lowercase();
    let mut after_mid = title.split(words).skip_while(|word| *word != "mid").skip(1);
    let year = after_mid.next().and_then(|word| word.parse().ok());
    year.filter(|year| YEARS.contains(year)).ok_or_else(|| {
        table.malformed_header(
            "Code",
            "a sheet of mid-year estimates whose title rows name no year".to_owned(),
            "ONS's title above the header, as \"... mid-2024\": keep the title rows",
        )
    })
}

fn entity(code: &str, register: &Register) -> Option<Entity> {
    match code {
        ENGLAND => Some(Entity::England),
        region if is_region(region) => AuthorityCode::new(region).ok().map(Entity::Region),
        code => register.by_ons(code).map(|a| Entity::Authority(a.code)),
    }
}

/// The sum over all ages, unless a cell is no number, which is refused.
fn children(row: &Row<'_>, ages: [usize; 18], report: &mut FileReport) -> Option<f64> {
    let mut sum = 0.0;
    for (at, age) in ages.into_iter().zip(AGES) {
        match Scale::In(Unit::Count).read(row.text(at)) {
            Ok(Cell::Number(number)) => sum += number,
            Ok(_) => {
                report.refuse(row.line, age, row.text(at), "a number of children");
                return None;
            }
            Err(expected) => {
                report.refuse(row.line, age, row.text(at), expected);
                return None;
            }
        }
    }
    Some(sum)
}
