//! What choosing the best of a run is worth.
//!
//! In every resample of authorities the candidate with the highest within-year C-statistic among
//! those drawn is taken and measured on those that were not: the mean is what such a choice gives,
//! where the best of a table flatters (bootstrap bias-corrected choice: Tsamardinos, Greasidou and
//! Borboudakis 2018, *Machine Learning* 107:1895-1922). Beside it stands the highest C-statistic of
//! the same scores where outcomes are dealt out anew within years. Neither can see what was tried
//! elsewhere.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::compare::{around, simultaneous};
use super::permutation::{Drawn, exceeded, p95};
use super::prediction::Prediction;
use super::primary;
use super::primary::{CANDIDATES, choose};
use super::resampled::{Sampled, Studentised, estimates};
use crate::data::AuthorityCode;
use crate::error::Result;
use crate::stats::bootstrap::{Bootstrap, Clusters};
use crate::stats::interval::{Interval, quantile};
use crate::stats::undefined::{Estimate, Undefined, or_why};
use crate::validate::measure::influence::{Rows, WithinYear};
use crate::validate::measure::rank::StratifiedRanking;

/// A choice among the candidates of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// The lead.
    pub lead_months: u16,
    /// Inspections that all candidates scored.
    pub n: usize,
    /// Of these, with the event.
    pub events: usize,
    /// Every candidate.
    pub candidates: Vec<CandidateResult>,
    /// The place of the one with the highest within-year C-statistic.
    pub best: usize,
    /// What choosing the highest gives on authorities that were not drawn.
    #[serde(with = "or_why")]
    pub corrected: Estimate,
    /// Between the 2.5% and the 97.5% point of it over resamples.
    #[serde(with = "or_why")]
    pub corrected_ci95: Estimate<Interval>,
    /// The 95% point of the highest C-statistic of these scores by chance.
    #[serde(with = "or_why")]
    pub chance_p95: Estimate,
    /// How probable so high a highest C-statistic is by chance.
    #[serde(with = "or_why")]
    pub p: Estimate,
    /// The place of the default by the rule of [`primary`], among those of its candidates that are
    /// in the run, on the rows of the primary comparison; `None` where the run does not hold its
    /// lead, or fewer than two of them.
    pub default: Option<usize>,
}

/// One candidate of a choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateResult {
    /// The recipe.
    pub recipe: String,
    /// The model.
    pub model: String,
    /// Within-year C-statistic on the rows that all candidates have.
    #[serde(with = "or_why")]
    pub auroc_within_year: Estimate,
    /// Its difference from the simplest candidate in the run on the rows of the primary comparison,
    /// with an interval that is simultaneous over all pairs of the rule's candidates.
    #[serde(with = "or_why")]
    pub against_simplest: Estimate,
    /// That interval.
    #[serde(with = "or_why")]
    pub against_simplest_ci95: Estimate<Interval>,
}

/// The scores of several candidates on the inspections that all of them have.
struct Common<'a> {
    names: Vec<(&'a str, &'a str)>,
    rankings: Vec<StratifiedRanking>,
    scores: Vec<Vec<f64>>,
    outcomes: Vec<bool>,
    years: Vec<i16>,
    authorities: Vec<AuthorityCode>,
}

