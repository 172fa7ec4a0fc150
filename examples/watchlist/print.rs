//! What a person reads in the terminal, 100 columns wide: the answer first.

use forewarn::data::{Entity, Grade, Panel};
use forewarn::jiff::civil::Date;
use forewarn::model::{Family, RiskModel, Tested};
use forewarn::score::{Capacity, Contribution, Group, Ranked, Reason, Score, Scores};
use forewarn::validate::Limits;
use forewarn::words::{Nouns, day};

use crate::args::Args;
use crate::common::{label_cut, wrapped};
use crate::testing;

/// What the score may not be used for, under every result.
fn proper_use(nouns: Nouns<'_>) {
    say!();
    wrapped(
        "",
        &format!(
            "Proper use: to decide where to look first, together with people who know the {}. A score \
             is no judgement and no ranking for the public; reasons are associations, not causes; most \
             {} on a list like this will not be judged {}, and some that are will not be on it. {} that \
             is not scored is unknown, not safe.",
            nouns.one(),
            nouns.many(),
            nouns.event(),
            capital(&nouns.a_one()),
        ),
    );
}

fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| {
        format!("{}{}", first.to_uppercase(), signs.as_str())
    })
}

/// Reasons shown of each authority.
const REASONS: usize = 3;

/// Judgements older than this, in years, make a list of an older time.
const STALE_YEARS: f64 = 1.0;

/// The watchlist with reasons.
pub fn watchlist(
    scores: &Scores,
    panel: &Panel,
    model: &RiskModel,
    tested: &testing::Tested,
    args: &Args,
) {
    let nouns = Nouns::new(panel.service(), scores.outcome_rule);
    stale(scores, panel);
    say!("Watchlist as of {}", day(scores.as_of));
    wrapped("", &tested.sentence);
    wrapped("", &freshness(scores, panel, model));
    rate(scores, nouns);
    head(args, nouns);
    let below = |s: &&Score| s.group == Group::Borderline && !s.on_watchlist;
    let firm = scores.group(Group::Firm).collect();
    group("Firm: on the list in 95 of 100 re-fits", firm, args);
    let borderline = scores.group(Group::Borderline);
    let borderline = borderline.filter(|s| s.on_watchlist).collect();
    group(
        "Borderline: on the list, and in some re-fits below it",
        borderline,
        args,
    );
    names(
        "Just below it, and on it in some re-fits: ",
        scores.scores.iter().filter(below).collect(),
    );
    already(scores, args, nouns);
    legend(scores, model.family() == Family::Composite, args, nouns);
    not_scored(scores);
    proper_use(nouns);
}

/// The order alone, for an outcome of which there can be no probability.
pub fn ranks(ranked: &Ranked, why: &str, capacity: Capacity) {
    say!("Ranks as of {}, without probabilities", day(ranked.as_of));
    wrapped(
        "",
        &format!("No probability of {}: {why}.", ranked.outcome_rule),
    );
    say!();
    for of in ranked.organisations.iter().take(capacity.0.get()) {
        let judged = of.previous_grade.map_or("not judged yet", Grade::words);
        say!("{:>4} {:<29} {judged}", of.rank, label_cut(&of.name, 29));
        for reason in of.reasons.iter().take(REASONS) {
            wrapped("      + ", &reason.reason());
        }
    }
    say!(
        "\nRanked: {}. Not scored: {}.",
        ranked.organisations.len(),
        ranked.not_scored.len()
    );
}

/// A warning before all else where the judgements are old, of the files or of a loaded model.
fn stale(scores: &Scores, panel: &Panel) {
    let years = |day: Date| f64::from((scores.as_of - day).get_days()) / 365.25;
    let known = newest_judgement(scores, panel);
    let learned = scores.training.last_published;
    let warning = if years(known) > STALE_YEARS {
        format!(
            "The newest judgement in these files is {:.1} years old ({}). Grades, risks and the rate \
             are those of that time, and whoever was judged since stands here as before. Add the \
             newest file of {}.",
            years(known),
            day(known),
            panel.service().inspectorate()
        )
    } else if years(learned) > STALE_YEARS {
        format!(
            "The newest judgement that this model has learned from is {:.1} years old ({}). Risks and \
             the rate are those of that time. Learn it again: leave out --load.",
            years(learned),
            day(learned)
        )
    } else {
        return;
    };
    wrapped("WARNING: ", &warning);
    say!();
}

