//! One feature's part in a score, and the figure behind it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::Unit;
use crate::features::{Cell, CellState, Column, Flags, Measure};
use crate::model::{LearnedColumn, Term};

/// One feature's part in a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// The feature.
    pub feature: String,
    /// What is measured, from the figures as published, in the feature's unit; `None` where missing.
    pub value: Option<f64>,
    /// The rank of that figure in its release, from 0 to 1, where the rank stands for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<f64>,
    /// Last day of the newest figure's period.
    pub period_end: Option<Date>,
    /// The day from which that figure was known.
    pub known_from: Option<Date>,
    /// Whether something stands in for a missing value: what the known figures say of it, or, in a
    /// theme, the other members.
    pub imputed: bool,
    /// Its part of the linear predictor, in log-odds against the training mean.
    pub log_odds: f64,
    /// The feature in words.
    pub label: String,
    /// The theme that it is a member of.
    pub theme: Option<String>,
    /// The unit of `value`; `None` for grades and years.
    pub unit: Option<Unit>,
    /// The measure.
    pub measure: Measure,
    /// Whether the model takes more of it to be riskier where that is declared, or less: `None`
    /// where no direction is declared.
    pub as_declared: Option<bool>,
    /// Whether a lower figure is the riskier one.
    pub lower_riskier: bool,
    /// The benchmark's figure of the same period, for a level.
    #[serde(rename = "benchmark")]
    pub england: Option<f64>,
    /// What the benchmark is called, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub benchmark_name: Option<String>,
    /// The value that entered the score, where shrinkage changed it.
    pub shrunk: Option<f64>,
    /// What to know of the figure.
    pub flags: Flags,
    /// Why there is no value.
    pub missing: Option<CellState>,
}

impl Contribution {
    pub(super) fn new(
        term: &Term,
        learned: &LearnedColumn,
        column: &Column,
        cell: &Cell,
        part: f64,
    ) -> Self {
        let measure = column.feature.measure;
        let value = cell.value(measure);
        let declared = column.direction.sign();
        // A theme's members are turned, so that its own coefficient says it for all of them.
        let sign = if term.is_theme { Some(1.0) } else { declared };
        Contribution {
            feature: column.name.clone(),
            value,
            rank: cell.rank(),
            period_end: cell.period_end.filter(|_| value.is_some()),
            known_from: cell.known_from.filter(|_| value.is_some()),
            imputed: value.is_none(),
            log_odds: part,
            label: column.label.clone(),
            theme: term.is_theme.then(|| term.name.clone()),
            unit: column.unit,
            measure,
            as_declared: declared.and(sign).map(|sign| sign * term.coefficient > 0.0),
            lower_riskier: declared == Some(-1.0),
            england: None,
            benchmark_name: None,
            shrunk: cell
                .shrunk_value(measure, learned.prior)
                .filter(|&s| Some(s) != value),
            flags: cell.flags,
            missing: cell.why_missing(),
        }
    }
}
