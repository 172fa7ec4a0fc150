//! Where results go: checked before any work begins, and written whole or not at all.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell;

use super::terminal::{Failure, be_silent, put_data, usage};

/// What stands on standard output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// What a person reads.
    #[default]
    Table,
    /// What --json writes.
    Json,
    /// What --csv writes.
    Csv,
    /// The same as a table in Markdown.
    Md,
}

/// Options of every example that has a result.
#[derive(Debug, clap::Args)]
pub struct Output {
    /// Write everything as JSON; - is standard output, here and for every other file
    #[arg(long, value_name = "FILE")]
    pub json: Option<PathBuf>,
    /// Write the table as CSV
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Begin CSV files with the mark by which Excel knows UTF-8
    #[arg(long)]
    pub csv_for_excel: bool,
    /// What stands on standard output
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Say nothing but errors, and what --format asks for
    #[arg(long, short)]
    pub quiet: bool,
    #[command(flatten)]
    pub shells: Shells,
}

/// The option that every example has.
#[derive(Debug, clap::Args)]
pub struct Shells {
    /// Print the completions of a shell, and end
    #[arg(long, value_name = "SHELL", value_enum)]
    completions: Option<Shell>,
}

impl Shells {
    /// Prints completions where they are asked for, and whether they were.
    pub fn printed<A: CommandFactory>(&self) -> bool {
        let Some(shell) = self.completions else {
            return false;
        };
        let mut command = A::command();
        let (name, mut script) = (command.get_name().to_owned(), Vec::new());
        clap_complete::generate(shell, &mut command, name, &mut script);
        put_data(&String::from_utf8_lossy(&script));
        true
    }
}

/// An option with the file that it names.
pub type Named<'a> = (&'static str, Option<&'a Path>);

impl Output {
    /// Sees, before any work, that every file can be written, that no two are one and that none is an
    /// input; and settles what is said for people.
    pub fn begin(&self, inputs: &[&Path], others: &[Named<'_>]) -> Result<(), Failure> {
        let own = [
            ("--json", self.json.as_deref()),
            ("--csv", self.csv.as_deref()),
        ];
        let named = own.iter().chain(others);
        let files: Vec<(&str, &Path)> = named.filter_map(|(o, f)| Some((*o, (*f)?))).collect();
        check(&files, inputs)?;
        let taken = files.iter().find(|(_, file)| is_standard(file));
        if let (Some((option, _)), true) = (taken, self.format != Format::Table) {
            return Err(usage(format!(
                "{option} - and --format: both would stand on standard output"
            )));
        }
        if self.quiet || taken.is_some() || self.format != Format::Table {
            be_silent();
        }
        Ok(())
    }

    /// Writes the results that were asked for. The columns are those of the Markdown; none means all.
    pub fn finish(
        &self,
        json: impl Fn() -> Result<String, Failure>,
        csv: impl Fn() -> Result<String, Failure>,
        columns: &[&str],
    ) -> Result<(), Failure> {
        if let Some(file) = &self.json {
            write(file, &(json()? + "\n"))?;
        }
        if let Some(file) = &self.csv {
            write(file, &self.marked(csv()?))?;
        }
        match self.format {
            Format::Table => {}
            Format::Json => put_data(&(json()? + "\n")),
            Format::Csv => put_data(&csv()?),
            Format::Md => put_data(&markdown(&csv()?, columns)?),
        }
        Ok(())
    }

    /// CSV with the mark, where it is for Excel.
    pub fn marked(&self, csv: String) -> String {
        match self.csv_for_excel {
            true => format!("\u{feff}{csv}"),
            false => csv,
        }
    }

    /// The same for a file that is CSV by its name.
    pub fn marked_if_csv(&self, file: &Path, text: String) -> String {
        match file.extension().is_some_and(|end| end == "csv") {
            true => self.marked(text),
            false => text,
        }
    }
}

fn is_standard(file: &Path) -> bool {
    file == Path::new("-")
}

/// A path by which the same file is known, whether it exists or not.
fn known_as(file: &Path) -> PathBuf {
    if let Ok(there) = fs::canonicalize(file) {
        return there;
    }
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    file.file_name()
        .map_or(folder.clone(), |name| folder.join(name))
}

fn check(files: &[(&str, &Path)], inputs: &[&Path]) -> Result<(), Failure> {
    let mut seen: BTreeMap<PathBuf, &str> = BTreeMap::new();
    for (option, file) in files {
        let shown = file.display();
        let known = known_as(file);
        if let Some(other) = seen.insert(known.clone(), option) {
            return Err(usage(format!("{other} and {option} both name {shown}")));
        }
        if is_standard(file) {
            continue;
        }
        for input in inputs {
            let read = known_as(input);
            let in_folder = read.is_dir() && known.is_file() && known.starts_with(&read);
            if known == read || in_folder {
                return Err(usage(format!(
                    "{option} {shown}: this is read as well, and would be overwritten: name another file"
                )));
            }
        }
        forewarn::check_writable(file).map_err(|e| usage(format!("{option} {e}")))?;
    }
    Ok(())
}

/// Writes a file whole or not at all; `-` is standard output.
pub fn write(file: &Path, text: &str) -> Result<(), Failure> {
    if is_standard(file) {
        put_data(text);
        return Ok(());
    }
    Ok(forewarn::write_whole(file, text.as_bytes())?)
}

/// Columns of a CSV as a table in Markdown.
fn markdown(text: &str, columns: &[&str]) -> Result<String, Failure> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers()?.clone();
    let wanted = |name: &str| columns.is_empty() || columns.contains(&name);
    let kept: Vec<usize> = (0..header.len())
        .filter(|&at| wanted(&header[at]))
        .collect();
    let row = |record: &csv::StringRecord| {
        let cells = kept
            .iter()
            .map(|&at| record[at].replace('|', "\\|").replace('\n', " "));
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let mut table = row(&header) + &format!("|{}\n", "---|".repeat(kept.len()));
    for record in reader.records() {
        table += &row(&record?);
    }
    Ok(table)
}
