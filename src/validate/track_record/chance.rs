//! What chance would have caught: the same lists with other names.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::result::{Caught, LaterEvent, Quarter};
use crate::data::AuthorityCode;
use crate::stats::bootstrap::below;
use crate::stats::interval::{Limits, clopper_pearson, quantile};
use crate::validate::backtest::permutation::exceeded;

/// On which days each organisation was listed, ascending.
pub(super) struct Lists {
    pub(super) listed: BTreeMap<AuthorityCode, BTreeSet<Date>>,
}

impl Lists {
    pub(super) fn new(quarters: &[Quarter]) -> Self {
        let mut listed: BTreeMap<AuthorityCode, BTreeSet<Date>> = BTreeMap::new();
        for quarter in quarters {
            for name in &quarter.listed {
                listed
                    .entry(name.organisation)
                    .or_default()
                    .insert(quarter.on);
            }
        }
        Lists { listed }
    }

    pub(super) fn of(&self, code: AuthorityCode) -> impl DoubleEndedIterator<Item = Date> {
        self.listed.get(&code).into_iter().flatten().copied()
    }
}

/// The same lists with other names.
pub(super) struct Chance<'a> {
    pub(super) lists: &'a Lists,
    pub(super) quarters: &'a [Quarter],
    pub(super) organisations: &'a [AuthorityCode],
    pub(super) events: &'a [&'a LaterEvent],
}

impl Chance<'_> {
    /// Events on some list, and on the last one, when names are dealt out anew.
    pub(super) fn draw(&self, random: &mut rand_xoshiro::Xoshiro256PlusPlus) -> (usize, usize) {
        let mut order: Vec<usize> = (0..self.organisations.len()).collect();
        for at in (1..order.len()).rev() {
            let other = below(random, at as u64 + 1) as usize;
            order.swap(at, other);
        }
        let (mut before, mut last) = (0, 0);
        for event in self.events {
            let Ok(place) = self.organisations.binary_search(&event.organisation) else {
                continue;
            };
            let stands_in = self.organisations[order[place]];
            let listed: Vec<Date> = self
                .lists
                .of(stands_in)
                .filter(|on| *on < event.started)
                .collect();
            let newest = self
                .quarters
                .iter()
                .map(|q| q.on)
                .rfind(|on| *on < event.started);
            before += usize::from(!listed.is_empty());
            last += usize::from(newest.is_some() && listed.last().copied() == newest);
        }
        (before, last)
    }
}

impl Caught {
    pub(super) fn new(caught: usize, events: usize, chance: impl Iterator<Item = usize>) -> Self {
        let mut chance: Vec<f64> = chance.map(|n| n as f64).collect();
        chance.sort_unstable_by(f64::total_cmp);
        let mean = chance.iter().sum::<f64>() / chance.len() as f64;
        let none = crate::stats::undefined::Undefined::NoRows;
        let ends = || {
            Some(Limits {
                low: quantile(&chance, 0.025).ok()?,
                high: quantile(&chance, 0.975).ok()?,
            })
        };
        Caught {
            caught,
            share_ci95: clopper_pearson(caught, events).ok().map(Limits::from),
            by_chance: if chance.is_empty() {
                Err(none)
            } else {
                Ok(mean)
            },
            by_chance_ci95: ends(),
            p: exceeded(caught as f64, &chance),
        }
    }
}
