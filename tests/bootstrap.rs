//! The cluster bootstrap: reproducible, the same on any number of threads and in any order of
//! rows, honest about failures, and as wide as theory says.

use forewarn::validate::{
    Bootstrap, Clusters, Estimate, Forecast, Ranking, StratifiedRanking, Undefined,
    percentile_interval,
};
use proptest::prelude::*;

/// Rows (cluster, score, outcome) that look random: multiplicative hashing.
fn rows(n: usize) -> Vec<(String, f64, bool)> {
    let hash = |i: usize, salt: u64| {
        let product = (i as u64 + 1)
            .wrapping_mul(salt)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (product >> 40) as f64 / (1_u64 << 24) as f64
    };
    let row = |i| {
        let score = hash(i, 0x2545_f491);
        let outcome = hash(i, 0x6c62_272e_07bb_0143) < 0.05 + 0.4 * score;
        (format!("E{:03}", i * 7 % (n / 2)), score, outcome)
    };
    (0..n).map(row).collect()
}

struct World {
    clusters: Clusters,
    scores: Vec<f64>,
    outcomes: Vec<bool>,
}

fn world(rows: &[(String, f64, bool)]) -> World {
    let names: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    World {
        clusters: Clusters::new(&names),
        scores: rows.iter().map(|row| row.1).collect(),
        outcomes: rows.iter().map(|row| row.2).collect(),
    }
}

fn c_statistics(world: &World, bootstrap: Bootstrap) -> Vec<Estimate> {
    let ranking = Ranking::new(&world.scores, &world.outcomes).unwrap();
    bootstrap.run(&world.clusters, |counts| {
        ranking.tally_of(counts)?.c_statistic()
    })
}

#[test]
fn the_seed_decides_everything() {
    let world = world(&rows(100));
    let first = c_statistics(&world, Bootstrap::new(50, 1));
    assert_eq!(first, c_statistics(&world, Bootstrap::new(50, 1)));
    assert_ne!(first, c_statistics(&world, Bootstrap::new(50, 2)));
    // More replicates continue the same sequence.
    assert_eq!(first[..], c_statistics(&world, Bootstrap::new(80, 1))[..50]);
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let mut rows = rows(100);
    let first = c_statistics(&world(&rows), Bootstrap::new(200, 3));
    rows.reverse();
    rows.rotate_left(17);
    assert_eq!(first, c_statistics(&world(&rows), Bootstrap::new(200, 3)));
}

#[cfg(feature = "parallel")]
#[test]
fn the_number_of_threads_changes_nothing() {
    let world = world(&rows(100));
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| c_statistics(&world, Bootstrap::new(500, 4)))
    };
    assert_eq!(on(1), on(2));
    assert_eq!(on(1), on(5));
}

/// `tests/reference/draws.py` prints these from the published algorithms.
#[test]
fn draws_are_those_of_the_published_generators() {
    let clusters = Clusters::new(&["c", "a", "b", "a", "d"]);
    let counts = |replicate| Bootstrap::new(2, 42).row_counts(&clusters, replicate);
    assert_eq!(clusters.count(), 4);
    assert_eq!([counts(0), counts(1)], [[2, 1, 0, 1, 1], [0, 1, 1, 1, 2]]);
}

#[test]
fn clusters_are_drawn_whole_and_evenly() {
    let names: Vec<usize> = (0..60).map(|row| row / 3).collect();
    let clusters = Clusters::new(&names);
    let mut drawn = [0_u32; 20];
    for replicate in 0..2000 {
        let counts = Bootstrap::new(2000, 9).row_counts(&clusters, replicate);
        assert_eq!(counts.iter().sum::<u32>(), 60);
        for (cluster, rows) in counts.chunks(3).enumerate() {
            assert_eq!([rows[0]; 3], rows);
            drawn[cluster] += rows[0];
        }
    }
    // 40,000 draws among 20: standard deviation sqrt(40000 * 0.05 * 0.95) = 44 around 2,000.
    assert!(
        drawn.iter().all(|&n| n.abs_diff(2000) < 5 * 44),
        "{drawn:?}"
    );
}

#[test]
fn single_rows_give_delongs_standard_error() {
    let mut rows = rows(370);
    for (place, row) in rows.iter_mut().enumerate() {
        row.0 = format!("{place:03}");
    }
    let world = world(&rows);
    let found = percentile_interval(&c_statistics(&world, Bootstrap::new(2000, 1))).unwrap();
    let delong = Ranking::new(&world.scores, &world.outcomes)
        .unwrap()
        .delong()
        .unwrap();
    // 2,000 replicates know a standard deviation to 1.6%; DeLong is another approximation.
    let ratio = found.standard_error / delong.standard_error;
    assert!((0.93..1.07).contains(&ratio), "{ratio}");
    assert!((found.interval95.low - delong.interval95.low).abs() < 0.01);
    assert!((found.interval95.high - delong.interval95.high).abs() < 0.01);
}

