//! What was judged, and when it was published.

use jiff::{Span, civil::Date};

use super::code::OrganisationCode;
use super::framework::{Framework, Scope};
use super::grade::Grade;
use super::judgement::{JudgementKey, Judgements};

/// One inspection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspection {
    /// The authority inspected.
    pub organisation: OrganisationCode,
    /// Under which framework.
    pub framework: Framework,
    /// Kind of inspection within the framework: `first`, `reinspection`, `short`, `standard`...
    pub kind: String,
    /// Which services it covered.
    pub scope: Scope,
    /// First day of fieldwork, where known.
    pub start: Option<Date>,
    /// Last day of fieldwork, where known.
    pub end: Option<Date>,
    /// The day on which the report was published.
    pub published: Date,
    /// Where that day was read from, in the words of the source.
    pub published_basis: String,
    /// What was judged.
    pub judgements: Judgements,
    /// Whether `in_care` covers care leavers too, where stated.
    pub in_care_includes_care_leavers: Option<bool>,
}

impl Inspection {
    /// The first day of fieldwork, or a day so long before publication as its framework says.
    pub fn anchor(&self) -> Date {
        self.start.unwrap_or_else(|| {
            let days = Span::new().days(self.framework.days_to_publication());
            self.published.saturating_sub(days)
        })
    }

    /// The key judgements of the inspection: those that decide the overall grade under its
    /// framework.
    pub fn key_judgements(&self) -> impl Iterator<Item = Grade> {
        let keys = self.framework.key_judgements();
        keys.filter_map(|key| self.judgements.get(key))
    }

    /// The overall grade, or, where none is given any more, the worst key judgement.
    pub fn grade(&self) -> Option<Grade> {
        let overall = self.judgements.get(JudgementKey::OVERALL);
        overall.or_else(|| self.key_judgements().max())
    }

    /// Whether it covered the whole service under a framework whose outcomes are like for like.
    pub fn is_like_for_like(&self) -> bool {
        self.scope.is_full() && self.framework.is_like_for_like()
    }
}

/// An authority's judgements as known on a day, the newest first.
#[derive(Clone, Copy, Debug)]
pub struct JudgementHistory<'a> {
    // Sorted by publication, oldest first, all published on or before `on`.
    inspections: &'a [Inspection],
    on: Date,
}

impl<'a> JudgementHistory<'a> {
    pub(super) fn new(inspections: &'a [Inspection], on: Date) -> Self {
        let known = inspections.partition_point(|i| i.published <= on);
        JudgementHistory {
            inspections: &inspections[..known],
            on,
        }
    }

    /// The inspections, the newest first.
    pub fn iter(self) -> impl Iterator<Item = &'a Inspection> {
        self.inspections.iter().rev()
    }

    /// The newest inspection with a grade that speaks for the organisation.
    pub fn last_graded(self) -> Option<&'a Inspection> {
        self.iter()
            .find(|i| i.scope.speaks_for_all() && i.grade().is_some())
    }

    /// The grade of the newest inspection that speaks for the organisation.
    pub fn previous_grade(self) -> Option<Grade> {
        self.last_graded().and_then(Inspection::grade)
    }

    /// The mean number of the grades of up to `last` of the newest inspections that speak for the
    /// organisation.
    pub fn mean_of_grades(self, last: usize) -> Option<f64> {
        let speaking = self.iter().filter(|i| i.scope.speaks_for_all());
        let graded = speaking.filter_map(Inspection::grade).take(last);
        let numbers: Vec<f64> = graded.map(Grade::number).collect();
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        (!numbers.is_empty()).then_some(mean)
    }

    /// Years from the publication of that inspection to the day of the history.
    pub fn years_since_last(self) -> Option<f64> {
        self.last_graded().map(|i| self.years_since(i))
    }

    /// The worst key judgement of the newest inspection that speaks for the organisation; its grade
    /// where it had none.
    pub fn worst_key_judgement(self) -> Option<Grade> {
        let last = self.last_graded()?;
        last.key_judgements().max().or_else(|| last.grade())
    }

    /// The mean number of the key judgements of that inspection, from 1 to 4; that of its grade
    /// where it had none.
    pub fn mean_key_judgement(self) -> Option<f64> {
        let last = self.last_graded()?;
        let numbers: Vec<f64> = last.key_judgements().map(Grade::number).collect();
        match numbers.len() {
            0 => last.grade().map(Grade::number),
            n => Some(numbers.iter().sum::<f64>() / n as f64),
        }
    }

    /// Years from the publication of the newest graded full inspection to the day of the history.
    pub fn years_since_full(self) -> Option<f64> {
        let full = |i: &&Inspection| i.is_like_for_like() && i.grade().is_some();
        self.iter().find(full).map(|i| self.years_since(i))
    }

    fn years_since(self, inspection: &Inspection) -> f64 {
        f64::from((self.on - inspection.published).get_days()) / 365.25
    }

    /// Whether any inspection known by then was given the worst grade.
    pub fn failed_before(self) -> bool {
        self.iter().any(failed)
    }

    /// Persistent failure: the worst grade twice within five years (NAO 2016, Figure 15).
    pub fn persistent_failure(self) -> bool {
        let failed: Vec<Date> = self
            .iter()
            .filter(|i| failed(i))
            .map(|i| i.published)
            .collect();
        failed
            .windows(2)
            .any(|w| w[0].saturating_sub(Span::new().years(5)) <= w[1])
    }

    /// Systemic failure: the newest like-for-like inspection has the worst grade in every key
    /// judgement (NAO 2016, Figure 15). `None` without such an inspection.
    pub fn systemic_failure(self) -> Option<bool> {
        let last = self.iter().find(|i| i.is_like_for_like())?;
        let mut grades = last.key_judgements().peekable();
        grades.peek()?;
        Some(grades.all(Grade::is_worst))
    }
}

fn failed(inspection: &Inspection) -> bool {
    inspection.grade().is_some_and(Grade::is_worst)
}
