//! England's children's homes: described in a file like any other service, which is compiled in.
//!
//! Its recipe `homes` looks at eight things that were measured to rank homes (higher riskier unless
//! said): the previous overall grade; the mean of up to the last three; the previous judgements of
//! leaders and of help and protection; the share below Good among the owner's other homes and among
//! the area's; short breaks only (lower); a first inspection. Places, sector, size of the owner,
//! years registered and time since the last inspection added nothing.

use std::sync::LazyLock;

use crate::data::service::Service;

static SERVICE: LazyLock<Service> = LazyLock::new(|| {
    // A constant of this crate: a fault in it fails the first test.
    Service::from_json(include_str!("service.json")).expect("a service without faults")
});

impl Service {
    /// England's children's homes, as Ofsted lists them.
    pub fn childrens_homes() -> &'static Service {
        &SERVICE
    }

    /// A built-in service by its name.
    pub fn built_in(name: &str) -> Option<&'static Service> {
        let all = [Service::childrens_services(), Service::childrens_homes()];
        all.into_iter()
            .find(|service| service.name().as_str() == name)
    }
}
