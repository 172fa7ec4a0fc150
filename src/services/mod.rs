//! What is particular to one service, apart from what is general.

pub(crate) mod childrens_homes;
pub(crate) mod childrens_services;
mod file;
mod named;
