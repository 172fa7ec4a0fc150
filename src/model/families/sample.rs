//! What a family is fitted to, and each family's fit at each penalty.
//!
//! Behind the columns that a model weighs stands one for each earlier framework: 1 for its
//! inspections, 0 for the newest one's. So frameworks have intercepts of their own, and what was
//! never published in the days of an earlier one does not count as average then: its missing rows
//! move neither the slope of a later figure nor everybody's risk. The difference is drawn to 0 with
//! a standard deviation of [`FRAMEWORK_SD`], and scores are those of the newest framework.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView2, Axis};

use crate::data::{AuthorityCode, Direction, Framework};
use crate::features::TrainingRow;
use crate::fit::path::Draws;
use crate::model::linear::Linear;

/// Standard deviation of the prior of the difference between two frameworks, in log-odds.
pub const FRAMEWORK_SD: f64 = 0.5;

const FRAMEWORK_PRECISION: f64 = 1.0 / (FRAMEWORK_SD * FRAMEWORK_SD);

/// What a family is fitted to.
pub(in crate::model) struct Sample<'a> {
    /// Standardised columns, then one for each earlier framework.
    pub(super) x: Array2<f64>,
    /// How many of them are weighed by the model.
    pub(super) width: usize,
    pub(in crate::model) events: Vec<bool>,
    /// How often each row counts.
    pub(super) counts: Vec<f64>,
    pub(in crate::model) rows: &'a [TrainingRow],
    /// Of the columns.
    pub(in crate::model) directions: Vec<Direction>,
    /// Of the columns, where weights are not learned; from 0.
    pub(super) weights: Vec<f64>,
    /// Share of rows in which each column is known: a penalty per observation counts these alone.
    pub(super) known: Vec<f64>,
    /// Rows of one organisation.
    pub(super) clusters: Vec<Vec<usize>>,
}

/// A column as it enters a sample.
#[derive(Clone, Copy)]
pub(in crate::model) struct SampleColumn {
    pub(in crate::model) direction: Direction,
    pub(in crate::model) weight: f64,
    /// Share of rows in which it is known.
    pub(in crate::model) known: f64,
}

/// A fit at one penalty.
pub(in crate::model) struct Fitted {
    pub(in crate::model) linear: Linear,
    /// Log-odds of each row by the model without its organisation.
    pub(in crate::model) held_out: Vec<f64>,
    /// Their summed log-loss.
    pub(in crate::model) loss: f64,
}

impl<'a> Sample<'a> {
    pub(in crate::model) fn new(
        terms: Array2<f64>,
        columns: &[SampleColumn],
        rows: &'a [TrainingRow],
    ) -> Self {
        let newest = newest_framework(rows);
        let mut earlier: Vec<Framework> = rows.iter().map(|r| r.framework).collect();
        earlier.sort_unstable();
        earlier.dedup();
        earlier.retain(|framework| Some(*framework) != newest);
        let width = terms.ncols();
        let x = Array2::from_shape_fn((terms.nrows(), width + earlier.len()), |(row, j)| {
            match j.checked_sub(width) {
                None => terms[[row, j]],
                Some(place) => f64::from(u8::from(rows[row].framework == earlier[place])),
            }
        });
        let mut clusters: BTreeMap<AuthorityCode, Vec<usize>> = BTreeMap::new();
        for (row, inspection) in rows.iter().enumerate() {
            clusters
                .entry(inspection.organisation)
                .or_default()
                .push(row);
        }
        Sample {
            x,
            width,
            events: rows.iter().map(|r| r.event).collect(),
            counts: rows.iter().map(|r| r.weight).collect(),
            rows,
            directions: columns.iter().map(|c| c.direction).collect(),
            weights: columns.iter().map(|c| c.weight).collect(),
            known: columns.iter().map(|c| c.known).collect(),
            clusters: clusters.into_values().collect(),
        }
    }

    /// The columns that the model weighs.
    pub(in crate::model) fn terms(&self) -> ArrayView2<'_, f64> {
        self.x.slice_axis(Axis(1), (0..self.width).into())
    }

    pub(super) fn frameworks(&self) -> ArrayView2<'_, f64> {
        self.x
            .slice_axis(Axis(1), (self.width..self.x.ncols()).into())
    }

    /// Rows, each as often as it counts.
    pub(super) fn mass(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// The framework of the inspection that started last.
    pub(in crate::model) fn newest_framework(&self) -> Option<Framework> {
        newest_framework(self.rows)
    }

    /// The same with these columns alone.
    pub(in crate::model) fn select(self, kept: &[usize]) -> Self {
        let pick = |values: &[f64]| kept.iter().map(|&j| values[j]).collect();
        let behind = self.width..self.x.ncols();
        let columns: Vec<usize> = kept.iter().copied().chain(behind).collect();
        Sample {
            x: self.x.select(Axis(1), &columns),
            width: kept.len(),
            directions: kept.iter().map(|&j| self.directions[j]).collect(),
            weights: pick(&self.weights),
            known: pick(&self.known),
            ..self
        }
    }

    /// The pull per row on each column, and that on what stands behind them.
    pub(super) fn draws(&self, per_row: Vec<f64>) -> Draws {
        let behind = self.x.ncols() - self.width;
        let width = per_row.len();
        let mut draws = Draws::none(width + behind + 1);
        draws.per_row[1..=width].copy_from_slice(&per_row);
        draws.fixed[width + 1..].fill(FRAMEWORK_PRECISION);
        draws
    }

    /// Some of the rows, without columns of frameworks.
    pub(super) fn part(&self, rows: &[usize]) -> Sample<'static> {
        let mut place = vec![None; self.rows.len()];
        for (new, &old) in rows.iter().enumerate() {
            place[old] = Some(new);
        }
        let moved = |cluster: &Vec<usize>| -> Vec<usize> {
            cluster.iter().filter_map(|&row| place[row]).collect()
        };
        let clusters = self.clusters.iter().map(moved);
        Sample {
            x: self.terms().select(Axis(0), rows),
            width: self.width,
            events: rows.iter().map(|&row| self.events[row]).collect(),
            counts: rows.iter().map(|&row| self.counts[row]).collect(),
            rows: &[],
            directions: self.directions.clone(),
            weights: self.weights.clone(),
            known: self.known.clone(),
            clusters: clusters.filter(|cluster| !cluster.is_empty()).collect(),
        }
    }
}

fn newest_framework(rows: &[TrainingRow]) -> Option<Framework> {
    let last = rows.iter().max_by_key(|r| (r.start, r.framework));
    last.map(|r| r.framework)
}
