//! The serialisable list of what to compute for an authority on a day.

use serde::{Deserialize, Serialize};

use super::feature::Feature;
use super::range::within;
use super::theme::{RawTheme, Theme};
use crate::data::IndicatorId;
use crate::error::{Error, Result};

/// The most features a recipe may have: far more than any training window can bear.
pub const MAX_FEATURES: usize = 200;

/// The features of a model, and when too little is known to score.
///
/// Features stand for themselves, or as members of a [`Theme`], which is then what a model weighs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawRecipe", into = "RawRecipe")]
pub struct FeatureRecipe {
    name: String,
    // Those that stand for themselves, then the members of one theme after the other.
    features: Vec<Feature>,
    themes: Vec<Theme>,
    min_present: f64,
    inherit: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRecipe {
    name: String,
    #[serde(default)]
    features: Vec<Feature>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    themes: Vec<RawTheme>,
    #[serde(default = "default_min_present")]
    min_present: f64,
    #[serde(default)]
    inherit: bool,
}

fn default_min_present() -> f64 {
    0.5
}

impl FeatureRecipe {
    /// A recipe that scores an authority when at least half of its indicators are known.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if there is no feature, too many, or the same one twice.
    pub fn new(name: &str, features: Vec<Feature>) -> Result<Self> {
        FeatureRecipe::try_from(RawRecipe {
            name: name.to_owned(),
            features,
            themes: Vec::new(),
            min_present: default_min_present(),
            inherit: false,
        })
    }

    /// The share of indicator features, from 0 to 1, that must be known for a score; default 0.5.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] outside [0, 1].
    pub fn with_min_present(mut self, share: f64) -> Result<Self> {
        within("recipe, min_present", share, 0.0, 1.0)?;
        self.min_present = share;
        Ok(self)
    }

    /// The same with every feature changed, in its place.
    pub(crate) fn with_features_changed(
        &self,
        change: impl Fn(&Feature) -> Feature,
    ) -> Result<Self> {
        let changed = FeatureRecipe {
            features: self.features.iter().map(change).collect(),
            ..self.clone()
        };
        FeatureRecipe::try_from(RawRecipe::from(changed))
    }

    /// As [`with_min_present`](Self::with_min_present), of a share that is right.
    pub(super) fn needing(self, min_present: f64) -> Self {
        FeatureRecipe {
            min_present,
            ..self
        }
    }

    /// Whether a new authority without a figure of its own takes its predecessors' (flagged):
    /// the only one's as it stands, several ones' counts added up. Default false.
    pub fn with_inheritance(mut self, inherit: bool) -> Self {
        self.inherit = inherit;
        self
    }

    /// The same with a further theme: its members' mean, in their declared directions, is one
    /// column of the model. `weight`, above 0 and at most 100, is its share in equal weights.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] for a name or weight that cannot be, a theme without members, or a
    /// feature that stands twice.
    ///
    /// ```
    /// use forewarn::features::{Feature, FeatureRecipe, Measure};
    ///
    /// let history = vec![Feature::new(Measure::PreviousGrade)];
    /// let caseload = vec![Feature::level("caseload")?.ranked()];
    /// let recipe = FeatureRecipe::themed("two_themes", "history", 1.0, history)?
    ///     .with_theme("workload", 1.0, caseload)?;
    /// assert_eq!(recipe.themes()[1].name(), "workload");
    /// assert_eq!(recipe.features()[1].name(), "caseload_rank");
    /// # Ok::<(), forewarn::Error>(())
    /// ```
    pub fn with_theme(self, name: &str, weight: f64, members: Vec<Feature>) -> Result<Self> {
        let mut raw = RawRecipe::from(self);
        raw.themes.push(RawTheme {
            name: name.to_owned(),
            weight,
            features: members,
        });
        FeatureRecipe::try_from(raw)
    }

