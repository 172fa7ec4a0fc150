//! Rows checked and laid out for the Newton kernel.

use crate::error::{Error, Result};
use crate::parallel::in_order;
use ndarray::{ArrayView2, Axis};

/// Largest magnitude of a value that can be fitted: its square times the number of rows is finite.
pub const LARGEST_MAGNITUDE: f64 = 1e150;

/// Weights of rows; their squares, too, are normal numbers.
pub(crate) const SMALLEST_WEIGHT: f64 = 1e-100;
const LARGEST_WEIGHT: f64 = 1e100;

/// Rows per block: one column of a block is 32 numbers, and a block of 20 columns fits the L1 cache.
pub(crate) const BLOCK: usize = 32;
pub(crate) type Block = [f64; BLOCK];

/// Blocks per chunk, the unit of threads and of summation: 8,192 rows. Fewer rows are one chunk.
const CHUNK: usize = 256;
/// Rows of a full chunk.
pub(crate) const CHUNK_ROWS: usize = CHUNK * BLOCK;

/// Rows in blocks, each block column by column with a leading column of ones, padded with zeros.
pub(crate) struct Design {
    /// Rows.
    pub(crate) rows: usize,
    /// Rows with the event.
    pub(crate) events: usize,
    /// Columns, the intercept's among them.
    pub(crate) order: usize,
    pub(crate) chunks: Vec<Chunk>,
    /// Largest magnitude of each column.
    pub(crate) magnitudes: Vec<f64>,
    /// Sum of the weights.
    pub(crate) mass: f64,
    /// Sum of the weights of rows with the event.
    pub(crate) event_mass: f64,
}

/// Neighbouring blocks.
pub(crate) struct Chunk {
    columns: Vec<Block>,
    /// +1 for the event, -1 without, 0 for padding.
    signs: Vec<Block>,
    /// How often each row counts; none if each counts once.
    weights: Option<Vec<Block>>,
}

/// One block.
pub(crate) struct Rows<'a> {
    pub(crate) columns: &'a [Block],
    pub(crate) signs: &'a Block,
    pub(crate) weights: Option<&'a Block>,
}

impl Chunk {
    /// Copies rows into blocks, the first of them numbered `first`, and raises `magnitudes`.
    fn new(x: ArrayView2<f64>, y: &[bool], first: usize, magnitudes: &mut [f64]) -> Result<Self> {
        let order = x.ncols() + 1;
        let blocks = y.len().div_ceil(BLOCK);
        let mut columns = vec![[0.0; BLOCK]; blocks * order];
        let mut signs = vec![[0.0; BLOCK]; blocks];
        for (block, rows) in x.axis_chunks_iter(Axis(0), BLOCK).enumerate() {
            let labels = &y[block * BLOCK..][..rows.nrows()];
            for (sign, &event) in signs[block].iter_mut().zip(labels) {
                *sign = if event { 1.0 } else { -1.0 };
            }
            let first = first + block * BLOCK;
            let block = &mut columns[block * order..][..order];
            let mut all_fit = true;
            block[0][..rows.nrows()].fill(1.0);
            let places = block[1..].iter_mut().zip(&mut magnitudes[1..]);
            for (values, (column, magnitude)) in rows.columns().into_iter().zip(places) {
                for (place, &value) in column.iter_mut().zip(values) {
                    *place = value;
                }
                *magnitude = magnitude.max(largest(column));
                all_fit &= column.iter().fold(true, |fit, v| fit & fits(*v));
            }
            if !all_fit {
                return Err(unfit(rows, first));
            }
        }
        Ok(Chunk {
            columns,
            signs,
            weights: None,
        })
    }

    /// Its blocks of so many columns.
    pub(crate) fn blocks(&self, order: usize) -> impl Iterator<Item = Rows<'_>> {
        let columns = self.columns.chunks_exact(order).zip(&self.signs);
        columns.enumerate().map(|(i, (columns, signs))| Rows {
            columns,
            signs,
            weights: self.weights.as_ref().and_then(|w| w.get(i)),
        })
    }
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
        let order = width + 1;
        let firsts: Vec<usize> = (0..rows).step_by(CHUNK_ROWS).collect();
        let chunks = in_order(&firsts, |&first| {
            let end = rows.min(first + CHUNK_ROWS);
            let mut magnitudes = vec![0.0; order];
            magnitudes[0] = 1.0;
            let part = x.slice_axis(Axis(0), (first..end).into());
            Chunk::new(part, &y[first..end], first, &mut magnitudes).map(|c| (c, magnitudes))
        });
        // The first refusal is that of the first row.
        let chunks: Vec<(Chunk, Vec<f64>)> = chunks.into_iter().collect::<Result<_>>()?;
        if events == 0 || events == rows {
            return Err(Error::OneClass { rows, events });
        }
        let largest = |j: usize| chunks.iter().map(|(_, m)| m[j]).fold(0.0, f64::max);
        Ok(Design {
            rows,
            events,
            order,
            magnitudes: (0..order).map(largest).collect(),
            chunks: chunks.into_iter().map(|(chunk, _)| chunk).collect(),
            mass: rows as f64,
            event_mass: events as f64,
        })
    }

    /// All blocks in the order of rows.
    pub(crate) fn blocks(&self) -> impl Iterator<Item = Rows<'_>> {
        self.chunks.iter().flat_map(|c| c.blocks(self.order))
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
        let mut blocks = vec![[0.0; BLOCK]; kept.len().div_ceil(BLOCK)];
        (design.mass, design.event_mass) = (0.0, 0.0);
        for (row, (&i, &event)) in kept.iter().zip(&labels).enumerate() {
            blocks[row / BLOCK][row % BLOCK] = weights[i];
            design.mass += weights[i];
            design.event_mass += if event { weights[i] } else { 0.0 };
        }
        for (chunk, weights) in design.chunks.iter_mut().zip(blocks.chunks(CHUNK)) {
            chunk.weights = Some(weights.to_vec());
        }
        Ok(design)
    }

    /// Largest magnitude of any cell, at least 1.
    pub(crate) fn largest(&self) -> f64 {
        self.magnitudes.iter().copied().fold(1.0, f64::max)
    }
}

fn fits(value: f64) -> bool {
    value.abs() <= LARGEST_MAGNITUDE // false for NaN
}

/// Largest magnitude, NaN passed over.
fn largest(column: &Block) -> f64 {
    let mut largest = [0.0f64; 8];
    for values in column.as_chunks::<8>().0 {
        for i in 0..8 {
            let magnitude = values[i].abs();
            largest[i] = if magnitude > largest[i] {
                magnitude
            } else {
                largest[i]
            };
        }
    }
    largest.into_iter().fold(0.0, f64::max)
}

/// The refusal of the first cell that cannot be fitted.
fn unfit(rows: ArrayView2<f64>, first: usize) -> Error {
    let mut cells = rows.indexed_iter();
    let found = cells.find(|(_, v)| !fits(**v));
    let ((row, column), value) = found.unwrap_or(((0, 0), &f64::NAN));
    not_finite(first + row, column, *value)
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
