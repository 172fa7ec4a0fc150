//! What a feature measures.

use serde::{Deserialize, Serialize};

use super::range::within;
use crate::data::{Catalogue, Direction, EventKind, IndicatorId, OutcomeRule, Service, Unit};
use crate::error::Result;

/// What one feature measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
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
    /// at least five of them must have one. Missing before the day of the neighbours' model.
    GapToNeighbours {
        /// The indicator.
        indicator: IndicatorId,
    },
    /// Experimental: how far the organisation's rank in its release moves from year to year, as
    /// the mean absolute change between neighbouring years: of up to `years` changes known, and at
    /// least two.
    Volatility {
        /// The indicator.
        indicator: IndicatorId,
        /// The most changes that are looked at, 2 to 5.
        years: u8,
    },
    /// The newest grade known: 1 Outstanding, 2 Good, 3 Requires improvement, 4 Inadequate.
    PreviousGrade,
    /// The same with Inadequate counted as Requires improvement: an Inadequate authority is
    /// monitored every quarter and inspected again when it is better.
    PreviousGradeCapped,
    /// The worst key judgement of the newest graded inspection; its grade where it had none.
    WorstKeyJudgement,
    /// The mean of the key judgements of the newest graded inspection; its grade where it had none.
    MeanKeyJudgement,
    /// Years since the newest graded inspection was published.
    YearsSinceInspection,
    /// Years since the newest graded full inspection was published.
    YearsSinceFullInspection,
    /// 1 if any inspection known was graded Inadequate, else 0.
    InadequateBefore,
    /// The mean of the grades, from 1 for the best, of the newest inspections that speak for the
    /// organisation.
    MeanGrade {
        /// Of up to so many, 1 to 20.
        last: u8,
    },
    /// One judgement of the newest inspection that speaks for the organisation, from 1 for the
    /// best; missing where it was not given.
    PreviousJudgement {
        /// Its column in the service.
        judgement: EventKind,
    },
    /// 1 if no graded inspection was known, else 0.
    FirstInspection,
    /// 1 if the newest value known of an attribute is this one, 0 if it is another; missing where
    /// none was known. Attributes are events: their kind is the attribute, their finding its value.
    Attribute {
        /// The attribute.
        attribute: EventKind,
        /// The value.
        value: EventKind,
        /// Whether having it is taken to be riskier.
        direction: Direction,
    },
    /// The share with an outcome at the newest inspection that says, among the *other*
    /// organisations of the same group: drawn towards a wider share by so many organisations' worth.
    ShareAmongOthers {
        /// The attribute whose value is the group.
        attribute: EventKind,
        /// The outcome.
        outcome: OutcomeRule,
        /// How many organisations the wider share is worth, 1 to 1,000.
        weight: u16,
        /// The wider group, whose own share is drawn to that of all; all, where not stated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        within: Option<Wider>,
    },
    /// 1 if such an event became known in the last `years` years, else 0.
    EventWithin {
        /// The kind of event.
        event: EventKind,
        /// What it has to have found; anything where not stated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        finding: Option<EventKind>,
        /// Years, 1 to 20.
        years: u8,
    },
    /// Years since the newest such event became known; missing where there was none.
    YearsSinceEvent {
        /// The kind of event.
        event: EventKind,
        /// What it has to have found; anything where not stated.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        finding: Option<EventKind>,
    },
}

/// A wider group, with what the share of all is worth beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wider {
    /// The attribute whose value is the group.
    pub attribute: EventKind,
    /// How many organisations the share of all is worth, 1 to 1,000.
    pub weight: u16,
}

impl Measure {
    /// The indicator measured, where there is one.
    pub fn indicator(self) -> Option<IndicatorId> {
        match self {
            Measure::Level { indicator }
            | Measure::Change { indicator, .. }
            | Measure::GapToEngland { indicator }
            | Measure::GapToNeighbours { indicator }
            | Measure::Volatility { indicator, .. } => Some(indicator),
            Measure::PreviousGrade
            | Measure::PreviousGradeCapped
            | Measure::WorstKeyJudgement
            | Measure::MeanKeyJudgement
            | Measure::YearsSinceInspection
            | Measure::YearsSinceFullInspection
            | Measure::InadequateBefore
            | Measure::MeanGrade { .. }
            | Measure::PreviousJudgement { .. }
            | Measure::FirstInspection
            | Measure::Attribute { .. }
            | Measure::ShareAmongOthers { .. }
            | Measure::EventWithin { .. }
            | Measure::YearsSinceEvent { .. } => None,
        }
    }

