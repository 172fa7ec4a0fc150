//! What is tested only where it is asked for: the track record by name, the horizon, sensitivity,
//! the self-test.

use std::error::Error;
use std::path::Path;

use forewarn::data::Panel;
use forewarn::jiff::civil::Date;
use forewarn::model::RiskParams;
use forewarn::score::Capacity;
use forewarn::validate::{
    Bootstrap, Caught, Change, Estimate, Gain, HorizonEvidence, HorizonParams, Interval, Limits,
    OutcomeEvidence, SensitivityRow, TrackRecord, TrackRecordParams, leakage, sensitivity,
};
use forewarn::words::day;

use crate::args::Args;
use crate::common::{with_spinner, wrapped, write};
use crate::params;
use crate::print::number;

type Failure = Box<dyn Error + Send + Sync>;

/// Draws of names behind what chance would have.
const DRAWS: usize = 1000;
/// Draws of organisations and quarters behind the intervals of a horizon.
const HORIZON_DRAWS: usize = 500;

/// Everything that was asked for, and what was not.
pub fn all(args: &Args, model: &RiskParams, panel: &Panel) -> Result<(), Failure> {
    if let Some(file) = &args.track_record {
        let record = track_record(args, model, panel)?;
        print_track_record(&record);
        write(
            file,
            &args.output.marked_if_csv(file, text_of(&record, file)?),
        )
        .map_err(|e| e.to_string())?;
    }
    if args.horizon.is_some() {
        print_horizon(&horizon(args, model, panel)?);
    }
    if args.sensitivity {
        let models = std::slice::from_ref(model);
        let params = params(args, models);
        let rows = with_spinner("changing one thing at a time", || {
            sensitivity(&params, panel)
        })?;
        print_sensitivity(&rows);
    }
    if args.self_test > 0 {
        self_test(args, model, panel)?;
    }
    let missing: Vec<&str> = [
        (args.track_record.is_none(), "--track-record FILE"),
        (args.horizon.is_none(), "--horizon 12"),
        (!args.sensitivity, "--sensitivity"),
        (args.self_test == 0, "--self-test 20"),
    ]
    .into_iter()
    .filter(|(missing, _)| *missing)
    .map(|(_, option)| option)
    .collect();
    if !missing.is_empty() {
        wrapped("\nNot asked for: ", &format!("{}.", missing.join(", ")));
    }
    Ok(())
}

fn last_day(args: &Args) -> Result<Date, Failure> {
    Ok(Date::new(args.to, 12, 31)?)
}

fn track_record(args: &Args, model: &RiskParams, panel: &Panel) -> Result<TrackRecord, Failure> {
    let params = TrackRecordParams {
        model,
        recipe: &args.recipes[0],
        outcome_rule: args.outcome,
        knowledge: args.knowledge,
        capacity: Capacity::default(),
        from: args.track_from.unwrap_or(args.from),
        to: last_day(args)?,
        draws: Bootstrap::new(DRAWS, args.seed),
    };
    Ok(with_spinner("making every past list", || {
        params.run(panel)
    })?)
}

fn text_of(record: &TrackRecord, file: &Path) -> Result<String, Failure> {
    match file.extension().is_some_and(|end| end == "csv") {
        true => Ok(record.to_csv()?),
        false => Ok(serde_json::to_string_pretty(record)? + "\n"),
    }
}

