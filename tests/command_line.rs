//! What the examples say on the command line, and what they write. `cargo test` builds them; where a
//! test is run alone they are those that were built last.
#![cfg(all(feature = "ods", feature = "report"))]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::demo;
use forewarn::jiff::{Span, Timestamp, tz::Offset};
use serde_json::Value;

/// Where an example is built.
fn example_file(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.parent().and_then(Path::parent).unwrap();
    target.join("examples").join(name)
}

/// Runs an example; `None` (with a printed line) where none was built.
fn example(name: &str, args: &[&str]) -> Option<Output> {
    let file = example_file(name);
    if !file.is_file() {
        println!("skipped: no example at {}", file.display());
        return None;
    }
    Some(Command::new(file).args(args).output().unwrap())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// What an example refuses with; nothing else is printed.
fn refusal(name: &str, args: &[&str]) -> Option<String> {
    let output = example(name, args)?;
    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    Some(text(&output.stderr))
}

/// What an example prints.
fn printed(name: &str, args: &[&str]) -> Option<String> {
    let output = example(name, args)?;
    assert!(output.status.success(), "{}", text(&output.stderr));
    Some(text(&output.stdout))
}

fn read_json(file: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

fn path(file: &Path) -> &str {
    file.to_str().unwrap()
}

#[test]
fn options_that_are_gone_say_what_replaced_them() {
    for (option, instead) in [
        ("--recalibrate", "--half-life YEARS says how fast"),
        ("--hold-penalty", "risks are averaged over penalties"),
    ] {
        let Some(error) = refusal("watchlist", &[option]) else {
            return;
        };
        assert!(
            error.starts_with(&format!("error: {option} is gone: ")),
            "{error}"
        );
        assert!(error.contains(instead), "{error}");
        assert_eq!(error.lines().count(), 1);
    }
}

/// Two days from now, in case midnight passes.
#[test]
fn a_day_after_today_is_refused() {
    let today = Offset::UTC.to_datetime(Timestamp::now()).date();
    let later = today.saturating_add(Span::new().days(2)).to_string();
    let Some(error) = refusal("watchlist", &["--as-of", &later]) else {
        return;
    };
    let expected = format!("error: --as-of {later}: found a day after today");
    assert!(error.starts_with(&expected), "{error}");
    let error = refusal("watchlist", &["--as-of", "yesterday"]).unwrap();
    assert!(error.contains("expected a date like 2023-06-01"), "{error}");
}

#[test]
fn options_without_what_they_need_are_refused() {
    let Some(error) = refusal("backtest", &["--track-from", "2020"]) else {
        return;
    };
    assert!(error.contains("--track-record FILE"), "{error}");
    let error = refusal("backtest", &["--candidates", "--model", "ridge"]).unwrap();
    assert!(error.contains("leave out --recipe and --model"), "{error}");
    let error = refusal("watchlist", &["--load", "model.json", "--half-life", "2"]).unwrap();
    assert!(error.contains("leave out --model"), "{error}");
}

/// The demo's files without the judgements published after a day.
fn judged_until(day: &str, folder: &Path) {
    for name in ["observations.csv", "register.csv"] {
        fs::copy(demo().join(name), folder.join(name)).unwrap();
    }
    let all = fs::read_to_string(demo().join("inspections.csv")).unwrap();
    let published = |line: &&str| line.split(',').nth(8).is_some_and(|p| p <= day);
    let kept: Vec<&str> = all
        .lines()
        .enumerate()
        .filter(|(number, line)| *number == 0 || published(line))
        .map(|(_, line)| line)
        .collect();
    assert!(kept.len() > 400);
    fs::write(folder.join("inspections.csv"), kept.join("\n") + "\n").unwrap();
}

const QUICK: [&str; 2] = ["--replicates", "0"];
const SIMULATED: &str =
    "SIMULATED DATA: every authority, figure and judgement below is invented.\n\n";

/// Nothing is printed above the warning. A model that was learned from the newer files does not hide
/// how old these are, nor newer files how old the model is.
#[test]
fn old_judgements_are_the_first_thing_said() {
    let (old, work) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    judged_until("2022-12-31", old.path());
    let demo = demo();
    let (old, new) = (path(old.path()), path(&demo));
    let run = |data: &str, day: &str, more: &[&str]| {
        let args = [&["--data", data, "--as-of", day], &QUICK[..], more].concat();
        printed("watchlist", &args)
    };
    let files = "WARNING: The newest judgement in these files is 1.";
    let run = |data: &str, day: &str, more: &[&str]| {
        let said = run(data, day, more)?;
        // The simulated data say so of themselves, wherever they stand.
        Some(said.strip_prefix(SIMULATED).unwrap().to_owned())
    };
    let Some(warned) = run(old, "2024-06-01", &[]) else {
        return;
    };
    assert!(warned.starts_with(files), "{warned}");
    assert!(warned.contains("Watchlist as of 1 June 2024"));
    let of_one = run(old, "2024-06-01", &["--authority", "S055"]).unwrap();
    assert!(of_one.starts_with(files), "{of_one}");
    let fresh = run(new, "2024-06-01", &[]).unwrap();
    assert!(fresh.starts_with("Watchlist as of 1 June 2024"), "{fresh}");
    // Within the year all is as new as it can be.
    let soon = run(old, "2023-06-01", &[]).unwrap();
    assert!(soon.starts_with("Watchlist as of 1 June 2023"), "{soon}");

    let model = work.path().join("model.json");
    run(old, "2022-12-31", &["--save", path(&model)]).unwrap();
    let load = ["--load", path(&model)];
    let aged = run(new, "2024-06-01", &load).unwrap();
    let learned = "WARNING: The newest judgement that this model has learned from is 1.";
    assert!(aged.starts_with(learned), "{aged}");
    assert!(
        aged.contains("judgements to 26 May 2024"),
        "those of the files"
    );
    let both = run(old, "2024-06-01", &load).unwrap();
    assert!(both.starts_with(files), "{both}");
}

fn keys(value: &Value) -> Vec<&str> {
    let object = value
        .as_object()
        .unwrap_or_else(|| panic!("no object: {value}"));
    object.keys().map(String::as_str).collect()
}

/// What other programs may rely on, of a model that has everything; and a saved model writes the same
/// bytes again.
#[test]
fn every_promised_key_is_there_and_a_loaded_model_writes_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let [first, again, model] =
        ["first.json", "again.json", "model.json"].map(|name| folder.path().join(name));
    let saved = [
        "--replicates",
        "40",
        "--save",
        path(&model),
        "--json",
        path(&first),
    ];
    if printed("watchlist", &saved).is_none() {
        return;
    }
    printed(
        "watchlist",
        &["--load", path(&model), "--json", path(&again)],
    )
    .unwrap();
    assert!(fs::read(&first).unwrap() == fs::read(&again).unwrap());

    let json = read_json(&first);
    let training = &json["training"];
    assert_eq!(keys(&training["base_rate_now"]), ["ci95", "value"]);
    assert_eq!(keys(&training["base_rate_now"]["ci95"]), ["high", "low"]);
    assert!(training["base_rate"].is_number());
    // Equal weights have no penalty.
    assert!(training["penalty"].is_null());
    assert_eq!(training["penalties"], serde_json::json!([]));
    let calibration = ["effective_events", "half_life_years", "shift", "slope"];
    assert_eq!(keys(&training["calibration"]), calibration);
    assert_eq!(training["calibration"]["half_life_years"], 3.0);

    let scores = json["scores"].as_array().unwrap();
    let mut groups = std::collections::BTreeSet::new();
    for score in scores {
        assert_eq!(keys(&score["interval"]), ["high", "low"]);
        assert_eq!(keys(&score["places"]), ["high", "low"]);
        let within = [
            "ci95",
            "inadequate_if_judged",
            "judged",
            "probability",
            "scenario",
        ];
        assert_eq!(keys(&score["in_12_months"]), within);
        assert_eq!(keys(&score["in_12_months"]["ci95"]), ["high", "low"]);
        assert_eq!(score["in_12_months"]["scenario"], "as_ran");
        for key in [
            "at_least_as_high",
            "expected",
            "came_true",
            "ci95",
            "organisations",
        ] {
            assert!(score["tested"].get(key).is_some(), "{key}");
        }
        assert!(score["reasons"].is_array() && score["against_expectation"].is_array());
        groups.insert(score["group"].as_str().unwrap().to_owned());
        assert!(!reasons_stand_beside_nulls(score));
    }
    let known = ["already", "borderline", "firm", "off"];
    assert!(
        groups.iter().all(|group| known.contains(&group.as_str())),
        "{groups:?}"
    );
    assert!(groups.contains("already") && groups.contains("off"));
}

/// Averaged over several with their weights; none was stated. Without re-fits there are no places.
#[test]
fn penalties_stand_with_their_weights_and_nulls_with_their_reasons() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ridge.json");
    let args = [&QUICK[..], &["--model", "ridge", "--json", path(&file)]].concat();
    if printed("watchlist", &args).is_none() {
        return;
    }
    let json = read_json(&file);
    let scores = json["scores"].as_array().unwrap();
    assert!(scores.iter().all(reasons_stand_beside_nulls));
    let training = &json["training"];
    assert!(training["penalty"].is_null());
    let pairs = training["penalties"].as_array().unwrap();
    let weights = pairs.iter().map(|pair| pair[1].as_f64().unwrap());
    assert!(pairs.len() > 1 && pairs.iter().all(|pair| pair[0].as_f64() > Some(0.0)));
    assert!((weights.sum::<f64>() - 1.0).abs() < 1e-12);
}

