//! Saved models: versioned JSON that is checked in full when it is read back.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::family::Family;
use super::horizon::MONTHS;
use super::input_file::InputFile;
use super::linear::Linear;
use super::preprocess::{LearnedColumn, LearnedTheme, learned};
use super::refits::Refits;
use super::risk_model::{HorizonModel, RiskModel};
use super::stand_in::StandIn;
use super::support::Support;
use super::tested::TestedScore;
use super::timing::Timing;
use super::training_record::{MemberFit, TrainingRecord};
use super::warning::FitWarning;
use crate::data::{Knowledge, OutcomeRule, Service, ServiceName};
use crate::error::{Error, Result, check};
use crate::features::{FeatureRecipe, Months};

/// The version of the layout written; no other is read.
pub const SCHEMA: u32 = 4;

/// A saved model is a few kilobytes, and a few megabytes with its re-fits; nothing larger than this
/// many bytes is read.
pub const LARGEST_MODEL: u64 = 64 << 20;

#[derive(Deserialize)]
struct Version {
    schema: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Saved {
    schema: u32,
    crate_version: String,
    // Of a model saved before services were data.
    #[serde(default = "childrens_services")]
    service: ServiceName,
    family: Family,
    recipe: FeatureRecipe,
    outcome_rule: OutcomeRule,
    knowledge: Knowledge,
    lead: Months,
    training: TrainingRecord,
    inputs: Vec<InputFile>,
    columns: Vec<LearnedColumn>,
    themes: Vec<LearnedTheme>,
    stand_in: StandIn,
    warnings: Vec<FitWarning>,
    linear: Linear,
    support: Option<Support>,
    refits: Option<Refits>,
    tested: Option<Vec<TestedScore>>,
    horizons: Vec<SavedHorizon>,
}

fn childrens_services() -> ServiceName {
    Service::childrens_services().name()
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SavedHorizon {
    months: Months,
    timing: Timing,
    risk: Saved,
}

impl RiskModel {
    /// The model as JSON of layout [`SCHEMA`].
    ///
    /// # Errors
    /// [`Error::Artifact`] if it cannot be written as JSON.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(&self.saved()).map_err(not_json)
    }

    fn saved(&self) -> Saved {
        Saved {
            schema: SCHEMA,
            crate_version: env!("CARGO_PKG_VERSION").to_owned(),
            service: self.service,
            family: self.family,
            recipe: self.recipe.clone(),
            outcome_rule: self.outcome_rule,
            knowledge: self.knowledge,
            lead: self.lead,
            training: self.training.clone(),
            inputs: self.inputs.clone(),
            columns: self.columns.clone(),
            themes: self.themes.clone(),
            stand_in: self.stand_in.clone(),
            warnings: self.warnings.clone(),
            linear: self.linear.clone(),
            support: self.support.clone(),
            refits: self.refits.clone(),
            tested: self.tested.clone(),
            horizons: self.horizons.iter().map(SavedHorizon::of).collect(),
        }
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
        saved.into_model()
    }

    /// Writes the model to a file, whole or not at all (see [`write_whole`](crate::write_whole)).
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn save(&self, path: &Path) -> Result<()> {
        crate::write_whole(path, self.to_json()?.as_bytes())
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

impl SavedHorizon {
    fn of(horizon: &HorizonModel) -> Self {
        SavedHorizon {
            months: horizon.months,
            timing: horizon.timing.clone(),
            risk: horizon.risk.saved(),
        }
    }

    fn into_model(self) -> Result<HorizonModel> {
        self.timing.check()?;
        let months = MONTHS.contains(&self.months.0);
        check(months, "horizons.months", self.months.0, "1 to 120")?;
        Ok(HorizonModel {
            months: self.months,
            timing: self.timing,
            risk: Box::new(self.risk.into_model()?),
        })
    }
}

impl Saved {
    fn into_model(self) -> Result<RiskModel> {
        self.check()?;
        let ascending = self.horizons.is_sorted_by(|a, b| a.months < b.months);
        check(
            ascending,
            "horizons",
            "another order",
            "each once, the nearest first",
        )?;
        for horizon in &self.horizons {
            let same = horizon.risk.recipe == self.recipe
                && horizon.risk.outcome_rule == self.outcome_rule
                && horizon.risk.horizons.is_empty();
            check(
                same,
                "horizons.risk",
                "another recipe or outcome",
                "the model's own",
            )?;
        }
        Ok(RiskModel {
            learned: self.learned(),
            family: self.family,
            service: self.service,
            recipe: self.recipe,
            outcome_rule: self.outcome_rule,
            knowledge: self.knowledge,
            lead: self.lead,
            training: self.training,
            inputs: self.inputs,
            columns: self.columns,
            themes: self.themes,
            stand_in: self.stand_in,
            warnings: self.warnings,
            linear: self.linear,
            support: self.support,
            refits: self.refits,
            tested: self.tested,
            horizons: self
                .horizons
                .into_iter()
                .map(SavedHorizon::into_model)
                .collect::<Result<_>>()?,
        })
    }

    fn learned(&self) -> super::preprocess::Learned {
        learned(&self.columns, &self.themes, &self.stand_in, &self.recipe)
    }

    fn check(&self) -> Result<()> {
        self.check_columns()?;
        self.check_training()?;
        self.check_certainty()
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
        self.check_themes()?;
        let used = self.learned().terms().len();
        let found = self.linear.coefficients.len();
        check(
            found == used,
            "linear.coefficients",
            found,
            format!("{used}, one for each used feature or theme"),
        )
    }

    fn check_themes(&self) -> Result<()> {
        let themes = self.recipe.themes();
        let names = self.themes.iter().map(|theme| theme.name.as_str());
        let same = names.eq(themes.iter().map(|theme| theme.name()));
        let found = format!("{} themes", self.themes.len());
        check(same, "themes", found, "those of the recipe")?;
        let most = self.training.inspections;
        let known = self.themes.iter().all(|theme| theme.present <= most);
        check(known, "themes", "present", format!("at most {most}"))?;
        let valid = self.learned().is_valid(&self.recipe);
        let expected = "finite means, scales above 0 and correlations that hold together";
        check(
            valid,
            "columns, themes or stand_in",
            "other numbers",
            expected,
        )
    }

    /// Checks what says how sure the scores are.
    fn check_certainty(&self) -> Result<()> {
        let terms = self.linear.coefficients.len();
        let valid = self.support.as_ref().is_none_or(|s| s.is_valid(terms));
        check(
            valid,
            "support",
            "another",
            format!("that of {terms} terms"),
        )?;
        let refits = self.refits.as_ref();
        let valid = refits.is_none_or(|refits| refits.is_valid(&self.recipe));
        let expected = "finite numbers for each feature and theme of the recipe";
        check(valid, "refits", "other numbers", expected)?;
        let tested = self.tested.iter().flatten();
        let finite = tested.clone().all(|score| score.log_odds.is_finite());
        check(finite, "tested", "log-odds", "finite numbers")
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
        let possible = t.base_rate > 0.0 && t.base_rate < 1.0;
        check(
            possible,
            "training.base_rate",
            t.base_rate,
            "above 0 and below 1",
        )?;
        let numbers = t
            .members
            .iter()
            .flat_map(|m| &m.penalties)
            .flat_map(|(p, w)| [*p, *w]);
        let mut numbers = numbers.chain(t.penalty);
        let possible = numbers.all(|v| v.is_finite() && v >= 0.0);
        let expected = "finite numbers from 0";
        check(possible, "training.members", "other numbers", expected)?;
        let whole = |m: &MemberFit| {
            let sum: f64 = m.penalties.iter().map(|(_, weight)| weight).sum();
            m.penalties.is_empty() || (sum - 1.0).abs() < 1e-9
        };
        let whole = t.members.iter().all(whole);
        let expected = "weights of penalties that sum to 1";
        check(whole, "training.members", "another sum", expected)?;
        let rate = t.rate_now;
        let within = 0.0 < rate.ci95.low && rate.ci95.low <= rate.value;
        let within = within && rate.value <= rate.ci95.high && rate.ci95.high < 1.0;
        check(
            within,
            "training.rate_now",
            format!("{rate:?}"),
            "a probability within its interval",
        )?;
        let params = t.recalibration_params.check();
        let found = params.as_ref().err().map(ToString::to_string);
        let field = "training.recalibration_params";
        check(params.is_ok(), field, found.unwrap_or_default(), "others")?;
        t.recalibration.check(t.inspections)?;
        let drift = t.drift.variance_per_year;
        let possible = (0.0..=1.0).contains(&drift);
        check(possible, "training.drift", drift, "0 to 1")?;
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
        let last = self.linear.coefficients.len();
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