    /// Whether it is a figure of one release, a level, change or gap, so that it can be ranked.
    pub(super) fn is_figure(self) -> bool {
        !matches!(self, Measure::Volatility { .. }) && self.indicator().is_some()
    }

    /// The declared direction of the feature: that of its indicator; a worse grade, a failure or
    /// an event is taken to be riskier, the sooner the more; so is a figure that keeps moving.
    /// Nothing is claimed for the time since an inspection.
    ///
    /// # Errors
    /// [`Error::UnknownIndicator`](crate::Error::UnknownIndicator).
    pub fn direction(self, catalogue: &Catalogue) -> Result<Direction> {
        match self {
            Measure::Level { indicator }
            | Measure::Change { indicator, .. }
            | Measure::GapToEngland { indicator }
            | Measure::GapToNeighbours { indicator } => Ok(catalogue.get(indicator)?.direction),
            Measure::Volatility { .. }
            | Measure::PreviousGrade
            | Measure::PreviousGradeCapped
            | Measure::WorstKeyJudgement
            | Measure::MeanKeyJudgement
            | Measure::InadequateBefore
            | Measure::MeanGrade { .. }
            | Measure::PreviousJudgement { .. }
            | Measure::FirstInspection
            | Measure::ShareAmongOthers { .. }
            | Measure::EventWithin { .. } => Ok(Direction::HigherRiskier),
            Measure::Attribute { direction, .. } => Ok(direction),
            Measure::YearsSinceEvent { .. } => Ok(Direction::LowerRiskier),
            Measure::YearsSinceInspection | Measure::YearsSinceFullInspection => {
                Ok(Direction::None)
            }
        }
    }

    /// The unit of the feature's figures; `None` for grades, years, events and volatility.
    ///
    /// # Errors
    /// [`Error::UnknownIndicator`](crate::Error::UnknownIndicator).
    pub fn unit(self, catalogue: &Catalogue) -> Result<Option<Unit>> {
        match (self, self.indicator()) {
            (_, Some(indicator)) if self.is_figure() => Ok(Some(catalogue.get(indicator)?.unit)),
            (Measure::ShareAmongOthers { .. }, _) => Ok(Some(Unit::Proportion)),
            _ => Ok(None),
        }
    }

    /// What it is in words, to follow or precede a number.
    pub(super) fn label(self, catalogue: &Catalogue, service: &Service) -> Result<String> {
        let grades = service.grades().len();
        let worst = service.grades().last().map_or("", |grade| grade.words());
        let indicator = match self.indicator() {
            Some(id) => catalogue.get(id)?.name.as_str(),
            None => "",
        };
        Ok(match self {
            Measure::Level { .. } => indicator.to_owned(),
            Measure::Change { years: 1, .. } => format!("{indicator}, change in a year"),
            Measure::Change { years, .. } => format!("{indicator}, change in {years} years"),
            Measure::GapToEngland { .. } => format!("{indicator}, gap to {}", service.benchmark()),
            Measure::GapToNeighbours { .. } => {
                format!("{indicator}, gap to statistical neighbours")
            }
            Measure::Volatility { .. } => format!("{indicator}, yearly movement of rank"),
            Measure::PreviousGrade => format!("previous grade (1 best to {grades})"),
            Measure::PreviousGradeCapped => {
                let last = grades.saturating_sub(1);
                format!("previous grade (1 best to {last}, {worst} counted as {last})")
            }
            Measure::WorstKeyJudgement => {
                format!("worst previous key judgement (1 best to {grades})")
            }
            Measure::MeanKeyJudgement => {
                format!("mean previous key judgement (1 best to {grades})")
            }
            Measure::YearsSinceInspection => "years since the last inspection".to_owned(),
            Measure::YearsSinceFullInspection => "years since the last full inspection".to_owned(),
            Measure::InadequateBefore => format!("judged {worst} before"),
            Measure::MeanGrade { last } => format!("mean of the last {last} grades (1 best)"),
            Measure::PreviousJudgement { judgement } => {
                format!("previous judgement of {} (1 best)", spaced(judgement))
            }
            Measure::FirstInspection => "first inspection".to_owned(),
            Measure::Attribute {
                attribute, value, ..
            } => format!("{}: {}", spaced(attribute), spaced(value)),
            Measure::ShareAmongOthers {
                attribute, outcome, ..
            } => format!(
                "share {} among others of the same {}",
                outcome.words(),
                spaced(attribute)
            ),
            Measure::EventWithin {
                event,
                finding,
                years,
            } => {
                let years = match years {
                    1 => "last year".to_owned(),
                    years => format!("last {years} years"),
                };
                format!("{} in the {years}", event_words(event, finding))
            }
            Measure::YearsSinceEvent { event, finding } => {
                format!("years since {}", event_words(event, finding))
            }
        })
    }