/// What choosing is worth, at the first lead; `None` with fewer than two candidates.
pub(crate) fn select(
    groups: &[Vec<Vec<Prediction>>],
    candidates: usize,
    bootstrap: Bootstrap,
    permutations: Bootstrap,
) -> Result<Option<Selection>> {
    let Some(lead) = groups.first().map(|group| group[0][0].lead_months) else {
        return Ok(None);
    };
    let all = Common::new(groups, candidates, lead, |_| true)?;
    let Some(all) = all.filter(|all| all.names.len() > 1) else {
        return Ok(None);
    };
    let warned = |p: &Prediction| !p.already_inadequate;
    let primary = Common::new(groups, candidates, primary::LEAD.0, warned)?;
    let rule = primary.as_ref().map(|rows| Rule::new(rows, bootstrap));
    let own: Vec<Estimate> = all
        .rankings
        .iter()
        .map(StratifiedRanking::c_statistic)
        .collect();
    let best = highest(
        &own.iter()
            .map(|c| c.unwrap_or(f64::NAN))
            .collect::<Vec<_>>(),
    );
    let corrected = corrected(&all, bootstrap);
    let chance: Vec<f64> = Drawn::of(&all.scores, &all.outcomes, &all.years)
        .draw(permutations)
        .iter()
        .map(|draw| draw.iter().copied().fold(f64::MIN, f64::max))
        .collect();
    let result = |(place, &(recipe, model)): (usize, &(&str, &str))| {
        let difference = rule
            .as_ref()
            .and_then(|r| r.against_simplest(recipe, model));
        let none = Err(Undefined::NoRows);
        CandidateResult {
            recipe: recipe.to_owned(),
            model: model.to_owned(),
            auroc_within_year: own[place],
            against_simplest: difference.as_ref().map_or(none, |d| d.0),
            against_simplest_ci95: difference.map_or(Err(Undefined::NoRows), |d| d.1),
        }
    };
    let default = rule.as_ref().and_then(Rule::default);
    Ok(Some(Selection {
        lead_months: lead,
        n: all.outcomes.len(),
        events: all.outcomes.iter().filter(|event| **event).count(),
        candidates: all.names.iter().enumerate().map(result).collect(),
        best,
        corrected: corrected.0,
        corrected_ci95: corrected.1,
        chance_p95: p95(&chance),
        p: own[best].and_then(|own| exceeded(own, &chance)),
        default: default.and_then(|name| all.names.iter().position(|n| *n == name)),
    }))
}

impl<'a> Common<'a> {
    fn new(
        groups: &'a [Vec<Vec<Prediction>>],
        candidates: usize,
        lead: u16,
        keep: impl Fn(&Prediction) -> bool,
    ) -> Result<Option<Self>> {
        type Inspection = (AuthorityCode, Date);
        let key = |p: &Prediction| -> Inspection { (p.organisation, p.inspection_start) };
        let of_lead = groups
            .iter()
            .filter(|group| group[0][0].lead_months == lead);
        let models: Vec<&Vec<Prediction>> =
            of_lead.flat_map(|group| &group[..candidates]).collect();
        let sets = models.iter().map(|rows| {
            let kept = rows.iter().filter(|p| keep(p));
            kept.map(key).collect::<BTreeSet<_>>()
        });
        let Some(common) = sets.reduce(|a, b| a.intersection(&b).copied().collect()) else {
            return Ok(None);
        };
        let mut rows: Vec<Vec<&Prediction>> = Vec::with_capacity(models.len());
        for model in &models {
            let mut own: Vec<&Prediction> =
                model.iter().filter(|p| common.contains(&key(p))).collect();
            own.sort_by_key(|p| key(p));
            rows.push(own);
        }
        let Some(first) = rows.first().filter(|rows| !rows.is_empty()) else {
            return Ok(None);
        };
        let outcomes: Vec<bool> = first.iter().map(|p| p.outcome).collect();
        let years: Vec<i16> = first.iter().map(|p| p.inspection_start.year()).collect();
        let scores: Vec<Vec<f64>> = rows.iter().map(|r| super::resampled::scores(r)).collect();
        Ok(Some(Common {
            names: rows
                .iter()
                .map(|r| (r[0].recipe.as_str(), r[0].model.as_str()))
                .collect(),
            rankings: scores
                .iter()
                .map(|scores| StratifiedRanking::new(scores, &outcomes, &years))
                .collect::<Result<_>>()?,
            authorities: first.iter().map(|p| p.organisation).collect(),
            scores,
            outcomes,
            years,
        }))
    }

    /// Of the rows themselves and then of every resample: for each of some candidates and each
    /// before it, the difference of their C-statistics and its standard error.
    fn differences(&self, places: &[usize], bootstrap: Bootstrap) -> Vec<Vec<(f64, f64)>> {
        let clusters = Clusters::new(&self.authorities);
        let rows = Rows {
            authorities: clusters.of_rows(),
            outcomes: &self.outcomes,
        };
        let every: Vec<usize> = (0..self.outcomes.len()).collect();
        let one = |drawn: &[u32]| {
            let of = |&place: &usize| {
                WithinYear::of(&self.rankings[place], &rows, drawn, &[&every]).remove(0)
            };
            let found: Vec<WithinYear> = places.iter().map(of).collect();
            let pairs = found.iter().enumerate().flat_map(|(later, own)| {
                found[..later].iter().map(move |other| {
                    let error = own.error_of_difference(other, drawn);
                    (own.c_statistic - other.c_statistic, error)
                })
            });
            pairs.collect()
        };
        let own = one(&vec![1; clusters.count()]);
        std::iter::once(own)
            .chain(bootstrap.run_clusters(clusters.count(), one))
            .collect()
    }

