//! Times of the fits that `benches/peers/run` compares with other packages, as JSON.
//!
//! `benches/peers/run` simulates the tables into a folder and names it in `FOREWARN_PEERS`. Each
//! case prints its shortest time in seconds and its answer.

use std::path::{Path, PathBuf};
use std::time::Instant;

use forewarn::model::{FirthParams, Logistic, OrdinalParams, RidgeParams};
use forewarn::ndarray::{Array2, Axis};
use forewarn::validate::Ranking;
use serde_json::{Map, Value, json};

const LAMBDA: f64 = 0.05;

fn numbers(folder: &Path, name: &str) -> Vec<f64> {
    let bytes = std::fs::read(folder.join(name)).expect("a file that benches/peers/run wrote");
    let values = bytes.as_chunks::<8>().0.iter();
    values.map(|b| f64::from_le_bytes(*b)).collect()
}

fn whole_numbers(folder: &Path, name: &str) -> Vec<usize> {
    let values = numbers(folder, name).into_iter();
    values.map(|v| v as usize).collect()
}

fn table(folder: &Path, name: &str, columns: usize) -> (Array2<f64>, Vec<bool>) {
    let cells = numbers(folder, &format!("{name}.x"));
    let x = Array2::from_shape_vec((cells.len() / columns, columns), cells).expect("a table");
    let labels = numbers(folder, &format!("{name}.y"));
    (x, labels.into_iter().map(|y| y > 0.0).collect())
}

/// The shortest of `times` runs.
fn timed(times: usize, work: impl Fn() -> Vec<f64>) -> Value {
    let mut seconds = f64::INFINITY;
    let mut answer = Vec::new();
    for _ in 0..times {
        let start = Instant::now();
        answer = work();
        seconds = seconds.min(start.elapsed().as_secs_f64());
    }
    json!({"seconds": seconds, "answer": answer})
}

/// Mean coefficients over the resamples, on one thread, each started from the fit to all rows.
fn bootstrap(x: &Array2<f64>, y: &[bool], draws: &[usize]) -> Vec<f64> {
    let params = RidgeParams::new().penalty(LAMBDA);
    let start = params.fit_rows(x.view(), y).expect("a fit").start();
    let mut mean = vec![0.0; start.len()];
    let resamples = draws.chunks_exact(y.len());
    let share = 1.0 / resamples.len() as f64;
    for rows in resamples {
        let labels: Vec<bool> = rows.iter().map(|&row| y[row]).collect();
        let model = params.fit_from(x.select(Axis(0), rows).view(), &labels, &start);
        for (mean, value) in mean.iter_mut().zip(model.expect("a fit").start()) {
            *mean += share * value;
        }
    }
    mean
}

fn small(folder: &Path, out: &mut Map<String, Value>) {
    let (x, y) = table(folder, "small", 8);
    let grades = whole_numbers(folder, "small.grades");
    let draws = whole_numbers(folder, "small.draws");
    let ridge = |lambda: f64| {
        let params = RidgeParams::new().penalty(lambda);
        timed(200, || {
            params.fit_rows(x.view(), &y).expect("a fit").start()
        })
    };
    out.insert("ridge 150x8".into(), ridge(LAMBDA));
    out.insert("unpenalised 150x8".into(), ridge(0.0));
    let firth = || FirthParams::new().fit_rows(x.view(), &y).expect("a fit");
    let firth = timed(200, || Logistic::start(firth().logistic()));
    out.insert("Firth 150x8".into(), firth);
    let ordinal = timed(200, || {
        let model = OrdinalParams::new()
            .fit_rows(x.view(), &grades, 4)
            .expect("a fit");
        let coefficients = model.coefficients().iter().copied();
        model
            .thresholds()
            .iter()
            .copied()
            .chain(coefficients)
            .collect()
    });
    out.insert("proportional odds 150x8".into(), ordinal);
    let refits = timed(5, || bootstrap(&x, &y, &draws));
    out.insert("1,000 refits of ridge 150x8".into(), refits);
}

fn large(folder: &Path, out: &mut Map<String, Value>) {
    let params = RidgeParams::new().penalty(LAMBDA);
    for (file, size) in [("middle", "100,000x20"), ("large", "1,000,000x20")] {
        let (x, y) = table(folder, file, 20);
        let found = timed(7, || params.fit_rows(x.view(), &y).expect("a fit").start());
        out.insert(format!("ridge {size}"), found);
    }
    let (scores, y) = table(folder, "scores", 1);
    let scores = scores.into_raw_vec_and_offset().0;
    let found = timed(7, || {
        let ranking = Ranking::new(&scores, &y).expect("scores");
        vec![ranking.tally().c_statistic().expect("both classes")]
    });
    out.insert("C-statistic of 1,000,000".into(), found);
}

fn main() {
    let Some(folder) = std::env::var_os("FOREWARN_PEERS").map(PathBuf::from) else {
        println!("run benches/peers/run, which simulates the tables first");
        return;
    };
    let mut out = Map::new();
    small(&folder, &mut out);
    large(&folder, &mut out);
    println!("{}", Value::Object(out));
}
