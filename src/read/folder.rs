//! A folder of files: listed, recognised, read in two passes, and built into a panel.

#[cfg(feature = "ods")]
use std::fs;
#[cfg(feature = "ods")]
use std::io;
use std::path::{Path, PathBuf};

use super::found::{Found, Recognised, lists_providers, recognise_all, tell_vintages};
use super::intake::Intake;
use super::load_report::{Layout, LoadReport};
use super::loaded::Loaded;
use super::ofsted;
use super::recognise::{Kind, recognise};
use super::{conflict, merge};
use crate::data::{IndicatorId, PanelBuilder, Register, ReleaseCalendar, Service, Unit};
use crate::error::{Error, Result};
use crate::read::official::joint_inspections;
use crate::read::official::mid_year;
use crate::read::official::neighbours;
use crate::read::official::neighbours::Neighbours;
use crate::read::official::rates::Rates;
use crate::read::official::{deprivation, layouts, statistics, tool_download};
use crate::read::own::settings;
use crate::read::own::settings::{Authorities, Releases};
use crate::read::own::{events, inspections, tidy, wide};
use crate::read::providers;
#[cfg(feature = "ods")]
use crate::read::table::guard;

/// A folder to be read, with what is known before any file of it.
///
/// ```
/// use forewarn::read::Folder;
///
/// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo");
/// let loaded = Folder::new(folder).read()?;
/// assert_eq!(loaded.report.files.len(), 3);
/// println!("{}", loaded.report);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Folder {
    path: PathBuf,
    more: Vec<PathBuf>,
    service: Service,
    register: Register,
    calendar: ReleaseCalendar,
}

impl Folder {
    /// A folder, with England's authorities and release days.
    pub fn new(path: impl AsRef<Path>) -> Self {
        Folder {
            path: path.as_ref().to_owned(),
            more: Vec::new(),
            service: Service::default(),
            register: Register::england(),
            calendar: ReleaseCalendar::england(),
        }
    }

    /// A file that stands elsewhere, read as if it stood in the folder: an organisation's own figures.
    pub fn file(mut self, path: impl AsRef<Path>) -> Self {
        self.more.push(path.as_ref().to_owned());
        self
    }

