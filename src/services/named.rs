//! What a file names is looked up among what services declare: the built-in ones, and those read
//! from files in this program.

use serde::{Deserialize, Deserializer, de::Error as _};

use super::childrens_services::inspection;
use crate::data::framework::{self, Framework, Scope};
use crate::data::grade::{self, Grade};
use crate::data::outcome::{self, OutcomeRule};

/// The one thing of that name, or what is wrong.
fn one<T: Copy + PartialEq>(what: &str, name: &str, found: Vec<T>) -> Result<T, String> {
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(format!(
            "{what}: found {name:?}, expected one that a service declares (its file has to be read \
             before)"
        )),
        _ => Err(format!(
            "{what}: found {name:?}, which services declare in different ways, expected files of \
             one service only"
        )),
    }
}

macro_rules! read_by_name {
    ($kind:ty, $what:literal, $built_in:expr, $declared:expr) => {
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let name = String::deserialize(deserializer)?;
                let mut found: Vec<$kind> = $declared.named(&name);
                for known in $built_in {
                    if known.name() == name && !found.contains(&known) {
                        found.push(known);
                    }
                }
                one($what, &name, found).map_err(D::Error::custom)
            }
        }
    };
}

read_by_name!(Grade, "grade", inspection::GRADES, grade::DECLARED);
read_by_name!(
    Framework,
    "framework",
    inspection::FRAMEWORKS,
    framework::DECLARED
);
read_by_name!(Scope, "scope", inspection::SCOPES, framework::SCOPES);
read_by_name!(
    OutcomeRule,
    "outcome rule",
    OutcomeRule::ALL,
    outcome::DECLARED
);
