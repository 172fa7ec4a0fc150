//! The back-test of the real data, and refits of the whole pipeline; simulated data where the real
//! ones are absent.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use forewarn::data::{OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::civil::Date;
use forewarn::model::RiskParams;
use forewarn::simulate::SimulationParams;
use forewarn::validate::{BacktestParams, Bootstrap, optimism};

fn panel() -> Panel {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
    forewarn::read::folder(folder).map_or_else(
        |_| {
            println!("no real data: the simulated world is used");
            SimulationParams::default()
                .simulate()
                .expect("a world")
                .panel()
        },
        |loaded| loaded.panel,
    )
}

fn backtest(c: &mut Criterion) {
    let panel = panel();
    let mut group = c.benchmark_group("back-test");
    group.sample_size(10);
    let chosen = RiskParams::ridge();
    group.bench_function("8 origins, 1 recipe, all rivals, 2000 replicates", |b| {
        let params = BacktestParams::new(vec![FeatureRecipe::lead_indicators()], vec![&chosen]);
        b.iter(|| black_box(params.run(&panel, &|_, _| {}).expect("a result")));
    });
    let recipe = FeatureRecipe::lead_and_timeliness();
    let known = panel.as_of(Date::constant(2023, 12, 31));
    let training = known
        .training(&recipe, OutcomeRule::default(), Months(0))
        .expect("a training set");
    let stated = RiskParams::ridge().penalty(0.1);
    let size = format!(
        "1000 refits of the pipeline at {} x 8",
        training.rows().len()
    );
    group.bench_function(&size, |b| {
        b.iter(|| black_box(optimism(&training, &stated, Bootstrap::new(1000, 1))));
    });
}

criterion_group!(benches, backtest);
criterion_main!(benches);