fn print_track_record(record: &TrackRecord) {
    let t = &record.totals;
    say!(
        "\nTrack record: the list of {} at each of {} quarter ends since {}",
        record.capacity,
        t.quarters,
        record.from
    );
    wrapped(
        "  ",
        &format!(
            "Of {} organisations {} were on some list ({} names in all). {} had the event after the \
             first list, not counting those that had it already:",
            t.organisations, t.ever_listed, t.names, t.events
        ),
    );
    wrapped(
        "  ",
        &format!(
            "on some list before: {}",
            caught(&t.listed_before, t.events)
        ),
    );
    wrapped(
        "  ",
        &format!(
            "on the last list before the start: {}",
            caught(&t.on_last_list, t.events)
        ),
    );
    wrapped(
        "  ",
        &format!(
            "Of {} names that were judged later the next judgement was the event for {}. Listed and \
             judged otherwise: {} organisations; listed and not inspected since: {}, unknown.",
            t.judged, t.came_true, t.false_alarms, t.not_inspected
        ),
    );
    say!(
        "  {:<35} {:<17} {:<17} {:>6} {:>6}  last list",
        "every later event",
        "published",
        "first listed",
        "months",
        "times"
    );
    for event in &record.events {
        let row = format!("  {:<35} {:<17}", event.name, day(event.published));
        match (event.first_listed, event.already) {
            (Some(first), _) => say!(
                "{row} {:<17} {:>6.0} {:>6}  {}",
                day(first),
                event.months_before.unwrap_or(0.0),
                event.times_listed,
                if event.on_last_list { "yes" } else { "no" },
            ),
            (None, true) => say!("{row} the event already"),
            (None, false) => say!("{row} on no list"),
        }
    }
}

fn caught(caught: &Caught, events: usize) -> String {
    let limits = |l: Option<Limits<f64>>, scale: f64| {
        l.map_or("-".to_owned(), |l| {
            format!("{:.0} to {:.0}", scale * l.low, scale * l.high)
        })
    };
    format!(
        "{} of {events} ({}%); chance with the same churn {} ({}), p {}",
        caught.caught,
        limits(caught.share_ci95, 100.0),
        number(caught.by_chance, 1),
        limits(caught.by_chance_ci95, 1.0),
        number(caught.p, 3),
    )
}

fn horizon(args: &Args, model: &RiskParams, panel: &Panel) -> Result<HorizonEvidence, Failure> {
    let params = HorizonParams {
        model,
        recipe: &args.recipes[0],
        outcome_rule: args.outcome,
        knowledge: args.knowledge,
        months: args.horizon.unwrap_or_default(),
        from: args.from,
        to: last_day(args)?,
        bootstrap: Bootstrap::new(HORIZON_DRAWS, args.seed),
    };
    Ok(with_spinner("testing the horizon", || params.run(panel))?)
}

fn print_horizon(found: &HorizonEvidence) {
    let ends = found.landmarks.map_or_else(String::new, |(first, last)| {
        format!(", {} to {}", day(first), day(last))
    });
    wrapped(
        &format!("\nWithin {} months: ", found.months.0),
        &format!("a full judgement published, with the event (landmarks: quarter ends{ends})"),
    );
    for (name, outcome) in [("event", &found.any), ("new event", &found.newly)] {
        print_outcome(name, outcome);
    }
    say!(
        "  Most of what can be told is when inspections come, so that only gains over it stand here."
    );
    say!(
        "  {:>6} {:>6} {:>16} {:>18} {:>14}",
        "year",
        "n",
        "judged, expected",
        "event, exp.",
        "95% of years"
    );
    for year in &found.years {
        say!(
            "  {:>6} {:>6} {:>16} {:>18} {:>14}",
            year.year,
            year.n,
            format!("{}, {:.0}", year.judged.1, year.judged.0),
            format!("{}, {:.1}", year.events.1, year.events.0),
            format!(
                "{:.0} to {:.0}",
                year.events_ci95.low, year.events_ci95.high
            ),
        );
    }
    if found.abolished > 0 {
        say!(
            "  {} landmarks of abolished organisations count as not judged.",
            found.abolished
        );
    }
}

