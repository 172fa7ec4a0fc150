//! Early-warning risk scores for public services: which English local authorities are likely to
//! have their children's services judged Inadequate at the next inspection, from nothing that was
//! not known on the day.
//!
//! ```
//! use forewarn::data::OutcomeRule;
//! use forewarn::features::{FeatureRecipe, Months};
//! use forewarn::jiff::civil::date;
//! use forewarn::model::RiskParams;
//! use forewarn::simulate::SimulationParams;
//!
//! # fn main() -> forewarn::Result<()> {
//! // Real use: `forewarn::read::folder("my/downloads")?.panel`.
//! let panel = SimulationParams::default().simulate()?.panel();
//! let today = date(2024, 6, 1);
//! let recipe = FeatureRecipe::default();
//! let training = panel.as_of(today).training(&recipe, OutcomeRule::default(), Months(0))?;
//! let model = RiskParams::default().fit(&training)?;
//! let scores = model.score(&panel, today)?;
//! let list = scores.watchlist();
//! assert_eq!(list.len(), 15);
//! let first = list[0];
//! println!("{} {:.0}%: {}", first.name, 100.0 * first.probability, first.reasons[0].reason());
//! # Ok(())
//! # }
//! ```
//!
//! # The pipeline
//!
//! ```text
//! files -> read -> data::Panel -> as_of(day) -> data::Snapshot
//!                                                  |  training(recipe, outcome, lead)
//!                                                  v
//!                  features::TrainingSet -> model::RiskParams::fit -> model::RiskModel
//!                                                                       |  score(panel, day)
//!                                                                       v
//!                                                                  score::Scores
//! ```
//!
//! [`validate`] puts a number on how far to trust the scores: [`validate::BacktestParams::run`]
//! repeats the whole pipeline at every past origin, beside trivial rivals.
//!
//! [`data::Panel::as_of`] is the only way to read a figure, a judgement or an event, and it filters
//! on the day on which each became *known*. Everything that is learned (priors, imputation, scaling,
//! penalty, coefficients) is learned from judgements published before the training day.
//!
//! [`monitor`] runs it week after week: scores are frozen into a log before anybody knows what came,
//! compared, turned into alerts and judged afterwards.
//!
//! # What it does not do
//!
//! It gives no judgement and no ranking for the public. Its reasons are associations, not causes.
//! The signal in published figures is weak: a score helps to decide where to look first and no
//! more. Joining figures and judgements by year instead of by the day known looks far better and
//! is worthless, because staff leave *after* a council is failed; nothing here lets you do it.
//!
//! # Features
//!
//! - `read` (default): reading CSV files and folders.
//! - `ods` (default): reading Ofsted's OpenDocument workbooks.
//! - `parallel` (default): back-tests, resampling and fits of more than 8,192 rows on all cores, to
//!   the same bits as on one.
//! - `report` (default): the report as one HTML file, and its charts as SVG.
//!
//! `default-features = false` leaves data, features, model, score, simulate and validate: no file reader.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod data;
pub mod error;
pub mod features;
pub mod fit;
pub mod model;
#[cfg(feature = "read")]
pub mod monitor;
mod parallel;
#[cfg(feature = "read")]
pub mod read;
mod read_back;
#[cfg(feature = "report")]
pub mod report;
pub mod score;
mod services;
pub mod simulate;
#[cfg(feature = "read")]
mod spreadsheet;
mod stats;
pub mod validate;
mod whole_file;
pub mod words;

pub use error::{Error, Result};
pub use jiff;
pub use linfa;
pub use ndarray;
pub use read_back::OutputSchema;
pub use whole_file::{check_writable, write_whole};

#[cfg(all(doctest, feature = "read"))]
#[doc = include_str!("../README.md")]
struct Readme;
