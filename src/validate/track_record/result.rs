//! The lists of every quarter, and what happened to everybody on them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::{AuthorityCode, Grade};
use crate::read_back::OutputSchema;
use crate::stats::interval::Limits;
use crate::stats::undefined::{Estimate, or_why};

/// The lists, and what happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrackRecord {
    /// The layout of its JSON.
    pub schema: OutputSchema,
    /// First year.
    pub from: i16,
    /// Last day known.
    pub to: Date,
    /// Length of the list.
    pub capacity: usize,
    /// Every quarter end with its list.
    pub quarters: Vec<Quarter>,
    /// Quarter ends without a list, since too few events were known to learn from.
    pub without_list: usize,
    /// Every inspection with the event that started after the first list, by publication.
    pub events: Vec<LaterEvent>,
    /// Everybody who was ever on a list and was not judged with the event after the first time.
    pub false_alarms: Vec<FalseAlarm>,
    /// What it comes to.
    pub totals: Totals,
}

/// One quarter end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quarter {
    /// The day.
    pub on: Date,
    /// Inspections learned from.
    pub inspections: usize,
    /// Of these, with the event.
    pub events: usize,
    /// The rate of that day.
    pub rate_now: f64,
    /// Organisations scored.
    pub scored: usize,
    /// The list, the highest first.
    pub listed: Vec<Listed>,
}

/// One name of one list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    /// Whose it is.
    pub organisation: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Place on the list, 1 first.
    pub place: usize,
    /// Probability, if inspected then.
    pub probability: f64,
    /// The next full judgement published after the day; `None` where there was none.
    pub next: Option<NextJudgement>,
}

/// What was judged next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NextJudgement {
    /// First day of the inspection, or the day assumed for it.
    pub started: Date,
    /// The day of publication.
    pub published: Date,
    /// The grade that the outcome rule looks at.
    pub grade: Grade,
    /// Whether it was the event.
    pub event: bool,
}

/// An inspection with the event, and whether a list had named it beforehand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaterEvent {
    /// Who was judged.
    pub organisation: AuthorityCode,
    /// Its name.
    pub name: String,
    /// First day of the inspection, or the day assumed for it.
    pub started: Date,
    /// The day of publication.
    pub published: Date,
    /// Whether its newest grade before was the worst one already, so that no list would name it.
    pub already: bool,
    /// The first list that named it; `None` if none did.
    pub first_listed: Option<Date>,
    /// Months from the first list to the start.
    pub months_before: Option<f64>,
    /// Lists before the start that named it.
    pub times_listed: usize,
    /// Whether the last list before the start named it.
    pub on_last_list: bool,
}

/// Somebody who was listed, and not judged with the event afterwards.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FalseAlarm {
    /// Who.
    pub organisation: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Lists that named it.
    pub times_listed: usize,
    /// The first of them.
    pub first_listed: Date,
    /// The last full judgement published after it; `None` where it was not inspected.
    pub judged: Option<NextJudgement>,
}

/// What the lists come to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Lists.
    pub quarters: usize,
    /// Organisations that could have been listed at some time.
    pub organisations: usize,
    /// Organisations that ever were: the exposure.
    pub ever_listed: usize,
    /// Names on lists, counted each time.
    pub names: usize,
    /// Events of organisations whose grade was not the worst one already.
    pub events: usize,
    /// Of these, on some list before.
    pub listed_before: Caught,
    /// Of these, on the last list before the start.
    pub on_last_list: Caught,
    /// Names whose next full judgement was the event, of the names that were judged.
    pub came_true: usize,
    /// Names that were judged at some time after.
    pub judged: usize,
    /// Organisations listed and not judged with the event afterwards, though judged.
    pub false_alarms: usize,
    /// Organisations listed and not inspected afterwards: unknown.
    pub not_inspected: usize,
}

/// Events that lists had named, beside what chance with the same churn would have.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Caught {
    /// How many.
    pub caught: usize,
    /// Clopper and Pearson's 95% interval of the share of events.
    pub share_ci95: Option<Limits<f64>>,
    /// Mean of what chance would have caught.
    #[serde(with = "or_why")]
    pub by_chance: Estimate,
    /// Between how many of 100 cases of chance lie 95.
    pub by_chance_ci95: Option<Limits<f64>>,
    /// How probable so many are by chance.
    #[serde(with = "or_why")]
    pub p: Estimate,
}