    /// The service that the files are about. Default: [`Service::childrens_services`]. Of any other
    /// nobody is known beforehand: a register file names its organisations.
    pub fn service(self, service: Service) -> Self {
        let calendar = match service == *Service::childrens_services() {
            true => self.calendar,
            false => service.calendar().clone(),
        };
        let register = match service == *Service::childrens_services() {
            true => self.register,
            false => Register::empty(),
        };
        Folder {
            service,
            register,
            calendar,
            ..self
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
    /// A file of a known layout that is broken is left out whole and named among the ignored, with
    /// what to do; single bad rows and cells are refused and listed in the report.
    ///
    /// # Errors
    /// [`Error::NothingToRead`] if no file is of a known layout; if none of those that hold figures
    /// or judgements could be read, the error of the one, or [`Error::NothingUsable`] with all;
    /// [`Error::Malformed`] for a broken register or calendar, on which all else depends.
    pub fn read(mut self) -> Result<Loaded> {
        let register = std::mem::take(&mut self.register);
        let builder = PanelBuilder::of(&self.service, register);
        self.read_into(builder)
    }

    /// The same with the register and catalogue of a builder, and what it holds: with
    /// [`PanelBuilder::onto`] a folder of new files is added to a panel in the time that the new
    /// ones take. What was in the panel before has no file in the report.
    ///
    /// # Errors
    /// As [`read`](Self::read) and [`PanelBuilder::build`].
    pub fn read_into(self, builder: PanelBuilder) -> Result<Loaded> {
        // A broken file may have filled half of a panel: everything is read again without it.
        let mut broken: Vec<(PathBuf, Error)> = Vec::new();
        loop {
            match self.attempt(builder.clone(), &broken) {
                Ok(loaded) => return Ok(loaded),
                Err(error) => match broken_file(&error) {
                    Some(file) if !broken.iter().any(|(known, _)| *known == file) => {
                        broken.push((file, error));
                    }
                    _ => return Err(error),
                },
            }
            if let Some(error) = self.nothing_left(&mut broken)? {
                return Err(error);
            }
        }
    }

    /// The reasons, where no file with figures or judgements is left.
    fn nothing_left(&self, broken: &mut Vec<(PathBuf, Error)>) -> Result<Option<Error>> {
        let providers = lists_providers(&self.service);
        let found = recognise_all((&self.path, &self.more), providers, broken)?;
        let sets_the_scene = |file: &Recognised| {
            use Layout::{Neighbours, Neighbours2021, Register, ReleaseCalendar};
            matches!(
                file.layout,
                Register | ReleaseCalendar | Neighbours | Neighbours2021
            )
        };
        if !found.workbooks.is_empty() || !found.files.iter().all(sets_the_scene) {
            return Ok(None);
        }
        Ok(match broken.len() {
            1 => broken.pop().map(|(_, error)| error),
            _ => Some(Error::NothingUsable {
                folder: self.path.clone(),
                reasons: broken.iter().map(|(_, error)| error.to_string()).collect(),
            }),
        })
    }

    /// Reads all but the files that are known to be broken.
    fn attempt(&self, builder: PanelBuilder, broken: &[(PathBuf, Error)]) -> Result<Loaded> {
        let providers = lists_providers(builder.service());
        let mut found = recognise_all((&self.path, &self.more), providers, broken)?;
        tell_vintages(&mut found.files)?;
        let mut intake = prepare(&mut found.files, builder, self.calendar.clone())?;
        for (number, file) in found.files.iter_mut().enumerate() {
            intake.file = u16::try_from(number).map_err(|_| Error::InvalidValue {
                what: "files in a folder",
                found: format!("more than {number}"),
                expected: format!("at most {}", u16::MAX),
            })?;
            read_figures(file, &mut intake)?;
        }
        read_workbooks(&mut found, &mut intake)?;
        let lists = std::mem::take(&mut intake.providers);
        let listed = providers::settle(lists, &mut intake.panel)?;
        if found.files.is_empty() && found.others.is_empty() {
            return Err(Error::NothingToRead {
                folder: self.path.clone(),
                ignored: found.ignored.len(),
            });
        }
        let mut loaded = finish(intake, found)?;
        loaded.report.listed = listed;
        Ok(loaded)
    }
}

/// The file that an error is about, where the others can be read without it.
fn broken_file(error: &Error) -> Option<PathBuf> {
    let file = match error {
        Error::Malformed { file, .. } | Error::TooLarge { file, .. } => file,
        Error::Io { path, .. } if path.is_file() => path,
        _ => return None,
    };
    let needed = |layout| matches!(layout, Layout::Register | Layout::ReleaseCalendar);
    let own_words = file
        .extension()
        .is_some_and(|of| of.eq_ignore_ascii_case("json"));
    match recognise(file) {
        Ok(Kind::Csv(layout, _)) if needed(layout) => None,
        // A mapping says how a table is meant: without it nothing is as it was asked for.
        _ if own_words => None,
        _ => Some(file.clone()),
    }
}

/// Reads the files that set the scene: authorities, then what refers to them.
fn prepare(
    files: &mut [Recognised],
    mut panel: PanelBuilder,
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
    settings::extend_register(&mut panel, authorities);
    let mut lists = Neighbours::default();
    for file in files.iter_mut() {
        if let Some(model) = neighbours::model(file.layout) {
            file.read(|table, report| {
                neighbours::read(model, table, report, panel.register(), &mut lists)
            })?;
        }
        if let Some(mapping) = &file.mapping {
            mapping.define(panel.catalogue_mut())?;
        }
    }
    if !lists.is_empty() {
        neighbours::set(panel.register_mut(), lists);
    }
    Ok(Intake {
        panel,
        calendar,
        rates: Rates::default(),
        children: IndicatorId::new("children")?,
        inspections: Vec::new(),
        providers: Vec::new(),
        file: 0,
    })
}

fn read_figures(file: &mut Recognised, intake: &mut Intake) -> Result<()> {
    if let Some(mapping) = file.mapping.take() {
        return file.read(|table, report| wide::read(&mapping, table, report, intake));
    }
    if let Some(layout) = layouts::statistics(file.layout) {
        let vintage = file.vintage;
        return file.read(|table, report| statistics::read(layout, vintage, table, report, intake));
    }
    // Every layout by name, so that a new one cannot be read as nothing.
    match file.layout {
        Layout::Register
        | Layout::ReleaseCalendar
        | Layout::Neighbours
        | Layout::Neighbours2021 => Ok(()), // read before all figures
        Layout::TidyObservations => file.read(|table, report| tidy::read(table, report, intake)),
        Layout::TidyInspections => file.read(|table, report| {
            let rows = inspections::read_table(
                table,
                intake.panel.service(),
                intake.panel.register(),
                report,
            )?;
            intake.inspections.extend(rows);
            Ok(())
        }),
        Layout::ToolDownload => {
            file.read(|table, report| tool_download::read(table, report, intake))
        }
        Layout::Deprivation => file.read(|table, report| deprivation::read(table, report, intake)),
        Layout::JointInspections => {
            file.read(|table, report| joint_inspections::read(table, report, intake))
        }
        Layout::TidyEvents => file.read(|table, report| events::read(table, report, intake)),
        Layout::Providers => {
            let list = providers::read(&file.path, &mut file.report)?;
            intake.providers.push(list);
            Ok(())
        }
        Layout::OfstedWide | Layout::OfstedHistory => {
            let sheet = ofsted::read_csv(&file.path, intake.panel.register())?;
            intake.inspections.extend(sheet.inspections);
            file.report = sheet.report;
            Ok(())
        }
        Layout::MidYear => file.read(|table, report| mid_year::read(table, report, intake)),
        unread @ (Layout::Referrals
        | Layout::Conferences
        | Layout::RepeatPlans
        | Layout::PlanDurations
        | Layout::ChildrenInNeed
        | Layout::WorkforceIndicators
        | Layout::WorkforceHeadlines
        | Layout::LookedAfter
        | Layout::PlacementStability
        | Layout::Population
        | Layout::InteractiveTool
        | Layout::Wide
        | Layout::Mapping) => Err(Error::InvalidValue {
            what: "layout of a table",
            found: unread.words().to_owned(),
            expected: "one whose columns are known".to_owned(),
        }),
    }
}

#[cfg(not(feature = "ods"))]
fn read_workbooks(found: &mut Found, _: &mut Intake) -> Result<()> {
    for path in std::mem::take(&mut found.workbooks) {
        found.ignore(path, "a workbook, and the feature `ods` is off");
    }
    Ok(())
}

/// Reads the sheets of known layouts.
#[cfg(feature = "ods")]
fn read_workbooks(found: &mut Found, intake: &mut Intake) -> Result<()> {
    for path in std::mem::take(&mut found.workbooks) {
        let open = || fs::File::open(&path);
        let io = |source| Error::Io {
            path: path.clone(),
            source,
        };
        let sha256 = open().and_then(guard::sha256).map_err(io)?;
        let reader = io::BufReader::new(open().map_err(io)?);
        if lists_providers(intake.panel.service()) {
            let lists = providers::read_workbook(&path, reader, &sha256)?;
            if lists.is_empty() {
                found.ignore(path, "a workbook without a list of providers");
            }
            for (list, report) in lists {
                intake.providers.push(list);
                found.others.push(report);
            }
            continue;
        }
        let sheets = ofsted::read(&path, reader, intake.panel.register(), &sha256)?;
        if sheets.is_empty() {
            found.ignore(path, "a workbook without a sheet of known layout");
        }
        for sheet in sheets {
            intake.inspections.extend(sheet.inspections);
            found.others.push(sheet.report);
        }
    }
    Ok(())
}

fn finish(mut intake: Intake, found: Found) -> Result<Loaded> {
    let mut files = found.files;
    let computed = intake.rates.compute(&mut intake.panel);
    for (origin, rate, value) in computed.refused {
        if let Some(file) = files.get_mut(usize::from(origin.file)) {
            let (value, expected) = (value.to_string(), Unit::Per10kChildren.expected());
            file.report
                .refuse(origin.line, rate.as_str(), &value, expected);
        }
    }
    let merged = merge::merge(intake.inspections, intake.panel.register());
    for inspection in merged.inspections {
        intake.panel.inspection(inspection);
    }
    let built = intake.panel.build()?;
    let mut report = LoadReport {
        ignored: found.ignored,
        agreeing: built.agreeing,
        repeated_events: built.repeated_events,
        without_population: computed.without_population,
        merged_inspections: merged.merged,
        inspection_conflicts: merged.conflicts,
        ..LoadReport::default()
    };
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    conflict::report(&built.conflicts, &built.panel, &paths, &mut report);
    let files = files.into_iter().map(|file| file.report);
    report.files = files.chain(found.others).collect();
    report.files.sort_by(|a, b| a.file.cmp(&b.file));
    report.ignored.sort();
    Ok(Loaded {
        panel: built.panel,
        calendar: intake.calendar,
        report,
    })
}
