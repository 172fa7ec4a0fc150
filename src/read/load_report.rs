//! What became of every file, row and cell.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use crate::data::Missing;

/// Refusals kept word for word for each file; the rest are counted.
pub const REFUSALS_KEPT: usize = 50;

/// What a file was taken for, by its header or sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
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
    /// Children looked after: numbers and rates by kind.
    LookedAfter,
    /// Children looked after: stability of placements.
    PlacementStability,
    /// ONS mid-year population.
    Population,
    /// ONS mid-year population by single year of age, its sheet.
    MidYear,
    /// Statistical neighbours by the model of 2025, wide.
    Neighbours,
    /// Statistical neighbours by the model of 2021.
    Neighbours2021,
    /// Local Authority Interactive Tool, wide extract.
    InteractiveTool,
    /// Local Authority Interactive Tool, its own download: a row for each area and measure.
    ToolDownload,
    /// Ofsted's workbook with one row for each authority, 2009 to 2023.
    OfstedWide,
    /// Ofsted's history of ILACS inspections, one row for each inspection.
    OfstedHistory,
    /// Index of Multiple Deprivation 2019, one row for each authority.
    Deprivation,
    /// Joint targeted area inspections, one row for each report.
    JointInspections,
    /// Ofsted's list of social care providers, with their latest inspections.
    Providers,
    /// Our own long format of figures.
    TidyObservations,
    /// Our own table of inspections.
    TidyInspections,
    /// Our own table of events.
    TidyEvents,
    /// A release calendar.
    ReleaseCalendar,
    /// A register of authorities.
    Register,
    /// An analyst's own wide table, read through a mapping.
    Wide,
    /// The mapping of such a table.
    Mapping,
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
    /// Rows that tell of an event.
    pub events: usize,
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
    /// Events that stood twice, equal in everything.
    pub repeated_events: usize,
    /// Figures that stood twice and differed, in words, naming both rows: the first
    /// [`REFUSALS_KEPT`] of those left out, then as many of those decided by precedence.
    pub conflicts: Vec<String>,
    /// How many figures stood twice, differed and were decided by their sources' precedence.
    pub conflicts_decided: usize,
    /// How many figures stood twice, differed and were left out.
    pub conflicts_left_out: usize,
    /// Counts that found no population to be divided by.
    pub without_population: usize,
    /// Inspections that arrived from several files and were merged.
    pub merged_inspections: usize,
    /// Inspections told of by lists of providers, where there are any.
    pub listed: Option<ListedInspections>,
    /// Inspections whose sources differ, in words, with the rule that decided.
    pub inspection_conflicts: Vec<String>,
}

/// What lists of providers tell of inspections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListedInspections {
    /// Homes that some list has.
    pub homes: usize,
    /// Rows that tell of an inspection.
    pub rows: usize,
    /// Graded full inspections of different homes or first days.
    pub days: usize,
    /// The same, those with one event number or of one home within a fortnight counted as one.
    pub inspections: usize,
}

impl Layout {
    /// The layout in words.
    pub fn words(self) -> &'static str {
        match self {
            Layout::Referrals => "children in need, referrals (c1)",
            Layout::Conferences => "children in need, section 47 enquiries and conferences (c4)",
            Layout::RepeatPlans => "children in need, repeat plans (d3)",
            Layout::PlanDurations => "children in need, plans by duration (d5)",
            Layout::ChildrenInNeed => "children in need, numbers (b1)",
            Layout::WorkforceIndicators => "social work workforce",
            Layout::WorkforceHeadlines => "social work workforce, headline measures to 2022",
            Layout::LookedAfter => "children looked after, rates",
            Layout::PlacementStability => "children looked after, stability of placements",
            Layout::Population => "mid-year population",
            Layout::MidYear => "mid-year population by single year of age",
            Layout::Neighbours => "statistical neighbours",
            Layout::Neighbours2021 => "statistical neighbours, model of 2021",
            Layout::InteractiveTool => "Local Authority Interactive Tool",
            Layout::ToolDownload => "Local Authority Interactive Tool, own download",
            Layout::OfstedWide => "Ofsted inspections 2009 to 2023, wide",
            Layout::OfstedHistory => "Ofsted history of ILACS inspections",
            Layout::Deprivation => "Index of Multiple Deprivation 2019",
            Layout::JointInspections => "joint targeted area inspections",
            Layout::Providers => "list of social care providers",
            Layout::TidyObservations => "tidy figures",
            Layout::TidyInspections => "tidy inspections",
            Layout::TidyEvents => "tidy events",
            Layout::ReleaseCalendar => "release calendar",
            Layout::Register => "register of authorities",
            Layout::Wide => "own table, read through a mapping",
            Layout::Mapping => "mapping of an own table",
        }
    }
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
            events: 0,
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

