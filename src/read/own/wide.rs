//! An analyst's own wide table, read through a small mapping in a JSON file beside it.
//!
//! ```json
//! {
//!   "file": "our figures.csv",
//!   "authority_column": "la",
//!   "source": "own",
//!   "columns": [
//!     {"column": "agency %", "indicator": "agency_rate", "scale": "percent",
//!      "period_column": "census", "known_days": 30},
//!     {"column": "complaints", "indicator": "complaint_rate", "unit": "proportion",
//!      "numerator": "complaints upheld", "denominator": "complaints made",
//!      "period_end": "2025-03-31", "known_from": "2025-05-01"}
//!   ],
//!   "indicators": [
//!     {"id": "complaint_rate", "name": "complaints upheld", "unit": "proportion",
//!      "numerator": "complaints upheld", "denominator": "complaints made",
//!      "series": "children_in_need", "direction": "higher_riskier",
//!      "source": "our improvement plan of 2024"}
//!   ]
//! }
//! ```
//!
//! - `file`: the table, in the folder of the mapping. It is read by the mapping alone, even if it
//!   is of a known layout.
//! - `authority_column`: DfE numbers, ONS codes, names, `england` or `region:` and an ONS code.
//! - `rows`: which rows are read, where not all are: a column and what it has to hold, one text or
//!   several, as `{"sex": "Total", "age": ["0 to 15", "16 and 17"]}`. Default: all.
//! - `source`: a label. `own` means figures that were never published. Default: `wide table`.
//! - `columns`: what each column means.
//!   - `scale`: `percent` (22.6 is 0.226) or `unit`. Default: `unit`, the indicator's own.
//!   - `unit`: may repeat the indicator's unit, and is checked then.
//!   - `numerator`, `denominator`: columns of counts.
//!   - the period: `period_end`, one day for all rows, or `period_column`, which holds days
//!     (`2025-03-31`; or `31/03/2025` where all of the column is written so) or years. A year means the period that the indicator's series calls by it (children in need:
//!     31 March, workforce: 30 September).
//!   - the day known: `known_from`, one day for all rows, `known_column`, or `known_days` after the
//!     period's end. Without any the release calendar says it for the indicator's series, and the
//!     figures count as revised.
//! - `indicators`: definitions of indicators that the catalogue does not have. They serve all
//!   files of the folder. `source` says where the direction is declared, and may be left out.

use jiff::{Span, civil::Date};

use super::mapping::{Column, ColumnScale, Mapping, Texts};
use super::tidy::{OWN, count, entity, known_on};
use crate::data::{
    Basis, Catalogue, IndicatorId, Release, ReleaseCalendar, Series, Standing, Unit,
};
use crate::error::Result;
use crate::read::area::{Checked, Wrong, YEARS};
use crate::read::counts::{Counted, some_children};
use crate::read::intake::{Intake, Precedence, Stated};
use crate::read::load_report::FileReport;
use crate::read::table::cell::Scale;
use crate::read::table::day::Days;
use crate::read::table::rows::{Row, Table};

/// A place in the table with the column's name.
#[derive(Clone)]
struct Place {
    at: usize,
    name: String,
}

enum Period {
    End(Date),
    In(Place),
}

enum Known {
    From(Date),
    In(Place),
    Days(u16),
    Calendar,
}

/// A column with its places in the table.
struct Placed {
    figure: Place,
    scale: Scale,
    unit: Unit,
    indicator: IndicatorId,
    series: Series,
    numerator: Option<Place>,
    denominator: Option<Place>,
    period: Period,
    known: Known,
    is_children: bool,
}

