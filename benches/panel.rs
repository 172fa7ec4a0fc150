//! A country's panel: memory for each figure and time of every stage, printed.
//!
//! `cargo bench --bench panel` takes 150,000 organisations x 10 years x 10 indicators;
//! `-- ORGANISATIONS` takes another number. Memory is what /proc says, so that it is printed on
//! Linux alone.

use std::fmt::Write as _;
use std::time::Instant;

use forewarn::data::{
    Authority, Basis, Catalogue, Entity, IndicatorId, Observation, OrganisationCode, Origin, Panel,
    PanelBuilder, Register, Standing, Value,
};
use forewarn::features::{Feature, FeatureRecipe, TrainingSet};
use forewarn::jiff::civil::{Date, date};
use forewarn::model::{RefitParams, RiskParams};
use forewarn::ndarray::{Array1, Array2, ArrayView1};
use forewarn::read::Folder;

const INDICATORS: [&str; 10] = [
    "rereferral_rate",
    "repeat_plan_rate",
    "agency_rate",
    "vacancy_rate",
    "turnover_rate",
    "assessments_45_day_rate",
    "conferences_15_day_rate",
    "reviews_on_time_rate",
    "absence_rate",
    "missing_rate",
];
const YEARS: i16 = 10;

fn code(index: usize) -> OrganisationCode {
    OrganisationCode::new(&format!("ORG-{index:012}")).expect("a code")
}

fn register(organisations: usize) -> Register {
    let mut register = Register::empty();
    for index in 0..organisations {
        register.insert(Authority {
            code: code(index),
            name: format!("Organisation {index}"),
            region_code: "R1".to_owned(),
            region: "Region".to_owned(),
            ons_codes: Vec::new(),
            variants: Vec::new(),
            from: None,
            to: None,
            predecessors: Vec::new(),
            scored: true,
            note: String::new(),
        });
    }
    register
}

fn observations(
    organisations: usize,
    years: std::ops::Range<i16>,
) -> impl Iterator<Item = Observation> {
    let indicators = INDICATORS.map(|id| IndicatorId::new(id).expect("an identifier"));
    (0..organisations).flat_map(move |index| {
        let entity = Entity::Authority(code(index));
        years.clone().flat_map(move |year| {
            indicators
                .into_iter()
                .enumerate()
                .map(move |(place, indicator)| {
                    let above = (index * 31 + year as usize * 7 + place * 13) % 100;
                    Observation {
                        entity,
                        indicator,
                        period_end: Date::constant(2013 + year, 3, 31),
                        known_from: Date::constant(2013 + year, 10, 31),
                        basis: Basis::Confirmed,
                        value: Value::Number(above as f64 / 100.0),
                        numerator: Some(above as f64),
                        denominator: Some(100.0),
                        standing: Standing::Released,
                        joint: false,
                        source: 0,
                    }
                })
        })
    })
}

