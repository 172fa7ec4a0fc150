//! Which column says what, by the words of its heading.

use std::path::Path;

use crate::error::{Error, Result};

/// Where the columns of a list stand.
pub(super) struct Header {
    pub(super) urn: usize,
    pub(super) kind: usize,
    pub(super) area: usize,
    pub(super) region: Option<usize>,
    pub(super) name: Option<usize>,
    pub(super) registered: Option<usize>,
    pub(super) owner: Option<usize>,
    pub(super) short_breaks: Option<usize>,
    /// The latest inspection, then the one before, where the list has it.
    pub(super) inspections: Vec<Group>,
    /// Whether each row is an inspection of a year, and not a provider.
    pub(super) in_year: bool,
}

/// The columns of one inspection.
#[derive(Clone, Copy, Default)]
pub(super) struct Group {
    pub(super) kind: Option<usize>,
    pub(super) start: Option<usize>,
    pub(super) published: Option<usize>,
    pub(super) number: Option<usize>,
    /// In the order of [`JUDGEMENTS`].
    pub(super) judgements: [Option<usize>; 7],
}

/// The service's columns of judgements, with words of which a heading has one.
pub(super) const JUDGEMENTS: [(&str, &[&str]); 7] = [
    ("overall", &["overall"]),
    ("leaders", &["leaders", "leadership"]),
    (
        "help_and_protection",
        &["helped and protected", "safeguarding", "safety of children"],
    ),
    ("quality_of_care", &["quality of care"]),
    ("outcomes", &["outcomes for children"]),
    ("education", &["education and related"]),
    ("health", &["health services"]),
];

/// Lower case, with single blanks and without apostrophes.
pub(super) fn plain(text: &str) -> String {
    let kept = text
        .chars()
        .filter(|c| !matches!(c, '\'' | '\u{2019}' | '\u{feff}'));
    let kept: String = kept.flat_map(char::to_lowercase).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a row is the heading of such a list.
pub(crate) fn is_heading<'a>(cells: impl Iterator<Item = &'a str>) -> bool {
    let (mut urn, mut kind, mut inspected) = (false, false, false);
    for heading in cells.map(plain) {
        urn |= heading == "urn";
        kind |= heading == "provision type";
        inspected |= heading.contains("inspection");
    }
    urn && kind && inspected
}

impl Header {
    /// Reads a heading.
    ///
    /// # Errors
    /// [`Error::Malformed`] naming a column that is missing.
    pub(super) fn new(file: &Path, line: u64, cells: &[String]) -> Result<Header> {
        let headings: Vec<String> = cells.iter().map(|cell| plain(cell)).collect();
        let place = |is: &dyn Fn(&str) -> bool| headings.iter().position(|h| is(h));
        let needed = |what: &str, found: Option<usize>| {
            found.ok_or_else(|| Error::Malformed {
                file: file.to_owned(),
                line: Some(line),
                column: Some(what.to_owned()),
                found: format!("no such column among {}", cells.join(", ")),
                expected: "a column of this name".to_owned(),
            })
        };
        let named = |names: &[&str]| {
            let places = names.iter().map(|name| place(&|h| h == *name));
            places.flatten().next()
        };
        let [latest, before] = groups(&headings);
        needed("inspection date", latest.start)?;
        needed("overall effectiveness", latest.judgements[0])?;
        let inspections = [Some(latest), before.start.map(|_| before)];
        Ok(Header {
            urn: needed("URN", named(&["urn"]))?,
            kind: needed("Provision type", named(&["provision type"]))?,
            area: needed("Local authority", named(&["local authority"]))?,
            region: named(&["ofsted region", "region", "government office region"]),
            name: named(&["name", "setting name"]),
            registered: named(&["registration date"]),
            owner: place(&|h| {
                h.contains("owns") || h == "organisation" || h == "organisation name"
            }),
            short_breaks: place(&|h| h.contains("short") && h.contains("break")),
            inspections: inspections.into_iter().flatten().collect(),
            in_year: named(&["inspection event type", "inspection event number"]).is_some(),
        })
    }
}

/// The columns of the latest inspection and of the one before it.
fn groups(headings: &[String]) -> [Group; 2] {
    let mut groups = [Group::default(); 2];
    for (at, heading) in headings.iter().enumerate() {
        let (group, words) = match heading.strip_prefix("previous") {
            Some(words) => (&mut groups[1], words.trim_start()),
            None => (&mut groups[0], heading.as_str()),
        };
        let field = if words.contains("publication") {
            Some(&mut group.published)
        } else if words.ends_with("event type") || words == "inspection type" {
            Some(&mut group.kind)
        } else if words.ends_with("event number") || words.ends_with("inspection id") {
            Some(&mut group.number)
        } else if words.ends_with("date") && !words.contains("registration") {
            Some(&mut group.start)
        } else {
            let judged = JUDGEMENTS
                .iter()
                .position(|(_, marks)| marks.iter().any(|mark| words.contains(mark)));
            judged.map(|judged| &mut group.judgements[judged])
        };
        if let Some(field) = field {
            field.get_or_insert(at);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(headings: &str) -> Header {
        let cells: Vec<String> = headings.split(';').map(str::to_owned).collect();
        assert!(is_heading(cells.iter().map(String::as_str)));
        Header::new(Path::new("list.csv"), 1, &cells).unwrap()
    }

    /// Headings of invented lists, worded as those of 2015 and of 2024 are.
    #[test]
    fn columns_are_told_by_their_words() {
        let old = header(
            "URN;Provision type;Region;Local authority;Inspection type;Inspection Date;\
             Inspection ID;Overall effectiveness;The safety of children and young people;\
             Leadership and management;Short breaks only",
        );
        assert_eq!(
            (old.inspections.len(), old.owner, old.in_year),
            (1, None, false)
        );
        let latest = old.inspections[0];
        assert_eq!(
            (latest.kind, latest.start, latest.number),
            (Some(4), Some(5), Some(6))
        );
        assert_eq!(latest.judgements[..3], [Some(7), Some(9), Some(8)]);
        assert_eq!(old.short_breaks, Some(10));
        let new = header(
            "URN;Provision type;Registration date;Local authority;Organisation which owns the \
             provider;Latest full inspection date;Latest full inspection publication date;Overall \
             experiences and progress;Previous full inspection event date;Previous overall \
             experiences and progress;Previous effectiveness of leaders and managers",
        );
        assert_eq!((new.owner, new.registered), (Some(4), Some(2)));
        let [latest, before] = new.inspections[..] else {
            panic!("two inspections in each row");
        };
        assert_eq!((latest.start, latest.published), (Some(5), Some(6)));
        assert_eq!((before.start, before.judgements[0]), (Some(8), Some(9)));
        assert_eq!(before.judgements[1], Some(10));
    }
}
