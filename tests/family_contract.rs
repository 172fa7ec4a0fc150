//! What every family of risk model promises, tested on each of them.

mod common;

use approx::assert_abs_diff_eq;
use common::{authority, code, date, figure, inspection, panel};
use forewarn::Error;
use forewarn::data::{
    Entity, Framework, Grade, Inspection, JudgementKey, Observation, Origin, OutcomeRule, Panel,
    PanelBuilder,
};
use forewarn::features::{Feature, FeatureRecipe, Months, TrainingSet};
use forewarn::model::{
    CalibrationRow, ConstrainedParams, Family, FirthParams, FitWarning, OrdinalParams,
    PooledParams, RecalibrationParams, RefitParams, RidgeParams, RiskModel, RiskParams, Unused,
};
use forewarn::validate::{Forecaster, Scorer, with_threads};
use ndarray::Array2;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

const DAY: &str = "2022-01-01";
const AUTHORITIES: usize = 80;
const FIGURES: [&str; 3] = ["agency_rate", "vacancy_rate", "absence_rate"];
/// How flat a fit has to be: the tolerance of every optimiser, with room for rounding.
const FLAT: f64 = 1e-12;

fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    ((random.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
}

/// What the world is like.
#[derive(Clone, Copy)]
struct Setting {
    /// Of every figure.
    factor: f64,
    reversed: bool,
    /// Whether the last figure repeats the first.
    duplicate: bool,
    /// Whether every inspection ends Good.
    one_class: bool,
}

const PLAIN: Setting = Setting {
    factor: 1.0,
    reversed: false,
    duplicate: false,
    one_class: false,
};

fn grade(latent: f64) -> Grade {
    match latent {
        v if v > 1.4 => Grade::Inadequate,
        v if v > 0.0 => Grade::RequiresImprovement,
        v if v > -2.0 => Grade::Good,
        _ => Grade::Outstanding,
    }
}

/// Two inspections of each authority, under SIF and under ILACS, each preceded by figures.
fn world(setting: Setting) -> Panel {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let (mut listed, mut figures, mut inspections) = (vec![], vec![], vec![]);
    for i in 0..AUTHORITIES {
        let number = format!("T{i:03}");
        for (framework, year) in [(Framework::Sif, 2016), (Framework::Ilacs, 2021)] {
            let x: [f64; 3] = std::array::from_fn(|_| 2.0 * uniform(&mut random) - 1.0);
            for (j, name) in FIGURES.into_iter().enumerate() {
                let x = if setting.duplicate && j == 2 {
                    x[0]
                } else {
                    x[j]
                };
                let entity = Entity::Authority(code(&number));
                let rate = (0.3 + 0.1 * x) * setting.factor;
                let (period, known) = (format!("{}-09-30", year - 1), format!("{year}-02-25"));
                figures.push(figure(entity, name, &period, &known, rate));
            }
            let mut judged = || {
                let u = uniform(&mut random);
                grade(1.2 * x[0] + 0.5 * x[1] - 0.4 * x[2] + (u / (1.0 - u)).ln())
            };
            let (overall, leaders) = (judged(), judged());
            let mut found: Inspection = inspection(&number, &format!("{year}-05-10"), overall);
            found.framework = framework;
            found.judgements.set(JudgementKey::LEADERS, Some(leaders));
            if setting.one_class {
                found
                    .judgements
                    .set(JudgementKey::OVERALL, Some(Grade::Good));
                found
                    .judgements
                    .set(JudgementKey::LEADERS, Some(Grade::Good));
            }
            inspections.push(found);
        }
        listed.push(authority(&number, &number));
    }
    if setting.reversed {
        listed.reverse();
        figures.reverse();
        inspections.reverse();
    }
    panel(listed, figures, inspections)
}

fn training(panel: &Panel, figures: &[&str]) -> TrainingSet {
    let features = figures
        .iter()
        .map(|name| Feature::level(name).unwrap())
        .collect();
    let recipe = FeatureRecipe::new("contract", features).unwrap();
    panel
        .as_of(date(DAY))
        .training(&recipe, OutcomeRule::default(), Months(0))
        .unwrap()
}

/// Every family, an average of one's own, a choice of features, and penalties that are averaged.
fn all() -> Vec<RiskParams> {
    let mut all: Vec<RiskParams> = Family::ALL.map(RiskParams::of).to_vec();
    all.push(RiskParams::average(vec![Family::Firth, Family::Ordinal]));
    all.push(RiskParams::ridge().at_most(2));
    all.push(RiskParams::of(Family::Firth).at_most(1));
    let same = RecalibrationParams::default().half_life(None);
    all.push(RiskParams::ridge().recalibrated(same));
    let averaged = [Family::Ridge, Family::Pooled, Family::TowardsEqual].map(RiskParams::of);
    let stated = all.into_iter().map(|params| params.penalty(0.02));
    stated.chain(averaged).collect()
}

fn predictions(model: &RiskModel, training: &TrainingSet) -> Vec<f64> {
    model.fitted(training).unwrap()
}

#[test]
fn every_fit_is_flat_and_finite_and_speaks_for_every_row() {
    let panel = world(PLAIN);
    let training = training(&panel, &FIGURES);
    for params in all() {
        let model = params.fit(&training).unwrap();
        let terms = model.terms();
        let used = terms.iter().filter(|t| t.unused.is_none());
        let order = used.count() + 1;
        assert_eq!(model.coefficients().len() + 1, order);
        assert_eq!(model.covariance().dim(), (order, order), "{params:?}");
        assert_eq!(model.covariance(), model.covariance().t(), "{params:?}");
        assert!(model.fit_report().gradient_norm < FLAT, "{params:?}");
        let found = predictions(&model, &training);
        assert_eq!(found.len(), 2 * AUTHORITIES);
        assert!(found.iter().all(|v| v.is_finite() && v.abs() < 20.0));
        let c = forewarn::validate::Ranking::new(
            &found,
            &training.rows().iter().map(|r| r.event).collect::<Vec<_>>(),
        );
        let c = c.unwrap().tally().c_statistic().unwrap();
        assert!(c > 0.55, "{params:?}: C {c:.2} on its own rows");
    }
}

#[test]
fn contributions_add_up_and_intervals_hold_the_estimate() {
    let panel = world(PLAIN);
    for params in all() {
        let model = params.fit(&training(&panel, &FIGURES)).unwrap();
        let scores = model.score(&panel, date(DAY)).unwrap();
        assert_eq!(scores.scores.len(), AUTHORITIES);
        for score in &scores.scores {
            let parts: f64 = score.contributions.iter().map(|c| c.log_odds).sum();
            assert_abs_diff_eq!(
                score.baseline_log_odds + parts,
                score.linear_predictor,
                epsilon = 1e-12
            );
            let found = score.interval;
            assert!(found.low < score.probability && score.probability < found.high);
        }
    }
}

#[test]
fn one_class_is_refused() {
    let panel = world(Setting {
        one_class: true,
        ..PLAIN
    });
    for params in all() {
        let error = params.fit(&training(&panel, &FIGURES)).unwrap_err();
        let rows = 2 * AUTHORITIES;
        assert!(
            matches!(error, Error::OneClass { rows: found, events: 0 } if found == rows),
            "{params:?}: {error}"
        );
    }
}

#[test]
fn what_is_not_a_number_never_reaches_a_model() {
    let nan = |value| {
        figure(
            Entity::England,
            "agency_rate",
            "2020-09-30",
            "2021-02-25",
            value,
        )
    };
    let counted = Observation {
        numerator: Some(f64::INFINITY),
        ..nan(0.2)
    };
    let mut builder = PanelBuilder::default();
    builder.source(0, "test");
    for figure in [nan(f64::NAN), nan(0.1), counted] {
        builder.observation(figure, Origin::default());
    }
    let refused = builder.build().unwrap_err();
    assert!(
        matches!(refused, Error::RefusedAtTheDoor { count: 2, .. }),
        "{refused}"
    );
    let wide = Array2::from_shape_fn(
        (4, 2),
        |(i, j)| if (i, j) == (2, 1) { f64::NAN } else { i as f64 },
    );
    let y = [true, false, true, false];
    let refusals = [
        RidgeParams::new().fit_rows(wide.view(), &y).map(|_| ()),
        FirthParams::new().fit_rows(wide.view(), &y).map(|_| ()),
        OrdinalParams::new()
            .fit_rows(wide.view(), &[0, 1, 0, 1], 2)
            .map(|_| ()),
        ConstrainedParams::new()
            .fit_rows(wide.view(), &y)
            .map(|_| ()),
        PooledParams::new()
            .fit_rows(
                wide.view(),
                &[[Some(0)], [Some(1)], [Some(0)], [Some(1)]],
                &y,
                &[0, 1, 2, 3],
            )
            .map(|_| ()),
    ];
    for refusal in refusals {
        let error = refusal.unwrap_err();
        assert!(
            matches!(&error, Error::NotFinite { row: 2, column, .. } if column == "1"),
            "{error}"
        );
    }
}

#[test]
fn a_figure_never_seen_has_no_part_and_is_named() {
    let panel = world(PLAIN);
    let with = training(
        &panel,
        &["agency_rate", "vacancy_rate", "absence_rate", "caseload"],
    );
    let without = training(&panel, &FIGURES);
    for params in all() {
        let model = params.fit(&with).unwrap();
        assert_eq!(model.columns()[3].unused, Some(Unused::NeverObserved));
        assert_eq!(model.terms()[3].coefficient, 0.0);
        assert!(
            model.warnings()[..]
                .iter()
                .any(|w| w.starts_with("cases per social worker has no value"))
        );
        let expected = predictions(&params.fit(&without).unwrap(), &without);
        assert_eq!(predictions(&model, &with), expected, "{params:?}");
    }
}

#[test]
fn a_figure_given_twice_is_refused_or_named() {
    let panel = world(Setting {
        duplicate: true,
        ..PLAIN
    });
    let training = training(&panel, &FIGURES);
    for params in all() {
        match params.fit(&training) {
            Ok(model) if model.columns()[0].unused == model.columns()[2].unused => {
                let columns = vec![0, 2];
                let named = FitWarning::Collinear { columns };
                assert!(model.fit_warnings().contains(&named), "{params:?}");
            }
            Ok(model) => assert!(model.columns()[2].unused == Some(Unused::NotChosen)),
            Err(Error::Singular) => {
                assert!(
                    params.family().name().starts_with('f') || params.family() == Family::Average
                )
            }
            Err(other) => panic!("{params:?}: {other}"),
        }
    }
}

#[test]
fn the_order_of_the_input_changes_nothing() {
    let (panel, reversed) = (
        world(PLAIN),
        world(Setting {
            reversed: true,
            ..PLAIN
        }),
    );
    for params in all() {
        let model = |panel| params.fit(&training(panel, &FIGURES)).unwrap();
        assert_eq!(model(&panel), model(&reversed));
    }
}

#[test]
fn the_unit_of_a_figure_changes_no_probability() {
    let (panel, halved) = (
        world(PLAIN),
        world(Setting {
            factor: 0.5,
            ..PLAIN
        }),
    );
    for params in all() {
        let found = |panel| {
            let training = training(panel, &FIGURES);
            predictions(&params.fit(&training).unwrap(), &training)
        };
        for (a, b) in found(&panel).iter().zip(found(&halved)) {
            assert_abs_diff_eq!(*a, b, epsilon = 1e-10);
        }
    }
}

#[test]
fn a_saved_model_is_the_same_model() {
    let panel = world(PLAIN);
    for params in all() {
        let model = params.fit(&training(&panel, &FIGURES)).unwrap();
        let loaded = RiskModel::from_json(&model.to_json().unwrap()).unwrap();
        assert_eq!(loaded, model);
        let again = loaded.params().fit(&training(&panel, &FIGURES)).unwrap();
        assert_eq!(again, model);
    }
}

#[test]
fn threads_change_no_bit_of_a_refit() {
    let panel = world(PLAIN);
    let training = training(&panel, &FIGURES);
    let draws = RefitParams {
        replicates: 40,
        ..RefitParams::default()
    };
    for params in all() {
        let model = params.fit(&training).unwrap();
        let on = |threads| {
            let run = || draws.run(&model, &training);
            with_threads(threads, run).unwrap().unwrap()
        };
        assert_eq!(on(1), on(3), "{params:?}");
    }
}

#[test]
fn a_window_of_another_framework_is_said() {
    let panel = world(PLAIN);
    for params in all() {
        let model = params.fit(&training(&panel, &FIGURES)).unwrap();
        let expected = FitWarning::OtherFramework {
            newest: Framework::Ilacs,
            inspections: AUTHORITIES,
            of: 2 * AUTHORITIES,
        };
        assert!(model.fit_warnings().contains(&expected), "{params:?}");
    }
}

#[test]
fn the_pull_of_earlier_frameworks_is_reported() {
    let panel = world(PLAIN);
    let training = training(&panel, &FIGURES);
    for params in all() {
        let model = params.fit(&training).unwrap();
        let shares = model.prior_shares();
        if params.family() == Family::Carried {
            assert_eq!(shares.len(), 3);
            // As many inspections before as since, of which half the precision is carried.
            assert!(
                shares.iter().all(|share| (0.1..0.6).contains(share)),
                "{shares:?}"
            );
        } else {
            assert!(shares.is_empty());
        }
    }
}

#[test]
fn a_constrained_model_says_what_is_held_at_zero() {
    let panel = world(PLAIN);
    let constrained = RiskParams::of(Family::Constrained).penalty(0.02);
    let model = constrained.fit(&training(&panel, &FIGURES)).unwrap();
    // Absence works against its declared direction in this world.
    assert_eq!(model.terms()[2].coefficient, 0.0);
    let held = FitWarning::DirectionBinds { column: 2 };
    assert!(model.fit_warnings().contains(&held));
    assert!(
        model
            .warnings()
            .iter()
            .any(|w| w.starts_with("social worker absence: held at 0"))
    );
}

#[test]
fn the_choice_of_features_takes_the_strongest_and_leaves_the_rest_out() {
    let panel = world(PLAIN);
    let training = training(&panel, &FIGURES);
    let one = RiskParams::ridge()
        .penalty(0.02)
        .at_most(1)
        .fit(&training)
        .unwrap();
    let kept: Vec<bool> = one.columns().iter().map(|c| c.unused.is_none()).collect();
    assert_eq!(kept, [true, false, false]);
    assert_eq!(one.columns()[1].unused, Some(Unused::NotChosen));
    let error = RiskParams::ridge().at_most(0).fit(&training).unwrap_err();
    assert_eq!(
        error.to_string(),
        "features to choose: found 0, expected at least 1"
    );
}

/// Before calibration in time, which an average has of its own.
#[test]
fn an_average_is_the_mean_of_its_members_log_odds() {
    let panel = world(PLAIN);
    let training = training(&panel, &FIGURES);
    let of = |params: RiskParams| scorer(&params.penalty(0.02), &training);
    let members = [Family::Ridge, Family::Pooled, Family::Composite];
    let parts = members.map(|m| of(RiskParams::of(m)));
    let whole = of(RiskParams::of(Family::Average));
    let same = |of: &dyn Fn(&dyn Scorer) -> Vec<f64>| {
        let parts: Vec<Vec<f64>> = parts.iter().map(|part| of(&**part)).collect();
        for (row, found) in of(&*whole).iter().enumerate() {
            let mean = parts.iter().map(|part| part[row]).sum::<f64>() / 3.0;
            assert_abs_diff_eq!(*found, mean, epsilon = 1e-12);
        }
    };
    same(&|scorer| scorer.log_odds(training.matrix()).unwrap());
    same(&|scorer| scorer.held_out(&training).unwrap());
    for wrong in [vec![], vec![Family::Average]] {
        let error = RiskParams::average(wrong).penalty(0.1).fit(&training);
        assert!(matches!(
            error.unwrap_err(),
            Error::InvalidValue {
                what: "models to average",
                ..
            }
        ));
    }
}

fn scorer(params: &RiskParams, training: &TrainingSet) -> Box<dyn Scorer> {
    Forecaster::fit(params, training).unwrap()
}

#[test]
fn how_steadily_features_are_chosen_is_reported() {
    let panel = world(PLAIN);
    let training = training(&panel, &FIGURES);
    let draws = RefitParams {
        replicates: 60,
        ..RefitParams::default()
    };
    let run = |params: RiskParams| {
        let model = params.penalty(0.02).fit(&training).unwrap();
        assert!(
            model.chosen().is_empty(),
            "nothing is known without re-fits"
        );
        let refits = draws.run(&model, &training).unwrap();
        model.with_refits(refits).chosen()
    };
    assert!(run(RiskParams::ridge()).is_empty());
    let chosen = run(RiskParams::ridge().at_most(1));
    let names: Vec<&str> = chosen.iter().map(|c| c.feature.as_str()).collect();
    assert_eq!(names, FIGURES);
    assert!(chosen[0].share > 0.6, "the strongest: {chosen:?}");
    let all: f64 = chosen.iter().map(|c| c.share).sum();
    assert_abs_diff_eq!(all, 1.0, epsilon = 1e-12);
}

/// With fewer effective events than a slope needs it stays 1: only the intercept moves, by the
/// shift that `RecalibrationParams::fit` finds for the held-out log-odds, whose numbers are pinned
/// in tests/calibration_in_time.rs.
#[test]
fn every_model_is_shifted_by_what_its_held_out_log_odds_ask_for() {
    let panel = world(PLAIN);
    let training = training(&panel, &FIGURES);
    for params in all() {
        let model = params.fit(&training).unwrap();
        let scorer = scorer(&params, &training);
        let held_out = scorer.held_out(&training).unwrap();
        let rows: Vec<_> = training
            .rows()
            .iter()
            .zip(held_out)
            .map(|(row, log_odds)| CalibrationRow {
                log_odds,
                event: row.event,
                age_years: f64::from((date(DAY) - row.published).get_days()) / 365.25,
                count: 1.0,
                cluster: row.organisation,
            })
            .collect();
        let found = model.training().recalibration;
        assert_eq!(found, params.recalibration().fit(&rows).unwrap());
        assert!(found.shift != 0.0 && found.slope == 1.0, "{params:?}");
        let before = scorer.log_odds(training.matrix()).unwrap();
        for (now, before) in predictions(&model, &training).iter().zip(before) {
            assert_abs_diff_eq!(*now, before + found.shift, epsilon = 1e-12);
        }
    }
}
