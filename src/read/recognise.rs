//! What a file is, by its first line: its name is never asked.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::load_report::{FileReport, Layout};
use crate::error::{Error, Result};
use crate::read::official::layouts;
use crate::read::ofsted;
use crate::read::own::mapping::Mapping;
use crate::read::providers::is_heading;
use crate::read::table::sheet::Row;

/// Bytes of the first line that are looked at.
const LOOKED_AT: u64 = 1 << 16;

/// What a file was recognised as.
pub(crate) enum Kind {
    /// A CSV file of a known layout, with so many records above its header.
    Csv(Layout, usize),
    /// A mapping for an analyst's own table.
    Mapping(Box<(Mapping, FileReport)>),
    /// An OpenDocument spreadsheet.
    Workbook,
    /// Nothing known, and why.
    Unknown(String),
}

/// Columns that tell a layout: two of them are enough, so that a file of which one is missing or
/// misspelt is an error and not ignored.
#[rustfmt::skip]
const MARKS: [(Layout, &[&str]); 23] = [
    (Layout::Referrals, &["referral_count", "rereferral_count", "rereferral_percent", "no_further_action_percent"]),
    (Layout::Referrals, &["Referrals", "Re_referrals", "Re_referrals_percent", "No_Further_Action_percent"]),
    (Layout::Conferences, &["Section47", "ICPC", "Duration_0-10_days", "Duration_11-15_days"]),
    (Layout::RepeatPlans, &["CPP_start", "CPP_subsequent", "CPP_subsequent_percent"]),
    (Layout::PlanDurations, &["CPP_At31", "2_years_or_more", "2_years_or_more_percent"]),
    (Layout::ChildrenInNeed, &["At31_episodes", "Anypoint_episodes", "Started_episodes", "Ended_episodes"]),
    (Layout::WorkforceIndicators, &["inpost_fte", "agency_rate_fte", "vacancy_rate_fte", "turnover_rate_fte"]),
    (Layout::WorkforceHeadlines, &["social_worker_fte", "agency_worker_rate_fte_%", "vacancy_rate_fte_%", "turnover_rate_fte_%"]),
    (Layout::LookedAfter, &["population_type", "children_count", "rate_per_10000"]),
    (Layout::PlacementStability, &["cla_group", "placement_stability", "children_percent"]),
    (Layout::Population, &["age_group", "population_estimate"]),
    (Layout::MidYear, &["Geography", "All ages", "17"]),
    (Layout::Neighbours, &["SN_1", "SN_2", "SN_3"]),
    (Layout::Neighbours2021, &["LA num", "LA number", "GOInd", "SN1", "SN2"]),
    (Layout::ToolDownload, &["LA Number", "Measure"]),
    (Layout::InteractiveTool, &["LA Number", "LA and Regions", "Years"]),
    (Layout::TidyObservations, &["indicator", "period_end", "known_from", "state"]),
    (Layout::TidyInspections, &["framework", "published", "inspection_start", "overall_effectiveness", "impact_of_leaders"]),
    (Layout::Deprivation, &["la_code_2019", "imd2019_average_score", "imd2019_rank_of_average_score"]),
    (Layout::JointInspections, &["priority_action", "inspection_dates", "mentions"]),
    (Layout::TidyEvents, &["organisation", "kind", "finding"]),
    (Layout::ReleaseCalendar, &["series", "published", "basis"]),
    (Layout::Register, &["former_la_codes", "exists_from", "exists_to", "predecessors"]),
];

/// Looks at the beginning of a file.
pub(crate) fn recognise(path: &Path) -> Result<Kind> {
    let start = beginning(path)?;
    if start.starts_with(b"PK\x03\x04") {
        return Ok(archive(path, &start));
    }
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
        return Ok(unknown("UTF-16 text: save it again as \"CSV UTF-8\""));
    }
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    if start.trim_ascii().is_empty() {
        return Ok(unknown("empty: fetch or save it again"));
    }
    if start.trim_ascii_start().starts_with(b"{") {
        let not_one = unknown("JSON, but no mapping, which has an \"authority_column\"");
        let mapping = Mapping::open(path)?.map(|found| Kind::Mapping(Box::new(found)));
        return Ok(mapping.unwrap_or(not_one));
    }
    let records = records(start, b',');
    let layouts = records.iter().map(|record| layout(record));
    if let Some((above, layout)) = layouts.enumerate().find_map(|(at, l)| Some((at, l?))) {
        return Ok(Kind::Csv(layout, above));
    }
    for (delimiter, name) in [
        (b';', "semicolons"),
        (b'\t', "tabs"),
        (b'|', "vertical bars"),
    ] {
        let other = self::records(start, delimiter);
        if let Some(at) = other.iter().position(|record| layout(record).is_some()) {
            return Err(Error::Malformed {
                file: path.to_owned(),
                line: Some(at as u64 + 1),
                column: None,
                found: format!("columns separated by {name}"),
                expected: "columns separated by commas: save the file as CSV again".to_owned(),
            });
        }
    }
    for record in &records {
        let fields = || record.iter().map(String::as_str);
        if is_heading(fields()) {
            return Ok(Kind::Csv(Layout::Providers, 0));
        }
        if ofsted::is_header(&Row::of_record(0, fields())) {
            return Ok(Kind::Csv(Layout::OfstedHistory, 0));
        }
    }
    Ok(Kind::Unknown(why_unknown(start, &records)))
}

fn unknown(why: &str) -> Kind {
    Kind::Unknown(why.to_owned())
}

/// Records above the one that has that column; none if no record has it.
pub(crate) fn above(path: &Path, column: &str) -> Result<usize> {
    let start = beginning(path)?;
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    let found = records(start, b',').into_iter();
    let mut found = found.map(|record| record.iter().any(|field| field == column));
    Ok(found.position(|has| has).unwrap_or(0))
}

