//! Figures in order, and where each series stands among them.

use super::row::Row;

/// Rows by entity, indicator, period and day known: at most one for each.
#[derive(Debug, Default)]
pub(super) struct Segment {
    rows: Vec<Row>,
    // Place of each entity's first row, and of the end.
    first: Vec<u32>,
}

impl Segment {
    /// Of rows that are sorted.
    pub(super) fn new(rows: Vec<Row>) -> Segment {
        let mut first = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            // Bounded by `LARGEST`, which the panel's builder checks.
            first.resize(first.len().max(row.entity as usize + 1), at as u32);
        }
        first.push(rows.len() as u32);
        Segment { rows, first }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    fn of_entity(&self, entity: u32) -> &[Row] {
        match self.first.get(entity as usize..entity as usize + 2) {
            Some(&[from, to]) => &self.rows[from as usize..to as usize],
            _ => &[],
        }
    }

    /// The figures of one entity and indicator.
    pub(super) fn series(&self, entity: u32, indicator: u16) -> &[Row] {
        let all = self.of_entity(entity);
        let from = all.partition_point(|row| row.indicator < indicator);
        let to = all.partition_point(|row| row.indicator <= indicator);
        &all[from..to]
    }

    /// The figure of a cell.
    pub(super) fn cell(&self, of: &Row) -> Option<&Row> {
        let series = self.series(of.entity, of.indicator);
        let at = series.binary_search_by_key(&of.cell(), Row::cell).ok()?;
        Some(&series[at])
    }

    /// These rows with newer ones, which take the place of older ones of the same cell.
    pub(super) fn with(&self, newer: &[Row]) -> Segment {
        let mut rows = Vec::with_capacity(self.rows.len() + newer.len());
        let mut old = self.rows.iter().peekable();
        for new in newer {
            while let Some(row) = old.next_if(|row| row.cell() <= new.cell()) {
                if row.cell() != new.cell() {
                    rows.push(*row);
                }
            }
            rows.push(*new);
        }
        rows.extend(old);
        Segment::new(rows)
    }
}
