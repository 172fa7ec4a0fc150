//! What a person reads in the terminal, 100 columns wide.

use forewarn::data::Panel;
use forewarn::validate::{
    Backtest, CensusLag, Difference, Estimate, Forecast, Interval, Measured, Optimism, Plan,
    Signal, Subset,
};

use crate::common::{label_cut, wrapped};

/// Everything, recipe by recipe.
pub fn backtest(result: &Backtest) {
    wrapped(
        "",
        &format!(
            "Inspections that started in {} to {}. Everything is learned again each year from what \
             was known before it. Outcome: {}. Knowledge: {}. Intervals: 95%, by resampling \
             authorities.",
            result.from,
            result.to,
            result.outcome_rule.name().replace('_', " "),
            result.knowledge,
        ),
    );
    let mut shown: Vec<(&str, u16)> = Vec::new();
    for summary in &result.summary {
        let key = (summary.recipe.as_str(), summary.lead_months);
        if !shown.contains(&key) {
            shown.push(key);
        }
    }
    let mut recipe = "";
    for (name, lead) in shown {
        if name != recipe {
            recipe = name;
            sample_size(result, name);
        }
        for subset in [Subset::All, Subset::NotAlreadyInadequate] {
            table(result, name, lead, subset);
        }
        if lead == result.lead_months[0].0 {
            for model in candidates(result) {
                meaning(result, name, lead, model);
            }
            by_year(result, name, lead);
        }
    }
    lead_times(result);
    println!("\nNot in the test:");
    for excluded in &result.excluded {
        wrapped("  ", &format!("{} {}", excluded.count, excluded.reason));
    }
}

fn table(result: &Backtest, recipe: &str, lead: u16, subset: Subset) {
    let Some(first) = result.summaries(recipe, lead, subset).next() else {
        return;
    };
    let which = match subset {
        Subset::All => "all",
        Subset::NotAlreadyInadequate => "not already Inadequate",
    };
    println!(
        "\n{recipe}, {lead} months ahead, {which}: n {}, events {}",
        first.n, first.events
    );
    println!(
        "{:<34} {:^17} {:>6} {:>6} {:>6} {:>5} {:>9} {:>9}",
        "", "C (95%)", "within", "Brier", "slope", "O:E", "top 10%", "top 20%"
    );
    for row in result.summaries(recipe, lead, subset) {
        let interval = row
            .auroc_ci95
            .map_or_else(|_| "-".to_owned(), |ci| interval(&ci));
        let capture = |at: usize| {
            let c = &row.capture[at];
            format!("{:.0} of {:.0}", c.caught, c.visits)
        };
        println!(
            "{:<34} {:>5} {interval:<11} {:>6} {:>6} {:>6} {:>5} {:>9} {:>9}",
            label_cut(&row.model, 34),
            number(row.auroc, 2),
            number(row.auroc_within_year, 2),
            number(row.brier_skill, 3),
            number(row.calibration_slope, 2),
            number(row.observed_expected, 2),
            capture(0),
            capture(1),
        );
    }
    println!(
        "Brier: skill against the training base rate (above 0 is better); top: events caught of visits."
    );
    for row in result
        .summaries(recipe, lead, subset)
        .filter(|r| !r.difference_to.is_empty())
    {
        for difference in &row.difference_to {
            wrapped(&format!("  {}: ", row.model), &verdict(difference));
        }
    }
}

