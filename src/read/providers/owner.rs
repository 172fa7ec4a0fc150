//! One key for one owner, however spelt, and keys of areas.

use crate::data::EventKind;
use crate::read::table::guard::sha256;

/// Words in which spellings of one company differ.
const LEGAL: [&str; 7] = ["ltd", "limited", "llp", "plc", "cic", "the", "and"];

/// The key of an owner: lower case, without legal words, signs and "and"; one that is too long ends
/// in a digest of itself. `None` where nothing is left.
pub(super) fn owner(name: &str) -> Option<EventKind> {
    key(words(name).filter(|word| !LEGAL.contains(&word.as_str())))
}

/// The key of an area or region.
pub(super) fn area(name: &str) -> Option<EventKind> {
    key(words(name))
}

fn words(name: &str) -> impl Iterator<Item = String> {
    // An apostrophe or stop joins: `Children's`, `C.I.C.`.
    let joined: String = name
        .chars()
        .filter(|c| !matches!(c, '\'' | '\u{2019}' | '.'))
        .collect();
    let words: Vec<String> = joined
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.into_iter()
}

fn key(words: impl Iterator<Item = String>) -> Option<EventKind> {
    const LONGEST: usize = 40;
    const DIGEST: usize = 10;
    let joined = words.collect::<Vec<_>>().join("-");
    if joined.len() <= LONGEST {
        return EventKind::new(&joined).ok();
    }
    // Reading from memory does not fail.
    let digest = sha256(joined.as_bytes()).ok()?;
    let start = &joined[..LONGEST - DIGEST - 1];
    EventKind::new(&format!("{start}-{}", &digest[..DIGEST])).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_owner_are_one_key() {
        let key = |name: &str| owner(name).unwrap().to_string();
        let same = [
            "Saltmarsh & Sons Ltd",
            "Saltmarsh and Sons Limited",
            "The SALTMARSH and Sons ltd.",
        ];
        assert!(
            same.iter().all(|name| key(name) == "saltmarsh-sons"),
            "{}",
            key(same[2])
        );
        assert_ne!(key("Saltmarsh North Ltd"), key("Saltmarsh South Ltd"));
        let long = |end: &str| {
            key(&format!(
                "An Invented Company With A Very Long Name Indeed {end}"
            ))
        };
        assert_ne!(long("One"), long("Two"));
        assert_eq!(long("One").len(), 40);
        assert_eq!(owner("Ltd."), None);
    }
}