/// Whether anything of a score is null; each that is has its reason.
fn reasons_stand_beside_nulls(score: &Value) -> bool {
    let all = score.as_object().unwrap().iter();
    let nulls: Vec<&String> = all
        .filter(|(_, v)| v.is_null())
        .map(|(key, _)| key)
        .collect();
    for key in &nulls {
        assert!(score["null_because"][key.as_str()].is_string(), "{key}");
    }
    !nulls.is_empty()
}

/// The lists of both files are the same, and every list of the summary is in them.
#[test]
fn the_track_record_is_written_as_json_or_csv() {
    let folder = tempfile::tempdir().unwrap();
    let [json, csv] = ["record.json", "record.csv"].map(|name| folder.path().join(name));
    let run = |file: &Path| {
        let quick = ["--replicates", "40", "--lead-months", "0", "--from", "2022"];
        let record = ["--track-record", path(file), "--track-from", "2023"];
        printed("backtest", &[&quick[..], &record].concat())
    };
    let Some(text) = run(&json) else { return };
    assert!(text.contains("Track record: the list of 15 at each of 4 quarter ends since 2023"));
    run(&csv).unwrap();
    let json = read_json(&json);
    let quarters = json["quarters"].as_array().unwrap().iter();
    let lists = quarters.flat_map(|q| {
        let listed = q["listed"].as_array().unwrap().iter();
        listed.map(|l| [&q["on"], &l["organisation"], &l["name"]].map(|v| v.as_str().unwrap()))
    });
    let lists: Vec<[&str; 3]> = lists.collect();
    let text = fs::read_to_string(&csv).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let rows: Vec<[&str; 3]> = rows.iter().map(|row| [&row[0], &row[1], &row[2]]).collect();
    assert_eq!(rows, lists);
    assert_eq!(
        lists.len(),
        json["totals"]["names"].as_u64().unwrap() as usize
    );
    assert!(lists.len() >= 4 * 15);
}