    /// Its name in columns and files.
    pub(super) fn name(self) -> String {
        match self {
            Measure::Level { indicator } => indicator.to_string(),
            Measure::Change { indicator, years } => format!("{indicator}_change_{years}y"),
            Measure::GapToEngland { indicator } => format!("{indicator}_gap_to_england"),
            Measure::GapToNeighbours { indicator } => format!("{indicator}_gap_to_neighbours"),
            Measure::Volatility { indicator, years } => format!("{indicator}_volatility_{years}y"),
            Measure::PreviousGrade => "previous_grade".to_owned(),
            Measure::PreviousGradeCapped => "previous_grade_capped".to_owned(),
            Measure::WorstKeyJudgement => "worst_key_judgement".to_owned(),
            Measure::MeanKeyJudgement => "mean_key_judgement".to_owned(),
            Measure::YearsSinceInspection => "years_since_inspection".to_owned(),
            Measure::YearsSinceFullInspection => "years_since_full_inspection".to_owned(),
            Measure::InadequateBefore => "inadequate_before".to_owned(),
            Measure::MeanGrade { last } => format!("mean_of_last_{last}_grades"),
            Measure::PreviousJudgement { judgement } => format!("previous_{judgement}"),
            Measure::FirstInspection => "first_inspection".to_owned(),
            Measure::Attribute {
                attribute, value, ..
            } => format!("{attribute}_{value}"),
            Measure::ShareAmongOthers {
                attribute, outcome, ..
            } => format!("{outcome}_among_others_of_{attribute}"),
            Measure::EventWithin {
                event,
                finding,
                years,
            } => format!("{}_in_{years}y", event_name(event, finding)),
            Measure::YearsSinceEvent { event, finding } => {
                format!("years_since_{}", event_name(event, finding))
            }
        }
    }

    pub(super) fn check(self) -> Result<()> {
        match self {
            Measure::Change { years, .. } => within("feature, years", f64::from(years), 1.0, 5.0),
            Measure::Volatility { years, .. } => {
                within("feature, years", f64::from(years), 2.0, 5.0)
            }
            Measure::EventWithin { years, .. } => {
                within("feature, years", f64::from(years), 1.0, 20.0)
            }
            Measure::MeanGrade { last } => within("feature, last", f64::from(last), 1.0, 20.0),
            Measure::ShareAmongOthers {
                weight,
                within: wider,
                ..
            } => {
                let wider = wider.map(|wider| wider.weight);
                let mut weights = [Some(weight), wider].into_iter().flatten();
                weights.try_for_each(|w| within("feature, weight", f64::from(w), 1.0, 1000.0))
            }
            _ => Ok(()),
        }
    }
}

fn spaced(name: EventKind) -> String {
    name.as_str().replace('_', " ")
}

fn event_name(event: EventKind, finding: Option<EventKind>) -> String {
    finding.map_or_else(|| event.to_string(), |finding| format!("{event}_{finding}"))
}

fn event_words(event: EventKind, finding: Option<EventKind>) -> String {
    event_name(event, finding).replace('_', " ")
}
