//! Is a warning within a horizon worth more than knowing when inspections come?
//!
//! At every origin timing and risk are learned at landmarks whose windows have closed, and the
//! landmarks of the year that follows are forecast. Most of the discrimination of the product is the
//! calendar: timing alone has a C-statistic of 0.80. So the product's own is never told as skill:
//! what stands here is its *gain* over timing alone (times one rate for all) and over timing times
//! the capped previous grade, and the C-statistic of the risk part alone among those judged.
//!
//! Rows of one organisation and of one quarter go together: variances of mean differences are two-way
//! (Cameron, Gelbach and Miller 2011, *Journal of Business & Economic Statistics* 29:238-249), and
//! intervals of C-statistics draw organisations and quarters, whose counts multiply (Owen 2007,
//! *Annals of Applied Statistics* 1:386-411).

mod forecast;
mod measure;
mod result;
mod row;

pub use forecast::HorizonParams;
pub use result::{Gain, HorizonEvidence, HorizonYear, OutcomeEvidence};
