//! The serialisable list of what to compute for an authority on a day.

use serde::{Deserialize, Serialize};

use crate::data::{Catalogue, Direction, IndicatorId, Unit};
use crate::error::{Error, Result};

/// The most features a recipe may have: far more than any training window can bear.
pub const MAX_FEATURES: usize = 200;

/// What one feature measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Measure {
    /// The newest figure, in the indicator's unit.
    Level {
        /// The indicator.
        indicator: IndicatorId,
    },
    /// The newest figure less the figure of the period `years` before it.
    Change {
        /// The indicator.
        indicator: IndicatorId,
        /// Years between the two periods, 1 to 5.
        years: u8,
    },
    /// The newest figure less England's of the same or the newest earlier period known.
    GapToEngland {
        /// The indicator.
        indicator: IndicatorId,
    },
    /// The newest figure less the mean of the statistical neighbours' newest published figures;
    /// at least five of them must have one. The neighbours are those of the newest model known on
    /// the day; before the first model there is no comparison.
    GapToNeighbours {
        /// The indicator.
        indicator: IndicatorId,
    },
    /// The newest grade known: 1 Outstanding, 2 Good, 3 Requires improvement, 4 Inadequate.
    PreviousGrade,
    /// Years since the newest graded inspection was published.
    YearsSinceInspection,
    /// 1 if any inspection known was graded Inadequate, else 0.
    InadequateBefore,
}

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
}

/// The features of a model, and when too little is known to score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RawRecipe")]
pub struct FeatureRecipe {
    name: String,
    features: Vec<Feature>,
    min_present: f64,
    inherit: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRecipe {
    name: String,
    features: Vec<Feature>,
    #[serde(default = "default_min_present")]
    min_present: f64,
    #[serde(default)]
    inherit: bool,
}

fn default_max_age() -> u16 {
    24
}

fn default_min_present() -> f64 {
    0.5
}

impl Measure {
    /// The indicator measured, where there is one.
    pub fn indicator(self) -> Option<IndicatorId> {
        match self {
            Measure::Level { indicator }
            | Measure::Change { indicator, .. }
            | Measure::GapToEngland { indicator }
            | Measure::GapToNeighbours { indicator } => Some(indicator),
            _ => None,
        }
    }

    /// The declared direction of the feature: that of its indicator; a worse or recent failure is
    /// taken to be riskier, and nothing is claimed for the time since an inspection.
    pub fn direction(self, catalogue: &Catalogue) -> Result<Direction> {
        match self {
            Measure::PreviousGrade | Measure::InadequateBefore => Ok(Direction::HigherRiskier),
            Measure::YearsSinceInspection => Ok(Direction::None),
            _ => self
                .indicator()
                .map_or(Ok(Direction::None), |id| Ok(catalogue.get(id)?.direction)),
        }
    }

