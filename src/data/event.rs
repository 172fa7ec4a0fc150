//! What happened to an organisation on a day, beside its figures and inspections.

use jiff::civil::Date;

use super::code::{AuthorityCode, Code};

/// A kind or finding of an event, for example `jtai` and `priority_action`.
pub type EventKind = Code<40>;

/// Something that became known of an organisation on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The organisation: a local authority.
    pub organisation: AuthorityCode,
    /// What happened.
    pub kind: EventKind,
    /// What was found, where anything was.
    pub finding: Option<EventKind>,
    /// First day on which it was public.
    pub known_from: Date,
    /// Where it was read, in words.
    pub source: String,
}

impl Event {
    /// The key by which a panel keeps its events: one organisation's stand together, the oldest
    /// first.
    pub(super) fn order(&self) -> impl Ord + '_ {
        let found = (self.kind, self.finding, self.source.as_str());
        (self.organisation, self.known_from, found)
    }
}
