//! One feature: what it measures, and what becomes of its figure.

use serde::{Deserialize, Serialize};

use super::measure::Measure;
use super::range::within;
use crate::data::IndicatorId;
use crate::error::{Error, Result};

/// One feature of a recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// What it measures.
    pub measure: Measure,
    /// A figure whose period ended longer ago than this many months is missing; default 24.
    #[serde(default = "default_max_age")]
    pub max_age_months: u16,
    /// Whether rates are drawn towards the training average according to their denominator
    /// (beta-binomial empirical Bayes); default false. Only for proportions of counted people.
    #[serde(default)]
    pub shrink: bool,
    /// Whether the figure's rank in its release stands for it, so that no outlier moves a score
    /// far: (mid-rank - 0.5) / n among the n organisations whose figure of the same indicator and
    /// period is known on the day. Organisations too small to score are neither ranked nor ranked
    /// against. Default false. Only for levels, changes and gaps, and not together with `shrink`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rank: bool,
    /// Standard deviations, 1 to 20, at which the standardised value is cut on either side, so that
    /// no outlier moves a score far; default none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut: Option<u8>,
}

fn default_max_age() -> u16 {
    24
}

impl Feature {
    /// The feature with a staleness limit of 24 months, neither shrunk nor ranked.
    pub fn new(measure: Measure) -> Self {
        Feature {
            measure,
            max_age_months: default_max_age(),
            shrink: false,
            rank: false,
            cut: None,
        }
    }

    /// The newest figure of an indicator.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if `indicator` is not an identifier.
    pub fn level(indicator: &str) -> Result<Self> {
        Ok(Feature::new(Measure::Level {
            indicator: IndicatorId::new(indicator)?,
        }))
    }

    /// The same feature, shrunk by its denominator.
    pub fn shrunk(self) -> Self {
        Feature {
            shrink: true,
            ..self
        }
    }

    /// The same feature, its rank standing for its figure.
    pub fn ranked(self) -> Self {
        Feature { rank: true, ..self }
    }

    /// The same feature, cut at so many standard deviations on either side.
    pub fn cut_at(self, deviations: u8) -> Self {
        Feature {
            cut: Some(deviations),
            ..self
        }
    }

    /// The feature's name, made from what it measures: `agency_rate`, `agency_rate_change_1y`,
    /// `caseload_rank`.
    pub fn name(&self) -> String {
        let name = self.measure.name();
        if self.rank {
            format!("{name}_rank")
        } else {
            name
        }
    }

    pub(super) fn check(&self) -> Result<()> {
        self.measure.check()?;
        let months = f64::from(self.max_age_months);
        within("feature, max_age_months", months, 1.0, 120.0)?;
        if let Some(cut) = self.cut {
            within("feature, cut", f64::from(cut), 1.0, 20.0)?;
        }
        if self.rank && (self.shrink || !self.measure.is_figure()) {
            return Err(Error::InvalidValue {
                what: "feature, rank",
                found: format!("{} ranked", self.measure.name()),
                expected: "a level, change or gap that is not shrunk too".to_owned(),
            });
        }
        Ok(())
    }
}
