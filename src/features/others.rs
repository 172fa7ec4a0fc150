//! Shares among the others: how many of the other organisations of the same group have an outcome.
//!
//! With `n` others of which `failed` have it at their newest inspection that says, the share is
//! (failed + weight x wider) / (n + weight): drawn towards that of a wider group, or of all, by so
//! many organisations' worth (the posterior mean under a beta prior of that weight; Efron and Morris
//! 1975, *JASA* 70:311-319, for why a small group should be drawn). The organisation itself has no
//! part in any of the three, so that its own grade cannot explain itself.
//!
//! One pass in time serves all rows: judgements and groups are taken in on the day on which each
//! became known.

use std::collections::HashMap;

use jiff::civil::Date;

use super::cell::{Amount, Cell, CellState};
use super::measure::{Measure, Wider};
use crate::data::{EventKind, OrganisationCode, OutcomeRule, Panel};

/// The measure of one feature for all organisations, on days that may be asked for in any order;
/// ascending ones cost one pass.
pub(super) struct Others {
    weight: f64,
    wider: Option<f64>,
    // Ascending by day.
    changes: Vec<Change>,
    taken: usize,
    day: Date,
    of: HashMap<OrganisationCode, State>,
    groups: HashMap<EventKind, Tally>,
    wider_groups: HashMap<EventKind, Tally>,
    all: Tally,
}

#[derive(Clone, Copy)]
struct Change {
    day: Date,
    organisation: OrganisationCode,
    what: What,
}

#[derive(Clone, Copy, PartialEq)]
enum What {
    Group(EventKind),
    Wider(EventKind),
    Judged(bool),
    /// From the day on it is nobody's other.
    Gone,
}

/// What is known of an organisation.
#[derive(Clone, Copy, Default)]
struct State {
    group: Option<EventKind>,
    wider: Option<EventKind>,
    failed: Option<bool>,
    gone: bool,
}

/// Organisations with a judgement that says, and those of them with the outcome.
#[derive(Clone, Copy, Default)]
struct Tally {
    failed: usize,
    n: usize,
    // The last day on which it changed.
    since: Option<Date>,
}

impl Tally {
    fn add(&mut self, failed: bool, day: Date) {
        self.n += 1;
        self.failed += usize::from(failed);
        self.since = Some(day);
    }

    fn remove(&mut self, failed: bool, day: Date) {
        self.n -= 1;
        self.failed -= usize::from(failed);
        self.since = Some(day);
    }

    /// Without one that is counted in it.
    fn without(self, own: Option<bool>) -> Tally {
        let mut others = self;
        if let Some(failed) = own {
            others.n -= 1;
            others.failed -= usize::from(failed);
        }
        others
    }

    /// The share, drawn to another by so many organisations' worth.
    fn drawn(self, to: f64, weight: f64) -> f64 {
        (self.failed as f64 + weight * to) / (self.n as f64 + weight)
    }
}

impl Others {
    /// What is needed for a measure; `None` where it does not look at others.
    pub(super) fn needed(panel: &Panel, measure: Measure) -> Option<Others> {
        let Measure::ShareAmongOthers {
            attribute,
            outcome,
            weight,
            within,
        } = measure
        else {
            return None;
        };
        let mut changes: Vec<Change> = judged(panel, outcome)
            .chain(attributes(panel, attribute, What::Group))
            .chain(gone(panel))
            .collect();
        if let Some(Wider { attribute, .. }) = within {
            changes.extend(attributes(panel, attribute, What::Wider));
        }
        // Stable: of one day, what was published later in the panel's order stands.
        changes.sort_by_key(|change| change.day);
        Some(Others {
            weight: f64::from(weight),
            wider: within.map(|wider| f64::from(wider.weight)),
            changes,
            taken: 0,
            day: Date::MIN,
            of: HashMap::new(),
            groups: HashMap::new(),
            wider_groups: HashMap::new(),
            all: Tally::default(),
        })
    }

