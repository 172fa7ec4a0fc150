//! Tests of pairs with a simulated null.

use rand_xoshiro::rand_core::Rng;

use crate::stats::bootstrap::Bootstrap;

/// A statistic and how rare it is if nothing moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tested {
    pub(super) statistic: f64,
    pub(super) p: f64,
}

/// Bins of the population stability index.
const BINS: usize = 10;

/// The index and the signed ranks of pairs, before and after, on the same draws.
pub(super) fn moved(pairs: &[[f64; 2]], draws: Bootstrap) -> [Tested; 2] {
    let bins = bins(pairs);
    let binned: Vec<[usize; 2]> = pairs
        .iter()
        .map(|pair| pair.map(|value| bins.partition_point(|edge| *edge < value)))
        .collect();
    let signed = signed_ranks(pairs);
    let statistics = |swapped: &dyn Fn(usize) -> bool| {
        let mut counts = [[0.5_f64; BINS]; 2];
        let mut sum = 0.0;
        for (at, (bins, rank)) in binned.iter().zip(&signed).enumerate() {
            let swap = usize::from(swapped(at));
            counts[swap][bins[0]] += 1.0;
            counts[1 - swap][bins[1]] += 1.0;
            sum += if swap == 1 { -rank } else { *rank };
        }
        [index(&counts), sum.abs()]
    };
    let found = statistics(&|_| false);
    let drawn = draws.each(|random| {
        let bits = coins(random, pairs.len());
        statistics(&|at| bits[at])
    });
    let p = |part: usize| share_as_large(found[part], drawn.iter().map(|d| d[part]));
    [0, 1].map(|part| Tested {
        statistic: found[part],
        p: p(part),
    })
}

/// How much lower the rank correlation of the last two of three figures is than that of the first two.
pub(super) fn order(triples: &[[f64; 3]], draws: Bootstrap) -> Tested {
    let lost = |turned: &dyn Fn(usize) -> bool| {
        let side = |at: usize, place: usize| match (turned(at), place) {
            (true, place) => triples[at][2 - place],
            (false, place) => triples[at][place],
        };
        let column = |place| ranks((0..triples.len()).map(|at| side(at, place)).collect());
        let [first, middle, last] = [0, 1, 2].map(column);
        correlation(&first, &middle) - correlation(&middle, &last)
    };
    let found = lost(&|_| false);
    let drawn = draws.each(|random| {
        let bits = coins(random, triples.len());
        lost(&|at| bits[at])
    });
    Tested {
        statistic: found,
        p: share_as_large(found, drawn.into_iter()),
    }
}

/// The two-sided p-value of `one` of `one + other` fair coins.
pub(super) fn fair(one: usize, other: usize) -> f64 {
    let n = one + other;
    let log_half = -(n as f64) * std::f64::consts::LN_2;
    let probability = |k: usize| (log_choose(n, k) + log_half).exp();
    let tail: f64 = (0..=one.min(other)).map(probability).sum();
    (2.0 * tail).min(1.0)
}

/// Fisher's exact p-value, two-sided by probability, of events among rows, twice.
pub(super) fn fisher([a, n]: [usize; 2], [b, m]: [usize; 2]) -> f64 {
    let (events, rows) = (a + b, n + m);
    let log = |k: usize| log_choose(n, k) + log_choose(m, events - k) - log_choose(rows, events);
    let found = log(a);
    let range = events.saturating_sub(m)..=events.min(n);
    // Equal tables differ in their last digits.
    let as_rare = range.map(log).filter(|p| *p <= found + 1e-9);
    as_rare.map(f64::exp).sum::<f64>().min(1.0)
}

/// p-values adjusted by Holm, in their order.
pub(super) fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![0.0; p.len()];
    let mut highest = 0.0_f64;
    for (place, &at) in order.iter().enumerate() {
        highest = highest.max((p.len() - place) as f64 * p[at]).min(1.0);
        adjusted[at] = highest;
    }
    adjusted
}

fn log_choose(n: usize, k: usize) -> f64 {
    let log = |n: usize| libm::lgamma(n as f64 + 1.0);
    log(n) - log(k) - log(n - k)
}

fn coins(random: &mut impl Rng, count: usize) -> Vec<bool> {
    let mut coins = Vec::with_capacity(count);
    while coins.len() < count {
        let bits = random.next_u64();
        coins.extend((0..64).map(|bit| bits >> bit & 1 == 1));
    }
    coins.truncate(count);
    coins
}

/// Draws at least as large as what was found, which is one of them.
fn share_as_large(found: f64, drawn: impl Iterator<Item = f64>) -> f64 {
    let (mut all, mut as_large) = (1.0, 1.0);
    for value in drawn {
        all += 1.0;
        as_large += f64::from(u8::from(value >= found - 1e-12));
    }
    as_large / all
}

