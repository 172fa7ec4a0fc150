//! Worlds of the size of the first watchlist, 103 inspections with about 21 events: do the
//! intervals of Firth's slopes hold the true ones?

use std::error::Error;

use forewarn::model::{FirthParams, normal_limit};
use forewarn::ndarray::Array2;

use crate::draw::{Draw, probability, share, worlds};

/// Inspections.
pub const ROWS: usize = 103;

/// Log-odds of an inspection whose features are all 0: about 21 events in 103 inspections.
const INTERCEPT: f64 = -1.65;

/// Log-odds per standard deviation of each feature.
pub const SLOPES: [f64; 5] = [0.6, -0.4, 0.3, 0.5, 0.0];

/// Between any two features.
const CORRELATION: f64 = 0.3;

/// Of one world: events, and whether the 95% interval of each slope, profile and Wald's, holds it.
type Covered = (f64, [[bool; 2]; SLOPES.len()]);

pub fn covered(seed: u64) -> Result<Covered, Box<dyn Error>> {
    let mut draw = Draw::new(seed);
    let mut x = Array2::zeros((ROWS, SLOPES.len()));
    for mut row in x.rows_mut() {
        let shared = CORRELATION.sqrt() * draw.normal();
        row.mapv_inplace(|_: f64| shared + (1.0 - CORRELATION).sqrt() * draw.normal());
    }
    let log_odds = |row: usize| {
        let parts = x.row(row).into_iter().zip(SLOPES);
        parts.fold(INTERCEPT, |sum, (x, slope)| sum + slope * x)
    };
    let y: Vec<bool> = (0..ROWS)
        .map(|row| draw.uniform() < probability(log_odds(row)))
        .collect();
    let params = FirthParams::new();
    let firth = params.fit_rows(x.view(), &y)?;
    let profile = params.inference(x.view(), &y, 0.95)?.intervals;
    let (estimates, errors) = (firth.logistic().start(), firth.standard_errors());
    let half = normal_limit(0.95);
    let held = std::array::from_fn(|j| {
        let (slope, at) = (SLOPES[j], j + 1);
        let profile = (profile[at].low..=profile[at].high).contains(&slope);
        [profile, (estimates[at] - slope).abs() <= half * errors[at]]
    });
    Ok((y.iter().filter(|&&event| event).count() as f64, held))
}

pub fn table(count: u64) {
    let (found, failed) = worlds(count, covered);
    let events = found.iter().map(|f| f.0).sum::<f64>() / found.len() as f64;
    say!(
        "\n95% intervals of Firth's slopes hold the true one, % (standard error): {count} worlds, \
         {failed} failed, {ROWS} inspections with {events:.1} events on average"
    );
    say!("{:>8} {:>14} {:>14}", "slope", "profile", "Wald");
    for (j, slope) in SLOPES.iter().enumerate() {
        let held = |kind: usize| share(found.iter().map(move |f| f64::from(f.1[j][kind])));
        say!("{slope:>8} {:>14} {:>14}", held(0), held(1));
    }
}
