//! What a report is made from.

use crate::data::{AuthorityCode, Catalogue, Register, Service};
use crate::model::RiskModel;
use crate::read::LoadReport;
use crate::score::{Capacity, Group, Profiles, Scores};
use crate::validate::Evidence;
use crate::words::Nouns;

/// What a report shows: results, and the names in them.
#[derive(Clone, Copy, Debug)]
pub struct ReportInput<'a> {
    /// The scores of the day, with intervals where they were computed.
    pub scores: &'a Scores,
    /// The model that gave them.
    pub model: &'a RiskModel,
    /// The service that they are of.
    pub service: &'a Service,
    /// How many organisations can be visited.
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

/// More organisations than this have no tile each, and no page but those on the list or near it: a
/// browser would choke on more.
const MOST: usize = 500;

impl<'a> ReportInput<'a> {
    /// What sentences call things.
    pub(crate) fn nouns(&self) -> Nouns<'a> {
        Nouns::new(self.service, self.scores.outcome_rule)
    }

    /// Whether there are too many organisations for a tile and a page of each.
    pub(crate) fn is_large(&self) -> bool {
        self.scores.scores.len() + self.scores.not_scored.len() > MOST
    }

    /// Whether an organisation has a page.
    pub(crate) fn has_page(&self, code: AuthorityCode) -> bool {
        let near = || {
            self.scores
                .of(code)
                .is_some_and(|score| score.group != Group::Off)
        };
        self.profiles.is_some() && (!self.is_large() || near())
    }

    /// The name of an authority's region; empty where unknown.
    pub(crate) fn region(&self, code: AuthorityCode) -> String {
        let known = self.register.get(code);
        known.map_or_else(String::new, |a| a.region.clone())
    }
}