/// The publication of the newest full judgement known; of those learned from, if none is.
fn newest_judgement(scores: &Scores, panel: &Panel) -> Date {
    let known = panel.as_of_with(scores.as_of, scores.knowledge);
    let full = known
        .authorities()
        .flat_map(|a| known.judgements(a.code).iter())
        .filter(|i| i.is_like_for_like());
    let newest = full.map(|i| i.published).max();
    newest.unwrap_or(scores.training.last_published)
}

/// Up to when figures and judgements are known.
fn freshness(scores: &Scores, panel: &Panel, model: &RiskModel) -> String {
    let known = panel.as_of_with(scores.as_of, scores.knowledge);
    let indicators = model.recipe().features().iter();
    let indicators: Vec<_> = indicators.filter_map(|f| f.measure.indicator()).collect();
    let entities = || known.authorities().map(|a| Entity::Authority(a.code));
    let newest = |indicator| {
        entities()
            .filter_map(|e| known.latest(e, indicator))
            .map(|f| f.period_end())
            .max()
    };
    let periods: Vec<_> = indicators.into_iter().filter_map(newest).collect();
    let figures = match (periods.iter().min(), periods.iter().max()) {
        (Some(first), Some(last)) if first == last => format!("Figures to {}", day(*last)),
        (Some(first), Some(last)) => format!("Figures to {} and {}", day(*first), day(*last)),
        _ => "No figures known".to_owned(),
    };
    format!(
        "{figures}, judgements to {}.",
        day(newest_judgement(scores, panel))
    )
}

fn rate(scores: &Scores, nouns: Nouns<'_>) {
    let rate = scores.training.base_rate_now;
    let mut words = format!(
        "Of inspections of now {} are expected to end {} (95%: {}); of all learned from it were {}.",
        percent(rate.value),
        nouns.event(),
        range(rate.ci95),
        percent(scores.training.base_rate),
    );
    if let Some(Limits { low, high }) = scores.listed_events {
        let listed = scores.watchlist().len();
        words.push_str(&format!(
            " Of the {listed} on the list {low} to {high} would be, in 95 of 100 cases, were all \
             inspected now."
        ));
    }
    wrapped("", &words);
}

fn head(args: &Args, nouns: Nouns<'_>) {
    say!(
        "\n  {:<29} {:>4} {:>7} {:>8} {:>6}  {:<17} Past scores as",
        "",
        "",
        "",
        "",
        "in",
        "Last judgement,"
    );
    say!(
        "  {:<29} {:>4} {:>7} {:>8} {:>6}  {:<17} high: came true",
        nouns.heading(),
        "risk",
        "95%",
        "places",
        format!("{} m", args.horizon().0),
        "years ago"
    );
}

fn group(title: &str, scores: Vec<&Score>, args: &Args) {
    if scores.is_empty() {
        return;
    }
    say!("{title}");
    for score in scores {
        line(score, args);
    }
}

/// Those whose scores are as high, and who need none to be looked at.
fn already(scores: &Scores, args: &Args, nouns: Nouns<'_>) {
    let already: Vec<&Score> = scores.group(Group::Already).collect();
    if already.is_empty() {
        return;
    }
    say!(
        "Already: judged {} last, or within {:.0} months; scores as high, not counted",
        nouns.event(),
        12.0 * args.service.fresh_years(),
    );
    for score in already {
        row(score, args);
    }
}

fn line(score: &Score, args: &Args) {
    row(score, args);
    for reason in score.reasons.iter().take(REASONS) {
        wrapped("      + ", &reason.with_size());
    }
    against(&score.against_expectation);
    let missing: Vec<&str> = score
        .contributions
        .iter()
        .filter(|c| c.imputed)
        .map(|c| c.label.as_str())
        .collect();
    if !missing.is_empty() {
        wrapped("      ? ", &format!("missing: {}", missing.join(", ")));
    }
    if score.outside_training == Some(true) {
        wrapped(
            "      ! ",
            "no past inspection had such a combination of figures",
        );
    }
}

