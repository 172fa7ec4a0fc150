//! Every figure and judgement with the day it became known, read only as of a day.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::authority::{Authority, Register};
use super::calendar::Basis;
use super::code::{AuthorityCode, IndicatorId};
use super::indicator::Catalogue;
use super::judgement::{Inspection, JudgementHistory};
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

/// Figures, judgements and the register, each with the day on which it became known.
///
/// [`Panel::as_of`] is the only way to read it, so that nothing later can reach a feature.
#[derive(Clone, Debug)]
pub struct Panel {
    catalogue: Catalogue,
    register: Register,
    sources: Vec<String>,
    // By entity, indicator, period and day known.
    observations: Vec<Observation>,
    index: HashMap<(Entity, IndicatorId), Range<usize>>,
    // By authority, then publication.
    inspections: Vec<Inspection>,
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
    /// Figures known on `date`, one for each period (its newest vintage), the newest period first.
    ///
    /// With `own_days` the first vintage of a period is known that many days after the period if
    /// that is sooner; a later revision is known when it is published, even to its owner.
    pub(crate) fn known(
        self,
        date: Date,
        own_days: Option<u16>,
    ) -> impl Iterator<Item = Figure<'a>> {
        // Nothing is known of a period that has not ended.
        let ended = self.observations.partition_point(|o| o.period_end <= date);
        let mut rest = &self.observations[..ended];
        let mut told = None;
        std::iter::from_fn(move || {
            while let Some((observation, earlier)) = rest.split_last() {
                rest = earlier;
                let period = Some(observation.period_end);
                let is_first = || earlier.last().is_none_or(|o| Some(o.period_end) != period);
                let known_from = match own_days {
                    Some(days) if is_first() => observation.known_from.min(after(period, days)),
                    _ => observation.known_from,
                };
                if known_from <= date && told != period {
                    told = period;
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

fn after(period_end: Option<Date>, days: u16) -> Date {
    period_end.map_or(Date::MAX, |end| {
        end.saturating_add(Span::new().days(i64::from(days)))
    })
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

    /// The indicators.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Everything that went in, for writing it out again: not a way to read for a feature.
    #[cfg_attr(not(feature = "read"), expect(dead_code))]
    pub(crate) fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// Every inspection, for writing out and for naming training rows, never for features.
    pub(crate) fn inspections(&self) -> &[Inspection] {
        &self.inspections
    }

    /// The label of a source.
    pub fn source(&self, index: u16) -> &str {
        self.sources
            .get(usize::from(index))
            .map_or("", String::as_str)
    }

    pub(crate) fn series(&self, entity: Entity, indicator: IndicatorId) -> PanelSeries<'_> {
        let range = self.index.get(&(entity, indicator)).cloned();
        PanelSeries {
            observations: range.map_or(&[], |r| &self.observations[r]),
        }
    }

    fn judged(&self, authority: AuthorityCode) -> &[Inspection] {
        let from = self
            .inspections
            .partition_point(|i| i.authority < authority);
        let to = self
            .inspections
            .partition_point(|i| i.authority <= authority);
        &self.inspections[from..to]
    }
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
}

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
}

/// Collects figures and judgements in any order into a [`Panel`].
#[derive(Clone, Debug, Default)]
pub struct PanelBuilder {
    catalogue: Catalogue,
    register: Register,
    // Rank and label.
    sources: Vec<(u8, String)>,
    observations: Vec<(Observation, Origin)>,
    inspections: Vec<Inspection>,
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

    /// Adds an inspection.
    pub fn inspection(&mut self, inspection: Inspection) {
        self.inspections.push(inspection);
    }

    /// Sorts everything, so that the order of rows and files does not matter.
    ///
    /// Figures of the same entity, indicator, period and day known that agree are one. Where they
    /// differ, the source of the lower rank is kept; within one rank neither is. Inspections that
    /// are equal in everything are one.
    pub fn build(mut self) -> Built {
        self.order_sources();
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
        let panel = Panel {
            index: index(&observations),
            catalogue: self.catalogue,
            register: self.register,
            sources: self.sources.into_iter().map(|(_, label)| label).collect(),
            observations,
            inspections: self.inspections,
        };
        Built {
            panel,
            conflicts,
            agreeing,
        }
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

fn same_cell(a: &Observation, b: &Observation) -> bool {
    (a.entity, a.indicator, a.period_end, a.known_from)
        == (b.entity, b.indicator, b.period_end, b.known_from)
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

/// Whether a standing or a basis is weaker than a stated release: shown beside a figure.
pub fn caveat(standing: Standing, basis: Basis) -> Option<&'static str> {
    match (standing, basis) {
        (Standing::Own, _) => Some("own figure, not published"),
        (Standing::Revised, Basis::Fallback) => Some("revised series, release day assumed"),
        (Standing::Revised, _) => Some("revised series stands for the first release"),
        (Standing::Released, Basis::Fallback) => Some("release day assumed"),
        (Standing::Released, _) => None,
    }
}
