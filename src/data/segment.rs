//! Figures in order, and where each series stands among them.

use super::row::Row;

/// Rows by entity, indicator, period and day known: at most one for each.
#[derive(Debug, Default)]
pub(super) struct Segment {
    rows: Vec<Row>,
    // Indicator and place of the first row of each series, and of the end.
    series: Vec<(u16, u32)>,
    // Place of each entity's first series, and of the end.
    first: Vec<u32>,
}

impl Segment {
    /// Of rows that are sorted.
    pub(super) fn new(rows: Vec<Row>) -> Segment {
        let (mut series, mut first) = (Vec::new(), Vec::new());
        let mut at = 0;
        for same in rows.chunk_by(|a, b| (a.entity, a.indicator) == (b.entity, b.indicator)) {
            // Bounded by `LARGEST`, which the panel's builder checks.
            first.resize(
                first.len().max(same[0].entity as usize + 1),
                series.len() as u32,
            );
            series.push((same[0].indicator, at as u32));
            at += same.len();
        }
        first.push(series.len() as u32);
        series.push((u16::MAX, at as u32));
        series.shrink_to_fit();
        first.shrink_to_fit();
        Segment {
            rows,
            series,
            first,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The figures of one entity and indicator.
    pub(super) fn series(&self, entity: u32, indicator: u16) -> &[Row] {
        let entity = entity as usize;
        let Some(&[from, to]) = self.first.get(entity..entity + 2) else {
            return &[];
        };
        let (from, to) = (from as usize, to as usize);
        let all = &self.series[from..to];
        match all.binary_search_by_key(&indicator, |series| series.0) {
            Ok(at) => {
                let [begin, end] = [from + at, from + at + 1].map(|at| self.series[at].1 as usize);
                &self.rows[begin..end]
            }
            Err(_) => &[],
        }
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
