//! One row: a home, and the inspections that it tells of.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::header::{Group, Header, JUDGEMENTS, plain};
use super::owner;
use crate::data::{EventKind, Grade, JudgementKey, Judgements, OrganisationCode};
use crate::read::area::YEARS;
use crate::read::load_report::FileReport;

/// What a list says.
pub(crate) struct List {
    header: Header,
    /// The day that it describes: 31 March.
    pub(super) at: Option<Date>,
    pub(super) in_year: bool,
    pub(super) homes: Vec<Home>,
    // Rows of other provision types, by type; blank rows; homes without a full inspection.
    others: BTreeMap<String, usize>,
    blank: usize,
    uninspected: usize,
}

/// A home as a list has it.
pub(super) struct Home {
    pub(super) code: OrganisationCode,
    pub(super) name: String,
    pub(super) region: String,
    pub(super) registered: Option<Date>,
    /// Owner, area, region and whether for short breaks only, where the list has the column.
    pub(super) attributes: Vec<(EventKind, EventKind)>,
    pub(super) inspections: Vec<Told>,
}

/// An inspection as a row tells of it.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) start: Date,
    pub(super) published: Option<Date>,
    pub(super) number: String,
    pub(super) kind: String,
    pub(super) full: bool,
    pub(super) judgements: Judgements,
}

impl Told {
    /// Whether it is a full inspection with an overall grade.
    pub(super) fn is_graded(&self) -> bool {
        self.full && self.judgements.get(JudgementKey::OVERALL).is_some()
    }
}

/// What of homes is kept as attributes.
pub(super) const OWNER: EventKind = EventKind::literal("owner");
pub(super) const AREA: EventKind = EventKind::literal("area");
pub(super) const REGION: EventKind = EventKind::literal("region");
pub(super) const SHORT_BREAKS: EventKind = EventKind::literal("short_breaks_only");
const YES: EventKind = EventKind::literal("yes");
const NO: EventKind = EventKind::literal("no");

/// Grades as they were ever written; "Not judged" is none.
const GRADES: [(&str, Option<Grade>); 9] = [
    ("outstanding", Some(Grade::Outstanding)),
    ("good", Some(Grade::Good)),
    ("requires improvement", Some(Grade::RequiresImprovement)),
    (
        "requires improvement to be good",
        Some(Grade::RequiresImprovement),
    ),
    ("adequate", Some(Grade::RequiresImprovement)),
    ("satisfactory", Some(Grade::RequiresImprovement)),
    ("inadequate", Some(Grade::Inadequate)),
    ("not judged", None),
    ("-", None),
];

/// Column, what was found, what was expected.
type Wrong = (&'static str, String, &'static str);

impl List {
    pub(super) fn new(header: Header, title: &str) -> List {
        List {
            in_year: header.in_year,
            header,
            at: titled(title),
            homes: Vec::new(),
            others: BTreeMap::new(),
            blank: 0,
            uninspected: 0,
        }
    }

    /// Takes a row. What cannot be read is refused.
    pub(super) fn take<'a>(
        &mut self,
        line: u64,
        cell: &dyn Fn(usize) -> &'a str,
        report: &mut FileReport,
    ) {
        let urn = cell(self.header.urn).trim();
        let kind = cell(self.header.kind).trim();
        if urn.is_empty() && kind.is_empty() {
            self.blank += 1;
            return;
        }
        report.rows += 1;
        if !is_home(kind) {
            *self.others.entry(kind.to_owned()).or_default() += 1;
            return;
        }
        let mut wrong = Vec::new();
        if let Some(home) = self.header.home(cell, &mut wrong) {
            self.uninspected += usize::from(home.inspections.is_empty());
            self.homes.push(home);
        }
        for (column, found, expected) in wrong {
            report.refuse(line, column, &found, expected);
        }
    }

    /// Notes what is not of homes, and on which day the list is.
    pub(super) fn told(&self, report: &mut FileReport) {
        let others: usize = self.others.values().sum();
        if others > 0 {
            let named: Vec<String> = self
                .others
                .iter()
                .map(|(kind, count)| format!("{count} {kind}"))
                .collect();
            let named = named.join(", ");
            report.notes.push(format!(
                "{others} rows that are no children's homes: {named}"
            ));
        }
        let homes = self.homes.len();
        let told = match self.in_year {
            true => format!("{homes} rows of inspections in a year"),
            false => format!(
                "{homes} homes, {} without a full inspection",
                self.uninspected
            ),
        };
        report.notes.push(told);
        if self.blank > 0 {
            report.notes.push(format!("{} blank rows", self.blank));
        }
    }

    /// The 31 March that it describes: that of its title, or the first on or after its newest start
    /// or registration.
    pub(super) fn day(&self) -> Option<Date> {
        let starts = self.homes.iter().flat_map(|home| {
            let started = home.inspections.iter().map(|told| told.start);
            started.chain(home.registered)
        });
        self.at.or_else(|| {
            let newest = starts.max()?;
            let of_year = |year| Date::new(year, 3, 31).ok();
            of_year(newest.year())
                .filter(|day| newest <= *day)
                .or_else(|| of_year(newest.year() + 1))
        })
    }
}

