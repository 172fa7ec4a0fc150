//! Shrinking, ranking into themes, standing in and standardising, all learned from the training
//! rows alone.

use std::ops::Range;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::stand_in::{Filler, StandIn};
use crate::data::{Direction, Unit};
use crate::error::{Error, Result};
use crate::features::{BetaPrior, Cell, Column, FeatureMatrix, FeatureRecipe};

/// Why a feature or theme has no part in a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unused {
    /// It has no value in the training window.
    NeverObserved,
    /// It has the same value wherever it was observed.
    Constant,
    /// It is not among the features chosen, see [`RiskParams::at_most`](super::risk_params::RiskParams::at_most).
    NotChosen,
}

/// What was learned of one feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedColumn {
    /// The feature's name.
    pub feature: String,
    /// What it is in words.
    pub label: String,
    /// Its unit; `None` for grades and years.
    pub unit: Option<Unit>,
    /// Its declared direction.
    pub direction: Direction,
    /// Training rows with a value.
    pub present: usize,
    /// Mean of the training values, in the feature's unit; 1/2 for a rank.
    pub mean: f64,
    /// Their standard deviation (divisor n), in the feature's unit; that of all ranks, the root of
    /// 1/12, for a rank; 1 where unused.
    pub scale: f64,
    /// The prior that its rates are shrunk by.
    pub prior: Option<BetaPrior>,
    /// Why it has no part in the model, if it has none.
    pub unused: Option<Unused>,
}

/// What was learned of one theme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnedTheme {
    /// Its name.
    pub name: String,
    /// Training rows with a known member; in the others it is the middle.
    pub present: usize,
    /// Mean of its members' means in training.
    pub mean: f64,
    /// Their standard deviation (divisor n); 1 where unused.
    pub scale: f64,
    /// Why it has no part in the model, if it has none.
    pub unused: Option<Unused>,
}

/// The numbers by which features become the columns of a design.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Learned {
    features: Vec<Standard>,
    themes: Vec<(Range<usize>, Standard)>,
    stand_in: StandIn,
}

/// Mean and standard deviation, and the prior of what is shrunk before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Standard {
    mean: f64,
    scale: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prior: Option<BetaPrior>,
    used: bool,
}

/// A standard deviation below this share of the mean's size is rounding noise, not variation.
const CONSTANT: f64 = 1e-10;

/// Mean and standard deviation of a rank among all organisations, whoever was inspected.
const RANKS: (f64, f64) = (0.5, 0.288_675_134_594_812_9);

/// Mean and standard deviation (divisor n), and why they are of no use.
fn moments(values: &[f64]) -> (f64, f64, Option<Unused>) {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n;
    let scale = variance.sqrt();
    let unused = if values.is_empty() {
        Some(Unused::NeverObserved)
    } else if scale <= CONSTANT * mean.abs() {
        Some(Unused::Constant)
    } else {
        None
    };
    (mean, if unused.is_some() { 1.0 } else { scale }, unused)
}

impl LearnedColumn {
    fn learn(column: &Column, cells: &[&Cell]) -> Result<Self> {
        let prior = column.feature.shrink.then(|| prior(cells)).flatten();
        let values: Vec<f64> = cells
            .iter()
            .filter_map(|cell| cell.feature_value(&column.feature, prior))
            .collect();
        let (mut mean, mut scale, unused) = moments(&values);
        if !(mean.is_finite() && scale.is_finite()) {
            return Err(Error::InvalidValue {
                what: "training values of a feature",
                found: format!("{} with mean {mean} and spread {scale}", column.name),
                expected: "numbers small enough to square".to_owned(),
            });
        }
        if column.feature.rank && unused.is_none() {
            (mean, scale) = RANKS;
        }
        Ok(LearnedColumn {
            feature: column.name.clone(),
            label: column.label.clone(),
            unit: column.unit,
            direction: column.direction,
            present: values.len(),
            mean,
            scale,
            prior,
            unused,
        })
    }

    /// The standardised value of a cell of this column; `None` where missing.
    pub(crate) fn standardise(&self, column: &Column, cell: &Cell) -> Option<f64> {
        let value = cell.feature_value(&column.feature, self.prior)?;
        Some(cut(column, (value - self.mean) / self.scale))
    }

