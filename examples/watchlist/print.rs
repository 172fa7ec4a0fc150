//! What a person reads in the terminal, 100 columns wide.

use forewarn::data::{Grade, Panel};
use forewarn::model::RiskModel;
use forewarn::score::{Capacity, Contribution, Score, Scores, day};
use forewarn::validate::Interval;

use crate::common::{label_cut, wrapped};
use crate::intervals::HowSure;

/// What the score may not be used for, under every result.
const PROPER_USE: &str = "\
Proper use: to decide where to look first, together with people who know the authority. A score is
no judgement and no ranking for the public; reasons are associations, not causes; most authorities
on a list like this will not be judged Inadequate, and some that are will not be on it. An authority
that is not scored is unknown, not safe.";

/// What the model was fitted to.
pub fn model(model: &RiskModel) {
    let t = model.training();
    let penalty = match (t.penalty > 0.0, t.penalty_chosen) {
        (false, _) => String::new(),
        (_, true) => format!(
            ", penalty {} chosen by cross-validation over authorities",
            t.penalty
        ),
        (_, false) => format!(", penalty {}", t.penalty),
    };
    let trained = format!(
        "Trained on {} inspections, {} with the outcome (base rate {:.1}%), started from {} and \
         published before {}. Outcome: {}. Recipe: {}. Knowledge: {}.",
        t.inspections,
        t.events,
        100.0 * t.base_rate,
        day(t.first_start),
        day(t.date),
        model.outcome_rule().name().replace('_', " "),
        model.recipe().name(),
        model.knowledge(),
    );
    wrapped("", &trained);
    let fit = model.fit_report();
    let members: Vec<&str> = t.members.iter().map(|m| m.name()).collect();
    let members = match members.is_empty() {
        true => String::new(),
        false => format!(" of {}", members.join(", ")),
    };
    let fitted = format!(
        "Model: {}{members}{penalty}; {:.1} events for each feature; gradient {:.0e}.",
        model.family().name(),
        fit.events_per_parameter,
        fit.gradient_norm,
    );
    wrapped("", &fitted);
    if let Some(r) = t.recalibration {
        let moved = format!(
            "Recalibrated on {} inspections ({} with the outcome) published in the last {} years: \
             log-odds {:+.2} ({:+.2} to {:+.2}).",
            r.found.rows,
            r.found.events,
            r.params.years,
            r.found.shift,
            r.found.shift_ci95.low,
            r.found.shift_ci95.high,
        );
        wrapped("", &moved);
    }
    if t.assumed_starts > 0 {
        println!(
            "Start unknown for {}: taken as {} days before publication.",
            t.assumed_starts,
            forewarn::data::ASSUMED_DAYS_TO_PUBLICATION
        );
    }
    let left: Vec<String> = t
        .excluded
        .iter()
        .map(|e| format!("{} ({})", e.reason, e.count))
        .collect();
    if !left.is_empty() {
        wrapped("Not learned from: ", &format!("{}.", left.join("; ")));
    }
    println!(
        "\n{:<52} {:>22} {:>12}",
        "Feature", "log-odds per std dev", "training n"
    );
    for (column, coefficient) in model.columns().iter().zip(model.coefficients()) {
        let label = format!("{} ({})", column.label, column.feature);
        println!(
            "{:<52} {coefficient:>+22.3} {:>12}",
            label_cut(&label, 52),
            column.present
        );
    }
    if !model.prior_shares().is_empty() {
        let used = model.columns().iter().filter(|c| c.unused.is_none());
        let shares: Vec<String> = used
            .zip(model.prior_shares())
            .map(|(column, share)| format!("{} {:.0}%", column.feature, 100.0 * share))
            .collect();
        let from = "Of what is known of each coefficient, earlier frameworks brought: ";
        wrapped("  ", &format!("{from}{}.", shares.join(", ")));
    }
    for warning in model.warnings() {
        wrapped("  ! ", &warning);
    }
}

/// The watchlist with reasons.
pub fn watchlist(scores: &Scores, capacity: Capacity, how_sure: &HowSure) {
    let listed = scores.watchlist(capacity);
    println!(
        "\n{:>3}   {:<29} {:>4} {:>7}  {:>7} {:>6} {:>6}  Last judgement,",
        "#", "Authority", "risk", "90%", "places", "P(top", "x base"
    );
    println!(
        "{:>61} {:>6} {:>7} years ago",
        "90%",
        format!("{})", capacity.0),
        ""
    );
    for score in listed {
        println!(
            "{:>3} {} {:<29} {:>3.0}% {:>7}  {:>7} {:>6} {:>5.1}x  {}",
            score.rank,
            edge(score, capacity),
            label_cut(&score.name, 29),
            100.0 * score.probability,
            risk_interval(score),
            places(score),
            top_k(score),
            score.probability / scores.training.base_rate,
            last_judgement(score),
        );
        for reason in score.reasons().into_iter().take(3) {
            wrapped("       + ", &reason.reason());
        }
        let missing: Vec<&str> = score
            .contributions
            .iter()
            .filter(|c| c.imputed)
            .map(|c| c.label.as_str())
            .collect();
        if !missing.is_empty() {
            wrapped("       ? ", &format!("missing: {}", missing.join(", ")));
        }
    }
    println!(
        "\n+ figures that raise the risk against the training average; ? missing, the average \
         stands in."
    );
    wrapped("", &how_sure.legend());
    edge_legend(scores, capacity);
    revised(scores);
    not_scored(scores);
    println!("\n{PROPER_USE}");
}

