//! Our own layouts and an analyst's: figures, inspections, events, authorities, release days.

pub mod events;
pub mod inspections;
pub(crate) mod mapping;
pub(crate) mod settings;
pub mod template;
pub mod tidy;
pub mod wide;