impl LoadReport {
    fn total(&self, of: impl Fn(&FileReport) -> usize) -> usize {
        self.files.iter().map(of).sum()
    }

    /// Everything: each file with its counts, notes and refusals, files ignored, conflicts.
    pub fn details(&self) -> String {
        let mut lines = vec![self.to_string()];
        for file in &self.files {
            lines.push(String::new());
            lines.extend(file.lines());
        }
        let mut list = |title: &str, items: Vec<String>| {
            if !items.is_empty() {
                lines.push(format!("\n{title}"));
                lines.extend(items.into_iter().map(|item| format!("  {item}")));
            }
        };
        list("figures that differ", self.conflicts.clone());
        list("inspections that differ", self.inspection_conflicts.clone());
        lines.join("\n")
    }
}

impl FileReport {
    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!("{}: {}", self.file.display(), self.layout.words()),
            format!("  sha256 {}", self.sha256),
            format!("  {} rows, {}", self.rows, self.cells()),
        ];
        lines.extend(self.notes.iter().map(|note| format!("  {note}")));
        lines.extend(self.refused.iter().map(|r| format!("  refused: {r}")));
        if self.refused_total > self.refused.len() {
            let more = self.refused_total - self.refused.len();
            lines.push(format!("  refused: {more} more"));
        }
        lines
    }

    fn cells(&self) -> String {
        let mut parts = vec![format!("{} numbers", self.numbers)];
        parts.extend((self.low > 0).then(|| format!("{} low", self.low)));
        let missing = self.missing.iter();
        parts.extend(missing.map(|(why, count)| format!("{count} {}", why.reason())));
        parts.extend((self.events > 0).then(|| format!("{} events", self.events)));
        parts.join(", ")
    }
}

/// Three lines: what was read, what was not taken in, what stood twice; a fourth if there are events;
/// and one for each file that was ignored, with the reason.
impl fmt::Display for LoadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} files read, {} ignored: {} rows, {} numbers, {} low, {} without a number",
            self.files.len(),
            self.ignored.len(),
            self.total(|file| file.rows),
            self.total(|file| file.numbers),
            self.total(|file| file.low),
            self.total(|file| file.missing.values().sum()),
        )?;
        writeln!(
            f,
            "refused: {} rows or cells; counts without a population: {}",
            self.total(|file| file.refused_total),
            self.without_population,
        )?;
        write!(
            f,
            "stood twice: {} agree, {} decided by precedence, {} left out; inspections: {} merged, {} \
             differ",
            self.agreeing,
            self.conflicts_decided,
            self.conflicts_left_out,
            self.merged_inspections,
            self.inspection_conflicts.len(),
        )?;
        if let Some(listed) = self.listed {
            let ListedInspections {
                homes,
                rows,
                days,
                inspections,
            } = listed;
            write!(
                f,
                "\nlisted: {homes} homes; {rows} rows tell of an inspection, {days} graded full ones by \
                 home and first day, {inspections} with equal numbers or within a fortnight as one"
            )?;
        }
        let events = self.total(|file| file.events);
        if events > 0 {
            let twice = self.repeated_events;
            write!(f, "\nevents: {events} read, {twice} of them stood twice")?;
        }
        for (file, why) in &self.ignored {
            let name = file.file_name().unwrap_or(file.as_os_str());
            write!(f, "\nignored: {}: {why}", name.display())?;
        }
        Ok(())
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
