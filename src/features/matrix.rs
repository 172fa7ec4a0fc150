//! Rows of authority and day, columns of a recipe's features, and what each cell rests on.

use jiff::{Span, civil::Date};

use super::measure::Measure;
use super::rank::Ranks;
use super::recipe::{Feature, FeatureRecipe};
use super::shrink::BetaPrior;
use super::transform::Sources;
use crate::data::{AuthorityCode, Direction, Figure, Missing, Snapshot, Unit};
use crate::error::{Error, Result};

/// Whether a cell holds a value, and if not, why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellState {
    /// It does.
    Present,
    /// No figure was known on the day.
    NoFigure,
    /// The newest figure is older than the feature's limit.
    TooOld,
    /// A figure was published, but holds no number.
    Withheld(Missing),
    /// There is a figure, but nothing to compare it with.
    NoComparison,
    /// No graded inspection was known.
    NoInspection,
    /// No such event was known.
    NoEvent,
}

/// What a reader should know of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Returned jointly with another authority.
    pub joint: bool,
    /// Today's revised series stands for the first release.
    pub revised: bool,
    /// An authority's own figure, not (yet) published on the day.
    pub own: bool,
    /// Taken from predecessors.
    pub inherited: bool,
    /// More than 0 but rounding to 0: the middle of that interval.
    pub low: bool,
}

/// A number with its counts. Absent parts are NaN, which stays inside the crate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Amount {
    pub(crate) value: f64,
    pub(crate) numerator: f64,
    pub(crate) denominator: f64,
}

/// One feature of one authority on one day, with what it was made from.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Whether there is a value.
    pub state: CellState,
    /// What to know of it.
    pub flags: Flags,
    /// Last day of the newest figure's period; the day of publication for a judgement.
    pub period_end: Option<Date>,
    /// The day from which that figure was known.
    pub known_from: Option<Date>,
    pub(crate) now: Amount,
    pub(crate) base: Amount,
    /// The rank of the figure in its release, from 0 to 1, where the feature is ranked.
    pub(crate) rank: Option<f64>,
}

/// A column: a feature with its words, unit and declared direction.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The feature.
    pub feature: Feature,
    /// Its name.
    pub name: String,
    /// What it is in words.
    pub label: String,
    /// Its unit; `None` for grades and years.
    pub unit: Option<Unit>,
    /// Its declared direction.
    pub direction: Direction,
}

/// Features of `rows x columns`, each cell with its provenance.
#[derive(Clone, Debug)]
pub struct FeatureMatrix {
    columns: Vec<Column>,
    rows: Vec<(AuthorityCode, Date)>,
    // Row by row.
    cells: Vec<Cell>,
}

impl Amount {
    pub(crate) const NONE: Amount = Amount {
        value: f64::NAN,
        numerator: f64::NAN,
        denominator: f64::NAN,
    };

    pub(crate) fn of(value: f64) -> Amount {
        Amount {
            value,
            ..Amount::NONE
        }
    }

    /// The rate of several authorities together; `None` if one of them has no counts.
    pub(super) fn sum(amounts: &[Amount]) -> Option<Amount> {
        let numerator: f64 = amounts.iter().map(|a| a.numerator).sum();
        let denominator: f64 = amounts.iter().map(|a| a.denominator).sum();
        // NaN where a count is absent: the comparison is false.
        (denominator > 0.0 && numerator >= 0.0).then(|| Amount {
            value: numerator / denominator,
            numerator,
            denominator,
        })
    }

    /// Whether the counts are there that shrinkage needs.
    pub(crate) fn has_counts(self) -> bool {
        self.denominator >= 1.0 && (0.0..=self.denominator).contains(&self.numerator)
    }

    fn shrunk(self, prior: Option<BetaPrior>) -> f64 {
        match prior {
            Some(prior) if self.has_counts() => prior.shrink(self.numerator, self.denominator),
            _ => self.value,
        }
    }
}

impl From<Figure<'_>> for Amount {
    fn from(figure: Figure<'_>) -> Self {
        Amount {
            value: figure.point().unwrap_or(f64::NAN),
            numerator: figure.observation.numerator.unwrap_or(f64::NAN),
            denominator: figure.observation.denominator.unwrap_or(f64::NAN),
        }
    }
}

