//! Figures, judgements and events in any order -> a panel.

use std::sync::Arc;

use super::authority::Register;
use super::conflict::{Conflict, Origin};
use super::door::Door;
use super::event::Event;
use super::figures::{Figures, Names, Tables};
use super::indicator::Catalogue;
use super::inspection::Inspection;
use super::observation::{Entity, Observation};
use super::panel::Panel;
use super::row::{Content, Row};
use super::service::Service;
use crate::error::Result;

/// A finished panel, and what became of figures that stood twice.
#[derive(Clone, Debug)]
#[must_use]
pub struct Built {
    /// The panel.
    pub panel: Panel,
    /// Figures that stood twice and differed.
    pub conflicts: Vec<Conflict>,
    /// Figures that stood twice and agreed: one of them was kept.
    pub agreeing: usize,
    /// Events that stood twice, equal in everything: one of them was kept.
    pub repeated_events: usize,
}

/// Collects figures, judgements and events in any order into a [`Panel`].
///
/// ```
/// use forewarn::data::{
///     Basis, Catalogue, Entity, IndicatorId, Observation, Origin, OrganisationCode, PanelBuilder,
///     Register, Standing, Value,
/// };
/// use forewarn::jiff::civil::date;
///
/// let mut builder = PanelBuilder::new(Register::england(), Catalogue::childrens_services());
/// let source = builder.source(0, "our own table");
/// let (entity, indicator) = (
///     Entity::Authority(OrganisationCode::new("330")?),
///     IndicatorId::new("agency_rate")?,
/// );
/// let figure = Observation {
///     entity,
///     indicator,
///     period_end: date(2023, 9, 30),
///     known_from: date(2024, 2, 29),
///     basis: Basis::Confirmed,
///     value: Value::Number(0.34),
///     numerator: None,
///     denominator: None,
///     standing: Standing::Released,
///     joint: false,
///     source,
/// };
/// builder.observation(figure, Origin::default());
/// let panel = builder.build()?.panel;
/// assert!(panel.as_of(date(2024, 2, 28)).latest(entity, indicator).is_none());
/// assert_eq!(panel.as_of(date(2024, 3, 1)).latest(entity, indicator).unwrap().point(), Some(0.34));
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct PanelBuilder {
    service: Arc<Service>,
    catalogue: Arc<Catalogue>,
    register: Arc<Register>,
    tables: Tables,
    rows: Vec<Row>,
    inspections: Vec<Inspection>,
    events: Vec<Event>,
    // The panel that is added to.
    onto: Option<Panel>,
    // Figures with more different names than there are numbers.
    unnamed: usize,
    // The entity of the last figure: those beside each other are of the same.
    last: Option<(Entity, u32)>,
}

impl PanelBuilder {
    /// An empty panel of a service, with its catalogue and this register.
    pub fn of(service: &Service, register: Register) -> Self {
        PanelBuilder {
            service: Arc::new(service.clone()),
            ..PanelBuilder::new(register, service.catalogue().clone())
        }
    }

    /// An empty panel of England's children's services with this register and catalogue.
    pub fn new(register: Register, catalogue: Catalogue) -> Self {
        PanelBuilder {
            register: Arc::new(register),
            catalogue: Arc::new(catalogue),
            ..PanelBuilder::default()
        }
    }

    /// What is added to a panel: its register, catalogue and sources, and none of its figures.
    pub fn onto(panel: &Panel) -> Self {
        PanelBuilder {
            service: Arc::clone(&panel.service),
            register: Arc::clone(&panel.register),
            catalogue: Arc::clone(&panel.catalogue),
            tables: panel.figures.tables().clone(),
            onto: Some(panel.clone()),
            ..PanelBuilder::default()
        }
    }

    /// Whether it holds nothing but names.
    #[cfg_attr(not(feature = "read"), expect(dead_code))]
    pub(crate) fn is_empty(&self) -> bool {
        let nothing = self.rows.is_empty() && self.inspections.is_empty() && self.events.is_empty();
        nothing && self.onto.is_none()
    }

    /// The service.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The register, to resolve names and codes with.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// The register, to add to.
    pub fn register_mut(&mut self) -> &mut Register {
        Arc::make_mut(&mut self.register)
    }

    /// The catalogue, to check units with.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The catalogue, to add to.
    pub fn catalogue_mut(&mut self) -> &mut Catalogue {
        Arc::make_mut(&mut self.catalogue)
    }

    /// The number of a source, for [`Observation::source`]. Where two figures for the same thing
    /// were known on the same day and differ, the source of the lower rank is kept.
    ///
    /// There are 65,535 numbers. Any further source is given `u16::MAX`, which is none of them:
    /// figures of it are refused.
    pub fn source(&mut self, rank: u8, label: &str) -> u16 {
        let sources = &mut self.tables.sources;
        let found = sources.iter().position(|(r, l)| *r == rank && l == label);
        let at = found.unwrap_or(sources.len());
        if at == sources.len() && at < usize::from(u16::MAX) {
            sources.push((rank, label.to_owned()));
        }
        u16::try_from(at).unwrap_or(u16::MAX)
    }

    /// The rank of a source.
    #[cfg(feature = "read")]
    pub(crate) fn rank(&self, source: u16) -> u8 {
        let sources = &self.tables.sources;
        sources
            .get(usize::from(source))
            .map_or(u8::MAX, |(rank, _)| *rank)
    }