fn row(score: &Score, args: &Args) {
    let within = score.within(args.horizon().0);
    say!(
        "  {:<29} {:>4} {:>7} {:>8} {:>6}  {:<17} {}",
        label_cut(&score.name, 29),
        percent(score.probability),
        range(score.interval),
        places(score),
        within.map_or("-".to_owned(), |within| percent(within.probability)),
        last_judgement(score),
        score.tested.as_ref().map_or("-".to_owned(), past),
    );
}

fn against(reasons: &[Reason]) {
    for reason in reasons.iter().take(1) {
        wrapped(
            "      x ",
            &format!("against expectation: {}", reason.with_size()),
        );
    }
}

fn past(tested: &Tested) -> String {
    let few = if tested.few { " (few)" } else { "" };
    format!(
        "{} of {}, {:.1} expected{few}",
        tested.came_true, tested.at_least_as_high, tested.expected
    )
}

fn names(title: &str, scores: Vec<&Score>) {
    if scores.is_empty() {
        return;
    }
    let of = |s: &&Score| format!("{} ({})", s.name, percent(s.probability));
    let all: Vec<String> = scores.iter().map(of).collect();
    wrapped("", &format!("{title}{}.", all.join(", ")));
}

fn legend(scores: &Scores, declared: bool, args: &Args, nouns: Nouns<'_>) {
    say!();
    wrapped(
        "",
        &format!(
            "risk: average risk of {} with these figures, were they inspected now; 95%: of that \
             average, from re-fits, the spread over penalties and the drift of the rate. It holds \
             nothing that the figures do not show: {}'s own risk can lie outside.",
            nouns.many(),
            nouns.a_one(),
        ),
    );
    let programme = match args.programme {
        forewarn::model::Programme::AsRan => "if inspections go on as they ran",
        forewarn::model::Programme::ThreeYears => "if everybody is inspected within three years",
    };
    wrapped(
        "",
        &format!(
            "in {} m: a full judgement is published within {} months and is {}, {programme}. Another \
             question than the risk, and no rank.",
            args.horizon().0,
            args.horizon().0,
            nouns.event(),
        ),
    );
    let declared = match declared {
        true => ": equal weights are declared, so that re-fits hardly change the order",
        false => "",
    };
    match scores.scores.first().and_then(|s| s.listed_in) {
        Some((_, draws)) => wrapped(
            "",
            &format!(
                "places: in 95 of 100 of {draws} re-fits to {} drawn again, among those that can be \
                 on the list. They say how the model moves, not who is among the worst{declared}.",
                nouns.many(),
            ),
        ),
        None => say!("places: none without re-fits (--replicates 0)."),
    }
    wrapped(
        "",
        "+ what raises the risk in its declared direction, and by how much; x what raises it otherwise; \
         ? missing: a theme does without it, or what the other figures say stands in.",
    );
    let mut parts = scores.scores.iter().flat_map(|s| &s.contributions);
    if parts.any(|c| c.flags.revised) {
        say!("* from today's revised series, which stands for the first release of that day.");
    }
}

fn not_scored(scores: &Scores) {
    say!(
        "\nScored: {}. Not scored: {}.",
        scores.scores.len(),
        scores.not_scored.len()
    );
    for authority in &scores.not_scored {
        wrapped("  ", &format!("{}: {}", authority.name, authority.reason()));
    }
}

/// One authority's page.
pub fn authority(scores: &Scores, panel: &Panel, wanted: &str) -> forewarn::Result<()> {
    let nouns = Nouns::new(panel.service(), scores.outcome_rule);
    let authority = panel.register().find(wanted)?;
    stale(scores, panel);
    say!(
        "{} ({}), as of {}",
        authority.name,
        authority.code,
        day(scores.as_of)
    );
    let mut refused = scores.not_scored.iter();
    if let Some(refused) = refused.find(|n| n.organisation == authority.code) {
        wrapped("Not scored: ", &refused.reason());
    } else if let Some(score) = scores.of(authority.code) {
        page(scores, score, nouns);
    } else {
        say!("Not scored: it did not exist on that day.");
    }
    history(scores, panel, authority.code);
    proper_use(nouns);
    Ok(())
}

