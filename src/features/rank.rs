//! Ranks in a release: where a figure stands among all organisations' of the same period.
//!
//! A rank is (mid-rank - 0.5) / n (Conover 1999, *Practical Nonparametric Statistics*, section 5.1
//! for mid-ranks; Hazen's plotting position), so that it lies between 0 and 1 and its mean is 1/2
//! in every release: one outlier cannot move a score far, and a change of definition that moves
//! everybody moves nobody. What all have in common is lost with it: the level has to come from
//! calibration.

use std::collections::HashMap;

use jiff::civil::Date;

use super::cell::{Amount, Cell, CellState};
use super::feature::Feature;
use super::measure::Measure;
use super::transform::{Sources, is_years_before};
use crate::data::{AuthorityCode, Entity, Knowledge, Panel, PanelSeries, Snapshot};

/// Fewer changes than this say nothing about how a rank moves.
const FEWEST_CHANGES: usize = 2;

/// One feature of all organisations that can be scored, to rank one of them among the others.
pub(super) struct Ranks<'a> {
    // By code.
    peers: Vec<Sources<'a>>,
    // Every day on which what the ranks rest on became known, ascending.
    releases: Vec<Date>,
    // By what had been released, and the period.
    known: HashMap<(usize, Date), Release>,
}

/// The figures of one period, as known after some release.
struct Release {
    // As the peers; `None` where unknown.
    of: Vec<Option<f64>>,
    ascending: Vec<f64>,
}

impl Release {
    fn new(of: Vec<Option<f64>>) -> Self {
        let mut ascending: Vec<f64> = of.iter().copied().flatten().collect();
        ascending.sort_unstable_by(f64::total_cmp);
        Release { of, ascending }
    }

    /// The rank of a value in place of the figure that the release has of the same peer.
    fn rank(&self, peer: usize, value: f64) -> f64 {
        let below = |v: f64| self.ascending.partition_point(|&other| other < v) as f64;
        let upto = |v: f64| self.ascending.partition_point(|&other| other <= v) as f64;
        let (mut less, mut equal) = (below(value), upto(value) - below(value));
        let mut others = self.ascending.len() as f64;
        if let Some(own) = self.of[peer] {
            others -= 1.0;
            less -= f64::from(u8::from(own < value));
            equal -= f64::from(u8::from(own == value));
        }
        // With itself among its equals the mid-rank is less + equal / 2 + 1.
        (less + 0.5 * equal + 0.5) / (others + 1.0)
    }
}

impl<'a> Ranks<'a> {
    /// What is needed to rank this feature; `None` where it is not ranked.
    pub(super) fn needed(panel: &'a Panel, feature: &Feature) -> Option<Self> {
        let moves = matches!(feature.measure, Measure::Volatility { .. });
        if !feature.rank && !moves {
            return None;
        }
        let scored = panel.register().iter().filter(|a| a.scored);
        let peers: Vec<Sources<'a>> = scored
            .map(|authority| {
                let figures = panel.of(Entity::Authority(authority.code));
                Sources::new(panel, (authority, figures), *feature, false)
            })
            .collect();
        let mut releases: Vec<Date> = peers.iter().flat_map(Sources::release_days).collect();
        if let Measure::GapToNeighbours { indicator } = feature.measure {
            // Neighbours need not be ranked themselves, and others take their place with a model.
            let all = panel.register().iter().map(|a| Entity::Authority(a.code));
            let series = all.map(|entity| panel.series(entity, indicator));
            releases.extend(series.flat_map(PanelSeries::release_days));
            releases.extend(panel.register().neighbour_days());
        }
        releases.sort_unstable();
        releases.dedup();
        Some(Ranks {
            peers,
            releases,
            known: HashMap::new(),
        })
    }

    /// The cell with the rank of its figure; one of an organisation that is not ranked has none.
    pub(super) fn ranked(&mut self, on: Snapshot<'a>, code: AuthorityCode, cell: Cell) -> Cell {
        let (Some(period), true) = (cell.period_end, cell.is_present()) else {
            return cell;
        };
        let value = cell.now.value - cell.base_value();
        // An own figure that is not published yet has no release of its own: the newest one.
        let release = match cell.flags.own {
            true => self.newest_period(on).unwrap_or(period),
            false => period,
        };
        match self.rank(on, code, release, value) {
            Some(rank) => Cell {
                rank: Some(rank),
                ..cell
            },
            None => Cell {
                state: CellState::NoComparison,
                ..cell
            },
        }
    }

    /// The cell of how far ranks moved from year to year.
    pub(super) fn volatility(
        &mut self,
        on: Snapshot<'a>,
        code: AuthorityCode,
        newest: Cell,
        years: u8,
    ) -> Cell {
        let (Some(peer), Some(period), true) =
            (self.peer(code), newest.period_end, newest.is_present())
        else {
            return newest;
        };
        let published = published(on);
        let periods: Vec<Date> = self.peers[peer].periods(published).collect();
        let mut before = |years: u8| {
            let of = |end: &&Date| is_years_before(**end, years, period);
            let period = *periods.iter().find(of)?;
            let value = self.release(on, period).of[peer]?;
            Some(self.release(on, period).rank(peer, value))
        };
        let ranks: Vec<Option<f64>> = (0..=years).map(&mut before).collect();
        let moves: Vec<f64> = ranks
            .windows(2)
            .filter_map(|pair| Some((pair[0]? - pair[1]?).abs()))
            .collect();
        if moves.len() < FEWEST_CHANGES {
            return Cell {
                state: CellState::NoComparison,
                ..newest
            };
        }
        Cell {
            now: Amount::of(moves.iter().sum::<f64>() / moves.len() as f64),
            ..newest
        }
    }

    fn peer(&self, code: AuthorityCode) -> Option<usize> {
        let found = self.peers.binary_search_by_key(&code, |p| p.organisation);
        found.ok()
    }

    /// The rank of a value of one organisation among the published figures of a period.
    fn rank(
        &mut self,
        on: Snapshot<'a>,
        code: AuthorityCode,
        period: Date,
        value: f64,
    ) -> Option<f64> {
        let peer = self.peer(code)?;
        Some(self.release(on, period).rank(peer, value))
    }

    fn release(&mut self, on: Snapshot<'a>, period: Date) -> &Release {
        let released = self.releases.partition_point(|&day| day <= on.date());
        let peers = &self.peers;
        self.known.entry((released, period)).or_insert_with(|| {
            let on = published(on);
            Release::new(peers.iter().map(|p| p.of_period(on, period)).collect())
        })
    }

    fn newest_period(&self, on: Snapshot<'a>) -> Option<Date> {
        let on = published(on);
        self.peers.iter().filter_map(|p| p.periods(on).next()).max()
    }
}

/// Others' figures count from their publication, whatever holds for one's own.
fn published(on: Snapshot<'_>) -> Snapshot<'_> {
    on.panel().as_of_with(on.date(), Knowledge::Published)
}

impl<'a> Sources<'a> {
    /// The feature on the snapshot's day; figures of periods that ended before `oldest` are stale.
    pub(super) fn cell(
        &self,
        on: Snapshot<'a>,
        oldest: Date,
        ranks: Option<&mut Ranks<'a>>,
    ) -> Cell {
        let cell = self.measured(on, oldest);
        match ranks {
            Some(ranks) if self.feature.rank => ranks.ranked(on, self.organisation, cell),
            Some(ranks) => match self.feature.measure {
                Measure::Volatility { years, .. } => {
                    ranks.volatility(on, self.organisation, cell, years)
                }
                _ => cell,
            },
            None => cell,
        }
    }
}
