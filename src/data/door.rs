//! What cannot be true does not get into a panel.

use super::authority::Register;
use super::event::Event;
use super::figures::{LARGEST, Tables};
use super::indicator::Catalogue;
use super::inspection::Inspection;
use super::observation::{Entity, Value};
use super::row::Row;
use super::unit::Unit;
use crate::error::{Error, Result};

/// Faults that are told in words; more are counted.
const TOLD: usize = 10_000;

/// Checks against what is declared, each name looked up once.
pub(super) struct Door<'a> {
    tables: &'a Tables,
    register: &'a Register,
    // Of each entity whether it is known, once it was asked for: few of a large panel's are met by
    // what is added to it.
    known: Vec<Option<bool>>,
    units: Vec<Option<Unit>>,
    figures: usize,
    faults: Vec<String>,
    count: usize,
}

impl<'a> Door<'a> {
    /// Of a panel that has so many rows already.
    pub(super) fn new(
        tables: &'a Tables,
        register: &'a Register,
        catalogue: &Catalogue,
        figures: usize,
    ) -> Self {
        let unit = |id| catalogue.get(id).ok().map(|indicator| indicator.unit);
        Door {
            known: vec![None; tables.entities.len()],
            units: tables.indicators.iter().map(unit).collect(),
            tables,
            register,
            figures,
            faults: Vec::new(),
            count: 0,
        }
    }

    fn fault(&mut self, words: impl FnOnce() -> String) {
        self.count += 1;
        if self.faults.len() < TOLD {
            self.faults.push(words());
        }
    }

    pub(super) fn unnamed(&mut self, figures: usize) {
        if figures > 0 {
            self.fault(|| {
                format!("{figures} figures: found more than 65,536 indicators, expected fewer")
            });
        }
    }

    pub(super) fn figure(&mut self, row: &Row) {
        self.figures += 1;
        if let Some(wrong) = self.wrong(row) {
            let tables = self.tables;
            self.fault(|| format!("{}: {wrong}", named(tables, row)));
        }
    }

    fn knows(&mut self, entity: u32) -> bool {
        let (tables, register) = (self.tables, self.register);
        *self.known[entity as usize].get_or_insert_with(|| match tables.entities.name(entity) {
            Entity::England | Entity::Region(_) => true,
            Entity::Authority(code) => register.get(code).is_some(),
        })
    }

    /// What is wrong with a figure.
    fn wrong(&mut self, row: &Row) -> Option<String> {
        if !self.knows(row.entity) {
            return Some("found an organisation that the register lacks".to_owned());
        }
        let Some(unit) = self.units[usize::from(row.indicator)] else {
            return Some("found an indicator that the catalogue lacks".to_owned());
        };
        if usize::from(row.source) >= self.tables.sources.len() {
            let expected = "expected a number that PanelBuilder::source gave";
            return Some(format!("found source {}, {expected}", row.source));
        }
        if row.known < row.period {
            let known = row.known.date();
            let expected = "expected a day on or after the period's end";
            return Some(format!("found it known from {known}, {expected}"));
        }
        let number = match row.value() {
            Value::Number(number) => Some(number),
            Value::Low { below } => Some(below),
            Value::Missing(_) => None,
        };
        if let Some(number) = number.filter(|number| !unit.accepts(*number)) {
            return Some(format!("found {number}, expected {}", unit.expected()));
        }
        wrong_counts(unit, number, row.numerator(), row.denominator())
    }

    pub(super) fn inspection(&mut self, inspection: &Inspection) {
        let (code, published) = (inspection.organisation, inspection.published);
        if self.register.get(code).is_none() {
            self.fault(|| {
                format!(
                    "inspection of {code}, published {published}: found an organisation that the \
                     register lacks"
                )
            });
        }
        if inspection.start.is_some_and(|start| start > published) {
            self.fault(|| {
                format!(
                    "inspection of {code}, published {published}: found a later start, expected \
                     one on or before that day"
                )
            });
        }
    }

    pub(super) fn event(&mut self, event: &Event) {
        let (code, kind) = (event.organisation, event.kind);
        if self.register.get(code).is_none() {
            self.fault(|| {
                format!("event {kind} of {code}: found an organisation that the register lacks")
            });
        }
    }

    /// # Errors
    /// Everything that is wrong.
    pub(super) fn close(mut self) -> Result<()> {
        if self.figures > LARGEST {
            let found = self.figures;
            self.fault(|| format!("figures: found {found}, expected at most {LARGEST}"));
        }
        match self.count {
            0 => Ok(()),
            count => Err(Error::RefusedAtTheDoor {
                count,
                faults: self.faults,
            }),
        }
    }
}

/// Counts that no figure of the unit can have.
fn wrong_counts(
    unit: Unit,
    value: Option<f64>,
    numerator: Option<f64>,
    denominator: Option<f64>,
) -> Option<String> {
    let counts = [("numerator", numerator), ("denominator", denominator)];
    for (name, count) in counts {
        if let Some(count) = count.filter(|count| !Unit::Count.accepts(*count)) {
            let expected = Unit::Count.expected();
            return Some(format!("found {name} {count}, expected {expected}"));
        }
    }
    if unit.is_rate() && value.is_some() && denominator == Some(0.0) {
        return Some("found a rate with denominator 0, expected no rate of nothing".to_owned());
    }
    let (above, below) = (numerator?, denominator?);
    (unit == Unit::Proportion && above > below).then(|| {
        format!("found numerator {above}, expected at most the denominator, which is {below}")
    })
}

fn named(tables: &Tables, row: &Row) -> String {
    let o = tables.observation(row);
    let entity = match o.entity {
        Entity::England => "the benchmark".to_owned(),
        Entity::Region(code) => format!("region {code}"),
        Entity::Authority(code) => code.to_string(),
    };
    format!(
        "figure of {entity}, {}, period to {}",
        o.indicator, o.period_end
    )
}
