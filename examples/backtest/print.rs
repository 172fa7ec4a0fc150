//! What a person reads in the terminal, 100 columns wide.

use forewarn::data::Panel;
use forewarn::model::RiskParams;
use forewarn::validate::{
    Backtest, CensusLag, Difference, Estimate, Forecast, Forecaster, Interval, Measured, Optimism,
    Plan, Selection, Signal, Subset, Summary, Unmeasured, Verdict, primary,
};

use crate::common::{label_cut, wrapped};

/// Everything, recipe by recipe.
pub fn backtest(result: &Backtest) {
    wrapped(
        "",
        &format!(
            "Inspections that started in {} to {}. Everything is learned again each year from what \
             was known before it. Outcome: {}. Knowledge: {}. Intervals: 95%, by resampling \
             organisations.",
            result.from,
            result.to,
            result.outcome_rule.name().replace('_', " "),
            result.knowledge,
        ),
    );
    primary_comparison(result);
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
        for subset in Subset::ALL {
            table(result, name, lead, subset);
        }
        if lead == result.lead_months[0].0 {
            for model in candidates(result) {
                meaning(result, name, lead, model);
            }
            half_lives(result, name, lead);
            by_year(result, name, lead);
        }
    }
    lead_curves(result);
    if let Some(selection) = &result.selection {
        choice(selection);
    }
    say!("\nNot in the test:");
    for excluded in &result.excluded {
        wrapped("  ", &format!("{} {}", excluded.count, excluded.reason()));
    }
}

/// The comparison that was written down before anything was run.
fn primary_comparison(result: &Backtest) {
    let Some(found) = &result.primary else {
        wrapped(
            "\nPrimary comparison: ",
            &format!(
                "not in this run, which has no lead of {} months.",
                primary::LEAD.0
            ),
        );
        return;
    };
    wrapped(
        "\nPrimary comparison: ",
        &format!(
            "C within years of {}, {} less that of the {}, {} months ahead, not already the event \
             (n {}, events {}): {} ({}); {}.",
            found.recipe,
            found.model,
            found.rival,
            found.lead_months,
            found.n,
            found.events,
            number(found.within_year_difference, 3),
            or_dash(found.ci95, 3),
            found
                .verdict
                .words(&format!("the {}", found.rival), 1, found.ci95),
        ),
    );
    wrapped(
        "",
        &format!(
            "Everything else is secondary: {} comparisons, told by intervals that hold together ({} \
             standard errors on either side).",
            result.comparisons.m,
            result
                .comparisons
                .standard_errors
                .map_or("-".to_owned(), |q| format!("{q:.2}")),
        ),
    );
}

fn table(result: &Backtest, recipe: &str, lead: u16, subset: Subset) {
    let Some(first) = result.summaries(recipe, lead, subset).next() else {
        return;
    };
    let which = match subset {
        Subset::All => "all",
        other => &other.to_string(),
    };
    say!(
        "\n{recipe}, {lead} months ahead, {which}: n {}, events {}",
        first.n,
        first.events
    );
    say!(
        "{:<34} {:^17} {:>8} {:>6} {:>5} {:^16} {:>8}",
        "",
        "C within (95%)",
        "C pooled",
        "skill",
        "slope",
        "O:E (95%)",
        "top 20%"
    );
    for row in result.summaries(recipe, lead, subset) {
        line(row, &row.model);
    }
    let later = result.summary.iter().filter(|s| {
        let same = s.recipe == recipe && s.lead_months == lead && s.subset == subset;
        same && s.since > result.from && s.is_candidate()
    });
    for row in later {
        line(
            row,
            &format!("{}, since {} (n {})", row.model, row.since, row.n),
        );
    }
    for row in result
        .summaries(recipe, lead, subset)
        .filter(|r| r.is_candidate())
    {
        verdicts(result, row);
        if subset == Subset::All {
            chance(result, row);
        }
    }
}

fn line(row: &Summary, name: &str) {
    let with = |c: Estimate, ci: Estimate<Interval>| format!("{} ({})", number(c, 2), ends(ci, 2));
    say!(
        "{:<34} {:^17} {:>8} {:>6} {:>5} {:^16} {:>8}",
        label_cut(name, 34),
        with(row.auroc_within_year, row.auroc_within_year_ci95),
        number(row.auroc, 2),
        number(row.brier_skill, 3),
        number(row.calibration_slope, 2),
        with(row.observed_expected, row.observed_expected_ci95),
        format!(
            "{:.0} of {:.0}",
            row.capture[1].caught, row.capture[1].events
        ),
    );
}

