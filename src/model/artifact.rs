//! Saved models: versioned JSON that is checked in full when it is read back.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::family::Family;
use super::linear::Linear;
use super::preprocess::{LearnedColumn, used};
use super::risk::{Recalibration, TrainingRecord};
use super::risk_model::{RiskModel, coefficients};
use super::warning::FitWarning;
use crate::data::{Knowledge, OutcomeRule};
use crate::error::{Error, Result};
use crate::features::{FeatureRecipe, Months};

/// The version of the layout written; no other is read.
pub const SCHEMA: u32 = 2;

/// A saved model is a few kilobytes; nothing larger than this many bytes is read.
pub const LARGEST_MODEL: u64 = 4 << 20;

/// A file that a model was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    /// Its name, without the folder.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

#[derive(Deserialize)]
struct Version {
    schema: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    schema: u32,
    crate_version: String,
    family: Family,
    recipe: FeatureRecipe,
    outcome_rule: OutcomeRule,
    knowledge: Knowledge,
    lead: Months,
    training: TrainingRecord,
    inputs: Vec<InputFile>,
    columns: Vec<LearnedColumn>,
    warnings: Vec<FitWarning>,
    linear: Linear,
}

impl RiskModel {
    /// The model as JSON of layout [`SCHEMA`].
    ///
    /// # Errors
    /// [`Error::Artifact`] if it cannot be written as JSON.
    pub fn to_json(&self) -> Result<String> {
        let saved = Saved {
            schema: SCHEMA,
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            family: self.family,
            recipe: self.recipe.clone(),
            outcome_rule: self.outcome_rule,
            knowledge: self.knowledge,
            lead: self.lead,
            training: self.training.clone(),
            inputs: self.inputs.clone(),
            columns: self.columns.clone(),
            warnings: self.warnings.clone(),
            linear: self.linear.clone(),
        };
        serde_json::to_string_pretty(&saved).map_err(not_json)
    }

    /// Reads a model written by [`RiskModel::to_json`]. It scores the same to the last bit.
    ///
    /// # Errors
    /// [`Error::Artifact`] naming the field: another version, an unknown or missing field, a
    /// number that cannot be, columns that do not match the recipe.
    pub fn from_json(json: &str) -> Result<RiskModel> {
        check_size(json.len() as u64)?;
        let version: Version = serde_json::from_str(json).map_err(not_json)?;
        check(
            version.schema == SCHEMA,
            "schema",
            version.schema,
            format!("{SCHEMA}; save the model again with this version"),
        )?;
        let saved: Saved = serde_json::from_str(json).map_err(not_json)?;
        saved.check()?;
        Ok(RiskModel {
            coefficients: coefficients(&saved.columns, &saved.linear),
            family: saved.family,
            recipe: saved.recipe,
            outcome_rule: saved.outcome_rule,
            knowledge: saved.knowledge,
            lead: saved.lead,
            training: saved.training,
            inputs: saved.inputs,
            columns: saved.columns,
            warnings: saved.warnings,
            linear: saved.linear,
        })
    }

    /// Writes the model to a file.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn save(&self, path: &Path) -> Result<()> {
        std::fs::write(path, self.to_json()?).map_err(|source| io(path, source))
    }

    /// Reads a model from a file.
    ///
    /// # Errors
    /// [`Error::Io`], or those of [`RiskModel::from_json`].
    pub fn load(path: &Path) -> Result<RiskModel> {
        let size = std::fs::metadata(path)
            .map_err(|source| io(path, source))?
            .len();
        check_size(size)?;
        let json = std::fs::read_to_string(path).map_err(|source| io(path, source))?;
        RiskModel::from_json(&json)
    }
}

#[cfg(feature = "read")]
impl crate::read::LoadReport {
    /// The files that were read, for [`RiskModel::with_inputs`].
    pub fn inputs(&self) -> Vec<InputFile> {
        let name = |path: &Path| {
            path.file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        self.files
            .iter()
            .map(|f| InputFile {
                file: name(&f.file),
                sha256: f.sha256.clone(),
            })
            .collect()
    }
}

impl Saved {
    fn check(&self) -> Result<()> {
        self.check_columns()?;
        self.check_training()
    }