#[test]
fn rows_that_repeat_within_clusters_widen_the_interval() {
    let single = rows(100);
    let fourfold: Vec<_> = single.iter().flat_map(|row| vec![row.clone(); 4]).collect();
    let bootstrap = Bootstrap::new(400, 5);
    // Four copies of everything are no more evidence.
    let [a, b] = [&single, &fourfold].map(|rows| c_statistics(&world(rows), bootstrap));
    for (a, b) in a.iter().zip(&b) {
        assert!((a.unwrap() - b.unwrap()).abs() < 1e-14);
    }
}

#[test]
fn differences_are_paired() {
    let world = world(&rows(200));
    let own = Ranking::new(&world.scores, &world.outcomes).unwrap();
    let tripled: Vec<f64> = world.scores.iter().map(|s| 3.0 * s).collect();
    let rival = Ranking::new(&tripled, &world.outcomes).unwrap();
    let differences = Bootstrap::new(100, 6).run(&world.clusters, |counts| {
        Ok(own.tally_of(counts)?.c_statistic()? - rival.tally_of(counts)?.c_statistic()?)
    });
    let found = percentile_interval(&differences).unwrap();
    assert_eq!((found.interval95.low, found.interval95.high), (0.0, 0.0));
}

#[test]
fn counted_and_copied_rows_agree() {
    let world = world(&rows(60));
    let forecast = Forecast::new(&world.scores, &world.outcomes).unwrap();
    let ranking = Ranking::new(&world.scores, &world.outcomes).unwrap();
    let one_year = vec![2018; 60];
    let strata = StratifiedRanking::new(&world.scores, &world.outcomes, &one_year).unwrap();
    let agree = Bootstrap::new(100, 7).run(&world.clusters, |counts| {
        let brier = forecast.resampled(counts)?.brier()?;
        let weighted: f64 = (0..60)
            .map(|row| {
                let error = world.scores[row] - f64::from(u8::from(world.outcomes[row]));
                f64::from(counts[row]) * error * error
            })
            .sum();
        let rows = f64::from(counts.iter().sum::<u32>());
        let same = strata.c_statistic_of(counts) == ranking.tally_of(counts)?.c_statistic();
        Ok::<bool, Undefined>(same && (brier - weighted / rows).abs() < 1e-14)
    });
    assert!(agree.iter().all(|a| *a == Ok(true)));
}

#[test]
fn failed_replicates_are_counted() {
    let few: Vec<_> = (0..20)
        .map(|i| (format!("{i:02}"), i as f64, i == 4))
        .collect();
    let replicates = c_statistics(&world(&few), Bootstrap::new(1000, 8));
    let found = percentile_interval(&replicates).unwrap();
    let failed = replicates
        .iter()
        .filter(|r| **r == Err(Undefined::OneClass))
        .count();
    assert_eq!((found.failed, found.succeeded), (failed, 1000 - failed));
    // The one event is missed by (19/20)^20 = 36% of resamples, give or take 1.5%.
    assert!((310..410).contains(&failed), "{failed}");
    let needed = 40;
    let refused = percentile_interval(&vec![Ok(0.5); 39]);
    assert_eq!(
        refused,
        Err(Undefined::TooFewReplicates {
            succeeded: 39,
            needed
        })
    );
    let refused = percentile_interval(&vec![Err(Undefined::NoRows); 100]);
    assert_eq!(
        refused,
        Err(Undefined::TooFewReplicates {
            succeeded: 0,
            needed
        })
    );
}

#[test]
fn percentiles_by_hand() {
    let replicates: Vec<Estimate> = (0..=40).rev().map(|v| Ok(f64::from(v))).collect();
    let found = percentile_interval(&replicates).unwrap();
    assert_eq!((found.interval95.low, found.interval95.high), (1.0, 39.0));
    let json = serde_json::to_value(found).unwrap();
    assert_eq!(json["interval95"], serde_json::json!([1.0, 39.0]));
}

#[test]
fn no_rows_make_no_interval() {
    let nothing = world(&[]);
    let found = percentile_interval(&c_statistics(&nothing, Bootstrap::new(50, 1)));
    assert_eq!(
        found,
        Err(Undefined::TooFewReplicates {
            succeeded: 0,
            needed: 40
        })
    );
}

proptest! {
    #[test]
    fn every_resample_draws_as_many_clusters_as_there_are(
        names in prop::collection::vec(0_u8..9, 1..40), seed in any::<u64>(),
    ) {
        let clusters = Clusters::new(&names);
        let counts = Bootstrap::new(1, seed).row_counts(&clusters, 0);
        let drawn: std::collections::BTreeMap<u8, u32> =
            names.iter().copied().zip(counts.iter().copied()).collect();
        prop_assert_eq!(drawn.values().sum::<u32>() as usize, clusters.count());
        prop_assert!(names.iter().zip(&counts).all(|(name, count)| drawn[name] == *count));
    }
}
