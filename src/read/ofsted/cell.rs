//! Grades, dates and kinds of inspection as Ofsted's workbooks write them.

use jiff::civil::Date;

use crate::data::Grade;

/// Lower case, with single spaces.
pub(crate) fn plain(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// Whether a cell says nothing: a dash is how the wide workbook writes "not judged".
pub(crate) fn is_blank(text: &str) -> bool {
    matches!(text.trim(), "" | "-")
}

/// Whether a text has just these words, in any case and spacing.
pub(crate) fn reads(text: &str, words: &str) -> bool {
    let mut found = text.split_whitespace();
    let mut same = |word: &str| found.next().is_some_and(|f| f.eq_ignore_ascii_case(word));
    words.split(' ').all(&mut same) && found.next().is_none()
}

/// The grades as they are written. "Adequate" was the one below good until 2013.
const GRADES: [(&str, Grade); 6] = [
    ("outstanding", Grade::Outstanding),
    ("good", Grade::Good),
    (
        "requires improvement to be good",
        Grade::RequiresImprovement,
    ),
    ("requires improvement", Grade::RequiresImprovement),
    ("adequate", Grade::RequiresImprovement),
    ("inadequate", Grade::Inadequate),
];

/// A grade; none where the cell says nothing.
pub(crate) fn grade(text: &str) -> Result<Option<Grade>, &'static str> {
    if is_blank(text) {
        return Ok(None);
    }
    let found = GRADES.iter().find(|(words, _)| reads(text, words));
    found
        .map(|(_, grade)| Some(*grade))
        .ok_or("Outstanding, Good, Requires improvement to be good, Adequate or Inadequate")
}

/// A day, typed or written as `2019-04-01`, `01/04/2019` or `1 April 2019`; none where the cell
/// says nothing.
pub(crate) fn day(text: &str) -> Result<Option<Date>, &'static str> {
    if is_blank(text) {
        return Ok(None);
    }
    // A typed date may have a time of day: always midnight.
    let text = text.split('T').next().unwrap_or_default();
    let formats = ["%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d %b %Y"];
    formats
        .iter()
        .find_map(|format| Date::strptime(format, text).ok())
        .filter(|date| (1990..2100).contains(&date.year()))
        .map(Some)
        .ok_or("a day that exists, as a date cell, 2019-04-01, 01/04/2019 or 1 April 2019")
}

/// The kind of an ILACS inspection: "ILACS Standard Inspection" is `standard`.
pub(crate) fn kind(text: &str) -> Result<&'static str, &'static str> {
    if reads(text, "ilacs standard inspection") {
        Ok("standard")
    } else if reads(text, "ilacs short inspection") {
        Ok("short")
    } else {
        Err("ILACS Standard Inspection or ILACS Short Inspection")
    }
}
