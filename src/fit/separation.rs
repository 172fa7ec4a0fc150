//! Separation and collinearity, by column.
//!
//! Maximum likelihood has a finite estimate unless some direction d of the coefficients, intercept
//! first, has z_i'd >= 0 for all rows z_i = (2 y_i - 1)(1, x_i), and > 0 for one (Albert and Anderson
//! 1984, *Biometrika* 71). Konis (2007, thesis, Oxford) asks a linear programme. Here rows are taken
//! away instead: the point b + sum_i l_i z_i, l_i >= 0, nearest to the origin, where b is the sum of
//! the rows left, is found by non-negative least squares (Lawson and Hanson 1974, chapter 23).
//!
//! - If it is the origin, positive multiples of all rows left add up to 0, so that z_i'd >= 0 for
//!   all of them forces z_i'd = 0: they overlap, whatever d.
//! - If it is r, the conditions of the minimum say z_i'r >= 0, and b'r = r'r > 0: r separates at
//!   least one row. Those it separates are taken away, and the rest is asked again. A later
//!   direction, with enough of r added, also separates for the rows taken away before.
//!
//! So the rows left at the end are those that no direction separates. A coefficient has no finite
//! estimate exactly if it is not determined by their span: the separating directions span all that
//! is orthogonal to these rows, since a direction that separates all the others stays one when
//! moved a little along it.

use super::cholesky::Cholesky;
use super::cumulative::Cumulative;
use super::design::Design;
use super::orthonormal::{Orthonormal, dot};
use crate::error::{Error, Result};
use ndarray::ArrayView2;
use serde::{Deserialize, Serialize};

/// A cosine below this is rounding.
const SMALLEST_COSINE: f64 = 1e-9;

/// Columns with no finite maximum-likelihood coefficient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Separation {
    /// Whether a hyperplane has all events on one side and all others on the other. If not, some
    /// rows of both lie on it: the separation is quasi-complete.
    pub complete: bool,
    /// Zero-based columns whose coefficients run off. A column that depends linearly on those
    /// before it has no part.
    pub columns: Vec<usize>,
    /// How many rows a hyperplane keeps strictly on their side.
    pub rows: usize,
}

/// Whether and by which columns the outcome is separated.
///
/// ```
/// use forewarn::model::separation;
/// use ndarray::array;
///
/// // Wherever the second column is 1 there is an event.
/// let x = array![[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [1.0, 1.0], [2.0, 1.0]];
/// let found = separation(x.view(), &[false, true, false, true, true])?.expect("separated");
/// assert_eq!((found.complete, found.columns), (false, vec![1]));
/// # Ok::<(), forewarn::Error>(())
/// ```
///
/// # Errors
/// `Shape`, `NotFinite` and `OneClass` as [`RidgeParams::fit_rows`](super::ridge::RidgeParams::fit_rows);
/// `NotConverged` if rounding hides the answer.
pub fn separation(x: ArrayView2<f64>, y: &[bool]) -> Result<Option<Separation>> {
    Design::new(x, y)?.separation()
}

impl Design {
    /// The separation of its rows.
    pub(crate) fn separation(&self) -> Result<Option<Separation>> {
        let basis = Orthonormal::new(&self.full_columns());
        let signs = self.blocks().flat_map(|block| block.signs);
        let unit = |i: usize, sign: f64| {
            let row = basis.row(i);
            let length = sign * dot(&row, &row).sqrt();
            row.iter().map(|v| v / length).collect()
        };
        let rows: Vec<Vec<f64>> = signs
            .take(self.rows)
            .enumerate()
            .map(|(i, s)| unit(i, *s))
            .collect();
        let left = overlap(rows.iter().collect())?;
        if left.len() == self.rows {
            return Ok(None);
        }
        let span = Orthonormal::new(&left.iter().map(|r| r.to_vec()).collect::<Vec<_>>());
        let runs_off = |k: &usize| span.beyond(&basis.coefficient(*k)) > SMALLEST_COSINE.sqrt();
        let columns = (0..basis.kept.len())
            .filter(runs_off)
            .map(|k| basis.kept[k]);
        Ok(Some(Separation {
            complete: left.is_empty(),
            columns: columns
                .filter(|&column| column > 0)
                .map(|column| column - 1)
                .collect(),
            rows: self.rows - left.len(),
        }))
    }

    /// The columns, that of ones first, one value per row.
    pub(crate) fn full_columns(&self) -> Vec<Vec<f64>> {
        let column = |j: usize| {
            let blocks = self.blocks().flat_map(|block| block.columns[j]);
            blocks.take(self.rows).collect()
        };
        (0..self.order).map(column).collect()
    }
}

impl Separation {
    /// The refusal to fit, its columns by number.
    pub(crate) fn refusal(&self) -> Error {
        Error::Separated {
            columns: self.columns.iter().map(usize::to_string).collect(),
            complete: self.complete,
        }
    }
}

