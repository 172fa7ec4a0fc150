//! 500 re-fits of a model to authorities drawn again, its penalty stated and averaged; simulated data
//! where the real ones are absent.
//!
//! `cargo bench --bench intervals`

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use forewarn::data::{OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::{RefitParams, RiskParams};

const AS_OF: Date = Date::constant(2023, 6, 1);

fn panel() -> Panel {
    let real = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/demo");
    let loaded = forewarn::read::folder(real).or_else(|_| {
        println!("no real data: the demo is used");
        forewarn::read::folder(demo)
    });
    loaded.expect("a folder").panel
}

fn intervals(c: &mut Criterion) {
    let panel = panel();
    let recipe = FeatureRecipe::lead_indicators();
    let training = panel
        .as_of(AS_OF)
        .training(&recipe, OutcomeRule::default(), Months(0))
        .expect("a training set");
    let refits = RefitParams::default();
    let rows = training.rows().len();
    let mut group = c.benchmark_group(format!("{} re-fits of {rows}", refits.replicates));
    group.sample_size(10);
    let models = [
        ("penalty stated", RiskParams::ridge().penalty(0.03)),
        ("penalty averaged", RiskParams::ridge()),
    ];
    for (name, params) in models {
        let model = params.fit(&training).expect("a model");
        group.bench_function(name, |b| {
            b.iter(|| black_box(refits.run(&model, &training).expect("re-fits")))
        });
    }
}

criterion_group!(benches, intervals);
criterion_main!(benches);
