//! A world with known truth: demo data, coverage studies, leak self-tests. Nothing in it is real.
//!
//! About 150 invented authorities, their published figures and judgements, and what no one sees in
//! reality: the condition behind them and the true log-odds of every judgement.
//!
//! # Model
//! Each authority has a *quality* `q` (slow, high is good) and a *strain* `s` (short-lived, high is
//! bad), independent first-order autoregressions of variance 1 that hold from one 30 September to
//! the next ([`Condition`]). An inspection that starts on a day ends Inadequate with
//!
//! `log-odds = intercept + drift - quality_effect * q + strain_effect * s + need_effect * d + u`,
//!
//! where the intercept makes the average authority fail at the framework's base rate, `drift` is a
//! random walk over the years common to all, `d` is the authority's deprivation, which its rate of
//! children looked after shows, and `u` is its own difference, which no figure shows. Shares,
//! rates and caseloads answer to the same `q` and `s`, weakly, and to the *consequence* `c` of an
//! Inadequate judgement, strongly for staffing: the trap that makes figures joined by year look
//! like a warning. On the scale of log-odds (logarithms for the caseload)
//!
//! `link = centre + year + spread * (signal * (a * -q + b * s) + rest * own) + consequence * k * c`
//!
//! with `own` the authority's own autoregression, `rest` completing the variance to 1, and counts
//! drawn binomially. `c` grows from the start of fieldwork to 1 after six months, stays until two
//! years after, then fades by a factor e every year and a half.
//!
//! Not everything is published from the first year on: assessments and reviews in time and children
//! looked after begin two years later, caseloads four, so that early inspections lack them.
//!
//! Draws are bit-identical on all platforms. Each purpose has its own stream, so that a further
//! indicator or authority changes no draw of the others.

mod condition;
mod figure;
mod framework;
mod measure;
mod params;
mod place;
mod release;
mod stream;
mod visit;
mod world;

pub use condition::Condition;
pub use params::{BaseRates, SimulationParams};
pub use visit::TrueRisk;
pub use world::World;
