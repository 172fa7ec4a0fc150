//! The features that a model needs of a day, and who has too few of them.

use jiff::civil::Date;

use super::explain::Explanation;
use super::horizon::{HorizonRisk, horizon_risks};
use super::not_scored::{NotScored, Refusal, never_scored, too_little};
use crate::data::{Panel, Snapshot};
use crate::error::{Error, Result};
use crate::features::{FeatureMatrix, FeatureRecipe};
use crate::model::{HorizonModel, Programme, RiskModel};

/// The features that a model needs of a day.
pub(super) struct Day<'a> {
    on: Snapshot<'a>,
    recipe: &'a FeatureRecipe,
    matrix: FeatureMatrix,
}

impl<'a> Day<'a> {
    /// Computes them; the errors of [`RiskModel::score`].
    pub(super) fn new(model: &'a RiskModel, panel: &'a Panel, as_of: Date) -> Result<Self> {
        model.check_service(panel)?;
        model.check_days(std::iter::once(as_of))?;
        let on = panel.as_of_with(as_of, model.knowledge());
        let matrix = on.features(model.recipe())?;
        check_units(model, &matrix)?;
        Ok(Day {
            on,
            recipe: model.recipe(),
            matrix,
        })
    }

    /// Why a row has no score, if it has none.
    fn refusal(&self, row: usize) -> Option<Refusal> {
        too_little(self.recipe, self.matrix.columns(), self.matrix.row(row))
    }

    /// The rows that have a score.
    pub(super) fn scored(&self) -> FeatureMatrix {
        let rows = 0..self.matrix.rows().len();
        let kept: Vec<usize> = rows.filter(|&row| self.refusal(row).is_none()).collect();
        self.matrix.take_rows(&kept)
    }

    /// What the score of each of these rows is made of.
    pub(super) fn explained(&self, model: &RiskModel, matrix: &FeatureMatrix) -> Vec<Explanation> {
        let rows = matrix.rows().iter().enumerate();
        rows.map(|(row, &(authority, _))| {
            Explanation::new(
                model,
                Some(self.on),
                authority,
                matrix.columns(),
                matrix.row(row),
            )
        })
        .collect()
    }

    /// Whether each of these rows lies outside of what the model was trained on.
    pub(super) fn outside_training(
        &self,
        model: &RiskModel,
        matrix: &FeatureMatrix,
    ) -> Option<Vec<bool>> {
        let support = model.support()?;
        let design = model.design(matrix);
        let rows = design.rows().into_iter();
        Some(rows.map(|row| support.excludes(row)).collect())
    }

    /// What will be judged of each of these rows within a horizon.
    pub(super) fn horizon_risks(
        &self,
        model: &HorizonModel,
        matrix: &FeatureMatrix,
        programme: Programme,
    ) -> Vec<HorizonRisk> {
        horizon_risks(model, self.on, matrix, programme)
    }

    /// Those without a score, by code.
    pub(super) fn not_scored(&self) -> Vec<NotScored> {
        let rows = self.matrix.rows().iter().enumerate();
        let refused = rows.filter_map(|(row, &(authority, _))| {
            Some(NotScored::new(self.on, authority, self.refusal(row)?))
        });
        let mut all: Vec<NotScored> = refused.chain(never_scored(self.on)).collect();
        all.sort_by_key(|n| n.organisation);
        all
    }
}

/// A loaded model must not meet a catalogue that measures in other units or takes other directions
/// to be riskier.
pub(super) fn check_units(model: &RiskModel, matrix: &FeatureMatrix) -> Result<()> {
    let pairs = || model.columns().iter().zip(matrix.columns());
    if let Some((learned, column)) = pairs().find(|(l, c)| l.unit != c.unit) {
        return Err(Error::InvalidValue {
            what: "unit of a feature",
            found: format!("{:?} for {}", column.unit, column.name),
            expected: format!("{:?}, as in training", learned.unit),
        });
    }
    if let Some((learned, column)) = pairs().find(|(l, c)| l.direction != c.direction) {
        return Err(Error::InvalidValue {
            what: "direction of a feature",
            found: format!("{:?} for {}", column.direction, column.name),
            expected: format!("{:?}, as in training", learned.direction),
        });
    }
    Ok(())
}
