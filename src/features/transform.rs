//! One feature of one authority on one day, from a short history of figures.

use jiff::{Span, civil::Date};

use super::cell::{Amount, Cell, CellState, Flags};
use super::feature::Feature;
use super::measure::Measure;
use super::neighbours::mean_of_neighbours;
use crate::data::{
    Authority, AuthorityCode, Entity, EntityFigures, Event, EventKind, Grade, IndicatorId,
    JudgementHistory, Knowledge, Known, Panel, PanelSeries, Snapshot, Standing, Value,
};

/// The series that one feature of one authority is made from, looked up once for all days.
pub(super) struct Sources<'a> {
    pub(super) organisation: AuthorityCode,
    pub(super) feature: Feature,
    own: PanelSeries<'a>,
    // Filled only where a gap to it is measured.
    england: PanelSeries<'a>,
    // Filled only where the recipe lets a new authority inherit.
    predecessors: Vec<(AuthorityCode, PanelSeries<'a>)>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(
        panel: &'a Panel,
        (authority, figures): (&Authority, EntityFigures<'a>),
        feature: Feature,
        inherit: bool,
    ) -> Self {
        let measure = feature.measure;
        let series = |figures: EntityFigures<'a>| match measure.indicator() {
            Some(indicator) => figures.series(indicator),
            None => PanelSeries::default(),
        };
        let predecessors: &[AuthorityCode] = if inherit {
            &authority.predecessors
        } else {
            &[]
        };
        Sources {
            organisation: authority.code,
            feature,
            own: series(figures),
            england: match measure {
                Measure::GapToEngland { .. } => series(panel.of(Entity::England)),
                _ => PanelSeries::default(),
            },
            predecessors: predecessors
                .iter()
                .map(|&code| (code, series(panel.of(Entity::Authority(code)))))
                .collect(),
        }
    }

    pub(super) fn measured(&self, on: Snapshot<'a>, oldest: Date) -> Cell {
        match self.feature.measure {
            Measure::Level { .. } | Measure::Volatility { .. } => self.newest(on, oldest, None),
            Measure::Change { years, .. } => self.newest(on, oldest, Some(years)),
            Measure::GapToEngland { .. } => {
                self.gap(on, oldest, |newest| self.england(on, newest, oldest))
            }
            Measure::GapToNeighbours { indicator } => self.gap(on, oldest, |newest| {
                self.neighbours(on, indicator, newest, oldest)
            }),
            Measure::PreviousGrade => self.judged(on, |h| h.previous_grade().map(Grade::number)),
            Measure::PreviousGradeCapped => {
                self.judged(on, |h| h.previous_grade().map(Grade::capped_number))
            }
            Measure::WorstKeyJudgement => {
                self.judged(on, |h| h.worst_key_judgement().map(Grade::number))
            }
            Measure::MeanKeyJudgement => self.judged(on, JudgementHistory::mean_key_judgement),
            Measure::YearsSinceInspection => self.judged(on, JudgementHistory::years_since_last),
            Measure::YearsSinceFullInspection => {
                self.judged(on, JudgementHistory::years_since_full)
            }
            Measure::InadequateBefore => {
                self.judged(on, |h| Some(f64::from(u8::from(h.failed_before()))))
            }
            Measure::MeanGrade { last } => self.judged(on, |h| h.mean_of_grades(usize::from(last))),
            Measure::PreviousJudgement { judgement } => self.judged(on, |h| {
                let key = on.panel().service().judgement(judgement.as_str()).ok()?;
                let last = h.last_graded()?;
                last.judgements.get(key).map(Grade::number)
            }),
            Measure::FirstInspection => self.first_inspection(on),
            Measure::Attribute {
                attribute, value, ..
            } => {
                let newest = on.events(self.organisation).find(|e| e.kind == attribute);
                let is = |e: &Event| f64::from(u8::from(e.finding == Some(value)));
                newest.map_or_else(
                    || Cell::missing(CellState::NoEvent),
                    |e| known_on(e.known_from, is(e)),
                )
            }
            // Of all organisations together: see `others`.
            Measure::ShareAmongOthers { .. } => Cell::missing(CellState::NoFigure),
            Measure::EventWithin {
                event,
                finding,
                years,
            } => self.event_within(on, event, finding, years),
            Measure::YearsSinceEvent { event, finding } => {
                let newest = self.event(on, event, finding);
                let since = |e: &Event| f64::from((on.date() - e.known_from).get_days()) / 365.25;
                newest.map_or_else(
                    || Cell::missing(CellState::NoEvent),
                    |e| known_on(e.known_from, since(e)),
                )
            }
        }
    }

    /// Nothing is known to have been inspected: a value, and no missing one.
    fn first_inspection(&self, on: Snapshot<'a>) -> Cell {
        match on.judgements(self.organisation).last_graded() {
            Some(inspection) => known_on(inspection.published, 0.0),
            None => Cell {
                state: CellState::Present,
                now: Amount::of(1.0),
                ..Cell::missing(CellState::NoInspection)
            },
        }
    }

    /// The newest event of this kind and finding.
    fn event(
        &self,
        on: Snapshot<'a>,
        kind: EventKind,
        finding: Option<EventKind>,
    ) -> Option<&'a Event> {
        let found = |e: &&Event| finding.is_none() || e.finding == finding;
        on.events(self.organisation)
            .filter(|e| e.kind == kind)
            .find(found)
    }

    fn event_within(
        &self,
        on: Snapshot<'a>,
        kind: EventKind,
        finding: Option<EventKind>,
        years: u8,
    ) -> Cell {
        let since = on
            .date()
            .saturating_sub(Span::new().years(i64::from(years)));
        match self.event(on, kind, finding) {
            Some(event) if event.known_from > since => known_on(event.known_from, 1.0),
            _ => Cell {
                state: CellState::Present,
                now: Amount::of(0.0),
                ..Cell::missing(CellState::NoEvent)
            },
        }
    }

    /// What is measured of one period, as published by the day; `None` where there is no number.
    pub(super) fn of_period(&self, on: Snapshot<'a>, period: Date) -> Option<f64> {
        let number = |wanted: &dyn Fn(Date) -> bool| {
            let mut known = self.own.published(on.date());
            known.find(|f| wanted(f.period_end()))?.point()
        };
        let now = number(&|end| end == period)?;
        match self.feature.measure {
            Measure::Change { years, .. } => {
                Some(now - number(&|end| is_years_before(end, years, period))?)
            }
            Measure::GapToEngland { .. } => Some(now - self.england(on, period, Date::MIN)?),
            Measure::GapToNeighbours { indicator } => {
                Some(now - self.neighbours(on, indicator, period, Date::MIN)?)
            }
            _ => Some(now),
        }
    }

    /// Every day on which a figure of this series became known.
    pub(super) fn release_days(&self) -> impl Iterator<Item = Date> {
        let own = self.own.release_days();
        own.chain(self.england.release_days())
    }

    /// The periods of which a number was published by the day, the newest first.
    pub(super) fn periods(&self, on: Snapshot<'a>) -> impl Iterator<Item = Date> {
        let numbers = self
            .own
            .published(on.date())
            .filter(|f| f.point().is_some());
        numbers.map(|f| f.period_end())
    }

    /// The newest figure, and the one `years` before it where a change is asked for.
    fn newest(&self, on: Snapshot<'a>, oldest: Date, years: Option<u8>) -> Cell {
        let own = series_cell(on, self.organisation, self.own, oldest, years);
        if own.state != CellState::NoFigure || self.predecessors.is_empty() {
            return own;
        }
        let parts: Vec<Cell> = self
            .predecessors
            .iter()
            .map(|&(code, series)| series_cell(on, code, series, oldest, years))
            .collect();
        pooled(&parts).unwrap_or(own)
    }

    fn gap(&self, on: Snapshot<'a>, oldest: Date, base: impl Fn(Date) -> Option<f64>) -> Cell {
        let mut cell = self.newest(on, oldest, None);
        if let Some(period_end) = cell.period_end {
            match base(period_end) {
                Some(value) => cell.base = Amount::of(value),
                None => cell.state = CellState::NoComparison,
            }
        }
        cell
    }

    fn england(&self, on: Snapshot<'a>, newest: Date, oldest: Date) -> Option<f64> {
        benchmark(on, Entity::England, self.england, newest, oldest)
    }

    /// The mean over the neighbours of the model known on the day: who they are is looked up for
    /// each day, because a later model may name others.
    fn neighbours(
        &self,
        on: Snapshot<'a>,
        indicator: IndicatorId,
        newest: Date,
        oldest: Date,
    ) -> Option<f64> {
        let panel = on.panel();
        // Other authorities' own figures are not ours to know before they are published.
        let published = panel.as_of_with(on.date(), Knowledge::Published);
        let neighbours = panel.register().neighbours_on(self.organisation, on.date());
        let entities = neighbours.iter().map(|&code| Entity::Authority(code));
        mean_of_neighbours(entities.filter_map(|entity| {
            let series = panel.series(entity, indicator);
            benchmark(published, entity, series, newest, oldest)
        }))
    }

    fn judged(
        &self,
        on: Snapshot<'a>,
        value: impl Fn(JudgementHistory<'a>) -> Option<f64>,
    ) -> Cell {
        let own = on.judgements(self.organisation);
        let graded = |h: JudgementHistory<'a>| h.last_graded().map(|i| i.published);
        let inherited = || {
            self.predecessors
                .iter()
                .map(|&(code, _)| on.judgements(code))
                .max_by_key(|&history| graded(history))
        };
        let (history, is_inherited) = match graded(own) {
            Some(_) => (own, false),
            None => (inherited().unwrap_or(own), true),
        };
        let (Some(known), Some(value)) = (graded(history), value(history)) else {
            return Cell::missing(CellState::NoInspection);
        };
        Cell {
            flags: Flags {
                inherited: is_inherited,
                ..Flags::default()
            },
            ..known_on(known, value)
        }
    }
}

