//! C-statistics of every model on every set of rows, over the same resamples of authorities.
//!
//! One draw of authorities serves all recipes, leads, subsets and years, so that any two statistics
//! are paired, and all of them together have simultaneous intervals.

use std::collections::BTreeSet;

use super::prediction::Prediction;
use super::subset::Subset;
use crate::data::AuthorityCode;
use crate::error::Result;
use crate::stats::bootstrap::{Bootstrap, Clusters, percentile_interval};
use crate::stats::interval::Interval;
use crate::stats::undefined::{Estimate, Undefined};
use crate::validate::measure::influence::{Rows, WithinYear};
use crate::validate::measure::rank::{Ranking, StratifiedRanking};

/// Rows of one recipe and lead in one subset, with the scores of every model.
pub(crate) struct Frame<'a> {
    /// By model.
    pub(crate) models: Vec<Vec<&'a Prediction>>,
    pub(crate) subset: Subset,
    pub(crate) outcomes: Vec<bool>,
    authorities: Vec<usize>,
    years: Vec<i16>,
    within: Vec<StratifiedRanking>,
}

/// Which C-statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Over pairs of rows of the same year.
    WithinYear,
    /// Over all pairs of rows.
    Pooled,
}

/// A statistic and its resamples.
pub(crate) struct Sampled {
    pub(crate) estimate: Estimate,
    /// NaN where a resample has no such statistic.
    pub(crate) replicates: Vec<f64>,
}

/// A difference between two within-year C-statistics, with its standard error in every resample.
pub(crate) struct Studentised {
    pub(crate) difference: Sampled,
    pub(crate) error: f64,
    pub(crate) errors: Vec<f64>,
}

/// All frames with the resamples of all their statistics.
pub(crate) struct Resampled<'a> {
    pub(crate) frames: Vec<Frame<'a>>,
    /// First years of the sets of rows, ascending.
    pub(crate) since: Vec<i16>,
    replicates: Vec<Replicate>,
    // Of the rows themselves.
    own: Replicate,
    offsets: Offsets,
    clusters: Clusters,
}

impl<'a> Frame<'a> {
    pub(crate) fn new(
        by_model: &'a [Vec<Prediction>],
        subset: Subset,
        names: &[AuthorityCode],
    ) -> Result<Option<Frame<'a>>> {
        let keep = |p: &&Prediction| subset.has(p);
        let models: Vec<Vec<&Prediction>> = by_model
            .iter()
            .map(|model| model.iter().filter(keep).collect())
            .collect();
        let Some(first) = models.first().filter(|rows| !rows.is_empty()) else {
            return Ok(None);
        };
        let outcomes: Vec<bool> = first.iter().map(|p| p.outcome).collect();
        let years: Vec<i16> = first.iter().map(|p| p.inspection_start.year()).collect();
        let place = |p: &&Prediction| names.partition_point(|name| *name < p.organisation);
        let within = models
            .iter()
            .map(|rows| StratifiedRanking::new(&scores(rows), &outcomes, &years))
            .collect::<Result<_>>()?;
        Ok(Some(Frame {
            authorities: first.iter().map(place).collect(),
            models,
            subset,
            outcomes,
            years,
            within,
        }))
    }

    pub(crate) fn first(&self) -> &Prediction {
        self.models[0][0]
    }

    /// The rows since a year, by place.
    pub(crate) fn since(&self, year: i16) -> Vec<usize> {
        let rows = 0..self.years.len();
        rows.filter(|&row| self.years[row] >= year).collect()
    }

    fn counts(&self, drawn: &[u32]) -> Vec<u32> {
        self.authorities.iter().map(|&place| drawn[place]).collect()
    }
}

pub(crate) fn scores(rows: &[&Prediction]) -> Vec<f64> {
    rows.iter().map(|p| p.linear_predictor).collect()
}

impl<'a> Resampled<'a> {
    pub(crate) fn new(
        groups: &'a [Vec<Vec<Prediction>>],
        candidates: usize,
        since: Vec<i16>,
        subsets: &[Subset],
        bootstrap: Bootstrap,
    ) -> Result<Self> {
        let all = groups.iter().flatten().flatten();
        let names: BTreeSet<AuthorityCode> = all.map(|p| p.organisation).collect();
        let names: Vec<AuthorityCode> = names.into_iter().collect();
        let mut frames = Vec::new();
        for by_model in groups {
            for &subset in subsets {
                frames.extend(Frame::new(by_model, subset, &names)?);
            }
        }
        let pooled = frames
            .iter()
            .map(|frame| pooled(frame, &since))
            .collect::<Result<Vec<_>>>()?;
        let clusters = Clusters::new(&names);
        let one = |drawn: &[u32]| {
            let mut all = Replicate::default();
            for (frame, pooled) in frames.iter().zip(&pooled) {
                all.add(frame, pooled, drawn, candidates);
            }
            all
        };
        let own = one(&vec![1; names.len()]);
        let replicates = bootstrap.run(&clusters, one);
        Ok(Resampled {
            offsets: Offsets::new(&frames, since.len(), candidates),
            frames,
            since,
            replicates,
            own,
            clusters,
        })
    }

