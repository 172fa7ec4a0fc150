//! The cluster bootstrap: whole authorities are drawn with replacement, because inspections of one
//! authority are not independent.
//!
//! Percentile intervals of Efron 1981, *Canadian Journal of Statistics* 9, section 4; clusters as
//! Davison and Hinkley 1997, *Bootstrap Methods and their Application*, section 3.8, strategy 1.
//! Replicate r has a random stream of its own, made from the seed and r, and clusters are in the
//! order of their names: neither threads nor the order of rows change anything.

use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};
use serde::{Deserialize, Serialize};

use super::interval::{Interval, quantile};
use super::undefined::{Estimate, Undefined};

/// With fewer successful replicates than this, not one is expected in either 2.5% tail.
pub(crate) const FEWEST_REPLICATES: usize = 40;

/// Which rows belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clusters {
    /// The cluster of each row, numbered in the order of the clusters' names.
    of_row: Vec<usize>,
    count: usize,
}

impl Clusters {
    /// From the name of each row's cluster.
    pub fn new<T: Ord>(names: &[T]) -> Self {
        let mut distinct: Vec<&T> = names.iter().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let place = |name| distinct.partition_point(|other| *other < name);
        Clusters {
            of_row: names.iter().map(place).collect(),
            count: distinct.len(),
        }
    }

    /// The place of each row's cluster in the order of the clusters' names.
    pub(crate) fn of_rows(&self) -> &[usize] {
        &self.of_row
    }

    /// How many clusters there are.
    pub fn count(&self) -> usize {
        self.count
    }
}

/// How many resamples, and from which seed.
///
/// ```
/// use forewarn::validate::{Bootstrap, Clusters, percentile_interval};
///
/// // Organisations are drawn, not rows.
/// let clusters = Clusters::new(&["a", "a", "b", "c"]);
/// let means = Bootstrap::new(200, 1).run(&clusters, |counts| {
///     let (sum, n) = counts.iter().zip([1.0, 2.0, 3.0, 4.0]).fold((0.0, 0.0), |(sum, n), (&c, v)| {
///         (sum + f64::from(c) * v, n + f64::from(c))
///     });
///     Ok(sum / n)
/// });
/// let found = percentile_interval(&means).unwrap();
/// assert!(found.interval95.contains(2.5));
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    replicates: usize,
    seed: u64,
}

impl Bootstrap {
    /// So many replicates; the same seed gives the same resamples.
    pub fn new(replicates: usize, seed: u64) -> Self {
        Bootstrap { replicates, seed }
    }

    /// Computes something on every resample, given how often each row was drawn, in the order of
    /// the replicates. Several statistics belong into one call: differences between them are then
    /// paired.
    ///
    /// With the feature `parallel`, on the threads of the current rayon pool; to the same bits.
    pub fn run<T: Send>(
        &self,
        clusters: &Clusters,
        statistic: impl Fn(&[u32]) -> T + Sync,
    ) -> Vec<T> {
        self.run_clusters(clusters.count, |drawn| {
            let rows = clusters.of_row.iter();
            statistic(&rows.map(|&cluster| drawn[cluster]).collect::<Vec<_>>())
        })
    }

    /// The same, given how often each cluster was drawn, in the order of their names.
    pub(crate) fn run_clusters<T: Send>(
        &self,
        clusters: usize,
        statistic: impl Fn(&[u32]) -> T + Sync + Send,
    ) -> Vec<T> {
        let numbers: Vec<usize> = (0..self.replicates).collect();
        crate::parallel::in_order(&numbers, |&number| statistic(&self.drawn(clusters, number)))
    }

    /// As many replicates from other streams.
    pub(crate) fn shifted(&self) -> Bootstrap {
        Bootstrap {
            seed: self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15),
            ..*self
        }
    }

    /// Computes something from each replicate's own stream of random numbers, in the order of the
    /// replicates.
    pub(crate) fn each<T: Send>(
        &self,
        draw: impl Fn(&mut Xoshiro256PlusPlus) -> T + Sync + Send,
    ) -> Vec<T> {
        let numbers: Vec<usize> = (0..self.replicates).collect();
        crate::parallel::in_order(&numbers, |&number| draw(&mut self.stream(number)))
    }

    /// How often each row is drawn in one replicate.
    pub fn row_counts(&self, clusters: &Clusters, replicate: usize) -> Vec<u32> {
        let drawn = self.drawn(clusters.count, replicate);
        let rows = clusters.of_row.iter();
        rows.map(|&cluster| drawn[cluster]).collect()
    }

    fn drawn(&self, clusters: usize, replicate: usize) -> Vec<u32> {
        let mut drawn = vec![0; clusters];
        let mut random = self.stream(replicate);
        for _ in 0..clusters {
            drawn[below(&mut random, clusters as u64) as usize] += 1;
        }
        drawn
    }

    /// SplitMix64 scrambles the seed, so that neighbouring seeds and replicates share no stream.
    fn stream(&self, replicate: usize) -> Xoshiro256PlusPlus {
        let scrambled = SplitMix64::seed_from_u64(self.seed).next_u64();
        Xoshiro256PlusPlus::seed_from_u64(scrambled.wrapping_add(replicate as u64))
    }
}

/// A whole number below `bound`, all equally likely: the high half of a product, refusing the few
/// low halves that would favour some (Lemire 2019, *ACM TOMACS* 29, section 4).
pub(crate) fn below(random: &mut impl Rng, bound: u64) -> u64 {
    let refused = bound.wrapping_neg() % bound;
    loop {
        let product = u128::from(random.next_u64()) * u128::from(bound);
        if product as u64 >= refused {
            return (product >> 64) as u64;
        }
    }
}

/// A 95% percentile interval, and how many replicates it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BootstrapInterval {
    /// From the 2.5% to the 97.5% point of the replicates that have a value.
    pub interval95: Interval,
    /// Their standard deviation: the bootstrap standard error.
    pub standard_error: f64,
    /// Replicates with a value.
    pub succeeded: usize,
    /// Replicates in which the statistic was undefined, as without an event. The interval is
    /// conditional on their absence.
    pub failed: usize,
}

/// The percentile interval of a statistic's replicates, with quantiles as [`quantile`].
///
/// `TooFewReplicates` unless 40 of them have a value.
pub fn percentile_interval(replicates: &[Estimate]) -> Estimate<BootstrapInterval> {
    let mut values: Vec<f64> = replicates.iter().filter_map(|r| r.ok()).collect();
    if values.len() < FEWEST_REPLICATES {
        return Err(Undefined::TooFewReplicates {
            succeeded: values.len(),
            needed: FEWEST_REPLICATES,
        });
    }
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Ok(BootstrapInterval {
        interval95: Interval {
            low: quantile(&values, 0.025)?,
            high: quantile(&values, 0.975)?,
        },
        standard_error: (squares / (n - 1.0)).sqrt(),
        succeeded: values.len(),
        failed: replicates.len() - values.len(),
    })
}