fn print_outcome(name: &str, found: &OutcomeEvidence) {
    wrapped(
        "  ",
        &format!(
            "{name}: {} landmarks, {} judged, {} with the event ({} judgements of {} organisations). \
             Observed to expected: timing {}, risk of those judged {}, both {}. Risk part alone, C \
             within quarter among those judged: {} ({}).",
            found.n,
            found.judged,
            found.events,
            found.distinct.0,
            found.distinct.1,
            number(found.timing_observed_expected, 2),
            number(found.risk_observed_expected, 2),
            number(found.observed_expected, 2),
            number(found.risk_c, 2),
            interval(found.risk_c_ci95, 2),
        ),
    );
    gain("over timing alone", &found.over_timing);
    gain("over timing and capped grade", &found.over_timing_and_grade);
}

fn gain(name: &str, gain: &Gain) {
    let text = format!(
        "log-loss {} ({}), C within quarter {} ({})",
        number(gain.log_loss, 4),
        interval(gain.log_loss_ci95, 4),
        number(gain.c_within_quarter, 3),
        interval(gain.c_ci95, 3),
    );
    wrapped(&format!("    gain {name}: "), &text);
}

fn interval(ci: Estimate<Interval>, decimals: usize) -> String {
    ci.map_or("-".to_owned(), |i| {
        format!("{:.decimals$} to {:.decimals$}", i.low, i.high)
    })
}

fn print_sensitivity(rows: &[SensitivityRow]) {
    say!("\nSensitivity: the first model again, one thing changed at a time");
    say!(
        "{:<40} {:>5} {:>18} {:>18} {:>14} {:>5}",
        "",
        "n",
        "C on the day",
        "C 12 months ahead",
        "primary",
        "O:E"
    );
    for row in rows {
        let with =
            |c: Estimate, ci: Estimate<Interval>| format!("{} ({})", number(c, 2), short(ci));
        say!(
            "{:<40} {:>5} {:>18} {:>18} {:>14} {:>5}",
            words(row.change),
            row.n,
            with(row.on_the_day, row.on_the_day_ci95),
            with(row.ahead, row.ahead_ci95),
            format!("{} {}", number(row.primary, 2), short(row.primary_ci95)),
            number(row.observed_expected, 2),
        );
    }
}

fn short(ci: Estimate<Interval>) -> String {
    ci.map_or("-".to_owned(), |i| format!("{:.2}..{:.2}", i.low, i.high))
}

fn words(change: Change) -> String {
    match change {
        Change::Nothing => "as it is".to_owned(),
        Change::ReleaseDays { days } if days < 0 => {
            format!("figures released {} days earlier", -days)
        }
        Change::ReleaseDays { days } => format!("figures released {days} days later"),
        Change::RevisedSeries => "1 in 25 revised figures moved by 5%".to_owned(),
        Change::Cap => "previous grade capped, or no longer".to_owned(),
        Change::HalfLife { years: Some(years) } => format!("half-life {years} years"),
        Change::HalfLife { years: None } => "all years weigh the same".to_owned(),
        Change::WithoutPandemic => "without inspections of 2020 and 2021".to_owned(),
    }
}

fn self_test(args: &Args, model: &RiskParams, panel: &Panel) -> Result<(), Failure> {
    let models = std::slice::from_ref(model);
    let mut params = params(args, models);
    params.leads.truncate(1);
    params.recipes.truncate(1);
    (params.replicates, params.permutations) = (0, 0);
    let found = with_spinner("learning again from dealt outcomes", || {
        leakage::self_test(&params, panel, args.self_test, args.seed)
    })?;
    let mean = found.mean().map_or_else(
        || "no mean of so few".to_owned(),
        |(mean, error)| format!("{mean:.3}, standard error {error:.3}"),
    );
    wrapped(
        "\nSelf-test: ",
        &format!(
            "C within years of {} back-tests on outcomes dealt out anew within years: {mean}; 0.5 is \
             right. Planted outcomes seen before their inspection: {} of {}.",
            found.shuffled.len(),
            found.outcomes_seen,
            found.inspections
        ),
    );
    Ok(())
}
