//! Indicators of a layout: from the cells of a row to figures with their counts.

use crate::data::{Catalogue, IndicatorId, Missing, Series, Unit, Value};
use crate::error::Result;
use crate::read::area::{Checked, Wrong};
use crate::read::counts::Counted;
use crate::read::load_report::FileReport;
use crate::read::table::cell::{Cell, Scale};
use crate::read::table::rows::{Row, Table};

/// An indicator of a layout.
pub(crate) struct Measure {
    pub(crate) indicator: &'static str,
    pub(crate) value: Figure,
    /// Columns whose sum stands above the line.
    pub(crate) above: &'static [&'static str],
    /// Columns whose sum stands below the line.
    pub(crate) below: &'static [&'static str],
    /// Not read for this year and later ones, which another layout has.
    pub(crate) before: Option<i16>,
}

/// Where an indicator's value stands.
pub(crate) enum Figure {
    /// In a column of percentages.
    Percent(&'static str),
    /// In a column, in the unit.
    Plain(&'static str),
    /// Nowhere: it is the sum above the line by the sum below.
    Ratio,
}

impl Measure {
    /// All columns that it is read from.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        let value = self.column(Unit::Count).map(|(name, _)| name);
        let counts = self.above.iter().chain(self.below).copied();
        value.into_iter().chain(counts)
    }

    /// The column of its value, and how that writes numbers of the unit.
    pub(crate) fn column(&self, unit: Unit) -> Option<(&'static str, Scale)> {
        match self.value {
            Figure::Percent(name) => Some((name, Scale::Percent)),
            Figure::Plain(name) => Some((name, Scale::In(unit))),
            Figure::Ratio => None,
        }
    }
}

/// A column that is read.
struct Column {
    at: usize,
    name: &'static str,
    scale: Scale,
    before: Option<i16>,
}

/// A measure with the places of its columns among the columns read.
pub(crate) struct Placed {
    pub(crate) indicator: IndicatorId,
    pub(crate) unit: Unit,
    pub(crate) series: Series,
    value: Option<usize>,
    above: Vec<usize>,
    below: Vec<usize>,
}

/// A figure with its counts.
pub(crate) struct Measured {
    pub(crate) value: Value,
    pub(crate) numerator: Option<f64>,
    pub(crate) denominator: Option<f64>,
}

/// The columns read from a table, each once, and the cells of the row at hand.
#[derive(Default)]
pub(crate) struct Cells {
    columns: Vec<Column>,
    cells: Vec<Cell>,
}

impl Cells {
    /// The place of a column among the columns read, added if it is new.
    pub(crate) fn place(
        &mut self,
        table: &Table,
        name: &'static str,
        scale: Scale,
        before: Option<i16>,
    ) -> Result<usize> {
        if let Some(known) = self.columns.iter().position(|c| c.name == name) {
            return Ok(known);
        }
        let at = table.column(name)?;
        self.columns.push(Column {
            at,
            name,
            scale,
            before,
        });
        Ok(self.columns.len() - 1)
    }

    /// Reads the cells of a row, counting what they hold.
    pub(crate) fn read(&mut self, row: &Row<'_>, year: i16, report: &mut FileReport) {
        self.cells.clear();
        for column in &self.columns {
            let due = column.before.is_none_or(|before| year < before);
            let cell = match column.scale.read(row.text(column.at)) {
                _ if !due => Cell::Nothing,
                Ok(cell) => cell,
                Err(expected) => {
                    report.refuse(row.line, column.name, row.text(column.at), expected);
                    Cell::Nothing
                }
            };
            report.count(cell);
            self.cells.push(cell);
        }
    }

    /// The cell of a place given by [`Cells::place`].
    pub(crate) fn get(&self, place: usize) -> Cell {
        self.cells.get(place).copied().unwrap_or_default()
    }

    /// The columns of these places, as a sum.
    fn names(&self, places: &[usize]) -> String {
        let named = places.iter().filter_map(|&place| self.columns.get(place));
        named.map(|c| c.name).collect::<Vec<_>>().join(" + ")
    }

