//! What stands in for a missing figure: what the figures that are known say of it.
//!
//! Standardised features are taken as normal with their correlations in training, so that the
//! expectation of the missing ones given the known ones is linear, R_mk R_kk^-1 z_k (Buck 1960,
//! *JRSS B* 22:302-306). The correlations, each from the rows that have both figures, are shrunk
//! towards none by the estimate of Schafer and Strimmer (2005, *Statistical Applications in Genetics
//! and Molecular Biology* 4:32, section 2.3), and further where they cannot hold together. Without
//! a known figure it is the training mean.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::fit::cholesky::Cholesky;

/// Correlations of features; 1 on the diagonal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct StandIn {
    correlations: Vec<Vec<f64>>,
}

/// Rows of standardised features, filled up by what is learned; solved once for each pattern.
pub(crate) struct Filler<'a> {
    stand_in: &'a StandIn,
    // Which are known; for each missing one, its coefficients of all.
    patterns: HashMap<Vec<bool>, Vec<Vec<f64>>>,
}

impl StandIn {
    /// From rows of standardised features, each `None` where missing.
    pub(crate) fn learn(rows: &[Vec<Option<f64>>], width: usize) -> Self {
        if width < 2 {
            return StandIn::default();
        }
        let one = |i: usize| (0..width).map(move |j| f64::from(u8::from(i == j)));
        let mut correlations: Vec<Vec<f64>> = (0..width).map(|i| one(i).collect()).collect();
        let (mut noise, mut signal) = (0.0, 0.0);
        let pairs = (0..width).flat_map(|i| (0..i).map(move |j| (i, j)));
        for (i, j) in pairs {
            if let Some((r, n)) = correlation(rows, i, j) {
                (correlations[i][j], correlations[j][i]) = (r, r);
                noise += (1.0 - r * r).powi(2) / (n - 1.0);
                signal += r * r;
            }
        }
        let shrunk = if signal > 0.0 {
            1.0 - (noise / signal).min(1.0)
        } else {
            0.0
        };
        let mut found = StandIn { correlations };
        found.scale(shrunk);
        // Pairs from different rows need not hold together.
        while !found.holds_together() {
            found.scale(0.9);
        }
        found
    }

    fn scale(&mut self, by: f64) {
        for (i, row) in self.correlations.iter_mut().enumerate() {
            for (j, r) in row.iter_mut().enumerate() {
                *r *= if i == j { 1.0 } else { by };
            }
        }
    }

    /// Whether it is a correlation matrix of `width` features, or none.
    pub(crate) fn is_valid(&self, width: usize) -> bool {
        let matrix = &self.correlations;
        let square = matrix.len() == width && matrix.iter().all(|row| row.len() == width);
        let symmetric = || {
            (0..width).all(|i| matrix[i][i] == 1.0 && (0..i).all(|j| matrix[i][j] == matrix[j][i]))
        };
        matrix.is_empty() || (square && symmetric() && self.holds_together())
    }

    fn holds_together(&self) -> bool {
        let order = self.correlations.len();
        order == 0
            || Cholesky::new(order)
                .factor(&self.correlations.concat())
                .is_some()
    }

    /// Coefficients of the known features for each missing one.
    fn solve(&self, known: &[bool]) -> Vec<Vec<f64>> {
        let width = known.len();
        let places: Vec<usize> = (0..width).filter(|&j| known[j]).collect();
        let none = || vec![vec![0.0; width]; width];
        if places.is_empty() || self.correlations.is_empty() {
            return none();
        }
        let r = |i: usize, j: usize| self.correlations[i][j];
        let of_known: Vec<f64> = places
            .iter()
            .flat_map(|&i| places.iter().map(move |&j| r(i, j)))
            .collect();
        let mut cholesky = Cholesky::new(places.len());
        // A part of what holds together does.
        let Some(factor) = cholesky.factor(&of_known) else {
            return none();
        };
        let mut all = none();
        for missing in (0..width).filter(|&j| !known[j]) {
            let mut solved: Vec<f64> = places.iter().map(|&j| r(missing, j)).collect();
            factor.solve(&mut solved);
            for (&place, coefficient) in places.iter().zip(solved) {
                all[missing][place] = coefficient;
            }
        }
        all
    }
}

impl<'a> Filler<'a> {
    pub(crate) fn new(stand_in: &'a StandIn) -> Self {
        Filler {
            stand_in,
            patterns: HashMap::new(),
        }
    }

    /// The row with what stands in for its missing features.
    pub(crate) fn fill(&mut self, row: &[Option<f64>]) -> Vec<f64> {
        let point = |z: &Option<f64>| z.unwrap_or(0.0);
        let values: Vec<f64> = row.iter().map(point).collect();
        if row.iter().all(Option::is_some) || self.stand_in.correlations.is_empty() {
            return values;
        }
        let known: Vec<bool> = row.iter().map(Option::is_some).collect();
        let stand_in = self.stand_in;
        let coefficients = self
            .patterns
            .entry(known)
            .or_insert_with_key(|known| stand_in.solve(known));
        let expected = |of: &[f64]| of.iter().zip(&values).map(|(b, z)| b * z).sum();
        let filled = row.iter().zip(coefficients);
        filled
            .map(|(z, of)| z.unwrap_or_else(|| expected(of)))
            .collect()
    }
}

/// The correlation of two features over the rows that have both, and how many these are.
fn correlation(rows: &[Vec<Option<f64>>], i: usize, j: usize) -> Option<(f64, f64)> {
    let pairs: Vec<(f64, f64)> = rows
        .iter()
        .filter_map(|row| Some((row[i]?, row[j]?)))
        .collect();
    let n = pairs.len() as f64;
    if n < 3.0 {
        return None;
    }
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (a, b) = (mean(|p| p.0), mean(|p| p.1));
    let sums = pairs.iter().fold((0.0, 0.0, 0.0), |s, p| {
        let (x, y) = (p.0 - a, p.1 - b);
        (s.0 + x * x, s.1 + x * y, s.2 + y * y)
    });
    let size = (sums.0 * sums.2).sqrt();
    (size > 0.0).then(|| ((sums.1 / size).clamp(-1.0, 1.0), n))
}
