//! What has changed since earlier scores, from the scores alone.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::contribution::Contribution;
use super::scores::{Score, Scores};
use crate::data::OrganisationCode;
use crate::error::{Error, Result};

/// What has changed between two days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Since {
    /// The earlier day.
    pub since: Date,
    /// Every organisation scored on either day, by code.
    pub organisations: Vec<Moved>,
}

/// An organisation on two days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// Its code.
    pub organisation: OrganisationCode,
    /// Its name.
    pub name: String,
    /// Where it stood on the earlier day; `None` if it had no score.
    pub before: Option<Place>,
    /// Where it stands now; `None` if it has no score.
    pub after: Option<Place>,
    /// By how much the log-odds of everybody at the training mean have moved.
    pub baseline: f64,
    /// By how much each feature's part has moved: with the baseline they add up to the change of
    /// the linear predictor. Empty unless it has both scores.
    pub features: Vec<FeatureMoved>,
}

/// A score and its place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The probability.
    pub probability: f64,
    /// Its log-odds.
    pub linear_predictor: f64,
    /// Its rank.
    pub rank: usize,
    /// Whether it was on the list.
    pub on_watchlist: bool,
}

/// One feature on two days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureMoved {
    /// The feature.
    pub feature: String,
    /// Its figure on the earlier day.
    pub before: Option<f64>,
    /// Its figure now.
    pub after: Option<f64>,
    /// Whether another period's figure, or a revision, stands there now. Where it does not, the
    /// model has learned since, or others' figures have moved the rank.
    pub renewed: bool,
    /// By how much its part of the log-odds has moved.
    pub log_odds: f64,
}

impl Moved {
    /// Whether it came onto the list.
    pub fn came(&self) -> bool {
        self.is_listed(self.after) && !self.is_listed(self.before)
    }

    /// Whether it left the list.
    pub fn went(&self) -> bool {
        self.is_listed(self.before) && !self.is_listed(self.after)
    }

    fn is_listed(&self, place: Option<Place>) -> bool {
        place.is_some_and(|place| place.on_watchlist)
    }
}

impl Scores {
    /// What has changed since earlier scores of the same recipe, outcome and knowledge.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if those are of a later day, or of another recipe, outcome or
    /// knowledge.
    pub fn since(&self, earlier: &Scores) -> Result<Since> {
        if earlier.as_of > self.as_of {
            return Err(Error::InvalidValue {
                what: "day of earlier scores",
                found: earlier.as_of.to_string(),
                expected: format!("no later than {}", self.as_of),
            });
        }
        let kind = |s: &Scores| format!("{}, {}, {}", s.recipe, s.outcome_rule, s.knowledge);
        if kind(earlier) != kind(self) {
            return Err(Error::InvalidValue {
                what: "recipe, outcome and knowledge of earlier scores",
                found: kind(earlier),
                expected: kind(self),
            });
        }
        let mut both: BTreeMap<OrganisationCode, [Option<&Score>; 2]> = BTreeMap::new();
        for (day, scores) in [earlier, self].into_iter().enumerate() {
            for score in &scores.scores {
                both.entry(score.organisation).or_default()[day] = Some(score);
            }
        }
        let organisations = both.into_values().filter_map(moved).collect();
        Ok(Since {
            since: earlier.as_of,
            organisations,
        })
    }
}

fn moved([before, after]: [Option<&Score>; 2]) -> Option<Moved> {
    let either = after.or(before)?;
    let place = |score: &Score| Place {
        probability: score.probability,
        linear_predictor: score.linear_predictor,
        rank: score.rank,
        on_watchlist: score.on_watchlist,
    };
    let (baseline, features) = match (before, after) {
        (Some(a), Some(b)) => (
            b.baseline_log_odds - a.baseline_log_odds,
            features(&a.contributions, &b.contributions),
        ),
        _ => (0.0, Vec::new()),
    };
    Some(Moved {
        organisation: either.organisation,
        name: either.name.clone(),
        before: before.map(place),
        after: after.map(place),
        baseline,
        features,
    })
}

/// Of one recipe, whose features stand in one order.
fn features(before: &[Contribution], after: &[Contribution]) -> Vec<FeatureMoved> {
    let dated = |c: &Contribution| (c.period_end, c.known_from, c.value.map(f64::to_bits));
    let pairs = before.iter().zip(after);
    pairs
        .map(|(a, b)| FeatureMoved {
            feature: b.feature.clone(),
            before: a.value,
            after: b.value,
            renewed: dated(a) != dated(b),
            log_odds: b.log_odds - a.log_odds,
        })
        .collect()
}