/// Kilobytes of a line of /proc/self/status.
fn kilobytes(field: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

fn bytes_each(field: &str, before: Option<f64>, figures: usize) -> String {
    let now = kilobytes(field).zip(before);
    now.map_or_else(String::new, |(now, before)| {
        format!(
            ", {:.0} bytes a figure",
            1024.0 * (now - before) / figures as f64
        )
    })
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = work();
    println!("{what}: {:.2} s", start.elapsed().as_secs_f64());
    done
}

fn main() {
    let organisations = std::env::args().skip(1).find_map(|arg| arg.parse().ok());
    let organisations: usize = organisations.unwrap_or(150_000);
    let register = register(organisations);
    let before = kilobytes("VmRSS");
    let figures = organisations * usize::from(YEARS as u16) * INDICATORS.len();
    println!("{figures} figures");
    let mut builder = PanelBuilder::new(register.clone(), Catalogue::childrens_services());
    builder.source(0, "bench");
    timed("collect", || {
        for observation in observations(organisations, 0..YEARS) {
            builder.observation(observation, Origin::default());
        }
    });
    let panel = timed("build", || builder.build().expect("a panel").panel);
    println!("peak of building{}", bytes_each("VmHWM", before, figures));
    println!("kept{}", bytes_each("VmRSS", before, figures));
    let recipe = INDICATORS[..5]
        .iter()
        .map(|id| Feature::level(id).expect("a feature"));
    let recipe = FeatureRecipe::new("five", recipe.collect()).expect("a recipe");
    let on = panel.as_of(date(2022, 12, 1));
    let matrix = timed("five features of one day", || {
        on.features(&recipe).expect("a matrix")
    });
    assert_eq!(matrix.rows().len(), organisations);
    let month: Vec<Observation> = observations(organisations / 100, YEARS..YEARS + 1).collect();
    let added = month.len();
    let grown = timed(&format!("add {added} figures"), || {
        panel.extended(month, [], []).expect("a panel").panel
    });
    assert_eq!(grown.figures(), figures + added);
    drop((grown, matrix));
    growing(&panel, organisations, &register);
    drop(panel);
    reading(organisations.min(20_000), register);
    refits(10 * organisations / 3);
}

/// Processor seconds of this process so far.
fn processor() -> Option<f64> {
    // The 14th and 15th fields, in hundredths; the name before them may hold blanks, and ends in ).
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let ticks: f64 = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// Intervals of a model of many rows: learned again from 200 draws at a stated penalty.
fn refits(rows: usize) {
    let names = ["a", "b", "c", "d", "e"];
    let mut random = 1_u64;
    let mut uniform = || {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (random >> 11) as f64 / (1_u64 << 53) as f64
    };
    let x = Array2::from_shape_simple_fn((rows, names.len()), || 2.0 * uniform() - 1.0);
    let event = |row: ArrayView1<f64>| {
        let eta = -1.5 + row.sum();
        uniform() < 1.0 / (1.0 + f64::exp(-eta))
    };
    let y: Array1<bool> = x.rows().into_iter().map(event).collect();
    let clusters: Vec<usize> = (0..rows).map(|row| row / 3).collect();
    let training = TrainingSet::from_values(&names, x.view(), y.view(), &clusters).expect("a set");
    let model = RiskParams::ridge()
        .penalty(0.01)
        .fit(&training)
        .expect("a model");
    let params = RefitParams {
        replicates: 200,
        seed: 1,
    };
    let before = processor();
    let what = format!("200 draws of {rows} rows and five features");
    let refits = timed(&what, || params.run(&model, &training).expect("draws"));
    assert_eq!(refits.succeeded(), 200);
    if let Some((before, after)) = before.zip(processor()) {
        println!("{what}: {:.1} processor seconds", after - before);
    }
}

/// A month's figures of every twelfth organisation, added 36 times, beside a panel of them alone; then
/// one figure.
fn growing(panel: &Panel, organisations: usize, register: &Register) {
    let month = |number: i16| -> Vec<Observation> {
        let few = observations(organisations / 12, YEARS..YEARS + 1).step_by(INDICATORS.len());
        let known_from = Date::constant(2024 + number / 12, 1 + (number % 12) as i8, 15);
        few.map(|o| Observation { known_from, ..o }).collect()
    };
    let months: Vec<Vec<Observation>> = (0..36).map(month).collect();
    let figures: usize = months.iter().map(Vec::len).sum();
    let mut empty = PanelBuilder::new(register.clone(), Catalogue::childrens_services());
    empty.source(0, "bench");
    let empty = empty.build().expect("a panel").panel;
    let what = format!("{figures} figures of 36 months, each alone");
    timed(&what, || {
        for month in &months {
            let month = month.iter().copied();
            let _ = empty.extended(month, [], []).expect("a panel");
        }
    });
    let one = months[35][0];
    let mut grown = panel.clone();
    timed("the same added to the panel, month by month", || {
        for month in months {
            grown = grown.extended(month, [], []).expect("a panel").panel;
        }
    });
    assert_eq!(grown.figures(), panel.figures() + figures);
    let one = Observation {
        known_from: Date::constant(2027, 2, 1),
        ..one
    };
    timed("one figure added 100 times", || {
        for _ in 0..100 {
            let _ = grown.extended([one], [], []).expect("a panel");
        }
    });
}

/// The tidy CSV, beside what the csv crate needs to split it and to parse its numbers.
fn reading(organisations: usize, register: Register) {
    let mut text = String::from(
        "authority,indicator,period_end,known_from,value,numerator,denominator,state,source\n",
    );
    for o in observations(organisations, 0..YEARS) {
        let Entity::Authority(code) = o.entity else {
            continue;
        };
        let (value, above) = (o.value.point().unwrap_or(0.0), o.numerator.unwrap_or(0.0));
        let _ = writeln!(
            text,
            "{code},{},{},{},{value},{above},100,number,bench",
            o.indicator, o.period_end, o.known_from
        );
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("figures.csv"), &text).expect("a file");
    let lines = text.lines().count() - 1;
    let start = Instant::now();
    let mut rows = csv::Reader::from_path(folder.path().join("figures.csv")).expect("a reader");
    let mut record = csv::StringRecord::new();
    let mut sum = 0.0;
    while rows.read_record(&mut record).expect("a record") {
        sum += (4..7)
            .filter_map(|at| record[at].parse::<f64>().ok())
            .sum::<f64>();
    }
    let floor = start.elapsed().as_secs_f64();
    println!("csv and its numbers, {lines} rows: {floor:.2} s (sum {sum})");
    let start = Instant::now();
    let read = Folder::new(folder.path())
        .register(register)
        .read()
        .expect("a panel");
    let own = start.elapsed().as_secs_f64();
    println!("the tidy reader: {own:.2} s, {:.1} times that", own / floor);
    assert_eq!(read.panel.figures(), lines);
}