impl Mapping {
    fn place(&self, column: &Column, table: &Table, catalogue: &Catalogue) -> Result<Placed> {
        let id = column.indicator;
        let indicator = catalogue.get(id).map_err(|_| {
            let expected = "an indicator of the catalogue or of this mapping's indicators";
            self.malformed("indicator", id.as_str(), expected)
        })?;
        let unit = indicator.unit;
        if column.unit.is_some_and(|stated| stated != unit) {
            let expected = format!("the unit of {id}: {}", unit.expected());
            return Err(self.malformed("unit", &format!("{:?}", column.unit), &expected));
        }
        let scale = match column.scale {
            ColumnScale::Unit => Scale::In(unit),
            ColumnScale::Percent if unit == Unit::Proportion => Scale::Percent,
            ColumnScale::Percent => {
                let expected = format!("unit: {id} is no proportion");
                return Err(self.malformed("scale", "percent", &expected));
            }
        };
        Ok(Placed {
            figure: find(table, &column.column)?,
            scale,
            unit,
            indicator: id,
            series: indicator.series,
            numerator: find_optional(table, &column.numerator)?,
            denominator: find_optional(table, &column.denominator)?,
            period: self.period(column, table)?,
            known: self.known(column, table)?,
            is_children: id.as_str() == "children",
        })
    }

    /// The places of the columns that choose rows, and what they have to hold.
    fn wanted(&self, table: &Table) -> Result<Vec<(usize, &Texts)>> {
        let chosen = self.rows.iter();
        let chosen = chosen.map(|(column, texts)| Ok((table.column(column)?, texts)));
        chosen.collect()
    }

    fn period(&self, column: &Column, table: &Table) -> Result<Period> {
        match (column.period_end, &column.period_column) {
            (Some(end), None) => Ok(Period::End(end)),
            (None, Some(name)) => find(table, name).map(Period::In),
            _ => {
                let expected = "exactly one of period_end and period_column";
                Err(self.malformed(&column.column, "none or both", expected))
            }
        }
    }

    fn known(&self, column: &Column, table: &Table) -> Result<Known> {
        match (column.known_from, &column.known_column, column.known_days) {
            (None, None, None) => Ok(Known::Calendar),
            (Some(day), None, None) => Ok(Known::From(day)),
            (None, Some(name), None) => find(table, name).map(Known::In),
            (None, None, Some(days)) => Ok(Known::Days(days)),
            _ => {
                let expected = "at most one of known_from, known_column and known_days";
                Err(self.malformed(&column.column, "several", expected))
            }
        }
    }
}

fn find(table: &Table, name: &str) -> Result<Place> {
    let at = table.column(name)?;
    Ok(Place {
        at,
        name: name.to_owned(),
    })
}

fn find_optional(table: &Table, name: &Option<String>) -> Result<Option<Place>> {
    name.as_ref().map(|name| find(table, name)).transpose()
}

/// Reads a table through its mapping into the panel.
pub(crate) fn read(
    mapping: &Mapping,
    table: &mut Table,
    report: &mut FileReport,
    intake: &mut Intake,
) -> Result<()> {
    let authority = find(table, &mapping.authority_column)?;
    let catalogue = intake.panel.catalogue();
    let columns: Vec<Placed> = mapping
        .columns
        .iter()
        .map(|column| mapping.place(column, table, catalogue))
        .collect::<Result<_>>()?;
    let label = mapping.source.as_deref().unwrap_or("wide table");
    let source = intake.source(Precedence::Wide, label);
    let dated: Vec<usize> = columns.iter().flat_map(Placed::dated).collect();
    let days = Days::of(table, &dated, report)?;
    let wanted = mapping.wanted(table)?;
    let mut passed_over = 0;
    while let Some(row) = table.next()? {
        report.rows += 1;
        if !wanted.iter().all(|(at, texts)| texts.have(row.text(*at))) {
            passed_over += 1;
            continue;
        }
        let entity = match entity(
            &authority.name,
            row.text(authority.at),
            intake.panel.register(),
        ) {
            Ok(entity) => entity,
            Err(wrong) => {
                report.refuse(row.line, &wrong.column, &wrong.found, &wrong.expected);
                continue;
            }
        };
        for column in &columns {
            match column.figure(&row, (&intake.calendar, &days), label) {
                Ok(stated) => {
                    report.count(stated.value.into());
                    intake.add(&[entity], &Stated { source, ..stated });
                }
                Err(wrong) => report.refuse(row.line, &wrong.column, &wrong.found, &wrong.expected),
            }
        }
    }
    if passed_over > 0 {
        let note = format!("{passed_over} rows passed over: not those that the mapping chooses");
        report.notes.push(note);
    }
    Ok(())
}

