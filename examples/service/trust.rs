//! How far to trust the scores: a back-test beside trivial rivals.

use std::error::Error;

use forewarn::data::{OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::RiskParams;
use forewarn::validate::{Backtest, BacktestParams, Estimate, Interval, Subset, Summary, leakage};

const LEADS: [u16; 2] = [0, 12];
const RIVAL: &str = "previous grade";

pub fn trust(
    panel: &Panel,
    recipe: &FeatureRecipe,
    rule: OutcomeRule,
    as_of: Date,
    self_test: usize,
) -> Result<(), Box<dyn Error>> {
    let model = RiskParams::of(panel.service().default_family().parse()?);
    let params = BacktestParams {
        years: (as_of.year() - 6, as_of.year()),
        leads: LEADS.map(Months).to_vec(),
        outcome_rule: rule,
        replicates: 1000,
        ..BacktestParams::new(vec![recipe.clone()], vec![&model])
    };
    let known = panel.known_by(as_of);
    let result = params.run(&known, &|_, _| {})?;
    say!("\nOf two inspections of one year, the one with the event first (chance 50%):");
    for lead in LEADS {
        for subset in Subset::ALL {
            table(&result, recipe.name(), lead, subset);
        }
    }
    calibration(&result, recipe.name(), rule);
    if self_test > 0 {
        shuffled(&params, panel, as_of, self_test)?;
    }
    Ok(())
}

fn table(result: &Backtest, recipe: &str, lead: u16, subset: Subset) {
    let rows: Vec<&Summary> = result.summaries(recipe, lead, subset).collect();
    let Some(first) = rows.first() else { return };
    let ahead = match lead {
        0 => "on the day".to_owned(),
        months => format!("{months} months ahead"),
    };
    say!(
        "{subset}, {ahead}: {} of {} with the event",
        first.events,
        first.n
    );
    for row in &rows {
        let c = shown(row.auroc_within_year, row.auroc_within_year_ci95);
        say!("  {:<36} {c}", row.model);
    }
    let mut less = first.difference_to.iter();
    if let Some(less) = less.find(|difference| difference.rival == RIVAL) {
        let gain = shown(less.within_year_difference, less.within_year_ci95);
        say!("  {} less {RIVAL}: {gain}", first.model);
    }
}

fn calibration(result: &Backtest, recipe: &str, rule: OutcomeRule) {
    if let Some(why) = rule.no_probability() {
        say!("No probability is given: {why}.");
        return;
    }
    let Some(of) = result.summaries(recipe, 0, Subset::All).next() else {
        return;
    };
    let skill = shown(of.brier_skill, of.brier_skill_ci95);
    let ratio = shown(of.observed_expected, of.observed_expected_ci95);
    say!("Calibration of {}, on the day:", of.model);
    say!("  Brier skill over the base rate {skill} (best 1, 0 is none)");
    say!("  slope {} (best 1)", number(of.calibration_slope));
    say!("  observed over expected {ratio} (best 1)");
}

/// On outcomes dealt out anew nothing can be found: 50%.
fn shuffled(
    params: &BacktestParams<'_>,
    panel: &Panel,
    as_of: Date,
    times: usize,
) -> Result<(), Box<dyn Error>> {
    let mut found = Vec::with_capacity(times);
    for seed in 1..=times as u64 {
        let dealt = leakage::with_shuffled_labels(panel, seed).known_by(as_of);
        let params = BacktestParams {
            years: params.years,
            replicates: 40,
            outcome_rule: params.outcome_rule,
            ..BacktestParams::new(params.recipes.clone(), params.candidates.clone())
        };
        let result = params.run(&dealt, &|_, _| {})?;
        let recipe = params.recipes[0].name();
        let first = result.summaries(recipe, 0, Subset::All).next();
        found.extend(first.and_then(|of| of.auroc_within_year.ok()));
    }
    let mean = found.iter().sum::<f64>() / found.len() as f64;
    say!(
        "Outcomes dealt out anew, {} times: {mean:.3} on average",
        found.len()
    );
    Ok(())
}

fn number(value: Estimate) -> String {
    value.map_or_else(|why| why.to_string(), |value| format!("{value:.3}"))
}

fn shown(value: Estimate, interval: Estimate<Interval>) -> String {
    match (value, interval) {
        (Ok(value), Ok(i)) => format!("{value:.3} (95%: {:.3} to {:.3})", i.low, i.high),
        _ => number(value),
    }
}