fn page(scores: &Scores, score: &Score, nouns: Nouns<'_>) {
    let rate = scores.training.base_rate_now;
    say!(
        "Risk {} (95%: {}), against {} of inspections of now; place {} of {}.",
        percent(score.probability),
        range(score.interval),
        percent(rate.value),
        score.rank,
        scores.scores.len(),
    );
    if let (Some(places), Some((times, draws))) = (score.places, score.listed_in) {
        say!(
            "Place {} to {} in 95 of 100 re-fits; on the list in {times} of {draws}.",
            places.low,
            places.high
        );
    }
    if let Some(tested) = &score.tested {
        say!("Past scores as high that came true: {}.", past(tested));
    }
    for (key, within) in &score.horizons {
        if let Some(within) = within {
            let months = key.trim_start_matches("in_").trim_end_matches("_months");
            say!(
                "Within {months} months: judged {}, and {} {} (95%: {}); {} if judged (programme: \
                 {}).",
                percent(within.judged),
                nouns.event(),
                percent(within.probability),
                range(within.ci95),
                percent(within.inadequate_if_judged),
                within.scenario,
            );
        }
    }
    say!(
        "\n{:>9}  what it rests on (log-odds against the training average)",
        "log-odds"
    );
    say!(
        "{:>+9.3}  average {}, today",
        score.baseline_log_odds,
        nouns.one(),
    );
    if score.themes.is_empty() {
        parts(&score.contributions.iter().collect::<Vec<_>>(), "");
    }
    for theme in &score.themes {
        let (known, all) = (theme.known, theme.members);
        let middle = if known == 0 { ": the middle" } else { "" };
        say!(
            "{:>+9.3}  {} ({known} of {all} figures known{middle})",
            theme.log_odds,
            theme.theme
        );
        let members = score.contributions.iter();
        let members = members.filter(|c| c.theme.as_deref() == Some(&theme.theme));
        parts(&members.collect::<Vec<_>>(), "    ");
    }
    say!("{:>+9.3}  together", score.linear_predictor);
    for reason in &score.against_expectation {
        wrapped("  against expectation: ", &reason.with_size());
    }
    for note in &score.notes {
        wrapped("  note: ", &note.to_string());
    }
}

fn parts(contributions: &[&Contribution], indent: &str) {
    let mut parts = contributions.to_vec();
    parts.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    for part in parts {
        let number = match part.imputed && part.theme.is_some() {
            true => format!("{indent}{:>9}  ", "-"),
            false => format!("{indent}{:>+9.3}  ", part.log_odds),
        };
        wrapped(&number, &part.reason());
    }
}

fn history(scores: &Scores, panel: &Panel, code: forewarn::data::AuthorityCode) {
    say!("\nJudgements known by then, the newest first:");
    let judgements = panel
        .as_of_with(scores.as_of, scores.knowledge)
        .judgements(code);
    if judgements.iter().next().is_none() {
        say!("  none");
    }
    for inspection in judgements.iter() {
        say!(
            "  {:<18} {}, {}",
            day(inspection.published),
            inspection.framework.name(),
            inspection.grade().map_or("no grade", Grade::words),
        );
    }
}

fn last_judgement(score: &Score) -> String {
    let short = |grade: Grade| match grade {
        Grade::RequiresImprovement => "Requires imp.",
        other => other.words(),
    };
    match (score.previous_grade, score.years_since_inspection) {
        (Some(grade), Some(years)) => format!("{}, {years:.1}", short(grade)),
        _ => "none known".to_owned(),
    }
}

fn places(score: &Score) -> String {
    let range = |places: Limits<usize>| format!("{}-{}", places.low, places.high);
    score.places.map_or("-".to_owned(), range)
}

fn percent(probability: f64) -> String {
    format!("{:.0}%", 100.0 * probability)
}

fn range(ends: impl Into<Limits<f64>>) -> String {
    let ends: Limits<f64> = ends.into();
    format!("{:.0}-{:.0}%", 100.0 * ends.low, 100.0 * ends.high)
}
