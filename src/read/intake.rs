//! What all readers share: the panel being filled, the calendar, and counts awaiting a population.

use jiff::civil::Date;

use super::cell::Cell;
use super::merge::Sourced;
use super::rates::Rates;
use super::report::FileReport;
use crate::data::{
    Entity, IndicatorId, Observation, Origin, PanelBuilder, Release, ReleaseCalendar, Standing,
    Value,
};

/// The panel being filled.
pub(super) struct Intake {
    pub(super) panel: PanelBuilder,
    pub(super) calendar: ReleaseCalendar,
    pub(super) rates: Rates,
    pub(super) inspections: Vec<Sourced>,
    /// The number of the file being read, for origins.
    pub(super) file: u16,
}

/// Precedence of sources that differ in a figure known on the same day, the first before all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Precedence {
    /// The workforce layout issued up to the 2022 census: closer to the first release.
    OlderWorkforce,
    /// Statistics files of the Department for Education.
    Statistics,
    /// Local Authority Interactive Tool: it repeats other statistics.
    InteractiveTool,
    /// Our own long format.
    Tidy,
    /// An analyst's own wide table.
    Wide,
}

/// One figure as a file states it.
pub(super) struct Stated {
    pub(super) indicator: IndicatorId,
    pub(super) period_end: Date,
    pub(super) release: Release,
    pub(super) value: Value,
    pub(super) numerator: Option<f64>,
    pub(super) denominator: Option<f64>,
    pub(super) standing: Standing,
    /// Returned by several authorities together.
    pub(super) joint: bool,
    pub(super) source: u16,
    pub(super) line: u64,
}

impl Intake {
    /// The number of a source.
    pub(super) fn source(&mut self, precedence: Precedence, label: &str) -> u16 {
        self.panel.source(precedence as u8, label)
    }

    /// Where a line of the file being read is.
    pub(super) fn origin(&self, line: u64) -> Origin {
        Origin {
            file: self.file,
            line,
        }
    }

    /// Adds a figure of each of the entities.
    pub(super) fn add(&mut self, entities: &[Entity], stated: &Stated) {
        let origin = self.origin(stated.line);
        for &entity in entities {
            let observation = Observation {
                entity,
                indicator: stated.indicator,
                period_end: stated.period_end,
                known_from: stated.release.date,
                basis: stated.release.basis,
                value: stated.value,
                numerator: stated.numerator,
                denominator: stated.denominator,
                standing: stated.standing,
                joint: stated.joint,
                source: stated.source,
            };
            self.panel.observation(observation, origin);
        }
    }

    /// The later of two release days; of equal ones the less sure.
    pub(super) fn later(a: Release, b: Release) -> Release {
        let key = |r: Release| (r.date, r.basis);
        if key(a) < key(b) { b } else { a }
    }
}

impl FileReport {
    /// Counts what a cell holds.
    pub(super) fn count(&mut self, cell: Cell) {
        match cell {
            Cell::Number(_) => self.numbers += 1,
            Cell::Low => self.low += 1,
            Cell::Missing(missing) => *self.missing.entry(missing).or_default() += 1,
            Cell::Nothing => {}
        }
    }
}
