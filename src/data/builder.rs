//! Figures, judgements and events in any order -> a panel.

use super::authority::Register;
use super::event::Event;
use super::indicator::Catalogue;
use super::inspection::Inspection;
use super::observation::Observation;
use super::panel::Panel;

/// The row of a file that a figure came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The reader's number of the file.
    pub file: u16,
    /// One-based line.
    pub line: u64,
}

/// Two figures for the same thing known on the same day, which differ.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conflict {
    /// The figure that comes first by its source's rank, and its row.
    pub first: (Observation, Origin),
    /// The other figure, and its row.
    pub second: (Observation, Origin),
    /// Whether the first was kept, because its source has precedence; otherwise neither was.
    pub kept_first: bool,
}

/// A finished panel, and what became of figures that stood twice.
#[derive(Clone, Debug)]
pub struct Built {
    /// The panel.
    pub panel: Panel,
    /// Figures that stood twice and differed.
    pub conflicts: Vec<Conflict>,
    /// Figures that stood twice and agreed: one of them was kept.
    pub agreeing: usize,
    /// Figures with a number or count that is not finite, none of which is in the panel.
    pub refused: Vec<(Observation, Origin)>,
    /// Events that stood twice, equal in everything: one of them was kept.
    pub repeated_events: usize,
}

/// Collects figures, judgements and events in any order into a [`Panel`].
#[derive(Clone, Debug, Default)]
pub struct PanelBuilder {
    catalogue: Catalogue,
    register: Register,
    // Rank and label.
    sources: Vec<(u8, String)>,
    observations: Vec<(Observation, Origin)>,
    inspections: Vec<Inspection>,
    events: Vec<Event>,
}

impl PanelBuilder {
    /// An empty panel with this register and catalogue.
    pub fn new(register: Register, catalogue: Catalogue) -> Self {
        PanelBuilder {
            register,
            catalogue,
            ..PanelBuilder::default()
        }
    }

    /// The register, to resolve names and codes with.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// The register, to add to.
    pub fn register_mut(&mut self) -> &mut Register {
        &mut self.register
    }

    /// The catalogue, to check units with.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The catalogue, to add to.
    pub fn catalogue_mut(&mut self) -> &mut Catalogue {
        &mut self.catalogue
    }

