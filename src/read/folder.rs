//! A folder of files: listed, recognised, read in two passes, and built into a panel.

use std::fs;
use std::path::{Path, PathBuf};

use super::intake::Intake;
use super::mapping::Mapping;
use super::rates::Rates;
use super::recognise::{Kind, recognise};
use super::report::{FileReport, Layout, LoadReport};
use super::settings::{self, Authorities, Neighbours, Releases};
use super::table::Table;
use super::{Loaded, conflict, layouts, statistics, tidy, wide};
use crate::data::{Catalogue, PanelBuilder, Register, ReleaseCalendar};
use crate::error::{Error, Result};

/// A folder to be read, with what is known before any file of it.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    register: Register,
    calendar: ReleaseCalendar,
}

/// A file of a known layout.
struct Recognised {
    path: PathBuf,
    layout: Layout,
    mapping: Option<Mapping>,
    report: FileReport,
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

    /// The authorities known beforehand. Default: [`Register::england`]. A register file in the
    /// folder adds to them, or replaces them all if it shares no code with them.
    pub fn register(self, register: Register) -> Self {
        Folder { register, ..self }
    }

    /// The release days known beforehand. Default: [`ReleaseCalendar::england`]. A calendar file in
    /// the folder goes before them.
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
        let (mut files, ignored) = recognise_all(&self.path)?;
        if files.is_empty() {
            return Err(Error::NothingToRead {
                folder: self.path,
                ignored: ignored.len(),
            });
        }
        let mut intake = prepare(&mut files, self.register, self.calendar)?;
        for (number, file) in files.iter_mut().enumerate() {
            intake.file = u16::try_from(number).map_err(|_| Error::InvalidValue {
                what: "files in a folder",
                found: format!("more than {number}"),
                expected: format!("at most {}", u16::MAX),
            })?;
            read_figures(file, &mut intake)?;
        }
        Ok(finish(intake, files, ignored))
    }
}

type Ignored = Vec<(PathBuf, String)>;

fn recognise_all(folder: &Path) -> Result<(Vec<Recognised>, Ignored)> {
    let paths = list(folder)?;
    let mut kinds = paths
        .iter()
        .map(|p| recognise(p))
        .collect::<Result<Vec<_>>>()?;
    let mut mappings: Vec<Option<Mapping>> = paths.iter().map(|_| None).collect();
    for at in 0..paths.len() {
        if let Kind::Json = kinds[at]
            && let Some(mapping) = Mapping::open(&paths[at])?
        {
            let table = mapping.table(&paths)?;
            kinds[at] = Kind::Mapping;
            kinds[table] = Kind::Csv(Layout::Wide);
            if let Some(other) = mappings[table].replace(mapping) {
                return Err(other.second(&paths[at]));
            }
        }
    }
    let mut files = Vec::new();
    let mut ignored = Vec::new();
    for ((path, kind), mapping) in paths.into_iter().zip(kinds).zip(mappings) {
        match kind {
            Kind::Csv(layout) => files.push(Recognised {
                report: FileReport::new(path.clone(), layout, String::new()),
                path,
                layout,
                mapping,
            }),
            Kind::Mapping => {}
            Kind::Json => ignored.push((path, "JSON, but not a mapping".to_owned())),
            Kind::Archive => ignored.push((path, "an archive".to_owned())),
            Kind::Unknown(why) => ignored.push((path, why.to_owned())),
        }
    }
    Ok((files, ignored))
}

/// Reads the files that set the scene: authorities, then what refers to them.
fn prepare(
    files: &mut [Recognised],
    register: Register,
    mut calendar: ReleaseCalendar,
) -> Result<Intake> {
    let mut authorities = Authorities::default();
    let mut releases = Releases::default();
    for file in files.iter_mut() {
        match file.layout {
            Layout::Register => {
                file.read(|table, report| settings::read_register(table, report, &mut authorities))?
            }
            Layout::ReleaseCalendar => {
                file.read(|table, report| settings::read_calendar(table, report, &mut releases))?
            }
            _ => {}
        }
    }
    settings::extend_calendar(&mut calendar, releases);
    let mut register = settings::extend_register(register, authorities);
    let mut neighbours = Neighbours::default();
    let mut catalogue = Catalogue::childrens_services();
    for file in files.iter_mut() {
        if file.layout == Layout::Neighbours {
            file.read(|table, report| {
                settings::read_neighbours(table, report, &register, &mut neighbours)
            })?;
        }
        if let Some(mapping) = &file.mapping {
            mapping.define(&mut catalogue)?;
        }
    }
    settings::set_neighbours(&mut register, neighbours);
    Ok(Intake {
        panel: PanelBuilder::new(register, catalogue),
        calendar,
        rates: Rates::default(),
        file: 0,
    })
}

impl Recognised {
    /// Reads the whole file as a table, and notes what is known of it at its end.
    fn read(&mut self, rows: impl FnOnce(&mut Table, &mut FileReport) -> Result<()>) -> Result<()> {
        let mut table = Table::open(&self.path)?;
        rows(&mut table, &mut self.report)?;
        self.report.sha256 = table.sha256();
        if !table.ends_with_line_break() {
            let note = "the last line has no line break: it may be cut off";
            self.report.notes.push(note.to_owned());
        }
        Ok(())
    }
}

fn read_figures(file: &mut Recognised, intake: &mut Intake) -> Result<()> {
    if let Some(mapping) = file.mapping.take() {
        return file.read(|table, report| wide::read(&mapping, table, report, intake));
    }
    if let Some(layout) = layouts::statistics(file.layout) {
        return file.read(|table, report| statistics::read(layout, table, report, intake));
    }
    match file.layout {
        Layout::TidyObservations => file.read(|table, report| tidy::read(table, report, intake)),
        _ => Ok(()),
    }
}

fn finish(mut intake: Intake, mut files: Vec<Recognised>, ignored: Ignored) -> Loaded {
    let computed = intake.rates.compute(&mut intake.panel);
    for (origin, rate, found) in computed.refused {
        if let Some(file) = files.get_mut(usize::from(origin.file)) {
            let expected = crate::data::Unit::Per10kChildren.expected();
            let found = found.to_string();
            file.report
                .refuse(origin.line, rate.as_str(), &found, expected);
        }
    }
    let built = intake.panel.build();
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    let mut report = LoadReport {
        files: files.into_iter().map(|file| file.report).collect(),
        ignored,
        agreeing: built.agreeing,
        without_population: computed.without_population,
        ..LoadReport::default()
    };
    conflict::report(&built.conflicts, &built.panel, &paths, &mut report);
    Loaded {
        panel: built.panel,
        report,
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
