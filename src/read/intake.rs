//! What all readers share: the panel being filled, the calendar, and counts awaiting a population.

use jiff::civil::Date;

use super::load_report::FileReport;
use super::merge::Sourced;
use crate::data::{
    Entity, IndicatorId, Observation, Origin, PanelBuilder, Release, ReleaseCalendar, Standing,
    Value,
};
use crate::read::official::rates::{MID_YEAR, PopulationSource, Rates};
use crate::read::providers::List;
use crate::read::table::cell::Cell;

/// The panel being filled.
pub(crate) struct Intake {
    pub(crate) panel: PanelBuilder,
    pub(crate) calendar: ReleaseCalendar,
    pub(crate) rates: Rates,
    /// The indicator that is the number of children.
    pub(crate) children: IndicatorId,
    pub(crate) inspections: Vec<Sourced>,
    /// Lists of providers, which are settled together.
    pub(crate) providers: Vec<List>,
    /// The number of the file being read, for origins.
    pub(crate) file: u16,
}

/// Precedence of sources that differ in a figure known on the same day, the first before all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Precedence {
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
pub(crate) struct Stated {
    pub(crate) indicator: IndicatorId,
    pub(crate) period_end: Date,
    pub(crate) release: Release,
    pub(crate) value: Value,
    pub(crate) numerator: Option<f64>,
    pub(crate) denominator: Option<f64>,
    pub(crate) standing: Standing,
    /// Returned by several authorities together.
    pub(crate) joint: bool,
    pub(crate) source: u16,
    pub(crate) line: u64,
}

impl Intake {
    /// The number of a source.
    pub(crate) fn source(&mut self, precedence: Precedence, label: &str) -> u16 {
        self.panel.source(precedence as u8, label)
    }

    /// Where a line of the file being read is.
    pub(crate) fn origin(&self, line: u64) -> Origin {
        Origin {
            file: self.file,
            line,
        }
    }

    /// Adds a figure of each of the entities.
    pub(crate) fn add(&mut self, entities: &[Entity], stated: &Stated) {
        let origin = self.origin(stated.line);
        if stated.indicator == self.children {
            self.populations(entities, stated);
        }
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
}

impl Intake {
    /// Takes numbers of children at the middle of a year as what counts are divided by, whatever file
    /// states them.
    fn populations(&mut self, entities: &[Entity], stated: &Stated) {
        let (end, year) = (stated.period_end, stated.period_end.year());
        if (end.month(), end.day()) != MID_YEAR {
            return;
        }
        let known = PopulationSource {
            release: stated.release,
            rank: self.panel.rank(stated.source),
            standing: stated.standing,
        };
        for &entity in entities {
            self.rates.population(entity, year, stated.value, known);
        }
    }
}

impl FileReport {
    /// Counts what a cell holds.
    pub(crate) fn count(&mut self, cell: Cell) {
        match cell {
            Cell::Number(_) => self.numbers += 1,
            Cell::Low => self.low += 1,
            Cell::Missing(missing) => *self.missing.entry(missing).or_default() += 1,
            Cell::Nothing => {}
        }
    }
}