/// What `fit` says of a table of these lines.
fn fitted(lines: &[&str], args: &[&str]) -> Option<Result<String, String>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("table.csv");
    fs::write(&file, lines.join("\n") + "\n").unwrap();
    let output = example("fit", &[&[path(&file), "--bootstrap", "0"], args].concat())?;
    Some(match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(text(&output.stderr)),
    })
}

#[test]
fn a_table_that_cannot_be_fitted_says_what_to_do() {
    let rows = |header: &'static str, row: &'static str| -> Vec<&'static str> {
        [vec![header], vec![row; 8]].concat()
    };
    let cases: [(Vec<&str>, &[&str], &str); 12] = [
        (rows(",y,x", "1,0,2"), &[], "column 1 has no name"),
        (
            rows("y,x,y", "1,0,2"),
            &[],
            "two columns named `y` (1 and 3)",
        ),
        (
            rows("y,x", "1,\"9,620\""),
            &[],
            "write 9620, without thousands separators",
        ),
        (rows("y,x", "1,9.6%"), &[], "write 9.6, without the sign"),
        (rows("y,la", "1,Leeds"), &[], "--except la"),
        (
            rows("y,x", "0.5,1"),
            &["--family", "ordinal"],
            "expected a whole grade",
        ),
        (rows("y,x", "maybe,1"), &[], "--event VALUE"),
        (
            rows("y,x", "1,2"),
            &["--event", "3"],
            "--event 3: not in y, only 1",
        ),
        (
            rows("y,x,la", "1,2,"),
            &["--cluster", "la"],
            "line 2, column la: an empty cluster, as in 8",
        ),
        (
            rows("y,x", "1,2"),
            &["--penalty", "1"],
            "--penalty: not for --family firth",
        ),
        (
            vec!["y,a,b", "1,0,1", "0,1,0"],
            &[],
            "2 columns and an intercept for 2 rows",
        ),
        (vec!["y,x"], &[], "a header without a row"),
    ];
    for (lines, args, expected) in cases {
        let all = [&["--outcome", "y"], args].concat();
        let Some(said) = fitted(&lines, &all) else {
            return;
        };
        let error = said.unwrap_err();
        assert!(error.contains(expected), "{lines:?}: {error}");
    }
}

