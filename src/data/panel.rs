//! Every figure, judgement and event with the day it became known, read only as of a day.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::authority::{Authority, Register};
use super::code::{AuthorityCode, IndicatorId};
use super::event::Event;
use super::indicator::Catalogue;
use super::inspection::{Inspection, JudgementHistory};
use super::observation::{Entity, Observation, Standing};
use crate::error::{Error, Result};

/// When figures count as known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Knowledge {
    /// From the day of publication.
    #[default]
    Published,
    /// An authority's own figures: `days` after the period ends, or on publication if that is
    /// sooner. England, regions and other authorities' figures still wait for publication.
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
/// [`Panel::as_of`] is the only way to read it, so that nothing later can reach a feature.
#[derive(Clone, Debug)]
pub struct Panel {
    pub(super) catalogue: Catalogue,
    pub(super) register: Register,
    pub(super) sources: Vec<String>,
    // By entity, indicator, period and day known.
    pub(super) observations: Vec<Observation>,
    // Of each observation.
    days: Vec<(i32, i32)>,
    index: HashMap<(Entity, IndicatorId), Range<usize>>,
    // By authority, then publication.
    pub(super) inspections: Vec<Inspection>,
    // By organisation, then the day known.
    pub(super) events: Vec<Event>,
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
pub struct Figure<'a> {
    /// The observation.
    pub observation: &'a Observation,
    /// The day from which it counts as known.
    pub known_from: Date,
}

/// One entity's figures of one indicator, of all periods and vintages, not yet read as of a day.
#[derive(Clone, Copy, Default)]
pub(crate) struct PanelSeries<'a> {
    observations: &'a [Observation],
    // Period and day known of each, as ordinals.
    days: &'a [(i32, i32)],
}

/// A number that orders as dates do. Comparing it costs a fraction of comparing dates, and a
/// feature matrix does little else.
fn ordinal(date: Date) -> i32 {
    (i32::from(date.year()) << 9) | (i32::from(date.month()) << 5) | i32::from(date.day())
}

impl Figure<'_> {
    /// The number used in features, in the indicator's unit.
    pub fn point(&self) -> Option<f64> {
        self.observation.value.point()
    }

    /// Last day of the reference period.
    pub fn period_end(&self) -> Date {
        self.observation.period_end
    }
}

impl<'a> PanelSeries<'a> {
    /// The days on which its figures became known, one for each: nothing is known of a period that
    /// has not ended.
    pub(crate) fn release_days(self) -> impl Iterator<Item = Date> {
        self.observations
            .iter()
            .map(|o| o.known_from.max(o.period_end))
    }

    /// Figures published by `date`, as [`known`](Self::known), without what its owner alone knows.
    pub(crate) fn published(self, date: Date) -> impl Iterator<Item = Figure<'a>> {
        self.known_but(date, None, Some(Standing::Own))
    }

    /// Figures known on `date`, one for each period (its newest vintage), the newest period first.
    ///
    /// With `own_days` the first vintage of a period is known that many days after the period if
    /// that is sooner; a later revision is known when it is published, even to its owner.
    pub(crate) fn known(
        self,
        date: Date,
        own_days: Option<u16>,
    ) -> impl Iterator<Item = Figure<'a>> {
        self.known_but(date, own_days, None)
    }

    fn known_but(
        self,
        date: Date,
        own_days: Option<u16>,
        left_out: Option<Standing>,
    ) -> impl Iterator<Item = Figure<'a>> {
        let today = ordinal(date);
        let mut left = self.days.len();
        let mut told = None;
        std::iter::from_fn(move || {
            while left > 0 {
                left -= 1;
                let (period, known) = self.days[left];
                // Nothing is known of a period that has not ended, and most of what is not known
                // yet is passed over without a look at the observation.
                let unknown = period > today || (known > today && own_days.is_none());
                if unknown || told == Some(period) {
                    continue;
                }
                let observation = &self.observations[left];
                if left_out == Some(observation.standing) {
                    continue;
                }
                let is_first = || left == 0 || self.days[left - 1].0 != period;
                let known_from = match own_days {
                    Some(days) if is_first() => {
                        observation.known_from.min(after(observation, days))
                    }
                    _ => observation.known_from,
                };
                if known <= today || known_from <= date {
                    told = Some(period);
                    return Some(Figure {
                        observation,
                        known_from,
                    });
                }
            }
            None
        })
    }
}

