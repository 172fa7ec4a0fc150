//! What a file is, by its first line: its name is never asked.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::load_report::{FileReport, Layout};
use crate::error::{Error, Result};
use crate::read::own::mapping::Mapping;
use crate::read::providers::is_heading;

/// Bytes of the first line that are looked at.
const LOOKED_AT: u64 = 1 << 16;

/// What a file was recognised as.
pub(crate) enum Kind {
    /// A CSV file of a known layout.
    Csv(Layout),
    /// A mapping for an analyst's own table.
    Mapping(Box<(Mapping, FileReport)>),
    /// An OpenDocument spreadsheet.
    Workbook,
    /// Nothing known, and why.
    Unknown(&'static str),
}

/// Columns that tell a layout: two of them are enough, so that a file of which one is missing or
/// misspelt is an error and not ignored.
#[rustfmt::skip]
const MARKS: [(Layout, &[&str]); 18] = [
    (Layout::Referrals, &["referral_count", "rereferral_count", "rereferral_percent", "no_further_action_percent"]),
    (Layout::Conferences, &["Section47", "ICPC", "Duration_0-10_days", "Duration_11-15_days"]),
    (Layout::RepeatPlans, &["CPP_start", "CPP_subsequent", "CPP_subsequent_percent"]),
    (Layout::PlanDurations, &["CPP_At31", "2_years_or_more", "2_years_or_more_percent"]),
    (Layout::ChildrenInNeed, &["At31_episodes", "Anypoint_episodes", "Started_episodes", "Ended_episodes"]),
    (Layout::WorkforceIndicators, &["inpost_fte", "agency_rate_fte", "vacancy_rate_fte", "turnover_rate_fte"]),
    (Layout::WorkforceHeadlines, &["social_worker_fte", "agency_worker_rate_fte_%", "vacancy_rate_fte_%", "turnover_rate_fte_%"]),
    (Layout::Population, &["age_group", "population_estimate"]),
    (Layout::Neighbours, &["SN_1", "SN_2", "SN_3"]),
    (Layout::Neighbours2021, &["LA num", "LA number", "GOInd", "SN1", "SN2"]),
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
        return Ok(archive(&start));
    }
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    if start.trim_ascii().is_empty() {
        return Ok(Kind::Unknown("empty"));
    }
    if start.trim_ascii_start().starts_with(b"{") {
        let not_one = Kind::Unknown("JSON, but not a mapping");
        let mapping = Mapping::open(path)?.map(|found| Kind::Mapping(Box::new(found)));
        return Ok(mapping.unwrap_or(not_one));
    }
    let line = start.split(|&b| b == b'\n').next().unwrap_or_default();
    if let Some(layout) = layout(line, b',') {
        return Ok(Kind::Csv(layout));
    }
    for (delimiter, name) in [
        (b';', "semicolons"),
        (b'\t', "tabs"),
        (b'|', "vertical bars"),
    ] {
        if layout(line, delimiter).is_some() {
            return Err(Error::Malformed {
                file: path.to_owned(),
                line: Some(1),
                column: None,
                found: format!("columns separated by {name}"),
                expected: "columns separated by commas: save the file as CSV again".to_owned(),
            });
        }
    }
    if start
        .split(|&b| b == b'\n')
        .take(HEADING_LINES)
        .any(is_providers)
    {
        return Ok(Kind::Csv(Layout::Providers));
    }
    Ok(Kind::Unknown(unknown(line)))
}

/// Lines in which the heading of a list of providers is looked for.
const HEADING_LINES: usize = 10;

fn is_providers(line: &[u8]) -> bool {
    is_heading(fields(line, b',').iter().map(String::as_str))
}

/// The first entry of an OpenDocument file is its type, uncompressed, 30 bytes from the start.
fn archive(start: &[u8]) -> Kind {
    let name = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet";
    match start.get(30..).is_some_and(|entry| entry.starts_with(name)) {
        true => Kind::Workbook,
        false => Kind::Unknown("an archive, but no OpenDocument spreadsheet"),
    }
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

fn fields(line: &[u8], delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .from_reader(line);
    let mut record = csv::ByteRecord::new();
    match reader.read_byte_record(&mut record) {
        Ok(true) => record
            .iter()
            .map(|field| String::from_utf8_lossy(field).trim().to_owned())
            .collect(),
        _ => Vec::new(),
    }
}

fn layout(line: &[u8], delimiter: u8) -> Option<Layout> {
    let fields = fields(line, delimiter);
    let has = |mark: &&&str| fields.iter().any(|field| field == **mark);
    MARKS
        .iter()
        .find(|(_, marks)| marks.iter().filter(has).count() >= 2)
        .map(|(layout, _)| *layout)
}

fn unknown(line: &[u8]) -> &'static str {
    let fields = fields(line, b',');
    if fields.iter().any(|f| f == "geographic_level") {
        "a statistics file whose columns are not read"
    } else {
        "no known header"
    }
}
