//! How the service is inspected: grades, judgements, scopes, frameworks, what counts as the event.

use serde_json::Value;

use super::fields::{Faults, Fields};
use crate::data::framework::{Framework, FrameworkRow, Scope, ScopeRow};
use crate::data::grade::{Grade, GradeRow};
use crate::data::intern::text;
use crate::data::judgement::{JudgementKey, Keys};
use crate::data::outcome::{Judged, OutcomeRow, OutcomeRule};
use crate::data::service::{FrameworkRules, Judgement};

/// Most grades, scopes and frameworks of a service.
const MOST: usize = 20;

/// Days before publication that stand for an unknown start, unless the file says otherwise.
const DAYS_TO_PUBLICATION: f64 = 90.0;

/// What is read of it.
pub(super) struct Inspected {
    pub(super) grades: Vec<Grade>,
    pub(super) spellings: Vec<(String, Grade)>,
    pub(super) judgements: Vec<Judgement>,
    pub(super) scopes: Vec<Scope>,
    pub(super) frameworks: Vec<FrameworkRules>,
    pub(super) outcomes: Vec<OutcomeRule>,
}

pub(super) fn read(file: &mut Fields<'_>, faults: &mut Faults) -> Option<Inspected> {
    let (grades, spellings) = grades(file, faults);
    let judgements = judgements(file, faults);
    let scopes = scopes(file, faults);
    let mut found = Inspected {
        grades,
        spellings,
        judgements,
        scopes,
        frameworks: Vec::new(),
        outcomes: Vec::new(),
    };
    found.frameworks = found.read_frameworks(file, faults);
    found.outcomes = found.read_outcomes(file, faults);
    Some(found)
}

fn count(path: &str, found: usize, range: std::ops::RangeInclusive<usize>, faults: &mut Faults) {
    if !range.contains(&found) {
        let expected = format!("{} to {} entries", range.start(), range.end());
        faults.note(path, found, &expected);
    }
}

/// Notes a name that stands twice.
fn once<'a>(path: &str, names: impl Iterator<Item = &'a str>, faults: &mut Faults) {
    let mut seen: Vec<&str> = Vec::new();
    for name in names {
        if seen.contains(&name) {
            faults.note(path, format!("{name:?} twice"), "each name once");
        }
        seen.push(name);
    }
}

fn grades(file: &mut Fields<'_>, faults: &mut Faults) -> (Vec<Grade>, Vec<(String, Grade)>) {
    let entries = file.objects("grades", faults);
    count("grades", entries.len(), 2..=MOST, faults);
    let of = entries.len().min(MOST) as u8;
    let (mut grades, mut spellings) = (Vec::new(), Vec::new());
    for (place, mut fields) in entries.into_iter().take(MOST).enumerate() {
        let name = fields.text("name", faults);
        let words = fields.text("words", faults);
        let short = fields.text("short", faults);
        let also = fields.texts("spellings", faults);
        fields.finish(faults);
        let (Some(name), Some(words), Some(short)) = (name, words, short) else {
            continue;
        };
        let grade = Grade::declare(GradeRow {
            place: place as u8,
            of,
            name: text(name),
            words: text(words),
            short: text(short),
        });
        grades.push(grade);
        spellings.extend(also.into_iter().map(|(_, words)| (words.to_owned(), grade)));
    }
    once("grades", grades.iter().map(|grade| grade.name()), faults);
    (grades, spellings)
}

fn judgements(file: &mut Fields<'_>, faults: &mut Faults) -> Vec<Judgement> {
    let entries = file.objects("judgements", faults);
    count("judgements", entries.len(), 1..=JudgementKey::MOST, faults);
    let mut found = Vec::new();
    for mut fields in entries {
        let (column, words) = (fields.text("column", faults), fields.text("words", faults));
        fields.finish(faults);
        found.extend(column.zip(words).map(|(column, words)| Judgement {
            column: column.to_owned(),
            words: words.to_owned(),
        }));
    }
    once(
        "judgements",
        found.iter().map(|j| j.column.as_str()),
        faults,
    );
    found
}

fn scopes(file: &mut Fields<'_>, faults: &mut Faults) -> Vec<Scope> {
    let entries = file.objects("scopes", faults);
    count("scopes", entries.len(), 0..=MOST, faults);
    let mut rows = Vec::new();
    for (place, mut fields) in entries.into_iter().take(MOST).enumerate() {
        let name = fields.text("name", faults);
        let full = fields.flag("full", false, faults);
        let speaks = fields.flag("speaks_for_all", full, faults);
        fields.finish(faults);
        rows.extend(name.map(|name| ScopeRow {
            place: place as u8,
            name: text(name),
            full,
            speaks,
        }));
    }
    if rows.is_empty() {
        rows.push(ScopeRow {
            place: 0,
            name: "all",
            full: true,
            speaks: true,
        });
    }
    if !rows.iter().any(|row| row.full) {
        faults.note("scopes", "none with full: true", "at least one full scope");
    }
    once("scopes", rows.iter().map(|row| row.name), faults);
    rows.into_iter().map(Scope::declare).collect()
}

