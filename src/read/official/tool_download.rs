//! The interactive tool's own download ("create your own"): one row for each area and measure, one
//! column for each year. What its measures are in the wide extract is known by their names, so that
//! both come to the same figures.

use super::layouts;
use super::statistics::LeftOut;
use crate::data::{IndicatorId, Series, Standing, Unit};
use crate::error::Result;
use crate::read::area::{Area, YEARS, tool_entity};
use crate::read::intake::{Intake, Stated};
use crate::read::load_report::{FileReport, Layout};
use crate::read::table::cell::{Cell, Scale};
use crate::read::table::rows::{Row, Table};

/// Columns of the wide extract that are read, and the names that the tool shows for them.
const NAMES: [(&str, &str); 15] = [
    (
        "Continue_Assess_Comp",
        "Continuous assessments completed within 45 working days",
    ),
    ("RevCP", "Review of Child Protection Cases"),
    (
        "RefBySource_Police_%",
        "% referrals completed by source of referral - Police",
    ),
    (
        "CareApplications",
        "Cafcass Care applications per 10,000 child population",
    ),
    ("LAC", "Children looked after rate per 10,000"),
    (
        "LACStable_2016on",
        "Placement 1 - % CLA with three or more placements",
    ),
    (
        "LACDistance",
        "Children looked after placed more than 20 miles from home, outside LA Boundary (%)",
    ),
    (
        "Children_missing",
        "% Children looked after who were missing",
    ),
    ("CareLeaverAcc", "Care Leavers - Suitable accommodation (%)"),
    ("ChildPov", "Percentage of children in low income families"),
    ("PriFSM", "Primary Free School Meals"),
    (
        "Work_Force_Agecy_Rate",
        "Percentage of agency social workers",
    ),
    (
        "Work_Force_Vac_Rate",
        "Percentage of social worker vacancies",
    ),
    (
        "Work_Force_TO_Rate",
        "Percentage rate of social worker turnover",
    ),
    ("Work_Force_NoSW", "Number FTE of children's social workers"),
];

/// The name that the tool shows for a column of the wide extract.
pub(crate) fn shown_name(column: &str) -> Option<&'static str> {
    let found = NAMES.iter().find(|(wide, _)| *wide == column);
    found.map(|(_, shown)| *shown)
}

/// A measure of the tool that is read.
struct Known {
    name: &'static str,
    indicator: IndicatorId,
    series: Series,
    unit: Unit,
    scale: Scale,
    /// Not read for this year and later ones.
    before: Option<i16>,
    found: bool,
}

/// Reads a download into the panel.
pub(crate) fn read(table: &mut Table, report: &mut FileReport, intake: &mut Intake) -> Result<()> {
    let Some(wide) = layouts::statistics(Layout::InteractiveTool) else {
        return Ok(());
    };
    let mut known = Vec::new();
    for measure in wide.measures {
        let indicator = intake
            .panel
            .catalogue()
            .get(IndicatorId::new(measure.indicator)?)?;
        let column = measure.column(indicator.unit);
        known.extend(column.and_then(|(column, scale)| {
            Some(Known {
                name: shown_name(column)?,
                indicator: indicator.id,
                series: indicator.series,
                unit: indicator.unit,
                scale,
                before: measure.before,
                found: false,
            })
        }));
    }
    let [number, name] = table.columns(["LA Number", "Measure"])?;
    let years = table.years();
    let named = ["LA Number", "LA and Regions", "Region", "Topic", "Measure"];
    let read = years.iter().map(|(at, _)| table.header()[*at].as_str());
    table.note_others(&named.into_iter().chain(read).collect::<Vec<_>>(), report);
    let source = intake.source(wide.precedence, wide.label);
    let (mut left_out, mut others) = (LeftOut::default(), 0);
    while let Some(row) = table.next()? {
        report.rows += 1;
        let Some(measure) = known.iter_mut().find(|m| m.name == row.text(name)) else {
            others += 1;
            continue;
        };
        measure.found = true;
        let entity = match tool_entity(row.text(number), intake.panel.register()) {
            Ok(entity) => entity,
            Err(wrong) => {
                report.refuse(row.line, &wrong.column, &wrong.found, &wrong.expected);
                continue;
            }
        };
        for (at, year) in &years {
            let area = Area {
                entities: vec![entity],
                year: *year,
            };
            if let Some(stated) = measure.stated(&row, (*at, *year), source, report, intake) {
                left_out.add(wide, (measure.series, measure.unit), &area, stated, intake);
            }
        }
    }
    note(&known, others, left_out.held_elsewhere, report);
    Ok(())
}

impl Known {
    /// The figure of a year, where its cell has one.
    fn stated(
        &self,
        row: &Row<'_>,
        (at, year): (usize, i16),
        source: u16,
        report: &mut FileReport,
        intake: &Intake,
    ) -> Option<Stated> {
        if self.before.is_some_and(|before| year >= before) {
            return None;
        }
        let text = match row.text(at) {
            "NA" => "",
            text => text,
        };
        let cell = self.scale.read(text).unwrap_or_else(|expected| {
            report.refuse(row.line, &year.to_string(), text, expected);
            Cell::Nothing
        });
        report.count(cell);
        let period_end = self.series.period_end(year)?;
        Some(Stated {
            indicator: self.indicator,
            period_end,
            release: intake.calendar.release(self.series, period_end),
            value: cell.value(self.unit)?,
            numerator: None,
            denominator: None,
            standing: Standing::Revised,
            joint: false,
            source,
            line: row.line,
        })
    }
}

fn note(known: &[Known], others: usize, held_elsewhere: usize, report: &mut FileReport) {
    if others > 0 {
        let note = format!("{others} rows of measures that are not read from the tool");
        report.notes.push(note);
    }
    if held_elsewhere > 0 {
        report.notes.push(format!(
            "{held_elsewhere} cells are no figures: the joint return stands in another member's row"
        ));
    }
    let missing = known.iter().filter(|measure| !measure.found);
    let missing: Vec<&str> = missing.map(|measure| measure.name).collect();
    if !missing.is_empty() {
        report.notes.push(format!(
            "not in the download, to be ticked in the tool: {}",
            missing.join("; ")
        ));
    }
}

impl Table {
    /// The columns that are named by a year, and the years.
    fn years(&self) -> Vec<(usize, i16)> {
        let year = |name: &String| name.parse().ok().filter(|year| YEARS.contains(year));
        let named = self.header().iter().enumerate();
        named
            .filter_map(|(at, name)| Some((at, year(name)?)))
            .collect()
    }
}
