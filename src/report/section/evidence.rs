//! The evidence section: a chart for every question, with what it says in words.

use serde::Serialize;

use crate::data::{Catalogue, Service};
use crate::error::Result;
use crate::report::chart;
use crate::report::draw::chart::{Chart, Table};
use crate::report::draw::number::{count, decimal, percent, percent_range, whole};
use crate::report::page::{Section, render};
use crate::validate::{Difference, Evidence, Funnel, Primary, SampleSize, Subset};
use crate::words::{Nouns, day};

#[derive(Serialize)]
struct Body {
    intro: Vec<String>,
    parts: Vec<Part>,
    excluded: Table,
}

/// One question.
#[derive(Serialize)]
struct Part {
    title: &'static str,
    words: Vec<String>,
    figures: Vec<Figure>,
}

#[derive(Serialize)]
struct Figure {
    chart: Chart,
    notes: Vec<String>,
}

fn figure(chart: Chart, notes: Vec<String>) -> Figure {
    Figure { chart, notes }
}

/// A figure drawn from the back-test, with its day of knowledge last.
fn tested(evidence: &Evidence, chart: Chart, mut notes: Vec<String>) -> Figure {
    let (from, to) = (evidence.backtest.from, evidence.backtest.to);
    notes.push(format!(
        "Inspections that started in {from} to {to}, each from what was known the day before or, at \
         a lead, so many months earlier."
    ));
    Figure { chart, notes }
}

/// The section.
pub(crate) fn section(
    evidence: &Evidence,
    catalogue: &Catalogue,
    service: &Service,
) -> Result<Section> {
    let nouns = Nouns::new(service, evidence.backtest.outcome_rule);
    let parts = [
        order(evidence, nouns),
        catches(evidence),
        lead(evidence),
        meaning(evidence),
        worth(evidence),
        enough(evidence),
        lag(evidence, catalogue, nouns),
        funnels(evidence, nouns),
    ];
    let body = Body {
        intro: intro(evidence, nouns),
        parts: parts.into_iter().flatten().collect(),
        excluded: excluded(evidence),
    };
    Ok(Section {
        id: "evidence".to_owned(),
        title: "Evidence".to_owned(),
        body: render("evidence", &body)?,
    })
}

fn intro(evidence: &Evidence, nouns: Nouns<'_>) -> Vec<String> {
    let backtest = &evidence.backtest;
    vec![
        format!(
            "The back-test repeats the whole work for every year from {} to {}: everything is \
             learned again from what was known before the year, and every full inspection that \
             started in it is scored as of the day before. What was not inspected is unknown, not \
             safe, and is not in the test.",
            backtest.from, backtest.to,
        ),
        format!(
            "Outcome: {}. Figures count as known: {}. Recipe: {}. Intervals are 95%, by drawing {} \
             again.",
            backtest.outcome_rule.name().replace('_', " "),
            backtest.knowledge,
            evidence.recipe,
            nouns.many(),
        ),
    ]
}

fn order(evidence: &Evidence, nouns: Nouns<'_>) -> Option<Part> {
    let backtest = &evidence.backtest;
    let model = backtest
        .summaries(&evidence.recipe, evidence.lead.0, Subset::All)
        .next()?;
    let told = |subset: &Subset| {
        let mut rows = backtest.summaries(&evidence.recipe, evidence.lead.0, *subset);
        rows.next().is_some()
    };
    let figures = Subset::ALL.into_iter().filter(told).map(|subset| {
        let chart = chart::c_statistics(backtest, &evidence.recipe, evidence.lead.0, subset);
        tested(evidence, chart, Vec::new())
    });
    let mut words = vec![format!(
        "The C-statistic is the share of pairs, one inspection with the outcome and one without, \
             in which the first had the higher score. \u{201c}{}\u{201d} is the model behind the \
             scores, a logistic regression; its rivals need no statistician.",
        model.model,
    )];
    words.extend(backtest.primary.as_ref().map(|found| primary(found, nouns)));
    let m = backtest.comparisons.m;
    words.extend(
        model
            .difference_to
            .iter()
            .map(|d| verdict(&model.model, m, d)),
    );
    Some(Part {
        title: "Does it put the right ones first?",
        words,
        figures: figures.collect(),
    })
}

/// The comparison that was written down before anything was run.
fn primary(found: &Primary, nouns: Nouns<'_>) -> String {
    format!(
        "Written down before anything was run: {} months ahead, among {} not already \
         {} ({} inspections, {} with the outcome), {}: {}.",
        found.lead_months,
        nouns.many(),
        nouns.event(),
        whole(found.n),
        whole(found.events),
        found.model,
        found
            .verdict
            .words(&format!("the {}", found.rival), 1, found.ci95),
    )
}

/// Of a difference of within-year C-statistics, by the interval that holds together with all others.
fn verdict(model: &str, m: usize, found: &Difference) -> String {
    let words = found
        .verdict
        .words(&found.rival, m, found.simultaneous_ci95);
    format!("{model}: {words}.")
}