/// What can be told of the differences, results against the model in the same words as those for it.
fn verdicts(result: &Backtest, row: &Summary) {
    let range = |d: &Difference| {
        let points = d.simultaneous_ci95.map_or("-".to_owned(), |i| {
            format!("{:+.2} to {:+.2}", i.low, i.high)
        });
        format!("{} ({points})", d.rival)
    };
    let of = |verdict: Verdict| {
        let told = row.difference_to.iter().filter(|d| d.verdict == verdict);
        let told: Vec<String> = told.map(range).collect();
        match told.is_empty() {
            true => "none".to_owned(),
            false => told.join(", "),
        }
    };
    let lead = format!("  {}: ", row.model);
    wrapped(
        &lead,
        &format!(
            "simultaneously over {} comparisons better than: {}; worse than: {}; no practical \
             difference from: {}; cannot be told: {}.",
            result.comparisons.m,
            of(Verdict::Better),
            of(Verdict::Worse),
            of(Verdict::NoPracticalDifference),
            of(Verdict::CannotBeTold),
        ),
    );
}

fn chance(result: &Backtest, row: &Summary) {
    let mut all = result.permutations.iter();
    let own = all.find(|p| {
        p.model == row.model && p.recipe == row.recipe && p.lead_months == row.lead_months
    });
    if let Some(found) = own.filter(|p| p.draws > 0) {
        wrapped(
            &format!("  {}: ", row.model),
            &format!(
                "the same scores beside outcomes dealt out anew within years ({} times): 95% of cases \
                 below {}, p {}. It says that they are no noise, not how good they are.",
                found.draws,
                number(found.chance_p95, 2),
                number(found.p, 3),
            ),
        );
    }
}

/// The models under test.
fn candidates(result: &Backtest) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for summary in result.summary.iter().filter(|s| s.is_candidate()) {
        if !names.contains(&summary.model.as_str()) {
            names.push(&summary.model);
        }
    }
    names
}

/// Whether probabilities mean what they say, and what acting on them would be worth.
fn meaning(result: &Backtest, recipe: &str, lead: u16, model: &str) {
    let Ok(Some(found)) = result.meaning(recipe, lead, model) else {
        return;
    };
    let rows = result.predictions.iter();
    let (log_odds, outcomes): (Vec<f64>, Vec<bool>) = rows
        .filter(|p| p.recipe == recipe && p.lead_months == lead && p.model == model)
        .map(|p| (p.linear_predictor, p.outcome))
        .unzip();
    let Ok(forecast) = Forecast::from_log_odds(&log_odds, &outcomes) else {
        return;
    };
    let measured = |found: Estimate<Measured>| match found {
        Ok(m) => format!("{:.2} ({})", m.estimate, ends(Ok(m.interval95), 2)),
        Err(why) => format!("undefined, {why}"),
    };
    let curve = match found.curve {
        Ok(_) => "drawn".to_owned(),
        Err(why) => format!("not drawn, {why}"),
    };
    let text = format!(
        "in the large {}, slope {}, mean distance from a smooth curve {}; a flexible curve is {curve}.",
        measured(found.in_the_large),
        measured(found.slope),
        number(forecast.calibration_error().map(|e| e.mean), 3),
    );
    wrapped(&format!("  {model} calibration: "), &text);
    if let Ok(rows) = &found.unmeasured {
        own_risks(rows);
    }
    if let Ok(points) = forecast.decision_curve(&THRESHOLDS) {
        say!("  {model} net benefit for each inspection, by the risk from which one would act:");
        say!(
            "    {:>5} {:>13} {:>10} {:>10} {:>26}",
            "risk",
            model,
            "act on all",
            "on none",
            "visits saved for each 100"
        );
        for p in points {
            say!(
                "    {:>4.0}% {:>13.3} {:>10.3} {:>10.3} {:>26.1}",
                100.0 * p.threshold,
                p.model,
                p.treat_all,
                p.treat_none,
                p.avoided_per_100,
            );
        }
    }
}

/// What an average risk leaves open of each authority's own.
fn own_risks(rows: &[Unmeasured]) {
    let of = |u: &Unmeasured| {
        let (low, high) = (100.0 * u.own_risk.low, 100.0 * u.own_risk.high);
        format!("{low:.0} to {high:.0}% at SD {}", u.sd)
    };
    let average = rows.first().map_or(0.0, |u| 100.0 * u.average);
    let ranges: Vec<String> = rows.iter().map(of).collect();
    wrapped(
        "  Not measured: ",
        &format!(
            "the highest fifth has an average risk of {average:.0}%. How far organisations with the \
             same figures differ cannot be learned from one to three judgements of each; the own \
             risk of 95 in 100 of them would be {}.",
            ranges.join(", ")
        ),
    );
}

