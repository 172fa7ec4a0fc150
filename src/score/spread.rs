//! One authority's probability, rank and place on the list over the resamples.

use jiff::civil::Date;

use super::interval::{AuthorityInterval, ChosenFeature, INTERVAL_PENALTY, spans};
use super::watchlist::Capacity;
use crate::data::AuthorityCode;
use crate::error::Result;
use crate::features::{FeatureMatrix, TrainingSet};
use crate::model::{RiskModel, RiskParams, probability};
use crate::resample::interval::{Interval, bias_corrected, quantile};
use crate::resample::undefined::Estimate;

/// The day's scores by one model, authorities in the order of the day's rows.
pub(super) struct Scored {
    probabilities: Vec<f64>,
    /// The same with a penalty of at most [`INTERVAL_PENALTY`].
    light: Vec<f64>,
    ranks: Vec<usize>,
    /// Which features have a part in the model.
    used: Vec<bool>,
}

/// What is fitted again, and who is scored.
pub(super) struct Scorer<'a> {
    pub(super) params: &'a RiskParams,
    pub(super) day: &'a FeatureMatrix,
}

impl Scorer<'_> {
    /// The scores of a model of the rows that were drawn.
    pub(super) fn replicate(&self, training: &TrainingSet, counts: &[u32]) -> Result<Scored> {
        let numbers = counts.iter().enumerate();
        let rows: Vec<usize> = numbers
            .flat_map(|(row, &count)| std::iter::repeat_n(row, count as usize))
            .collect();
        let drawn = training.take_rows(&rows);
        self.scored(&self.params.refit(&drawn)?, &drawn)
    }

    /// The scores of the model of these rows.
    pub(super) fn scored(&self, model: &RiskModel, training: &TrainingSet) -> Result<Scored> {
        let log_odds = model.linear_predictors(self.day)?;
        let ranks = ranks(&log_odds, self.day.rows());
        let probabilities: Vec<f64> = log_odds.into_iter().map(probability).collect();
        let light = if model.training().penalty > INTERVAL_PENALTY {
            let light = self
                .params
                .clone()
                .penalty(INTERVAL_PENALTY)
                .refit(training)?;
            let log_odds = light.linear_predictors(self.day)?;
            log_odds.into_iter().map(probability).collect()
        } else {
            probabilities.clone()
        };
        Ok(Scored {
            probabilities,
            light,
            ranks,
            used: model.columns().iter().map(|c| c.unused.is_none()).collect(),
        })
    }
}

/// The share of models in which each of these features has a part.
pub(super) fn chosen(features: Vec<String>, models: &[Scored]) -> Vec<ChosenFeature> {
    let share = |j: usize| models.iter().filter(|m| m.used[j]).count() as f64 / models.len() as f64;
    let numbered = features.into_iter().enumerate();
    numbered
        .map(|(j, feature)| ChosenFeature {
            feature,
            share: share(j),
        })
        .collect()
}

/// The place of each row from the highest log-odds, ties in the order of codes, as on a watchlist.
fn ranks(log_odds: &[f64], rows: &[(AuthorityCode, Date)]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..log_odds.len()).collect();
    order.sort_by(|&a, &b| {
        let by_score = log_odds[b].total_cmp(&log_odds[a]);
        by_score.then_with(|| rows[a].0.cmp(&rows[b].0))
    });
    let mut ranks = vec![0; order.len()];
    for (place, &row) in order.iter().enumerate() {
        ranks[row] = place + 1;
    }
    ranks
}

/// One authority over the replicates.
pub(super) struct Spread {
    original: f64,
    original_light: f64,
    probabilities: Vec<f64>,
    // Both in ascending order.
    light: Vec<f64>,
    ranks: Vec<f64>,
}

impl Spread {
    pub(super) fn new(original: &Scored, replicates: &[Scored], place: usize) -> Spread {
        let ascending = |of: &dyn Fn(&Scored) -> f64| {
            let mut values: Vec<f64> = replicates.iter().map(of).collect();
            values.sort_unstable_by(f64::total_cmp);
            values
        };
        Spread {
            original: original.probabilities[place],
            original_light: original.light[place],
            probabilities: replicates.iter().map(|r| r.probabilities[place]).collect(),
            light: ascending(&|r| r.light[place]),
            ranks: ascending(&|r| r.ranks[place] as f64),
        }
    }

    pub(super) fn interval(
        &self,
        authority: AuthorityCode,
        level: f64,
        capacity: Capacity,
    ) -> Estimate<AuthorityInterval> {
        let rank = self.rank(level)?;
        let n = self.ranks.len() as f64;
        let k = capacity.0.get();
        let inside = self.ranks.partition_point(|&rank| rank <= k as f64);
        let moved = self.probabilities.iter().map(|p| (p - self.original).abs());
        Ok(AuthorityInterval {
            authority,
            probability: self.probability(level)?,
            rank,
            top_k: inside as f64 / n,
            instability: moved.sum::<f64>() / n,
            spans_edge: spans(rank, capacity),
        })
    }

    /// Widened to the score's own probability, which a strong penalty can pull out of it.
    fn probability(&self, level: f64) -> Estimate<Interval> {
        let found = bias_corrected(&self.light, self.original_light, level)?;
        Ok(Interval {
            low: found.low.min(self.original),
            high: found.high.max(self.original),
        })
    }

    fn rank(&self, level: f64) -> Estimate<[usize; 2]> {
        let tail = (1.0 - level) / 2.0;
        let low = quantile(&self.ranks, tail)?.floor() as usize;
        let high = quantile(&self.ranks, 1.0 - tail)?.ceil() as usize;
        Ok([low, high])
    }
}
