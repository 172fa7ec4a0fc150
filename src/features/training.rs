//! Training rows: judgements known on a day, each with features as of before its inspection.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::matrix::FeatureMatrix;
use super::recipe::FeatureRecipe;
use crate::data::{
    Framework, Grade, Inspection, Judgements, Knowledge, OrganisationCode, OutcomeRule,
    ServiceName, Snapshot,
};
use crate::error::{Error, Result};

/// A number of calendar months.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Months(pub u16);

impl fmt::Display for Months {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Months {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        text.parse().map(Months).map_err(|_| Error::InvalidValue {
            what: "months",
            found: text.to_owned(),
            expected: "a whole number from 0 to 65535".to_owned(),
        })
    }
}

/// One inspection to learn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainingRow {
    /// The authority.
    pub organisation: OrganisationCode,
    /// The framework.
    pub framework: Framework,
    /// First day of the inspection, or the day assumed for it.
    pub start: Date,
    /// Whether the start is unknown and was assumed.
    pub start_assumed: bool,
    /// The day that its features are as of.
    pub as_of: Date,
    /// The day on which the judgement became known.
    pub published: Date,
    /// Whether the event happened.
    pub event: bool,
    /// The grade that the outcome rule looks at: Inadequate is the event.
    pub grade: Grade,
    /// Every judgement of the inspection.
    pub judgements: Judgements,
    /// How often the row counts: 1 for an inspection, less where several rows are of one.
    pub weight: f64,
}

/// Why a judgement known on the day is not learned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Exclusion {
    /// It is of no full inspection under a framework that is like the others.
    NotLikeForLike,
    /// The register lacks its organisation.
    NotInRegister,
    /// The register says that the organisation is too small to score.
    TooSmall,
    /// It has no judgement that the outcome rule looks at.
    NoJudgement,
    /// Nobody could know of its organisation that many months ahead.
    NotYetKnown,
    /// No figure of the recipe was known before the inspection.
    NoFigure,
}

/// Judgements known on the day that are not learned from, by reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excluded {
    /// Why.
    pub why: Exclusion,
    /// How many.
    pub count: usize,
}

/// Everything that a model may learn from on a day.
#[derive(Clone, Debug)]
pub struct TrainingSet {
    service: ServiceName,
    recipe: FeatureRecipe,
    outcome_rule: OutcomeRule,
    knowledge: Knowledge,
    lead: Months,
    date: Date,
    matrix: FeatureMatrix,
    rows: Vec<TrainingRow>,
    excluded: Vec<Excluded>,
}

/// What a training set from plain arrays is made of.
pub(super) struct Plain {
    pub(super) recipe: FeatureRecipe,
    pub(super) outcome_rule: OutcomeRule,
    pub(super) date: Date,
    pub(super) matrix: FeatureMatrix,
    pub(super) rows: Vec<TrainingRow>,
}

impl Months {
    /// The day that many months before `date`.
    pub fn before(self, date: Date) -> Date {
        date.saturating_sub(Span::new().months(i64::from(self.0)))
    }
}

impl<'a> Snapshot<'a> {
    /// The SIF and ILACS inspections whose judgement was published before the snapshot's day, with
    /// features as of the day before each started, or `lead` months before that day.
    ///
    /// # Errors
    /// [`Error::NothingToTrainOn`] if there is none, [`Error::UnknownIndicator`].
    pub fn training(
        self,
        recipe: &FeatureRecipe,
        outcome_rule: OutcomeRule,
        lead: Months,
    ) -> Result<TrainingSet> {
        let mut excluded: BTreeMap<Exclusion, usize> = BTreeMap::new();
        let mut rows = Vec::new();
        let known = self
            .panel()
            .inspections()
            .iter()
            .filter(|i| i.published < self.date());
        let mut judged = 0;
        for inspection in known {
            judged += 1;
            match self.training_row(inspection, outcome_rule, lead) {
                Ok(row) => rows.push(row),
                Err(why) => *excluded.entry(why).or_default() += 1,
            }
        }
        self.set_of(recipe, outcome_rule, lead, rows, excluded, judged)
    }

    /// The training set of rows that were chosen otherwise than by the start of an inspection.
    pub(super) fn set(
        self,
        recipe: &FeatureRecipe,
        outcome_rule: OutcomeRule,
        rows: Vec<TrainingRow>,
    ) -> Result<TrainingSet> {
        let judged = rows.len();
        self.set_of(
            recipe,
            outcome_rule,
            Months(0),
            rows,
            BTreeMap::new(),
            judged,
        )
    }