    /// The unit of the feature's values; `None` for grades and years.
    pub fn unit(self, catalogue: &Catalogue) -> Result<Option<Unit>> {
        self.indicator()
            .map(|id| Ok(catalogue.get(id)?.unit))
            .transpose()
    }
}

impl Feature {
    /// The feature with a staleness limit of 24 months and no shrinkage.
    pub fn new(measure: Measure) -> Self {
        Feature {
            measure,
            max_age_months: default_max_age(),
            shrink: false,
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

    /// The feature's name, made from what it measures: `agency_rate`, `agency_rate_change_1y`.
    pub fn name(&self) -> String {
        match self.measure {
            Measure::Level { indicator } => indicator.to_string(),
            Measure::Change { indicator, years } => format!("{indicator}_change_{years}y"),
            Measure::GapToEngland { indicator } => format!("{indicator}_gap_to_england"),
            Measure::GapToNeighbours { indicator } => format!("{indicator}_gap_to_neighbours"),
            Measure::PreviousGrade => "previous_grade".to_owned(),
            Measure::YearsSinceInspection => "years_since_inspection".to_owned(),
            Measure::InadequateBefore => "inadequate_before".to_owned(),
        }
    }

    fn check(&self) -> Result<()> {
        if let Measure::Change { years, .. } = self.measure {
            within("feature, years", f64::from(years), 1.0, 5.0)?;
        }
        within(
            "feature, max_age_months",
            f64::from(self.max_age_months),
            1.0,
            120.0,
        )
    }
}

fn within(what: &'static str, found: f64, low: f64, high: f64) -> Result<()> {
    if (low..=high).contains(&found) {
        return Ok(());
    }
    Err(Error::InvalidValue {
        what,
        found: found.to_string(),
        expected: format!("{low} to {high}"),
    })
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

    /// Whether a new authority without a figure of its own takes its predecessors' (flagged):
    /// the only one's as it stands, several ones' counts added up. Default false.
    pub fn with_inheritance(mut self, inherit: bool) -> Self {
        self.inherit = inherit;
        self
    }

    /// The lead indicators that NAO 2016 names (recommendation 24(d), 2.10, 2.11): re-referral,
    /// repeat plans, agency staff, vacancies, caseload.
    pub fn lead_indicators() -> Self {
        FeatureRecipe::of("lead_indicators", &[&LEAD])
    }

    /// Timeliness: assessments within 45 days, conferences within 15, plan reviews on time.
    pub fn timeliness() -> Self {
        FeatureRecipe::of("timeliness", &[&TIMELINESS])
    }

    /// The lead indicators and timeliness.
    pub fn lead_and_timeliness() -> Self {
        FeatureRecipe::of("lead_and_timeliness", &[&LEAD, &TIMELINESS])
    }

    /// The recipes that have a name.
    pub fn named() -> [FeatureRecipe; 3] {
        [
            FeatureRecipe::lead_indicators(),
            FeatureRecipe::timeliness(),
            FeatureRecipe::lead_and_timeliness(),
        ]
    }

    fn of(name: &str, parts: &[&[(IndicatorId, bool)]]) -> Self {
        let features = parts
            .concat()
            .into_iter()
            .map(|(indicator, shrink)| Feature {
                shrink,
                ..Feature::new(Measure::Level { indicator })
            })
            .collect();
        FeatureRecipe {
            name: name.to_owned(),
            features,
            min_present: default_min_present(),
            inherit: false,
        }
    }

    /// The recipe's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The features, in the order of the columns.
    pub fn features(&self) -> &[Feature] {
        &self.features
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
        within(
            "recipe, number of features",
            raw.features.len() as f64,
            1.0,
            MAX_FEATURES as f64,
        )?;
        within("recipe, min_present", raw.min_present, 0.0, 1.0)?;
        let mut names: Vec<String> = Vec::new();
        for feature in &raw.features {
            feature.check()?;
            names.push(feature.name());
        }
        names.sort();
        if let Some(twice) = names.windows(2).find(|w| w[0] == w[1]) {
            return Err(Error::InvalidValue {
                what: "recipe, features",
                found: format!("{} twice", twice[0]),
                expected: "each feature once".to_owned(),
            });
        }
        Ok(FeatureRecipe {
            name: raw.name,
            features: raw.features,
            min_present: raw.min_present,
            inherit: raw.inherit,
        })
    }
}

const fn id(text: &'static str) -> IndicatorId {
    IndicatorId::literal(text)
}

// Shrunk where a handful of children can make a rate; workforce rates are full-time equivalents,
// not counts of independent events.
const LEAD: [(IndicatorId, bool); 5] = [
    (id("rereferral_rate"), true),
    (id("repeat_plan_rate"), true),
    (id("agency_rate"), false),
    (id("vacancy_rate"), false),
    (id("caseload"), false),
];

const TIMELINESS: [(IndicatorId, bool); 3] = [
    (id("assessments_45_day_rate"), false),
    (id("conferences_15_day_rate"), true),
    (id("reviews_on_time_rate"), false),
];
