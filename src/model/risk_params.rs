//! What a risk model is fitted by.

use super::family::{AVERAGED, Family};
use super::penalty::Penalty;
use super::recalibrate::RecalibrationParams;
use super::training_record::{MemberFit, TrainingRecord};

/// An unfitted risk model: log-odds that are linear in standardised features or themes, and follow
/// the rate of now.
///
/// ```
/// use forewarn::data::OutcomeRule;
/// use forewarn::features::{FeatureRecipe, Months};
/// use forewarn::jiff::civil::date;
/// use forewarn::model::{Family, RiskParams};
/// use forewarn::simulate::SimulationParams;
///
/// let panel = SimulationParams::default().simulate()?.panel();
/// let today = panel.as_of(date(2024, 6, 1));
/// let training = today.training(&FeatureRecipe::default(), OutcomeRule::default(), Months(0))?;
/// // Two of the four themes at most, by a penalty that is stated and not learned.
/// let model = RiskParams::of("ridge".parse::<Family>()?).penalty(0.05).at_most(2).fit(&training)?;
/// assert_eq!(model.coefficients().len(), 2);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct RiskParams {
    pub(super) family: Family,
    pub(super) members: Vec<Family>,
    pub(super) penalty: Penalty,
    // Of each member, where the weights of its penalties are held.
    pub(super) held: Option<Vec<MemberFit>>,
    pub(super) at_most: Option<usize>,
    pub(super) recalibration: RecalibrationParams,
}

impl Default for RiskParams {
    /// [`Family::default`].
    fn default() -> Self {
        RiskParams::of(Family::default())
    }
}

impl RiskParams {
    /// Ridge logistic regression; log-odds are averaged over penalties.
    pub fn ridge() -> Self {
        RiskParams::of(Family::Ridge)
    }

    /// A model of the given family; where it has a penalty, log-odds are averaged over penalties.
    pub fn of(family: Family) -> Self {
        RiskParams {
            family,
            members: match family {
                Family::Average => AVERAGED.to_vec(),
                _ => vec![family],
            },
            penalty: Penalty::Averaged,
            held: None,
            at_most: None,
            recalibration: RecalibrationParams::default(),
        }
    }

    /// The mean of the log-odds of these families, which should be chosen before their results are
    /// seen.
    pub fn average(members: Vec<Family>) -> Self {
        RiskParams {
            members,
            ..RiskParams::of(Family::Average)
        }
    }

    /// What a model was fitted by, to fit it again.
    pub(super) fn again(family: Family, record: &TrainingRecord) -> Self {
        RiskParams {
            family,
            members: record.members.iter().map(|m| m.family).collect(),
            penalty: match record.penalty {
                None => Penalty::Averaged,
                Some(penalty) => Penalty::PerObservation(penalty),
            },
            held: None,
            at_most: record.most_features,
            recalibration: record.recalibration_params,
        }
    }

    /// The same with the weights of the penalties held at what a model found.
    pub(crate) fn holding(&self, record: &TrainingRecord) -> Self {
        RiskParams {
            held: Some(record.members.clone()),
            ..self.clone()
        }
    }

    /// The family.
    pub fn family(&self) -> Family {
        self.family
    }

    /// The same with a stated penalty per observation.
    pub fn penalty(self, per_observation: f64) -> Self {
        RiskParams {
            penalty: Penalty::PerObservation(per_observation),
            ..self
        }
    }

    /// The same with no more than this many features or themes, at least one, chosen in every fit
    /// by the penalised likelihood of its training window: forwards, one after the other, while
    /// each raises the log-likelihood by more than 1.
    pub fn at_most(self, features: usize) -> Self {
        RiskParams {
            at_most: Some(features),
            ..self
        }
    }

    /// The same with another calibration in time.
    pub fn recalibrated(self, recalibration: RecalibrationParams) -> Self {
        RiskParams {
            recalibration,
            ..self
        }
    }

    /// How risks follow the rate of now.
    pub fn recalibration(&self) -> RecalibrationParams {
        self.recalibration
    }

    /// How many features may be chosen at most, if that was limited.
    pub fn most_features(&self) -> Option<usize> {
        self.at_most
    }
}