    fn set_of(
        self,
        recipe: &FeatureRecipe,
        outcome_rule: OutcomeRule,
        lead: Months,
        mut rows: Vec<TrainingRow>,
        mut excluded: BTreeMap<Exclusion, usize>,
        judged: usize,
    ) -> Result<TrainingSet> {
        let on: Vec<_> = rows.iter().map(|r| (r.organisation, r.as_of)).collect();
        let mut matrix = self.features_for(recipe, on)?;
        let keep: Vec<bool> = (0..rows.len())
            .map(|row| matrix.row(row).iter().any(|cell| cell.is_present()))
            .collect();
        let blank = keep.iter().filter(|k| !**k).count();
        if blank > 0 {
            excluded.insert(Exclusion::NoFigure, blank);
            let kept: Vec<usize> = (0..rows.len()).filter(|&row| keep[row]).collect();
            matrix = matrix.take_rows(&kept);
            rows = kept.into_iter().map(|row| rows[row]).collect();
        }
        if rows.is_empty() {
            return Err(Error::NothingToTrainOn {
                before: self.date(),
                judged,
            });
        }
        Ok(TrainingSet {
            service: self.panel().service().name(),
            recipe: recipe.clone(),
            outcome_rule,
            knowledge: self.knowledge(),
            lead,
            date: self.date(),
            matrix,
            rows,
            excluded: excluded
                .into_iter()
                .map(|(why, count)| Excluded { why, count })
                .collect(),
        })
    }

    /// The row of an inspection, or why it is not learned from.
    pub(crate) fn training_row(
        self,
        inspection: &Inspection,
        outcome_rule: OutcomeRule,
        lead: Months,
    ) -> std::result::Result<TrainingRow, Exclusion> {
        if !inspection.is_like_for_like() {
            return Err(Exclusion::NotLikeForLike);
        }
        let authority = self.panel().register().get(inspection.organisation);
        if !authority.ok_or(Exclusion::NotInRegister)?.scored {
            return Err(Exclusion::TooSmall);
        }
        let grade = outcome_rule
            .grade(inspection)
            .ok_or(Exclusion::NoJudgement)?;
        let start = inspection.anchor();
        let day_before = start.saturating_sub(Span::new().days(1));
        let as_of = lead.before(day_before);
        if lead > Months(0) && !self.on(as_of).knows(inspection.organisation) {
            return Err(Exclusion::NotYetKnown);
        }
        Ok(TrainingRow {
            organisation: inspection.organisation,
            framework: inspection.framework,
            start,
            start_assumed: inspection.start.is_none(),
            as_of,
            published: inspection.published,
            event: outcome_rule.is_event(grade),
            grade,
            judgements: inspection.judgements,
            weight: 1.0,
        })
    }
}

impl TrainingSet {
    /// The service whose inspections they are; `values` where they came from plain arrays.
    pub fn service(&self) -> ServiceName {
        self.service
    }

    pub(super) fn of_parts(plain: Plain) -> TrainingSet {
        TrainingSet {
            service: ServiceName::literal("values"),
            recipe: plain.recipe,
            outcome_rule: plain.outcome_rule,
            knowledge: Knowledge::default(),
            lead: Months(0),
            date: plain.date,
            matrix: plain.matrix,
            rows: plain.rows,
            excluded: Vec::new(),
        }
    }

    /// The recipe of the features.
    pub fn recipe(&self) -> &FeatureRecipe {
        &self.recipe
    }

    /// What counts as the event.
    pub fn outcome_rule(&self) -> OutcomeRule {
        self.outcome_rule
    }

    /// When figures count as known.
    pub fn knowledge(&self) -> Knowledge {
        self.knowledge
    }

    /// Months between the features and the day before the inspection.
    pub fn lead(&self) -> Months {
        self.lead
    }

    /// The day before which all judgements were published.
    pub fn date(&self) -> Date {
        self.date
    }

    /// The features, one row for each of [`TrainingSet::rows`].
    pub fn matrix(&self) -> &FeatureMatrix {
        &self.matrix
    }

    /// The inspections, by authority and publication.
    pub fn rows(&self) -> &[TrainingRow] {
        &self.rows
    }

    /// The inspections, to weigh them.
    pub(super) fn rows_mut(&mut self) -> &mut [TrainingRow] {
        &mut self.rows
    }

    /// Judgements known on the day that are not learned from.
    pub fn excluded(&self) -> &[Excluded] {
        &self.excluded
    }

    /// The rows of these numbers, in that order; a number may stand several times.
    pub(crate) fn take_rows(&self, numbers: &[usize]) -> TrainingSet {
        TrainingSet {
            matrix: self.matrix.take_rows(numbers),
            rows: numbers.iter().map(|&row| self.rows[row]).collect(),
            recipe: self.recipe.clone(),
            excluded: self.excluded.clone(),
            ..*self
        }
    }

    /// What of these rows was known on an earlier day: the judgements published before it. Why
    /// others are not learned from is not told again.
    pub(crate) fn published_before(&self, day: Date) -> TrainingSet {
        let rows = self.rows.iter().enumerate();
        let known = rows.filter(|(_, row)| row.published < day);
        let numbers: Vec<usize> = known.map(|(number, _)| number).collect();
        TrainingSet {
            date: day.min(self.date),
            excluded: Vec::new(),
            ..self.take_rows(&numbers)
        }
    }

    /// The same rows with one feature alone.
    pub(crate) fn column(&self, column: usize) -> Result<TrainingSet> {
        let feature = self.recipe.features()[column];
        Ok(TrainingSet {
            recipe: FeatureRecipe::new(&feature.name(), vec![feature])?,
            matrix: self.matrix.column(column),
            rows: self.rows.clone(),
            excluded: self.excluded.clone(),
            ..*self
        })
    }

    /// How many of the rows have the event.
    pub fn events(&self) -> usize {
        self.rows.iter().filter(|r| r.event).count()
    }
}
