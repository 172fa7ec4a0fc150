//! Frozen scores: no change in a log goes unseen, differences add up, alerts are raised once, and what
//! was foreseen is told from what was not. All on the simulated data.
#![cfg(feature = "read")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use common::demo;
use forewarn::data::{AuthorityCode, Grade, OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::Timestamp;
use forewarn::jiff::civil::{Date, date};
use forewarn::model::{RefitParams, RiskModel, RiskParams};
use forewarn::monitor::alert::{AlertState, RecordParams, Rule, raise, records};
use forewarn::monitor::compare::{Cause, Side, compare, compare_frozen, known_next};
use forewarn::monitor::drift::{DriftParams, DriftTest};
use forewarn::monitor::log::{
    Content, Entry, EvaluationParams, FaultKind, Frozen, Head, Log, NotForecast, evaluate,
    not_forecasts, verify,
};
use forewarn::monitor::review::{Opinion, Review, Verdict};
use forewarn::read::{self, Loaded};
use forewarn::score::ScoreParams;

fn loaded() -> &'static Loaded {
    static LOADED: OnceLock<Loaded> = OnceLock::new();
    LOADED.get_or_init(|| read::folder(demo()).unwrap())
}

fn panel() -> &'static Panel {
    &loaded().panel
}

fn learn(day: Date, recipe: &FeatureRecipe) -> RiskModel {
    let known = panel().as_of(day);
    let training = known
        .training(recipe, OutcomeRule::default(), Months(0))
        .unwrap();
    let model = RiskParams::default().fit(&training).unwrap();
    let refits = RefitParams {
        replicates: 40,
        seed: 1,
    };
    let refits = refits.run(&model, &training).unwrap();
    model.with_refits(refits)
}

fn frozen(day: Date) -> Frozen {
    let model = learn(day, &FeatureRecipe::default());
    let scores = model.score(panel(), day).unwrap();
    Frozen::new(&model, panel(), &scores).unwrap()
}

/// Quarter ends of three years, frozen.
fn days() -> &'static [Frozen] {
    static DAYS: OnceLock<Vec<Frozen>> = OnceLock::new();
    DAYS.get_or_init(|| {
        let days = (2021..=2023).flat_map(|year| [3, 6, 9, 12].map(|month| date(year, month, 28)));
        days.map(frozen).collect()
    })
}

fn at(day: Date) -> Timestamp {
    format!("{day}T00:00:00Z").parse().unwrap()
}

fn review(number: i8) -> Content {
    let as_of = date(2024, 1, number);
    Content::Review(Review {
        as_of,
        opinions: vec![Opinion {
            organisation: AuthorityCode::new("S055").unwrap(),
            verdict: Verdict::Agree,
            why: format!("seen {number}"),
            role: "regional lead".to_owned(),
            reviewed_on: as_of,
        }],
    })
}

/// A log of so many reviews, and its head.
fn small_log(folder: &Path, entries: i8) -> (Log, Head) {
    let log = Log::new(folder.join("log.jsonl"));
    let mut head = Head::empty();
    for number in 1..=entries {
        head = log
            .append(review(number), at(date(2024, 2, number)), false)
            .unwrap();
    }
    (log, head)
}

/// A small stream of numbers: the same edits in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as usize % bound
    }
}

fn edited(text: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = text.to_vec();
    let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
    let (place, one, other) = (
        numbers.below(bytes.len()),
        numbers.below(lines.len()),
        numbers.below(lines.len()),
    );
    match numbers.below(6) {
        0 => bytes[place] ^= 1 << numbers.below(8),
        1 => drop(bytes.remove(place)),
        2 => bytes.insert(place, b' ' + numbers.below(90) as u8),
        // A line that is not the last one: a cut tail needs the head.
        3 => {
            let gone = one.min(lines.len() - 2);
            let kept = lines.iter().enumerate().filter(|(at, _)| *at != gone);
            bytes = kept.flat_map(|(_, line)| line.iter().copied()).collect();
        }
        4 => {
            let mut moved = lines.clone();
            moved.swap(one, other);
            bytes = moved.concat();
        }
        _ => {
            let mut more = lines.clone();
            more.insert(one, lines[other]);
            bytes = more.concat();
        }
    }
    bytes
}

