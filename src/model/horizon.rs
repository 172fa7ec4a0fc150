//! A full judgement published within a horizon, and with the event.
//!
//! P(judged within H and with the event | known at t) = P(judged within H | known at t) times
//! P(event | judged within H, known at t). No independence is needed for that: both are learned at
//! landmarks, see [`Snapshot::landmarks`]. The first is [`Timing`], a scenario; the second a risk
//! model of the same family and recipe. Neither is the risk "if inspected now", and the two numbers
//! must not be mixed up.

use super::risk_model::{HorizonModel, RiskModel};
use super::risk_params::RiskParams;
use super::timing::{Programme, Timing};
use crate::data::{OutcomeRule, Snapshot};
use crate::error::Result;
use crate::features::{FeatureRecipe, Months, Standing};
use crate::fit::ridge::require;

/// Horizons, in months.
pub(super) const MONTHS: std::ops::RangeInclusive<u16> = 1..=120;

impl HorizonModel {
    /// Learns both parts from what was known on the snapshot's day.
    ///
    /// # Errors
    /// [`Error::InvalidValue`](crate::Error::InvalidValue) unless the horizon is 1 to 120 months;
    /// those of [`Snapshot::landmarks`] and [`RiskParams::fit`].
    pub fn fit(
        params: &RiskParams,
        known: Snapshot<'_>,
        recipe: &FeatureRecipe,
        outcome_rule: OutcomeRule,
        months: Months,
    ) -> Result<HorizonModel> {
        let possible = MONTHS.contains(&months.0);
        require("months of a horizon", months.0, possible, "1 to 120")?;
        let landmarks = known.landmarks(recipe, outcome_rule, months)?;
        Ok(HorizonModel {
            months,
            timing: Timing::learn(
                &landmarks.all,
                f64::from(months.0) / 12.0,
                known.date(),
                params.recalibration().half_life_years,
            ),
            risk: Box::new(params.fit(&landmarks.judged)?),
        })
    }

    /// The horizon.
    pub fn months(&self) -> Months {
        self.months
    }

    /// P(judged within the horizon).
    pub fn judged(&self, standing: Standing, programme: Programme) -> f64 {
        self.timing.probability(standing, programme)
    }

    /// The model of P(event | judged within the horizon).
    pub fn risk(&self) -> &RiskModel {
        &self.risk
    }
}