/// Edges between tenths of all values of both releases: exchanging a pair does not change them.
fn bins(pairs: &[[f64; 2]]) -> Vec<f64> {
    let mut all: Vec<f64> = pairs.iter().flatten().copied().collect();
    all.sort_unstable_by(f64::total_cmp);
    (1..BINS)
        .map(|tenth| all[tenth * all.len() / BINS])
        .collect()
}

fn index(counts: &[[f64; BINS]; 2]) -> f64 {
    let totals = counts.map(|side| side.iter().sum::<f64>());
    let pairs = counts[0].iter().zip(&counts[1]);
    pairs
        .map(|(before, after)| {
            let (p, q) = (before / totals[0], after / totals[1]);
            (q - p) * (q / p).ln()
        })
        .sum()
}

/// The rank of each difference's size, with its sign; no difference has none.
fn signed_ranks(pairs: &[[f64; 2]]) -> Vec<f64> {
    let differences: Vec<f64> = pairs.iter().map(|[before, after]| after - before).collect();
    let sizes = ranks(differences.iter().map(|d| d.abs()).collect());
    let signed = differences.iter().zip(sizes);
    signed
        .map(|(d, rank)| if *d == 0.0 { 0.0 } else { rank.copysign(*d) })
        .collect()
}

/// Ranks from 1, ties sharing their mean.
fn ranks(values: Vec<f64>) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for run in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let mean = start as f64 + (run.len() as f64 + 1.0) / 2.0;
        run.iter().for_each(|&at| ranks[at] = mean);
        start += run.len();
    }
    ranks
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len() as f64;
    let mean = |values: &[f64]| values.iter().sum::<f64>() / n;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let mut sums = [0.0; 3];
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        sums[0] += a * b;
        sums[1] += a * a;
        sums[2] += b * b;
    }
    match sums[1] * sums[2] {
        0.0 => 0.0,
        product => sums[0] / product.sqrt(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_tests_are_those_of_exact_fractions() {
        // In exact fractions: 2 (1 + 12 + 66) / 4096, and the sum of the tables with margins 10, 10 and
        // 12 that are no likelier than that of 3, of C(20, 12) = 125970.
        assert!((fair(2, 10) - 0.038_574_218_75).abs() < 1e-12);
        assert!((fisher([3, 10], [9, 10]) - 0.019_766_611_097_880_45).abs() < 1e-9);
        assert_eq!(fair(0, 0), 1.0);
        // By hand: 0.01 * 3, then 0.04 * 2 is less than 0.02 * 2 is not: 0.04, 0.04.
        let adjusted = holm(&[0.04, 0.01, 0.02]);
        assert!((adjusted[1] - 0.03).abs() < 1e-15 && (adjusted[2] - 0.04).abs() < 1e-15);
        assert!((adjusted[0] - 0.04).abs() < 1e-15);
    }

    #[test]
    fn ranks_and_their_correlation_are_those_of_the_textbook() {
        assert_eq!(ranks(vec![3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert_eq!(
            signed_ranks(&[[1.0, 3.0], [2.0, 1.0], [5.0, 5.0]]),
            [3.0, -2.0, 0.0]
        );
        // 1 - 6 * 2 / (4 * 15) by Spearman's formula.
        let r = correlation(&[1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 3.0, 4.0]);
        assert!((r - 0.8).abs() < 1e-15, "{r}");
    }

    /// Under no drift a test is at its level: of 400 worlds of 60 places 5% are called, with a standard
    /// error of 1.1 points.
    #[test]
    fn false_alarms_are_at_their_level() {
        let mut called = [0.0; 3];
        let worlds = 400;
        for world in 0..worlds {
            let numbers = Bootstrap::new(60, world).each(|random| {
                let uniform = |random: &mut _| Rng::next_u64(random) as f64 / u64::MAX as f64;
                // A place's own level and what the year adds: a steady series.
                let own = uniform(random);
                [(); 3].map(|()| own + 0.5 * uniform(random))
            });
            let pairs: Vec<[f64; 2]> = numbers.iter().map(|n| [n[0], n[1]]).collect();
            let draws = Bootstrap::new(99, 1000 + world);
            let [index, rank] = moved(&pairs, draws);
            for (called, p) in called
                .iter_mut()
                .zip([index.p, rank.p, order(&numbers, draws).p])
            {
                *called += f64::from(u8::from(p <= 0.05));
            }
        }
        for share in called.map(|called| called / worlds as f64) {
            assert!((0.015..=0.085).contains(&share), "{called:?}");
        }
    }

    #[test]
    fn what_moved_is_found() {
        let pairs: Vec<[f64; 2]> = (0..100)
            .map(|i| [f64::from(i), f64::from(i) + 40.0])
            .collect();
        let [index, rank] = moved(&pairs, Bootstrap::new(999, 1));
        assert!(rank.p <= 0.001 && index.p <= 0.001, "{index:?} {rank:?}");
        let triples: Vec<[f64; 3]> = (0..100)
            .map(|i| [f64::from(i), f64::from(i), f64::from(i * 37 % 100)])
            .collect();
        assert!(order(&triples, Bootstrap::new(999, 1)).p <= 0.001);
    }
}
