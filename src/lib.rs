//! Early-warning risk scores for public services.

pub mod error;
pub mod model;

pub use error::{Error, Result};
pub use jiff;
pub use ndarray;
