//! What stands behind the list: the files that were read, and the model.

use forewarn::model::{RiskModel, Term};
use forewarn::read::LoadReport;
use forewarn::words::day;

use crate::common::{label_cut, wrapped};

/// What was read, in short or in full.
pub fn load_report(report: &LoadReport, verbose: bool) {
    say!();
    if verbose {
        say!("{}", report.details());
    } else {
        say!("{report}\n(--verbose tells of every file, and of the model)");
    }
}

/// What the model was fitted to, and what it weighs.
pub fn model(model: &RiskModel) {
    let t = model.training();
    say!("\nThe model");
    let trained = format!(
        "Trained on {} inspections, {} with the outcome ({:.1}%), started from {} and published before \
         {}. Outcome: {}. Recipe: {}. Knowledge: {}.",
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
    let members: Vec<&str> = t.members.iter().map(|m| m.family.name()).collect();
    let members = match members.len() {
        0 | 1 => String::new(),
        _ => format!(" of {}", members.join(", ")),
    };
    let shrinkage = fit.expected_shrinkage().map_or_else(
        || "not likelier than its intercept".to_owned(),
        |slope| format!("expected calibration slope on new rows {slope:.2}"),
    );
    let fitted = format!(
        "Model: {}{members}{}; {shrinkage}; gradient {:.0e}.",
        model.family().name(),
        penalties(model),
        fit.gradient_norm,
    );
    wrapped("", &fitted);
    let r = t.recalibration;
    let half_life = r.half_life_years.map_or_else(
        || "all years alike".to_owned(),
        |years| format!("half-life {years} years"),
    );
    let moved = format!(
        "Calibration in time ({half_life}): log-odds {:+.2} ({:+.2} to {:+.2}) from inspections that \
         weigh as {:.0} of today, {:.0} effective events; drift of the rate {:.2} log-odds a year.",
        r.shift,
        r.shift_ci95.low,
        r.shift_ci95.high,
        r.weight,
        r.effective_events,
        t.drift.variance_per_year.sqrt(),
    );
    wrapped("", &moved);
    if t.assumed_starts > 0 {
        say!(
            "Start unknown for {}: taken as {} days before publication.",
            t.assumed_starts,
            forewarn::data::Framework::Sif.days_to_publication()
        );
    }
    let left: Vec<String> = t
        .excluded
        .iter()
        .map(|e| format!("{} ({})", e.why, e.count))
        .collect();
    if !left.is_empty() {
        wrapped("Not learned from: ", &format!("{}.", left.join("; ")));
    }
    terms(model);
    refits(model);
    for warning in model.warnings() {
        wrapped("  ! ", &warning);
    }
}

fn penalties(model: &RiskModel) -> String {
    let t = model.training();
    if let Some(penalty) = t.penalty {
        return format!(", penalty {penalty}");
    }
    let penalties = t.penalties();
    let most = penalties.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    most.map_or_else(String::new, |(penalty, weight)| {
        format!(
            ", averaged over {} penalties ({penalty} weighs most, {:.0}%)",
            penalties.len(),
            100.0 * weight
        )
    })
}

fn terms(model: &RiskModel) {
    let rows = model.training().inspections;
    say!(
        "\n{:<56} {:>20} {:>9} {:>10}",
        "Weighed",
        "log-odds per std dev",
        "known in",
        "stood in"
    );
    for term in model.terms() {
        let Term {
            name,
            label,
            coefficient,
            present,
            ..
        } = &term;
        let shown = if term.is_theme {
            name.clone()
        } else {
            format!("{label} ({name})")
        };
        say!(
            "{:<56} {coefficient:>+20.3} {present:>9} {:>9.0}%",
            label_cut(&shown, 56),
            100.0 * (1.0 - *present as f64 / rows as f64),
        );
        for j in term.features.clone().filter(|_| term.is_theme) {
            let column = &model.columns()[j];
            say!(
                "  {:<54} {:>20} {:>9} {:>9.0}%",
                label_cut(&column.label, 54),
                "",
                column.present,
                100.0 * (1.0 - column.present as f64 / rows as f64),
            );
        }
    }
    if !model.prior_shares().is_empty() {
        let terms = model.terms();
        let used = terms.iter().filter(|t| t.unused.is_none());
        let shares: Vec<String> = used
            .zip(model.prior_shares())
            .map(|(term, share)| format!("{} {:.0}%", term.name, 100.0 * share))
            .collect();
        let from = "Of what is known of each coefficient, earlier frameworks brought: ";
        wrapped("  ", &format!("{from}{}.", shares.join(", ")));
    }
}

fn refits(model: &RiskModel) {
    let Some(refits) = model.refits() else {
        return;
    };
    let failed: Vec<String> = refits
        .failed
        .iter()
        .map(|f| format!("{} because {}", f.count, f.why))
        .collect();
    let failed = match failed.is_empty() {
        true => "all with a model".to_owned(),
        false => format!("without a model: {}", failed.join(", ")),
    };
    say!("\nRe-fits: {}, {failed}.", refits.replicates);
    let chosen: Vec<String> = model
        .chosen()
        .iter()
        .map(|c| format!("{} {:.0}%", c.feature, 100.0 * c.share))
        .collect();
    if !chosen.is_empty() {
        wrapped("", &format!("Chosen in re-fits: {}.", chosen.join(", ")));
    }
}
