//! The same model on past inspections: what may be claimed for the list, in one sentence, and how
//! far up the scale its scores have been tested.

use forewarn::data::Panel;
use forewarn::features::Months;
use forewarn::model::{RiskModel, TestedScore};
use forewarn::validate::{
    Backtest, BacktestParams, Baseline, Estimate, Interval, Subset, Summary, Verdict,
};

use crate::args::Args;

/// Years tested before the as-of day.
pub const YEARS: i16 = 8;
/// Resamples behind the sentence; the example `backtest` draws 2,000.
const REPLICATES: usize = 200;
/// Ahead, in months.
const LEADS: [u16; 2] = [0, 12];

/// What a back-test of the model says.
pub struct Tested {
    pub scores: Vec<TestedScore>,
    pub sentence: String,
}

/// Tests the model on the years before the as-of day, with nothing published after it.
pub fn backtest(args: &Args, panel: &Panel, model: &RiskModel) -> forewarn::Result<Tested> {
    let as_of = args.as_of();
    let last = as_of.year() - 1;
    let params = model.params();
    let backtest = BacktestParams {
        years: (last - YEARS + 1, last),
        leads: LEADS.map(Months).to_vec(),
        knowledge: model.knowledge(),
        outcome_rule: model.outcome_rule(),
        replicates: REPLICATES,
        seed: args.seed,
        permutations: 0,
        recalibration: params.recalibration(),
        ..BacktestParams::new(vec![model.recipe().clone()], vec![&params])
    };
    match backtest.run(&panel.known_by(as_of), &|_, _| {}) {
        Ok(result) => Ok(Tested {
            scores: result.tested_scores(model.recipe().name(), 0, model.family().name()),
            sentence: sentence(&result, model.recipe().name()),
        }),
        Err(forewarn::Error::NothingToTrainOn { .. }) => Ok(Tested {
            scores: Vec::new(),
            sentence: "Not tested: no past inspection could be scored.".to_owned(),
        }),
        Err(other) => Err(other),
    }
}

fn sentence(result: &Backtest, recipe: &str) -> String {
    let first = |lead| result.summaries(recipe, lead, Subset::All).next();
    let (Some(now), Some(ahead)) = (first(LEADS[0]), first(LEADS[1])) else {
        return "Not tested on the day and a year ahead: too few past inspections.".to_owned();
    };
    format!(
        "Tested on {} inspections of {} to {} ({} with the event): of two inspections of one year, \
         one with the event and one without, it put the right one first in {} on the day \
         and in {} a year ahead, where chance is 50%; {}; {}.",
        now.n,
        result.from,
        result.to,
        now.events,
        share(now),
        share(ahead),
        against(now, result, "on the day"),
        against(ahead, result, "a year ahead"),
    )
}

fn share(summary: &Summary) -> String {
    let percent = |v: f64| format!("{:.0}%", 100.0 * v);
    match (summary.auroc_within_year, summary.auroc_within_year_ci95) {
        (Ok(c), Ok(ci)) => {
            let (low, high) = (percent(ci.low), percent(ci.high));
            format!("{} of cases (95%: {low} to {high})", percent(c))
        }
        (Ok(c), Err(_)) => format!("{} of cases", percent(c)),
        (Err(why), _) => format!("an unknown share of cases ({why})"),
    }
}

/// The comparison with the previous grade, in words that change sides when the numbers do.
fn against(summary: &Summary, result: &Backtest, when: &str) -> String {
    let rival = Baseline::PreviousGrade.words();
    let mut differences = summary.difference_to.iter();
    let Some(found) = differences.find(|d| d.rival == rival) else {
        return format!("not compared with the {rival} {when}");
    };
    let points = |ci: Estimate<Interval>| match ci {
        Ok(ci) => format!("{:+.0} to {:+.0} points", 100.0 * ci.low, 100.0 * ci.high),
        Err(why) => why.to_string(),
    };
    let range = points(found.simultaneous_ci95);
    let together = format!("over {} comparisons", result.comparisons.m);
    match found.verdict {
        Verdict::Better => format!("better than the {rival} {when} ({range}, {together})"),
        Verdict::Worse => format!("WORSE than the {rival} {when} ({range}, {together})"),
        Verdict::NoPracticalDifference => {
            format!("no practical difference from the {rival} {when} ({range}, {together})")
        }
        Verdict::CannotBeTold => {
            format!("whether better than the {rival} {when} cannot be told ({range}, {together})")
        }
    }
}