/// The year in a title such as "Provider level as at 31 March 2023" or "in year 2022-23".
fn titled(title: &str) -> Option<Date> {
    let mut words = title
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty());
    words.find(|word| word.eq_ignore_ascii_case("March"))?;
    let year: i16 = words.next()?.parse().ok()?;
    Date::new(year, 3, 31)
        .ok()
        .filter(|day| YEARS.contains(&day.year()))
}

/// Children's homes, secure ones, and special schools registered as a home.
fn is_home(kind: &str) -> bool {
    let kind = plain(kind);
    kind.starts_with("childrens home")
        || kind.starts_with("secure childrens home")
        || kind.contains("registered as a childrens home")
        || kind.contains(">295 days")
}

impl Header {
    /// The home of a row; `None` without a number to know it by. A date or inspection that cannot be
    /// read is left out of it.
    fn home<'a>(&self, cell: &dyn Fn(usize) -> &'a str, wrong: &mut Vec<Wrong>) -> Option<Home> {
        let text = |at: Option<usize>| at.map_or("", cell).trim();
        let urn = text(Some(self.urn));
        let Ok(code) = OrganisationCode::new(urn) else {
            wrong.push(("URN", urn.to_owned(), "a unique reference number"));
            return None;
        };
        let named = text(self.name);
        let region = region(text(self.region));
        let mut attributes = Vec::new();
        let mut tell = |attribute, value: Option<EventKind>| {
            attributes.extend(value.map(|value| (attribute, value)));
        };
        tell(OWNER, owner::owner(text(self.owner)));
        tell(AREA, owner::area(text(Some(self.area))));
        tell(REGION, owner::area(region));
        let short = plain(text(self.short_breaks));
        let only = short == "yes" || (short.contains("only") && short.contains("short"));
        tell(
            SHORT_BREAKS,
            self.short_breaks.map(|_| if only { YES } else { NO }),
        );
        let mut read = |found: Result<Option<Told>, Wrong>| {
            found.unwrap_or_else(|no| {
                wrong.push(no);
                None
            })
        };
        let inspections = self.inspections.iter();
        let inspections = inspections
            .filter_map(|group| read(group.told(cell)))
            .collect();
        let registered = day("registration date", text(self.registered));
        Some(Home {
            code,
            name: match named {
                "" | "REDACTED" => format!("Home {urn}"),
                name => name.to_owned(),
            },
            region: region.to_owned(),
            registered: registered.unwrap_or_else(|no| {
                wrong.push(no);
                None
            }),
            attributes,
            inspections,
        })
    }
}

/// Ofsted's region; two of the government's are one of Ofsted's.
fn region(name: &str) -> &str {
    match plain(name).as_str() {
        "north east" | "yorkshire and the humber" => "North East, Yorkshire and the Humber",
        _ => name,
    }
}

impl Group {
    /// The inspection, where the row has one.
    fn told<'a>(&self, cell: &dyn Fn(usize) -> &'a str) -> Result<Option<Told>, Wrong> {
        let text = |at: Option<usize>| at.map_or("", cell).trim();
        let kind = plain(text(self.kind));
        let Some(start) = day("inspection date", text(self.start))? else {
            return Ok(None);
        };
        let published = day("publication date", text(self.published))?;
        if let Some(published) = published.filter(|published| *published < start) {
            let expected = "a day on or after the inspection date";
            return Err(("publication date", published.to_string(), expected));
        }
        let mut judgements = Judgements::default();
        for (place, at) in self.judgements.iter().enumerate() {
            let (Some(key), grade) = (JudgementKey::at(place), grade(place, text(*at))?) else {
                continue;
            };
            judgements.set(key, grade);
        }
        Ok(Some(Told {
            start,
            published,
            number: text(self.number).to_owned(),
            full: !kind.contains("monitoring"),
            kind,
            judgements,
        }))
    }
}

fn grade(place: usize, text: &str) -> Result<Option<Grade>, Wrong> {
    let written = plain(text);
    let known = GRADES.iter().find(|(words, _)| *words == written);
    match known {
        Some((_, grade)) => Ok(*grade),
        None if written.is_empty() => Ok(None),
        None => Err((
            JUDGEMENTS.get(place).map_or("grade", |(column, _)| column),
            text.to_owned(),
            "Outstanding, Good, Requires improvement to be good, Inadequate or Not judged",
        )),
    }
}

fn day(column: &'static str, text: &str) -> Result<Option<Date>, Wrong> {
    if text.is_empty() {
        return Ok(None);
    }
    // A typed date of a workbook may have a time of day: always midnight.
    let date = text.split('T').next().unwrap_or_default();
    let formats = ["%d/%m/%Y", "%Y-%m-%d"];
    let read = formats
        .iter()
        .find_map(|format| Date::strptime(format, date).ok());
    // Homes may be registered long before anything is counted.
    match read.filter(|day| (1900..=*YEARS.end()).contains(&day.year())) {
        Some(day) => Ok(Some(day)),
        None => Err((column, text.to_owned(), "a day that exists, as 31/03/2019")),
    }
}
