//! England's children's services, inspected by Ofsted.

mod indicators;
pub(crate) mod inspection;
pub(crate) mod register;
mod release_days;
mod service;
