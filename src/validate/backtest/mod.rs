//! The rolling-origin back-test, and what is told of its predictions.

pub(crate) mod baselines;
pub(crate) mod compare;
#[cfg(feature = "read")]
pub(crate) mod csv;
pub(crate) mod findings;
pub(crate) mod forecaster;
pub(crate) mod half_life;
pub(crate) mod lead_curve;
pub(crate) mod left_out;
pub(crate) mod optimism;
pub(crate) mod origin;
pub(crate) mod params;
pub(crate) mod permutation;
pub(crate) mod prediction;
pub mod primary;
pub(crate) mod probabilities;
mod read_back;
pub(crate) mod resampled;
pub(crate) mod result;
mod rolling_origin;
pub(crate) mod selection;
pub(crate) mod sensitivity;
pub(crate) mod subset;
pub(crate) mod summary;
pub(crate) mod yearly_list;