    /// One statistic of one model of a frame since a year.
    pub(crate) fn of(&self, frame: usize, model: usize, since: usize, kind: Kind) -> Sampled {
        let at = self.offsets.statistics[frame] + model * self.since.len() + since;
        let value = |replicate: &Replicate| match kind {
            Kind::WithinYear => replicate.within[at],
            Kind::Pooled => replicate.pooled[at],
        };
        Sampled {
            estimate: estimates(&[value(&self.own)])[0],
            replicates: self.replicates.iter().map(value).collect(),
        }
    }

    /// The within-year C-statistic of a candidate less that of another model of the same frame.
    pub(crate) fn less(
        &self,
        frame: usize,
        candidate: usize,
        other: usize,
        since: usize,
    ) -> Studentised {
        let models = self.frames[frame].models.len();
        let pair = candidate * models + other;
        let at = self.offsets.errors[frame] + pair * self.since.len() + since;
        let of = |model| self.of(frame, model, since, Kind::WithinYear);
        Studentised {
            difference: of(candidate).less(&of(other)),
            error: self.own.errors[at],
            errors: self.replicates.iter().map(|r| r.errors[at]).collect(),
        }
    }

    /// Draws of authorities, for other statistics of the same rows.
    pub(crate) fn draws<T: Send>(
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
    pub(crate) fn interval(&self) -> (Estimate<Interval>, usize) {
        let found = percentile_interval(&estimates(&self.replicates));
        let failed = self.replicates.iter().filter(|v| v.is_nan()).count();
        (found.map(|i| i.interval95), failed)
    }

    /// This less another of the same resamples.
    pub(crate) fn less(&self, other: &Sampled) -> Sampled {
        let pairs = self.replicates.iter().zip(&other.replicates);
        Sampled {
            estimate: self.estimate.and_then(|own| Ok(own - other.estimate?)),
            replicates: pairs.map(|(a, b)| a - b).collect(),
        }
    }
}

/// As estimates, NaN as undefined.
pub(crate) fn estimates(values: &[f64]) -> Vec<Estimate> {
    let of = |v: &f64| {
        if v.is_nan() {
            Err(Undefined::OneClass)
        } else {
            Ok(*v)
        }
    };
    values.iter().map(of).collect()
}

/// All statistics of one resample, by frame; then by model and first year, or by candidate, model
/// and first year.
#[derive(Default)]
struct Replicate {
    within: Vec<f64>,
    pooled: Vec<f64>,
    errors: Vec<f64>,
}

impl Replicate {
    fn add(&mut self, frame: &Frame<'_>, pooled: &[Vec<Pooled>], drawn: &[u32], candidates: usize) {
        let rows = Rows {
            authorities: &frame.authorities,
            outcomes: &frame.outcomes,
        };
        let counts = frame.counts(drawn);
        let mut within = Vec::with_capacity(pooled.len());
        for (ranking, pooled) in frame.within.iter().zip(pooled) {
            let counted: Vec<&[usize]> = pooled.iter().map(|p| p.rows.as_slice()).collect();
            let own = WithinYear::of(ranking, &rows, drawn, &counted);
            self.within.extend(own.iter().map(|w| w.c_statistic));
            self.pooled
                .extend(pooled.iter().map(|p| p.c_statistic(&counts)));
            within.push(own);
        }
        for own in &within[..candidates] {
            for other in &within {
                let pairs = own.iter().zip(other);
                let errors = pairs.map(|(a, b)| a.error_of_difference(b, drawn));
                self.errors.extend(errors);
            }
        }
    }
}

/// Where each frame's numbers start.
struct Offsets {
    statistics: Vec<usize>,
    errors: Vec<usize>,
}

impl Offsets {
    fn new(frames: &[Frame<'_>], since: usize, candidates: usize) -> Self {
        let starts = |each: usize| {
            let sizes = frames.iter().map(|frame| frame.models.len() * since * each);
            let before = sizes.scan(0, |sum, size| {
                *sum += size;
                Some(*sum - size)
            });
            before.collect()
        };
        Offsets {
            statistics: starts(1),
            errors: starts(candidates),
        }
    }
}

/// Rows since a year, ranked together.
struct Pooled {
    rows: Vec<usize>,
    ranking: Ranking,
}

impl Pooled {
    fn c_statistic(&self, counts: &[u32]) -> f64 {
        let counts: Vec<u32> = self.rows.iter().map(|&row| counts[row]).collect();
        self.ranking.c_statistic_of(&counts)
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
