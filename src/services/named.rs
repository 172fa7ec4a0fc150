//! What a file names is looked up among what services declare: the built-in ones, and those read
//! from files in this program, of which the last of a name counts.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Deserializer, de::Error as _};

use crate::data::framework::{Framework, Scope};
use crate::data::grade::Grade;
use crate::data::outcome::OutcomeRule;
use crate::data::service::{Service, ServiceName};

/// The services read from files.
static READ: Mutex<BTreeMap<ServiceName, Service>> = Mutex::new(BTreeMap::new());

/// From now on, files may name what the service declares.
pub(super) fn accept(service: &Service) {
    // A map is whole even if its holder panicked between two insertions.
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    read.insert(service.name(), service.clone());
}

/// The one thing of that name that services declare, or what is wrong.
fn one<T: PartialEq>(
    what: &str,
    name: &str,
    declared: impl Fn(&Service) -> Vec<T>,
    of: impl Fn(&T) -> &'static str,
) -> Result<T, String> {
    let mut found = Vec::new();
    let mut look = |service: &Service| {
        for known in declared(service) {
            if of(&known) == name && !found.contains(&known) {
                found.push(known);
            }
        }
    };
    look(Service::childrens_services());
    look(Service::childrens_homes());
    let read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    read.values().for_each(&mut look);
    let several = found.len() > 1;
    match found.pop().filter(|_| !several) {
        Some(one) => Ok(one),
        None if several => Err(format!(
            "{what}: found {name:?}, which services declare in different ways, expected files of \
             one of them only"
        )),
        None => Err(format!(
            "{what}: found {name:?}, expected one that a service declares: read its file before"
        )),
    }
}

macro_rules! read_by_name {
    ($kind:ty, $what:literal, $declared:expr) => {
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = String::deserialize(deserializer)?;
                one($what, &name, $declared, |known: &$kind| known.name()).map_err(D::Error::custom)
            }
        }
    };
}

read_by_name!(Grade, "grade", |s: &Service| s.grades().to_vec());
read_by_name!(Framework, "framework", |s: &Service| {
    let rules = s.frameworks().iter();
    rules.map(|rules| rules.framework).collect()
});
read_by_name!(Scope, "scope", |s: &Service| s.scopes().to_vec());
read_by_name!(OutcomeRule, "outcome rule", |s: &Service| s
    .outcomes()
    .to_vec());
