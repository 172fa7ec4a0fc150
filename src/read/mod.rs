//! Files as downloaded -> a panel, and a report of what became of every one.

mod area;
mod cell;
mod guard;
mod intake;
mod layouts;
mod measure;
mod rates;
mod recognise;
mod report;
mod statistics;
mod table;

use std::fs;
use std::path::{Path, PathBuf};

pub use report::{FileReport, Layout, LoadReport, REFUSALS_KEPT, Refusal};

use self::intake::Intake;
use self::rates::Rates;
use self::recognise::Kind;
use self::table::Table;
use crate::data::{Catalogue, Panel, PanelBuilder, Register, ReleaseCalendar};
use crate::error::{Error, Result};

/// What was read from a folder.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Figures, judgements and the register.
    pub panel: Panel,
    /// What became of every file.
    pub report: LoadReport,
}

/// Reads a folder and its direct subfolders with the built-in register and release calendar.
///
/// # Errors
/// See [`Folder::read`].
pub fn folder(path: impl AsRef<Path>) -> Result<Loaded> {
    Folder::new(path).read()
}

/// A folder to be read, with what is known before any file of it.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    register: Register,
    calendar: ReleaseCalendar,
}

impl Folder {
    /// A folder, with England's authorities and release days.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Folder {
            path: path.as_ref().to_owned(),
            register: Register::england(),
            calendar: ReleaseCalendar::england(),
        }
    }

    /// The authorities known beforehand. Default: [`Register::england`].
    pub fn register(self, register: Register) -> Self {
        Folder { register, ..self }
    }

    /// The release days known beforehand. Default: [`ReleaseCalendar::england`].
    pub fn calendar(self, calendar: ReleaseCalendar) -> Self {
        Folder { calendar, ..self }
    }

    /// Reads every file of a known layout in the folder and its direct subfolders.
    ///
    /// # Errors
    /// [`Error::NothingToRead`] if no file is of a known layout; [`Error::Malformed`] if one is, but
    /// is broken; [`Error::Io`] if a file cannot be read. Single bad rows and cells are refused and
    /// listed in the report.
    pub fn read(self) -> Result<Loaded> {
        let mut report = LoadReport::default();
        let mut files = Vec::new();
        for path in list(&self.path)? {
            match recognise::recognise(&path)? {
                Kind::Csv(layout) => files.push((path, layout)),
                Kind::Mapping => report.ignored.push((path, "JSON".to_owned())),
                Kind::Archive => report.ignored.push((path, "archive".to_owned())),
                Kind::Unknown(why) => report.ignored.push((path, why.to_owned())),
            }
        }
        if files.is_empty() {
            return Err(Error::NothingToRead {
                folder: self.path,
                ignored: report.ignored.len(),
            });
        }
        let mut intake = Intake {
            panel: PanelBuilder::new(self.register, Catalogue::childrens_services()),
            calendar: self.calendar,
            rates: Rates::default(),
            file: 0,
        };
        for (number, (path, layout)) in files.into_iter().enumerate() {
            intake.file = u16::try_from(number).unwrap_or(u16::MAX);
            let mut file = FileReport::new(path.clone(), layout, String::new());
            if let Some(statistics) = layouts::statistics(layout) {
                let mut table = Table::open(&path)?;
                statistics::read(statistics, &mut table, &mut file, &mut intake)?;
                file.sha256 = table.sha256();
            }
            report.files.push(file);
        }
        let computed = intake.rates.compute(&mut intake.panel);
        let built = intake.panel.build();
        report.agreeing = built.agreeing;
        Ok(Loaded {
            panel: built.panel,
            report,
        })
    }
}

/// Files of a folder and of its direct subfolders, in an order that does not depend on the system.
fn list(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in entries(folder)? {
        if entry.is_dir() {
            files.extend(entries(&entry)?.into_iter().filter(|inner| inner.is_file()));
        } else if entry.is_file() {
            files.push(entry);
        }
    }
    files.sort();
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let io = |source| Error::Io {
        path: folder.to_owned(),
        source,
    };
    fs::read_dir(folder)
        .map_err(io)?
        .map(|entry| entry.map(|e| e.path()).map_err(io))
        .collect()
}