fn catches(evidence: &Evidence) -> Option<Part> {
    let meaning = evidence.meaning.as_ref()?;
    let own = evidence.lists.first()?;
    let rows = evidence.lists.iter().map(|list| {
        let share = list.share.map_or_else(|why| why.to_string(), percent);
        let interval = list
            .share_ci95
            .map_or_else(|_| "no interval".to_owned(), percent_range);
        format!(
            "{}: {} of {} caught in {} visits, {share} ({interval}).",
            list.model,
            count(list.capture.caught),
            count(list.capture.events),
            whole(list.capture.visits),
        )
    });
    let mut words = vec![format!(
        "Visiting the {} of each year\u{2019}s inspections with the highest scores; visits at random \
         would catch {}.",
        percent(own.capture.fraction),
        count(own.capture.expected_by_chance),
    )];
    words.extend(rows);
    Some(Part {
        title: "How many would a list have caught?",
        words,
        figures: vec![tested(
            evidence,
            chart::capture_curve(meaning, &own.capture),
            Vec::new(),
        )],
    })
}

fn lead(evidence: &Evidence) -> Option<Part> {
    let chart = chart::lead_times(&evidence.backtest, &evidence.recipe)?;
    let note =
        "At a lead of 12 months the model, too, is 12 months old. Inspections at longer leads \
                are not all the same ones."
            .to_owned();
    Some(Part {
        title: "How early does it warn?",
        words: Vec::new(),
        figures: vec![tested(evidence, chart, vec![note])],
    })
}

fn meaning(evidence: &Evidence) -> Option<Part> {
    let meaning = evidence.meaning.as_ref()?;
    let curve = match &meaning.curve {
        Ok(_) => "The smooth line is a flexible calibration curve.".to_owned(),
        Err(why) => format!("No smooth curve is drawn: {why}."),
    };
    Some(Part {
        title: "Do the probabilities mean what they say?",
        words: Vec::new(),
        figures: vec![
            tested(evidence, chart::reliability(meaning), vec![curve]),
            tested(
                evidence,
                chart::observed_expected(meaning),
                vec![
                    "Recalibrated: shifted by what the last years before it had shown.".to_owned(),
                ],
            ),
        ],
    })
}

fn worth(evidence: &Evidence) -> Option<Part> {
    let chart = chart::decision_curve(evidence.meaning.as_ref()?)?;
    let words =
        "To act from a risk of 20% is to say that one catch is worth four visits in vain. Net \
                 benefit is catches less visits in vain at that price."
            .to_owned();
    let note = chart.description.clone();
    Some(Part {
        title: "Is acting on it worth more than acting on all, or on none?",
        words: vec![words],
        figures: vec![tested(evidence, chart, vec![note])],
    })
}

fn enough(evidence: &Evidence) -> Option<Part> {
    let first = evidence.sample_size.first()?;
    let mut words = vec![format!(
        "{} inspections were known at the last origin, {} of them with the outcome, for {} features. \
         How many it takes depends on how much there is to find (Riley et al. 2020, BMJ 368:m441):",
        whole(first.inspections),
        whole(first.events),
        first.parameters,
    )];
    words.extend(evidence.sample_size.iter().map(in_words));
    Some(Part {
        title: "Were there enough inspections to learn from?",
        words,
        figures: Vec::new(),
    })
}

/// Riley et al.'s arithmetic in words.
fn in_words(size: &SampleSize) -> String {
    let short = size.needed.shortfall(size.inspections);
    let enough = match short {
        0 => "enough".to_owned(),
        _ => format!("{} short", whole(short)),
    };
    format!(
        "A C-statistic of {} takes {} inspections: {enough}. Without a penalty, forecasts on new \
         inspections would have to be shrunk by a factor of {}.",
        decimal(size.c_statistic, 2),
        whole(size.needed.rows),
        decimal(size.expected_shrinkage, 2),
    )
}

fn lag(evidence: &Evidence, catalogue: &Catalogue, nouns: Nouns<'_>) -> Option<Part> {
    let chart = chart::census_lags(&evidence.census_lags, catalogue)?;
    let words = format!(
        "An audit, not a forecast. Staff leave after {} is failed: a figure of a \
                 census after the inspection tells the outcome better than any before it, and warns of \
                 nothing. Whoever joins figures and judgements by year mixes the two.",
        nouns.a_one()
    );
    let known = format!(
        "Inspections that started in {} to {}; figures whenever they were published.",
        evidence.backtest.from, evidence.backtest.to,
    );
    Some(Part {
        title: "Why it looks weaker than figures joined by year",
        words: vec![words],
        figures: vec![figure(chart, vec![known])],
    })
}

fn funnels(evidence: &Evidence, nouns: Nouns<'_>) -> Option<Part> {
    let funnel = |funnel: &Funnel| {
        let left_out = match funnel.left_out {
            0 => String::new(),
            1 => format!(
                " One {} is left out: it has no figure of that date with its counts.",
                nouns.one()
            ),
            n => format!(
                " {n} {} are left out: they have no figure of that date with their counts.",
                nouns.many()
            ),
        };
        let known = format!("Known from {}.{left_out}", day(funnel.known_from));
        let chart = chart::funnel(funnel);
        let said = chart.description.clone();
        figure(chart, vec![said, known])
    };
    let figures: Vec<Figure> = evidence.funnels.iter().map(funnel).collect();
    (!figures.is_empty()).then(|| Part {
        title: "Is a rate high, or is the place small?",
        words: vec![
            "A small place\u{2019}s rate jumps by chance. Inside the lines, chance alone can \
             explain the distance from the rate of all together."
                .to_owned(),
        ],
        figures,
    })
}

fn excluded(evidence: &Evidence) -> Table {
    let mut table = Table::new(&["Why", "How many"]);
    for excluded in &evidence.backtest.excluded {
        table.push([excluded.reason(), whole(excluded.count)]);
    }
    table
}
