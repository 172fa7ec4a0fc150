//! England's children's services, inspected by Ofsted.

pub(crate) mod register;