#[test]
fn a_table_is_taken_as_analysts_write_it() {
    let lines = [
        "answer;year;la_code;c;number_of_cases",
        "no;2014;801;7;15",
        "yes;2015;802;7;2",
        "no;2016;803;7;9",
        "yes;2017;804;7;11",
        "no;2018;805;7;4",
        "yes;2019;806;7;7",
        "yes;2020;807;7;19",
        "no;2021;808;7;12",
    ];
    let Some(said) = fitted(&lines, &["--outcome", "answer"]) else {
        return;
    };
    let said = said.unwrap();
    for expected in [
        "columns are separated by semicolons",
        "event: answer is yes",
        "column la_code only tells rows apart: left out",
        "column c is constant: left out",
        "\nyear ",
        "\nnumber_of_cases ",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    // Sums of each other are named.
    let lines = [
        "y,a,b,c", "0,1,2,3", "1,2,1,3", "0,4,1,5", "1,0,7,7", "1,3,3,6", "0,2,2,4",
    ];
    let Some(said) = fitted(&lines, &["--outcome", "y"]) else {
        return;
    };
    assert!(said.unwrap_err().contains("sums of each other: a, b, c"));
}

/// What an example refuses a command line with: exit code 2, and nothing on standard output.
fn misuse(name: &str, args: &[&str]) -> Option<String> {
    let output = example(name, args)?;
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(output.stdout.is_empty());
    Some(text(&output.stderr))
}

#[test]
fn a_wrong_command_line_gets_a_hint_and_makes_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("none").join("x.json");
    for (name, args, hint) in [
        (
            "watchlist",
            &["--recipee", "themes"][..],
            "similar argument exists: '--recipe'",
        ),
        (
            "watchlist",
            &["--model", "compsite"],
            "similar value exists: 'composite'",
        ),
        (
            "watchlist",
            &["--recipe", "themess"],
            "did you mean themes?",
        ),
        (
            "watchlist",
            &["--service", "childrens_home"],
            "did you mean childrens_homes?",
        ),
        (
            "watchlist",
            &["--outcome", "overal"],
            "expected any_key_judgement",
        ),
        (
            "watchlist",
            &["--authority", "Esklerdal"],
            "did you mean S055 (Esklerdale)?",
        ),
        ("watchlist", &["--json", path(&nowhere)], "--json "),
        ("watchlist", &["--json", "-", "--csv", "-"], "both name -"),
        (
            "watchlist",
            &["--json", "-", "--format", "csv"],
            "both would stand on standard output",
        ),
        ("watchlist", &["--figures", "f.json"], "--html"),
        ("backtest", &["--lead-months", "x"], "--lead-months"),
        ("fit", &["table.csv"], "--outcome"),
        ("coverage", &["score"], "expected one of scores"),
        ("simulate_demo", &["--help", "--foo"], ""),
        ("own_figures", &[], "--authority"),
    ] {
        if name == "simulate_demo" {
            let work = folder.path();
            let file = example_file("simulate_demo");
            if !file.is_file() {
                continue;
            }
            for option in ["--help", "--foo", "--version"] {
                Command::new(&file)
                    .arg(option)
                    .current_dir(work)
                    .output()
                    .unwrap();
            }
            assert_eq!(fs::read_dir(work).unwrap().count(), 0);
            continue;
        }
        let Some(error) = misuse(name, args) else {
            return;
        };
        assert!(
            error.starts_with("error: ") && error.contains(hint),
            "{name} {args:?}: {error}"
        );
    }
}