impl Inspected {
    fn key(&self, path: &str, column: &str, faults: &mut Faults) -> Option<JudgementKey> {
        let place = self.judgements.iter().position(|j| j.column == column);
        if place.is_none() {
            faults.note(path, format!("{column:?}"), "a column of judgements");
        }
        place.and_then(JudgementKey::at)
    }

    fn keys(&self, columns: &[(String, &str)], faults: &mut Faults) -> Keys {
        let mut keys = Keys::none();
        for (path, column) in columns {
            if let Some(key) = self.key(path, column, faults) {
                keys = keys.and(key);
            }
        }
        keys
    }

    fn grade(&self, path: &str, name: &str, faults: &mut Faults) -> Option<Grade> {
        let found = self.grades.iter().find(|grade| grade.name() == name);
        if found.is_none() {
            faults.note(path, format!("{name:?}"), "the name of a grade");
        }
        found.copied()
    }

    /// An object whose keys or values name grades.
    fn by_grade<'a>(
        &self,
        fields: &mut Fields<'a>,
        field: &'static str,
        faults: &mut Faults,
    ) -> Vec<(String, &'a str, &'a Value)> {
        let Some(value) = fields.optional(field) else {
            return Vec::new();
        };
        let path = fields.path(field);
        let Some(object) = value.as_object() else {
            faults.note(&path, value, "an object");
            return Vec::new();
        };
        let entries = object.iter();
        entries
            .map(|(key, value)| (format!("{path}.{key}"), key.as_str(), value))
            .collect()
    }

    fn read_frameworks(&self, file: &mut Fields<'_>, faults: &mut Faults) -> Vec<FrameworkRules> {
        let entries = file.objects("frameworks", faults);
        count("frameworks", entries.len(), 1..=MOST, faults);
        let mut found: Vec<FrameworkRules> = Vec::new();
        for (place, mut fields) in entries.into_iter().take(MOST).enumerate() {
            let name = fields.text("name", faults);
            let columns = fields.texts("key", faults);
            let key = self.keys(&columns, faults);
            let like_for_like = fields.flag("like_for_like", true, faults);
            let days = fields.number(
                "days_to_publication",
                0.0..=3650.0,
                DAYS_TO_PUBLICATION,
                faults,
            );
            let grades = self.own_grades(&mut fields, faults);
            let usual_years = self.usual_years(&mut fields, faults);
            fields.finish(faults);
            found.extend(name.map(|name| FrameworkRules {
                framework: Framework::declare(FrameworkRow {
                    place: place as u8,
                    name: text(name),
                    key,
                    like_for_like,
                    days_to_publication: days as i64,
                }),
                grades,
                usual_years,
            }));
        }
        once(
            "frameworks",
            found.iter().map(|f| f.framework.name()),
            faults,
        );
        found
    }

    fn own_grades(&self, fields: &mut Fields<'_>, faults: &mut Faults) -> Vec<(String, Grade)> {
        let mut found = Vec::new();
        for (path, words, value) in self.by_grade(fields, "grades", faults) {
            match value.as_str() {
                Some(name) => {
                    let grade = self.grade(&path, name, faults);
                    found.extend(grade.map(|grade| (words.to_owned(), grade)));
                }
                None => faults.note(&path, value, "the name of a grade"),
            }
        }
        found
    }

    fn usual_years(&self, fields: &mut Fields<'_>, faults: &mut Faults) -> Vec<(Grade, f64)> {
        let mut found = Vec::new();
        for (path, name, value) in self.by_grade(fields, "usual_years", faults) {
            let grade = self.grade(&path, name, faults);
            let years = value.as_f64().filter(|years| (0.1..=50.0).contains(years));
            if years.is_none() {
                faults.note(&path, value, "years from 0.1 to 50");
            }
            found.extend(grade.zip(years));
        }
        found
    }

    fn read_outcomes(&self, file: &mut Fields<'_>, faults: &mut Faults) -> Vec<OutcomeRule> {
        let entries = file.objects("outcomes", faults);
        count("outcomes", entries.len(), 1..=MOST, faults);
        let mut found = Vec::new();
        for mut fields in entries {
            let name = fields.text("name", faults);
            let words = fields.text("words", faults);
            let columns = fields.texts("judgements", faults);
            let keys = self.keys(&columns, faults);
            let path = fields.path("from");
            let from = fields.text("from", faults);
            let from = from.and_then(|name| self.grade(&path, name, faults));
            if from.is_some_and(|grade| grade.place() == 0) {
                faults.note(
                    &path,
                    "the best grade",
                    "a worse one: all would be the event",
                );
            }
            let no_probability = fields.text_if_given("no_probability", faults);
            fields.finish(faults);
            let (Some(name), Some(words), Some(from)) = (name, words, from) else {
                continue;
            };
            found.push(OutcomeRule::declare(OutcomeRow {
                name: text(name),
                words: text(words),
                judged: match columns.is_empty() {
                    true => Judged::OverallAndKey,
                    false => Judged::Any(keys),
                },
                from,
                no_probability: text(no_probability.unwrap_or_default()),
            }));
        }
        once("outcomes", found.iter().map(|rule| rule.name()), faults);
        found
    }
}
