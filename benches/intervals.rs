//! Intervals of a watchlist by 2,000 resamples of the whole pipeline, the penalty stated and chosen
//! again; simulated data where the real ones are absent.
//!
//! `cargo bench --bench intervals`

use std::hint::black_box;
use std::num::NonZeroUsize;

use criterion::{Criterion, criterion_group, criterion_main};
use forewarn::data::{OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::RiskParams;
use forewarn::score::{Capacity, IntervalParams};

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
    let params = IntervalParams {
        replicates: 2000,
        ..IntervalParams::default()
    };
    let capacity = Capacity(NonZeroUsize::new(15).expect("above 0"));
    let mut group = c.benchmark_group(format!("2000 replicates of {}", training.rows().len()));
    group.sample_size(10);
    let models = [
        ("penalty stated", RiskParams::ridge().penalty(0.03)),
        ("penalty chosen again", RiskParams::ridge()),
    ];
    for (name, model) in models {
        group.bench_function(name, |b| {
            b.iter(|| {
                let found = params.run(&model, &training, &panel, AS_OF, capacity);
                black_box(found.expect("intervals"))
            })
        });
    }
}

criterion_group!(benches, intervals);
criterion_main!(benches);
