//! The mapping of an analyst's own wide table, as [`super::wide`] documents it.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Deserialize;

use crate::data::{Catalogue, Indicator, IndicatorId, Unit};
use crate::error::{Error, Result};
use crate::read::load_report::{FileReport, Layout};
use crate::read::table::guard::{RECORD_LIMIT, sha256};

/// What the columns of a table mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mapping {
    #[serde(skip)]
    path: PathBuf,
    pub(crate) file: String,
    pub(crate) authority_column: String,
    pub(crate) columns: Vec<Column>,
    #[serde(default)]
    indicators: Vec<Indicator>,
    pub(crate) source: Option<String>,
    #[serde(default)]
    pub(crate) rows: BTreeMap<String, Texts>,
}

/// What a cell may hold.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Texts {
    One(String),
    Any(Vec<String>),
}

impl Texts {
    pub(crate) fn have(&self, text: &str) -> bool {
        match self {
            Texts::One(one) => one == text,
            Texts::Any(any) => any.iter().any(|one| one == text),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub(crate) column: String,
    pub(crate) indicator: IndicatorId,
    pub(crate) unit: Option<Unit>,
    #[serde(default)]
    pub(crate) scale: ColumnScale,
    pub(crate) numerator: Option<String>,
    pub(crate) denominator: Option<String>,
    pub(crate) period_end: Option<Date>,
    pub(crate) period_column: Option<String>,
    pub(crate) known_from: Option<Date>,
    pub(crate) known_column: Option<String>,
    pub(crate) known_days: Option<u16>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ColumnScale {
    Percent,
    #[default]
    Unit,
}

impl Mapping {
    /// Reads a JSON file; `None` if it is something else than a mapping.
    pub(crate) fn open(path: &Path) -> Result<Option<(Self, FileReport)>> {
        let io = |source| Error::Io {
            path: path.to_owned(),
            source,
        };
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(io)?;
        let limit = RECORD_LIMIT as u64;
        file.take(limit).read_to_end(&mut bytes).map_err(io)?;
        let text = String::from_utf8_lossy(&bytes);
        if !text.contains("\"authority_column\"") {
            return Ok(None);
        }
        let text = text.trim_start_matches('\u{feff}');
        let mapping: Mapping = serde_json::from_str(text).map_err(|error| Error::Malformed {
            file: path.to_owned(),
            line: Some(error.line() as u64),
            column: None,
            found: error.to_string(),
            expected: "a mapping as documented in forewarn::read::wide".to_owned(),
        })?;
        let sha256 = sha256(bytes.as_slice()).map_err(io)?;
        let report = FileReport::new(path.to_owned(), Layout::Mapping, sha256);
        let path = path.to_owned();
        Ok(Some((Mapping { path, ..mapping }, report)))
    }

    /// Where the table should be: in the folder of the mapping.
    pub(crate) fn table(&self) -> PathBuf {
        self.path.with_file_name(&self.file)
    }

    /// The error of a mapping whose table is not there.
    pub(crate) fn without_table(&self) -> Error {
        let expected = "the name of a file in the folder of the mapping";
        self.malformed("file", &self.file, expected)
    }

    /// The error of a second mapping for the same table.
    pub(crate) fn second(&self, path: &Path) -> Error {
        Error::Malformed {
            file: path.to_owned(),
            line: None,
            column: Some("file".to_owned()),
            found: self.file.clone(),
            expected: format!("a table that {} does not describe", self.path.display()),
        }
    }

    /// An error in a field of the mapping.
    pub(crate) fn malformed(&self, field: &str, found: &str, expected: &str) -> Error {
        Error::Malformed {
            file: self.path.clone(),
            line: None,
            column: Some(field.to_owned()),
            found: found.to_owned(),
            expected: expected.to_owned(),
        }
    }

    /// Adds the mapping's indicators to the catalogue, which it may not change.
    pub(crate) fn define(&self, catalogue: &mut Catalogue) -> Result<()> {
        for indicator in &self.indicators {
            let defined = match catalogue.get(indicator.id) {
                Ok(known) => same(known, indicator).ok_or_else(|| {
                    let expected = "an id that is not defined otherwise";
                    self.malformed("indicators", indicator.id.as_str(), expected)
                })?,
                Err(_) => indicator,
            };
            let defined = defined.clone();
            catalogue.insert(defined);
        }
        Ok(())
    }
}

/// Of two definitions of one indicator that agree, the one that says where its direction is
/// declared: a mapping need not.
fn same<'a>(known: &'a Indicator, stated: &'a Indicator) -> Option<&'a Indicator> {
    let (fuller, other) = match known.source.as_str() {
        "" => (stated, known),
        _ => (known, stated),
    };
    let agrees = other.source.is_empty() || other.source == fuller.source;
    let alike = Indicator {
        source: fuller.source.clone(),
        ..other.clone()
    };
    (agrees && alike == *fuller).then_some(fuller)
}
