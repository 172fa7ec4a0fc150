//! C-statistics of every model on every set of rows, over the same resamples of authorities.
//!
//! One draw of authorities serves all recipes, leads, subsets and years, so that any two statistics
//! are paired, and all of them together have simultaneous intervals.

use std::collections::BTreeSet;

use super::backtest::Prediction;
use super::bootstrap::{Bootstrap, Clusters, percentile_interval};
use super::interval::Interval;
use super::rank::{Ranking, StratifiedRanking};
use super::summary::Subset;
use super::undefined::{Estimate, Undefined};
use crate::data::AuthorityCode;
use crate::error::Result;

/// Rows of one recipe and lead in one subset, with the scores of every model.
pub(super) struct Frame<'a> {
    /// By model.
    pub(super) models: Vec<Vec<&'a Prediction>>,
    pub(super) subset: Subset,
    pub(super) outcomes: Vec<bool>,
    authorities: Vec<usize>,
    years: Vec<i16>,
    // The distinct years, ascending.
    strata: Vec<i16>,
    within: Vec<StratifiedRanking>,
}

/// Which C-statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Over pairs of rows of the same year.
    WithinYear,
    /// Over all pairs of rows.
    Pooled,
}

/// A statistic and its resamples.
pub(super) struct Sampled {
    pub(super) estimate: Estimate,
    /// NaN where a resample has no such statistic.
    pub(super) replicates: Vec<f64>,
}

/// All frames with the resamples of all their statistics.
pub(super) struct Resampled<'a> {
    pub(super) frames: Vec<Frame<'a>>,
    /// First years of the sets of rows, ascending.
    pub(super) since: Vec<i16>,
    // By resample: one number for each frame, model, first year and kind.
    replicates: Vec<Vec<f64>>,
    offsets: Vec<usize>,
    clusters: Clusters,
}

impl<'a> Frame<'a> {
    pub(super) fn new(
        by_model: &'a [Vec<Prediction>],
        subset: Subset,
        names: &[AuthorityCode],
    ) -> Result<Option<Frame<'a>>> {
        let keep = |p: &&Prediction| subset == Subset::All || !p.already_inadequate;
        let models: Vec<Vec<&Prediction>> = by_model
            .iter()
            .map(|model| model.iter().filter(keep).collect())
            .collect();
        let Some(first) = models.first().filter(|rows| !rows.is_empty()) else {
            return Ok(None);
        };
        let outcomes: Vec<bool> = first.iter().map(|p| p.outcome).collect();
        let years: Vec<i16> = first.iter().map(|p| p.inspection_start.year()).collect();
        let place = |p: &&Prediction| names.partition_point(|name| *name < p.authority);
        let strata: BTreeSet<i16> = years.iter().copied().collect();
        let within = models
            .iter()
            .map(|rows| StratifiedRanking::new(&scores(rows), &outcomes, &years))
            .collect::<Result<_>>()?;
        Ok(Some(Frame {
            authorities: first.iter().map(place).collect(),
            strata: strata.into_iter().collect(),
            models,
            subset,
            outcomes,
            years,
            within,
        }))
    }

    pub(super) fn first(&self) -> &Prediction {
        self.models[0][0]
    }

    /// The rows since a year, by place.
    pub(super) fn since(&self, year: i16) -> Vec<usize> {
        let rows = 0..self.years.len();
        rows.filter(|&row| self.years[row] >= year).collect()
    }

    fn counts(&self, drawn: &[u32]) -> Vec<u32> {
        self.authorities.iter().map(|&place| drawn[place]).collect()
    }
}

pub(super) fn scores(rows: &[&Prediction]) -> Vec<f64> {
    rows.iter().map(|p| p.linear_predictor).collect()
}

impl<'a> Resampled<'a> {
    pub(super) fn new(
        groups: &'a [Vec<Vec<Prediction>>],
        since: Vec<i16>,
        bootstrap: Bootstrap,
    ) -> Result<Self> {
        let all = groups.iter().flatten().flatten();
        let names: BTreeSet<AuthorityCode> = all.map(|p| p.authority).collect();
        let names: Vec<AuthorityCode> = names.into_iter().collect();
        let mut frames = Vec::new();
        for by_model in groups {
            for subset in [Subset::All, Subset::NotAlreadyInadequate] {
                frames.extend(Frame::new(by_model, subset, &names)?);
            }
        }
        let mut offsets = vec![0];
        for frame in &frames {
            offsets.push(offsets[offsets.len() - 1] + frame.models.len() * since.len() * 2);
        }
        let pooled = frames
            .iter()
            .map(|frame| pooled(frame, &since))
            .collect::<Result<Vec<_>>>()?;
        let clusters = Clusters::new(&names);
        let replicates = bootstrap.run(&clusters, |drawn| {
            let mut values = Vec::with_capacity(offsets[offsets.len() - 1]);
            for (frame, pooled) in frames.iter().zip(&pooled) {
                let counts = frame.counts(drawn);
                for (model, pooled) in pooled.iter().enumerate() {
                    let pairs: Vec<(f64, f64)> = frame.within[model].pairs_of(&counts).collect();
                    for (&year, rows) in since.iter().zip(pooled) {
                        values.push(within_since(&frame.strata, &pairs, year));
                        values.push(rows.c_statistic(&counts));
                    }
                }
            }
            values
        });
        Ok(Resampled {
            frames,
            since,
            replicates,
            offsets,
            clusters,
        })
    }

