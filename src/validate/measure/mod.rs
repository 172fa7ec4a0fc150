//! Measures: pure functions of forecasts and outcomes.

pub(crate) mod calibration;
pub(crate) mod capture;
pub(crate) mod delong;
pub(crate) mod forecast;
pub(crate) mod influence;
pub(crate) mod isotonic;
pub(crate) mod lowess;
pub(crate) mod net_benefit;
pub(crate) mod rank;
pub(crate) mod sample_size;
pub(crate) mod unmeasured;
pub(crate) mod yearly_capture;