    fn c_statistics(&self, counts: &[u32]) -> Vec<f64> {
        let c = |r: &StratifiedRanking| r.c_statistic_of(counts).unwrap_or(f64::NAN);
        self.rankings.iter().map(c).collect()
    }
}

/// The first of the highest values; NaN is the lowest.
fn highest(values: &[f64]) -> usize {
    (0..values.len()).fold(0, |best, place| {
        if values[place] > values[best] || values[best].is_nan() {
            place
        } else {
            best
        }
    })
}

fn corrected(all: &Common<'_>, bootstrap: Bootstrap) -> (Estimate, Estimate<Interval>) {
    let left_out = bootstrap.run(&Clusters::new(&all.authorities), |counts| {
        let best = highest(&all.c_statistics(counts));
        let others: Vec<u32> = counts.iter().map(|&count| u32::from(count == 0)).collect();
        all.rankings[best].c_statistic_of(&others).ok()
    });
    let mut found: Vec<f64> = left_out.into_iter().flatten().collect();
    found.sort_unstable_by(f64::total_cmp);
    if found.is_empty() {
        return (Err(Undefined::OneClass), Err(Undefined::OneClass));
    }
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    let ends = || {
        Ok(Interval {
            low: quantile(&found, 0.025)?,
            high: quantile(&found, 0.975)?,
        })
    };
    (Ok(mean), ends())
}

/// The rule of [`primary`], on the candidates of it that are in the run.
struct Rule<'a> {
    // In order of simplicity.
    names: Vec<(&'a str, &'a str)>,
    // Of each, the differences from all before it.
    less: Vec<Vec<Studentised>>,
    standard_errors: Estimate,
}

impl<'a> Rule<'a> {
    fn new(rows: &Common<'a>, bootstrap: Bootstrap) -> Self {
        let known = CANDIDATES.iter().filter_map(|c| {
            let name = (c.recipe, c.family);
            rows.names.iter().position(|known| *known == name)
        });
        let places: Vec<usize> = known.collect();
        let drawn = rows.differences(&places, bootstrap);
        let of = |later: usize, earlier: usize| {
            let pair = later * (later.max(1) - 1) / 2 + earlier;
            let (value, error) = drawn[0][pair];
            let resamples = || drawn[1..].iter().map(|draw| draw[pair]);
            Studentised {
                difference: Sampled {
                    estimate: estimates(&[value])[0],
                    replicates: resamples().map(|d| d.0).collect(),
                },
                error,
                errors: resamples().map(|d| d.1).collect(),
            }
        };
        let less: Vec<Vec<Studentised>> = (0..places.len())
            .map(|later| (0..later).map(|earlier| of(later, earlier)).collect())
            .collect();
        Rule {
            names: places.iter().map(|&place| rows.names[place]).collect(),
            standard_errors: simultaneous(&less.iter().flatten().collect::<Vec<_>>()),
            less,
        }
    }

    fn difference(&self, a: usize, b: usize) -> (Estimate, Estimate<Interval>) {
        let found = &self.less[a][b];
        let interval = self
            .standard_errors
            .and_then(|errors| around(found, errors));
        (found.difference.estimate, interval)
    }

    fn against_simplest(
        &self,
        recipe: &str,
        model: &str,
    ) -> Option<(Estimate, Estimate<Interval>)> {
        let at = self
            .names
            .iter()
            .position(|name| *name == (recipe, model))?;
        Some(match at {
            0 => (
                Ok(0.0),
                Ok(Interval {
                    low: 0.0,
                    high: 0.0,
                }),
            ),
            at => self.difference(at, 0),
        })
    }

    fn default(&self) -> Option<(&'a str, &'a str)> {
        if self.names.len() < 2 {
            return None;
        }
        let chosen = choose(self.names.len(), |a, b| self.difference(a, b).1.ok());
        Some(self.names[chosen])
    }
}
