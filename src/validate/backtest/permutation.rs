//! What chance would give the same scores: outcomes dealt out anew within each year.
//!
//! The scores stay as they are, and so does the number of events of each year; who had them is
//! drawn. With B draws of which b have at least the C-statistic found, p = (1 + b) / (1 + B)
//! (Davison and Hinkley 1997, *Bootstrap Methods and their Application*, section 4.3). It says that
//! a result is not noise, never how good it is.

use rand_xoshiro::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use super::resampled::{Frame, Kind, Resampled};
use crate::stats::bootstrap::{Bootstrap, below};
use crate::stats::interval::quantile;
use crate::stats::undefined::{Estimate, Undefined, or_why};

/// One candidate's scores beside drawn outcomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Permutation {
    /// The model.
    pub model: String,
    /// The recipe.
    pub recipe: String,
    /// The lead.
    pub lead_months: u16,
    /// Draws.
    pub draws: usize,
    /// Within-year C-statistic found.
    #[serde(with = "or_why")]
    pub auroc_within_year: Estimate,
    /// Its 95% point where outcomes are drawn.
    #[serde(with = "or_why")]
    pub chance_p95: Estimate,
    /// How probable so high a C-statistic is by chance.
    #[serde(with = "or_why")]
    pub p: Estimate,
}

/// Every candidate of every frame of all rows, since the first year.
pub(crate) fn permutations(
    resampled: &Resampled<'_>,
    candidates: usize,
    draws: Bootstrap,
) -> Vec<Permutation> {
    let mut found = Vec::new();
    for (f, frame) in resampled.frames.iter().enumerate() {
        if frame.subset != super::subset::Subset::All {
            continue;
        }
        let drawn = Drawn::new(frame, 0..candidates).draw(draws);
        for model in 0..candidates {
            let own = resampled.of(f, model, 0, Kind::WithinYear).estimate;
            let chance: Vec<f64> = drawn.iter().map(|draw| draw[model]).collect();
            let first = frame.models[model][0];
            found.push(Permutation {
                model: first.model.clone(),
                recipe: first.recipe.clone(),
                lead_months: first.lead_months,
                draws: chance.len(),
                auroc_within_year: own,
                chance_p95: p95(&chance),
                p: own.and_then(|own| exceeded(own, &chance)),
            });
        }
    }
    found
}

/// The 95% point of what chance gave.
pub(crate) fn p95(chance: &[f64]) -> Estimate {
    let mut ascending = chance.to_vec();
    ascending.sort_unstable_by(f64::total_cmp);
    quantile(&ascending, 0.95)
}

/// (1 + b) / (1 + B). `NoRows` without a draw: nothing was looked at.
pub(crate) fn exceeded(found: f64, chance: &[f64]) -> Estimate {
    if chance.is_empty() {
        return Err(Undefined::NoRows);
    }
    // Rounding must not let a draw of the same pairs pass for a lower one.
    let reached = chance.iter().filter(|c| **c >= found - 1e-12).count();
    Ok((1 + reached) as f64 / (1 + chance.len()) as f64)
}

/// Mid-ranks of several models' scores within each year, and how many events each year has.
pub(crate) struct Drawn {
    // By year: by model the mid-rank of each row, and the number of events.
    years: Vec<(Vec<Vec<f64>>, usize)>,
    pairs: f64,
}

impl Drawn {
    pub(crate) fn new(frame: &Frame<'_>, models: std::ops::Range<usize>) -> Self {
        let models: Vec<Vec<f64>> = models
            .map(|m| super::resampled::scores(&frame.models[m]))
            .collect();
        let years: Vec<i16> = frame.models[0]
            .iter()
            .map(|p| p.inspection_start.year())
            .collect();
        Drawn::of(&models, &frame.outcomes, &years)
    }

    pub(crate) fn of(models: &[Vec<f64>], outcomes: &[bool], years: &[i16]) -> Self {
        let mut strata: Vec<i16> = years.to_vec();
        strata.sort_unstable();
        strata.dedup();
        let mut pairs = 0.0;
        let of = |year: i16| {
            let rows: Vec<usize> = (0..years.len()).filter(|&r| years[r] == year).collect();
            let events = rows.iter().filter(|&&row| outcomes[row]).count();
            pairs += (events * (rows.len() - events)) as f64;
            let ranks = |scores: &Vec<f64>| {
                let of: Vec<f64> = rows.iter().map(|&row| scores[row]).collect();
                mid_ranks(&of)
            };
            (models.iter().map(ranks).collect(), events)
        };
        Drawn {
            years: strata.into_iter().map(of).collect(),
            pairs,
        }
    }

    /// The within-year C-statistic of each model, in each of so many draws.
    pub(crate) fn draw(&self, draws: Bootstrap) -> Vec<Vec<f64>> {
        if self.pairs == 0.0 {
            return Vec::new();
        }
        draws.each(|random| self.once(random))
    }

    fn once(&self, random: &mut Xoshiro256PlusPlus) -> Vec<f64> {
        let models = self.years.first().map_or(0, |(ranks, _)| ranks.len());
        let mut won = vec![0.0; models];
        for (ranks, events) in &self.years {
            let rows = ranks.first().map_or(0, Vec::len);
            let mut places: Vec<usize> = (0..rows).collect();
            // The first places of a shuffle have the events.
            for at in 0..*events {
                let other = at + below(random, (rows - at) as u64) as usize;
                places.swap(at, other);
            }
            let least = (events * (events + 1)) as f64 / 2.0;
            for (won, ranks) in won.iter_mut().zip(ranks) {
                let sum: f64 = places[..*events].iter().map(|&place| ranks[place]).sum();
                *won += sum - least;
            }
        }
        won.iter().map(|won| won / self.pairs).collect()
    }
}

