//! A service described in a JSON file -> a [`Service`], every fault told in one pass.

mod fields;
mod inspection;
mod measured;

use std::fmt;

use serde_json::Value;

use super::named::accept;
use crate::data::code::Code;
use crate::data::indicator::{Catalogue, Indicator};
use crate::data::service::{Noun, RivalRule, Service};
use crate::error::{Error, Result};
use fields::{Faults, Fields};

/// The schema of the file.
pub const SCHEMA: u64 = 1;

/// Years within which an inspected organisation needs no warning, unless the file says otherwise.
const FRESH_YEARS: f64 = 1.0;

impl Service {
    /// Reads a service from JSON. README shows a whole file.
    ///
    /// # Errors
    /// [`Error::Service`] listing every fault: the field, what was found, what was expected.
    pub fn from_json(text: &str) -> Result<Service> {
        let mut faults = Faults(Vec::new());
        let service = match serde_json::from_str(text) {
            Ok(value) => service(&value, &mut faults),
            Err(error) => {
                faults.note("the file", error, "JSON");
                None
            }
        };
        match service {
            Some(service) if faults.0.is_empty() => {
                accept(&service);
                Ok(service)
            }
            _ => Err(Error::Service { faults: faults.0 }),
        }
    }
}

fn service(value: &Value, faults: &mut Faults) -> Option<Service> {
    let mut file = Fields::new(String::new(), value, faults)?;
    let schema = file.optional("schema");
    if schema.and_then(Value::as_u64) != Some(SCHEMA) {
        let found = schema.map_or("nothing".to_owned(), Value::to_string);
        faults.note("schema", found, &SCHEMA.to_string());
    }
    let name = file.text("name", faults);
    let name = name.and_then(|name| parsed("name", name, Code::new, faults));
    let title = file.text("title", faults);
    let noun = noun(&mut file, faults);
    let inspectorate = file.text("inspectorate", faults);
    let benchmark = file.text("benchmark", faults);
    let inspection = inspection::read(&mut file, faults);
    let fresh_years = file.number("fresh_years", 0.0..=100.0, FRESH_YEARS, faults);
    let first_inspections = file.flag("first_inspections", false, faults);
    measured::units(&mut file, faults);
    let calendar = measured::series(&mut file, faults);
    let catalogue = catalogue(&mut file, faults);
    let rules = rules(&mut file, &catalogue, faults);
    let recipes = file.list("recipes", faults);
    let recipe = file.text("recipe", faults);
    let family = file.text("family", faults);
    let proper_use = file.text("proper_use", faults);
    file.finish(faults);
    let inspection = inspection?;
    Some(Service {
        name: name?,
        title: title?.to_owned(),
        noun: noun?,
        inspectorate: inspectorate?.to_owned(),
        benchmark: benchmark?.to_owned(),
        grades: inspection.grades,
        spellings: inspection.spellings,
        judgements: inspection.judgements,
        scopes: inspection.scopes,
        frameworks: inspection.frameworks,
        outcomes: inspection.outcomes,
        fresh_years,
        first_inspections,
        catalogue,
        calendar,
        rules,
        recipes: recipes
            .into_iter()
            .map(|(_, value)| value.clone())
            .collect(),
        recipe: recipe?.to_owned(),
        family: family?.to_owned(),
        proper_use: proper_use?.to_owned(),
    })
}

fn noun(file: &mut Fields<'_>, faults: &mut Faults) -> Option<Noun> {
    let Some(value) = file.optional("organisation") else {
        faults.note(
            "organisation",
            "nothing",
            "an object with singular and plural",
        );
        return None;
    };
    let mut fields = Fields::new("organisation".to_owned(), value, faults)?;
    let singular = fields.text("singular", faults);
    let plural = fields.text("plural", faults);
    fields.finish(faults);
    Some(Noun {
        singular: singular?.to_owned(),
        plural: plural?.to_owned(),
    })
}

fn catalogue(file: &mut Fields<'_>, faults: &mut Faults) -> Catalogue {
    let mut catalogue = Catalogue::empty();
    for (path, value) in file.list("indicators", faults) {
        match serde_json::from_value::<Indicator>(value.clone()) {
            Ok(indicator) if catalogue.get(indicator.id).is_ok() => {
                faults.note(&path, format!("{} again", indicator.id), "each id once");
            }
            Ok(indicator) => catalogue.insert(indicator),
            Err(error) => faults.note(&path, error, "an indicator as README shows it"),
        }
    }
    catalogue
}

fn rules(file: &mut Fields<'_>, catalogue: &Catalogue, faults: &mut Faults) -> Vec<RivalRule> {
    let mut rules = Vec::new();
    for mut fields in file.objects("rules", faults) {
        let name = fields.text("name", faults).map(str::to_owned);
        let path = fields.path("indicator");
        let indicator = fields.text("indicator", faults);
        let indicator = indicator.and_then(|id| parsed(&path, id, Code::new, faults));
        let known = indicator.filter(|id| {
            let known = catalogue.get(*id).is_ok();
            if !known {
                faults.note(&path, id, "an indicator of this file");
            }
            known
        });
        let above = fields.number("above", -1e12..=1e12, f64::NAN, faults);
        if above.is_nan() {
            faults.note(&fields.path("above"), "nothing", "a number");
        }
        fields.finish(faults);
        rules.extend(name.zip(known).map(|(name, indicator)| RivalRule {
            name,
            indicator,
            above,
        }));
    }
    rules
}

/// What a text stands for; its error is noted.
fn parsed<T, E: fmt::Display>(
    path: &str,
    text: &str,
    parse: impl Fn(&str) -> std::result::Result<T, E>,
    faults: &mut Faults,
) -> Option<T> {
    let found = parse(text);
    if let Err(error) = &found {
        faults.0.push(format!("{path}: {error}"));
    }
    found.ok()
}