impl Place {
    fn named(&self) -> (usize, &str) {
        (self.at, &self.name)
    }
}

impl Placed {
    /// Places of its columns of days.
    fn dated(&self) -> impl Iterator<Item = usize> {
        let period = match &self.period {
            Period::In(place) => Some(place.at),
            Period::End(_) => None,
        };
        let known = match &self.known {
            Known::In(place) => Some(place.at),
            _ => None,
        };
        period.into_iter().chain(known)
    }

    fn figure(
        &self,
        row: &Row<'_>,
        (calendar, days): (&ReleaseCalendar, &Days),
        label: &str,
    ) -> Checked<Stated> {
        let text = row.text(self.figure.at);
        let cell = self.scale.read(text);
        let value = cell.map(|cell| cell.value(self.unit));
        let value = match value {
            Ok(Some(value)) => value,
            Ok(None) => return Err(Wrong::new(&self.figure.name, text, "a figure")),
            Err(expected) => return Err(Wrong::new(&self.figure.name, text, expected)),
        };
        let numerator = part(&self.numerator, row)?;
        let denominator = part(&self.denominator, row)?;
        let [above, below] = [&self.numerator, &self.denominator]
            .map(|place| place.as_ref().map_or("", |place| &place.name));
        let counted = Counted {
            unit: self.unit,
            value: Some(value),
            numerator,
            denominator,
            columns: [&self.figure.name, above, below],
        };
        counted.check()?;
        if self.is_children {
            some_children(&self.figure.name, value)?;
        }
        let period_end = self.period_end(row, days)?;
        let (release, standing) = self.release(row, period_end, (calendar, days))?;
        Ok(Stated {
            indicator: self.indicator,
            period_end,
            release,
            value,
            numerator,
            denominator,
            standing: if label == OWN {
                Standing::Own
            } else {
                standing
            },
            joint: false,
            source: 0,
            line: row.line,
        })
    }

    fn period_end(&self, row: &Row<'_>, days: &Days) -> Checked<Date> {
        let place = match &self.period {
            Period::End(end) => return Ok(*end),
            Period::In(place) => place,
        };
        let text = row.text(place.at);
        let year = text.parse().ok().filter(|y| YEARS.contains(y));
        match year.and_then(|year| self.series.period_end(year)) {
            Some(end) => Ok(end),
            None => days.date(place.named(), text).map_err(|wrong| Wrong {
                expected: format!("a year, or {}", wrong.expected),
                ..wrong
            }),
        }
    }

    fn release(
        &self,
        row: &Row<'_>,
        period_end: Date,
        (calendar, days): (&ReleaseCalendar, &Days),
    ) -> Checked<(Release, Standing)> {
        let date = match &self.known {
            Known::Calendar => {
                let release = calendar.release(self.series, period_end);
                return Ok((release, Standing::Revised));
            }
            Known::From(day) => known_on("known_from", &day.to_string(), *day, period_end)?,
            Known::In(place) => {
                let text = row.text(place.at);
                known_on(
                    &place.name,
                    text,
                    days.date(place.named(), text)?,
                    period_end,
                )?
            }
            Known::Days(days) => period_end.saturating_add(Span::new().days(i64::from(*days))),
        };
        let basis = Basis::Confirmed;
        Ok((Release { date, basis }, Standing::Released))
    }
}

fn part(place: &Option<Place>, row: &Row<'_>) -> Checked<Option<f64>> {
    match place {
        Some(place) => count(&place.name, row.text(place.at)),
        None => Ok(None),
    }
}
