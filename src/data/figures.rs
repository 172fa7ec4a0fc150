//! The figures of a panel: 48 bytes each, in order, with their names in tables.
//!
//! They stand in two segments, so that adding a month's figures costs what these cost: what was
//! added stands apart and is read beside the rest until it comes to a quarter of it.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use jiff::civil::Date;

use super::code::IndicatorId;
use super::conflict::Conflict;
use super::known::PanelSeries;
use super::observation::{Entity, Observation};
use super::row::{Day, Row};
use super::segment::Segment;

/// A part of the older figures that newer ones may come to before both become one.
const MERGE_AT: usize = 4;

/// Most figures of a panel.
pub(super) const LARGEST: usize = u32::MAX as usize;

/// Names, each with its number.
#[derive(Clone, Debug)]
pub(super) struct Names<T> {
    all: Vec<T>,
    numbers: HashMap<T, u32>,
}

/// The names of everything in a row, shared with the panel that is added to until one is new.
#[derive(Clone, Debug, Default)]
pub(super) struct Tables {
    pub(super) entities: Arc<Names<Entity>>,
    pub(super) indicators: Arc<Names<IndicatorId>>,
    // Rank and label.
    pub(super) sources: Vec<(u8, String)>,
}

/// Figures in order, cheap to copy.
#[derive(Clone, Debug, Default)]
pub(super) struct Figures {
    tables: Arc<Tables>,
    base: Arc<Segment>,
    recent: Arc<Segment>,
    // How many can be read: of a cell in both segments one, of contradictions none.
    held: usize,
}

/// The figures of one entity, looked up once for all its indicators.
#[derive(Clone, Copy)]
pub(crate) struct EntityFigures<'a> {
    figures: &'a Figures,
    entity: Option<u32>,
}

/// What became of figures that stood twice.
#[derive(Debug, Default)]
pub(super) struct Twice {
    pub(super) conflicts: Vec<Conflict>,
    pub(super) agreeing: usize,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Names {
            all: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<T: Copy + Eq + Hash + Ord> Names<T> {
    /// The number of a name, given to it if it is new. Names shared with another panel are copied
    /// then, and not before.
    pub(super) fn number(names: &mut Arc<Self>, name: T) -> u32 {
        names
            .find(name)
            .unwrap_or_else(|| Arc::make_mut(names).add(name))
    }

    fn add(&mut self, name: T) -> u32 {
        let number = self.all.len() as u32;
        self.all.push(name);
        self.numbers.insert(name, number);
        number
    }

    pub(super) fn name(&self, number: u32) -> T {
        self.all[number as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn find(&self, name: T) -> Option<u32> {
        self.numbers.get(&name).copied()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = T> {
        self.all.iter().copied()
    }

    /// Numbers every name by its order; the new number of each old one.
    fn order(&mut self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.all.len() as u32).collect();
        order.sort_unstable_by_key(|&old| self.all[old as usize]);
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old as usize] = new as u32;
        }
        self.all.sort_unstable();
        for number in self.numbers.values_mut() {
            *number = place[*number as usize];
        }
        place
    }
}

impl Tables {
    fn rank(&self, row: &Row) -> u8 {
        let source = self.sources.get(usize::from(row.source));
        source.map_or(u8::MAX, |(rank, _)| *rank)
    }

    /// Numbers all names by their order, so that nothing depends on the order of files.
    pub(super) fn order(&mut self, rows: &mut [Row]) {
        let entities = Arc::make_mut(&mut self.entities).order();
        let indicators = Arc::make_mut(&mut self.indicators).order();
        let mut order: Vec<usize> = (0..self.sources.len()).collect();
        order.sort_by(|&a, &b| self.sources[a].cmp(&self.sources[b]));
        let mut sources = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            sources[old] = new as u16;
        }
        self.sources.sort();
        for row in rows {
            row.entity = entities[row.entity as usize];
            row.indicator = indicators[usize::from(row.indicator)] as u16;
            row.source = sources[usize::from(row.source)];
        }
    }

    fn sort(&self, rows: &mut [Row]) {
        let order = |a: &Row, b: &Row| a.cell().cmp(&b.cell()).then_with(|| self.tie(a, b));
        // Files mostly go from one entity to the next: then each is sorted by itself.
        if rows.is_sorted_by_key(|row| row.entity) {
            for of_entity in rows.chunk_by_mut(|a, b| a.entity == b.entity) {
                of_entity.sort_unstable_by(order);
            }
        } else {
            rows.sort_unstable_by(order);
        }
    }

    /// The order of figures for the same cell.
    #[cold]
    fn tie(&self, a: &Row, b: &Row) -> Ordering {
        let label = |row: &Row| &self.sources[usize::from(row.source)];
        (label(a).cmp(label(b))).then_with(|| a.content_order().cmp(&b.content_order()))
    }

    /// One row for each cell, in place: of equal figures the first; of others the first, if its
    /// source has precedence over that of the first that differs, and otherwise none.
    fn settle(&self, rows: &mut Vec<Row>, twice: &mut Twice) {
        let (mut from, mut kept) = (0, 0);
        while from < rows.len() {
            let first = rows[from];
            let same = rows[from..].iter().take_while(|r| r.cell() == first.cell());
            let to = from + same.count();
            rows[kept] = self.settled(&rows[from..to], twice);
            (from, kept) = (to, kept + 1);
        }
        rows.truncate(kept);
        rows.shrink_to_fit();
    }

    fn settled(&self, cell: &[Row], twice: &mut Twice) -> Row {
        let first = cell[0];
        let differs = |row: &&Row| row.is_void() || row.value() != first.value();
        // With what is void already everything is in conflict.
        let contested = cell[1..].iter().find(|row| first.is_void() || differs(row));
        let Some(second) = contested else {
            twice.agreeing += cell.len() - 1;
            return first;
        };
        let kept_first = !first.is_void() && self.rank(&first) < self.rank(second);
        twice.conflicts.push(Conflict {
            first: (self.observation(&first), first.origin()),
            second: (self.observation(second), second.origin()),
            kept_first,
        });
        match kept_first {
            true => first,
            false => first.void(),
        }
    }

    /// A row with its names.
    pub(super) fn observation(&self, row: &Row) -> Observation {
        Observation {
            entity: self.entities.name(row.entity),
            indicator: self.indicators.name(u32::from(row.indicator)),
            period_end: row.period.date(),
            known_from: row.known.date(),
            basis: row.basis(),
            value: row.value(),
            numerator: row.numerator(),
            denominator: row.denominator(),
            standing: row.standing(),
            joint: row.is_joint(),
            source: row.source,
        }
    }
}

impl Figures {
    /// From rows in any order.
    pub(super) fn new(mut tables: Tables, mut rows: Vec<Row>) -> (Figures, Twice) {
        let mut twice = Twice::default();
        tables.order(&mut rows);
        tables.sort(&mut rows);
        tables.settle(&mut rows, &mut twice);
        let figures = Figures {
            tables: Arc::new(tables),
            held: rows.iter().filter(|row| !row.is_void()).count(),
            base: Arc::new(Segment::new(rows)),
            recent: Arc::default(),
        };
        (figures, twice)
    }