/// The models under test.
fn candidates(result: &Backtest) -> Vec<&str> {
    let tested = result
        .summary
        .iter()
        .filter(|s| !s.difference_to.is_empty());
    let mut names: Vec<&str> = tested.map(|s| s.model.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Whether probabilities mean what they say, and what acting on them would be worth.
fn meaning(result: &Backtest, recipe: &str, lead: u16, model: &str) {
    let rows = result.predictions.iter();
    let (log_odds, outcomes): (Vec<f64>, Vec<bool>) = rows
        .filter(|p| p.recipe == recipe && p.lead_months == lead && p.model == model)
        .map(|p| (p.linear_predictor, p.outcome))
        .unzip();
    let Ok(forecast) = Forecast::from_log_odds(&log_odds, &outcomes) else {
        return;
    };
    let measured = |found: Estimate<Measured>| match found {
        Ok(m) => format!("{:.2} ({})", m.estimate, interval(&m.interval95)),
        Err(why) => format!("undefined, {why}"),
    };
    let ratio = match forecast.observed_expected() {
        Ok(o) => format!("{:.2} ({})", o.ratio, interval(&o.interval95)),
        Err(why) => format!("undefined, {why}"),
    };
    let curve = match forecast.flexible_curve() {
        Ok(_) => "drawn".to_owned(),
        Err(why) => format!("not drawn, {why}"),
    };
    let text = format!(
        "in the large {}, slope {}, observed to expected {ratio}, mean distance from a smooth curve \
         {}; a flexible curve is {curve}.",
        measured(forecast.calibration_in_the_large()),
        measured(forecast.calibration_line().map(|l| l.slope)),
        number(forecast.calibration_error().map(|e| e.mean), 3),
    );
    wrapped(&format!("  {model} calibration: "), &text);
    if let Ok(points) = forecast.decision_curve(&THRESHOLDS) {
        println!(
            "  {model} net benefit for each inspection, by the risk from which one would act:"
        );
        println!(
            "    {:>5} {:>8} {:>10} {:>10} {:>26}",
            "risk", model, "act on all", "on none", "visits saved for each 100"
        );
        for p in points {
            println!(
                "    {:>4.0}% {:>8.3} {:>10.3} {:>10.3} {:>26.1}",
                100.0 * p.threshold,
                p.model,
                p.treat_all,
                p.treat_none,
                p.avoided_per_100,
            );
        }
    }
}

/// Risks from which somebody might act.
const THRESHOLDS: [f64; 5] = [0.10, 0.15, 0.20, 0.25, 0.30];

/// A verdict in plain words, computed from the interval.
fn verdict(difference: &Difference) -> String {
    let rival = &difference.rival;
    let (Ok(found), Ok(ci)) = (difference.auroc_difference, difference.ci95) else {
        return format!("better than {rival}: cannot be told");
    };
    let (words, shown) = match (ci.low > 0.0, ci.high < 0.0) {
        (true, _) => ("better", "shown"),
        (_, true) => ("worse", "shown"),
        _ => ("better", "not shown"),
    };
    format!(
        "{words} than {rival}: {shown} (difference {found:.2}, 95% interval {:.2} to {:.2})",
        ci.low, ci.high
    )
}

fn by_year(result: &Backtest, recipe: &str, lead: u16) {
    let Some(model) = result.summary.first().map(|s| s.model.clone()) else {
        return;
    };
    println!(
        "\nObserved and expected events of {model}, before and after recalibration on the last years"
    );
    println!(
        "{:>6} {:>5} {:>9} {:>9} {:>6} {:>13} {:>6}",
        "year", "n", "observed", "expected", "O:E", "recalibrated", "O:E"
    );
    let ratio = |events: usize, expected: f64| format!("{:.2}", events as f64 / expected);
    let years = result.by_year.iter();
    for y in years.filter(|y| y.recipe == recipe && y.lead_months == lead && y.model == model) {
        println!(
            "{:>6} {:>5} {:>9} {:>9.1} {:>6} {:>13.1} {:>6}",
            y.year,
            y.n,
            y.events,
            y.expected,
            ratio(y.events, y.expected),
            y.expected_recalibrated,
            ratio(y.events, y.expected_recalibrated),
        );
    }
}

/// How early the warning is worth something.
fn lead_times(result: &Backtest) {
    if result.lead_months.len() < 2 {
        return;
    }
    println!(
        "\nLead time: figures and model as of so many months before the day before the inspection"
    );
    println!(
        "{:<44} {:>6} {:>5} {:>7}  C (95%)",
        "", "months", "n", "events"
    );
    let candidates = result
        .summary
        .iter()
        .filter(|r| !r.difference_to.is_empty());
    for row in candidates.filter(|r| r.subset == Subset::All) {
        println!(
            "{:<44} {:>6} {:>5} {:>7}  {} {}",
            label_cut(&format!("{}, {}", row.model, row.recipe), 44),
            row.lead_months,
            row.n,
            row.events,
            number(row.auroc, 2),
            row.auroc_ci95
                .map_or_else(|_| String::new(), |ci| interval(&ci)),
        );
    }
}

/// Riley et al.'s arithmetic for the last origin.
fn sample_size(result: &Backtest, recipe: &str) {
    // The first lead: at longer ones less was known.
    let lead = result.lead_months[0].0;
    let mut origins = result.origins.iter();
    let Some(last) = origins.rfind(|o| o.recipe == recipe && o.lead_months == lead) else {
        return;
    };
    println!("\n== {recipe} ==");
    for c in [0.65, 0.70, 0.75] {
        let plan = Plan {
            parameters: last.parameters,
            prevalence: last.events as f64 / last.inspections as f64,
            signal: Signal::CStatistic(c),
        };
        let (Ok(needed), Ok(true_signal), Ok(apparent)) = (
            plan.required_rows(),
            plan.expected_shrinkage(last.inspections),
            plan.apparent_shrinkage(last.inspections),
        ) else {
            continue;
        };
        wrapped(
            "  ",
            &format!(
                "To find a C-statistic of {c:.2} with {} features takes {} inspections (Riley et \
                 al. 2020); {} with {} events were known at the last origin, {} short; expected \
                 shrinkage {true_signal:.2}, or {apparent:.2} if {c:.2} is the apparent one.",
                last.parameters,
                needed.rows,
                last.inspections,
                last.events,
                needed.shortfall(last.inspections),
            ),
        );
    }
}

/// How much of the apparent quality is optimism.
pub fn optimism(recipe: &str, inspections: usize, found: &Optimism) {
    let failed: usize = found.failed.iter().map(|f| f.1).sum();
    wrapped(
        "  ",
        &format!(
            "{recipe}, ridge on {inspections} inspections: C-statistic {} apparent, {} corrected \
             for optimism, {} on authorities left out; calibration slope {}; {} resamples of the \
             whole pipeline, {failed} failed.",
            number(found.apparent_c, 2),
            number(found.corrected_c, 2),
            number(found.left_out_c, 2),
            number(found.corrected_slope, 2),
            found.succeeded,
        ),
    );
}

/// The audit of consequence posing as warning.
pub fn census_lags(panel: &Panel, lags: &[CensusLag]) {
    println!(
        "\nAudit, NOT prediction: C-statistic of one figure by census relative to the inspection"
    );
    println!("(0 is the last period that ended before it; +1 and +2 lie after it and cannot warn)");
    println!(
        "{:<40} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "", "-2", "-1", "0", "+1", "+2"
    );
    for lag in lags {
        let name = panel
            .catalogue()
            .get(lag.indicator)
            .map_or("", |i| i.name.as_str());
        print!("{:<40}", label_cut(name, 40));
        for cell in &lag.cells {
            print!(" {:>9}", format!("{} ({})", number(cell.auroc, 2), cell.n));
        }
        println!();
    }
}

fn number(estimate: Estimate, decimals: usize) -> String {
    estimate.map_or_else(|_| "-".to_owned(), |value| format!("{value:.decimals$}"))
}

fn interval(ci: &Interval) -> String {
    format!("{:.2} to {:.2}", ci.low, ci.high)
}
