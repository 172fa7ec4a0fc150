//! A back-test's predictions -> everything that is told of them.

use super::compare::{All, Comparisons, Primary, primary_of};
use super::half_life::{HalfLife, half_lives};
use super::lead_curve::{LeadCurve, lead_curves};
use super::permutation::{Permutation, permutations};
use super::prediction::Prediction;
use super::resampled::Resampled;
use super::selection::{Selection, select};
use super::subset::Subset;
use super::summary::{Summary, YearSummary, summaries, years};
use crate::error::Result;
use crate::stats::bootstrap::Bootstrap;

/// First years of the sets of rows, beside the first year tested: once agency and caseload figures
/// exist, and after the inspections that stopped in 2020.
const SINCE: [i16; 2] = [2018, 2020];

/// Predictions by recipe and lead, then model; candidates first.
pub(crate) struct Tested<'a> {
    pub(crate) groups: &'a [Vec<Vec<Prediction>>],
    pub(crate) candidates: usize,
    pub(crate) first_year: i16,
    pub(crate) subsets: &'a [Subset],
    pub(crate) bootstrap: Bootstrap,
    pub(crate) permutations: Bootstrap,
}

/// What is told of them; empty where nothing could be scored.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) summary: Vec<Summary>,
    pub(crate) comparisons: Comparisons,
    pub(crate) primary: Option<Primary>,
    pub(crate) lead_curves: Vec<LeadCurve>,
    pub(crate) permutations: Vec<Permutation>,
    pub(crate) half_lives: Vec<HalfLife>,
    pub(crate) selection: Option<Selection>,
    pub(crate) by_year: Vec<YearSummary>,
}

impl Findings {
    /// The same of an outcome of which the data can give no probability.
    pub(crate) fn of_ranking_alone(self) -> Self {
        let summary = self.summary.into_iter().map(Summary::of_ranking_alone);
        Findings {
            summary: summary.collect(),
            half_lives: Vec::new(),
            by_year: Vec::new(),
            ..self
        }
    }
}

impl Tested<'_> {
    pub(crate) fn findings(&self) -> Result<Findings> {
        if self.groups.is_empty() {
            return Ok(Findings::default());
        }
        let (groups, candidates, bootstrap) = (self.groups, self.candidates, self.bootstrap);
        let resampled = Resampled::new(groups, candidates, self.since(), self.subsets, bootstrap)?;
        let compared = All::new(&resampled, candidates);
        Ok(Findings {
            summary: summaries(&resampled, &compared, candidates, bootstrap)?,
            comparisons: compared.comparisons(),
            primary: primary_of(&resampled),
            permutations: permutations(&resampled, candidates, self.permutations),
            lead_curves: lead_curves(groups, candidates, bootstrap)?,
            selection: select(groups, candidates, bootstrap, self.permutations)?,
            by_year: groups.iter().flatten().flat_map(|m| years(m)).collect(),
            half_lives: self.half_lives()?,
        })
    }

    fn half_lives(&self) -> Result<Vec<HalfLife>> {
        let mut found = Vec::new();
        let candidates = self.groups.iter().flat_map(|g| &g[..self.candidates]);
        for model in candidates {
            for since in self.since() {
                let late = |p: &&Prediction| p.inspection_start.year() >= since;
                let rows: Vec<&Prediction> = model.iter().filter(late).collect();
                found.extend(half_lives(&rows, since)?);
            }
        }
        Ok(found)
    }

    fn since(&self) -> Vec<i16> {
        let rows = self.groups.iter().flatten().flatten();
        let last = rows.map(|p| p.inspection_start.year()).max();
        let later = SINCE.into_iter();
        let later = later.filter(|year| *year > self.first_year && Some(*year) <= last);
        std::iter::once(self.first_year).chain(later).collect()
    }
}
