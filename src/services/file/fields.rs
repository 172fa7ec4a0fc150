//! JSON read field by field, every fault noted with the field's path, so that one pass tells all.

use serde_json::{Map, Value};

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Faults(pub(crate) Vec<String>);

impl Faults {
    pub(crate) fn note(&mut self, path: &str, found: impl std::fmt::Display, expected: &str) {
        self.0
            .push(format!("{path}: found {found}, expected {expected}"));
    }
}

/// One JSON object with its path; fields that were asked for are known, all others are faults.
pub(crate) struct Fields<'a> {
    path: String,
    object: &'a Map<String, Value>,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The object at a path; `None`, noted, if there is none.
    pub(crate) fn new(path: String, value: &'a Value, faults: &mut Faults) -> Option<Self> {
        let Some(object) = value.as_object() else {
            faults.note(&path, shown(value), "an object");
            return None;
        };
        let asked = Vec::new();
        Some(Fields {
            path,
            object,
            asked,
        })
    }

    pub(crate) fn path(&self, field: &str) -> String {
        match self.path.as_str() {
            "" => field.to_owned(),
            path => format!("{path}.{field}"),
        }
    }

    /// A field, `None` where it is left out or null.
    pub(crate) fn optional(&mut self, field: &'static str) -> Option<&'a Value> {
        self.asked.push(field);
        self.object.get(field).filter(|value| !value.is_null())
    }

    fn required(
        &mut self,
        field: &'static str,
        expected: &str,
        faults: &mut Faults,
    ) -> Option<&'a Value> {
        let found = self.optional(field);
        if found.is_none() {
            faults.note(&self.path(field), "nothing", expected);
        }
        found
    }

    /// A text that is not empty.
    pub(crate) fn text(&mut self, field: &'static str, faults: &mut Faults) -> Option<&'a str> {
        const EXPECTED: &str = "a text without control characters";
        let value = self.required(field, EXPECTED, faults)?;
        let text = value.as_str().filter(|text| is_plain(text));
        if text.is_none() {
            faults.note(&self.path(field), shown(value), EXPECTED);
        }
        text
    }

    /// A text, where it is given.
    pub(crate) fn text_if_given(
        &mut self,
        field: &'static str,
        faults: &mut Faults,
    ) -> Option<&'a str> {
        self.object.get(field).filter(|value| !value.is_null())?;
        self.text(field, faults)
    }

    /// `true` or `false`, or what it is when left out.
    pub(crate) fn flag(&mut self, field: &'static str, or: bool, faults: &mut Faults) -> bool {
        let Some(value) = self.optional(field) else {
            return or;
        };
        value.as_bool().unwrap_or_else(|| {
            faults.note(&self.path(field), shown(value), "true or false");
            or
        })
    }

    /// A number in a range, or what it is when left out.
    pub(crate) fn number(
        &mut self,
        field: &'static str,
        range: std::ops::RangeInclusive<f64>,
        or: f64,
        faults: &mut Faults,
    ) -> f64 {
        let Some(value) = self.optional(field) else {
            return or;
        };
        value
            .as_f64()
            .filter(|number| range.contains(number))
            .unwrap_or_else(|| {
                let expected = format!("a number from {} to {}", range.start(), range.end());
                faults.note(&self.path(field), shown(value), &expected);
                or
            })
    }

    /// The entries of a list, each with its path; empty where it is left out.
    pub(crate) fn list(
        &mut self,
        field: &'static str,
        faults: &mut Faults,
    ) -> Vec<(String, &'a Value)> {
        let Some(value) = self.optional(field) else {
            return Vec::new();
        };
        let Some(entries) = value.as_array() else {
            faults.note(&self.path(field), shown(value), "a list");
            return Vec::new();
        };
        let path = self.path(field);
        let numbered = entries.iter().enumerate();
        numbered
            .map(|(at, entry)| (format!("{path}[{at}]"), entry))
            .collect()
    }

    /// The texts of a list, each with its path.
    pub(crate) fn texts(
        &mut self,
        field: &'static str,
        faults: &mut Faults,
    ) -> Vec<(String, &'a str)> {
        let mut texts = Vec::new();
        for (path, value) in self.list(field, faults) {
            match value.as_str() {
                Some(text) => texts.push((path, text)),
                None => faults.note(&path, shown(value), "a text"),
            }
        }
        texts
    }

    /// The objects of a list.
    pub(crate) fn objects(&mut self, field: &'static str, faults: &mut Faults) -> Vec<Fields<'a>> {
        let entries = self.list(field, faults);
        let objects = entries.into_iter();
        objects
            .filter_map(|(path, value)| Fields::new(path, value, faults))
            .collect()
    }

    /// Notes every field that nobody asked for.
    pub(crate) fn finish(self, faults: &mut Faults) {
        for field in self.object.keys() {
            if !self.asked.contains(&field.as_str()) {
                let known = format!("one of {}", self.asked.join(", "));
                faults.note(&self.path(field), "an unknown field", &known);
            }
        }
    }
}

fn is_plain(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(char::is_control)
}

/// A value as a message shows it: its beginning, if it is long.
fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
