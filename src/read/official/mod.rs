//! Official statistics as published -> figures.

pub(crate) mod deprivation;
pub(crate) mod joint_inspections;
pub(crate) mod layouts;
pub(crate) mod measure;
pub(crate) mod mid_year;
pub(crate) mod neighbours;
pub(crate) mod rates;
pub(crate) mod sources;
pub(crate) mod statistics;
pub(crate) mod tool_download;