#[test]
fn inputs_are_not_overwritten_and_outputs_are_not_mixed() {
    let folder = tempfile::tempdir().unwrap();
    let register = folder.path().join("register.csv");
    for name in ["observations.csv", "register.csv", "inspections.csv"] {
        fs::copy(demo().join(name), folder.path().join(name)).unwrap();
    }
    let before = fs::read(&register).unwrap();
    let other = folder.path().join(".").join("register.csv");
    let data = ["--data", path(folder.path())];
    let run = |args: &[&str]| misuse("watchlist", &[&data, args].concat());
    let Some(error) = run(&["--csv", path(&other)]) else {
        return;
    };
    assert!(error.contains("would be overwritten"), "{error}");
    assert_eq!(fs::read(&register).unwrap(), before);
    let table = folder.path().join("t.csv");
    fs::write(&table, "y,x\n0,1\n1,2\n0,3\n1,1\n").unwrap();
    let args = [path(&table), "--outcome", "y", "--json", path(&table)];
    let error = misuse("fit", &args).unwrap();
    assert!(error.contains("would be overwritten"), "{error}");
    let same = ["--json", "/tmp/x", "--html", "/tmp/../tmp/x"];
    let error = run(&same).unwrap();
    assert!(error.contains("--json and --html both name"), "{error}");
}

#[test]
fn standard_output_is_what_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let [json, csv, excel] = ["a.json", "a.csv", "b.csv"].map(|name| folder.path().join(name));
    let run = |args: &[&str]| printed("watchlist", &[&QUICK[..], args].concat());
    let Some(said) = run(&["--quiet", "--json", path(&json), "--csv", path(&csv)]) else {
        return;
    };
    assert_eq!(said, "");
    let (json, csv) = (
        fs::read_to_string(&json).unwrap(),
        fs::read_to_string(&csv).unwrap(),
    );
    assert_eq!(run(&["--format", "json"]).unwrap(), json);
    assert_eq!(run(&["--json", "-"]).unwrap(), json);
    assert_eq!(run(&["--format", "csv"]).unwrap(), csv);
    run(&["--csv", path(&excel), "--csv-for-excel"]).unwrap();
    assert_eq!(
        fs::read_to_string(&excel).unwrap(),
        format!("\u{feff}{csv}")
    );
    let md = run(&["--format", "md"]).unwrap();
    let mut lines = md.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("| rank | organisation | name |"),
        "{md}"
    );
    assert_eq!(lines.next(), Some("|---|---|---|---|---|---|---|---|"));
    assert_eq!(lines.count(), csv.lines().count() - 1);
    let version = printed("watchlist", &["--version"]).unwrap();
    assert_eq!(
        version.trim(),
        concat!("watchlist ", env!("CARGO_PKG_VERSION"))
    );
    let bash = printed("fit", &["--completions", "bash"]).unwrap();
    assert!(bash.contains("_fit()"), "{bash}");
}

/// `head` closes the pipe: that is no failure, and no file is lost.
#[test]
fn a_closed_pipe_ends_quietly_and_loses_no_file() {
    let file = example_file("watchlist");
    if !file.is_file() {
        println!("skipped: no example at {}", file.display());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("a.json");
    let mut child = Command::new(file)
        .args([&QUICK[..], &["--json", path(&json)]].concat())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success());
    assert_eq!(text(&ended.stderr), "");
    assert!(read_json(&json)["scores"].is_array());
}