/// Risks from which somebody might act.
const THRESHOLDS: [f64; 5] = [0.10, 0.15, 0.20, 0.25, 0.30];

/// Every half-life side by side: the best of them is never picked.
fn half_lives(result: &Backtest, recipe: &str, lead: u16) {
    say!(
        "\nCalibration in time: the data cannot choose a half-life; 3 years were fixed beforehand"
    );
    say!(
        "{:<22} {:>6} {:>12} {:>6} {:>9} {:>8}",
        "",
        "since",
        "half-life",
        "O:E",
        "log-loss",
        "Brier"
    );
    let same = |h: &&forewarn::validate::HalfLife| {
        let all_or_later = h.since == result.from || h.since == 2018;
        h.recipe == recipe && h.lead_months == lead && all_or_later
    };
    for row in result.half_lives.iter().filter(same) {
        let name = match (row.calibrated, row.half_life_years) {
            (false, _) => "uncalibrated".to_owned(),
            (true, Some(years)) => format!("{years} years"),
            (true, None) => "all years".to_owned(),
        };
        say!(
            "{:<22} {:>6} {name:>12} {:>6} {:>9} {:>8}",
            label_cut(&row.model, 22),
            row.since,
            number(row.observed_expected, 2),
            number(row.log_loss, 4),
            number(row.brier, 4),
        );
    }
}

fn by_year(result: &Backtest, recipe: &str, lead: u16) {
    let Some(model) = result.summary.first().map(|s| s.model.clone()) else {
        return;
    };
    say!("\nObserved and expected events of {model}, before and after calibration in time");
    say!(
        "{:>6} {:>5} {:>9} {:>13} {:>6} {:>11} {:>6}",
        "year",
        "n",
        "observed",
        "uncalibrated",
        "O:E",
        "calibrated",
        "O:E"
    );
    let ratio = |events: usize, expected: f64| format!("{:.2}", events as f64 / expected);
    let years = result.by_year.iter();
    for y in years.filter(|y| y.recipe == recipe && y.lead_months == lead && y.model == model) {
        say!(
            "{:>6} {:>5} {:>9} {:>13.1} {:>6} {:>11.1} {:>6}",
            y.year,
            y.n,
            y.events,
            y.expected_uncalibrated,
            ratio(y.events, y.expected_uncalibrated),
            y.expected,
            ratio(y.events, y.expected),
        );
    }
}

/// How early the warning is worth something, on the same inspections.
fn lead_curves(result: &Backtest) {
    for curve in &result.lead_curves {
        say!(
            "\nLead time: {}, {}, on the {} inspections ({} events) that all leads have",
            curve.recipe,
            curve.model,
            curve.n,
            curve.events
        );
        say!(
            "{:>8} {:>24} {:>34}",
            "months",
            "C within (95%)",
            "lost against the first lead (95%)"
        );
        for point in &curve.points {
            say!(
                "{:>8} {:>24} {:>34}",
                point.lead_months,
                format!(
                    "{} ({})",
                    number(point.auroc_within_year, 2),
                    ends(point.ci95, 2)
                ),
                format!("{} ({})", number(point.lost, 2), ends(point.lost_ci95, 2)),
            );
        }
    }
}

/// What choosing among the candidates is worth, and whom the rule chooses.
fn choice(found: &Selection) {
    say!(
        "\nChoice among {} candidates, {} months ahead, on the {} inspections ({} events) that all have",
        found.candidates.len(),
        found.lead_months,
        found.n,
        found.events
    );
    say!(
        "{:<44} {:>9} {:>42}",
        "",
        "C within",
        "less the simplest, primary rows (together)"
    );
    for candidate in &found.candidates {
        let name = format!("{}, {}", candidate.recipe, candidate.model);
        let against = match candidate.against_simplest {
            Ok(_) => format!(
                "{} ({})",
                number(candidate.against_simplest, 3),
                or_dash(candidate.against_simplest_ci95, 3)
            ),
            Err(_) => "no candidate for the default".to_owned(),
        };
        say!(
            "{:<44} {:>9} {against:>42}",
            label_cut(&name, 44),
            number(candidate.auroc_within_year, 3)
        );
    }
    let best = &found.candidates[found.best];
    wrapped(
        "  ",
        &format!(
            "The highest is {}, {}. Choosing the highest gives {} ({}) on organisations that were not \
             drawn; by chance the highest of these scores reaches {} in 5% of cases, p {}. Neither can \
             see what was tried elsewhere.",
            best.recipe,
            best.model,
            number(found.corrected, 2),
            or_dash(found.corrected_ci95, 2),
            number(found.chance_p95, 2),
            number(found.p, 3),
        ),
    );
    wrapped("  Rule: ", primary::RULE);
    if let Some(default) = found.default.and_then(|place| found.candidates.get(place)) {
        say!("  It chooses {}, {}.", default.recipe, default.model);
    }
}

