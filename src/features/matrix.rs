//! Rows of authority and day, columns of a recipe's features, and what each cell rests on.

use jiff::{Span, civil::Date};

use super::cell::Cell;
use super::feature::Feature;
use super::measure::Measure;
use super::others::Others;
use super::rank::Ranks;
use super::recipe::FeatureRecipe;
use super::transform::Sources;
use crate::data::{AuthorityCode, Direction, Entity, Snapshot, Unit};
use crate::error::{Error, Result};

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

/// The features of one day, for one organisation after the other. Ranks that were needed once are
/// kept.
pub struct DayFeatures<'a> {
    on: Snapshot<'a>,
    recipe: FeatureRecipe,
    columns: Vec<Column>,
    ranks: Vec<Option<Ranks<'a>>>,
    others: Vec<Option<Others>>,
    oldest: Oldest,
}

/// The day before which a period's end is stale: nearly all rows and features share it, and dates
/// are costly to subtract.
#[derive(Default)]
struct Oldest {
    last: Option<(Date, u16, Date)>,
}

impl Oldest {
    fn on(&mut self, day: Date, months: u16) -> Date {
        match self.last {
            Some((known, of, oldest)) if known == day && of == months => oldest,
            _ => {
                let oldest = day.saturating_sub(Span::new().months(i64::from(months)));
                self.last = Some((day, months, oldest));
                oldest
            }
        }
    }
}

impl DayFeatures<'_> {
    /// The features of one organisation, a matrix of one row.
    ///
    /// # Errors
    /// [`Error::UnknownAuthority`] if the register lacks it.
    pub fn of(&mut self, organisation: AuthorityCode) -> Result<FeatureMatrix> {
        let rows = vec![(organisation, self.on.date())];
        let cells = self.cells(&rows)?;
        Ok(FeatureMatrix {
            columns: self.columns.clone(),
            rows,
            cells,
        })
    }

    /// The cells of these rows, row by row.
    fn cells(&mut self, rows: &[(AuthorityCode, Date)]) -> Result<Vec<Cell>> {
        let mut cells = Vec::with_capacity(rows.len() * self.columns.len());
        for same in rows.chunk_by(|a, b| a.0 == b.0) {
            self.fill(same, &mut cells)?;
        }
        let width = self.columns.len();
        for (j, others) in self.others.iter_mut().enumerate() {
            let column = others.as_mut().map(|others| others.column(rows));
            for (row, cell) in column.into_iter().flatten().enumerate() {
                cells[row * width + j] = cell;
            }
        }
        Ok(cells)
    }

    /// Appends the rows of one organisation: its series are looked up once for all days.
    fn fill(&mut self, rows: &[(AuthorityCode, Date)], cells: &mut Vec<Cell>) -> Result<()> {
        let Some(&(code, _)) = rows.first() else {
            return Ok(());
        };
        let panel = self.on.panel();
        let authority = panel
            .register()
            .get(code)
            .ok_or_else(|| Error::UnknownAuthority {
                found: code.to_string(),
                expected: None,
            })?;
        let figures = panel.of(Entity::Authority(code));
        let features = self.recipe.features().iter();
        let sources: Vec<(Sources<'_>, u16)> = features
            .map(|f| {
                let inherit = self.recipe.inherit();
                let sources = Sources::new(panel, (authority, figures), *f, inherit);
                (sources, f.max_age_months)
            })
            .collect();
        for &(_, day) in rows {
            let on = self.on.on(day);
            let with_ranks = sources.iter().zip(&mut self.ranks);
            let oldest = &mut self.oldest;
            cells.extend(with_ranks.map(|((sources, months), ranks)| {
                sources.cell(on, oldest.on(day, *months), ranks.as_mut())
            }));
        }
        Ok(())
    }
}

impl Column {
    fn new(feature: Feature, on: Snapshot<'_>) -> Result<Column> {
        let catalogue = on.panel().catalogue();
        if let Measure::PreviousJudgement { judgement } = feature.measure {
            on.panel().service().judgement(judgement.as_str())?;
        }
        let label = feature.measure.label(catalogue, on.panel().service())?;
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
        let mut day = self.prepared(recipe)?;
        let cells = day.cells(&rows)?;
        Ok(FeatureMatrix {
            columns: day.columns,
            rows,
            cells,
        })
    }

    /// What all rows of a recipe share, looked up once: with ranks all organisations' series.
    ///
    /// # Errors
    /// Those of [`features`](Self::features).
    pub fn prepared(self, recipe: &FeatureRecipe) -> Result<DayFeatures<'a>> {
        let columns = columns(recipe, self)?;
        let panel = self.panel();
        let features = recipe.features().iter();
        Ok(DayFeatures {
            on: self,
            recipe: recipe.clone(),
            columns,
            ranks: features.clone().map(|f| Ranks::needed(panel, f)).collect(),
            others: features.map(|f| Others::needed(panel, f.measure)).collect(),
            oldest: Oldest::default(),
        })
    }
}

impl FeatureMatrix {
    /// Of as many cells as rows times columns, row by row.
    pub(super) fn of_parts(
        columns: Vec<Column>,
        rows: Vec<(AuthorityCode, Date)>,
        cells: Vec<Cell>,
    ) -> FeatureMatrix {
        FeatureMatrix {
            columns,
            rows,
            cells,
        }
    }

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