#[test]
fn a_hundred_thousand_edits_are_all_found() {
    let folder = tempfile::tempdir().unwrap();
    let (_, head) = small_log(folder.path(), 5);
    let text = fs::read(folder.path().join("log.jsonl")).unwrap();
    let sound = verify(text.as_slice(), Some(&head)).unwrap();
    assert!(sound.is_sound() && sound.torn == 0 && sound.entries == 5 && sound.head == head);
    let mut numbers = Numbers(7);
    let mut tried = 0;
    while tried < 100_000 {
        let edited = edited(&text, &mut numbers);
        if edited == text {
            continue;
        }
        tried += 1;
        let found = verify(edited.as_slice(), None).unwrap();
        assert!(
            !found.is_sound() || found.torn > 0,
            "{}",
            String::from_utf8_lossy(&edited)
        );
    }
}

#[test]
fn a_cut_tail_and_a_rewrite_are_found_with_the_head() {
    let folder = tempfile::tempdir().unwrap();
    let (_, head) = small_log(folder.path(), 5);
    let text = fs::read(folder.path().join("log.jsonl")).unwrap();
    let breaks: Vec<usize> = (0..text.len()).filter(|&at| text[at] == b'\n').collect();
    for kept in 1..5 {
        let cut = &text[..=breaks[kept - 1]];
        assert!(verify(cut, None).unwrap().is_sound(), "a chain by itself");
        let found = verify(cut, Some(&head)).unwrap();
        assert_eq!(found.faults[0].kind, FaultKind::Cut { expected: 5 });
    }
    // All written anew, a day later.
    let other = tempfile::tempdir().unwrap();
    let log = Log::new(other.path().join("log.jsonl"));
    for number in 1..=6 {
        log.append(review(number), at(date(2024, 3, number)), false)
            .unwrap();
    }
    let found = log.verify(Some(&head)).unwrap();
    assert_eq!(found.faults.len(), 1);
    assert_eq!(
        (found.faults[0].line, &found.faults[0].kind),
        (5, &FaultKind::Rewritten)
    );
    assert!(log.verify(None).unwrap().is_sound());
    // One that went on is sound.
    let (log, head) = small_log(tempfile::tempdir().unwrap().keep().as_path(), 3);
    log.append(review(9), at(date(2024, 4, 1)), false).unwrap();
    assert!(log.verify(Some(&head)).unwrap().is_sound());
}

#[test]
fn a_fault_names_its_entry_and_a_changed_log_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let (log, _) = small_log(folder.path(), 3);
    let file = folder.path().join("log.jsonl");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replacen("seen 2", "seen 5", 1)).unwrap();
    let found = log.verify(None).unwrap();
    let words: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    assert_eq!(words[0], "line 2, entry 2: not as it was written");
    assert!(
        words[1].starts_with("line 3, entry 3: does not follow"),
        "{words:?}"
    );
    let error = log.entries().unwrap_err().to_string();
    assert!(
        error.contains("line 2") && error.contains("not as it was written"),
        "{error}"
    );
    fs::write(&file, text.replacen("seen 3", "seen 5", 1)).unwrap();
    let error = log
        .append(review(4), at(date(2024, 3, 1)), false)
        .unwrap_err()
        .to_string();
    assert!(error.contains("a last line that is no entry"), "{error}");
}

