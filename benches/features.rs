//! The feature matrix of a simulated world: 150 authorities x 40 quarters x 30 features.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use forewarn::data::IndicatorId;
use forewarn::features::{Feature, FeatureRecipe, Measure};
use forewarn::jiff::{Span, civil::Date};
use forewarn::simulate::SimulationParams;

const INDICATORS: [&str; 10] = [
    "rereferral_rate",
    "repeat_plan_rate",
    "agency_rate",
    "vacancy_rate",
    "caseload",
    "turnover_rate",
    "assessments_45_day_rate",
    "conferences_15_day_rate",
    "reviews_on_time_rate",
    "referral_rate",
];

/// Level, yearly change and gap to England of ten indicators.
fn recipe() -> FeatureRecipe {
    let features = INDICATORS.iter().flat_map(|id| {
        let indicator = IndicatorId::new(id).expect("an identifier");
        [
            Measure::Level { indicator },
            Measure::Change {
                indicator,
                years: 1,
            },
            Measure::GapToEngland { indicator },
        ]
    });
    FeatureRecipe::new("thirty", features.map(Feature::new).collect()).expect("a recipe")
}

fn matrix(c: &mut Criterion) {
    let panel = SimulationParams::default()
        .simulate()
        .expect("a world")
        .panel();
    let last = Date::constant(2024, 10, 1);
    let quarters: Vec<Date> = (0..40)
        .map(|q| last.saturating_sub(Span::new().months(3 * q)))
        .collect();
    let snapshot = panel.as_of(last);
    let rows: Vec<_> = snapshot
        .authorities()
        .flat_map(|a| quarters.iter().map(|&quarter| (a.code, quarter)))
        .collect();
    let recipe = recipe();
    c.bench_function("matrix 150 x 40 quarters x 30 features", |b| {
        b.iter(|| {
            black_box(
                snapshot
                    .features_for(&recipe, rows.clone())
                    .expect("a matrix"),
            )
        });
    });
}

criterion_group!(benches, matrix);
criterion_main!(benches);