    /// The number of a source, for [`Observation::source`]. Where two figures for the same thing
    /// were known on the same day and differ, the source of the lower rank is kept.
    pub fn source(&mut self, rank: u8, label: &str) -> u16 {
        let found = self
            .sources
            .iter()
            .position(|(r, l)| *r == rank && l == label);
        let at = found.unwrap_or_else(|| {
            self.sources.push((rank, label.to_owned()));
            self.sources.len() - 1
        });
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    /// Adds a figure, with the row that it came from.
    pub fn observation(&mut self, observation: Observation, origin: Origin) {
        self.observations.push((observation, origin));
    }

    /// Other figures in place of all that were added.
    pub(crate) fn replace_observations(
        &mut self,
        observations: impl Iterator<Item = (Observation, Origin)>,
    ) {
        self.observations = observations.collect();
    }

    /// Adds an inspection.
    pub fn inspection(&mut self, inspection: Inspection) {
        self.inspections.push(inspection);
    }

    /// Adds an event.
    pub fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Sorts everything, so that the order of rows and files does not matter.
    ///
    /// Figures of the same entity, indicator, period and day known that agree are one. Where they
    /// differ, the source of the lower rank is kept; within one rank neither is. Inspections that
    /// are equal in everything are one, and so are events.
    pub fn build(mut self) -> Built {
        self.order_sources();
        let (kept, refused): (Vec<_>, Vec<_>) = std::mem::take(&mut self.observations)
            .into_iter()
            .partition(|(o, _)| is_finite(o));
        self.observations = kept;
        let rank: Vec<u8> = self.sources.iter().map(|(rank, _)| *rank).collect();
        let rank_of = |o: &Observation| rank.get(usize::from(o.source)).copied().unwrap_or(u8::MAX);
        self.observations.sort_by(|(a, row_a), (b, row_b)| {
            let key = |o: &Observation| {
                (
                    o.entity,
                    o.indicator,
                    o.period_end,
                    o.known_from,
                    rank_of(o),
                    o.source,
                )
            };
            key(a)
                .cmp(&key(b))
                .then_with(|| by_content(a, b))
                .then_with(|| row_a.cmp(row_b))
        });
        let mut conflicts = Vec::new();
        let mut agreeing = 0;
        let mut observations = Vec::with_capacity(self.observations.len());
        for cell in self.observations.chunk_by(|(a, _), (b, _)| same_cell(a, b)) {
            let first = cell[0];
            match cell.iter().find(|(o, _)| o.value != first.0.value) {
                None => {
                    agreeing += cell.len() - 1;
                    observations.push(first.0);
                }
                Some(&second) => {
                    let kept_first = rank_of(&first.0) < rank_of(&second.0);
                    conflicts.push(Conflict {
                        first,
                        second,
                        kept_first,
                    });
                    observations.extend(kept_first.then_some(first.0));
                }
            }
        }
        self.inspections.sort_by(|a, b| {
            let key = |i: &Inspection| {
                (
                    i.authority,
                    i.published,
                    i.anchor(),
                    i.framework,
                    i.scope,
                    i.judgements,
                )
            };
            key(a).cmp(&key(b)).then_with(|| a.kind.cmp(&b.kind))
        });
        self.inspections.dedup();
        let repeated_events = self.order_events();
        let panel = Panel::new(
            self.catalogue,
            self.register,
            self.sources.into_iter().map(|(_, label)| label).collect(),
            observations,
            self.inspections,
            self.events,
        );
        Built {
            panel,
            conflicts,
            agreeing,
            refused,
            repeated_events,
        }
    }

    /// Sorts the events and keeps equal ones once; how many stood twice.
    fn order_events(&mut self) -> usize {
        self.events.sort_by(|a, b| a.order().cmp(&b.order()));
        let all = self.events.len();
        self.events.dedup();
        all - self.events.len()
    }

    /// Numbers the sources by rank and label, whatever order they came in.
    fn order_sources(&mut self) {
        let mut order: Vec<usize> = (0..self.sources.len()).collect();
        order.sort_by(|&a, &b| self.sources[a].cmp(&self.sources[b]));
        let mut place = vec![0; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old] = new;
        }
        for (observation, _) in &mut self.observations {
            if let Some(&new) = place.get(usize::from(observation.source)) {
                observation.source = u16::try_from(new).unwrap_or(u16::MAX);
            }
        }
        self.sources.sort();
    }
}

impl Panel {
    /// A builder that holds everything of this panel.
    pub(crate) fn rebuild(&self) -> PanelBuilder {
        let mut builder = PanelBuilder::new(self.register.clone(), self.catalogue.clone());
        for (rank, label) in self.sources.iter().enumerate() {
            // Nothing of a finished panel stands twice, so that ranks decide nothing any more.
            builder.source(u8::try_from(rank).unwrap_or(u8::MAX), label);
        }
        for observation in &self.observations {
            builder.observation(*observation, Origin::default());
        }
        for inspection in &self.inspections {
            builder.inspection(inspection.clone());
        }
        for event in &self.events {
            builder.event(event.clone());
        }
        builder
    }
}

/// An order of figures for the same thing that does not depend on their rows, so that the names of
/// files cannot decide which of two is kept.
fn by_content(a: &Observation, b: &Observation) -> std::cmp::Ordering {
    let count = |count: Option<f64>| count.map(f64::to_bits);
    let key = |o: &Observation| {
        (
            count(o.denominator),
            count(o.numerator),
            o.basis,
            o.standing,
            o.joint,
        )
    };
    key(a).cmp(&key(b))
}

fn is_finite(o: &Observation) -> bool {
    let numbers = [o.value.point(), o.numerator, o.denominator];
    numbers.into_iter().flatten().all(f64::is_finite)
}

fn same_cell(a: &Observation, b: &Observation) -> bool {
    (a.entity, a.indicator, a.period_end, a.known_from)
        == (b.entity, b.indicator, b.period_end, b.known_from)
}
