//! Rows checked and laid out for the Newton kernel.

use crate::error::{Error, Result};
use ndarray::{ArrayView2, Axis};

/// Largest magnitude of a value that can be fitted: its square times the number of rows is finite.
pub const LARGEST_MAGNITUDE: f64 = 1e150;

/// Weights of rows; their squares, too, are normal numbers.
pub(crate) const SMALLEST_WEIGHT: f64 = 1e-100;
const LARGEST_WEIGHT: f64 = 1e100;

/// Rows per block: one column of a block is 32 numbers, and a block of 20 columns fits the L1 cache.
pub(crate) const BLOCK: usize = 32;
pub(crate) type Block = [f64; BLOCK];

/// Rows in blocks, each block column by column with a leading column of ones, padded with zeros.
pub(crate) struct Design {
    /// Rows.
    pub(crate) rows: usize,
    /// Rows with the event.
    pub(crate) events: usize,
    /// Columns, the intercept's among them.
    pub(crate) order: usize,
    pub(crate) columns: Vec<Block>,
    /// +1 for the event, -1 without, 0 for padding.
    pub(crate) signs: Vec<Block>,
    /// Largest magnitude of each column.
    pub(crate) magnitudes: Vec<f64>,
    /// How often each row counts; none if each counts once.
    pub(crate) weights: Option<Vec<Block>>,
    /// Sum of the weights.
    pub(crate) mass: f64,
    /// Sum of the weights of rows with the event.
    pub(crate) event_mass: f64,
}

impl Design {
    /// Checks the rows and copies them into blocks: `Shape`, `NotFinite` or `OneClass`.
    pub(crate) fn new(x: ArrayView2<f64>, y: &[bool]) -> Result<Self> {
        let (rows, width) = x.dim();
        let shape = |what, found, expected| {
            Err(Error::Shape {
                what,
                found,
                expected,
            })
        };
        if rows == 0 {
            return shape("rows", 0, 1);
        }
        if width == 0 {
            return shape("columns", 0, 1);
        }
        if y.len() != rows {
            return shape("labels", y.len(), rows);
        }
        let events = y.iter().filter(|&&event| event).count();
        let (order, blocks) = (width + 1, rows.div_ceil(BLOCK));
        let mut columns = vec![[0.0; BLOCK]; blocks * order];
        let mut signs = vec![[0.0; BLOCK]; blocks];
        let mut magnitudes = vec![0.0; order];
        magnitudes[0] = 1.0;
        for (row, (values, &event)) in x.rows().into_iter().zip(y).enumerate() {
            let (block, place) = (row / BLOCK, row % BLOCK);
            signs[block][place] = if event { 1.0 } else { -1.0 };
            let block = &mut columns[block * order..][..order];
            block[0][place] = 1.0;
            for (column, &value) in values.iter().enumerate() {
                let magnitude = value.abs();
                if !(0.0..=LARGEST_MAGNITUDE).contains(&magnitude) {
                    return Err(not_finite(row, column, value));
                }
                block[column + 1][place] = value;
                magnitudes[column + 1] = magnitude.max(magnitudes[column + 1]);
            }
        }
        if events == 0 || events == rows {
            return Err(Error::OneClass { rows, events });
        }
        Ok(Design {
            rows,
            events,
            order,
            columns,
            signs,
            magnitudes,
            weights: None,
            mass: rows as f64,
            event_mass: events as f64,
        })
    }

    /// The same with a weight for each row; rows of weight 0 are left out. `InvalidValue` for a
    /// weight that cannot be.
    pub(crate) fn weighted(x: ArrayView2<f64>, y: &[bool], weights: &[f64]) -> Result<Self> {
        for (what, found) in [("labels", y.len()), ("weights", weights.len())] {
            if found != x.nrows() {
                return Err(Error::Shape {
                    what,
                    found,
                    expected: x.nrows(),
                });
            }
        }
        let valid = |w: &f64| *w == 0.0 || (SMALLEST_WEIGHT..=LARGEST_WEIGHT).contains(w);
        if let Some(found) = weights.iter().find(|w| !valid(w)) {
            return Err(Error::InvalidValue {
                what: "weight of a row",
                found: found.to_string(),
                expected: format!("0, or {SMALLEST_WEIGHT:e} to {LARGEST_WEIGHT:e}"),
            });
        }
        let kept: Vec<usize> = (0..weights.len()).filter(|&i| weights[i] > 0.0).collect();
        let labels: Vec<bool> = kept.iter().map(|&i| y[i]).collect();
        let mut design = Design::new(x.select(Axis(0), &kept).view(), &labels)?;
        let mut blocks = vec![[0.0; BLOCK]; design.signs.len()];
        (design.mass, design.event_mass) = (0.0, 0.0);
        for (row, (&i, &event)) in kept.iter().zip(&labels).enumerate() {
            blocks[row / BLOCK][row % BLOCK] = weights[i];
            design.mass += weights[i];
            design.event_mass += if event { weights[i] } else { 0.0 };
        }
        design.weights = Some(blocks);
        Ok(design)
    }

    /// Largest magnitude of any cell, at least 1.
    pub(crate) fn largest(&self) -> f64 {
        self.magnitudes.iter().copied().fold(1.0, f64::max)
    }
}

/// The refusal of one cell.
pub(crate) fn not_finite(row: usize, column: usize, found: f64) -> Error {
    Error::NotFinite {
        row,
        column: column.to_string(),
        found,
        limit: LARGEST_MAGNITUDE,
    }
}
