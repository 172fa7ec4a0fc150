//! Ranks alone, for an outcome of which the data can give no probability.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::contribution::Contribution;
use super::day::Day;
use super::not_scored::NotScored;
use crate::data::{Grade, OrganisationCode, OutcomeRule, Panel};
use crate::error::{Error, Result};
use crate::model::RiskModel;
use crate::read_back::OutputSchema;

/// Organisations in the order of their scores, without a probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranked {
    /// The layout of its JSON.
    pub schema: OutputSchema,
    /// The day.
    pub as_of: Date,
    /// What counts as the event.
    pub outcome_rule: OutcomeRule,
    /// The recipe's name.
    pub recipe: String,
    /// By rank.
    pub organisations: Vec<RankedOrganisation>,
    /// The others, by code.
    pub not_scored: Vec<NotScored>,
}

/// One organisation's place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankedOrganisation {
    /// The organisation.
    pub organisation: OrganisationCode,
    /// Its name.
    pub name: String,
    /// Its region; empty where unknown.
    pub region: String,
    /// Place from the highest score, 1 first; equal scores share the highest place of theirs.
    pub rank: usize,
    /// The newest grade known.
    pub previous_grade: Option<Grade>,
    /// The figures that raise its score in their declared direction, the largest first.
    pub reasons: Vec<Contribution>,
}

impl RiskModel {
    /// Refuses a probability that the data cannot give.
    pub(super) fn check_probability(&self) -> Result<()> {
        match self.outcome_rule().no_probability() {
            None => Ok(()),
            Some(why) => Err(Error::InvalidValue {
                what: "outcome of a probability",
                found: format!("{}: {why}", self.outcome_rule()),
                expected: "another outcome, or ranks alone (RiskModel::ranked)".to_owned(),
            }),
        }
    }

    /// The order of every organisation that exists on the day, of any outcome, without
    /// probabilities.
    ///
    /// # Errors
    /// Those of [`score`](Self::score), that of an outcome without probabilities aside.
    pub fn ranked(&self, panel: &Panel, as_of: Date) -> Result<Ranked> {
        let day = Day::new(self, panel, as_of)?;
        let matrix = day.scored();
        let mut explained = day.explained(self, &matrix);
        explained.sort_by(|a, b| {
            let by_score = b.linear_predictor.total_cmp(&a.linear_predictor);
            by_score.then_with(|| a.organisation.cmp(&b.organisation))
        });
        let mut organisations: Vec<RankedOrganisation> = Vec::with_capacity(explained.len());
        let mut last: Option<f64> = None;
        for (place, of) in explained.into_iter().enumerate() {
            let rank = match organisations.last() {
                Some(before) if last == Some(of.linear_predictor) => before.rank,
                _ => place + 1,
            };
            last = Some(of.linear_predictor);
            organisations.push(RankedOrganisation {
                organisation: of.organisation,
                name: of.name,
                region: of.region,
                rank,
                previous_grade: of.previous_grade,
                reasons: of.reasons.into_iter().map(|reason| reason.figure).collect(),
            });
        }
        Ok(Ranked {
            schema: OutputSchema,
            as_of,
            outcome_rule: self.outcome_rule(),
            recipe: self.recipe().name().to_owned(),
            organisations,
            not_scored: day.not_scored(),
        })
    }
}