    /// With further rows, whose numbers are those of `tables`: these with more names behind them.
    pub(super) fn with(&self, tables: Tables, mut rows: Vec<Row>) -> (Figures, Twice) {
        let mut twice = Twice::default();
        let known = rows.iter().filter_map(|row| self.cell(row));
        let mut known: Vec<Row> = known.map(Row::elsewhere).collect();
        known.sort_unstable_by_key(Row::cell);
        known.dedup_by_key(|row| row.cell());
        let readable = |rows: &[Row]| rows.iter().filter(|row| !row.is_void()).count();
        let others = self.held - readable(&known);
        rows.extend(known);
        tables.sort(&mut rows);
        tables.settle(&mut rows, &mut twice);
        let held = others + readable(&rows);
        let recent = self.recent.with(&rows);
        let (base, recent) = match recent.len() * MERGE_AT > self.base.len() {
            true => (Arc::new(self.base.with(recent.rows())), Arc::default()),
            false => (Arc::clone(&self.base), Arc::new(recent)),
        };
        let tables = Arc::new(tables);
        let figures = Figures {
            tables,
            base,
            recent,
            held,
        };
        (figures, twice)
    }

    fn cell(&self, of: &Row) -> Option<Row> {
        self.recent.cell(of).or_else(|| self.base.cell(of)).copied()
    }

    pub(super) fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Copies of its tables and rows.
    pub(super) fn parts(&self) -> (Tables, Vec<Row>) {
        let whole = self.base.with(self.recent.rows());
        let rows = whole.rows().iter().filter(|row| !row.is_void());
        (Tables::clone(&self.tables), rows.copied().collect())
    }

    /// How many figures can be read.
    pub(super) fn len(&self) -> usize {
        self.held
    }

    /// How many rows are kept, with those that others took the place of.
    pub(super) fn rows(&self) -> usize {
        self.base.len() + self.recent.len()
    }

    /// The figures of one entity.
    pub(super) fn of(&self, entity: Entity) -> EntityFigures<'_> {
        EntityFigures {
            figures: self,
            entity: self.tables.entities.find(entity),
        }
    }

    /// Those that were public by a day.
    pub(super) fn known_by(&self, date: Date) -> Figures {
        let day = Day::of(date);
        let known = |segment: &Segment| {
            let rows = segment.rows().iter().filter(|row| row.known <= day);
            Arc::new(Segment::new(rows.copied().collect()))
        };
        let (base, recent) = (known(&self.base), known(&self.recent));
        let stands = |row: &&Row| recent.len() == 0 || recent.cell(row).is_none();
        let old = base.rows().iter().filter(stands);
        let readable = old.chain(recent.rows()).filter(|row| !row.is_void());
        Figures {
            tables: Arc::clone(&self.tables),
            held: readable.count(),
            base,
            recent,
        }
    }

    /// Every figure, by the order of its names, period and day known.
    pub(super) fn observations(&self) -> impl Iterator<Item = Observation> {
        let mut entities = self.tables.entities.all.clone();
        let mut indicators = self.tables.indicators.all.clone();
        entities.sort_unstable();
        indicators.sort_unstable();
        let series = entities.into_iter().flat_map(move |entity| {
            let indicators = indicators.clone();
            indicators
                .into_iter()
                .map(move |indicator| (entity, indicator))
        });
        series.flat_map(|(entity, indicator)| {
            let mut rows: Vec<Observation> = self
                .of(entity)
                .series(indicator)
                .descending()
                .map(|row| self.tables.observation(row))
                .collect();
            rows.reverse();
            rows
        })
    }
}

impl<'a> EntityFigures<'a> {
    /// Those of one indicator.
    pub(crate) fn series(self, indicator: IndicatorId) -> PanelSeries<'a> {
        let Figures {
            tables,
            base,
            recent,
            ..
        } = self.figures;
        let Some((entity, indicator)) = self.entity.zip(tables.indicators.find(indicator)) else {
            return PanelSeries::default();
        };
        // Bounded by the builder, which refuses figures of more indicators.
        let indicator = indicator as u16;
        PanelSeries::new(
            base.series(entity, indicator),
            recent.series(entity, indicator),
        )
    }
}