/// A value that rests on something known from one day on.
fn known_on(day: Date, value: f64) -> Cell {
    Cell {
        state: CellState::Present,
        period_end: Some(day),
        known_from: Some(day),
        now: Amount::of(value),
        ..Cell::missing(CellState::Present)
    }
}

/// The newest figure with a number in `series`, or the reason why there is none.
fn series_cell<'a>(
    on: Snapshot<'a>,
    organisation: AuthorityCode,
    series: PanelSeries<'a>,
    oldest: Date,
    years: Option<u8>,
) -> Cell {
    let entity = Entity::Authority(organisation);
    let mut reason = CellState::NoFigure;
    for figure in on.known(entity, series) {
        let stale = figure.period_end() < oldest;
        match figure.value() {
            Value::Number(_) | Value::Low { .. } if !stale => {
                return with_base(on, entity, series, figure, years);
            }
            // The newest reason is the one that is told.
            _ if reason != CellState::NoFigure => {}
            Value::Missing(why) if !stale => reason = CellState::Withheld(why),
            Value::Missing(_) => {}
            Value::Number(_) | Value::Low { .. } => reason = CellState::TooOld,
        }
    }
    Cell::missing(reason)
}

fn with_base<'a>(
    on: Snapshot<'a>,
    entity: Entity,
    series: PanelSeries<'a>,
    newest: Known<'a>,
    years: Option<u8>,
) -> Cell {
    let mut cell = present(on, newest);
    if let Some(years) = years {
        let before = on
            .known(entity, series)
            .find(|f| is_years_before(f.period_end(), years, newest.period_end()))
            .filter(|f| f.point().is_some());
        match before {
            Some(figure) => cell.base = Amount::from(figure),
            None => cell.state = CellState::NoComparison,
        }
    }
    cell
}

