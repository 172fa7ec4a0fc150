//! A back-test's predictions -> everything that is told of them.

use super::compare::{All, primary_of};
use super::half_life::half_lives;
use super::lead_curve::lead_curves;
use super::permutation::permutations;
use super::resampled::Resampled;
use super::rolling_origin::{Backtest, Prediction};
use super::selection::select;
use super::summary::{summaries, years};
use crate::error::Result;
use crate::stats::bootstrap::Bootstrap;

/// First years of the sets of rows, beside the first year tested: once agency and caseload figures
/// exist, and after the inspections that stopped in 2020.
const SINCE: [i16; 2] = [2018, 2020];

/// Predictions by recipe and lead, then model; candidates first.
pub(crate) struct Told<'a> {
    pub(crate) groups: &'a [Vec<Vec<Prediction>>],
    pub(crate) candidates: usize,
    pub(crate) first_year: i16,
    pub(crate) bootstrap: Bootstrap,
    pub(crate) permutations: Bootstrap,
}

impl Told<'_> {
    /// Fills in what is told.
    pub(crate) fn tell(&self, result: &mut Backtest) -> Result<()> {
        if self.groups.is_empty() {
            return Ok(());
        }
        let resampled = Resampled::new(self.groups, self.candidates, self.since(), self.bootstrap)?;
        let compared = All::new(&resampled, self.candidates);
        result.summary = summaries(&resampled, &compared, self.candidates, self.bootstrap)?;
        result.comparisons = compared.comparisons();
        result.primary = primary_of(&resampled);
        result.permutations = permutations(&resampled, self.candidates, self.permutations);
        result.lead_curves = lead_curves(self.groups, self.candidates, self.bootstrap)?;
        result.selection = select(
            self.groups,
            self.candidates,
            self.bootstrap,
            self.permutations,
        )?;
        for group in self.groups {
            for model in group {
                result.by_year.extend(years(model));
            }
            for model in &group[..self.candidates] {
                for since in self.since() {
                    let late = |p: &&Prediction| p.inspection_start.year() >= since;
                    let rows: Vec<&Prediction> = model.iter().filter(late).collect();
                    result.half_lives.extend(half_lives(&rows, since)?);
                }
            }
        }
        Ok(())
    }

    fn since(&self) -> Vec<i16> {
        let rows = self.groups.iter().flatten().flatten();
        let last = rows.map(|p| p.inspection_start.year()).max();
        let later = SINCE.into_iter();
        let later = later.filter(|year| *year > self.first_year && Some(*year) <= last);
        std::iter::once(self.first_year).chain(later).collect()
    }
}
