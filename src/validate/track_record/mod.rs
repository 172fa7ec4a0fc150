//! The track record by name: the list as it would have been at every quarter end, and what happened
//! to everybody on it.
//!
//! At each quarter end everything is learned again from what was known then, and the list is the
//! one that a user would have had. Nothing is left out: false alarms, names that were never
//! inspected, and events that no list had. Chance with the same churn is the same lists with the
//! names of organisations dealt out anew, once for all quarters: as many names, as long on the list,
//! and as often changed.

mod chance;
mod params;
mod result;

pub use params::TrackRecordParams;
pub use result::{
    Caught, FalseAlarm, LaterEvent, Listed, NextJudgement, Quarter, Totals, TrackRecord,
};