/// A name that a terminal would obey is shown instead.
#[test]
fn escape_sequences_do_not_reach_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["observations.csv", "inspections.csv"] {
        fs::copy(demo().join(name), folder.path().join(name)).unwrap();
    }
    let register = fs::read_to_string(demo().join("register.csv")).unwrap();
    let evil = register.replacen("Esklerdale", "\u{1b}[2JEvil\u{7}\u{9b}1m", 1);
    fs::write(folder.path().join("register.csv"), evil).unwrap();
    let args = [
        "--data",
        path(folder.path()),
        "--as-of",
        "2024-06-01",
        "--authority",
        "S055",
    ];
    let Some(said) = printed("watchlist", &[&QUICK[..], &args].concat()) else {
        return;
    };
    assert!(!said.chars().any(|c| c.is_control() && c != '\n'), "{said}");
    assert!(said.contains("\\u{1b}[2JEvil"));
    let one = ["--data", path(folder.path()), "--authority", "\u{1b}[2J"];
    let error = misuse("watchlist", &one).unwrap();
    assert!(!error.contains('\u{1b}'), "{error:?}");
}

/// Blank, filled in wrongly, filled in.
#[test]
fn own_figures_are_asked_for_checked_and_marked() {
    let folder = tempfile::tempdir().unwrap();
    let mine = folder.path().join("mine.csv");
    let Some(template) = printed("own_figures", &["--authority", "Esklerdale"]) else {
        return;
    };
    let mut reader = csv::Reader::from_reader(template.as_bytes());
    let header = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(&header[9], "what");
    let caseload = rows.iter().find(|row| &row[1] == "caseload").unwrap();
    // Of the simulated world: its own last figure, and England's of that day.
    assert_eq!(
        (&caseload[11], &caseload[12], &caseload[13]),
        ("17.5", "2023-09-30", "16.8")
    );
    let with = |value: &str| {
        let mut csv = csv::Writer::from_writer(Vec::new());
        csv.write_record(&header).unwrap();
        for row in &rows {
            let filled = |(at, cell)| {
                if at == 4 && &row[1] == "caseload" {
                    value
                } else {
                    cell
                }
            };
            csv.write_record(row.iter().enumerate().map(filled))
                .unwrap();
        }
        fs::write(&mine, csv.into_inner().unwrap()).unwrap();
        path(&mine).to_owned()
    };
    let check = |file: &str| example("own_figures", &["--check", file]).unwrap();
    let blank = text(&check(&with("")).stdout);
    assert!(blank.contains("0 figures, 0 faults"), "{blank}");
    let wrong = check(&with("many"));
    assert_eq!(wrong.status.code(), Some(1));
    assert!(text(&wrong.stdout).contains("column value: found \"many\""));
    let own = ["--own", &with("many"), "--authority", "S055"];
    assert!(
        refusal("watchlist", &[&QUICK[..], &own].concat())
            .unwrap()
            .contains("own_figures --check")
    );
    let doubtful = text(&check(&with("90")).stdout);
    assert!(
        doubtful.contains("far from the last published figure, 17.5"),
        "{doubtful}"
    );
    let own = ["--own", &with("25.5"), "--authority", "S055"];
    let said = printed("watchlist", &[&QUICK[..], &own].concat()).unwrap();
    assert!(
        said.contains("cases per social worker 25.5 at 1 June 2024"),
        "{said}"
    );
    assert!(
        said.contains("cases per social worker: own figure, not published by then"),
        "{said}"
    );
}

#[test]
fn a_fit_is_written_as_a_table_and_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let [csv, lines, groups] = ["c.csv", "c.svg", "g.svg"].map(|name| folder.path().join(name));
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/birthwt.csv");
    let args = [
        table,
        "--outcome",
        "low",
        "--bootstrap",
        "0",
        "--csv",
        path(&csv),
        "--coefficients-svg",
        path(&lines),
        "--calibration-svg",
        path(&groups),
    ];
    let Some(said) = printed("fit", &args) else {
        return;
    };
    assert!(
        said.contains("  C-statistic ") && !said.contains('{'),
        "{said}"
    );
    let csv = fs::read_to_string(&csv).unwrap();
    assert!(
        csv.starts_with("name,estimate,se,ci_low,ci_high,statistic,p\n(Intercept),"),
        "{csv}"
    );
    for file in [lines, groups] {
        let svg = fs::read_to_string(&file).unwrap();
        assert!(svg.contains("<svg") && svg.trim_end().ends_with("</svg>"));
    }
}
