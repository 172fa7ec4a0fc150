//! Training rows -> each family's fit at each penalty, with what it says of rows left out.

mod binary;
mod carried;
mod equal;
mod family_fit;
mod graded;
mod sample;
#[cfg(test)]
mod tests;

pub use sample::FRAMEWORK_SD;
pub(super) use sample::{Sample, SampleColumn};
