//! Charts: each a pure function from a result to a drawing with its data as a table.

mod c_statistic;
mod capture;
mod census_lag;
mod coefficients;
mod decision;
mod funnel;
mod lead_time;
mod reliability;
mod series;
mod year;

pub use crate::report::draw::chart::{Chart, Table};
pub use crate::report::map::tile_map;
pub use c_statistic::c_statistics;
pub use capture::capture_curve;
pub use census_lag::census_lags;
pub use coefficients::{CoefficientRow, coefficients};
pub use decision::decision_curve;
pub use funnel::funnel;
pub use lead_time::lead_times;
pub use reliability::{calibration, reliability};
pub use year::observed_expected;
