//! Authorities whose code or name is near to what was written: to be asked about, never to be taken.

use std::collections::BTreeSet;

use super::authority::{Authority, Register, plain};
use super::code::AuthorityCode;

/// Words that names are written with and without.
const CEREMONIAL: [&str; 26] = [
    "city",
    "of",
    "the",
    "royal",
    "london",
    "borough",
    "county",
    "council",
    "metropolitan",
    "district",
    "unitary",
    "authority",
    "ua",
    "lb",
    "rb",
    "mbc",
    "mb",
    "cc",
    "bc",
    "dc",
    "upon",
    "and",
    "childrens",
    "services",
    "trust",
    "towns",
];

/// Names offered at most.
const OFFERED: usize = 4;

impl Register {
    /// What should stand in the place of a code or name that is not in the register.
    pub(crate) fn instead_of(&self, text: &str) -> Option<String> {
        let bearers = self.bearers(text);
        if bearers.len() > 1 {
            let each: Vec<String> = bearers.iter().map(|a| lifetime(a)).collect();
            return Some(format!(
                "the code of one of the {} authorities that bore this name: {}",
                each.len(),
                each.join(", ")
            ));
        }
        let near: Vec<String> = self.near(text).into_iter().map(named).collect();
        match near.as_slice() {
            [] => None,
            [one] => Some(format!("a known code or name: did you mean {one}?")),
            several => Some(format!(
                "a known code or name: did you mean one of {}?",
                several.join(", ")
            )),
        }
    }

    /// Authorities of nearly that code or name, the likeliest kind of slip alone.
    fn near(&self, text: &str) -> Vec<&Authority> {
        if let Some(one) = self.near_code(text) {
            return vec![one];
        }
        let written = plain(text);
        if is_code(text) || written.is_empty() {
            return Vec::new();
        }
        let words = core(&written);
        let kinds: [&dyn Fn(&str) -> bool; 4] = [
            &|name| core(name) == words,
            &|name| initials(name).contains(&written),
            &|name| !words.is_empty() && core(name).is_superset(&words),
            &|name| strsim::osa_distance(name, &written) <= 1 + written.chars().count() / 8,
        ];
        let found = kinds.iter().map(|fits| self.with_name(fits));
        let mut found = found.into_iter().find(|found| !found.is_empty());
        found.iter_mut().for_each(|found| found.truncate(OFFERED));
        found.unwrap_or_default()
    }

    fn with_name(&self, fits: &dyn Fn(&str) -> bool) -> Vec<&Authority> {
        let names = |a: &Authority| -> Vec<String> {
            let all = std::iter::once(&a.name).chain(&a.variants);
            all.map(|name| plain(name)).collect()
        };
        self.iter()
            .filter(|a| names(a).iter().any(|name| fits(name)))
            .collect()
    }

    /// The authority of a code that a spreadsheet or a hand changed: `301.0`, `0301`, `e09000002`.
    fn near_code(&self, text: &str) -> Option<&Authority> {
        let text = text.trim();
        let number = text.strip_suffix(".0").unwrap_or(text);
        let number = number.trim_start_matches('0');
        let code = AuthorityCode::new(number).ok();
        code.and_then(|code| self.get(code))
            .or_else(|| self.by_ons(&text.to_ascii_uppercase()))
    }
}

/// Whether a text is meant as a code, so that no name is near to it.
fn is_code(text: &str) -> bool {
    let text = text.trim().as_bytes();
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    digits > 0 && digits + 2 >= text.len()
}

/// The words of a plain name that tell it from others.
fn core(name: &str) -> BTreeSet<&str> {
    let words = name.split(' ').filter(|word| !CEREMONIAL.contains(word));
    words
        .map(|word| if word == "saint" { "st" } else { word })
        .map(|word| if word == "ne" { "north east" } else { word })
        .flat_map(|word| word.split(' '))
        .collect()
}

/// The first letters of a name's words, with and without its "and".
fn initials(name: &str) -> [String; 2] {
    let of = |kept: &dyn Fn(&&str) -> bool| {
        let words = name.split(' ').filter(kept);
        words.filter_map(|word| word.chars().next()).collect()
    };
    [of(&|_| true), of(&|word| *word != "and")]
}

fn named(authority: &Authority) -> String {
    format!("{} ({})", authority.code, authority.name)
}

fn lifetime(authority: &Authority) -> String {
    let code = authority.code;
    match (authority.from, authority.to) {
        (Some(from), Some(to)) => format!("{code} (from {from} to {to})"),
        (Some(from), None) => format!("{code} (since {from})"),
        (None, Some(to)) => format!("{code} (to {to})"),
        (None, None) => format!("{code} ({})", authority.region),
    }
}
