//! A numeric table.

use std::error::Error;
use std::path::Path;

use forewarn::ndarray::Array2;

/// Columns of numbers, an outcome and clusters.
pub struct Table {
    pub names: Vec<String>,
    pub x: Array2<f64>,
    pub outcome: Vec<f64>,
    pub clusters: Vec<String>,
}

impl Table {
    /// Reads a CSV file with a header. Every cell but a cluster's has to be a number.
    pub fn read(
        file: &Path,
        outcome: &str,
        cluster: Option<&str>,
    ) -> Result<Table, Box<dyn Error>> {
        let named = |e: csv::Error| format!("{}: {e}", file.display());
        let mut reader = csv::Reader::from_path(file).map_err(named)?;
        let header: Vec<String> = reader
            .headers()
            .map_err(named)?
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        let place = |column: &str| {
            header
                .iter()
                .position(|name| name == column)
                .ok_or_else(|| {
                    let columns = header.join(", ");
                    format!("{}: no column {column}, only {columns}", file.display())
                })
        };
        let outcome_at = place(outcome)?;
        let cluster_at = cluster.map(place).transpose()?;
        let features: Vec<usize> = (0..header.len())
            .filter(|&at| at != outcome_at && Some(at) != cluster_at)
            .collect();
        let (mut cells, mut outcomes, mut clusters) = (Vec::new(), Vec::new(), Vec::new());
        for (row, record) in reader.records().enumerate() {
            let record = record.map_err(named)?;
            let line = record
                .position()
                .map_or(row as u64 + 2, csv::Position::line);
            let number = |at: usize| -> Result<f64, String> {
                let text = record.get(at).unwrap_or("").trim();
                let found = text.parse::<f64>().ok().filter(|number| number.is_finite());
                found.ok_or_else(|| {
                    let (file, column) = (file.display(), &header[at]);
                    format!(
                        "{file}, line {line}, column {column}: found {text:?}, expected a number"
                    )
                })
            };
            outcomes.push(number(outcome_at)?);
            for &at in &features {
                cells.push(number(at)?);
            }
            let own = || row.to_string();
            clusters
                .push(cluster_at.map_or_else(own, |at| record.get(at).unwrap_or("").to_owned()));
        }
        Ok(Table {
            x: Array2::from_shape_vec((outcomes.len(), features.len()), cells)?,
            names: features.iter().map(|&at| header[at].clone()).collect(),
            outcome: outcomes,
            clusters,
        })
    }

    /// The outcome as yes or no.
    pub fn events(&self) -> Result<Vec<bool>, String> {
        let event = |(row, &value): (usize, &f64)| match value {
            0.0 => Ok(false),
            1.0 => Ok(true),
            _ => Err(format!(
                "outcome in row {}: found {value}, expected 0 or 1",
                row + 1
            )),
        };
        self.outcome.iter().enumerate().map(event).collect()
    }

    /// The outcome as places among its distinct values, the lowest 0, and those values.
    pub fn levels(&self) -> (Vec<usize>, Vec<f64>) {
        let mut levels = self.outcome.clone();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        let place = |value: &f64| levels.partition_point(|level| level < value);
        (self.outcome.iter().map(place).collect(), levels)
    }

    /// Every column to mean 0 and standard deviation 1 (divisor n); a constant one to 0.
    pub fn standardise(&mut self) {
        for mut column in self.x.columns_mut() {
            let n = column.len().max(1) as f64;
            let mean = column.sum() / n;
            column.mapv_inplace(|v| v - mean);
            let sd = (column.iter().map(|v| v * v).sum::<f64>() / n).sqrt();
            if sd > 0.0 {
                column.mapv_inplace(|v| v / sd);
            }
        }
    }
}
