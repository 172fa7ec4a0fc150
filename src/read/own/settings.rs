//! Files that set the scene before any figure is read: authorities and release days.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::data::{
    Authority, AuthorityCode, Basis, PanelBuilder, Register, Release, ReleaseCalendar, Series,
};
use crate::error::{Error, Result};
use crate::read::area::{Checked, Wrong};
use crate::read::load_report::FileReport;
use crate::read::table::day::Days;
use crate::read::table::rows::{Row, Table};

/// What several files of settings state, and where each was stated first.
pub(crate) struct Stated<K, V>(BTreeMap<K, (V, PathBuf, u64)>);

impl<K, V> Default for Stated<K, V> {
    fn default() -> Self {
        Stated(BTreeMap::new())
    }
}

impl<K: Ord, V: PartialEq> Stated<K, V> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes an entry. The same entry may stand twice; two that differ are an error, because any
    /// choice between them would depend on the names of files.
    pub(crate) fn insert(&mut self, key: K, value: V, at: (&Path, u64, &str, &str)) -> Result<()> {
        let (file, line, column, found) = at;
        match self.0.get(&key) {
            Some((known, first, first_line)) if *known != value => Err(Error::Malformed {
                file: file.to_owned(),
                line: Some(line),
                column: Some(column.to_owned()),
                found: found.to_owned(),
                expected: format!(
                    "the same as in {}, line {first_line}: remove one of the two",
                    first.display()
                ),
            }),
            Some(_) => Ok(()),
            None => {
                self.0.insert(key, (value, file.to_owned(), line));
                Ok(())
            }
        }
    }

    pub(crate) fn into_values(self) -> impl Iterator<Item = (K, V)> {
        self.0.into_iter().map(|(key, (value, _, _))| (key, value))
    }
}

/// Authorities of register files.
pub(crate) type Authorities = Stated<AuthorityCode, Authority>;
/// Release days of calendar files.
pub(crate) type Releases = Stated<(Series, Date), Release>;

/// Counts the row, and the refusal if there is one.
pub(crate) fn taken<T>(report: &mut FileReport, line: u64, row: Checked<T>) -> Option<T> {
    report.rows += 1;
    row.inspect_err(|wrong| report.refuse(line, &wrong.column, &wrong.found, &wrong.expected))
        .ok()
}

/// Columns of a register file.
const REGISTER: [&str; 10] = [
    "old_la_code",
    "la_code",
    "former_la_codes",
    "la_name",
    "region_code",
    "region_name",
    "exists_from",
    "exists_to",
    "predecessors",
    "note",
];

/// Names of the code and name columns in a register of any service, which has no ONS codes.
const ORGANISATIONS: [&str; 2] = ["organisation", "name"];

/// Where each column of [`REGISTER`] stands.
fn register_places(table: &Table) -> Result<[Option<usize>; 10]> {
    let any_service = table.optional(ORGANISATIONS[0])?.is_some();
    let mut places = [None; 10];
    for (place, name) in places.iter_mut().zip(REGISTER) {
        *place = match (any_service, name) {
            (true, "old_la_code") => Some(table.column(ORGANISATIONS[0])?),
            (true, "la_name") => Some(table.column(ORGANISATIONS[1])?),
            (true, _) => table.optional(name)?,
            (false, _) => Some(table.column(name)?),
        };
    }
    Ok(places)
}

/// Reads a register file. Several codes in one cell are separated by blanks or semicolons, and a
/// note that begins with `tiny` means an authority that is never scored.
pub(crate) fn read_register(
    table: &mut Table,
    report: &mut FileReport,
    authorities: &mut Authorities,
) -> Result<()> {
    let at = register_places(table)?;
    let known: Vec<&str> = REGISTER.into_iter().chain(ORGANISATIONS).collect();
    table.note_others(&known, report);
    let dated: Vec<usize> = [at[6], at[7]].into_iter().flatten().collect();
    let days = Days::of(table, &dated, report)?;
    let path = table.path().to_owned();
    while let Some(row) = table.next()? {
        if let Some(authority) = taken(report, row.line, authority(&row, at, &days)) {
            let code = authority.code;
            let code_text = at[0].map_or("", |at| row.text(at));
            let place = (path.as_path(), row.line, "old_la_code", code_text);
            authorities.insert(code, authority, place)?;
        }
    }
    Ok(())
}

