//! What became of every file, row and cell.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::data::Missing;

/// Refusals kept word for word for each file; the rest are counted.
pub const REFUSALS_KEPT: usize = 50;

/// What a file was taken for, by its header or sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// Children in need: referrals and re-referrals (c1).
    Referrals,
    /// Children in need: section 47 enquiries and initial conferences (c4).
    Conferences,
    /// Children in need: plans that are a second or later one (d3).
    RepeatPlans,
    /// Children in need: plans by duration (d5).
    PlanDurations,
    /// Children in need: numbers at any point, started, ended, at 31 March (b1).
    ChildrenInNeed,
    /// Children's social work workforce, current layout.
    WorkforceIndicators,
    /// Children's social work workforce, layout used up to the 2022 census.
    WorkforceHeadlines,
    /// ONS mid-year population.
    Population,
    /// Statistical neighbours, wide.
    Neighbours,
    /// Local Authority Interactive Tool, wide extract.
    InteractiveTool,
    /// Ofsted's workbook with one row for each authority, 2009 to 2023.
    OfstedWide,
    /// Ofsted's history of ILACS inspections, one row for each inspection.
    OfstedHistory,
    /// Our own long format of figures.
    TidyObservations,
    /// Our own table of inspections.
    TidyInspections,
    /// A release calendar.
    ReleaseCalendar,
    /// A register of authorities.
    Register,
    /// An analyst's own wide table, read through a mapping.
    Wide,
}

/// A row or cell that was not taken in, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// One-based line, or row of a sheet.
    pub line: u64,
    /// The column's header.
    pub column: String,
    /// What stands there.
    pub found: String,
    /// What should stand there, or what to do.
    pub expected: String,
}

/// What became of one file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileReport {
    /// The file.
    pub file: PathBuf,
    /// What it was taken for.
    pub layout: Layout,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Rows read, the header left out.
    pub rows: usize,
    /// Cells that hold a number.
    pub numbers: usize,
    /// Cells that hold the marker `low`.
    pub low: usize,
    /// Cells that hold no number, by marker.
    pub missing: BTreeMap<Missing, usize>,
    /// Rows and cells refused: the first [`REFUSALS_KEPT`] of them.
    pub refused: Vec<Refusal>,
    /// How many were refused in all.
    pub refused_total: usize,
    /// What else a reader should know: columns ignored, rows that are not figures.
    pub notes: Vec<String>,
}

/// What became of a folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadReport {
    /// Files that were recognised, by path.
    pub files: Vec<FileReport>,
    /// Files that were not, and why where it is known ("feature `ods` is off").
    pub ignored: Vec<(PathBuf, String)>,
    /// Figures that stood twice and agreed.
    pub agreeing: usize,
    /// Figures that stood twice and differed, in words, naming both rows.
    pub conflicts: Vec<String>,
    /// Inspections that arrived from several files and were merged.
    pub merged_inspections: usize,
    /// Inspections whose sources differ, in words, with the rule that decided.
    pub inspection_conflicts: Vec<String>,
}

impl FileReport {
    /// A report with nothing read yet.
    pub fn new(file: PathBuf, layout: Layout, sha256: String) -> Self {
        FileReport {
            file,
            layout,
            sha256,
            rows: 0,
            numbers: 0,
            low: 0,
            missing: BTreeMap::new(),
            refused: Vec::new(),
            refused_total: 0,
            notes: Vec::new(),
        }
    }

    /// Counts a refusal, and keeps it while there is room.
    pub(crate) fn refuse(&mut self, line: u64, column: &str, found: &str, expected: &str) {
        self.refused_total += 1;
        if self.refused.len() < REFUSALS_KEPT {
            let found: String = found.chars().take(80).collect();
            self.refused.push(Refusal {
                line,
                column: column.to_owned(),
                found,
                expected: expected.to_owned(),
            });
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Refusal {
            line,
            column,
            found,
            expected,
        } = self;
        write!(
            f,
            "line {line}, column {column}: found {found:?}, expected {expected}"
        )
    }
}
