//! Numbers that come from no panel: a matrix and a training set from plain arrays.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use ndarray::{ArrayView1, ArrayView2};

use super::cell::{Amount, Cell, CellState};
use super::feature::Feature;
use super::matrix::{Column, FeatureMatrix};
use super::recipe::FeatureRecipe;
use super::training::{Plain, TrainingRow, TrainingSet};
use crate::data::{Direction, Framework, Grade, Judgements, OrganisationCode, OutcomeRule};
use crate::error::{Error, Result};
use crate::fit::LARGEST_MAGNITUDE;

/// Arrays have no days: all their rows are of one, and all labels were known the day before.
const DAY: Date = date(2000, 1, 1);
const DAY_BEFORE: Date = date(1999, 12, 31);

fn code(prefix: char, number: usize) -> Result<OrganisationCode> {
    OrganisationCode::new(&format!("{prefix}{}", number + 1))
}

fn same(what: &'static str, found: usize, expected: usize) -> Result<()> {
    match found == expected {
        true => Ok(()),
        false => Err(Error::Shape {
            what,
            found,
            expected,
        }),
    }
}

fn columns(names: &[&str]) -> Result<Vec<Column>> {
    let column = |name: &&str| {
        let feature = Feature::level(name)?;
        Ok(Column {
            name: feature.name(),
            label: (*name).to_owned(),
            unit: None,
            direction: Direction::None,
            feature,
        })
    };
    names.iter().map(column).collect()
}

fn cells(names: &[&str], x: ArrayView2<f64>) -> Result<Vec<Cell>> {
    same("names of columns", names.len(), x.ncols())?;
    let cell = |((row, column), &found): ((usize, usize), &f64)| {
        if !(-LARGEST_MAGNITUDE..=LARGEST_MAGNITUDE).contains(&found) {
            return Err(Error::NotFinite {
                row,
                column: names[column].to_owned(),
                found,
                limit: LARGEST_MAGNITUDE,
            });
        }
        Ok(Cell {
            now: Amount::of(found),
            ..Cell::missing(CellState::Present)
        })
    };
    x.indexed_iter().map(cell).collect()
}

impl FeatureMatrix {
    /// Rows by named columns, from an array: rows are called `R1`, `R2`... and have no day of their
    /// own, so that any model of a training set from arrays may score them.
    ///
    /// # Errors
    /// [`Error::Shape`] unless there is one name for each column; [`Error::InvalidValue`] for a name
    /// that is no identifier; [`Error::NotFinite`] naming row and column.
    pub fn from_values(names: &[&str], x: ArrayView2<f64>) -> Result<FeatureMatrix> {
        let rows = (0..x.nrows()).map(|row| Ok((code('R', row)?, DAY)));
        Ok(FeatureMatrix::of_parts(
            columns(names)?,
            rows.collect::<Result<_>>()?,
            cells(names, x)?,
        ))
    }
}

impl TrainingSet {
    /// Rows by named columns with one label each, `true` for the event, and the cluster that each
    /// row is of: rows of one cluster are drawn and left out together.
    ///
    /// Everything works on it that works on inspections: every family, re-fits, optimism, saving.
    /// Families of several grades see two. Calibration in time sees one day.
    ///
    /// ```
    /// use forewarn::features::{FeatureMatrix, TrainingSet};
    /// use forewarn::model::RiskParams;
    /// use forewarn::ndarray::{Array2, array};
    ///
    /// let x = Array2::from_shape_fn((40, 2), |(i, j)| ((7 * i + 3 * j) % 11) as f64);
    /// let y = x.column(0).mapv(|v| v > 6.0);
    /// let clusters: Vec<usize> = (0..40).map(|row| row / 2).collect();
    /// let training = TrainingSet::from_values(&["load", "noise"], x.view(), y.view(), &clusters)?;
    /// let model = RiskParams::ridge().fit(&training)?;
    /// let new = FeatureMatrix::from_values(&["load", "noise"], array![[9.0, 1.0]].view())?;
    /// let score = &model.explain(&new)?[0];
    /// assert!(score.probability > 0.5);
    /// assert_eq!(score.against_expectation[0].feature, "load"); // no direction was declared
    /// # Ok::<(), forewarn::Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`FeatureMatrix::from_values`]; [`Error::Shape`] unless there are as many labels and
    /// clusters as rows; [`Error::NothingToTrainOn`] without a row.
    pub fn from_values<C: Ord>(
        names: &[&str],
        x: ArrayView2<f64>,
        y: ArrayView1<bool>,
        clusters: &[C],
    ) -> Result<TrainingSet> {
        same("labels", y.len(), x.nrows())?;
        same("clusters", clusters.len(), x.nrows())?;
        let cells = cells(names, x)?;
        if x.nrows() == 0 {
            return Err(Error::NothingToTrainOn {
                before: DAY,
                judged: 0,
            });
        }
        let columns = columns(names)?;
        let features = columns.iter().map(|column| column.feature).collect();
        let mut numbers: BTreeMap<&C, usize> = clusters.iter().map(|c| (c, 0)).collect();
        for (number, place) in numbers.values_mut().enumerate() {
            *place = number;
        }
        let row = |(cluster, &event): (&C, &bool)| {
            let grade = if event {
                Grade::Inadequate
            } else {
                Grade::Good
            };
            Ok(TrainingRow {
                organisation: code('C', numbers[cluster])?,
                framework: Framework::Ilacs,
                start: DAY_BEFORE,
                start_assumed: false,
                as_of: DAY_BEFORE,
                published: DAY_BEFORE,
                event,
                grade,
                judgements: Judgements::of([(crate::data::JudgementKey::OVERALL, grade)]),
                weight: 1.0,
            })
        };
        let rows = clusters
            .iter()
            .zip(y)
            .map(row)
            .collect::<Result<Vec<_>>>()?;
        let of = rows
            .iter()
            .map(|row| (row.organisation, row.as_of))
            .collect();
        Ok(TrainingSet::of_parts(Plain {
            recipe: FeatureRecipe::new("values", features)?,
            outcome_rule: OutcomeRule::Overall,
            date: DAY,
            matrix: FeatureMatrix::of_parts(columns, of, cells),
            rows,
        }))
    }
}
