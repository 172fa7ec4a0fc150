//! A numeric table: what is in the file, and which of it is fitted.

use std::error::Error;
use std::path::Path;

use forewarn::ndarray::Array2;

use crate::args::{Args, Family};
use crate::cell;

/// Columns of numbers, an outcome and clusters.
pub struct Table {
    pub names: Vec<String>,
    pub x: Array2<f64>,
    pub outcome: Vec<f64>,
    pub clusters: Vec<String>,
    /// Columns left out because they are constant.
    pub constant: Vec<String>,
    /// What a reader should know: columns left out, what the outcome was read as.
    pub notes: Vec<String>,
}

/// The text of a file.
pub struct Sheet {
    pub file: String,
    pub header: Vec<String>,
    /// Line and cells.
    pub rows: Vec<(u64, Vec<String>)>,
    pub notes: Vec<String>,
}

type Fault = Box<dyn Error>;

/// Last words in the name of a column whose whole numbers only tell rows apart.
const IDENTIFIERS: [&str; 8] = ["id", "code", "urn", "index", "row", "number", "no", "key"];

impl Sheet {
    /// Reads a CSV file with a header; semicolons and tabs separate where the header has no comma.
    pub fn read(path: &Path) -> Result<Sheet, Fault> {
        let file = path.display().to_string();
        let named = |error: &dyn std::fmt::Display| format!("{file}: {error}");
        let text = std::fs::read_to_string(path).map_err(|e| match e.kind() {
            std::io::ErrorKind::InvalidData => {
                format!("{file}: not UTF-8: save it again as \"CSV UTF-8\"")
            }
            _ => named(&e),
        })?;
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() {
            return Err(named(&"empty: expected a header and rows").into());
        }
        let first = text.lines().next().unwrap_or_default();
        let other = [(';', "semicolons"), ('\t', "tabs")];
        let other = other
            .into_iter()
            .find(|(sign, _)| first.contains(*sign) && !first.contains(','));
        let separator = other.map_or(',', |(sign, _)| sign);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator as u8)
            .from_reader(text.as_bytes());
        let header = reader.headers().map_err(|e| named(&e))?;
        let header: Vec<String> = header.iter().map(|name| name.trim().to_owned()).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| named(&e))?;
            let line = record.position().map_or(0, csv::Position::line);
            let cells = record.iter().map(|cell| cell.trim().to_owned());
            rows.push((line, cells.collect()));
        }
        if rows.is_empty() {
            return Err(named(&"a header without a row below it").into());
        }
        let note = other.map(|(_, name)| format!("columns are separated by {name}"));
        let sheet = Sheet {
            file,
            header,
            rows,
            notes: note.into_iter().collect(),
        };
        sheet.check_header()?;
        Ok(sheet)
    }

    fn check_header(&self) -> Result<(), Fault> {
        for (at, name) in self.header.iter().enumerate() {
            if name.is_empty() {
                return Err(format!(
                    "{}: column {} has no name: name it in the header, or remove it (row numbers \
                     are no predictor)",
                    self.file,
                    at + 1
                )
                .into());
            }
            if let Some(first) = self.header[..at].iter().position(|other| other == name) {
                return Err(format!(
                    "{}: two columns named `{name}` ({} and {}): remove or rename one",
                    self.file,
                    first + 1,
                    at + 1
                )
                .into());
            }
        }
        Ok(())
    }

    /// The place of a column, for an option.
    fn place(&self, option: &str, column: &str) -> Result<usize, Fault> {
        let found = self.header.iter().position(|name| name == column);
        found.ok_or_else(|| {
            let columns = self.header.join(", ");
            format!(
                "{option} {column}: no such column in {}, only {columns}",
                self.file
            )
            .into()
        })
    }

    fn cells(&self, at: usize) -> impl Iterator<Item = (u64, &str)> {
        let rows = self.rows.iter();
        rows.map(move |(line, row)| (*line, row.get(at).map_or("", String::as_str)))
    }

    /// The numbers of a predictor.
    fn numbers(&self, at: usize) -> Result<Vec<f64>, Fault> {
        let cells = self.cells(at);
        let numbers = cells
            .map(|(line, text)| cell::number(text).map_err(|why| self.wrong(at, line, text, &why)));
        numbers.collect()
    }

    fn wrong(&self, at: usize, line: u64, text: &str, why: &str) -> Fault {
        let (file, name) = (&self.file, &self.header[at]);
        let texts = self
            .cells(at)
            .filter(|(_, text)| cell::is_word(text))
            .count();
        let leave_out = format!("leave the column out with --except {name}");
        if 2 * texts > self.rows.len() {
            return format!(
                "{file}, line {line}: column {name} is text (found {text:?}): {leave_out}"
            )
            .into();
        }
        format!("{file}, line {line}, column {name}: found {text:?}, {why}, or {leave_out}").into()
    }

    /// The cluster of each row.
    fn clusters(&self, at: Option<usize>) -> Result<Vec<String>, Fault> {
        let Some(at) = at else {
            return Ok((0..self.rows.len()).map(|row| row.to_string()).collect());
        };
        let mut blank = self.cells(at).filter(|(_, text)| text.is_empty());
        if let Some((line, _)) = blank.next() {
            return Err(format!(
                "{}, line {line}, column {}: an empty cluster, as in {} rows in all: say to which \
                 cluster each row belongs",
                self.file,
                self.header[at],
                blank.count() + 1
            )
            .into());
        }
        Ok(self.cells(at).map(|(_, text)| text.to_owned()).collect())
    }

    /// Whether a column of that name only tells rows apart: whole numbers, all different.
    fn identifies(&self, name: &str, values: &[f64]) -> bool {
        let last = name.rsplit(|c: char| !c.is_alphanumeric()).next();
        let last = last.unwrap_or_default().to_lowercase();
        let named = IDENTIFIERS.contains(&last.as_str());
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let whole = values.iter().all(|v| v.fract() == 0.0);
        named && whole && sorted.windows(2).all(|pair| pair[0] < pair[1])
    }
}

