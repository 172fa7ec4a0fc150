//! What was published, and when it was known.

mod authority;
mod builder;
mod calendar;
pub(crate) mod code;
mod event;
pub(crate) mod framework;
pub(crate) mod grade;
pub(crate) mod indicator;
pub(crate) mod inspection;
pub(crate) mod intern;
pub(crate) mod judgement;
mod observation;
pub(crate) mod outcome;
mod panel;
pub(crate) mod service;

pub use crate::fit::direction::Direction;
pub use authority::{Authority, JointReturn, Register};
pub use builder::{Built, Conflict, Origin, PanelBuilder};
pub use calendar::{Basis, Release, ReleaseCalendar, Series};
pub use code::{AuthorityCode, Code, IndicatorId};
pub use event::{Event, EventKind};
pub use framework::{Framework, Scope};
pub use grade::Grade;
pub use indicator::{Catalogue, Indicator, Unit};
pub use inspection::{Inspection, JudgementHistory};
pub use judgement::{JudgementKey, Judgements};
pub use observation::{Entity, Missing, Observation, Standing, Value};
pub use outcome::OutcomeRule;
pub(crate) use panel::PanelSeries;
pub use panel::{Figure, Knowledge, Panel, Snapshot};
pub use service::{FrameworkRules, Judgement, Noun, RivalRule, Service, ServiceName};