/// Blocks of figures among which the recipes were found, outside of any run.
const BLOCKS_TRIED: usize = 29;

/// Riley et al.'s arithmetic for the last origin.
fn sample_size(result: &Backtest, recipe: &str) {
    // The first lead: at longer ones less was known.
    let lead = result.lead_months[0].0;
    let mut origins = result.origins.iter();
    let Some(last) = origins.rfind(|o| o.recipe == recipe && o.lead_months == lead) else {
        return;
    };
    say!("\n== {recipe} ==");
    let plan = |parameters: usize, c: f64| Plan {
        parameters,
        prevalence: last.events as f64 / last.inspections as f64,
        signal: Signal::CStatistic(c),
    };
    for c in [0.65, 0.70, 0.75] {
        let own = plan(last.parameters, c);
        let (Ok(needed), Ok(shrinkage), Ok(tried)) = (
            own.required_rows(),
            own.expected_shrinkage(last.inspections),
            plan(BLOCKS_TRIED, c).required_rows(),
        ) else {
            continue;
        };
        wrapped(
            "  ",
            &format!(
                "To find a C-statistic of {c:.2} with {} weights takes {} inspections, among the \
                 {BLOCKS_TRIED} blocks of figures that were tried {} (Riley et al. 2020); {} with {} \
                 events were known at the last origin; expected shrinkage {shrinkage:.2}.",
                last.parameters, needed.rows, tried.rows, last.inspections, last.events,
            ),
        );
    }
}

/// How much of the apparent quality is optimism.
pub fn optimism(recipe: &str, model: &RiskParams, inspections: usize, found: &Optimism) {
    let failed: usize = found.failed.iter().map(|f| f.count).sum();
    wrapped(
        "  ",
        &format!(
            "{recipe}, {} on {inspections} inspections: C-statistic {} apparent, {} corrected for \
             optimism, {} on organisations left out; calibration slope corrected for optimism {}; {} \
             resamples of the whole pipeline, {failed} failed.",
            Forecaster::name(model),
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
    say!(
        "\nAudit, NOT prediction: C-statistic (95%) of one figure by census relative to the inspection"
    );
    say!("(0 is the last period that ended before it; +1 and +2 lie after it and cannot warn)");
    print!("{:<28} {:>4}", "", "n");
    for lag in forewarn::validate::LAGS {
        print!(" {lag:>12}");
    }
    say!();
    for lag in lags {
        let name = panel
            .catalogue()
            .get(lag.indicator)
            .map_or("", |i| i.name.as_str());
        let n = lag.cells.first().map_or(0, |cell| cell.n);
        print!("{:<28} {n:>4}", label_cut(name, 28));
        for cell in &lag.cells {
            let ci = cell.ci95.map_or_else(
                |_| String::new(),
                |i| format!(" {:.2}-{:.2}", i.low, i.high).replace("0.", "."),
            );
            print!(
                " {:>12}",
                format!("{}{ci}", number(cell.auroc, 2).replace("0.", "."))
            );
        }
        say!();
    }
}

pub fn number(estimate: Estimate, decimals: usize) -> String {
    estimate.map_or_else(|_| "-".to_owned(), |value| format!("{value:.decimals$}"))
}

fn or_dash(ci: Estimate<Interval>, decimals: usize) -> String {
    ci.map_or("-".to_owned(), |i| {
        format!("{:.decimals$} to {:.decimals$}", i.low, i.high)
    })
}

/// From what to what, in few characters.
fn ends(ci: Estimate<Interval>, decimals: usize) -> String {
    ci.map_or("-".to_owned(), |i| {
        format!("{:.decimals$}-{:.decimals$}", i.low, i.high)
    })
}