fn authority(row: &Row<'_>, at: [Option<usize>; 10], days: &Days) -> Checked<Authority> {
    let day = |column, at: Option<usize>, text: &str| match (at, text) {
        (Some(at), text) if !text.is_empty() => days.date((at, column), text).map(Some),
        _ => Ok(None),
    };
    let [
        code,
        ons,
        former,
        name,
        region_code,
        region,
        from,
        to,
        predecessors,
        note,
    ] = at.map(|place| place.map_or("", |place| row.text(place)));
    let ons_codes = [ons].into_iter().chain(former.split([';', ' ']));
    let note_is_tiny = note.starts_with("tiny");
    Ok(Authority {
        code: authority_code("old_la_code", code)?,
        name: match name {
            "" => return Err(Wrong::new("la_name", name, "a name")),
            name => name.to_owned(),
        },
        region_code: region_code.to_owned(),
        region: region.to_owned(),
        ons_codes: ons_codes
            .filter(|c| !c.is_empty())
            .map(str::to_owned)
            .collect(),
        variants: Vec::new(),
        from: day("exists_from", at[6], from)?,
        to: day("exists_to", at[7], to)?,
        predecessors: predecessors
            .split([';', ' '])
            .filter(|c| !c.is_empty())
            .map(|c| authority_code("predecessors", c))
            .collect::<Checked<_>>()?,
        scored: !note_is_tiny,
        note: note.to_owned(),
    })
}

fn authority_code(column: &str, text: &str) -> Checked<AuthorityCode> {
    AuthorityCode::new(text).map_err(|_| {
        Wrong::new(
            column,
            text,
            "a code of up to 24 letters, digits, '_', '-' or '.'",
        )
    })
}

/// Adds the authorities of register files to `register`. Where they share no code with it, they
/// are another world and replace it: an invented authority is not beside real ones. Variants of
/// names are kept from `register`.
pub(crate) fn extend_register(panel: &mut PanelBuilder, authorities: Authorities) {
    let stated: Vec<Authority> = authorities.into_values().map(|(_, a)| a).collect();
    if stated.is_empty() {
        return;
    }
    let shared = stated
        .iter()
        .any(|a| panel.register().get(a.code).is_some());
    let replaces = !shared && panel.is_empty();
    let register = panel.register_mut();
    if replaces {
        *register = Register::empty();
    }
    for mut authority in stated {
        if let Some(known) = register.get(authority.code) {
            authority.variants.clone_from(&known.variants);
        }
        register.insert(authority);
    }
}

/// Reads a release calendar: `series,year,period_end,published,basis`, of which the year says
/// nothing that the period does not.
pub(crate) fn read_calendar(
    table: &mut Table,
    report: &mut FileReport,
    releases: &mut Releases,
) -> Result<()> {
    let at = table.columns(["series", "period_end", "published", "basis"])?;
    table.note_others(
        &["series", "year", "period_end", "published", "basis"],
        report,
    );
    let days = Days::of(table, &[at[1], at[2]], report)?;
    let path = table.path().to_owned();
    while let Some(row) = table.next()? {
        if let Some((key, release)) = taken(report, row.line, release(&row, at, &days)) {
            let place = (path.as_path(), row.line, "published", row.text(at[2]));
            releases.insert(key, release, place)?;
        }
    }
    Ok(())
}

fn release(row: &Row<'_>, at: [usize; 4], days: &Days) -> Checked<((Series, Date), Release)> {
    let [series, period_end, published, basis] = at.map(|place| row.text(place));
    let known = Series::ALL.map(Series::name).join(", ");
    let series = Series::from_name(series)
        .ok_or_else(|| Wrong::new("series", series, format!("one of {known}")))?;
    let period_end = days.date((at[1], "period_end"), period_end)?;
    let release = Release {
        date: days.date((at[2], "published"), published)?,
        basis: self::basis(basis)?,
    };
    if release.date < period_end {
        let expected = format!("a day after the period's end, {period_end}");
        return Err(Wrong::new("published", published, expected));
    }
    Ok(((series, period_end), release))
}

fn basis(text: &str) -> Checked<Basis> {
    let begins = |start: &str| text.starts_with(start);
    if begins("confirmed") {
        Ok(Basis::Confirmed)
    } else if begins("recalled") {
        Ok(Basis::Recalled)
    } else if begins("conservative") || begins("upper bound") {
        Ok(Basis::Conservative)
    } else {
        let expected = "a text beginning with confirmed, recalled, conservative or upper bound";
        Err(Wrong::new("basis", text, expected))
    }
}

/// Sets the release days of calendar files.
pub(crate) fn extend_calendar(calendar: &mut ReleaseCalendar, releases: Releases) {
    for ((series, period_end), release) in releases.into_values() {
        calendar.insert(series, period_end, release);
    }
}