    fn standard(&self) -> Standard {
        Standard {
            mean: self.mean,
            scale: self.scale,
            prior: self.prior,
            used: self.unused.is_none(),
        }
    }
}

impl LearnedTheme {
    fn standard(&self) -> Standard {
        Standard {
            mean: self.mean,
            scale: self.scale,
            prior: None,
            used: self.unused.is_none(),
        }
    }
}

/// The prior of a column's newest rates.
fn prior(cells: &[&Cell]) -> Option<BetaPrior> {
    let counted = cells
        .iter()
        .filter(|c| c.is_present() && c.now.has_counts());
    BetaPrior::fit(counted.map(|c| (c.now.numerator, c.now.denominator)))
}

/// What was learned of every feature and theme, described.
pub(crate) struct Description {
    pub(crate) columns: Vec<LearnedColumn>,
    pub(crate) themes: Vec<LearnedTheme>,
    pub(crate) stand_in: StandIn,
    alone: usize,
}

/// What all rows of a matrix say of its columns.
pub(crate) fn learn_columns(matrix: &FeatureMatrix) -> Result<Vec<LearnedColumn>> {
    let rows = 0..matrix.rows().len();
    let columns = matrix.columns().iter().enumerate();
    columns
        .map(|(j, column)| {
            let cells: Vec<&Cell> = rows.clone().filter_map(|i| matrix.row(i).get(j)).collect();
            LearnedColumn::learn(column, &cells)
        })
        .collect()
}

impl Description {
    /// Learns everything from all rows of a matrix.
    pub(crate) fn learn(matrix: &FeatureMatrix, recipe: &FeatureRecipe) -> Result<Self> {
        let columns = learn_columns(matrix)?;
        let rows = 0..matrix.rows().len();
        let standards: Vec<Standard> = columns.iter().map(LearnedColumn::standard).collect();
        let z: Vec<Vec<Option<f64>>> = rows
            .map(|row| standardised(&standards, matrix.columns(), matrix.row(row)))
            .collect();
        let themes = recipe.themes().iter().map(|theme| {
            let values = z.iter().filter_map(|z| {
                let members = z[theme.members()].iter().copied();
                mean_of_known(members.zip(matrix.columns()[theme.members()].iter().map(sign)))
            });
            let values: Vec<f64> = values.collect();
            let (mean, scale, unused) = moments(&values);
            // Means of standardised members lie around 0: what is constant there is so in its
            // members' scale.
            let unused = unused.or((scale <= CONSTANT).then_some(Unused::Constant));
            LearnedTheme {
                name: theme.name().to_owned(),
                present: values.len(),
                mean,
                scale: if unused.is_some() { 1.0 } else { scale },
                unused,
            }
        });
        let alone = recipe.alone();
        let themes = themes.collect();
        let of_alone: Vec<Vec<Option<f64>>> = z.iter().map(|z| z[..alone].to_vec()).collect();
        Ok(Description {
            stand_in: StandIn::learn(&of_alone, alone),
            columns,
            themes,
            alone,
        })
    }

    /// The features that stand for themselves come first: how many they are.
    pub(super) fn alone(&self) -> usize {
        self.alone
    }

    /// The numbers alone.
    pub(crate) fn learned(&self, recipe: &FeatureRecipe) -> Learned {
        learned(&self.columns, &self.themes, &self.stand_in, recipe)
    }
}

/// The numbers alone of what was learned.
pub(crate) fn learned(
    columns: &[LearnedColumn],
    themes: &[LearnedTheme],
    stand_in: &StandIn,
    recipe: &FeatureRecipe,
) -> Learned {
    let members = recipe.themes().iter().map(|theme| theme.members());
    Learned {
        features: columns.iter().map(LearnedColumn::standard).collect(),
        themes: members
            .zip(themes.iter().map(LearnedTheme::standard))
            .collect(),
        stand_in: stand_in.clone(),
    }
}

/// Standardised features of one row; `None` where missing or unused.
fn standardised(standards: &[Standard], columns: &[Column], cells: &[Cell]) -> Vec<Option<f64>> {
    let features = standards.iter().zip(columns).zip(cells);
    features
        .map(|((standard, column), cell)| {
            let value = cell.feature_value(&column.feature, standard.prior)?;
            (standard.used).then(|| cut(column, (value - standard.mean) / standard.scale))
        })
        .collect()
}

