//! A checklist in the manner of TRIPOD+AI, filled from the result.

use super::answers::{
    Field, coefficients, completeness, method, performance, predictors, purpose, quantities, said,
    sample_size, sources,
};
use crate::report::input::ReportInput;

/// Items in the manner of Collins et al. 2024, *BMJ* 385:e078378, table 2.
pub(crate) fn checklist(input: &ReportInput<'_>) -> Vec<Field> {
    let backtest = input.evidence.map(|e| &e.backtest);
    let years = backtest.map(|b| {
        format!(
            "Rolling origin, {} to {}: learned again every year from what was known before it, tested \
             on the inspections that started in it.",
            b.from, b.to
        )
    });
    vec![
        ("1 Title", Some(purpose(input))),
        ("3 Background and intended use", said("See Proper use.")),
        (
            "4 Objectives",
            said("To develop the model, and to test it on later inspections."),
        ),
        ("5 Data sources and dates", Some(sources(input))),
        ("6 Participants", Some(quantities(input))),
        (
            "7 Data preparation",
            said(
                "Learned in the training window alone: shrinkage of small numbers, standardising, averages for missing figures.",
            ),
        ),
        (
            "8 Outcome",
            Some(format!(
                "{} {}.",
                input.nouns().headings(),
                input.scores.outcome_rule.words()
            )),
        ),
        ("9 Predictors", Some(predictors(input))),
        ("10 Sample size", sample_size(input)),
        ("11 Missing data", Some(completeness(input))),
        ("12 Analytical methods", Some(method(input))),
        (
            "13 Class imbalance",
            said("None balanced away: probabilities keep the base rate."),
        ),
        ("14 Fairness", None),
        (
            "15 Model output",
            said("A probability, with its log-odds as a sum of parts."),
        ),
        ("16 Training versus evaluation", years),
        ("17 Ethical approval", None),
        ("18a Funding", None),
        ("18b Conflicts of interest", None),
        ("18c Protocol", None),
        ("18d Registration", None),
        (
            "18e Data sharing",
            said(
                "Published official statistics and inspection outcomes; the files are named under data sources.",
            ),
        ),
        ("18f Code sharing", said("The crate forewarn.")),
        ("19 Patient and public involvement", None),
        ("20 Results: participants", Some(quantities(input))),
        ("21 Model development", Some(quantities(input))),
        ("22 Model specification", Some(coefficients(input))),
        ("23 Model performance", performance(input)),
        (
            "24 Model updating",
            backtest.map(|_| "See observed and expected by year, with recalibration.".to_owned()),
        ),
        ("25 Interpretation", None),
        (
            "26 Limitations",
            said("See Proper use, known failure modes."),
        ),
        ("27 Usability in the context of current care", None),
    ]
}
