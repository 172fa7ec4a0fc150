//! What was published, and when it was known.

mod authority;
mod builder;
mod calendar;
mod code;
mod event;
mod indicator;
mod judgement;
mod observation;
mod panel;

pub use authority::{Authority, JointReturn, Register};
pub use builder::{Built, Conflict, Origin, PanelBuilder};
pub use calendar::{Basis, Release, ReleaseCalendar, Series};
pub use code::{AuthorityCode, Code, IndicatorId};
pub use event::{Event, EventKind};
pub use indicator::{Catalogue, Direction, Indicator, Unit};
pub use judgement::{
    ASSUMED_DAYS_TO_PUBLICATION, Framework, Grade, Inspection, JudgementHistory, Judgements,
    OutcomeRule, Scope,
};
pub use observation::{Entity, Missing, Observation, Standing, Value};
pub(crate) use panel::PanelSeries;
pub use panel::{Figure, Knowledge, Panel, Snapshot};
