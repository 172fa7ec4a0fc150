//! The command line.

use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};
use forewarn::data::Direction;
use forewarn::model::{FirthParams, InterceptCorrection};

use crate::common::{Failure, Output, usage};

/// The families.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Family {
    Ridge,
    Firth,
    Flic,
    Flac,
    Ordinal,
    Composite,
    Constrained,
}

/// How intervals are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ci {
    Profile,
    Wald,
}

/// Fits a logistic or ordinal model to any numeric table, and says how far to trust it.
#[derive(Debug, Parser)]
#[command(name = "fit", version)]
pub struct Args {
    /// The table: a CSV file with a header
    #[arg(value_name = "TABLE.csv", required_unless_present = "completions")]
    table: Option<PathBuf>,
    /// 0 and 1, no and yes, false and true, or 1 and 2; whole numbers, the worst highest, for ordinal
    #[arg(long, value_name = "COLUMN", required_unless_present = "completions")]
    outcome: Option<String>,
    /// The outcome that is the event, where it holds other values
    #[arg(long, value_name = "VALUE")]
    pub event: Option<String>,
    /// The predictors [default: every other column]
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Columns that are none
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub except: Vec<String>,
    /// The family
    #[arg(long, value_enum, default_value_t = Family::Firth)]
    pub family: Family,
    /// Summed log-loss + L2/2 times the squared coefficients, for ridge, ordinal and constrained
    /// [default: 1 for ridge and constrained, 0 for ordinal]
    #[arg(long, value_name = "L2")]
    pub penalty: Option<f64>,
    /// Columns to mean 0 and standard deviation 1 (divisor n); estimates are then on that scale, and
    /// the penalty too
    #[arg(long)]
    pub standardise: bool,
    /// COL=+,COL=-: declared directions, for composite and constrained
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = direction)]
    pub directions: Vec<(String, Direction)>,
    /// Intervals [default: profile for firth, flic and flac, wald for the others, which have no other;
    /// flic's intercept is the maximum of no likelihood and has wald]
    #[arg(long, value_enum)]
    pub ci: Option<Ci>,
    /// Level of the intervals
    #[arg(long, value_name = "L", default_value_t = 0.95)]
    pub level: f64,
    /// Resamples for the optimism correction [default: 200; 0 for none]
    #[arg(long, value_name = "N")]
    pub bootstrap: Option<usize>,
    /// Rows of one cluster are resampled together; not a feature
    #[arg(long, value_name = "COLUMN")]
    pub cluster: Option<String>,
    /// Draw the coefficients, per standard deviation, as an SVG file
    #[arg(long, value_name = "FILE")]
    pub coefficients_svg: Option<PathBuf>,
    /// Draw forecast against outcome on these rows as an SVG file
    #[arg(long, value_name = "FILE")]
    pub calibration_svg: Option<PathBuf>,
    #[command(flatten)]
    pub output: Output,
}

impl Family {
    pub fn name(self) -> &'static str {
        match self {
            Family::Ridge => "ridge",
            Family::Firth => "firth",
            Family::Flic => "flic",
            Family::Flac => "flac",
            Family::Ordinal => "ordinal",
            Family::Composite => "composite",
            Family::Constrained => "constrained",
        }
    }
}

impl Family {
    /// The intercept correction of the families by Firth's method.
    pub fn correction(self) -> Option<InterceptCorrection> {
        match self {
            Family::Firth => Some(InterceptCorrection::None),
            Family::Flic => Some(InterceptCorrection::Flic),
            Family::Flac => Some(InterceptCorrection::Flac),
            _ => None,
        }
    }
}

impl Args {
    /// Firth's method with its correction, where intervals are to be of the profile likelihood.
    pub fn profile(&self) -> Option<FirthParams> {
        let correction = self.family.correction()?;
        let wanted = self.ci != Some(Ci::Wald);
        wanted.then(|| FirthParams::new().correction(correction))
    }
}

impl Args {
    /// The table: required, but where completions are asked for.
    pub fn table(&self) -> &Path {
        self.table.as_deref().unwrap_or(Path::new(""))
    }

    /// The outcome's column: required as well.
    pub fn outcome(&self) -> &str {
        self.outcome.as_deref().unwrap_or_default()
    }

    /// Sees that the options belong together and that what they name can be written.
    pub fn check(&self) -> Result<(), Failure> {
        self.check_used().map_err(usage)?;
        if !(self.level > 0.0 && self.level < 1.0) {
            let level = self.level;
            return Err(usage(format!(
                "--level {level}: expected above 0 and below 1"
            )));
        }
        let outputs = [
            ("--coefficients-svg", self.coefficients_svg.as_deref()),
            ("--calibration-svg", self.calibration_svg.as_deref()),
        ];
        self.output.begin(&[self.table()], &outputs)
    }

    /// Refuses options that the family has no use for.
    fn check_used(&self) -> Result<(), String> {
        let family = self.family.name();
        let firth = self.family.correction().is_some();
        let ordinal = self.family == Family::Ordinal;
        let unused = [
            (
                self.ci == Some(Ci::Profile) && !firth,
                "--ci profile",
                "its intervals are wald; firth, flic and flac have profile",
            ),
            (
                self.penalty.is_some() && (firth || self.family == Family::Composite),
                "--penalty",
                "ridge, constrained and ordinal have one",
            ),
            (
                !self.directions.is_empty() && ordinal,
                "--directions",
                "composite and constrained heed them, and the others warn by them",
            ),
            (
                ordinal && self.bootstrap.is_some_and(|n| n > 0),
                "--bootstrap",
                "its measures are not corrected for optimism",
            ),
            (
                ordinal && self.cluster.is_some(),
                "--cluster",
                "nothing of it is resampled: leave the column out with --except",
            ),
            (
                ordinal && self.event.is_some(),
                "--event",
                "its outcome is every grade",
            ),
            (
                ordinal && self.calibration_svg.is_some(),
                "--calibration-svg",
                "it forecasts every grade, not one event",
            ),
        ];
        match unused.iter().find(|(is, ..)| *is) {
            Some((_, option, why)) => Err(format!("{option}: not for --family {family}: {why}")),
            None => Ok(()),
        }
    }
}

fn direction(part: &str) -> Result<(String, Direction), String> {
    match part.trim().rsplit_once('=') {
        Some((column, "+")) => Ok((column.to_owned(), Direction::HigherRiskier)),
        Some((column, "-")) => Ok((column.to_owned(), Direction::LowerRiskier)),
        _ => Err("expected COL=+ or COL=-".to_owned()),
    }
}
