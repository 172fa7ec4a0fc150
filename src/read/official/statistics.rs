//! Official statistics as published: one row for each area and year.

use jiff::civil::Date;

use super::measure::{Cells, Measure, Measured, Placed};
use super::rates::Count;
use crate::data::{
    Entity, IndicatorId, Missing, Register, Release, ReleaseCalendar, Series, Standing, Unit, Value,
};
use crate::error::Result;
use crate::read::area::{Area, Areas, YEARS};
use crate::read::counts::some_children;
use crate::read::intake::{Intake, Precedence, Stated};
use crate::read::load_report::{FileReport, Layout};
use crate::read::recognise::another_year;
use crate::read::table::cell::Scale;
use crate::read::table::rows::{Row, Table};

/// What is read from one layout.
pub(crate) struct Statistics {
    pub(crate) layout: Layout,
    pub(crate) label: &'static str,
    pub(crate) precedence: Precedence,
    /// Rows are read only where these columns hold these texts.
    pub(crate) only: &'static [(&'static str, &'static str)],
    pub(crate) measures: &'static [Measure],
    /// Counts that become rates per 10,000 children: rate and column.
    pub(crate) counts: &'static [(&'static str, &'static str)],
    /// A joint workforce return stands in the row of one member, with `z` or `-` in the others'.
    pub(crate) joint_in_one_row: bool,
    /// What a reader should know about this layout.
    pub(crate) note: Option<&'static str>,
}

struct Reader<'a> {
    layout: &'a Statistics,
    areas: Areas,
    only: Vec<(usize, &'static str)>,
    cells: Cells,
    measures: Vec<Placed>,
    counts: Vec<(IndicatorId, Series, usize)>,
    source: u16,
    vintage: Option<Vintage>,
    left_out: LeftOut,
}

/// What was passed over, for the notes.
#[derive(Default)]
pub(super) struct LeftOut {
    other_rows: usize,
    other_years: usize,
    pub(super) held_elsewhere: usize,
    joint_counts: usize,
}

/// To whom a figure belongs.
enum Holders {
    These(Vec<Entity>),
    /// Another member of a joint return.
    Another,
}

/// A later release of a publication of which the folder has an older one: what it says of years
/// that the older one has is known from its own release on, that of its newest year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Vintage {
    /// The newest year of the release before.
    pub(crate) before: i16,
    /// Its own newest year.
    pub(crate) newest: i16,
}

impl Vintage {
    /// When a figure of a year and series was known.
    fn release(
        self,
        calendar: &ReleaseCalendar,
        series: Series,
        year: i16,
        own: Release,
    ) -> Release {
        match series.period_end(self.newest) {
            Some(newest) if year <= self.before => {
                Release::later(own, calendar.release(series, newest))
            }
            _ => own,
        }
    }
}

/// The newest year in a statistics file, as far as its rows say.
pub(crate) fn newest_year(table: &mut Table) -> Option<i16> {
    let at = table.optional("time_period").ok()??;
    let mut newest = None;
    while let Ok(Some(row)) = table.next() {
        newest = newest.max(
            row.text(at)
                .parse()
                .ok()
                .filter(|year| YEARS.contains(year)),
        );
    }
    newest
}

/// Reads a statistics file into the panel.
pub(crate) fn read(
    layout: &Statistics,
    vintage: Option<Vintage>,
    table: &mut Table,
    report: &mut FileReport,
    intake: &mut Intake,
) -> Result<()> {
    layout.complete(table)?;
    let mut reader = Reader::new(layout, table, intake)?;
    reader.vintage = vintage;
    while let Some(row) = table.next()? {
        report.rows += 1;
        reader.row(&row, report, intake);
    }
    reader.notes(report);
    Ok(())
}

impl Statistics {
    /// The columns that are read, in the spelling in which they are known.
    fn columns(&self) -> Vec<&'static str> {
        let mut all = Areas::columns(self.layout).to_vec();
        all.extend(self.only.iter().map(|(column, _)| *column));
        all.extend(self.measures.iter().flat_map(Measure::columns));
        all.extend(self.counts.iter().map(|(_, column)| *column));
        all
    }

    /// Respells the columns, and sees that all are there.
    fn complete(&self, table: &mut Table) -> Result<()> {
        let columns = self.columns();
        table.rename(
            &columns
                .iter()
                .map(|name| (*name, *name))
                .collect::<Vec<_>>(),
        );
        let mut lacks: Vec<&str> = Vec::new();
        for column in columns {
            if table.optional(column)?.is_none() && !lacks.contains(&column) {
                lacks.push(column);
            }
        }
        match lacks.first() {
            None => Ok(()),
            Some(first) => Err(table.malformed_header(
                first,
                format!("no such column among {}", table.header().join(", ")),
                &another_year(self.layout, &lacks, table.header().iter()),
            )),
        }
    }
}

impl<'a> Reader<'a> {
    fn new(layout: &'a Statistics, table: &Table, intake: &mut Intake) -> Result<Self> {
        let areas = match layout.layout {
            Layout::InteractiveTool => Areas::interactive_tool(table)?,
            _ => Areas::statistics(table)?,
        };
        let only = layout.only.iter();
        let only = only.map(|(column, text)| Ok((table.column(column)?, *text)));
        let only = only.collect::<Result<_>>()?;
        let mut cells = Cells::default();
        let catalogue = intake.panel.catalogue();
        let measures = layout
            .measures
            .iter()
            .map(|measure| Placed::new(measure, table, catalogue, &mut cells))
            .collect::<Result<_>>()?;
        let mut counts = Vec::new();
        for &(rate, column) in layout.counts {
            let place = cells.place(table, column, Scale::In(Unit::Count), None)?;
            let indicator = catalogue.get(IndicatorId::new(rate)?)?;
            counts.push((indicator.id, indicator.series, place));
        }
        Ok(Reader {
            layout,
            areas,
            only,
            cells,
            measures,
            counts,
            source: intake.source(layout.precedence, layout.label),
            vintage: None,
            left_out: LeftOut::default(),
        })
    }

