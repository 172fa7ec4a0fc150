//! What runs every week: freezing a day, verifying a log of ten years, comparing two days. On the real
//! data; the simulated ones where they are absent.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use forewarn::data::{OutcomeRule, Panel};
use forewarn::features::{FeatureRecipe, Months};
use forewarn::jiff::Timestamp;
use forewarn::jiff::civil::{Date, date};
use forewarn::model::{RefitParams, RiskModel, RiskParams};
use forewarn::monitor::compare::{Side, compare};
use forewarn::monitor::log::{Content, Frozen, Log};
use forewarn::score::ScoreParams;
use forewarn::simulate::SimulationParams;

fn panel() -> Panel {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
    forewarn::read::folder(folder).map_or_else(
        |_| {
            println!("no real data: the simulated world is used");
            let world = SimulationParams::default().simulate();
            world.expect("a world").panel()
        },
        |loaded| loaded.panel,
    )
}

fn learn(panel: &Panel, day: Date) -> RiskModel {
    let known = panel.as_of(day);
    let recipe = FeatureRecipe::default();
    let training = known.training(&recipe, OutcomeRule::default(), Months(0));
    let training = training.expect("inspections");
    let model = RiskParams::default().fit(&training).expect("a model");
    let refits = RefitParams {
        replicates: 500,
        seed: 1,
    };
    let refits = refits.run(&model, &training).expect("re-fits");
    model.with_refits(refits)
}

fn freeze(panel: &Panel, day: Date) -> Frozen {
    let model = learn(panel, day);
    let scores = model.score(panel, day).expect("scores");
    Frozen::new(&model, panel, &scores).expect("frozen")
}

fn monitor(c: &mut Criterion) {
    let panel = panel();
    let folder = tempfile::tempdir().expect("a folder");
    let (first, second) = (date(2022, 6, 1), date(2023, 6, 1));
    let mut group = c.benchmark_group("monitor");
    group.sample_size(10);
    group.bench_function("learn with 500 re-fits, score and freeze a day", |b| {
        let path = || tempfile::NamedTempFile::new_in(folder.path()).expect("a file");
        b.iter_batched(
            path,
            |file| {
                let content = Content::Scores(Box::new(freeze(&panel, second)));
                let log = Log::new(file.path());
                black_box(
                    log.append(content, Timestamp::UNIX_EPOCH, true)
                        .expect("an entry"),
                );
            },
            BatchSize::PerIteration,
        );
    });
    let log = Log::new(folder.path().join("ten_years.jsonl"));
    let frozen = freeze(&panel, second);
    for _ in 0..520 {
        let content = Content::Scores(Box::new(frozen.clone()));
        log.append(content, Timestamp::UNIX_EPOCH, true)
            .expect("an entry");
    }
    group.bench_function("verify 520 entries", |b| {
        b.iter(|| assert!(log.verify(None).expect("a log").is_sound()));
    });
    let (before, after) = (learn(&panel, first), learn(&panel, second));
    group.bench_function("compare two days", |b| {
        let side = |model, as_of| Side {
            panel: &panel,
            model,
            as_of,
        };
        let (one, other) = (side(&before, first), side(&after, second));
        b.iter(|| black_box(compare(one, other, ScoreParams::default()).expect("a comparison")));
    });
    group.finish();
}

criterion_group!(benches, monitor);
criterion_main!(benches);