    fn sum(&self, places: &[usize]) -> Option<f64> {
        let numbers = places.iter().map(|&place| self.get(place).number());
        numbers.sum::<Option<f64>>().filter(|_| !places.is_empty())
    }

    /// Sum above by sum below, or the first reason why there is none.
    fn ratio(&self, measure: &Placed) -> Option<Value> {
        let all = measure.above.iter().chain(&measure.below);
        let not_numbers = all.filter(|&&place| self.get(place).number().is_none());
        if let Some(&place) = not_numbers.into_iter().next() {
            return self.get(place).value(measure.unit);
        }
        match (self.sum(&measure.above), self.sum(&measure.below)) {
            (Some(above), Some(below)) if below > 0.0 => Some(Value::Number(above / below)),
            _ => Some(Value::Missing(Missing::NotApplicable)),
        }
    }
}

impl Placed {
    /// Finds the columns of a measure.
    pub(crate) fn new(
        measure: &Measure,
        table: &Table,
        catalogue: &Catalogue,
        cells: &mut Cells,
    ) -> Result<Self> {
        let indicator = catalogue.get(IndicatorId::new(measure.indicator)?)?;
        let unit = indicator.unit;
        let mut place = |name, scale| cells.place(table, name, scale, measure.before);
        let value = match measure.value {
            Figure::Percent(name) => Some(place(name, Scale::Percent)?),
            Figure::Plain(name) => Some(place(name, Scale::In(unit))?),
            Figure::Ratio => None,
        };
        let mut counts = |names: &[&'static str]| -> Result<Vec<usize>> {
            let count = Scale::In(Unit::Count);
            names.iter().map(|&name| place(name, count)).collect()
        };
        Ok(Placed {
            indicator: indicator.id,
            unit,
            series: indicator.series,
            value,
            above: counts(measure.above)?,
            below: counts(measure.below)?,
        })
    }

    /// The column of its value.
    pub(crate) fn name(&self, cells: &Cells) -> &'static str {
        let column = self.value.and_then(|place| cells.columns.get(place));
        column.map_or("", |column| column.name)
    }

    /// The figure of the row at hand; `None` where its cell was refused or is not to be read.
    pub(crate) fn figure(&self, cells: &Cells) -> Checked<Option<Measured>> {
        let numerator = cells.sum(&self.above);
        let denominator = cells.sum(&self.below);
        let value = match self.value {
            Some(place) => cells.get(place).value(self.unit),
            None => cells.ratio(self),
        };
        let column = self.value.map(|place| cells.names(&[place]));
        let [above, below] = [&self.above, &self.below].map(|places| cells.names(places));
        let counted = Counted {
            unit: self.unit,
            value,
            numerator,
            denominator,
            columns: [column.as_deref().unwrap_or_default(), &above, &below],
        };
        counted.check()?;
        let value = value.map(|value| self.checked(cells, value, [numerator, denominator]));
        Ok(value.transpose()?.map(|value| Measured {
            value,
            numerator,
            denominator,
        }))
    }

    /// Sums that no count can be are refused in their row: the panel would refuse them, and the whole folder with them.
    fn checked(&self, cells: &Cells, value: Value, counts: [Option<f64>; 2]) -> Checked<Value> {
        for (count, places) in counts.into_iter().zip([&self.above, &self.below]) {
            if let Some(sum) = count.filter(|sum| !Unit::Count.accepts(*sum)) {
                let column = cells.names(places);
                return Err(Wrong::new(
                    &column,
                    &sum.to_string(),
                    Unit::Count.expected(),
                ));
            }
        }
        match value {
            Value::Number(number) if !self.unit.accepts(number) => {
                let column = cells.names(&self.above);
                Err(Wrong::new(
                    &column,
                    &number.to_string(),
                    self.unit.expected(),
                ))
            }
            value => Ok(value),
        }
    }
}