    /// A recipe of one theme, to which [`with_theme`](Self::with_theme) adds others.
    ///
    /// # Errors
    /// Those of [`with_theme`](Self::with_theme).
    pub fn themed(recipe: &str, theme: &str, weight: f64, members: Vec<Feature>) -> Result<Self> {
        FeatureRecipe {
            name: recipe.to_owned(),
            features: Vec::new(),
            themes: Vec::new(),
            min_present: default_min_present(),
            inherit: false,
        }
        .with_theme(theme, weight, members)
    }

    /// For the crate's own tables, which are right.
    pub(super) fn of_parts(
        name: &str,
        alone: &[Feature],
        themes: &[(&str, &[Feature])],
    ) -> FeatureRecipe {
        let mut features = alone.to_vec();
        let mut placed = Vec::new();
        for (theme, members) in themes {
            let first = features.len();
            features.extend_from_slice(members);
            placed.push(Theme::new(theme, 1.0, first..features.len()));
        }
        FeatureRecipe {
            name: name.to_owned(),
            features,
            themes: placed,
            min_present: default_min_present(),
            inherit: false,
        }
    }

    /// The recipe's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The indicators that it is measured from, each once, in the order of its features.
    pub fn indicators(&self) -> Vec<IndicatorId> {
        let mut indicators = Vec::new();
        for id in self.features.iter().filter_map(|f| f.measure.indicator()) {
            if !indicators.contains(&id) {
                indicators.push(id);
            }
        }
        indicators
    }

    /// The features in the order of the columns: those that stand for themselves, then the members
    /// of one theme after the other.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The themes; none where every feature stands for itself.
    pub fn themes(&self) -> &[Theme] {
        &self.themes
    }

    /// The features that stand for themselves come first: how many they are.
    pub(crate) fn alone(&self) -> usize {
        let first = self.themes.first();
        first.map_or(self.features.len(), |theme| theme.members().start)
    }

    /// How many columns a model weighs: features that stand for themselves, and themes.
    pub fn terms(&self) -> usize {
        self.alone() + self.themes.len()
    }

    /// The share of indicator features that must be known for a score.
    pub fn min_present(&self) -> f64 {
        self.min_present
    }

    /// Whether predecessors' figures stand in for a new authority's.
    pub fn inherit(&self) -> bool {
        self.inherit
    }
}

impl TryFrom<RawRecipe> for FeatureRecipe {
    type Error = Error;

    fn try_from(raw: RawRecipe) -> Result<Self> {
        within("recipe, min_present", raw.min_present, 0.0, 1.0)?;
        let mut features = raw.features;
        let mut themes = Vec::with_capacity(raw.themes.len());
        for theme in raw.themes {
            themes.push(theme.placed(&mut features)?);
        }
        let most = MAX_FEATURES as f64;
        within(
            "recipe, number of features",
            features.len() as f64,
            1.0,
            most,
        )?;
        for feature in &features {
            feature.check()?;
        }
        let names = features.iter().map(Feature::name).collect();
        only_once("recipe, features", names)?;
        let names = themes.iter().map(|t: &Theme| t.name().to_owned()).collect();
        only_once("recipe, themes", names)?;
        Ok(FeatureRecipe {
            name: raw.name,
            features,
            themes,
            min_present: raw.min_present,
            inherit: raw.inherit,
        })
    }
}

fn only_once(what: &'static str, mut names: Vec<String>) -> Result<()> {
    names.sort();
    match names.windows(2).find(|w| w[0] == w[1]) {
        None => Ok(()),
        Some(twice) => Err(Error::InvalidValue {
            what,
            found: format!("{} twice", twice[0]),
            expected: "each once".to_owned(),
        }),
    }
}

impl From<FeatureRecipe> for RawRecipe {
    fn from(recipe: FeatureRecipe) -> Self {
        let members = |theme: &Theme| recipe.features[theme.members()].to_vec();
        RawRecipe {
            themes: recipe
                .themes
                .iter()
                .map(|theme| theme.raw(members(theme)))
                .collect(),
            features: recipe.features[..recipe.alone()].to_vec(),
            name: recipe.name,
            min_present: recipe.min_present,
            inherit: recipe.inherit,
        }
    }
}