impl Cell {
    pub(super) fn missing(state: CellState) -> Cell {
        Cell {
            state,
            flags: Flags::default(),
            period_end: None,
            known_from: None,
            now: Amount::NONE,
            base: Amount::NONE,
            rank: None,
        }
    }

    /// Whether it holds a value.
    pub fn is_present(&self) -> bool {
        self.state == CellState::Present
    }

    /// What is measured, from the figures as published; `None` where missing.
    pub fn value(&self, measure: Measure) -> Option<f64> {
        self.shrunk_value(measure, None)
    }

    /// The figure's rank in its release, from 0 to 1: `None` where missing or not ranked.
    pub fn rank(&self) -> Option<f64> {
        self.rank
    }

    /// The value of a feature: the rank of a ranked one, else what is measured, with rates shrunk
    /// by `prior`. `None` where missing.
    pub(crate) fn feature_value(&self, feature: &Feature, prior: Option<BetaPrior>) -> Option<f64> {
        if feature.rank {
            self.rank
        } else {
            self.shrunk_value(feature.measure, prior)
        }
    }

    /// What is taken from the newest figure: 0 where nothing is.
    pub(super) fn base_value(&self) -> f64 {
        if self.base.value.is_nan() {
            0.0
        } else {
            self.base.value
        }
    }

    /// What is measured, with rates shrunk by `prior`; `None` where missing.
    pub(crate) fn shrunk_value(&self, measure: Measure, prior: Option<BetaPrior>) -> Option<f64> {
        if !self.is_present() {
            return None;
        }
        let now = self.now.shrunk(prior);
        Some(match measure {
            Measure::Change { .. } => now - self.base.shrunk(prior),
            Measure::GapToEngland { .. } | Measure::GapToNeighbours { .. } => now - self.base.value,
            _ => now,
        })
    }

    /// Why there is no value, in words.
    pub fn reason(&self) -> Option<&'static str> {
        match self.state {
            CellState::Present => None,
            CellState::NoFigure => Some("no figure known"),
            CellState::TooOld => Some("newest figure too old"),
            CellState::Withheld(why) => Some(why.reason()),
            CellState::NoComparison => Some("nothing to compare with"),
            CellState::NoInspection => Some("no inspection known"),
            CellState::NoEvent => Some("no such event known"),
        }
    }
}

impl Column {
    fn new(feature: Feature, on: Snapshot<'_>) -> Result<Column> {
        let catalogue = on.panel().catalogue();
        let label = feature.measure.label(catalogue)?;
        Ok(Column {
            name: feature.name(),
            label,
            unit: feature.measure.unit(catalogue)?,
            direction: feature.measure.direction(catalogue)?,
            feature,
        })
    }
}

/// The columns of a recipe. A theme needs to know the direction of its members.
fn columns(recipe: &FeatureRecipe, on: Snapshot<'_>) -> Result<Vec<Column>> {
    let features = recipe.features().iter();
    let columns = features
        .map(|&feature| Column::new(feature, on))
        .collect::<Result<Vec<_>>>()?;
    let mut members = recipe.themes().iter().flat_map(|theme| theme.members());
    match members.find(|&j| columns[j].direction == Direction::None) {
        None => Ok(columns),
        Some(j) => Err(Error::InvalidValue {
            what: "theme, features",
            found: columns[j].name.clone(),
            expected: "members with a declared direction".to_owned(),
        }),
    }
}

impl<'a> Snapshot<'a> {
    /// The recipe's features for every authority that exists on the day and can be scored.
    ///
    /// # Errors
    /// [`Error::UnknownIndicator`] if the recipe names one that the catalogue does not have.
    pub fn features(self, recipe: &FeatureRecipe) -> Result<FeatureMatrix> {
        let rows: Vec<_> = self
            .authorities()
            .filter(|a| a.scored)
            .map(|a| (a.code, self.date()))
            .collect();
        self.features_for(recipe, rows)
    }

