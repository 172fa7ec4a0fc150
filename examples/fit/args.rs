//! The command line.

use std::error::Error;
use std::path::PathBuf;

use forewarn::data::Direction;
use forewarn::model::{FirthParams, InterceptCorrection};
use lexopt::prelude::*;

pub const HELP: &str = "\
Fits a logistic or ordinal model to any numeric table, and says how far to trust it.

usage: cargo run --release --example fit -- TABLE.csv --outcome COLUMN [OPTIONS]

  --outcome COLUMN    0 and 1, no and yes, false and true, or 1 and 2; whole numbers, the worst
                      highest, for ordinal
  --event VALUE       the outcome that is the event, where it holds other values
  --columns A,B       the predictors [default: every other column]
  --except A,B        columns that are none
  --family NAME       ridge, firth, flic, flac, ordinal, composite or constrained [default: firth]
  --penalty L2        summed log-loss + L2/2 times the squared coefficients, for ridge, ordinal and
                      constrained [default: 1 for ridge and constrained, 0 for ordinal]
  --standardise       columns to mean 0 and standard deviation 1 (divisor n); estimates are then on
                      that scale, and the penalty too
  --directions LIST   COL=+,COL=-: declared directions, for composite and constrained
  --ci profile|wald   [default: profile for firth, flic and flac, wald for the others, which have
                      no other; flic's intercept is the maximum of no likelihood and has wald]
  --level L           level of the intervals [default: 0.95]
  --bootstrap N       resamples for the optimism correction [default: 200; 0 for none]
  --cluster COLUMN    rows of one cluster are resampled together; not a feature
  --json FILE         write the result as JSON
  --help              this text
";

/// The families.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ci {
    Profile,
    Wald,
}

/// What was asked for.
pub struct Args {
    pub table: PathBuf,
    pub outcome: String,
    pub event: Option<String>,
    pub columns: Vec<String>,
    pub except: Vec<String>,
    pub family: Family,
    pub penalty: Option<f64>,
    pub standardise: bool,
    pub directions: Vec<(String, Direction)>,
    pub ci: Option<Ci>,
    pub level: f64,
    pub bootstrap: Option<usize>,
    pub cluster: Option<String>,
    pub json: Option<PathBuf>,
}

impl Family {
    pub const ALL: [(Family, &'static str); 7] = [
        (Family::Ridge, "ridge"),
        (Family::Firth, "firth"),
        (Family::Flic, "flic"),
        (Family::Flac, "flac"),
        (Family::Ordinal, "ordinal"),
        (Family::Composite, "composite"),
        (Family::Constrained, "constrained"),
    ];

    pub fn name(self) -> &'static str {
        Family::ALL
            .iter()
            .find(|(f, _)| *f == self)
            .map_or("", |(_, name)| name)
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

    /// Reads the command line; `None` where only help was wanted.
    pub fn parse() -> Result<Option<Args>, Box<dyn Error>> {
        let (mut table, mut outcome) = (None, None);
        let mut args = Args {
            table: PathBuf::new(),
            outcome: String::new(),
            event: None,
            columns: Vec::new(),
            except: Vec::new(),
            family: Family::Firth,
            penalty: None,
            standardise: false,
            directions: Vec::new(),
            ci: None,
            level: 0.95,
            bootstrap: None,
            cluster: None,
            json: None,
        };
        let mut parser = lexopt::Parser::from_env();
        while let Some(arg) = parser.next()? {
            match arg {
                Value(path) if table.is_none() => table = Some(PathBuf::from(path)),
                Long("outcome") => outcome = Some(parser.value()?.string()?),
                Long("family") => args.family = family(&parser.value()?.string()?)?,
                Long("penalty") => args.penalty = Some(parser.value()?.parse()?),
                Long("standardise") => args.standardise = true,
                Long("directions") => args.directions = directions(&parser.value()?.string()?)?,
                Long("ci") => args.ci = Some(ci(&parser.value()?.string()?)?),
                Long("level") => args.level = parser.value()?.parse()?,
                Long("bootstrap") => args.bootstrap = Some(parser.value()?.parse()?),
                Long("event") => args.event = Some(parser.value()?.string()?),
                Long("columns") => args.columns = list(&parser.value()?.string()?),
                Long("except") => args.except = list(&parser.value()?.string()?),
                Long("cluster") => args.cluster = Some(parser.value()?.string()?),
                Long("json") => args.json = Some(parser.value()?.into()),
                Short('h') | Long("help") => return Ok(None),
                _ => return Err(arg.unexpected().into()),
            }
        }
        args.table = table.ok_or("a table is needed: TABLE.csv (see --help)")?;
        args.outcome = outcome.ok_or("--outcome COLUMN is needed (see --help)")?;
        args.check_used()?;
        if !(args.level > 0.0 && args.level < 1.0) {
            return Err(format!("--level {}: expected above 0 and below 1", args.level).into());
        }
        Ok(Some(args))
    }
}

impl Args {
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
        ];
        match unused.iter().find(|(is, ..)| *is) {
            Some((_, option, why)) => Err(format!("{option}: not for --family {family}: {why}")),
            None => Ok(()),
        }
    }
}

fn list(text: &str) -> Vec<String> {
    let names = text.split(',').map(str::trim);
    names.filter(|n| !n.is_empty()).map(str::to_owned).collect()
}

fn family(name: &str) -> Result<Family, String> {
    let found = Family::ALL.iter().find(|(_, known)| *known == name);
    found.map(|(family, _)| *family).ok_or_else(|| {
        let names = Family::ALL.map(|(_, name)| name).join(", ");
        format!("--family {name}: expected one of {names}")
    })
}

fn ci(name: &str) -> Result<Ci, String> {
    match name {
        "profile" => Ok(Ci::Profile),
        "wald" => Ok(Ci::Wald),
        _ => Err(format!("--ci {name}: expected profile or wald")),
    }
}

fn directions(list: &str) -> Result<Vec<(String, Direction)>, String> {
    let one = |part: &str| match part.trim().rsplit_once('=') {
        Some((column, "+")) => Ok((column.to_owned(), Direction::HigherRiskier)),
        Some((column, "-")) => Ok((column.to_owned(), Direction::LowerRiskier)),
        _ => Err(format!(
            "--directions {list}: {part:?}, expected COL=+ or COL=-"
        )),
    };
    list.split(',').map(one).collect()
}
