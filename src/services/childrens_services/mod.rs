//! England's children's services, inspected by Ofsted.

pub(crate) mod inspection;
pub(crate) mod register;
mod service;