    fn row(&mut self, row: &Row<'_>, report: &mut FileReport, intake: &mut Intake) {
        if self.only.iter().any(|(at, text)| row.text(*at) != *text) {
            self.left_out.other_rows += 1;
            return;
        }
        match self.areas.read(row, intake.panel.register()) {
            Ok(Some(area)) => {
                self.cells.read(row, area.year, report);
                self.figures(&area, row.line, report, intake);
                self.take_counts(&area, row.line, intake);
            }
            Ok(None) => self.left_out.other_years += 1,
            Err(wrong) => report.refuse(row.line, &wrong.column, &wrong.found, &wrong.expected),
        }
    }

    fn figures(&mut self, area: &Area, line: u64, report: &mut FileReport, intake: &mut Intake) {
        for measure in &self.measures {
            let Some(period_end) = measure.series.period_end(area.year) else {
                continue;
            };
            match measure.figure(&self.cells) {
                Ok(Some(measured)) => {
                    let release = self.release(measure.series, area.year, period_end, intake);
                    let stated = self.stated(measure, measured, period_end, release, line);
                    if stated.indicator == intake.children
                        && let Err(wrong) = some_children(measure.name(&self.cells), stated.value)
                    {
                        report.refuse(line, &wrong.column, &wrong.found, &wrong.expected);
                        continue;
                    }
                    let kind = (measure.series, measure.unit);
                    self.left_out.add(self.layout, kind, area, stated, intake);
                }
                Ok(None) => {}
                Err(wrong) => report.refuse(line, &wrong.column, &wrong.found, &wrong.expected),
            }
        }
    }

    fn release(&self, series: Series, year: i16, period_end: Date, intake: &Intake) -> Release {
        let own = intake.calendar.release(series, period_end);
        let later = |vintage: Vintage| vintage.release(&intake.calendar, series, year, own);
        self.vintage.map_or(own, later)
    }

    fn stated(
        &self,
        measure: &Placed,
        measured: Measured,
        period_end: Date,
        release: Release,
        line: u64,
    ) -> Stated {
        Stated {
            indicator: measure.indicator,
            period_end,
            release,
            value: measured.value,
            numerator: measured.numerator,
            denominator: measured.denominator,
            standing: Standing::Revised,
            joint: false,
            source: self.source,
            line,
        }
    }

    fn take_counts(&mut self, area: &Area, line: u64, intake: &mut Intake) {
        let &[entity] = area.entities.as_slice() else {
            self.left_out.joint_counts += self.counts.len();
            return;
        };
        for &(rate, series, place) in &self.counts {
            let end = series.period_end(area.year);
            let value = self.cells.get(place).value(Unit::Count);
            if let (Some(period_end), Some(value)) = (end, value) {
                intake.rates.count(Count {
                    rate,
                    entity,
                    period_end,
                    value,
                    release: self.release(series, area.year, period_end, intake),
                    source: self.source,
                    origin: intake.origin(line),
                });
            }
        }
    }

    fn notes(self, report: &mut FileReport) {
        let LeftOut {
            other_rows,
            other_years,
            held_elsewhere,
            joint_counts,
        } = self.left_out;
        let only: Vec<&str> = self.layout.only.iter().map(|(_, text)| *text).collect();
        let only = only.join(", ");
        let mut note = |count: usize, words: String| {
            if count > 0 {
                report.notes.push(format!("{count} {words}"));
            }
        };
        note(other_rows, format!("rows passed over: not {only:?}"));
        note(
            other_years,
            "rows passed over: school or financial years".to_owned(),
        );
        note(
            held_elsewhere,
            "cells are no figures: the joint return stands in another member's row".to_owned(),
        );
        note(
            joint_counts,
            "counts of joint returns left out, so that none is counted twice".to_owned(),
        );
        report.notes.extend(self.layout.note.map(str::to_owned));
    }
}

impl LeftOut {
    /// Adds a figure to the panel for those it belongs to. Authorities that returned it together
    /// each get the rate, and none of them the counts, which would be counted twice.
    pub(super) fn add(
        &mut self,
        layout: &Statistics,
        (series, unit): (Series, Unit),
        area: &Area,
        mut stated: Stated,
        intake: &mut Intake,
    ) {
        let one_row = layout.joint_in_one_row && series == Series::SocialWorkWorkforce;
        let holders = match area.entities.as_slice() {
            &[entity] if one_row => holders(entity, &stated, intake.panel.register()),
            entities => Holders::These(entities.to_vec()),
        };
        match holders {
            Holders::Another => self.held_elsewhere += 1,
            Holders::These(many) if many.len() > 1 && unit == Unit::Count => {
                self.joint_counts += 1;
            }
            Holders::These(entities) => {
                if entities.len() > 1 {
                    stated.joint = true;
                    (stated.numerator, stated.denominator) = (None, None);
                }
                intake.add(&entities, &stated);
            }
        }
    }
}

/// The members of a joint return, where its figure stands in one member's row.
fn holders(entity: Entity, stated: &Stated, register: &Register) -> Holders {
    let members = match entity {
        Entity::Authority(code) => register.joint_return(code, stated.period_end),
        _ => &[],
    };
    let blank = Value::Missing(Missing::NotApplicable) == stated.value
        || Value::Missing(Missing::Dash) == stated.value;
    match members {
        [] => Holders::These(vec![entity]),
        _ if blank => Holders::Another,
        members => Holders::These(members.iter().map(|&m| Entity::Authority(m)).collect()),
    }
}
