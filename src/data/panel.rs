//! Every figure, judgement and event with the day it became known, read only as of a day.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::authority::{Authority, Register};
use super::code::{AuthorityCode, IndicatorId};
use super::event::Event;
use super::figures::{EntityFigures, Figures};
use super::indicator::Catalogue;
use super::inspection::{Inspection, JudgementHistory};
use super::known::{Known, PanelSeries};
use super::observation::{Entity, Observation};
use super::service::Service;
use crate::error::{Error, Result};

/// When figures count as known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Knowledge {
    /// From the day of publication.
    #[default]
    Published,
    /// An organisation's own figures: `days` after the period ends, or on publication if that is
    /// sooner; figures that it entered itself on the day stated beside them. The benchmark, regions
    /// and other organisations' figures still wait for publication.
    Own {
        /// Days after the end of the reference period.
        days: u16,
    },
}

impl fmt::Display for Knowledge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Knowledge::Published => f.pad("published"),
            Knowledge::Own { days } => write!(f, "own:{days}"),
        }
    }
}

impl FromStr for Knowledge {
    type Err = Error;

    /// Reads `published` or `own:DAYS`.
    fn from_str(text: &str) -> Result<Self> {
        let days = text.strip_prefix("own:").and_then(|days| days.parse().ok());
        match (text, days) {
            ("published", _) => Ok(Knowledge::Published),
            (_, Some(days)) => Ok(Knowledge::Own { days }),
            _ => Err(Error::InvalidValue {
                what: "knowledge",
                found: text.to_owned(),
                expected: "published or own:DAYS".to_owned(),
            }),
        }
    }
}

/// Figures, judgements, events and the register, each with the day on which it became known.
///
/// [`Panel::as_of`] is the only way to read it, so that nothing later can reach a feature. A copy
/// shares the figures with the original.
#[derive(Clone, Debug)]
pub struct Panel {
    pub(super) service: Arc<Service>,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) register: Arc<Register>,
    pub(super) figures: Figures,
    // By authority, then publication.
    pub(super) inspections: Arc<Vec<Inspection>>,
    // By organisation, then the day known.
    pub(super) events: Arc<Vec<Event>>,
}

/// What was known on one day.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'a> {
    panel: &'a Panel,
    date: Date,
    knowledge: Knowledge,
}

/// A figure as known on the day of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// The observation.
    pub observation: Observation,
    /// The day from which it counts as known.
    pub known_from: Date,
}

impl Figure {
    /// The number used in features, in the indicator's unit.
    pub fn point(&self) -> Option<f64> {
        self.observation.value.point()
    }

    /// Last day of the reference period.
    pub fn period_end(&self) -> Date {
        self.observation.period_end
    }
}

impl Panel {
    /// What was known on `date`, with figures known from their publication.
    pub fn as_of(&self, date: Date) -> Snapshot<'_> {
        self.as_of_with(date, Knowledge::Published)
    }

    /// What was known on `date` under the given rule.
    pub fn as_of_with(&self, date: Date, knowledge: Knowledge) -> Snapshot<'_> {
        Snapshot {
            panel: self,
            date,
            knowledge,
        }
    }

    /// The authorities: identifiers and lifetimes, no figures.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// The service that is inspected.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// The indicators.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Everything that went in, for writing it out again: not a way to read for a feature.
    pub(crate) fn observations(&self) -> impl Iterator<Item = Observation> {
        self.figures.observations()
    }

    /// How many figures can be read from it, once all are known.
    pub fn figures(&self) -> usize {
        self.figures.len()
    }

    /// Every inspection, whenever it became known: who takes it into a feature heeds that day.
    pub(crate) fn inspections(&self) -> &[Inspection] {
        &self.inspections
    }

    /// Every event, whenever it became known: who takes it into a feature heeds that day.
    pub(crate) fn events(&self) -> &[Event] {
        &self.events
    }

    /// The same figures and events with other inspections.
    pub(crate) fn with_inspections(&self, inspections: Vec<Inspection>) -> Panel {
        Panel {
            inspections: Arc::new(inspections),
            ..self.clone()
        }
    }

    /// Figures, judgements and events published by `date`, and no other: all that a back-test or an audit
    /// made on that day could use.
    pub fn known_by(&self, date: Date) -> Panel {
        let judged = self.inspections.iter().filter(|i| i.published <= date);
        let happened = self.events.iter().filter(|e| e.known_from <= date);
        Panel {
            service: Arc::clone(&self.service),
            catalogue: self.catalogue.clone(),
            register: self.register.clone(),
            figures: self.figures.known_by(date),
            inspections: Arc::new(judged.cloned().collect()),
            events: Arc::new(happened.cloned().collect()),
        }
    }

    /// The label of a source.
    pub fn source(&self, index: u16) -> &str {
        let sources = &self.figures.tables().sources;
        sources
            .get(usize::from(index))
            .map_or("", |(_, label)| label.as_str())
    }

    /// The day on which the newest judgement was published.
    pub fn last_judgement(&self) -> Option<Date> {
        self.inspections.iter().map(|i| i.published).max()
    }

    /// Whether a source says of itself that its figures are simulated or invented.
    pub fn is_simulated(&self) -> bool {
        let sources = &self.figures.tables().sources;
        let invented = |label: &str| {
            let label = label.to_ascii_lowercase();
            ["simulated", "invented"]
                .iter()
                .any(|word| label.starts_with(word))
        };
        sources.iter().any(|(_, label)| invented(label))
    }

    pub(crate) fn series(&self, entity: Entity, indicator: IndicatorId) -> PanelSeries<'_> {
        self.of(entity).series(indicator)
    }

    /// One entity's figures, for looking up several of its series.
    pub(crate) fn of(&self, entity: Entity) -> EntityFigures<'_> {
        self.figures.of(entity)
    }

    fn judged(&self, authority: AuthorityCode) -> &[Inspection] {
        belonging_to(authority, &self.inspections, |i| i.organisation)
    }
}

