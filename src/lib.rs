//! Early-warning risk scores for public services.

pub mod data;
pub mod error;
#[cfg(feature = "read")]
pub mod read;

pub mod simulate;

pub use error::{Error, Result};
pub use jiff;
pub use ndarray;