impl Cumulative {
    /// Why there is no optimum: separation, named by column, or the error that the search gave.
    ///
    /// A row's log-loss falls without end in a direction exactly if its own threshold's log-odds do
    /// not fall and those of the one below do not rise, one of them moving: each is a row of
    /// logistic regression, with a threshold's own intercept.
    pub(crate) fn refusal(&self, error: Error) -> Error {
        match (error, self.separation()) {
            (Error::Singular | Error::NotConverged { .. }, Ok(Some(found))) => found.refusal(),
            (error, _) => error,
        }
    }

    fn separation(&self) -> Result<Option<Separation>> {
        let others = self.thresholds() - 1;
        let (mut cells, mut y) = (Vec::new(), Vec::new());
        for (z, &outcome) in self.rows.chunks_exact(self.width).zip(&self.outcomes) {
            let ends = self.ends(outcome);
            for (end, side) in [(ends.upper, true), (ends.lower, false)] {
                let Some(k) = end else { continue };
                cells.extend((1..=others).map(|other| f64::from(u8::from(other == k))));
                cells.extend(&z[1..]);
                y.push(side);
            }
        }
        let shape = (y.len(), others + self.width - 1);
        let stacked = ArrayView2::from_shape(shape, &cells).map_err(|_| Error::Singular)?;
        let found = separation(stacked, &y)?;
        Ok(found.map(|found| Separation {
            columns: found
                .columns
                .iter()
                .filter_map(|j| j.checked_sub(others))
                .collect(),
            ..found
        }))
    }
}

/// The unit rows that no direction separates from the origin.
fn overlap(mut rows: Vec<&Vec<f64>>) -> Result<Vec<&Vec<f64>>> {
    while !rows.is_empty() {
        let (nearest, size) = nearest_to_origin(&rows);
        let length = dot(&nearest, &nearest).sqrt();
        if length <= SMALLEST_COSINE * size {
            break;
        }
        let cosine = |row: &Vec<f64>| dot(row, &nearest) / length;
        let before = rows.len();
        if rows.iter().any(|row| cosine(row) < -SMALLEST_COSINE) {
            return Err(hidden(length));
        }
        rows.retain(|row| cosine(row) <= SMALLEST_COSINE);
        if rows.len() == before {
            return Err(hidden(length));
        }
    }
    Ok(rows)
}

/// Rounding hides on which side of a plane some row lies.
fn hidden(length: f64) -> Error {
    Error::NotConverged {
        gradient_norm: length,
        tolerance: SMALLEST_COSINE,
        iterations: 0,
    }
}

/// The point nearest to the origin of the cone of rows with its apex at their sum; and the size of
/// what was added up.
fn nearest_to_origin(rows: &[&Vec<f64>]) -> (Vec<f64>, f64) {
    let mut sum = vec![0.0; rows[0].len()];
    for row in rows {
        add(&mut sum, 1.0, row);
    }
    let size = rows.len() as f64;
    let mut chosen: Vec<(usize, f64)> = Vec::new();
    let mut point = sum.clone();
    for _ in 0..100 + 10 * rows.len() {
        let against = |i: usize| dot(rows[i], &point);
        let others = (0..rows.len()).filter(|i| chosen.iter().all(|(c, _)| c != i));
        let Some(worst) = others.min_by(|&a, &b| against(a).total_cmp(&against(b))) else {
            break;
        };
        let length = dot(&point, &point).sqrt();
        // Far below what decides, so that only rounding stops it.
        if length <= 1e-13 * size || against(worst) >= -1e-3 * SMALLEST_COSINE * length {
            break;
        }
        chosen.push((worst, 0.0));
        if !settle(rows, &sum, &mut chosen) {
            break;
        }
        point.clone_from(&sum);
        for &(i, multiple) in &chosen {
            add(&mut point, multiple, rows[i]);
        }
    }
    (point, size)
}

/// Moves the multiples of the chosen rows to their least squares; rows whose multiple reaches 0 on
/// the way leave. Whether that could be computed.
fn settle(rows: &[&Vec<f64>], sum: &[f64], chosen: &mut Vec<(usize, f64)>) -> bool {
    while !chosen.is_empty() {
        let n = chosen.len();
        let pair = |k: usize| dot(rows[chosen[k / n].0], rows[chosen[k % n].0]);
        let gram: Vec<f64> = (0..n * n).map(pair).collect();
        let mut best: Vec<f64> = chosen.iter().map(|&(i, _)| -dot(rows[i], sum)).collect();
        let mut memory = Cholesky::new(n);
        let Some(root) = memory.factor(&gram) else {
            chosen.pop();
            return false;
        };
        root.solve(&mut best);
        let falling = chosen.iter().zip(&best).filter(|(_, best)| **best <= 0.0);
        let share = falling.map(|((_, now), best)| now / (now - best));
        let length = share.fold(1.0, f64::min);
        for ((_, now), best) in chosen.iter_mut().zip(&best) {
            *now += length * (best - *now);
        }
        if length >= 1.0 {
            return true;
        }
        chosen.retain(|(_, now)| *now > 1e-14);
    }
    true
}

fn add(sum: &mut [f64], multiple: f64, row: &[f64]) {
    for (sum, v) in sum.iter_mut().zip(row) {
        *sum += multiple * v;
    }
}
