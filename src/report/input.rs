//! What a report is made from.

use crate::data::{AuthorityCode, Catalogue, Register};
use crate::model::RiskModel;
use crate::read::LoadReport;
use crate::score::{Capacity, Profiles, Scores};
use crate::validate::Evidence;

/// What a report shows: results, and the names in them.
#[derive(Clone, Copy, Debug)]
pub struct ReportInput<'a> {
    /// The scores of the day, with intervals where they were computed.
    pub scores: &'a Scores,
    /// The model that gave them.
    pub model: &'a RiskModel,
    /// How many authorities can be visited.
    pub capacity: Capacity,
    /// What the intervals are, in words.
    pub how_sure: &'a str,
    /// How far to trust the scores.
    pub evidence: Option<&'a Evidence>,
    /// Each authority over time; without it there is no page for each.
    pub profiles: Option<&'a Profiles>,
    /// What was read.
    pub read: Option<&'a LoadReport>,
    /// Names and regions of authorities.
    pub register: &'a Register,
    /// Names and units of indicators.
    pub catalogue: &'a Catalogue,
    /// What has to be said before everything else, as that all data are invented.
    pub notice: Option<&'a str>,
}

impl ReportInput<'_> {
    /// The name of an authority's region; empty where unknown.
    pub(crate) fn region(&self, code: AuthorityCode) -> String {
        let known = self.register.get(code);
        known.map_or_else(String::new, |a| a.region.clone())
    }
}
