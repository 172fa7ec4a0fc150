//! Rows, labels, weights and clusters -> coefficients. Knows numbers alone: no figure, no panel.

pub(crate) mod active_set;
pub(crate) mod cholesky;
pub(crate) mod constrained;
pub(crate) mod correction;
pub(crate) mod cumulative;
pub(crate) mod design;
pub(crate) mod event_intercept;
pub(crate) mod firth;
pub(crate) mod held_out;
pub(crate) mod jeffreys;
pub(crate) mod likelihood;
pub(crate) mod logistic;
pub(crate) mod newton;
pub(crate) mod ordinal;
pub(crate) mod orthonormal;
pub(crate) mod path;
pub(crate) mod pooled;
pub(crate) mod products;
pub(crate) mod profile_likelihood;
pub(crate) mod proportionality;
pub(crate) mod ridge;
pub(crate) mod separation;
pub(crate) mod shrinkage;
pub(crate) mod start;
pub(crate) mod towards_equal;

pub use constrained::{Belief, Binding, Constrained, ConstrainedParams};
pub use design::LARGEST_MAGNITUDE;
pub use firth::{Firth, FirthParams, InterceptCorrection};
pub use logistic::{FitReport, Logistic};
pub use ordinal::{Ordinal, OrdinalParams, OrdinalReport};
pub use pooled::{Pooled, PooledParams, Scale};
pub use profile_likelihood::{ChiSquareTest, FirthInference, ProfileInterval};
pub use proportionality::Proportionality;
pub use ridge::{Balanced, CheckedRidgeParams, L2, RidgeParams};
pub use separation::{Separation, separation};
pub use towards_equal::{TowardsEqual, TowardsEqualParams};