impl Table {
    /// Takes from the file what the options say.
    pub fn new(args: &Args) -> Result<Table, Fault> {
        let sheet = Sheet::read(args.table())?;
        let outcome_at = sheet.place("--outcome", args.outcome())?;
        let cluster_at = args.cluster.as_deref();
        let cluster_at = cluster_at
            .map(|c| sheet.place("--cluster", c))
            .transpose()?;
        let places = |option: &str, list: &[String]| -> Result<Vec<usize>, Fault> {
            list.iter()
                .map(|column| sheet.place(option, column))
                .collect()
        };
        let wanted = places("--columns", &args.columns)?;
        let except = places("--except", &args.except)?;
        let taken = |at: &usize| *at == outcome_at || Some(*at) == cluster_at;
        if let Some(twice) = wanted.iter().find(|at| taken(at)) {
            let name = &sheet.header[*twice];
            return Err(format!("--columns: {name} is the outcome or the cluster already").into());
        }
        let chosen: Vec<usize> = match wanted.is_empty() {
            false => wanted.clone(),
            true => (0..sheet.header.len()).filter(|at| !taken(at)).collect(),
        };
        let mut notes = sheet.notes.clone();
        let outcomes: Vec<(u64, &str)> = sheet.cells(outcome_at).collect();
        let (outcome, said) = match args.family {
            Family::Ordinal => (cell::levels(args.outcome(), &outcomes)?, None),
            _ => cell::events(args.outcome(), &outcomes, args.event.as_deref())?,
        };
        notes.extend(said);
        let clusters = sheet.clusters(cluster_at)?;
        if let Some(column) = &args.cluster {
            let mut distinct = clusters.clone();
            distinct.sort_unstable();
            distinct.dedup();
            notes.push(format!("{} clusters by {column}", distinct.len()));
        }
        let (mut names, mut columns, mut constant) = (Vec::new(), Vec::new(), Vec::new());
        for at in chosen.into_iter().filter(|at| !except.contains(at)) {
            let values = sheet.numbers(at)?;
            let name = &sheet.header[at];
            if values.windows(2).all(|pair| pair[0] == pair[1]) {
                notes.push(format!("column {name} is constant: left out"));
                constant.push(name.clone());
            } else if wanted.is_empty() && sheet.identifies(name, &values) {
                notes.push(format!(
                    "column {name} only tells rows apart: left out (--columns to have it)"
                ));
            } else {
                names.push(name.clone());
                columns.push(values);
            }
        }
        if names.is_empty() {
            return Err(format!("{}: no column is left to fit", sheet.file).into());
        }
        let x = Array2::from_shape_fn((outcome.len(), names.len()), |(i, j)| columns[j][i]);
        Ok(Table {
            names,
            x,
            outcome,
            clusters,
            constant,
            notes,
        })
    }

    /// The outcome as yes or no.
    pub fn events(&self) -> Vec<bool> {
        self.outcome.iter().map(|&value| value == 1.0).collect()
    }

    /// The outcome as places among its distinct values, the lowest 0, and those values.
    pub fn levels(&self) -> (Vec<usize>, Vec<f64>) {
        let mut levels = self.outcome.clone();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let place = |value: &f64| levels.partition_point(|level| level < value);
        (self.outcome.iter().map(place).collect(), levels)
    }

    /// Every column to mean 0 and standard deviation 1 (divisor n).
    pub fn standardise(&mut self) {
        for column in self.x.columns_mut() {
            centre_and_scale(column);
        }
    }
}

/// To mean 0 and standard deviation 1 (divisor n).
pub fn centre_and_scale(mut column: forewarn::ndarray::ArrayViewMut1<f64>) {
    let n = column.len().max(1) as f64;
    let mean = column.sum() / n;
    column.mapv_inplace(|v| v - mean);
    let sd = (column.iter().map(|v| v * v).sum::<f64>() / n).sqrt();
    if sd > 0.0 {
        column.mapv_inplace(|v| v / sd);
    }
}
