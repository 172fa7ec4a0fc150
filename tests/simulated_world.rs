//! The simulated world behaves like the real one (EVIDENCE.md sections 2 and 3), and its truth is
//! true. Bands are stated beside each test; run with `--nocapture` to see the measured values.

use std::collections::BTreeMap;

use forewarn::data::{
    AuthorityCode, Entity, Framework, Grade, Inspection, OutcomeRule, Register, Standing, Value,
};
use forewarn::jiff::civil::{Date, date};
use forewarn::simulate::{SimulationParams, World};

fn world(seed: u64) -> World {
    let params = SimulationParams {
        seed,
        ..SimulationParams::default()
    };
    params.simulate().unwrap()
}

fn worlds(count: u64) -> Vec<World> {
    (1..=count).map(world).collect()
}

/// Share of pairs in which the event has the higher score; ties count half.
fn auroc(scored: &[(f64, bool)]) -> f64 {
    let scores = |event| move |&&(_, e): &&(f64, bool)| e == event;
    let (mut wins, mut pairs) = (0.0, 0.0);
    for (high, _) in scored.iter().filter(scores(true)) {
        for (low, _) in scored.iter().filter(scores(false)) {
            pairs += 1.0;
            wins += match high.partial_cmp(low).unwrap() {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    wins / pairs
}

fn event(inspection: &Inspection) -> bool {
    OutcomeRule::AnyKeyJudgement.event(inspection).unwrap()
}

/// An authority's first-released figures of one indicator, by period.
type Figures = BTreeMap<AuthorityCode, BTreeMap<Date, f64>>;

fn figures(world: &World, indicator: &str) -> Figures {
    let mut all = Figures::new();
    for o in &world.observations {
        if let (Entity::Authority(code), Value::Number(value)) = (o.entity, o.value)
            && o.indicator.as_str() == indicator
        {
            all.entry(code)
                .or_default()
                .entry(o.period_end)
                .or_insert(value);
        }
    }
    all
}

/// C-statistic of one indicator by census from two before to two after the start of fieldwork;
/// 0 is the last period that ended before it.
fn by_lag(worlds: &[World], indicator: &str) -> [f64; 5] {
    let mut scored: [Vec<(f64, bool)>; 5] = Default::default();
    for world in worlds {
        let all = figures(world, indicator);
        for inspection in world.inspections.iter().filter(|i| i.is_like_for_like()) {
            let start = inspection.start.unwrap();
            let Some(own) = all.get(&inspection.authority) else {
                continue;
            };
            let Some((&last, _)) = own.range(..start).next_back() else {
                continue;
            };
            for (lag, list) in (-2..=2).zip(&mut scored) {
                let period = date(last.year() + lag, last.month(), last.day());
                list.extend(own.get(&period).map(|&v| (v, event(inspection))));
            }
        }
    }
    scored.map(|list| auroc(&list))
}

fn assert_in(what: &str, value: f64, low: f64, high: f64) {
    println!("{what}: {value:.3} ({low} to {high})");
    assert!(
        (low..=high).contains(&value),
        "{what}: {value}, expected {low} to {high}"
    );
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, n) = values
        .into_iter()
        .fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
    sum / n
}

#[test]
fn print_everything() {
    let worlds = worlds(20);
    for m in [
        "agency_rate",
        "vacancy_rate",
        "turnover_rate",
        "caseload",
        "assessments_45_day_rate",
        "rereferral_rate",
        "repeat_plan_rate",
        "conferences_15_day_rate",
        "reviews_on_time_rate",
        "long_plan_rate",
        "referral_rate",
    ] {
        let lags = by_lag(&worlds, m);
        let v: Vec<f64> = worlds
            .iter()
            .flat_map(|w| {
                figures(w, m)
                    .into_iter()
                    .filter(|(c, _)| !["S001", "S002"].contains(&c.as_str()))
                    .flat_map(|(_, y)| y.into_values())
            })
            .collect();
        let eng = mean(worlds.iter().flat_map(|w| {
            w.observations
                .iter()
                .filter(|o| o.entity == Entity::England && o.indicator.as_str() == m)
                .filter_map(|o| o.value.point())
        }));
        println!(
            "{m}: {} | eng {eng:.3} mean {:.3} min {:.3} max {:.3}",
            lags.map(|l| format!("{l:.3}")).join(" "),
            mean(v.iter().copied()),
            v.iter().copied().fold(9e9, f64::min),
            v.iter().copied().fold(0.0, f64::max)
        );
    }
    for (name, from, to) in [
        ("slac", 2009, 2012),
        ("sif", 2013, 2017),
        ("ilacs", 2018, 2021),
        ("late", 2022, 2024),
    ] {
        let rows: Vec<(&Inspection, f64)> = worlds
            .iter()
            .flat_map(|w| w.inspections.iter().zip(&w.risks))
            .filter(|(_, r)| (from..=to).contains(&r.start.year()))
            .map(|(i, r)| (i, r.log_odds))
            .collect();
        println!(
            "{name}: n/world {} inad {:.3} expected {:.3} good+ {:.3} C {:.3}",
            rows.len() as f64 / 20.0,
            mean(rows.iter().map(|(i, _)| f64::from(u8::from(event(i))))),
            mean(rows.iter().map(|(_, l)| 1.0 / (1.0 + (-l).exp()))),
            mean(
                rows.iter().map(|(i, _)| f64::from(u8::from(
                    i.judgements.overall.unwrap() <= Grade::Good
                )))
            ),
            auroc(&rows.iter().map(|(i, l)| (*l, event(i))).collect::<Vec<_>>())
        );
    }
    let mut gaps = [vec![], vec![]];
    let mut prev = vec![];
    for w in &worlds {
        for p in w.inspections.windows(2) {
            if p[0].authority == p[1].authority {
                gaps[usize::from(event(&p[0]))]
                    .push(f64::from((p[1].published - p[0].published).get_days()) / 365.25);
                if p[1].framework != Framework::Slac {
                    prev.push((p[0].grade().unwrap().number(), event(&p[1])))
                }
            }
        }
    }
    println!(
        "gap other {:.2} inad {:.2} prev grade C {:.3}",
        mean(gaps[0].iter().copied()),
        mean(gaps[1].iter().copied()),
        auroc(&prev)
    );
    // NAO
    let (mut g, mut r, mut b) = (vec![], vec![], vec![]);
    for w in &worlds {
        let f = figures(w, "agency_rate");
        for i in w
            .inspections
            .iter()
            .filter(|i| i.framework == Framework::Sif && i.published < date(2016, 8, 25))
        {
            if let Some(v) = f.get(&i.authority).and_then(|y| y.get(&date(2015, 9, 30))) {
                match i.judgements.overall.unwrap() {
                    Grade::Good => g.push(*v),
                    Grade::Inadequate => b.push(*v),
                    _ => r.push(*v),
                }
            }
        }
    }
    println!(
        "agency good {:.3} ri {:.3} inad {:.3}",
        mean(g),
        mean(r),
        mean(b)
    );
    let t = std::time::Instant::now();
    let _ = world(5);
    println!("{:?}", t.elapsed());
}
