//! The files of a folder: listed, recognised, and the releases of one publication told apart.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::load_report::{FileReport, Layout};
use super::recognise::{Kind, above, recognise};
use crate::data::Service;
use crate::error::{Error, Result};
use crate::read::official::statistics::Vintage;
use crate::read::official::{layouts, statistics};
use crate::read::own::mapping::Mapping;
use crate::read::table::rows::Table;

/// A file of a known layout.
pub(super) struct Recognised {
    pub(super) path: PathBuf,
    pub(super) layout: Layout,
    /// Records above its header.
    pub(super) above: usize,
    pub(super) mapping: Option<Mapping>,
    /// Where the folder has an older release of the same publication.
    pub(super) vintage: Option<Vintage>,
    pub(super) report: FileReport,
}

/// The files of a folder, by what they were recognised as.
#[derive(Default)]
pub(super) struct Found {
    pub(super) files: Vec<Recognised>,
    pub(super) workbooks: Vec<PathBuf>,
    /// Reports of files that were read otherwise than as a table: mappings and sheets.
    pub(super) others: Vec<FileReport>,
    pub(super) ignored: Vec<(PathBuf, String)>,
}

/// Whether the service's organisations are in Ofsted's lists of providers.
pub(super) fn lists_providers(service: &Service) -> bool {
    service.name() == Service::childrens_homes().name()
}

/// Recognises the files of a folder, and more that stand elsewhere.
pub(super) fn recognise_all(
    (folder, more): (&Path, &[PathBuf]),
    providers: bool,
    broken: &[(PathBuf, Error)],
) -> Result<Found> {
    let mut found = Found::default();
    let mut kinds = Vec::new();
    let mut mappings: BTreeMap<PathBuf, Mapping> = BTreeMap::new();
    for path in list(folder, more, &mut found)? {
        if let Some((_, error)) = broken.iter().find(|(file, _)| *file == path) {
            found.ignore(path, &format!("not read: {error}"));
            continue;
        }
        match recognise(&path)? {
            Kind::Mapping(read) => {
                let (mapping, report) = *read;
                found.others.push(report);
                if let Some(other) = mappings.insert(mapping.table(), mapping) {
                    return Err(other.second(&path));
                }
            }
            kind => kinds.push((path, kind)),
        }
    }
    for (path, kind) in kinds {
        match (mappings.remove(&path), kind) {
            (Some(mapping), _) => {
                let above = above(&path, &mapping.authority_column)?;
                found.table(path, (Layout::Wide, above), Some(mapping));
            }
            (None, Kind::Csv(Layout::Providers, _)) if !providers => {
                found.ignore(
                    path,
                    "a list of providers: read it as the service childrens_homes",
                );
            }
            (None, Kind::Csv(layout, above)) => found.table(path, (layout, above), None),
            (None, Kind::Workbook) => found.workbooks.push(path),
            (None, Kind::Unknown(why)) => found.ignore(path, &why),
            (None, Kind::Mapping(_)) => {}
        }
    }
    for (table, _) in broken {
        mappings.remove(table);
    }
    match mappings.into_values().next() {
        Some(mapping) => Err(mapping.without_table()),
        None => Ok(found),
    }
}

impl Found {
    fn table(&mut self, path: PathBuf, (layout, above): (Layout, usize), mapping: Option<Mapping>) {
        self.files.push(Recognised {
            above,
            vintage: None,
            report: FileReport::new(path.clone(), layout, String::new()),
            path,
            layout,
            mapping,
        });
    }

    pub(super) fn ignore(&mut self, path: PathBuf, why: &str) {
        self.ignored.push((path, why.to_owned()));
    }
}