fn edge_legend(scores: &Scores, capacity: Capacity) {
    let on_edge = |s: &&Score| s.spans_edge(capacity) == Some(true);
    let (on, off): (Vec<_>, Vec<_>) = scores
        .scores
        .iter()
        .filter(on_edge)
        .partition(|s| s.rank <= capacity.0.get());
    if on.is_empty() && off.is_empty() {
        return;
    }
    let legend = format!(
        "its places lie on both sides of the list's edge, so that it may or may not belong here: \
         {} on the list, and {} below it.",
        on.len(),
        off.len(),
    );
    wrapped("~ ", &legend);
}

/// A mark where the interval of the rank has places on and off the list.
fn edge(score: &Score, capacity: Capacity) -> char {
    match score.spans_edge(capacity) {
        Some(true) => '~',
        _ => ' ',
    }
}

fn risk_interval(score: &Score) -> String {
    let percent = |i: Interval| format!("{:.0}-{:.0}%", 100.0 * i.low, 100.0 * i.high);
    score.probability_interval.map_or("-".to_owned(), percent)
}

fn places(score: &Score) -> String {
    let range = |[low, high]: [usize; 2]| format!("{low}-{high}");
    score.rank_interval.map_or("-".to_owned(), range)
}

fn top_k(score: &Score) -> String {
    let percent = |p: f64| format!("{:.0}%", 100.0 * p);
    score.top_k_probability.map_or("-".to_owned(), percent)
}

fn revised(scores: &Scores) {
    let mut parts = scores.scores.iter().flat_map(|s| &s.contributions);
    if parts.any(|c| c.flags.revised) {
        println!("* from today's revised series, which stands for the first release of that day.");
    }
}

fn not_scored(scores: &Scores) {
    println!(
        "\nScored: {}. Not scored: {}.",
        scores.scores.len(),
        scores.not_scored.len()
    );
    for authority in &scores.not_scored {
        wrapped("  ", &format!("{}: {}", authority.name, authority.reason));
    }
}

/// One authority's page; false if it has no score and no refusal on the day.
pub fn authority(
    scores: &Scores,
    panel: &Panel,
    wanted: &str,
    how_sure: &HowSure,
) -> forewarn::Result<()> {
    let authority = panel.register().find(wanted)?;
    println!(
        "\n{} ({}), as of {}",
        authority.name,
        authority.code,
        day(scores.as_of)
    );
    if let Some(refused) = scores
        .not_scored
        .iter()
        .find(|n| n.authority == authority.code)
    {
        wrapped("Not scored: ", &refused.reason);
    } else if let Some(score) = scores.of(authority.code) {
        page(scores, score, how_sure);
        revised(scores);
    } else {
        println!("Not scored: it did not exist on that day.");
    }
    history(scores, panel, authority.code);
    println!("\n{PROPER_USE}");
    Ok(())
}

fn page(scores: &Scores, score: &Score, how_sure: &HowSure) {
    println!(
        "Risk {:.0}% ({:.1} times the base rate of {:.1}%), place {} of {}.",
        100.0 * score.probability,
        score.probability / scores.training.base_rate,
        100.0 * scores.training.base_rate,
        score.rank,
        scores.scores.len(),
    );
    if score.probability_interval.is_some() {
        println!("90% interval of the risk: {}.", risk_interval(score));
    }
    if score.rank_interval.is_some() {
        println!(
            "90% interval of its place: {}. On the watchlist in {} of the draws.",
            places(score),
            top_k(score),
        );
    }
    wrapped("", &how_sure.legend());
    println!(
        "\n{:>9}  what it rests on (log-odds against the training average)",
        "log-odds"
    );
    println!("{:>+9.3}  average authority", score.baseline_log_odds);
    let mut parts: Vec<&Contribution> = score.contributions.iter().collect();
    parts.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    for part in parts {
        wrapped(&format!("{:>+9.3}  ", part.log_odds), &part.reason());
    }
    println!("{:>+9.3}  together", score.linear_predictor);
    for note in &score.notes {
        wrapped("  note: ", note);
    }
}

fn history(scores: &Scores, panel: &Panel, code: forewarn::data::AuthorityCode) {
    println!("\nJudgements known by then, the newest first:");
    let judgements = panel
        .as_of_with(scores.as_of, scores.knowledge)
        .judgements(code);
    if judgements.iter().next().is_none() {
        println!("  none");
    }
    for inspection in judgements.iter() {
        println!(
            "  {:<18} {}, {}",
            day(inspection.published),
            inspection.framework.name(),
            inspection.grade().map_or("no grade", Grade::words),
        );
    }
}

fn last_judgement(score: &Score) -> String {
    match (score.previous_grade, score.years_since_inspection) {
        (Some(grade), Some(years)) => format!("{}, {years:.1}", grade.words()),
        _ => "none known".to_owned(),
    }
}