/// From the lowest, 1, ties in their middle.
fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut ascending = values.to_vec();
    ascending.sort_unstable_by(f64::total_cmp);
    let rank = |v: &f64| {
        let below = ascending.partition_point(|other| other < v);
        let upto = ascending.partition_point(|other| other <= v);
        (below + upto + 1) as f64 / 2.0
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Four rows of one year, two of them events, and three of another with one event.
    const YEARS: [i16; 7] = [2020, 2021, 2020, 2021, 2020, 2021, 2020];
    const OUTCOMES: [bool; 7] = [true, false, true, true, false, false, false];

    /// Two models, the first with ties.
    fn models() -> Vec<Vec<f64>> {
        vec![
            vec![0.3, 0.1, 0.3, 0.9, 0.2, 0.9, 0.7],
            vec![0.5, 0.2, 0.1, 0.4, 0.3, 0.8, 0.6],
        ]
    }

    /// Over all pairs of one year: the pairs won, ties half, of all.
    fn c_statistic(scores: &[f64], outcomes: &[bool]) -> f64 {
        let (mut won, mut pairs) = (0.0, 0.0);
        for i in (0..7).filter(|&i| outcomes[i]) {
            for j in (0..7).filter(|&j| !outcomes[j] && YEARS[j] == YEARS[i]) {
                pairs += 1.0;
                won += match scores[i].total_cmp(&scores[j]) {
                    std::cmp::Ordering::Greater => 1.0,
                    std::cmp::Ordering::Equal => 0.5,
                    std::cmp::Ordering::Less => 0.0,
                };
            }
        }
        won / pairs
    }

    /// What both models have in each of the 6 x 3 ways to deal as many events to each year, in
    /// billionths, and how probable it is.
    fn every_deal() -> BTreeMap<Vec<i64>, f64> {
        let events = |outcomes: &[bool], year: i16| {
            let own = (0..7).filter(|&row| YEARS[row] == year);
            own.filter(|&row| outcomes[row]).count()
        };
        let mut shares = BTreeMap::new();
        for deal in 0..1u32 << 7 {
            let outcomes: Vec<bool> = (0..7).map(|row| deal >> row & 1 == 1).collect();
            if [2020, 2021].map(|year| events(&outcomes, year)) == [2, 1] {
                let found = models().iter().map(|m| c_statistic(m, &outcomes)).collect();
                *shares.entry(key(found)).or_insert(0.0) += 1.0 / 18.0;
            }
        }
        shares
    }

    fn key(statistics: Vec<f64>) -> Vec<i64> {
        statistics
            .iter()
            .map(|c| (c * 1e9).round() as i64)
            .collect()
    }

    const DRAWS: usize = 20_000;

    fn drawn() -> Vec<Vec<f64>> {
        Drawn::of(&models(), &OUTCOMES, &YEARS).draw(Bootstrap::new(DRAWS, 3))
    }

    /// Nothing but these deals is drawn, so that scores and the events of each year stay as they
    /// are; each as often as it should be, by 4.5 binomial standard errors.
    #[test]
    fn draws_are_those_of_all_deals_within_years() {
        let expected = every_deal();
        let mut counts: BTreeMap<Vec<i64>, f64> = BTreeMap::new();
        for draw in drawn() {
            *counts.entry(key(draw)).or_insert(0.0) += 1.0;
        }
        let known = |of: &BTreeMap<Vec<i64>, f64>| of.keys().cloned().collect::<Vec<_>>();
        assert_eq!(known(&counts), known(&expected));
        assert!((expected.values().sum::<f64>() - 1.0).abs() < 1e-12);
        for (deal, share) in expected {
            let found = counts[&deal] / DRAWS as f64;
            let error = (share * (1.0 - share) / DRAWS as f64).sqrt();
            assert!((found - share).abs() < 4.5 * error, "{found}, {share}");
        }
    }

    /// p is near the share of deals that reach the C-statistic found.
    #[test]
    fn p_is_the_share_of_deals_as_high() {
        let drawn = drawn();
        for (model, scores) in models().iter().enumerate() {
            let own = c_statistic(scores, &OUTCOMES);
            let reached = |(deal, share): (Vec<i64>, f64)| {
                let high = deal[model] >= key(vec![own])[0];
                if high { share } else { 0.0 }
            };
            let share: f64 = every_deal().into_iter().map(reached).sum();
            let chance: Vec<f64> = drawn.iter().map(|draw| draw[model]).collect();
            let error = (share * (1.0 - share) / DRAWS as f64).sqrt();
            let p = exceeded(own, &chance).unwrap();
            assert!((p - share).abs() < 4.5 * error, "{p}, {share}");
        }
    }

    #[test]
    fn p_counts_the_scores_found_as_one_draw_more() {
        let chance = [0.5, 0.7, 0.9, 0.4];
        // Two of four at 0.7, rounding or not; none at 0.95.
        assert_eq!(exceeded(0.7, &chance), Ok(3.0 / 5.0));
        assert_eq!(exceeded(0.7 + 1e-15, &chance), Ok(3.0 / 5.0));
        assert_eq!(exceeded(0.95, &chance), Ok(1.0 / 5.0));
        assert_eq!(exceeded(0.0, &chance), Ok(1.0));
        assert_eq!(exceeded(0.7, &[]), Err(Undefined::NoRows));
        // Type 7: between the third and the fourth, at 0.95 x 3.
        assert!((p95(&chance).unwrap() - (0.7 + 0.85 * 0.2)).abs() < 1e-12);
    }

    #[test]
    fn without_a_pair_nothing_is_drawn() {
        let none = Drawn::of(&models(), &[false; 7], &YEARS);
        assert!(none.draw(Bootstrap::new(10, 1)).is_empty());
    }
}
