//! Why a score differs from an earlier one: new figures, or a model that has learned since.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::contribution::Contribution;
use super::explain::Explanation;
use super::scores::Score;
use crate::data::{AuthorityCode, Snapshot};
use crate::error::Result;
use crate::model::RiskModel;

/// One feature's part in the change of a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FigureChange {
    /// The feature.
    pub feature: String,
    /// What it is in words.
    pub label: String,
    /// Its value on the earlier day, in its unit; `None` where missing.
    pub before: Option<f64>,
    /// Its value on the later day.
    pub after: Option<f64>,
    /// Whether another period's figure, or a revision, stands there now.
    pub renewed: bool,
    /// The end of the period of the later value.
    pub period_end: Option<Date>,
    /// The day from which the later value was known.
    pub known_from: Option<Date>,
    /// Log-odds that the present model gives to the later value, less those it gives to the
    /// earlier.
    pub log_odds: f64,
}

/// The change of one authority's score between two days.
///
/// The log-odds differ by the sum of the figures' parts, which the *present* model gives, and
/// `relearned`: how differently the present and the earlier model score the earlier figures. The
/// order (figures last) is a choice; the other order divides the same sum otherwise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The earlier day.
    pub since: Date,
    /// The probability on the earlier day, by the model of that day.
    pub probability_before: f64,
    /// The rank on the earlier day.
    pub rank_before: usize,
    /// Log-odds on the earlier day.
    pub log_odds_before: f64,
    /// Log-odds on the later day.
    pub log_odds_after: f64,
    /// The parts of the figures, in the order of the features.
    pub figures: Vec<FigureChange>,
    /// The part of what the model learned in between, in log-odds.
    pub relearned: f64,
}

impl FigureChange {
    fn new(before: &Contribution, after: &Contribution) -> FigureChange {
        let dated = |c: &Contribution| (c.period_end, c.value.map(f64::to_bits));
        FigureChange {
            feature: after.feature.clone(),
            label: after.label.clone(),
            before: before.value,
            after: after.value,
            renewed: dated(before) != dated(after),
            period_end: after.period_end,
            known_from: after.known_from,
            log_odds: after.log_odds - before.log_odds,
        }
    }
}

impl Change {
    /// From an earlier score to a present one of the same authority.
    pub(super) fn new(
        before: &Score,
        earlier: Date,
        refigured: &Explanation,
        now: &Score,
    ) -> Change {
        let pairs = refigured.contributions.iter().zip(&now.contributions);
        Change {
            since: earlier,
            probability_before: before.probability,
            rank_before: before.rank,
            log_odds_before: before.linear_predictor,
            log_odds_after: now.linear_predictor,
            figures: pairs.map(|(b, a)| FigureChange::new(b, a)).collect(),
            relearned: refigured.linear_predictor - before.linear_predictor,
        }
    }
}

impl RiskModel {
    /// What this model would have said of the figures known on a day before its training day.
    ///
    /// It knows judgements of later, so that it explains a change and never is a score of that
    /// day.
    pub(super) fn hindsight(
        &self,
        on: Snapshot<'_>,
        organisation: AuthorityCode,
    ) -> Result<Explanation> {
        let matrix = on.features_for(self.recipe(), vec![(organisation, on.date())])?;
        Ok(Explanation::new(
            self,
            Some(on),
            organisation,
            matrix.columns(),
            matrix.row(0),
        ))
    }
}
