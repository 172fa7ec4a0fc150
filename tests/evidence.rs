//! What a report draws adds up to the back-test that it is drawn from.

mod common;

use common::{code, date, figure, indicator};
use forewarn::data::{Entity, Observation};
use forewarn::features::FeatureRecipe;
use forewarn::jiff::civil::Date;
use forewarn::model::RiskParams;
use forewarn::simulate::SimulationParams;
use forewarn::validate::{BacktestParams, Bootstrap, Evidence, EvidenceParams, Outside, Subset};

fn evidence() -> Evidence {
    let panel = SimulationParams::default().simulate().unwrap().panel();
    let ridge = RiskParams::ridge().penalty(0.05);
    let params = BacktestParams {
        years: (2018, 2021),
        replicates: 40,
        ..BacktestParams::new(vec![FeatureRecipe::lead_indicators()], vec![&ridge])
    };
    let backtest = params.run(&panel, &|_, _| {}).unwrap();
    let params = EvidenceParams {
        list_share: 0.2,
        bootstrap: Bootstrap::new(40, 1),
        indicators: &[indicator("agency_rate")],
        as_of: date("2022-01-01"),
    };
    Evidence::new(backtest, &panel, &params).unwrap()
}

#[test]
fn parts_add_up_to_the_backtest() {
    let evidence = evidence();
    let (backtest, recipe) = (&evidence.backtest, evidence.recipe.as_str());
    let summaries: Vec<_> = backtest.summaries(recipe, 0, Subset::All).collect();
    assert_eq!(summaries.len(), evidence.lists.len());
    for (summary, list) in summaries.iter().zip(&evidence.lists) {
        assert_eq!(summary.model, list.model);
        assert_eq!(summary.capture[1], list.capture, "the list of 20%");
        assert_eq!(list.capture.events, summary.events as f64);
        let interval = list.share_ci95.unwrap();
        assert!((0.0..=1.0).contains(&interval.low) && interval.high <= 1.0);
    }
    let same = evidence.lists[0].behind_first_ci95.unwrap();
    assert_eq!(
        (same.low, same.high),
        (0.0, 0.0),
        "the first against itself"
    );

    let meaning = evidence.meaning.as_ref().unwrap();
    let events = meaning.events as f64;
    let bins = |of: fn(&forewarn::validate::HistogramBin) -> usize| -> usize {
        meaning.histogram.iter().map(of).sum()
    };
    assert_eq!(
        (bins(|b| b.rows), bins(|b| b.events)),
        (meaning.n, meaning.events)
    );
    let curve = &meaning.capture_curve;
    assert!(
        curve
            .windows(2)
            .all(|w| w[0].caught <= w[1].caught && w[0].visits <= w[1].visits)
    );
    assert!(curve.iter().all(|p| p.caught <= p.best_possible + 1e-9));
    let last = curve.last().unwrap();
    assert_eq!(
        (last.visits, last.caught),
        (meaning.n, events),
        "everyone is visited"
    );
    assert!((last.expected_by_chance - events).abs() < 1e-9);
    assert_eq!(
        meaning.by_year.iter().map(|y| y.events).sum::<usize>(),
        meaning.events
    );
    assert_eq!(
        meaning
            .reliability
            .as_ref()
            .unwrap()
            .iter()
            .map(|g| g.rows)
            .sum::<usize>(),
        meaning.n
    );
}

#[test]
fn the_sample_is_that_of_the_last_origin_at_the_first_lead() {
    let evidence = evidence();
    let last = evidence.backtest.origins.last().unwrap();
    assert_eq!(evidence.sample_size.len(), 3);
    for size in &evidence.sample_size {
        assert_eq!(
            (size.inspections, size.events),
            (last.inspections, last.events)
        );
        assert!(size.needed.rows > 0 && size.expected_shrinkage < 1.0);
    }
    let needed = evidence.sample_size.iter().map(|s| s.needed.rows);
    assert!(
        needed.clone().zip(needed.skip(1)).all(|(a, b)| a > b),
        "more to find takes fewer"
    );
}

/// A rate with its counts at the census of 2021.
fn counted(number: &str, above: f64, below: f64) -> Observation {
    Observation {
        numerator: Some(above),
        denominator: Some(below),
        ..figure(
            Entity::Authority(code(number)),
            "agency_rate",
            "2021-09-30",
            "2022-02-24",
            above / below,
        )
    }
}

#[test]
fn a_funnel_pools_the_counts_and_says_who_is_left_out() {
    let numbers = ["T00", "T01", "T02", "T03", "T04"];
    let authorities = numbers.map(|n| common::authority(n, n)).to_vec();
    let mut old = counted("T04", 5.0, 50.0);
    old.period_end = date("2020-09-30");
    old.known_from = date("2021-02-25");
    let without_counts = Observation {
        numerator: None,
        denominator: None,
        ..counted("T03", 10.0, 50.0)
    };
    let figures = vec![
        counted("T00", 10.0, 100.0),
        counted("T01", 20.0, 100.0),
        counted("T02", 90.0, 200.0),
        without_counts,
        old,
    ];
    let panel = common::panel(authorities, figures, Vec::new());
    let of = |day: &str| {
        panel
            .as_of(date(day))
            .funnel(indicator("agency_rate"))
            .unwrap()
    };
    let funnel = of("2023-01-01").unwrap();
    // By hand: 120 of 400.
    assert!((funnel.target - 0.3).abs() < 1e-12);
    assert_eq!((funnel.points.len(), funnel.left_out), (3, 2));
    assert_eq!(
        (funnel.period_end, funnel.known_from),
        (date("2021-09-30"), date("2022-02-24"))
    );
    // (0.45 - 0.3) / sqrt(0.21 / 200).
    assert!((funnel.points[2].z - 0.15 / (0.21f64 / 200.0).sqrt()).abs() < 1e-12);
    assert_eq!(funnel.points[2].outside, Outside::Limits998);
    assert_eq!(funnel.points[1].outside, Outside::Limits95);
    let limits = funnel.limits(100.0);
    assert!(limits.limits998[0] < limits.limits95[0] && limits.limits95[1] < limits.limits998[1]);
    // Before it was published, the newest census is another one, of one authority.
    assert_eq!(of("2021-12-31").unwrap().period_end, date("2020-09-30"));
    assert!(of("2020-01-01").is_none());
    let rate = panel
        .as_of(date("2023-01-01"))
        .funnel(indicator("referral_rate"));
    assert!(rate.unwrap_err().to_string().contains("a proportion"));
}

#[test]
fn a_panel_known_by_a_day_knows_nothing_later() {
    let panel = SimulationParams::default().simulate().unwrap().panel();
    let day = date("2019-03-01");
    let (known, all) = (panel.known_by(day), Date::MAX);
    let recipe = FeatureRecipe::lead_indicators();
    for authority in panel.register().iter() {
        let then = panel.as_of(day).judgements(authority.code);
        let found = known.as_of(all).judgements(authority.code);
        assert!(then.iter().eq(found.iter()));
    }
    let columns = |panel: &forewarn::data::Panel| panel.as_of(day).features(&recipe).unwrap();
    let (then, found) = (columns(&panel), columns(&known));
    assert_eq!(then.rows(), found.rows());
    let text = |m: &forewarn::features::FeatureMatrix| format!("{m:?}");
    assert!(text(&then) == text(&found), "the same features");
    let entity = Entity::England;
    let newest = known.as_of(all).latest(entity, indicator("agency_rate"));
    assert!(newest.is_some_and(|f| f.known_from <= day));
}
