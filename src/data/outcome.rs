//! What counts as the event.

use std::fmt;

use serde::{Serialize, Serializer};

use super::grade::Grade;
use super::inspection::Inspection;
use super::intern::Interner;
use super::judgement::{JudgementKey, Keys};

/// What counts as the event: any of some judgements at a grade or worse.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutcomeRule(&'static OutcomeRow);

/// A rule as it is declared.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OutcomeRow {
    /// Its name in files and on the command line.
    pub(crate) name: &'static str,
    /// In words that follow "were": "judged Inadequate overall".
    pub(crate) words: &'static str,
    pub(crate) judged: Judged,
    /// The best grade that is the event.
    pub(crate) from: Grade,
    /// Why the data can give no probability of it; empty where they can.
    pub(crate) no_probability: &'static str,
}

/// Which judgements decide.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Judged {
    /// The overall one and those that are key under the inspection's framework.
    OverallAndKey,
    /// These.
    Any(Keys),
}

static DECLARED: Interner<OutcomeRow> = Interner::new();

impl OutcomeRule {
    pub(crate) const fn built_in(row: &'static OutcomeRow) -> Self {
        OutcomeRule(row)
    }

    pub(crate) fn declare(row: OutcomeRow) -> Self {
        OutcomeRule(DECLARED.get(row))
    }

    /// The rule's name in files and on the command line.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// What it means, in words that follow "were".
    pub fn words(self) -> &'static str {
        self.0.words
    }

    /// The best grade that is the event.
    pub fn from_grade(self) -> Grade {
        self.0.from
    }

    /// Why the published data can give no probability of it, where they cannot.
    pub fn no_probability(self) -> Option<&'static str> {
        Some(self.0.no_probability).filter(|why| !why.is_empty())
    }

    /// Whether the event happened; `None` where the inspection does not say.
    pub fn event(self, inspection: &Inspection) -> Option<bool> {
        self.grade(inspection).map(|grade| self.is_event(grade))
    }

    /// Whether a grade is the event.
    pub fn is_event(self, grade: Grade) -> bool {
        grade.place() >= self.0.from.place()
    }

    /// The grade that decides.
    pub fn grade(self, inspection: &Inspection) -> Option<Grade> {
        let judgements = &inspection.judgements;
        match self.0.judged {
            Judged::OverallAndKey => judgements
                .get(JudgementKey::OVERALL)
                .into_iter()
                .chain(inspection.key_judgements())
                .max(),
            Judged::Any(keys) => keys.iter().filter_map(|key| judgements.get(key)).max(),
        }
    }
}

impl fmt::Debug for OutcomeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for OutcomeRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for OutcomeRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