    /// The recipe's features for given authorities, each as of its own day.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if a day is later than the snapshot's, [`Error::UnknownAuthority`]
    /// or [`Error::UnknownIndicator`].
    pub fn features_for(
        self,
        recipe: &FeatureRecipe,
        rows: Vec<(AuthorityCode, Date)>,
    ) -> Result<FeatureMatrix> {
        if let Some((_, late)) = rows.iter().find(|(_, day)| *day > self.date()) {
            return Err(Error::InvalidValue {
                what: "as-of date of a row",
                found: late.to_string(),
                expected: format!("no later than the snapshot's, {}", self.date()),
            });
        }
        let columns = columns(recipe, self)?;
        let panel = self.panel();
        let mut ranks: Vec<Option<Ranks>> = recipe
            .features()
            .iter()
            .map(|feature| Ranks::needed(panel, feature))
            .collect();
        let mut cells = Vec::with_capacity(rows.len() * columns.len());
        for same in rows.chunk_by(|a, b| a.0 == b.0) {
            self.fill(recipe, same, &mut ranks, &mut cells)?;
        }
        Ok(FeatureMatrix {
            columns,
            rows,
            cells,
        })
    }

    /// Appends the rows of one authority: its series are looked up once for all days.
    fn fill(
        self,
        recipe: &FeatureRecipe,
        rows: &[(AuthorityCode, Date)],
        ranks: &mut [Option<Ranks<'a>>],
        cells: &mut Vec<Cell>,
    ) -> Result<()> {
        let Some(&(code, _)) = rows.first() else {
            return Ok(());
        };
        let panel = self.panel();
        let authority = panel
            .register()
            .get(code)
            .ok_or_else(|| Error::UnknownAuthority {
                found: code.to_string(),
            })?;
        let sources: Vec<(Sources<'a>, u16)> = recipe
            .features()
            .iter()
            .map(|f| {
                let sources = Sources::new(panel, authority, *f, recipe.inherit());
                (sources, f.max_age_months)
            })
            .collect();
        for &(_, day) in rows {
            let on = self.on(day);
            let mut limit = (0, day);
            let with_ranks = sources.iter().zip(ranks.iter_mut());
            cells.extend(with_ranks.map(|((sources, months), ranks)| {
                // Nearly all features share one limit: dates are costly to subtract.
                if limit.0 != *months {
                    limit = (
                        *months,
                        day.saturating_sub(Span::new().months(i64::from(*months))),
                    );
                }
                sources.cell(on, limit.1, ranks.as_mut())
            }));
        }
        Ok(())
    }
}

impl FeatureMatrix {
    /// The columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Authority and as-of date of each row.
    pub fn rows(&self) -> &[(AuthorityCode, Date)] {
        &self.rows
    }

    /// The cells of a row; empty if there is no such row.
    pub fn row(&self, row: usize) -> &[Cell] {
        let width = self.columns.len();
        self.cells
            .get(row * width..(row + 1) * width)
            .unwrap_or(&[])
    }

    /// The value of a feature, from the figures as published, the rank of a ranked one; `None`
    /// where missing or out of range.
    pub fn value(&self, row: usize, column: usize) -> Option<f64> {
        let feature = &self.columns.get(column)?.feature;
        self.row(row).get(column)?.feature_value(feature, None)
    }

    /// The rows of these numbers, in that order; a number may stand several times.
    pub(crate) fn take_rows(&self, numbers: &[usize]) -> FeatureMatrix {
        FeatureMatrix {
            columns: self.columns.clone(),
            rows: numbers.iter().map(|&row| self.rows[row]).collect(),
            cells: numbers
                .iter()
                .flat_map(|&row| self.row(row))
                .copied()
                .collect(),
        }
    }

    /// One column alone.
    pub(crate) fn column(&self, column: usize) -> FeatureMatrix {
        let cells = (0..self.rows.len()).filter_map(|row| self.row(row).get(column));
        FeatureMatrix {
            columns: self.columns.get(column).into_iter().cloned().collect(),
            cells: cells.copied().collect(),
            rows: self.rows.clone(),
        }
    }
}
