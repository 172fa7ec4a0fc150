//! Numbers about numbers: drawing whole clusters again, intervals, tests. No figure, no risk.

pub(crate) mod bootstrap;
pub(crate) mod chi_square;
pub(crate) mod interval;
pub(crate) mod pool;
pub(crate) mod undefined;
