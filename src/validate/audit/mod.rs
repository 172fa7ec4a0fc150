//! Audits: what leaks, what is a consequence and not a warning, what is chance.

pub(crate) mod census_lag;
pub(crate) mod funnel;
pub(crate) mod known_day;
pub mod leakage;
