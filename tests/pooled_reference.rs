//! Pooled judgements give the numbers of an independent script, tests/reference/pooled.py: its
//! derivatives are complex steps, its sandwich is that of all estimating equations at once.

mod reference;

use forewarn::Error;
use forewarn::model::{L2, OrdinalParams, Pooled, PooledParams};
use ndarray::{Array2, array};
use reference::{json, near, number, numbers};
use serde_json::Value;

const COEFFICIENTS: f64 = 1e-9;
const COVARIANCE: f64 = 1e-9;

struct World {
    x: Array2<f64>,
    grades: Vec<[Option<usize>; 4]>,
    events: Vec<bool>,
    clusters: Vec<u64>,
    fits: Vec<Value>,
}

fn world() -> World {
    let found = json("pooled.json");
    let list = |name: &str| found[name].as_array().unwrap().clone();
    let rows: Vec<Vec<f64>> = list("x").iter().map(numbers).collect();
    let given = |row: &Value| -> [Option<usize>; 4] {
        std::array::from_fn(|j| row[j].as_u64().map(|grade| grade as usize))
    };
    World {
        x: Array2::from_shape_fn((rows.len(), 3), |(i, j)| rows[i][j]),
        grades: list("grades").iter().map(given).collect(),
        events: list("events")
            .iter()
            .map(|e| e.as_bool().unwrap())
            .collect(),
        clusters: list("clusters")
            .iter()
            .map(|c| c.as_u64().unwrap())
            .collect(),
        fits: list("fits"),
    }
}

impl World {
    fn fit(&self, alpha: f64) -> Pooled {
        let params = PooledParams::new().l2(L2::Total(alpha));
        params
            .fit_rows(self.x.view(), &self.grades, &self.events, &self.clusters)
            .unwrap()
    }
}

#[test]
fn estimates_and_the_clustered_covariance_equal_the_script() {
    let world = world();
    for expected in &world.fits {
        let model = world.fit(number(&expected["alpha"]));
        near(
            model.intercept(),
            number(&expected["intercept"]),
            COEFFICIENTS,
        );
        let slopes = numbers(&expected["coefficients"]);
        for (found, expected) in model.coefficients().iter().zip(&slopes) {
            near(*found, *expected, COEFFICIENTS);
        }
        let thresholds: Vec<f64> = model
            .scales()
            .iter()
            .flat_map(|s| s.thresholds.clone())
            .collect();
        let all = numbers(&expected["thresholds"]);
        assert_eq!(thresholds.len(), all.len());
        for (found, expected) in thresholds.iter().zip(&all) {
            near(*found, *expected, COEFFICIENTS);
        }
        for (i, row) in expected["covariance"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
        {
            for (j, expected) in numbers(row).into_iter().enumerate() {
                near(model.covariance()[[i, j]], expected, COVARIANCE);
            }
        }
        near(
            model.report().objective,
            number(&expected["objective"]),
            1e-9,
        );
    }
}

#[test]
fn the_mean_probability_of_the_event_is_its_share() {
    let world = world();
    let model = world.fit(3.0);
    let eta = world.x.dot(model.coefficients()) + model.intercept();
    let mean = eta.mapv(|eta| 1.0 / (1.0 + (-eta).exp())).mean().unwrap();
    let share = world.events.iter().filter(|e| **e).count() as f64 / world.events.len() as f64;
    near(mean, share, 1e-12);
}

#[test]
fn one_judgement_is_proportional_odds() {
    let world = world();
    let (first, grades): (Vec<_>, Vec<_>) =
        world.grades.iter().map(|g| ([g[0]], g[0].unwrap())).unzip();
    let l2 = L2::PerObservation(0.02);
    let pooled = PooledParams::new().l2(l2);
    let found = pooled
        .fit_rows(world.x.view(), &first, &world.events, &world.clusters)
        .unwrap();
    let alone = OrdinalParams::new()
        .l2(l2)
        .fit_rows(world.x.view(), &grades, 4)
        .unwrap();
    for (found, expected) in found.coefficients().iter().zip(alone.coefficients()) {
        near(*found, *expected, 1e-11);
    }
    for (found, expected) in found.scales()[0].thresholds.iter().zip(alone.thresholds()) {
        near(*found, *expected, 1e-11);
    }
}

#[test]
fn a_judgement_given_twice_is_a_judgement_given_once() {
    let world = world();
    let twice: Vec<[Option<usize>; 2]> = world.grades.iter().map(|g| [g[0]; 2]).collect();
    let once: Vec<[Option<usize>; 1]> = world.grades.iter().map(|g| [g[0]]).collect();
    let params = PooledParams::new().l2(L2::Total(1.0));
    let (x, y, of) = (world.x.view(), &world.events, &world.clusters);
    let twice = params.fit_rows(x, &twice, y, of).unwrap();
    let once = params.fit_rows(x, &once, y, of).unwrap();
    for (twice, once) in twice.covariance().iter().zip(once.covariance()) {
        near(*twice, *once, 1e-11);
    }
    assert_eq!(twice.report().rows, once.report().rows);
}

#[test]
fn what_cannot_be_fitted_is_named() {
    let x = array![[0.0], [1.0], [2.0], [3.0]];
    let y = [false, true, false, true];
    let fit = |grades: &[[Option<usize>; 1]], clusters: &[u8]| {
        PooledParams::new()
            .l2(L2::Total(1.0))
            .fit_rows(x.view(), grades, &y, clusters)
            .unwrap_err()
    };
    let same = [[Some(1)]; 4];
    assert_eq!(
        fit(&same, &[0, 1, 2, 3]).to_string(),
        "judgements with two grades: found 0, expected at least one"
    );
    let mixed = [[Some(0)], [Some(1)], [None], [Some(1)]];
    assert_eq!(
        fit(&mixed, &[7; 4]).to_string(),
        "clusters: found 1, expected at least 2"
    );
    assert!(matches!(
        fit(&mixed[..3], &[0; 4]),
        Error::Shape {
            what: "grades",
            found: 3,
            expected: 4
        }
    ));
    assert!(matches!(
        fit(&mixed, &[0; 3]),
        Error::Shape {
            what: "clusters",
            found: 3,
            expected: 4
        }
    ));
}
