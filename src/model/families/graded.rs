//! Families of grades: ordinal, and pooled over judgements.

use super::sample::{Fitted, Sample};
use crate::data::Grade;
use crate::error::Result;
use crate::features::TrainingRow;
use crate::fit::cumulative::{Cumulative, CumulativeRows};
use crate::fit::event_intercept::EventIntercept;
use crate::fit::held_out::held_out;
use crate::fit::newton::Optimum;
use crate::fit::pooled::{Drawn, Table, drawn};
use crate::fit::{Ordinal, OrdinalParams};
use crate::model::linear::Linear;

impl Sample<'_> {
    /// A grade that nobody was given has no level. The highest is Inadequate: there are events.
    pub(super) fn ordinal(&self, penalties: &[f64]) -> Result<Vec<Fitted>> {
        let mut given: Vec<usize> = self.rows.iter().map(|r| r.grade.place()).collect();
        given.sort_unstable();
        given.dedup();
        let level = |r: &TrainingRow| given.partition_point(|&g| g < r.grade.place());
        let levels: Vec<usize> = self.rows.iter().map(level).collect();
        let params = OrdinalParams::new();
        let mut problem = params.problem(self.x.view(), &levels, given.len(), &self.counts)?;
        let own: Vec<Vec<usize>> = (0..levels.len()).map(|row| vec![row]).collect();
        let mut start = problem.null();
        let mut fits = Vec::with_capacity(penalties.len());
        for penalty in penalties {
            let (per_row, precisions) = self.slopes(*penalty);
            problem.precisions = precisions;
            let optimum = params
                .minimise(&problem, start)
                .map_err(|error| problem.refusal(error))?;
            let alpha = penalty * self.mass();
            let ordinal = Ordinal::from_optimum(&optimum, &problem, alpha)?;
            let linear = Linear::of_highest_grade(&ordinal, &self.events);
            let held_out = self.left_out(&problem, &optimum, &own, &per_row, None);
            start = optimum.beta;
            fits.push(self.fitted(linear, held_out));
        }
        Ok(fits)
    }

    pub(super) fn pooled(&self, penalties: &[f64]) -> Result<Vec<Fitted>> {
        let grade = |grade: Option<Grade>| grade.map(|g: Grade| g.place());
        let grades = self.rows.iter().map(|r| r.judgements.graded().map(grade));
        let grades: Vec<[Option<usize>; 5]> = grades.collect();
        let authorities: Vec<_> = self.rows.iter().map(|r| r.organisation).collect();
        let fit = |penalty: &f64| {
            let (per_row, precisions) = self.slopes(*penalty);
            let alpha = penalty * self.mass();
            let table = Table {
                x: self.x.view(),
                grades: &grades,
                events: &self.events,
                weights: &self.counts,
            };
            let Drawn {
                pooled,
                problem,
                optimum,
                rows,
            } = drawn(&table, &authorities, precisions, alpha)?;
            let mut own = vec![Vec::new(); self.events.len()];
            for (judged, &row) in rows.iter().enumerate() {
                own[row].push(judged);
            }
            let of_event = (pooled.intercept(), pooled.coefficients());
            let intercept =
                EventIntercept::new(of_event, self.x.view(), &self.events, &self.counts)?;
            let held_out = self.left_out(&problem, &optimum, &own, &per_row, Some(&intercept));
            Ok(self.fitted(Linear::of_pooled(&pooled), held_out))
        };
        penalties.iter().map(fit).collect()
    }

    /// For the slopes: the precision that each row brings, and all of it.
    pub(super) fn slopes(&self, penalty: f64) -> (Vec<f64>, Vec<f64>) {
        let draws = self.draws(self.known.iter().map(|known| penalty * known).collect());
        let rows = self.mass();
        let sums = draws.per_row.iter().zip(&draws.fixed).skip(1);
        let precisions = sums.map(|(row, fixed)| row * rows + fixed).collect();
        (draws.per_row[1..].to_vec(), precisions)
    }

    pub(super) fn left_out(
        &self,
        problem: &Cumulative,
        optimum: &Optimum,
        of: &[Vec<usize>],
        per_row: &[f64],
        intercept: Option<&EventIntercept>,
    ) -> Vec<f64> {
        let rows = CumulativeRows {
            problem,
            of,
            weights: &self.counts,
            per_row,
            x: self.x.view(),
            intercept,
        };
        held_out(&rows, optimum, &self.clusters, self.events.len())
    }
}