/// A standardised value, cut where the feature says.
fn cut(column: &Column, z: f64) -> f64 {
    let limit = column.feature.cut.map(f64::from);
    limit.map_or(z, |limit| z.clamp(-limit, limit))
}

/// The mean of the known of standardised values, each times its sign; what has no sign has no part.
pub(crate) fn mean_of_known(signed: impl Iterator<Item = (Option<f64>, f64)>) -> Option<f64> {
    let known = signed.filter_map(|(z, sign)| Some(sign * z?).filter(|_| sign != 0.0));
    let (sum, known) = known.fold((0.0, 0.0), |(sum, n), z| (sum + z, n + 1.0));
    (known > 0.0).then(|| sum / known)
}

fn sign(column: &Column) -> f64 {
    column.direction.sign().unwrap_or(0.0)
}

impl Learned {
    /// The columns of the design: features that stand for themselves, then themes, where used.
    /// For each, which features it is made of.
    pub(crate) fn terms(&self) -> Vec<Range<usize>> {
        let alone = (0..self.alone()).filter(|&j| self.features[j].used);
        let themes = self.themes.iter().filter(|(_, standard)| standard.used);
        alone
            .map(|j| j..j + 1)
            .chain(themes.map(|(members, _)| members.clone()))
            .collect()
    }

    /// How many features there are.
    pub(crate) fn width(&self) -> usize {
        self.features.len()
    }

    fn alone(&self) -> usize {
        let first = self.themes.first();
        first.map_or(self.features.len(), |(members, _)| members.start)
    }

    /// Whether numbers can be standardised with it, and it has as many as the recipe.
    pub(crate) fn is_valid(&self, recipe: &FeatureRecipe) -> bool {
        let valid = |s: &Standard| {
            s.mean.is_finite()
                && s.scale.is_finite()
                && s.scale > 0.0
                && s.prior.is_none_or(|p| p.is_valid())
        };
        let members = self.themes.iter().map(|(members, _)| members.clone());
        self.features.len() == recipe.features().len()
            && members.eq(recipe.themes().iter().map(|theme| theme.members()))
            && self.features.iter().all(valid)
            && self.themes.iter().all(|(_, standard)| valid(standard))
            && self.stand_in.is_valid(self.alone())
    }

    /// Turns rows into columns of the design.
    pub(crate) fn encoder(&self) -> Encoder<'_> {
        Encoder {
            learned: self,
            filler: Filler::new(&self.stand_in),
        }
    }

    /// The standardised values of the terms: rows by terms.
    pub(crate) fn design(&self, matrix: &FeatureMatrix) -> Array2<f64> {
        let terms = self.terms();
        let mut encoder = self.encoder();
        let mut design = Array2::zeros((matrix.rows().len(), terms.len()));
        for (row, mut out) in design.rows_mut().into_iter().enumerate() {
            let shares = encoder.shares(matrix.columns(), matrix.row(row));
            for (place, members) in out.iter_mut().zip(&terms) {
                *place = shares[members.clone()].iter().sum();
            }
        }
        design
    }
}

/// Turns rows into columns of the design.
pub(crate) struct Encoder<'a> {
    learned: &'a Learned,
    filler: Filler<'a>,
}

impl Encoder<'_> {
    /// The share of each feature in the value of the term that it belongs to: a term's value is the
    /// sum of its features' shares. A missing member of a theme has none; for another missing
    /// feature stands what the known ones say of it.
    pub(crate) fn shares(&mut self, columns: &[Column], cells: &[Cell]) -> Vec<f64> {
        let learned = self.learned;
        let z = standardised(&learned.features, columns, cells);
        let alone = learned.alone();
        let mut shares = self.filler.fill(&z[..alone]);
        for (share, standard) in shares.iter_mut().zip(&learned.features) {
            if !standard.used {
                *share = 0.0;
            }
        }
        shares.resize(z.len(), 0.0);
        for (members, standard) in learned.themes.iter().filter(|(_, s)| s.used) {
            let known = z[members.clone()].iter().flatten().count() as f64;
            for j in members.clone() {
                if let Some(z) = z[j] {
                    let own = sign(&columns[j]) * z - standard.mean;
                    shares[j] = own / (known * standard.scale);
                }
            }
        }
        shares
    }
}