/// One organisation's part of what is sorted by organisation.
fn belonging_to<T>(
    organisation: AuthorityCode,
    sorted: &[T],
    owner: impl Fn(&T) -> AuthorityCode,
) -> &[T] {
    let from = sorted.partition_point(|item| owner(item) < organisation);
    let to = sorted.partition_point(|item| owner(item) <= organisation);
    &sorted[from..to]
}

impl<'a> Snapshot<'a> {
    /// The day.
    pub fn date(self) -> Date {
        self.date
    }

    /// When figures count as known.
    pub fn knowledge(self) -> Knowledge {
        self.knowledge
    }

    /// The panel, for its register and catalogue.
    pub fn panel(self) -> &'a Panel {
        self.panel
    }

    /// The same rule for knowing, on another day.
    pub fn on(self, date: Date) -> Snapshot<'a> {
        Snapshot { date, ..self }
    }

    /// The authorities that exist on the day, by code, the never-scored ones included.
    pub fn authorities(self) -> impl Iterator<Item = &'a Authority> {
        self.panel
            .register
            .iter()
            .filter(move |a| a.exists_on(self.date))
    }

    /// Whether an organisation exists on the day, or something is known that happened to it.
    pub(crate) fn knows(self, organisation: AuthorityCode) -> bool {
        let registered = self.panel.register.get(organisation);
        registered.is_some_and(|of| of.exists_on(self.date))
            || self.judgements(organisation).iter().next().is_some()
            || self.events(organisation).next().is_some()
    }

    /// The figures known on the day, one for each period, the newest period first.
    pub fn figures(
        self,
        entity: Entity,
        indicator: IndicatorId,
    ) -> impl Iterator<Item = Figure> + use<'a> {
        let tables = self.panel.figures.tables();
        let known = self.known(entity, self.panel.series(entity, indicator));
        known.map(|known| Figure {
            observation: tables.observation(known.row()),
            known_from: known.known_from,
        })
    }

    /// As [`Snapshot::figures`], for a series looked up before and without names.
    pub(crate) fn known(
        self,
        entity: Entity,
        series: PanelSeries<'a>,
    ) -> impl Iterator<Item = Known<'a>> + use<'a> {
        let own_days = match (self.knowledge, entity) {
            (Knowledge::Own { days }, Entity::Authority(_)) => Some(days),
            _ => None,
        };
        series.known(self.date, own_days)
    }

    /// The figure of the newest period known on the day, even where it holds no number.
    pub fn latest(self, entity: Entity, indicator: IndicatorId) -> Option<Figure> {
        self.figures(entity, indicator).next()
    }

    /// The authority's judgements published on or before the day.
    pub fn judgements(self, authority: AuthorityCode) -> JudgementHistory<'a> {
        JudgementHistory::new(self.panel.judged(authority), self.date)
    }

    /// The organisation's events known on the day, the newest first. They count from their
    /// publication, whatever rule holds for figures.
    pub fn events(self, organisation: AuthorityCode) -> impl Iterator<Item = &'a Event> {
        let all = belonging_to(organisation, &self.panel.events, |e| e.organisation);
        let known = all.partition_point(|e| e.known_from <= self.date);
        all[..known].iter().rev()
    }
}