    /// One statistic of one model of a frame since a year.
    pub(super) fn of(&self, frame: usize, model: usize, since: usize, kind: Kind) -> Sampled {
        let years = self.since.len();
        let kind_at = usize::from(kind == Kind::Pooled);
        let at = self.offsets[frame] + (model * years + since) * 2 + kind_at;
        let estimate = estimate(&self.frames[frame], model, self.since[since], kind);
        Sampled {
            estimate,
            replicates: self.replicates.iter().map(|r| r[at]).collect(),
        }
    }

    /// Draws of authorities, for other statistics of the same rows.
    pub(super) fn draws<T: Send>(
        &self,
        frame: usize,
        bootstrap: Bootstrap,
        statistic: impl Fn(&[u32]) -> T + Sync,
    ) -> Vec<T> {
        let frame = &self.frames[frame];
        bootstrap.run(&self.clusters, |drawn| statistic(&frame.counts(drawn)))
    }
}

impl Sampled {
    /// Its 95% percentile interval, and how many resamples have none.
    pub(super) fn interval(&self) -> (Estimate<Interval>, usize) {
        let found = percentile_interval(&estimates(&self.replicates));
        let failed = self.replicates.iter().filter(|v| v.is_nan()).count();
        (found.map(|i| i.interval95), failed)
    }

    /// This less another of the same resamples.
    pub(super) fn less(&self, other: &Sampled) -> Sampled {
        let pairs = self.replicates.iter().zip(&other.replicates);
        Sampled {
            estimate: self.estimate.and_then(|own| Ok(own - other.estimate?)),
            replicates: pairs.map(|(a, b)| a - b).collect(),
        }
    }
}

/// As estimates, NaN as undefined.
pub(super) fn estimates(values: &[f64]) -> Vec<Estimate> {
    let of = |v: &f64| {
        if v.is_nan() {
            Err(Undefined::OneClass)
        } else {
            Ok(*v)
        }
    };
    values.iter().map(of).collect()
}

fn within_since(strata: &[i16], pairs: &[(f64, f64)], since: i16) -> f64 {
    let counted = strata.iter().zip(pairs).filter(|(year, _)| **year >= since);
    let (won, all) = counted.fold((0.0, 0.0), |sum, (_, p)| (sum.0 + p.0, sum.1 + p.1));
    won / all
}

/// Rows since a year, ranked together.
struct Pooled {
    rows: Vec<usize>,
    ranking: Ranking,
}

impl Pooled {
    fn c_statistic(&self, counts: &[u32]) -> f64 {
        let counts: Vec<u32> = self.rows.iter().map(|&row| counts[row]).collect();
        let tally = self.ranking.tally_of(&counts);
        tally.and_then(|t| t.c_statistic()).unwrap_or(f64::NAN)
    }
}

/// By model, then first year.
fn pooled(frame: &Frame<'_>, since: &[i16]) -> Result<Vec<Vec<Pooled>>> {
    let of = |model: &Vec<&Prediction>, year: i16| {
        let rows = frame.since(year);
        let scores: Vec<f64> = rows.iter().map(|&r| model[r].linear_predictor).collect();
        let outcomes: Vec<bool> = rows.iter().map(|&r| frame.outcomes[r]).collect();
        let ranking = Ranking::new(&scores, &outcomes)?;
        Ok(Pooled { rows, ranking })
    };
    let years = |model| since.iter().map(|&year| of(model, year)).collect();
    frame.models.iter().map(years).collect()
}

fn estimate(frame: &Frame<'_>, model: usize, since: i16, kind: Kind) -> Estimate {
    let counts = vec![1; frame.years.len()];
    let found = match kind {
        Kind::WithinYear => {
            let pairs: Vec<(f64, f64)> = frame.within[model].pairs_of(&counts).collect();
            within_since(&frame.strata, &pairs, since)
        }
        Kind::Pooled => {
            let rows = frame.since(since);
            let scores: Vec<f64> = rows
                .iter()
                .map(|&r| frame.models[model][r].linear_predictor)
                .collect();
            let outcomes: Vec<bool> = rows.iter().map(|&r| frame.outcomes[r]).collect();
            let ranking = Ranking::new(&scores, &outcomes).map_err(|_| Undefined::NoRows)?;
            return ranking.tally().c_statistic();
        }
    };
    match found.is_nan() {
        true => Err(Undefined::OneClass),
        false => Ok(found),
    }
}
