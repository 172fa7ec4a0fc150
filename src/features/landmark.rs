//! Landmarks: what was known at every quarter end, and what was judged within a horizon of it.
//!
//! A row is an organisation at a quarter end; its window closed by the day on which is learned, so
//! that nothing of it is unknown (van Houwelingen 2007, *Scandinavian Journal of Statistics*
//! 34:70-85). The first full judgement published in the window decides. An organisation that is
//! abolished in its window without one counts as not judged, and is counted.

use jiff::{Span, civil::Date};

use super::recipe::FeatureRecipe;
use super::training::{Excluded, Months, TrainingRow, TrainingSet};
use crate::data::{Authority, AuthorityCode, Grade, Inspection, OutcomeRule, Snapshot};
use crate::error::Result;

/// An organisation at a quarter end whose window has closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Landmark {
    /// The organisation.
    pub organisation: AuthorityCode,
    /// The quarter end.
    pub on: Date,
    /// What timing is known by.
    pub standing: Standing,
    /// The publication of the first full judgement in the window, and whether it was the event;
    /// `None` where there was no judgement.
    pub judged: Option<(Date, bool)>,
    /// Whether it was abolished in its window without a judgement.
    pub abolished: bool,
}

/// What the time to the next full inspection is known by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// The newest grade known.
    pub grade: Option<Grade>,
    /// Years since the newest graded full inspection was published, or since the organisation was
    /// formed; `None` where neither is known.
    pub years: Option<f64>,
}

/// All closed landmarks of a horizon, and those that were judged as a training set.
#[derive(Clone, Debug)]
pub struct Landmarks {
    /// Months after a landmark in which a judgement counts.
    pub horizon: Months,
    /// Every landmark, by organisation and day.
    pub all: Vec<Landmark>,
    /// Those judged, with features as of their landmarks; the rows of one judgement count as one.
    pub judged: TrainingSet,
}

impl Months {
    /// The day that many months after `date`.
    pub fn after(self, date: Date) -> Date {
        date.saturating_add(Span::new().months(i64::from(self.0)))
    }
}

impl<'a> Snapshot<'a> {
    /// What the time to an organisation's next full inspection is known by on the day.
    pub fn standing(self, organisation: &Authority) -> Standing {
        let history = self.judgements(organisation.code);
        let formed = organisation
            .from
            .map(|from| f64::from((self.date() - from).get_days()) / 365.25);
        Standing {
            grade: history.previous_grade(),
            years: history.years_since_full().or(formed),
        }
    }

    /// Landmarks at quarter ends, from the first on which a full judgement was known to the last
    /// whose window closed before the day.
    ///
    /// # Errors
    /// [`Error::NothingToTrainOn`](crate::Error::NothingToTrainOn) if none was judged;
    /// [`Error::UnknownIndicator`](crate::Error::UnknownIndicator).
    pub fn landmarks(
        self,
        recipe: &FeatureRecipe,
        outcome_rule: OutcomeRule,
        horizon: Months,
    ) -> Result<Landmarks> {
        let mut all = Vec::new();
        let mut rows = Vec::new();
        let days = self.landmark_days(horizon);
        for organisation in self.panel().register().iter().filter(|a| a.scored) {
            let full: Vec<&Inspection> = self
                .judgements(organisation.code)
                .iter()
                .filter(|i| i.is_like_for_like() && outcome_rule.grade(i).is_some())
                .collect();
            for &day in days.iter().filter(|day| organisation.exists_on(**day)) {
                let end = horizon.after(day);
                let within = |i: &&&Inspection| i.published > day && i.published <= end;
                // The newest inspection comes first.
                let first = full.iter().rfind(within);
                let judged = first.and_then(|i| Some((i.published, outcome_rule.event(i)?)));
                all.push(Landmark {
                    organisation: organisation.code,
                    on: day,
                    standing: self.on(day).standing(organisation),
                    judged,
                    abolished: judged.is_none() && !organisation.exists_on(end),
                });
                if let Some(inspection) = first
                    && let Ok(row) = self.training_row(inspection, outcome_rule, Months(0))
                {
                    rows.push(TrainingRow { as_of: day, ..row });
                }
            }
        }
        let mut judged = self.set(recipe, outcome_rule, rows)?;
        share_weights(judged.rows_mut());
        Ok(Landmarks {
            horizon,
            all,
            judged,
        })
    }

    /// Quarter ends whose windows have closed, since a full judgement is known.
    fn landmark_days(self, horizon: Months) -> Vec<Date> {
        let inspections = self.panel().inspections().iter();
        let full = inspections.filter(|i| i.is_like_for_like() && i.published <= self.date());
        let Some(first) = full.map(|i| i.published).min() else {
            return Vec::new();
        };
        quarter_ends(first, self.date())
            .filter(|day| horizon.after(*day) < self.date())
            .collect()
    }
}

/// The quarter ends from one day to another, both included.
pub(crate) fn quarter_ends(from: Date, to: Date) -> impl Iterator<Item = Date> {
    let years = from.year()..=to.year();
    let ends = [(3, 31), (6, 30), (9, 30), (12, 31)];
    years
        .flat_map(move |year| {
            ends.into_iter()
                .filter_map(move |(month, day)| Date::new(year, month, day).ok())
        })
        .filter(move |day| (from..=to).contains(day))
}

/// The rows of one judgement count as one together.
fn share_weights(rows: &mut [TrainingRow]) {
    for same in
        rows.chunk_by_mut(|a, b| (a.organisation, a.published) == (b.organisation, b.published))
    {
        let share = 1.0 / same.len() as f64;
        same.iter_mut().for_each(|row| row.weight = share);
    }
}

impl Landmarks {
    /// Judgements that were not learned from, by reason.
    pub fn excluded(&self) -> &[Excluded] {
        self.judged.excluded()
    }
}