    fn check_columns(&self) -> Result<()> {
        let features = self.recipe.features();
        check(
            self.columns.len() == features.len(),
            "columns",
            self.columns.len(),
            format!("{}, as in the recipe", features.len()),
        )?;
        for (j, (column, feature)) in self.columns.iter().zip(features).enumerate() {
            let field = |name: &str| format!("columns[{j}].{name}");
            let name = feature.name();
            let in_order = column.feature == name;
            check(
                in_order,
                &field("feature"),
                &column.feature,
                format!("{name}, as in the recipe"),
            )?;
            check(
                column.mean.is_finite(),
                &field("mean"),
                column.mean,
                "a finite number",
            )?;
            let positive = column.scale.is_finite() && column.scale > 0.0;
            check(
                positive,
                &field("scale"),
                column.scale,
                "a finite number above 0",
            )?;
            let valid = column.prior.is_none_or(|p| p.is_valid() && feature.shrink);
            check(
                valid,
                &field("prior"),
                format!("{:?}", column.prior),
                "a beta distribution",
            )?;
            let most = self.training.inspections;
            check(
                column.present <= most,
                &field("present"),
                column.present,
                format!("at most {most}"),
            )?;
        }
        let used = used(&self.columns).len();
        let found = self.linear.coefficients.len();
        check(
            found == used,
            "linear.coefficients",
            found,
            format!("{used}, one for each used column"),
        )
    }

    fn check_training(&self) -> Result<()> {
        let t = &self.training;
        let mixed = t.events > 0 && t.events < t.inspections;
        check(
            mixed,
            "training.events",
            t.events,
            format!("1 to {} less 1", t.inspections),
        )?;
        let rate = t.events as f64 / t.inspections as f64;
        check(t.base_rate == rate, "training.base_rate", t.base_rate, rate)?;
        let penalty = t.penalty.is_finite() && t.penalty >= 0.0;
        check(
            penalty,
            "training.penalty",
            t.penalty,
            "a finite number from 0",
        )?;
        if let Some(Recalibration { found, .. }) = &t.recalibration {
            let possible = found.shift.is_finite() && found.slope.is_finite();
            let rows = found.events <= found.rows && found.rows <= t.inspections;
            let expected = "finite numbers of at most the rows learned from";
            check(
                possible && rows,
                "training.recalibration",
                format!("{found:?}"),
                expected,
            )?;
        }
        let ordered = t.first_start <= t.last_published && t.last_published < t.date;
        check(
            ordered,
            "training.last_published",
            t.last_published,
            format!("before {}", t.date),
        )?;
        // A family may learn from a part of the rows.
        let report = &self.linear.report;
        let rows = (1..=t.inspections).contains(&report.rows)
            && (1..=t.events).contains(&report.events)
            && report.events < report.rows;
        let expected = format!("at most {} rows with {} events", t.inspections, t.events);
        let found = format!("{} rows with {} events", report.rows, report.events);
        check(rows, "linear.report", found, expected)?;
        let last = self.columns.len();
        let numbers = self
            .warnings
            .iter()
            .all(|w| w.columns().iter().all(|&j| j < last));
        check(
            numbers,
            "warnings",
            "a column's number",
            format!("below {last}"),
        )
    }
}

fn check_size(bytes: u64) -> Result<()> {
    let most = format!("at most {LARGEST_MODEL}");
    check(
        bytes <= LARGEST_MODEL,
        "size",
        format!("{bytes} bytes"),
        most,
    )
}

/// Refuses a saved model by one of its fields.
pub(super) fn check(
    holds: bool,
    field: &str,
    found: impl ToString,
    expected: impl ToString,
) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(Error::Artifact {
        field: field.to_owned(),
        found: found.to_string(),
        expected: expected.to_string(),
    })
}

fn not_json(error: serde_json::Error) -> Error {
    Error::Artifact {
        field: format!("line {}, column {}", error.line(), error.column()),
        found: error.to_string(),
        expected: "a model as this crate writes it".to_owned(),
    }
}

fn io(path: &Path, source: std::io::Error) -> Error {
    Error::Io {
        path: path.to_owned(),
        source,
    }
}
