//! What a service calls its organisations, its benchmark and the event.

use crate::data::{OutcomeRule, Service};

/// The nouns of sentences about one service and one outcome.
///
/// ```
/// use forewarn::data::{OutcomeRule, Service};
/// use forewarn::words::Nouns;
///
/// let nouns = Nouns::new(Service::childrens_services(), OutcomeRule::default());
/// assert_eq!(nouns.many(), "authorities");
/// assert_eq!(format!("judged {}", nouns.event()), "judged Inadequate");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Nouns<'a> {
    service: &'a Service,
    outcome: OutcomeRule,
}

impl<'a> Nouns<'a> {
    /// Of a service and an outcome of it.
    pub fn new(service: &'a Service, outcome: OutcomeRule) -> Self {
        Nouns { service, outcome }
    }

    /// One organisation: `authority`.
    pub fn one(self) -> &'a str {
        &self.service.noun().singular
    }

    /// Several: `authorities`.
    pub fn many(self) -> &'a str {
        &self.service.noun().plural
    }

    /// One with its article: `an authority`.
    pub fn a_one(self) -> String {
        with_article(self.one())
    }

    /// One, as a heading: `Authority`.
    pub fn heading(self) -> String {
        capitalised(self.one())
    }

    /// Several, as a heading: `Authorities`.
    pub fn headings(self) -> String {
        capitalised(self.many())
    }

    /// What figures are compared with: `England`.
    pub fn benchmark(self) -> &'a str {
        self.service.benchmark()
    }

    /// What an organisation is judged if the event happens: `Inadequate`, or `Requires improvement
    /// or worse`.
    pub fn event(self) -> String {
        let grade = self.outcome.from_grade();
        match grade.is_worst() {
            true => grade.words().to_owned(),
            false => format!("{} or worse", grade.words()),
        }
    }

    /// Such a judgement: `an Inadequate judgement`.
    pub fn a_judgement(self) -> String {
        let grade = self.outcome.from_grade();
        match grade.is_worst() {
            true => format!("{} judgement", with_article(grade.words())),
            false => format!("a judgement of {}", self.event()),
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut signs = word.chars();
    let first = signs.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + signs.as_str()
}

fn with_article(word: &str) -> String {
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U']);
    format!("{} {word}", if vowel { "an" } else { "a" })
}
