//! A named group of features that a model weighs as one.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::feature::Feature;
use super::range::within;
use crate::data::IndicatorId;
use crate::error::{Error, Result};

/// A named group of a recipe's features.
///
/// Its value is the mean of its known members, each standardised and in its declared direction, and
/// is itself standardised in training, so that equal weights act equally. A missing member is left
/// out; a theme without a known member is the middle, 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    name: String,
    weight: f64,
    members: Range<usize>,
}

/// A theme as a recipe file has it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTheme {
    pub(super) name: String,
    #[serde(default = "one")]
    pub(super) weight: f64,
    pub(super) features: Vec<Feature>,
}

fn one() -> f64 {
    1.0
}

impl Theme {
    pub(super) fn new(name: &str, weight: f64, members: Range<usize>) -> Self {
        Theme {
            name: name.to_owned(),
            weight,
            members,
        }
    }

    /// Its name: letters, digits, `_`, `-` or `.`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its weight beside the others', where a family does not learn weights. Default 1.
    pub fn weight(&self) -> f64 {
        self.weight
    }

    /// Which of the recipe's features are its members.
    pub fn members(&self) -> Range<usize> {
        self.members.clone()
    }

    pub(super) fn raw(&self, features: Vec<Feature>) -> RawTheme {
        RawTheme {
            name: self.name.clone(),
            weight: self.weight,
            features,
        }
    }
}

impl RawTheme {
    /// Appends the members to the recipe's features.
    pub(super) fn placed(self, features: &mut Vec<Feature>) -> Result<Theme> {
        // The characters of an identifier, so that the name can stand in any output.
        IndicatorId::new(&self.name)?;
        within(
            "theme, weight",
            self.weight,
            f64::MIN_POSITIVE,
            LARGEST_WEIGHT,
        )?;
        if self.features.is_empty() {
            return Err(Error::InvalidValue {
                what: "theme, features",
                found: format!("none in {}", self.name),
                expected: "at least one".to_owned(),
            });
        }
        let first = features.len();
        features.extend(self.features);
        Ok(Theme::new(&self.name, self.weight, first..features.len()))
    }
}

const LARGEST_WEIGHT: f64 = 100.0;
