//! How much is lost by warning earlier: the same inspections at every lead, paired.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::prediction::Prediction;
use crate::data::AuthorityCode;
use crate::error::Result;
use crate::stats::bootstrap::{Bootstrap, Clusters, percentile_interval};
use crate::stats::interval::Interval;
use crate::stats::undefined::{Estimate, or_why};
use crate::validate::measure::rank::StratifiedRanking;

/// One candidate on the inspections that could be scored at all leads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeadCurve {
    /// The model.
    pub model: String,
    /// The recipe.
    pub recipe: String,
    /// Inspections that all leads have.
    pub n: usize,
    /// Of these, with the event.
    pub events: usize,
    /// One point for each lead.
    pub points: Vec<LeadPoint>,
}

/// One lead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeadPoint {
    /// The lead.
    pub lead_months: u16,
    /// Within-year C-statistic.
    #[serde(with = "or_why")]
    pub auroc_within_year: Estimate,
    /// Its 95% interval by resampling authorities.
    #[serde(with = "or_why")]
    pub ci95: Estimate<Interval>,
    /// The first lead's less this one's.
    #[serde(with = "or_why")]
    pub lost: Estimate,
    /// Its 95% interval, on the same resamples.
    #[serde(with = "or_why")]
    pub lost_ci95: Estimate<Interval>,
}

/// The curve of every candidate that has several leads.
pub(crate) fn lead_curves(
    groups: &[Vec<Vec<Prediction>>],
    candidates: usize,
    bootstrap: Bootstrap,
) -> Result<Vec<LeadCurve>> {
    let mut recipes: Vec<&str> = Vec::new();
    for group in groups {
        let recipe = group[0][0].recipe.as_str();
        if !recipes.contains(&recipe) {
            recipes.push(recipe);
        }
    }
    let mut curves = Vec::new();
    for recipe in recipes {
        let of: Vec<_> = groups.iter().filter(|g| g[0][0].recipe == recipe).collect();
        for model in (0..candidates).filter(|_| of.len() > 1) {
            let leads: Vec<&Vec<Prediction>> = of.iter().map(|group| &group[model]).collect();
            curves.extend(curve(&leads, bootstrap)?);
        }
    }
    Ok(curves)
}

fn curve(leads: &[&Vec<Prediction>], bootstrap: Bootstrap) -> Result<Option<LeadCurve>> {
    type Inspection = (AuthorityCode, Date);
    let key = |p: &Prediction| -> Inspection { (p.organisation, p.inspection_start) };
    let sets = leads
        .iter()
        .map(|rows| rows.iter().map(key).collect::<BTreeSet<_>>());
    let Some(common) = sets.reduce(|a, b| a.intersection(&b).copied().collect()) else {
        return Ok(None);
    };
    let mut rankings = Vec::with_capacity(leads.len());
    let mut outcomes = Vec::new();
    for rows in leads {
        let mut kept: Vec<&Prediction> = rows.iter().filter(|p| common.contains(&key(p))).collect();
        kept.sort_by_key(|p| key(p));
        outcomes = kept.iter().map(|p| p.outcome).collect();
        let years: Vec<i16> = kept.iter().map(|p| p.inspection_start.year()).collect();
        rankings.push(StratifiedRanking::new(
            &super::resampled::scores(&kept),
            &outcomes,
            &years,
        )?);
    }
    let names: Vec<AuthorityCode> = common.iter().map(|(code, _)| *code).collect();
    let replicates = bootstrap.run(&Clusters::new(&names), |counts| {
        let of = |ranking: &StratifiedRanking| ranking.c_statistic_of(counts);
        rankings.iter().map(of).collect::<Vec<Estimate>>()
    });
    let interval = |of: &dyn Fn(&Vec<Estimate>) -> Estimate| {
        let values: Vec<Estimate> = replicates.iter().map(of).collect();
        percentile_interval(&values).map(|i| i.interval95)
    };
    let first = rankings[0].c_statistic();
    let point = |(place, ranking): (usize, &StratifiedRanking)| {
        let own = ranking.c_statistic();
        LeadPoint {
            lead_months: leads[place].first().map_or(0, |p| p.lead_months),
            auroc_within_year: own,
            ci95: interval(&|r| r[place]),
            lost: first.and_then(|first| Ok(first - own?)),
            lost_ci95: interval(&|r| Ok(r[0]? - r[place]?)),
        }
    };
    let head = leads[0].first();
    Ok(head.map(|head| LeadCurve {
        model: head.model.clone(),
        recipe: head.recipe.clone(),
        n: common.len(),
        events: outcomes.iter().filter(|event| **event).count(),
        points: rankings.iter().enumerate().map(point).collect(),
    }))
}