fn after(observation: &Observation, days: u16) -> Date {
    observation
        .period_end
        .saturating_add(Span::new().days(i64::from(days)))
}

impl Panel {
    /// A panel of observations by entity, indicator, period and day known, of inspections by
    /// authority and publication, and of events by organisation and day known.
    pub(super) fn new(
        catalogue: Catalogue,
        register: Register,
        sources: Vec<String>,
        observations: Vec<Observation>,
        inspections: Vec<Inspection>,
        events: Vec<Event>,
    ) -> Self {
        let day = |o: &Observation| (ordinal(o.period_end), ordinal(o.known_from));
        Panel {
            days: observations.iter().map(day).collect(),
            index: index(&observations),
            catalogue,
            register,
            sources,
            observations,
            inspections,
            events,
        }
    }

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

    /// The indicators.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Everything that went in, for writing it out again: not a way to read for a feature.
    pub(crate) fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// Every inspection, for writing out and for naming training rows, never for features.
    pub(crate) fn inspections(&self) -> &[Inspection] {
        &self.inspections
    }

    /// Every event, for writing out, never for features.
    #[cfg_attr(not(feature = "read"), expect(dead_code))]
    pub(crate) fn events(&self) -> &[Event] {
        &self.events
    }

    /// The same figures and events with other inspections.
    pub(crate) fn with_inspections(&self, inspections: Vec<Inspection>) -> Panel {
        Panel {
            inspections,
            ..self.clone()
        }
    }

    /// Figures, judgements and events published by `date`, and no other: all that a back-test or an audit
    /// made on that day could use.
    pub fn known_by(&self, date: Date) -> Panel {
        let figures = self.observations.iter().filter(|o| o.known_from <= date);
        let judged = self.inspections.iter().filter(|i| i.published <= date);
        let happened = self.events.iter().filter(|e| e.known_from <= date);
        Panel::new(
            self.catalogue.clone(),
            self.register.clone(),
            self.sources.clone(),
            figures.copied().collect(),
            judged.cloned().collect(),
            happened.cloned().collect(),
        )
    }

    /// The label of a source.
    pub fn source(&self, index: u16) -> &str {
        self.sources
            .get(usize::from(index))
            .map_or("", String::as_str)
    }

    pub(crate) fn series(&self, entity: Entity, indicator: IndicatorId) -> PanelSeries<'_> {
        let range = self
            .index
            .get(&(entity, indicator))
            .cloned()
            .unwrap_or_default();
        PanelSeries {
            observations: &self.observations[range.clone()],
            days: &self.days[range],
        }
    }

    fn judged(&self, authority: AuthorityCode) -> &[Inspection] {
        belonging_to(authority, &self.inspections, |i| i.authority)
    }
}

/// One authority's part of what is sorted by authority.
fn belonging_to<T>(
    authority: AuthorityCode,
    sorted: &[T],
    owner: impl Fn(&T) -> AuthorityCode,
) -> &[T] {
    let from = sorted.partition_point(|item| owner(item) < authority);
    let to = sorted.partition_point(|item| owner(item) <= authority);
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

    /// The figures known on the day, one for each period, the newest period first.
    pub fn figures(
        self,
        entity: Entity,
        indicator: IndicatorId,
    ) -> impl Iterator<Item = Figure<'a>> {
        self.known(entity, self.panel.series(entity, indicator))
    }

    /// As [`Snapshot::figures`], for a series looked up before.
    pub(crate) fn known(
        self,
        entity: Entity,
        series: PanelSeries<'a>,
    ) -> impl Iterator<Item = Figure<'a>> {
        let own_days = match (self.knowledge, entity) {
            (Knowledge::Own { days }, Entity::Authority(_)) => Some(days),
            _ => None,
        };
        series.known(self.date, own_days)
    }

    /// The figure of the newest period known on the day, even where it holds no number.
    pub fn latest(self, entity: Entity, indicator: IndicatorId) -> Option<Figure<'a>> {
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

fn index(sorted: &[Observation]) -> HashMap<(Entity, IndicatorId), Range<usize>> {
    let mut index = HashMap::new();
    let mut start = 0;
    for chunk in sorted.chunk_by(|a, b| (a.entity, a.indicator) == (b.entity, b.indicator)) {
        let end = start + chunk.len();
        index.insert((chunk[0].entity, chunk[0].indicator), start..end);
        start = end;
    }
    index
}