#[test]
fn a_torn_line_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let (log, _) = small_log(folder.path(), 2);
    let file = folder.path().join("log.jsonl");
    let whole = fs::read(&file).unwrap();
    for cut in [1, 40, 200] {
        let torn = [whole.as_slice(), &whole[..cut]].concat();
        fs::write(&file, torn).unwrap();
        let found = log.verify(None).unwrap();
        assert_eq!(
            (found.entries, found.torn, found.is_sound()),
            (2, cut, true)
        );
        assert_eq!(log.entries().unwrap().len(), 2);
        let head = log.append(review(3), at(date(2024, 3, 1)), false).unwrap();
        assert_eq!(head.count, 3);
        assert!(log.verify(Some(&head)).unwrap().is_sound());
        let aside = folder
            .path()
            .join(format!("log.jsonl.torn-{}", whole.len()));
        assert_eq!(fs::read(aside).unwrap(), &whole[..cut]);
    }
}

#[test]
fn writers_at_once_do_not_interleave() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.jsonl");
    std::thread::scope(|scope| {
        for writer in 1..=4 {
            let log = Log::new(&file);
            scope.spawn(move || {
                for _ in 0..10 {
                    log.append(review(writer), at(date(2024, 2, writer)), false)
                        .unwrap();
                }
            });
        }
    });
    let found = Log::new(&file).verify(None).unwrap();
    assert!(
        found.is_sound() && found.entries == 40 && found.torn == 0,
        "{found:?}"
    );
}

