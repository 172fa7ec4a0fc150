//! Between inspections, week after week: scores that are frozen before anybody knows what came, and
//! judged by it afterwards.
//!
//! - [`log`]: an append-only file of frozen scores and reviews, each line bound to the one before by
//!   its hash; [`log::verify`] finds what was changed, [`log::evaluate`] joins it with later
//!   judgements.
//! - [`compare`]: two days, models, recipes or sets of figures: who moved, and by what.
//! - [`alert`]: rules as data, raised once, and judged by what followed.
//! - [`drift`]: has a release moved beyond what chance moves?
//! - [`review`]: what people think of a list, kept and judged beside it.
//!
//! A log holds scores of organisations and the figures behind them, with the hashes of the files they
//! came from. It names no person: a review has a role, and no field for a name.

pub mod alert;
pub mod compare;
pub mod drift;
pub mod log;
pub mod review;
