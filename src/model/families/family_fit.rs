//! Each family's fit at each penalty.

use ndarray::ArrayView2;

use super::sample::{Fitted, Sample};
use crate::error::{Error, Result};
use crate::fit::InterceptCorrection;
use crate::fit::logistic::log_loss;
use crate::fit::path::{Draws, Fit, logit_path};
use crate::model::family::Family;
use crate::model::linear::Linear;

impl Sample<'_> {
    /// One fit for each penalty; a family without one is fitted once.
    pub(in crate::model) fn fit(&self, family: Family, penalties: &[f64]) -> Result<Vec<Fitted>> {
        match family {
            Family::Ridge => self.ridge(penalties),
            Family::Firth => self.firth(InterceptCorrection::None),
            Family::Flic => self.firth(InterceptCorrection::Flic),
            Family::Flac => self.firth(InterceptCorrection::Flac),
            Family::Ordinal => self.ordinal(penalties),
            Family::Pooled => self.pooled(penalties),
            Family::Composite => self.composite(),
            Family::TowardsEqual => self.towards_equal(penalties),
            Family::Constrained => self.constrained(penalties),
            Family::Carried => self.carried(penalties),
            Family::Average => Err(Error::InvalidValue {
                what: "models to average",
                found: Family::Average.name().to_owned(),
                expected: "other families".to_owned(),
            }),
        }
    }

    pub(super) fn path<'b>(
        &'b self,
        x: ArrayView2<'b, f64>,
        pulls: &'b [Draws],
    ) -> Result<Vec<Fit>> {
        logit_path(x, &self.events, &self.counts, &self.clusters, pulls)
    }

    pub(super) fn fitted(&self, linear: Linear, held_out: Vec<f64>) -> Fitted {
        let losses = held_out.iter().zip(&self.events).zip(&self.counts);
        Fitted {
            loss: losses
                .map(|((&eta, &event), count)| count * log_loss(eta, event))
                .sum(),
            linear: linear.first(self.width),
            held_out,
        }
    }
}