/// Tells the releases of one publication apart by their newest years. Two of one newest year are one
/// vintage, in which figures that differ contradict each other.
pub(super) fn tell_vintages(files: &mut [Recognised]) -> Result<()> {
    let mut by_layout: BTreeMap<Layout, Vec<usize>> = BTreeMap::new();
    for (at, file) in files.iter().enumerate() {
        let repeated = layouts::statistics(file.layout).is_some();
        if repeated && file.layout != Layout::InteractiveTool {
            by_layout.entry(file.layout).or_default().push(at);
        }
    }
    for of_one in by_layout.into_values().filter(|of_one| of_one.len() > 1) {
        let mut dated: Vec<(i16, usize)> = Vec::new();
        for at in of_one {
            let newest =
                statistics::newest_year(&mut Table::open(&files[at].path, files[at].above)?);
            dated.extend(newest.map(|newest| (newest, at)));
        }
        dated.sort_unstable();
        for &(newest, at) in &dated {
            let before = dated
                .iter()
                .map(|(year, _)| *year)
                .filter(|year| *year < newest);
            if let Some(before) = before.max() {
                files[at].vintage = Some(Vintage { before, newest });
                files[at].report.notes.push(format!(
                    "a later release: what it says of years to {before} is known from the release of \
                     {newest} on"
                ));
            }
        }
    }
    Ok(())
}

impl Recognised {
    /// Reads the whole file as a table, and notes what is known of it at its end.
    pub(super) fn read(
        &mut self,
        rows: impl FnOnce(&mut Table, &mut FileReport) -> Result<()>,
    ) -> Result<()> {
        let mut table = Table::open(&self.path, self.above)?;
        table.rename(layouts::older_names(self.layout));
        if self.above > 0 {
            let note = format!("{} title rows above the header", self.above);
            self.report.notes.push(note);
        }
        rows(&mut table, &mut self.report)?;
        self.report.sha256 = table.sha256();
        if !table.ends_with_line_break() {
            let note = "the last line has no line break: it may be cut off";
            self.report.notes.push(note.to_owned());
        }
        Ok(())
    }
}

/// Files of a folder and of its direct subfolders, in an order that does not depend on the system.
/// What else stands there is named among the ignored.
fn list(folder: &Path, more: &[PathBuf], found: &mut Found) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    // By the paths that links lead to, so that nothing is read twice.
    let mut seen: BTreeSet<PathBuf> = fs::canonicalize(folder).into_iter().collect();
    let mut level = entries(folder)?;
    for deeper in [true, false] {
        let mut inner = Vec::new();
        for entry in level {
            match what(&entry, &mut seen) {
                Entry::File => files.push(entry),
                Entry::Folder if deeper => inner.extend(entries(&entry)?),
                Entry::Folder => found.ignore(
                    entry,
                    "a folder in a subfolder: move its files up, or read it by itself",
                ),
                Entry::Neither(why) => found.ignore(entry, why),
            }
        }
        level = inner;
    }
    for file in more {
        match what(file, &mut seen) {
            Entry::File => files.push(file.clone()),
            Entry::Folder => found.ignore(file.clone(), "a folder, where a file is expected"),
            Entry::Neither(why) => found.ignore(file.clone(), why),
        }
    }
    files.sort();
    Ok(files)
}

enum Entry {
    File,
    Folder,
    Neither(&'static str),
}

fn what(entry: &Path, seen: &mut BTreeSet<PathBuf>) -> Entry {
    let (Ok(kind), Ok(path)) = (fs::metadata(entry), fs::canonicalize(entry)) else {
        return Entry::Neither("a link that leads nowhere or in a circle: remove it");
    };
    if !seen.insert(path) {
        return Entry::Neither("a link to what is read by another name: remove it");
    }
    match (kind.is_file(), kind.is_dir()) {
        (true, _) => Entry::File,
        (_, true) => Entry::Folder,
        _ => Entry::Neither("a pipe, socket or device: save what it holds as a file"),
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let io = |source| Error::Io {
        path: folder.to_owned(),
        source,
    };
    let read = fs::read_dir(folder).map_err(io)?;
    let mut entries: Vec<PathBuf> = read
        .map(|entry| entry.map(|e| e.path()).map_err(io))
        .collect::<Result<_>>()?;
    // A file stands before links to it, so that it is read by its own name.
    entries.sort_by_key(|path| (path.is_symlink(), path.clone()));
    Ok(entries)
}