    /// The cells of these rows, in their order.
    pub(super) fn column(&mut self, rows: &[(OrganisationCode, Date)]) -> Vec<Cell> {
        let mut by_day: Vec<usize> = (0..rows.len()).collect();
        by_day.sort_by_key(|&row| rows[row].1);
        let mut cells = vec![Cell::missing(CellState::NoFigure); rows.len()];
        for row in by_day {
            let (organisation, day) = rows[row];
            self.advance(day);
            cells[row] = self.cell(organisation);
        }
        cells
    }

    fn advance(&mut self, day: Date) {
        if day < self.day {
            self.taken = 0;
            self.of.clear();
            self.groups.clear();
            self.wider_groups.clear();
            self.all = Tally::default();
        }
        self.day = day;
        while let Some(&change) = self.changes.get(self.taken).filter(|c| c.day <= day) {
            self.taken += 1;
            self.take(change);
        }
    }

    /// Takes the organisation out of its tallies, changes it, and puts it in again.
    fn take(&mut self, change: Change) {
        let before = self.of.get(&change.organisation).copied();
        let before = before.unwrap_or_default();
        let mut after = before;
        match change.what {
            What::Group(group) => after.group = Some(group),
            What::Wider(group) => after.wider = Some(group),
            What::Judged(failed) => after.failed = Some(failed),
            What::Gone => after.gone = true,
        }
        for (state, put_in) in [(before, false), (after, true)] {
            let Some(failed) = state.failed.filter(|_| !state.gone) else {
                continue;
            };
            let groups = state.group.map(|group| self.groups.entry(group));
            let wider = state.wider.map(|group| self.wider_groups.entry(group));
            let tallies = groups
                .into_iter()
                .chain(wider)
                .map(|entry| entry.or_default());
            for tally in tallies.chain([&mut self.all]) {
                match put_in {
                    true => tally.add(failed, change.day),
                    false => tally.remove(failed, change.day),
                }
            }
        }
        self.of.insert(change.organisation, after);
    }

    fn cell(&self, organisation: OrganisationCode) -> Cell {
        let own = self.of.get(&organisation).copied().unwrap_or_default();
        let counted = own.failed.filter(|_| !own.gone);
        let others = |groups: &HashMap<EventKind, Tally>, group: Option<EventKind>| {
            let tally = group.and_then(|group| groups.get(&group)).copied();
            tally
                .map(|tally| tally.without(counted))
                .unwrap_or_default()
        };
        let all = self.all.without(counted);
        if own.group.is_none() || all.n == 0 {
            return Cell::missing(CellState::NoFigure);
        }
        let near = others(&self.groups, own.group);
        let everywhere = all.failed as f64 / all.n as f64;
        let to = match self.wider {
            Some(weight) => others(&self.wider_groups, own.wider).drawn(everywhere, weight),
            None => everywhere,
        };
        let since = near.since.or(all.since);
        Cell {
            period_end: since,
            known_from: since,
            now: Amount::of(near.drawn(to, self.weight)),
            ..Cell::missing(CellState::Present)
        }
    }
}

fn judged(panel: &Panel, outcome: OutcomeRule) -> impl Iterator<Item = Change> {
    let speaking = panel.inspections().iter();
    let speaking = speaking.filter(|inspection| inspection.scope.speaks_for_all());
    speaking.filter_map(move |inspection| {
        Some(Change {
            day: inspection.published,
            organisation: inspection.organisation,
            what: What::Judged(outcome.event(inspection)?),
        })
    })
}

fn attributes(
    panel: &Panel,
    attribute: EventKind,
    what: fn(EventKind) -> What,
) -> impl Iterator<Item = Change> {
    let events = panel.events().iter();
    let told = events.filter(move |event| event.kind == attribute);
    told.filter_map(move |event| {
        Some(Change {
            day: event.known_from,
            organisation: event.organisation,
            what: what(event.finding?),
        })
    })
}

fn gone(panel: &Panel) -> impl Iterator<Item = Change> {
    panel.register().iter().filter_map(|organisation| {
        Some(Change {
            day: organisation.to?.tomorrow().ok()?,
            organisation: organisation.code,
            what: What::Gone,
        })
    })
}
