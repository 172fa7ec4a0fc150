//! Enums and structs of the rooms before -> English.
//!
//! Every sentence on a score, a model or a comparison is written here, once, for the terminal, the
//! tables and the report: the computing rooms hold facts alone. It needs no feature, so that a
//! program that links the light core can say why a score is high.

mod contribution;
mod exclusion;
mod missing;
mod note;
mod nouns;
mod refusal;
mod subset;
#[cfg(feature = "read")]
pub(crate) mod table;
mod verdict;
mod warning;

pub use contribution::day;
pub use nouns::Nouns;
