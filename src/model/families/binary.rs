//! Families of the event alone: ridge, Firth's, and constrained.

use ndarray::Axis;

use super::sample::{Fitted, Sample};
use crate::data::Direction;
use crate::error::Result;
use crate::fit::held_out::{LogitRows, held_out};
use crate::fit::newton::Optimum;
use crate::fit::path::{Draws, Fit};
use crate::fit::{Belief, ConstrainedParams, FirthParams, InterceptCorrection, Logistic};
use crate::model::linear::Linear;

impl Sample<'_> {
    pub(super) fn ridge(&self, penalties: &[f64]) -> Result<Vec<Fitted>> {
        let known = self.known.iter();
        let pulls = penalties.iter().map(|penalty| {
            let drawn = known.clone().map(|known| penalty * known);
            self.draws(drawn.collect())
        });
        let pulls: Vec<Draws> = pulls.collect();
        let fits = self.path(self.x.view(), &pulls)?;
        let fitted = |fit: Fit| self.fitted(Linear::from(&fit.logistic), fit.held_out);
        Ok(fits.into_iter().map(fitted).collect())
    }

    pub(super) fn firth(&self, correction: InterceptCorrection) -> Result<Vec<Fitted>> {
        let params = FirthParams::new().correction(correction);
        let firth = params.fit_weighted(self.x.view(), &self.events, &self.counts)?;
        let logistic = firth.logistic();
        // The pull of the likelihood itself counts as unchanged by the rows left out.
        let held_out = self.held_out(logistic, &[], &Draws::none(self.x.ncols() + 1));
        Ok(vec![self.fitted(Linear::from(logistic), held_out)])
    }

    pub(super) fn constrained(&self, penalties: &[f64]) -> Result<Vec<Fitted>> {
        let mut directions = self.directions.clone();
        directions.resize(self.x.ncols(), Direction::None);
        let fit = |penalty: &f64| {
            let draws = self.draws(self.known.iter().map(|known| penalty * known).collect());
            let rows = self.mass();
            let pulls = draws.per_row.iter().zip(&draws.fixed).skip(1);
            let beliefs = pulls.map(|(row, fixed)| Belief {
                centre: 0.0,
                precision: row * rows + fixed,
            });
            let params = ConstrainedParams::new()
                .beliefs(beliefs.collect())
                .directions(directions.clone());
            let found = match self.counts.iter().all(|&count| count == 1.0) {
                true => params.fit_rows(self.x.view(), &self.events)?,
                false => params.fit_weighted(self.x.view(), &self.events, &self.counts)?,
            };
            let mut linear = Linear::from(found.logistic());
            linear.report.alpha = penalty * rows;
            let held: Vec<usize> = found.binding().iter().map(|b| b.column).collect();
            let held_out = self.held_out(found.logistic(), &held, &draws);
            Ok(self.fitted(linear, held_out))
        };
        penalties.iter().map(fit).collect()
    }

    /// What a logistic fit says of rows that it did not see; columns held at 0 stay there.
    pub(super) fn held_out(&self, logistic: &Logistic, held: &[usize], draws: &Draws) -> Vec<f64> {
        let free: Vec<usize> = (0..self.x.ncols()).filter(|j| !held.contains(j)).collect();
        let places: Vec<usize> = [0].into_iter().chain(free.iter().map(|j| j + 1)).collect();
        let pick = |values: &[f64]| places.iter().map(|&j| values[j]).collect::<Vec<f64>>();
        let information = logistic.information();
        let part = places
            .iter()
            .flat_map(|&i| places.iter().map(move |&j| information[[i, j]]));
        let optimum = Optimum::at(pick(&logistic.start()), part);
        let x = self.x.select(Axis(1), &free);
        let (per_row, centres) = (pick(&draws.per_row), pick(&draws.centres));
        let rows = LogitRows {
            x: x.view(),
            y: &self.events,
            weights: &self.counts,
            per_row: &per_row,
            centres: &centres,
        };
        held_out(&rows, &optimum, &self.clusters, self.events.len())
    }
}

impl Optimum {
    /// A point that is known to be one, with its information.
    fn at(beta: Vec<f64>, information: impl Iterator<Item = f64>) -> Self {
        Optimum {
            beta,
            objective: f64::NAN,
            gradient_norm: 0.0,
            information: information.collect(),
            iterations: 0,
            step_halvings: 0,
        }
    }
}
