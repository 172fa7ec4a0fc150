//! Who is scored: names, codes, lifetimes, predecessors and joint returns of local authorities.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::code::AuthorityCode;
use crate::error::{Error, Result};

/// A local authority with responsibility for children's services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// DfE number: it survives a mere change of ONS code.
    pub code: AuthorityCode,
    /// Name.
    pub name: String,
    /// ONS code of its region, empty where unknown.
    pub region_code: String,
    /// Name of its region.
    pub region: String,
    /// ONS codes, the newest first: several where the code changed and the authority did not.
    pub ons_codes: Vec<String>,
    /// Other ways in which its name is written.
    pub variants: Vec<String>,
    /// First day, where it is not older than the data.
    pub from: Option<Date>,
    /// Last day, where it was abolished.
    pub to: Option<Date>,
    /// The authorities that it was made of.
    pub predecessors: Vec<AuthorityCode>,
    /// False where numbers are too small for any score (City of London, Isles of Scilly).
    pub scored: bool,
    /// What a user should know.
    pub note: String,
}

impl Authority {
    /// Whether it exists on `date`.
    pub fn exists_on(&self, date: Date) -> bool {
        self.from.is_none_or(|from| from <= date) && self.to.is_none_or(|to| date <= to)
    }
}

/// Several authorities that return one workforce census together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointReturn {
    /// The authorities.
    pub members: Vec<AuthorityCode>,
    /// First census returned together.
    pub from: Date,
}

/// All authorities that are known, past and present, found by DfE number, ONS code or name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Register {
    authorities: BTreeMap<AuthorityCode, Authority>,
    joint_returns: Vec<JointReturn>,
    // By authority and the day from which a list is known.
    neighbours: BTreeMap<(AuthorityCode, Date), Vec<AuthorityCode>>,
    by_ons: HashMap<String, AuthorityCode>,
    by_name: HashMap<String, Vec<AuthorityCode>>,
}

/// A name without case, punctuation and ceremonial parts ("Bristol, City of" is `bristol`).
pub(super) fn plain(name: &str) -> String {
    let spaced: String = name
        .replace('&', " and ")
        .chars()
        .filter(|c| !matches!(c, '\'' | '’' | '.'))
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let joined = words.join(" ");
    let stripped = [" city of", " county of"]
        .iter()
        .find_map(|end| joined.strip_suffix(end));
    stripped.map(str::to_owned).unwrap_or(joined)
}

impl Register {
    /// A register with nobody in it, to be filled from a file.
    pub fn empty() -> Self {
        Register::default()
    }

    /// Adds an authority, replacing the one of the same code.
    pub fn insert(&mut self, authority: Authority) {
        let code = authority.code;
        self.remove_names(code);
        for ons in &authority.ons_codes {
            self.by_ons.insert(ons.clone(), code);
        }
        for name in std::iter::once(&authority.name).chain(&authority.variants) {
            let known = self.by_name.entry(plain(name)).or_default();
            if !known.contains(&code) {
                known.push(code);
                known.sort();
            }
        }
        self.authorities.insert(code, authority);
    }

    fn remove_names(&mut self, code: AuthorityCode) {
        if self.authorities.remove(&code).is_some() {
            self.by_ons.retain(|_, known| *known != code);
            for known in self.by_name.values_mut() {
                known.retain(|k| *k != code);
            }
        }
    }

    /// States that `members` return one workforce census together from `from` on.
    pub fn insert_joint_return(&mut self, joint: JointReturn) {
        self.joint_returns.push(joint);
    }

    /// States an authority's statistical neighbours, the closest first, by a model known from that
    /// day on. It replaces the list known from the same day, and no other.
    pub fn set_neighbours(
        &mut self,
        code: AuthorityCode,
        known_from: Date,
        neighbours: Vec<AuthorityCode>,
    ) {
        self.neighbours.insert((code, known_from), neighbours);
    }

    /// The authority of that code.
    pub fn get(&self, code: AuthorityCode) -> Option<&Authority> {
        self.authorities.get(&code)
    }

    /// The authority with that DfE number, present or former ONS code, or name.
    ///
    /// # Errors
    /// [`Error::UnknownAuthority`] if there is none, or if a name belonged to several (Dorset).
    pub fn find(&self, text: &str) -> Result<&Authority> {
        let text = text.trim();
        let by_number = AuthorityCode::new(text).ok().and_then(|c| self.get(c));
        by_number
            .or_else(|| self.by_ons(text))
            .or_else(|| self.find_name(text, None))
            .ok_or_else(|| Error::UnknownAuthority {
                found: text.to_owned(),
                expected: self.instead_of(text),
            })
    }

    /// The authority with that present or former ONS code.
    pub(crate) fn by_ons(&self, code: &str) -> Option<&Authority> {
        self.by_ons.get(code).and_then(|c| self.get(*c))
    }

    /// All that bore a name, in turn.
    pub(super) fn bearers(&self, name: &str) -> Vec<&Authority> {
        let codes = self
            .by_name
            .get(&plain(name))
            .map_or(&[][..], Vec::as_slice);
        codes.iter().filter_map(|code| self.get(*code)).collect()
    }

    /// The authority of that name; where several bore it in turn, the one that existed `on` a day.
    pub fn find_name(&self, name: &str, on: Option<Date>) -> Option<&Authority> {
        let codes = self.by_name.get(&plain(name))?;
        let mut found = codes
            .iter()
            .filter_map(|c| self.get(*c))
            .filter(|a| codes.len() == 1 || on.is_some_and(|day| a.exists_on(day)));
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    /// The authorities that returned one workforce census with `code` at `census`, itself
    /// included; empty if it returned alone.
    pub fn joint_return(&self, code: AuthorityCode, census: Date) -> &[AuthorityCode] {
        self.joint_returns
            .iter()
            .find(|j| j.from <= census && j.members.contains(&code))
            .map_or(&[], |j| &j.members)
    }

    /// Statistical neighbours by the newest of all models, the closest first; empty where none are
    /// known.
    pub fn neighbours(&self, code: AuthorityCode) -> &[AuthorityCode] {
        self.neighbours_on(code, Date::MAX)
    }

    /// Statistical neighbours by the newest model known on the day, the closest first; empty before
    /// the first.
    pub fn neighbours_on(&self, code: AuthorityCode, day: Date) -> &[AuthorityCode] {
        let mut known = self.neighbours.range((code, Date::MIN)..=(code, day));
        known.next_back().map_or(&[], |(_, list)| list)
    }

    /// The days from which lists of neighbours are known, one for each list.
    pub(crate) fn neighbour_days(&self) -> impl Iterator<Item = Date> {
        self.neighbours.keys().map(|(_, known_from)| *known_from)
    }

    /// All authorities by code, abolished ones included.
    pub fn iter(&self) -> impl Iterator<Item = &Authority> {
        self.authorities.values()
    }
}
