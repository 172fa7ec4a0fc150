//! The one error type: which file, line, column, authority or indicator; what was found; what was expected.

use std::path::PathBuf;

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong, each naming the thing that failed.
///
/// Single bad rows of an input file are not errors: they are refused, counted and listed in the
/// load report. An error means that the work as a whole could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A file is of a known layout, but broken.
    #[error("{}{}{}: found {found}, expected {expected}",
        file.display(),
        line.map(|l| format!(", line {l}")).unwrap_or_default(),
        column.as_ref().map(|c| format!(", column {c}")).unwrap_or_default())]
    Malformed {
        /// The file.
        file: PathBuf,
        /// One-based line (or spreadsheet row), where one is to blame.
        line: Option<u64>,
        /// The column's header, where one is to blame.
        column: Option<String>,
        /// What stands there.
        found: String,
        /// What should stand there, or what to do.
        expected: String,
    },
    /// A file holds more than it may, so that memory stays bounded.
    #[error("{}: {what}: found more than {limit}, expected at most that", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// What is too large, with its unit.
        what: &'static str,
        /// How much is accepted.
        limit: u64,
    },
    /// A folder holds nothing that could be read.
    #[error("{}: found no file of a known layout among {ignored} files, expected official statistics, Ofsted workbooks or forewarn's own layouts", folder.display())]
    NothingToRead {
        /// The folder.
        folder: PathBuf,
        /// How many files were looked at.
        ignored: usize,
    },
    /// No file with figures or judgements could be read.
    #[error("{folder}: nothing usable is left:\n  {reasons}", folder = .folder.display(), reasons = .reasons.join("\n  "))]
    NothingUsable {
        /// The folder.
        folder: PathBuf,
        /// What was wrong with each file.
        reasons: Vec<String>,
    },
    /// A value given by the caller is outside what it may be.
    #[error("{what}: found {found}, expected {expected}")]
    InvalidValue {
        /// Which parameter, field or code.
        what: &'static str,
        /// What was given.
        found: String,
        /// What it may be.
        expected: String,
    },
    /// An authority that the register does not know.
    #[error("authority {found}: not in the register (expected {expected})",
        expected = .expected.as_deref().unwrap_or("a DfE number, an ONS code or a name"))]
    UnknownAuthority {
        /// What was given.
        found: String,
        /// What may have been meant, where something near to it is known.
        expected: Option<String>,
    },
    /// An indicator that the catalogue does not know.
    #[error("indicator {found}: not in the catalogue")]
    UnknownIndicator {
        /// What was given.
        found: String,
    },
    /// No judged inspection can be used for training.
    #[error(
        "no inspection to train on: {judged} judgements were published before {before}, none of them usable under this outcome rule and recipe"
    )]
    NothingToTrainOn {
        /// The training date.
        before: jiff::civil::Date,
        /// How many inspections of any kind had been published by then.
        judged: usize,
    },
    /// All outcomes are the same, so that nothing can be learned.
    #[error("one class only: {events} events in {rows} rows, expected at least one of each")]
    OneClass {
        /// Rows.
        rows: usize,
        /// Rows with the event.
        events: usize,
    },
    /// No column can tell rows apart.
    #[error(
        "no usable feature: each of the {features} features is constant or has no value in the training window"
    )]
    NoUsableFeature {
        /// How many features there are.
        features: usize,
    },
    /// Rows, columns or labels do not match in number.
    #[error("{what}: found {found}, expected {expected}")]
    Shape {
        /// Which count.
        what: &'static str,
        /// What was given.
        found: usize,
        /// What was expected.
        expected: usize,
    },
    /// A number that cannot be computed with.
    #[error(
        "row {row}, column {column}: found {found}, expected a finite number of magnitude at most {limit:e}"
    )]
    NotFinite {
        /// Zero-based row.
        row: usize,
        /// The column's name.
        column: String,
        /// What was found.
        found: f64,
        /// The largest magnitude accepted.
        limit: f64,
    },
    /// A fit did not reach its optimum: there is no model.
    #[error(
        "fit did not converge: gradient norm {gradient_norm:e} after {iterations} iterations, expected at most {tolerance:e}"
    )]
    NotConverged {
        /// Largest component of the gradient at the last point, per row and unit of its column.
        gradient_norm: f64,
        /// What it has to be.
        tolerance: f64,
        /// How many Newton steps were made.
        iterations: usize,
    },
    /// Maximum likelihood has no finite estimate.
    #[error(
        "outcome separated{} by column {}: maximum likelihood has no finite estimate, expected a penalty or Firth's method",
        if *complete { " completely" } else { "" },
        columns.join(", "))]
    Separated {
        /// The columns' names.
        columns: Vec<String>,
        /// Whether all rows are on their side of a plane.
        complete: bool,
    },
    /// The information matrix cannot be inverted.
    #[error(
        "information matrix is not positive definite: columns are collinear and the penalty is too small"
    )]
    Singular,
    /// A saved model that is not one, or was changed by hand.
    #[error("saved model, {field}: found {found}, expected {expected}")]
    Artifact {
        /// Which field.
        field: String,
        /// What stands there.
        found: String,
        /// What should stand there.
        expected: String,
    },
    /// A feature was known only after its row's day.
    #[error(
        "leak: {feature} of organisation {organisation} was known from {known_from}, after its as-of date {as_of}"
    )]
    Leak {
        /// The organisation.
        organisation: String,
        /// The feature.
        feature: String,
        /// The day from which its figure was known.
        known_from: jiff::civil::Date,
        /// The day that the row is as of.
        as_of: jiff::civil::Date,
    },
    /// A model of a back-test failed, or gave what cannot be compared.
    #[error("model {model}, recipe {recipe}, origin {origin}: {source}")]
    Model {
        /// The model's name.
        model: String,
        /// The recipe's name.
        recipe: String,
        /// The day that it learned on.
        origin: jiff::civil::Date,
        /// What went wrong.
        source: Box<Error>,
    },
    /// Figures, inspections or events that cannot be true.
    #[error("{count} refused at the door of the panel:\n  {}{}",
        faults.iter().take(10).map(String::as_str).collect::<Vec<_>>().join("\n  "),
        match count.saturating_sub(10) { 0 => String::new(), more => format!("\n  and {more} more") })]
    RefusedAtTheDoor {
        /// How many.
        count: usize,
        /// Each in words: what it is, what was found, what was expected. The first 10,000.
        faults: Vec<String>,
    },
    /// A description of a service is not one.
    #[error("description of a service, {} to mend:\n  {}",
        match faults.len() { 1 => "1 fault".to_owned(), n => format!("{n} faults") },
        faults.join("\n  "))]
    Service {
        /// Every fault: the field, what was found, what was expected.
        faults: Vec<String>,
    },
    /// linfa refused the data or its optimiser failed.
    #[error("linfa: {0}")]
    Linfa(linfa::Error),
}

// Required by the bound of `linfa::traits::Fit`.
impl From<linfa::Error> for Error {
    fn from(source: linfa::Error) -> Self {
        Error::Linfa(source)
    }
}

impl Error {
    /// Whether it says of the rows that no model can be learned from them: one class, no usable
    /// feature, or no optimum.
    pub fn leaves_no_model(&self) -> bool {
        matches!(
            self,
            Error::OneClass { .. }
                | Error::NoUsableFeature { .. }
                | Error::Singular
                | Error::Separated { .. }
                | Error::NotConverged { .. }
        )
    }
}

/// Refuses a saved model by one of its fields.
pub(crate) fn check(
    holds: bool,
    field: &str,
    found: impl ToString,
    expected: impl ToString,
) -> Result<()> {
    if holds {
        return Ok(());
    }
    Err(Error::Artifact {
        field: field.to_owned(),
        found: found.to_string(),
        expected: expected.to_string(),
    })
}