/// Ten of the 200 moments of the long run.
#[test]
fn a_killed_freeze_leaves_a_log_that_verifies() {
    let test = std::env::current_exe().unwrap();
    let example = test
        .parent()
        .and_then(Path::parent)
        .unwrap()
        .join("examples/monitor");
    if !example.is_file() {
        println!("skipped: no example at {}", example.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.jsonl");
    let freeze = || {
        let mut command = Command::new(&example);
        command
            .args(["freeze", "--replicates", "0", "--log"])
            .arg(&file);
        command
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        command.spawn().unwrap()
    };
    let started = Instant::now();
    assert!(freeze().wait().unwrap().success());
    let whole = started.elapsed();
    let mut numbers = Numbers(3);
    for _ in 0..10 {
        let mut child = freeze();
        std::thread::sleep(
            whole
                .mul_f64(numbers.below(1100) as f64 / 1000.0)
                .min(Duration::from_secs(20)),
        );
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(Log::new(&file).verify(None).unwrap().is_sound());
    }
    assert!(freeze().wait().unwrap().success());
    let last = Log::new(&file).verify(None).unwrap();
    assert!(
        last.is_sound() && last.torn == 0 && last.entries >= 2,
        "{last:?}"
    );
}

#[test]
fn what_is_frozen_is_read_back_and_adds_up() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(folder.path().join("log.jsonl"));
    for frozen in &days()[..2] {
        let content = Content::Scores(Box::new(frozen.clone()));
        log.append(content, at(frozen.as_of), false).unwrap();
    }
    let entries = log.entries().unwrap();
    let read: Vec<&Frozen> = entries.iter().filter_map(Entry::scores).collect();
    assert_eq!(read, days()[..2].iter().collect::<Vec<_>>());
    for score in &read[0].scores {
        let parts: f64 = score.parts.iter().map(|part| part.log_odds).sum();
        assert!((score.baseline + parts - score.linear_predictor).abs() < 1e-12);
    }
    assert!(read[0].simulated && read[0].scores.len() > 140);
}

#[test]
fn differences_add_up_to_their_parts() {
    let recipe = FeatureRecipe::default();
    let (first, second) = (date(2022, 6, 28), date(2023, 6, 28));
    let (before, after) = (learn(first, &recipe), learn(second, &recipe));
    let side = |model, as_of| Side {
        panel: panel(),
        model,
        as_of,
    };
    let params = ScoreParams::default();
    let found = compare(side(&before, first), side(&after, second), params).unwrap();
    assert!(found.exact);
    let mut causes = BTreeMap::new();
    for of in &found.organisations {
        let s = of.log_odds;
        let parts = s.new_figures + s.new_judgements + s.revised_figures + s.tuning;
        assert!((parts - s.total).abs() < 1e-12, "{of:?}");
        let moved: f64 = of.features.iter().map(|f| f.log_odds).sum();
        assert!((moved - (s.total - s.tuning)).abs() < 1e-12, "{of:?}");
        for feature in &of.features {
            *causes.entry(format!("{:?}", feature.cause)).or_insert(0) += 1;
            // What moved it was not known on the first day.
            if feature.cause == Cause::NewFigure && feature.after.1 > feature.before.1 {
                assert!(
                    feature
                        .known_from
                        .is_some_and(|day| first < day && day <= second)
                );
            }
        }
    }
    assert!(
        causes["NewFigure"] > 300 && causes["NewJudgement"] > 30,
        "{causes:?}"
    );
    // The same model: nothing is tuning. The same day: everything is.
    let found = compare(side(&before, first), side(&before, second), params).unwrap();
    assert!(
        found
            .organisations
            .iter()
            .all(|of| of.log_odds.tuning.abs() < 1e-12)
    );
    let found = compare(side(&before, second), side(&after, second), params).unwrap();
    let all_tuning = |of: &forewarn::monitor::compare::Difference| {
        (of.log_odds.tuning - of.log_odds.total).abs() < 1e-12
    };
    assert!(found.organisations.iter().all(all_tuning));
    assert!(compare(side(&after, second), side(&before, first), params).is_err());
}

/// The same on the real files, two days of which a year of releases and judgements lies between.
#[cfg(feature = "ods")]
#[test]
fn differences_of_the_real_data_add_up_too() {
    let data = Path::new("../shared/data");
    if !data.is_dir() {
        println!("skipped: no real data at {}", data.display());
        return;
    }
    let panel = read::folder(data).unwrap().panel;
    let recipe = FeatureRecipe::default();
    let learned = |day: Date| {
        let known = panel.as_of(day);
        let training = known
            .training(&recipe, OutcomeRule::default(), Months(0))
            .unwrap();
        RiskParams::default().fit(&training).unwrap()
    };
    let (first, second) = (date(2022, 12, 31), date(2023, 12, 31));
    let (before, after) = (learned(first), learned(second));
    let side = |model, as_of| Side {
        panel: &panel,
        model,
        as_of,
    };
    let params = ScoreParams::default();
    let found = compare(side(&before, first), side(&after, second), params).unwrap();
    assert!(found.organisations.len() > 140);
    for of in &found.organisations {
        let s = of.log_odds;
        let parts = s.new_figures + s.new_judgements + s.revised_figures + s.tuning;
        assert!((parts - s.total).abs() < 1e-12, "{of:?}");
        let moved: f64 = of.features.iter().map(|f| f.log_odds).sum();
        assert!((moved - (s.total - s.tuning)).abs() < 1e-12, "{of:?}");
    }
}

#[test]
fn entries_of_a_log_are_compared_as_they_stand() {
    let all = days();
    let found = compare_frozen(&all[0], &all[4]).unwrap();
    assert!(!found.exact && found.organisations.iter().any(|of| of.came()));
    for of in &found.organisations {
        let s = of.log_odds;
        let parts = s.new_figures + s.new_judgements + s.revised_figures + s.tuning;
        assert!((parts - s.total).abs() < 1e-12);
    }
    let came = found.organisations.iter().filter(|of| of.came()).count();
    let listed = |f: &Frozen| f.scores.iter().filter(|s| s.on_watchlist).count();
    let went = found.organisations.iter().filter(|of| of.went()).count();
    assert_eq!(listed(&all[0]) + came, listed(&all[4]) + went);
    assert!(compare_frozen(&all[4], &all[0]).is_err());
}

#[test]
fn what_comes_next_stands_in_the_calendar() {
    let recipe = FeatureRecipe::default();
    let day = date(2023, 10, 1);
    let next = known_next(&recipe, panel().catalogue(), &loaded().calendar, day).unwrap();
    assert!(next.windows(2).all(|pair| pair[0].on <= pair[1].on));
    assert!(
        next.iter()
            .all(|expected| expected.on > day && !expected.features.is_empty())
    );
    // The day that stands in the built-in calendar for the figures of 31 March 2023.
    let need = next
        .iter()
        .find(|e| e.series.name() == "children_in_need")
        .unwrap();
    assert_eq!(
        (need.period_end, need.on),
        (date(2023, 3, 31), date(2023, 10, 26))
    );
}

#[test]
fn alerts_of_a_replay_are_those_of_every_day() {
    let rules = Rule::usual();
    let all: Vec<&Frozen> = days().iter().collect();
    let mut state = AlertState::default();
    let at_once: Vec<_> = (0..all.len())
        .flat_map(|at| raise(&rules, &mut state, &all[..at], all[at]))
        .collect();
    let mut daily = AlertState::default();
    let mut one_by_one = Vec::new();
    for at in 0..all.len() {
        // Through its file, and each day twice.
        let text = serde_json::to_string(&daily).unwrap();
        daily = serde_json::from_str(&text).unwrap();
        one_by_one.extend(raise(&rules, &mut daily, &all[..at], all[at]));
        assert!(raise(&rules, &mut daily, &all[..at], all[at]).is_empty());
    }
    assert_eq!(at_once, one_by_one);
    assert_eq!(state, daily);
    assert!(at_once.len() > 20);
    // Raised again only once it was gone: by hand for places.
    let place = |code: AuthorityCode, at: usize| {
        let failed = |grade: Grade| OutcomeRule::default().is_event(grade);
        let score = all[at].of(code)?;
        Some((score.rank, score.previous_grade.is_some_and(failed)))
    };
    for alert in at_once.iter().filter(|a| a.rule == "top of the list") {
        let at = all.iter().position(|f| f.as_of == alert.on).unwrap();
        assert!(alert.rank <= 15);
        // Those that failed last are out of it, whatever their place.
        let before = (0..at).rev().map(|at| place(alert.organisation, at));
        let before = before.map(|place| place.filter(|(_, failed)| !failed));
        let since: Vec<usize> = before
            .map_while(|place| place.map(|(place, _)| place).filter(|place| *place <= 20))
            .collect();
        assert!(since.iter().all(|p| *p > 15), "{alert:?} {since:?}");
    }
}

#[test]
fn rules_that_do_not_hold_together_are_refused() {
    for (rule, expected) in [
        (
            r#"{"name": "a", "kind": "risk", "enter": 0.2, "leave": 0.3}"#,
            "leave no more than enter",
        ),
        (
            r#"{"name": "a", "kind": "risk", "enter": 2, "leave": 0.3}"#,
            "probabilities",
        ),
        (
            r#"{"name": "a", "kind": "place", "enter": 20, "leave": 15}"#,
            "leave no less than enter",
        ),
        (
            r#"{"name": "a", "kind": "rise", "months": 0, "at_least": 0.1}"#,
            "1 to 60 months",
        ),
        (r#"{"name": " ", "kind": "missing"}"#, "a name"),
        (r#"{"name": "a", "kind": "sometimes"}"#, "unknown variant"),
        (
            r#"{"name": "a", "kind": "missing"}, {"name": "a", "kind": "systemic"}"#,
            "two rules",
        ),
    ] {
        let error = Rule::read(&format!("[{rule}]")).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let text = serde_json::to_string(&Rule::usual()).unwrap();
    assert_eq!(Rule::read(&text).unwrap(), Rule::usual());
}

/// Counted anew from the alerts and the judgements.
#[test]
fn the_record_of_a_rule_counts_what_followed() {
    let all: Vec<&Frozen> = days().iter().collect();
    let params = RecordParams {
        horizon_months: 12,
        to: date(2024, 5, 26),
    };
    let rules = Rule::usual();
    let found = records(&rules, &all, panel(), params);
    for (rule, record) in rules.iter().zip(&found) {
        let mut state = AlertState::default();
        let one = std::slice::from_ref(rule);
        let alerts: Vec<_> = (0..all.len())
            .flat_map(|at| raise(one, &mut state, &all[..at], all[at]))
            .collect();
        assert_eq!(record.alerts, alerts.len());
        assert!(record.followed <= record.decided && record.decided <= record.alerts);
        assert!(record.without <= record.events && record.events > 5);
        let years = f64::from((all[11].as_of - all[0].as_of).get_days()) / 365.25;
        assert!((record.per_year - alerts.len() as f64 / years).abs() < 1e-12);
        if let Some([low, _, high]) = record.months_before {
            assert!(0.0 < low && low <= high && high <= 12.2);
        }
    }
    // A lower threshold raises no fewer alerts on the first day and misses no more.
    let place = &rules[1];
    let wide = records(&[place.scaled(2.0)], &all, panel(), params);
    assert!(wide[0].without <= found[1].without);
}

#[test]
fn evaluation_counts_every_inspection_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = Log::new(folder.path().join("log.jsonl"));
    for frozen in days() {
        let content = Content::Scores(Box::new(frozen.clone()));
        log.append(content, at(frozen.as_of), false).unwrap();
    }
    let listed = days()[3].scores.iter().filter(|s| s.on_watchlist);
    let opinions = listed.enumerate().map(|(at, score)| Opinion {
        organisation: score.organisation,
        verdict: Verdict::ALL[at % 3],
        why: String::new(),
        role: "lead".to_owned(),
        reviewed_on: days()[3].as_of,
    });
    let review = Review {
        as_of: days()[3].as_of,
        opinions: opinions.collect(),
    };
    log.append(Content::Review(review.clone()), at(date(2022, 1, 5)), false)
        .unwrap();
    let entries = log.entries().unwrap();
    let found = evaluate(&entries, panel(), EvaluationParams::default()).unwrap();
    assert_eq!((found.entries, found.reconstructed), (12, 0));
    let sum = |rows: Vec<usize>| rows.into_iter().sum::<usize>();
    assert_eq!(
        sum(found.by_group.iter().map(|(_, m)| m.rows).collect()),
        found.all.rows
    );
    assert_eq!(
        sum(found.by_group.iter().map(|(_, m)| m.events).collect()),
        found.all.events
    );
    assert_eq!(found.by_model.len(), 1);
    // Anew, from the judgements as the panel tells them.
    let known = panel().as_of(Date::MAX);
    let (mut rows, mut caught) = (0, 0);
    for authority in panel().register().iter().filter(|a| a.scored) {
        for i in known.judgements(authority.code).iter() {
            let Some(event) = OutcomeRule::default()
                .event(i)
                .filter(|_| i.is_like_for_like())
            else {
                continue;
            };
            let mut before = days().iter().filter(|f| {
                f.as_of < i.anchor()
                    && (i.anchor() - f.as_of).get_days() <= 366
                    && f.as_of < i.published
            });
            let Some(score) = before.next_back().and_then(|f| f.of(authority.code)) else {
                continue;
            };
            rows += 1;
            caught += usize::from(event && score.on_watchlist);
        }
    }
    assert_eq!((found.all.rows, found.all.caught), (rows, caught));
    let given: Vec<usize> = found.reviews.iter().map(|r| r.given).collect();
    assert_eq!(given.iter().sum::<usize>(), review.opinions.len());
    let early = EvaluationParams {
        to: date(2021, 12, 31),
        ..EvaluationParams::default()
    };
    let few = evaluate(&entries, panel(), early).unwrap();
    assert!(few.all.rows < found.all.rows && few.few.is_some());
}

#[test]
fn what_was_no_forecast_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let frozen = &days()[0];
    let entries_at = |name: &str, on: Date| {
        let log = Log::new(folder.path().join(name));
        log.append(Content::Scores(Box::new(frozen.clone())), at(on), false)
            .unwrap();
        log.entries().unwrap()
    };
    let on_the_day = entries_at("day", frozen.as_of);
    assert!(not_forecasts(&on_the_day, panel()).is_empty());
    let late = not_forecasts(&entries_at("late", date(2024, 6, 1)), panel());
    assert!(late.len() > 50);
    assert!(
        late.iter()
            .all(|f| matches!(f, NotForecast::AfterJudgement { .. }))
    );
    let early = not_forecasts(&entries_at("early", date(2020, 6, 1)), panel());
    assert!(
        early
            .iter()
            .any(|f| matches!(f, NotForecast::BeforeFigure { .. })),
        "{early:?}"
    );
}

#[test]
fn drift_is_tested_on_every_release_and_a_new_definition_is_named() {
    let params = DriftParams {
        draws: forewarn::validate::Bootstrap::new(1999, 1),
        level: 0.05,
    };
    let recipe = FeatureRecipe::default();
    let run = |panel: &Panel| {
        let known = panel.as_of(date(2024, 5, 1));
        params
            .run(
                known,
                &recipe,
                OutcomeRule::default(),
                &loaded().calendar,
                Some([&days()[10], &days()[11]]),
            )
            .unwrap()
    };
    let found = run(panel());
    for test in [
        DriftTest::Distribution,
        DriftTest::Level,
        DriftTest::Missing,
        DriftTest::Order,
        DriftTest::Rate,
    ] {
        assert!(found.checks.iter().any(|check| check.test == test));
    }
    assert!(
        found
            .checks
            .iter()
            .all(|c| c.p <= c.p_adjusted && (0.0..=1.0).contains(&c.p))
    );
    assert!(
        found.definition_changes.is_empty(),
        "{:?}",
        found.definition_changes
    );
    // The newest caseloads on another scale.
    let folder = tempfile::tempdir().unwrap();
    for name in ["inspections.csv", "register.csv"] {
        fs::copy(demo().join(name), folder.path().join(name)).unwrap();
    }
    let text = fs::read_to_string(demo().join("observations.csv")).unwrap();
    let other = text.lines().map(|line| {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        if cells[1] == "caseload" && cells[2] == "2023-09-30" && !cells[4].is_empty() {
            cells[4] = (cells[4].parse::<f64>().unwrap() * 1.8).to_string();
            (cells[5], cells[6]) = (String::new(), String::new());
        }
        cells.join(",") + "\n"
    });
    fs::write(
        folder.path().join("observations.csv"),
        other.collect::<String>(),
    )
    .unwrap();
    let found = run(&read::folder(folder.path()).unwrap().panel);
    assert!(
        found.definition_changes[0].starts_with("caseload: the middle is 1."),
        "{found:?}"
    );
    let level = found
        .checks
        .iter()
        .find(|c| c.subject == "caseload" && c.test == DriftTest::Level);
    assert!(level.unwrap().moved);
}

#[test]
fn a_review_is_written_and_read_back() {
    let Content::Review(review) = review(4) else {
        unreachable!()
    };
    let mut text = Vec::new();
    review.write(&mut text).unwrap();
    assert_eq!(
        Review::read(Path::new("r.csv"), text.as_slice()).unwrap(),
        std::slice::from_ref(&review)
    );
    let json = serde_json::to_string(&[&review]).unwrap();
    let file = Path::new("r.json");
    assert_eq!(
        Review::read_json(file, &json).unwrap(),
        std::slice::from_ref(&review)
    );
    let early = json.replace(
        "\"reviewed_on\":\"2024-01-04\"",
        "\"reviewed_on\":\"2023-01-04\"",
    );
    assert!(Review::read_json(file, &early).is_err() && early != json);
    let head = "as_of,organisation,verdict,why,role,reviewed_on\n";
    for row in [
        "2024-01-01,S055,perhaps,,,2024-01-02",
        "2024-01-02,S055,agree,,,2024-01-01",
        "x,S055,agree,,,x",
    ] {
        let text = format!("{head}{row}\n");
        let error = Review::read(Path::new("r.csv"), text.as_bytes())
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("r.csv, line 2: "), "{error}");
    }
}
