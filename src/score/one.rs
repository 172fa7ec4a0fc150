//! One organisation after the other, and rows that are of no panel.

use serde::{Deserialize, Serialize};

use super::day::check_units;
use super::explain::Explanation;
use super::not_scored::{NotScored, Refusal, too_little};
use super::uncertainty::Spread;
use crate::data::{OrganisationCode, Snapshot};
use crate::error::{Error, Result};
use crate::features::{DayFeatures, FeatureMatrix};
use crate::model::RiskModel;
use crate::stats::interval::Interval;

/// A score on its own: without a place, which only a list has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct RowScore {
    /// Its probability and what it is made of.
    #[serde(flatten)]
    pub explanation: Explanation,
    /// The 95% interval of the probability.
    pub interval: Interval,
}

/// An organisation on a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OneScore {
    /// It has a score.
    Scored(Box<RowScore>),
    /// It has none, and why: unknown is not safe.
    NotScored(NotScored),
}

/// A model on a day, ready to score one organisation after the other.
///
/// ```
/// use forewarn::data::OutcomeRule;
/// use forewarn::features::{FeatureRecipe, Months};
/// use forewarn::jiff::civil::date;
/// use forewarn::model::RiskParams;
/// use forewarn::simulate::SimulationParams;
///
/// let panel = SimulationParams::default().simulate()?.panel();
/// let today = panel.as_of(date(2024, 6, 1));
/// let training = today.training(&FeatureRecipe::default(), OutcomeRule::default(), Months(0))?;
/// let model = RiskParams::default().fit(&training)?;
/// let mut scorer = model.scorer(today)?;
/// let all = model.score(&panel, today.date())?;
/// let one = scorer.score(all.scores[0].organisation)?;
/// assert_eq!(one.scored().unwrap().explanation, all.scores[0].explained);
/// # Ok::<(), forewarn::Error>(())
/// ```
pub struct Scorer<'a> {
    model: &'a RiskModel,
    on: Snapshot<'a>,
    features: DayFeatures<'a>,
}

impl std::ops::Deref for RowScore {
    type Target = Explanation;

    fn deref(&self) -> &Explanation {
        &self.explanation
    }
}

impl OneScore {
    /// The score, where there is one.
    pub fn scored(&self) -> Option<&RowScore> {
        match self {
            OneScore::Scored(score) => Some(score),
            OneScore::NotScored(_) => None,
        }
    }
}

impl RiskModel {
    /// Prepares a day: what is ranked is looked up once for all organisations.
    ///
    /// # Errors
    /// Those of [`score`](Self::score); [`Error::InvalidValue`] if figures count as known otherwise
    /// than in training.
    pub fn scorer<'a>(&'a self, on: Snapshot<'a>) -> Result<Scorer<'a>> {
        self.check_probability()?;
        self.check_service(on.panel())?;
        self.check_days(std::iter::once(on.date()))?;
        if on.knowledge() != self.knowledge() {
            return Err(Error::InvalidValue {
                what: "knowledge of a snapshot",
                found: on.knowledge().to_string(),
                expected: format!("{}, as in training", self.knowledge()),
            });
        }
        Ok(Scorer {
            model: self,
            on,
            features: on.prepared(self.recipe())?,
        })
    }

    /// The score of one organisation, to the bit that of [`score`](Self::score). With a recipe
    /// that ranks, [`scorer`](Self::scorer) is the way to score several.
    ///
    /// # Errors
    /// Those of [`scorer`](Self::scorer); [`Error::UnknownAuthority`].
    pub fn score_one(&self, on: Snapshot<'_>, organisation: OrganisationCode) -> Result<OneScore> {
        self.scorer(on)?.score(organisation)
    }

    /// Scores rows of its features, with what each is made of: contributions and baseline add up to
    /// the linear predictor.
    ///
    /// # Errors
    /// Those of [`linear_predictors`](Self::linear_predictors).
    pub fn explain(&self, matrix: &FeatureMatrix) -> Result<Vec<RowScore>> {
        self.check_probability()?;
        self.linear_predictors(matrix)?;
        Ok(rows(self, None, matrix))
    }
}

impl Scorer<'_> {
    /// One organisation.
    ///
    /// # Errors
    /// [`Error::UnknownAuthority`] if the register lacks it or it does not exist on the day.
    pub fn score(&mut self, organisation: OrganisationCode) -> Result<OneScore> {
        let known = self.on.panel().register().get(organisation);
        let known = known.filter(|a| a.exists_on(self.on.date()));
        let Some(known) = known else {
            return Err(Error::UnknownAuthority {
                found: organisation.to_string(),
                expected: None,
            });
        };
        if !known.scored {
            let refused = NotScored::new(self.on, organisation, Refusal::TooSmall);
            return Ok(OneScore::NotScored(refused));
        }
        let matrix = self.features.of(organisation)?;
        check_units(self.model, &matrix)?;
        let refused = too_little(self.model.recipe(), matrix.columns(), matrix.row(0));
        if let Some(why) = refused {
            let refused = NotScored::new(self.on, organisation, why);
            return Ok(OneScore::NotScored(refused));
        }
        let mut scored = rows(self.model, Some(self.on), &matrix);
        // One row was asked for.
        let one = scored.swap_remove(0);
        Ok(OneScore::Scored(Box::new(one)))
    }
}

fn rows(model: &RiskModel, on: Option<Snapshot<'_>>, matrix: &FeatureMatrix) -> Vec<RowScore> {
    let latest = matrix.rows().iter().map(|(_, day)| *day).max();
    let as_of = latest.unwrap_or(model.training().date);
    let nobody = vec![false; matrix.rows().len()];
    let spread = Spread::new(model, matrix, as_of, &nobody, 1);
    let rows = matrix.rows().iter().enumerate();
    rows.map(|(row, &(organisation, _))| {
        let cells = matrix.row(row);
        let explanation = Explanation::new(model, on, organisation, matrix.columns(), cells);
        RowScore {
            interval: spread.interval(row, explanation.linear_predictor),
            explanation,
        }
    })
    .collect()
}
