//! Early-warning risk scores for public services.

pub mod data;
pub mod error;
pub mod features;
pub mod model;
#[cfg(feature = "read")]
pub mod read;
pub mod score;
pub mod simulate;
pub mod validate;

pub use error::{Error, Result};
pub use jiff;
pub use ndarray;
