//! Alerts by rules that are data: raised once, gone when the reason is, and judged by what followed.
//!
//! ```json
//! [
//!   {"name": "high risk", "kind": "risk", "enter": 0.30, "leave": 0.25},
//!   {"name": "top of the list", "kind": "place", "enter": 15, "leave": 20},
//!   {"name": "rising", "kind": "rise", "months": 6, "at_least": 0.08},
//!   {"name": "stale return", "kind": "stale", "months": 24},
//!   {"name": "newly missing", "kind": "missing"},
//!   {"name": "inspectors' visit failed", "kind": "event", "event": "jtai", "finding": "priority_action"},
//!   {"name": "persistent failure", "kind": "persistent"},
//!   {"name": "systemic failure", "kind": "systemic"}
//! ]
//! ```
//!
//! Thresholds have two ends, so that a score that wavers around one is told once: an alert is raised at
//! `enter` and gone below `leave`. A rise is from the lowest risk of the months before, has to be
//! beyond what re-fits move where that is known, and is gone when half of it is. Those that were judged
//! with the event last need no warning of risk, place or rise, and get none.

mod raise;
mod record;
mod rule;

pub use raise::{Alert, AlertState, raise};
pub use record::{RecordParams, RuleRecord, records};
pub use rule::{Rule, Trigger};
