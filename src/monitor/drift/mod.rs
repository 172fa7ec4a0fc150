//! Has a release moved beyond what chance moves?
//!
//! Every test is of pairs: the same organisations in a release and the one before. Its null is
//! simulated for the organisations at hand, by exchanging an organisation's two figures at random: if
//! nothing moved, either order is as likely. Rules of thumb for the population stability index (0.1,
//! 0.25) hold for no number of organisations in particular; here it has the p-value of its own null.
//!
//! - *distribution*: the population stability index over tenths of all figures of both releases
//!   (Siddiqi 2006, *Credit Risk Scorecards*, chapter 9);
//! - *level*: Wilcoxon's signed ranks (Wilcoxon 1945, *Biometrics Bulletin* 1:80-83);
//! - *missing*: newly missing against newly known, exact (McNemar 1947, *Psychometrika* 12:153-157);
//! - *order*: whether the rank correlation with the release before is lower than the one before it was,
//!   by turning an organisation's three figures around at random: a steady series reads the same both
//!   ways;
//! - *rate*: events of the last two years against the two before, exact (Fisher).
//!
//! All tests of a day are one family: p-values are adjusted by Holm (1979, *Scandinavian Journal of
//! Statistics* 6:65-70), so that where nothing moved anything is named in at most the stated share of
//! days. A level that moved says that the country moved, or the definition: where order broke, or the
//! middle moved by half or more, the release is named as a likely change of definition.

mod paired;
mod report;

pub use report::{DriftCheck, DriftParams, DriftReport, DriftTest};