    /// Adds a figure, with the row that it came from.
    pub fn observation(&mut self, observation: Observation, origin: Origin) {
        let entity = match self.last {
            Some((entity, number)) if entity == observation.entity => number,
            _ => Names::number(&mut self.tables.entities, observation.entity),
        };
        self.last = Some((observation.entity, entity));
        let indicator = Names::number(&mut self.tables.indicators, observation.indicator);
        let Ok(indicator) = u16::try_from(indicator) else {
            self.unnamed += 1;
            return;
        };
        self.rows.push(Row::new(
            (entity, indicator, observation.source),
            (observation.period_end, observation.known_from),
            Content::from(observation),
            origin,
        ));
    }

    /// Other figures in place of all that were added.
    pub(crate) fn replace_observations(
        &mut self,
        observations: impl Iterator<Item = (Observation, Origin)>,
    ) {
        self.rows.clear();
        for (observation, origin) in observations {
            self.observation(observation, origin);
        }
    }

    /// Adds an inspection.
    pub fn inspection(&mut self, inspection: Inspection) {
        self.inspections.push(inspection);
    }

    /// Adds an event.
    pub fn event(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Checks and sorts everything, so that the order of rows and files does not matter.
    ///
    /// Figures of the same entity, indicator, period and day known that agree are one. Where they
    /// differ, the source of the lower rank is kept; within one rank neither is. Inspections that
    /// are equal in everything are one, and so are events.
    ///
    /// # Errors
    /// [`Error::RefusedAtTheDoor`](crate::Error::RefusedAtTheDoor) listing every figure, inspection
    /// and event that cannot be: known before its period ended, outside its unit, with a count
    /// without sense, or of an organisation, indicator or source that nobody declared.
    pub fn build(self) -> Result<Built> {
        let before = self.onto.as_ref().map_or(0, |panel| panel.figures.rows());
        let mut door = Door::new(&self.tables, &self.register, &self.catalogue, before);
        door.unnamed(self.unnamed);
        for row in &self.rows {
            door.figure(row);
        }
        for inspection in &self.inspections {
            door.inspection(inspection);
        }
        for event in &self.events {
            door.event(event);
        }
        door.close()?;
        Ok(self.built())
    }

    /// As [`build`](Self::build), of what was checked before or drawn by the simulator.
    pub(crate) fn built(mut self) -> Built {
        let (mut inspections, mut events) = (Arc::default(), Arc::default());
        let (figures, twice) = match self.onto.take() {
            None => Figures::new(self.tables, self.rows),
            Some(panel) => {
                (inspections, events) = (panel.inspections, panel.events);
                panel.figures.with(self.tables, self.rows)
            }
        };
        let repeated_events = with_events(&mut events, self.events);
        with_inspections(&mut inspections, self.inspections);
        Built {
            panel: Panel {
                service: self.service,
                catalogue: self.catalogue,
                register: self.register,
                figures,
                inspections,
                events,
            },
            conflicts: twice.conflicts,
            agreeing: twice.agreeing,
            repeated_events,
        }
    }
}

impl Panel {
    /// This panel with further figures, judgements and events, whose sources are numbers of this
    /// panel's. It takes the time that the new ones take, and shares the old ones; of inspections
    /// and events the old ones are copied where there are new ones. [`PanelBuilder::onto`] takes
    /// further sources, organisations and indicators too; the register is copied for a new
    /// organisation, and all names for the first figure of one.
    ///
    /// # Errors
    /// As [`PanelBuilder::build`].
    pub fn extended(
        &self,
        observations: impl IntoIterator<Item = Observation>,
        inspections: impl IntoIterator<Item = Inspection>,
        events: impl IntoIterator<Item = Event>,
    ) -> Result<Built> {
        let mut builder = PanelBuilder::onto(self);
        for observation in observations {
            builder.observation(observation, Origin::default());
        }
        builder.inspections.extend(inspections);
        builder.events.extend(events);
        builder.build()
    }

    /// A builder that holds everything of this panel.
    pub(crate) fn rebuild(&self) -> PanelBuilder {
        let (tables, rows) = self.figures.parts();
        PanelBuilder {
            service: Arc::clone(&self.service),
            catalogue: Arc::clone(&self.catalogue),
            register: Arc::clone(&self.register),
            tables,
            rows,
            inspections: self.inspections.to_vec(),
            events: self.events.to_vec(),
            ..PanelBuilder::default()
        }
    }
}

fn with_inspections(all: &mut Arc<Vec<Inspection>>, further: Vec<Inspection>) {
    if further.is_empty() {
        return;
    }
    let all = Arc::make_mut(all);
    all.extend(further);
    all.sort_by(|a, b| {
        let key = |i: &Inspection| {
            (
                i.organisation,
                i.published,
                i.anchor(),
                i.framework,
                i.scope,
                i.judgements,
            )
        };
        key(a).cmp(&key(b)).then_with(|| a.kind.cmp(&b.kind))
    });
    all.dedup();
}

/// Adds events and keeps equal ones once; how many stood twice.
fn with_events(all: &mut Arc<Vec<Event>>, further: Vec<Event>) -> usize {
    if further.is_empty() {
        return 0;
    }
    let all = Arc::make_mut(all);
    all.extend(further);
    all.sort_by(|a, b| a.order().cmp(&b.order()));
    let before = all.len();
    all.dedup();
    before - all.len()
}