/// Records in which the header is looked for: titles stand above it.
const HEADING_RECORDS: usize = 10;

/// An OpenDocument file holds `content.xml`; its type stands first and uncompressed where no other
/// program has zipped it again.
#[cfg(feature = "ods")]
fn archive(path: &Path, start: &[u8]) -> Kind {
    let opened = File::open(path).ok().map(zip::ZipArchive::new);
    match opened {
        Some(Ok(archive)) => by_entries(archive.file_names().filter_map(std::result::Result::ok)),
        _ => by_entries(first_entry(start).into_iter()),
    }
}

#[cfg(not(feature = "ods"))]
fn archive(_: &Path, start: &[u8]) -> Kind {
    by_entries(first_entry(start).into_iter())
}

/// Entries of an archive that is cut off, as far as its first one says.
fn first_entry(start: &[u8]) -> Option<&'static str> {
    let name = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
    let first = start.get(30..).is_some_and(|entry| entry.starts_with(name));
    first.then_some("content.xml")
}

fn by_entries(names: impl Iterator<Item = impl AsRef<str>>) -> Kind {
    let mut excel = false;
    for name in names {
        if name.as_ref() == "content.xml" {
            return Kind::Workbook;
        }
        excel |= name.as_ref() == "xl/workbook.xml";
    }
    unknown(match excel {
        true => "an Excel workbook: save the sheet as \"CSV UTF-8\", or the workbook as .ods",
        false => "an archive, but no OpenDocument spreadsheet",
    })
}

fn beginning(path: &Path) -> Result<Vec<u8>> {
    let io = |source| Error::Io {
        path: path.to_owned(),
        source,
    };
    let mut start = Vec::new();
    let file = File::open(path).map_err(io)?;
    file.take(LOOKED_AT).read_to_end(&mut start).map_err(io)?;
    Ok(start)
}

/// The first records, of whatever width.
fn records(start: &[u8], delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(start);
    let records = reader.byte_records().take(HEADING_RECORDS);
    records
        .map_while(std::result::Result::ok)
        .map(|record| {
            let fields = record.iter().map(String::from_utf8_lossy);
            fields.map(|field| field.trim().to_owned()).collect()
        })
        .collect()
}

fn layout(record: &[String]) -> Option<Layout> {
    let has = |mark: &&&str| record.iter().any(|field| field.eq_ignore_ascii_case(mark));
    MARKS
        .iter()
        .find(|(_, marks)| marks.iter().filter(has).count() >= 2)
        .map(|(layout, _)| *layout)
}

/// Rows of one width that make a table.
const TABLE_ROWS: usize = 3;

/// What is to be done with a file of no known layout.
fn why_unknown(start: &[u8], records: &[Vec<String>]) -> String {
    if start.contains(&0) {
        return "no text: save the table as \"CSV UTF-8\"".to_owned();
    }
    if let Some(like) = records.iter().find_map(|record| looks_like(record)) {
        return like;
    }
    let has = |name: &str| records.iter().flatten().any(|field| field == name);
    if has("geographic_level") {
        return "a statistics file of which no column is read: it can be left out".to_owned();
    }
    // Below titles the rows of a table are of one width.
    let width = records.last().map_or(0, Vec::len);
    let last = records.iter().rev().take(TABLE_ROWS);
    if width < 2 || last.clone().any(|record| record.len() != width) {
        return "no table: it can be left out".to_owned();
    }
    "no known header: describe a table of your own in a mapping beside it (forewarn::read::wide), or \
     leave it out"
        .to_owned()
}

/// A header of which several names are nearly those of a layout.
fn looks_like(record: &[String]) -> Option<String> {
    let squashed: Vec<String> = record.iter().map(|field| squash(field)).collect();
    let near = |mark: &&&str| {
        let mark = squash(mark);
        let slips = mark.len() / 8;
        let close = |field: &String| strsim::osa_distance(field, &mark) <= slips;
        mark.len() > 5 && squashed.iter().any(close)
    };
    let has = |name: &str| record.iter().any(|field| field.eq_ignore_ascii_case(name));
    // Every release of the statistics says its periods by this name.
    let dated = has("time_period");
    let alike = |(layout, marks): &(Layout, &[&str])| {
        let other = layouts::statistics(*layout).is_some() && *layout != Layout::InteractiveTool;
        marks
            .iter()
            .filter(|mark| (dated || !other) && near(mark))
            .count()
    };
    let (layout, marks) = MARKS.iter().max_by_key(|row| alike(row))?;
    if alike(&(*layout, marks)) < 2 {
        return None;
    }
    let lacks: Vec<&str> = marks.iter().copied().filter(|mark| !has(mark)).collect();
    Some(another_year(*layout, &lacks, record.iter()))
}

/// What to say of a file of another release, whose columns are called otherwise.
pub(crate) fn another_year<'a>(
    layout: Layout,
    lacks: &[&str],
    has: impl Iterator<Item = &'a String>,
) -> String {
    let mut has: Vec<&str> = has.map(String::as_str).take(NAMED + 1).collect();
    if has.len() > NAMED {
        has[NAMED] = "...";
    }
    format!(
        "looks like the file \"{}\" of another year: lacks {}; has {}: fetch the newest release, or \
         rename its columns",
        layout.words(),
        lacks.join(", "),
        has.join(", ")
    )
}

/// Columns named in a message at most.
const NAMED: usize = 12;

/// A name by its letters and digits alone.
fn squash(name: &str) -> String {
    let kept = name.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|c| c.to_ascii_lowercase()).collect()
}