pub(super) fn is_years_before(earlier: Date, years: u8, later: Date) -> bool {
    earlier.year() + i16::from(years) == later.year()
        && (earlier.month(), earlier.day()) == (later.month(), later.day())
}

fn present(on: Snapshot<'_>, figure: Known<'_>) -> Cell {
    Cell {
        state: CellState::Present,
        flags: Flags {
            joint: figure.is_joint(),
            revised: figure.standing() == Standing::Revised,
            own: figure.standing() == Standing::Own || figure.published() > on.date(),
            inherited: false,
            low: matches!(figure.value(), Value::Low { .. }),
        },
        period_end: Some(figure.period_end()),
        known_from: Some(figure.known_from),
        now: Amount::from(figure),
        base: Amount::NONE,
        rank: None,
    }
}

/// The newest number known of a period that is neither later than `newest` nor stale.
fn benchmark<'a>(
    on: Snapshot<'a>,
    entity: Entity,
    series: PanelSeries<'a>,
    newest: Date,
    oldest: Date,
) -> Option<f64> {
    on.known(entity, series)
        .filter(|f| f.period_end() <= newest && f.period_end() >= oldest)
        .find_map(|f| f.point())
}

/// Predecessors' figures as one: the only one's as it stands; several ones' counts added up,
/// where all of them have counts for the same period.
fn pooled(parts: &[Cell]) -> Option<Cell> {
    let (&first, rest) = parts.split_first()?;
    let alike = |c: &Cell| c.state == first.state && c.period_end == first.period_end;
    if first.state != CellState::Present || !rest.iter().all(alike) {
        return None;
    }
    let pool = |amounts: Vec<Amount>| match amounts.as_slice() {
        [only] => Some(*only),
        several => Amount::sum(several),
    };
    let now = pool(parts.iter().map(|c| c.now).collect())?;
    let base = if first.base.value.is_nan() {
        Amount::NONE
    } else {
        pool(parts.iter().map(|c| c.base).collect())?
    };
    Some(Cell {
        flags: Flags {
            inherited: true,
            ..first.flags
        },
        known_from: parts.iter().filter_map(|c| c.known_from).max(),
        now,
        base,
        ..first
    })
}
