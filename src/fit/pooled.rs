//! Pooled judgements: several graded outcomes of each inspection, each on a scale of its own, with
//! the same slopes.
//!
//! For judgement s with its thresholds, logit P(Y_s <= k) = theta_sk - x' beta: proportional odds
//! (McCullagh 1980, *JRSS B* 42) stacked over judgements. The judgements of an inspection go
//! together, so that their likelihoods only add up to a *composite* one (Varin, Reid and Firth 2011,
//! *Statistica Sinica* 21:5-42): an inspection weighs one, shared equally by its judgements, and the
//! covariance is the sandwich A^-1 B A^-1 with scores summed over the rows of a cluster (Liang and
//! Zeger 1986, *Biometrika* 73), B times G / (G - 1) for G clusters.
//!
//! The log-odds of the event itself, any judgement in the highest grade, are a + x' beta: the slopes
//! hold for every judgement by assumption, and a is the one number left, the maximum-likelihood
//! intercept with x' beta as its offset. It is estimated together with the rest: its influence is
//! part of the sandwich.

use std::collections::BTreeMap;

use super::cumulative::{Cumulative, Outcome};
use super::design::Design;
use super::logistic::{FitReport, invert, linear_predictor, probability};
use super::newton::{Optimum, Point, Search};
use super::ordinal::turned;
use super::ridge::{L2, require};
use crate::error::{Error, Result};
use ndarray::{Array1, Array2, ArrayView2};
use serde::{Deserialize, Serialize};

/// Proportional odds over several judgements, not yet fitted.
///
/// ```
/// use forewarn::model::PooledParams;
/// use ndarray::array;
///
/// let x = array![[0.0], [1.0], [2.0], [3.0], [4.0], [5.0]];
/// // Two judgements of each inspection, graded 0 to 2; one was not given.
/// let grades = [[Some(0), Some(0)], [Some(1), Some(0)], [Some(0), Some(1)],
///               [Some(2), Some(1)], [Some(1), None], [Some(2), Some(2)]];
/// let events: Vec<bool> = grades.iter().map(|g| g.contains(&Some(2))).collect();
/// let model = PooledParams::new().fit_rows(x.view(), &grades, &events, &[0, 1, 2, 3, 4, 5])?;
/// assert!(model.coefficients()[0] > 0.0);
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct PooledParams {
    pub(crate) checked: CheckedPooledParams,
}

/// [`PooledParams`] whose values have been checked, as linfa's [`ParamGuard`](linfa::ParamGuard) wants them.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckedPooledParams {
    pub(crate) penalty: L2,
}

/// One judgement's scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Zero-based place among the judgements.
    pub judgement: usize,
    /// The grades that were given, ascending.
    pub grades: Vec<usize>,
    /// Log-odds of each of them but the highest, or a lower one, where all columns are zero.
    pub thresholds: Vec<f64>,
}

/// Fitted pooled judgements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pooled {
    intercept: f64,
    coefficients: Array1<f64>,
    covariance: Array2<f64>,
    scales: Vec<Scale>,
    clusters: usize,
    report: FitReport,
}

impl Default for PooledParams {
    fn default() -> Self {
        PooledParams {
            checked: CheckedPooledParams {
                penalty: L2::PerObservation(0.0),
            },
        }
    }
}

impl PooledParams {
    pub(super) fn check_values(&self) -> Result<()> {
        self.checked.penalty.alpha(1.0).map(|_| ())
    }

    /// All defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Ridge on the slopes; default none. An observation is an inspection.
    pub fn l2(mut self, penalty: L2) -> Self {
        self.checked.penalty = penalty;
        self
    }

    /// Fits to `x`, rows by columns: for each row the grade of each of `J` judgements where given,
    /// whether the event happened, and the cluster it belongs to.
    ///
    /// A judgement that has the same grade in every row says nothing of the slopes and is left out.
    ///
    /// # Errors
    /// `Shape` for other numbers of rows; `OneClass` for events; `InvalidValue` if no judgement has
    /// two grades or there is one cluster; `NotFinite`; without a penalty `Singular` for collinear
    /// columns and `Separated` for separating ones; `NotConverged`.
    pub fn fit_rows<const J: usize, C: Copy + Ord>(
        &self,
        x: ArrayView2<f64>,
        grades: &[[Option<usize>; J]],
        events: &[bool],
        clusters: &[C],
    ) -> Result<Pooled> {
        self.fit_weighted(x, grades, events, clusters, &vec![1.0; events.len()])
    }

    /// The same where row i counts `weights[i]` times; the penalty per observation is per unit of
    /// weight.
    ///
    /// # Errors
    /// Those of [`fit_rows`](Self::fit_rows); `Shape` or `InvalidValue` for weights that cannot be.
    pub fn fit_weighted<const J: usize, C: Copy + Ord>(
        &self,
        x: ArrayView2<f64>,
        grades: &[[Option<usize>; J]],
        events: &[bool],
        clusters: &[C],
        weights: &[f64],
    ) -> Result<Pooled> {
        Design::weighted(x, events, weights)?;
        let alpha = self.checked.penalty.alpha(weights.iter().sum())?;
        let precisions = vec![alpha; x.ncols()];
        let table = Table {
            x: x.view(),
            grades,
            events,
            weights,
        };
        Ok(drawn(&table, clusters, precisions, alpha)?.pooled)
    }
}

/// A fit with what it was found from.
pub(crate) struct Drawn {
    pub(crate) pooled: Pooled,
    pub(crate) problem: Cumulative,
    pub(crate) optimum: Optimum,
    /// The row of the table of each row of the problem.
    pub(crate) rows: Vec<usize>,
}

/// What is fitted.
pub(crate) struct Table<'a, const J: usize> {
    pub(crate) x: ArrayView2<'a, f64>,
    pub(crate) grades: &'a [[Option<usize>; J]],
    pub(crate) events: &'a [bool],
    /// How often each row counts.
    pub(crate) weights: &'a [f64],
}

/// The fit with a precision for each slope; `alpha` is what the report says of them.
pub(crate) fn drawn<const J: usize, C: Copy + Ord>(
    table: &Table<'_, J>,
    clusters: &[C],
    precisions: Vec<f64>,
    alpha: f64,
) -> Result<Drawn> {
    let Table {
        x,
        grades,
        events,
        weights,
    } = *table;
    let design = Design::new(x, events)?;
    for (what, found) in [("grades", grades.len()), ("clusters", clusters.len())] {
        if found != x.nrows() {
            return Err(Error::Shape {
                what,
                found,
                expected: x.nrows(),
            });
        }
    }
    let scales = scales(grades);
    require(
        "judgements with two grades",
        scales.len(),
        !scales.is_empty(),
        "at least one",
    )?;
    let (problem, rows) = stack(table, &scales, &design.magnitudes, precisions);
    let search = Search {
        tolerance: 1e-14,
        max_iterations: 100,
        fixed: &[],
    };
    let mut start = Point::new(problem.null());
    search.evaluate(&problem, &mut start);
    let optimum = search
        .minimise(&problem, start)
        .map_err(|error| problem.refusal(error))?;
    let slopes: Array1<f64> = optimum.beta[problem.thresholds()..]
        .iter()
        .copied()
        .collect();
    let offsets = linear_predictor(x, 0.0, &slopes)?;
    let intercept = intercept(&offsets, events, weights)?;
    let influence = Influence {
        problem: &problem,
        optimum: &optimum,
        rows: &rows,
        probabilities: offsets.mapv(|offset| probability(intercept + offset)),
        events,
        weights,
    };
    let (inverse, condition_number) = invert(&optimum.information, optimum.beta.len())?;
    let (covariance, clusters) = influence.sandwich(x, clusters, &inverse);
    require("clusters", clusters, clusters > 1, "at least 2")?;
    let (order, first) = (optimum.beta.len(), problem.thresholds());
    let held = problem.held(inverse.diag().iter().skip(first));
    let report = FitReport {
        effective_parameters: (order - first + 1) as f64 - held,
        objective: optimum.objective,
        likelihood_ratio: problem
            .likelihood_ratio(problem.cost(&slopes.to_vec()) - optimum.objective),
        gradient_norm: optimum.gradient_norm,
        iterations: optimum.iterations,
        step_halvings: optimum.step_halvings,
        ..FitReport::of_rows(x.ncols(), events, alpha, condition_number)
    };
    let pooled = Pooled {
        intercept,
        scales: with_thresholds(scales, &problem, &optimum),
        clusters,
        report,
        coefficients: slopes,
        covariance,
    };
    Ok(Drawn {
        pooled,
        problem,
        optimum,
        rows,
    })
}

/// One row for each judgement given, and which inspection it is of.
fn stack<const J: usize>(
    table: &Table<'_, J>,
    scales: &[Scale],
    magnitudes: &[f64],
    precisions: Vec<f64>,
) -> (Cumulative, Vec<usize>) {
    let (mut rows, mut outcomes, mut of) = (Vec::new(), Vec::new(), Vec::new());
    let x = table.x;
    for (row, given) in table.grades.iter().enumerate() {
        let levels: Vec<(usize, usize)> = (0..scales.len())
            .filter_map(|s| Some((s, scales[s].level(given[scales[s].judgement]?)?)))
            .collect();
        for &(scale, level) in &levels {
            rows.extend(turned(x.row(row)));
            outcomes.push(Outcome {
                scale,
                level,
                weight: table.weights[row] / levels.len() as f64,
            });
            of.push(row);
        }
    }
    let mut firsts = vec![0];
    for scale in scales {
        firsts.push(firsts[firsts.len() - 1] + scale.grades.len() - 1);
    }
    let thresholds = firsts[firsts.len() - 1];
    let problem = Cumulative {
        rows,
        outcomes,
        firsts,
        width: x.ncols() + 1,
        shared: true,
        precisions,
        magnitudes: [&vec![1.0; thresholds][..], &magnitudes[1..]].concat(),
    };
    (problem, of)
}

impl Scale {
    fn level(&self, grade: usize) -> Option<usize> {
        self.grades.binary_search(&grade).ok()
    }
}

/// The judgements with at least two grades. A grade that was never given has no threshold of its
/// own: its likelihood would put that at infinity or on its neighbour's.
fn scales<const J: usize>(grades: &[[Option<usize>; J]]) -> Vec<Scale> {
    let scale = |judgement: usize| {
        let mut given: Vec<usize> = grades.iter().filter_map(|g| g[judgement]).collect();
        given.sort_unstable();
        given.dedup();
        Scale {
            judgement,
            grades: given,
            thresholds: Vec::new(),
        }
    };
    (0..J).map(scale).filter(|s| s.grades.len() > 1).collect()
}

fn with_thresholds(scales: Vec<Scale>, problem: &Cumulative, optimum: &Optimum) -> Vec<Scale> {
    let ends = problem.firsts.windows(2);
    let thresholds = ends.map(|ends| optimum.beta[ends[0]..ends[1]].to_vec());
    let filled = scales.into_iter().zip(thresholds);
    filled
        .map(|(scale, thresholds)| Scale {
            thresholds,
            ..scale
        })
        .collect()
}

/// The intercept that makes the mean probability the share of events, by bisection: the mean is
/// increasing in it.
fn intercept(offsets: &Array1<f64>, events: &[bool], weights: &[f64]) -> Result<f64> {
    let all: f64 = weights.iter().sum();
    let with = events.iter().zip(weights).filter(|(event, _)| **event);
    let share = with.map(|(_, weight)| weight).sum::<f64>() / all;
    let largest = offsets.iter().fold(0.0, |m: f64, o| m.max(o.abs()));
    let around = (share / (1.0 - share)).ln();
    let (mut low, mut high) = (around - largest - 1.0, around + largest + 1.0);
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return Ok(middle);
        }
        let weighted = offsets.iter().zip(weights);
        let sum: f64 = weighted
            .map(|(o, weight)| weight * probability(middle + o))
            .sum();
        match sum / all < share {
            true => low = middle,
            false => high = middle,
        }
    }
}

/// What each row did to the estimates.
struct Influence<'a> {
    problem: &'a Cumulative,
    optimum: &'a Optimum,
    /// The inspection of each row of the problem.
    rows: &'a [usize],
    /// Of the event, by inspection.
    probabilities: Array1<f64>,
    events: &'a [bool],
    weights: &'a [f64],
}

impl Influence<'_> {
    /// The covariance of intercept and slopes, and the number of clusters.
    fn sandwich<C: Copy + Ord>(
        &self,
        x: ArrayView2<f64>,
        clusters: &[C],
        inverse: &Array2<f64>,
    ) -> (Array2<f64>, usize) {
        let order = self.optimum.beta.len();
        let first = self.problem.thresholds();
        // Minus the gradient of the log-loss, summed over a cluster: thresholds and slopes, then
        // the intercept.
        let mut scores: BTreeMap<C, Vec<f64>> = BTreeMap::new();
        for (gradient, &row) in self
            .problem
            .row_gradients(&self.optimum.beta)
            .iter()
            .zip(self.rows)
        {
            let sum = scores
                .entry(clusters[row])
                .or_insert_with(|| vec![0.0; order + 1]);
            for (sum, g) in sum.iter_mut().zip(gradient) {
                *sum -= g;
            }
        }
        for (row, p) in self.probabilities.iter().enumerate() {
            let sum = scores
                .entry(clusters[row])
                .or_insert_with(|| vec![0.0; order + 1]);
            sum[order] += self.weights[row] * (f64::from(u8::from(self.events[row])) - p);
        }
        let pairs = self.probabilities.iter().zip(self.weights);
        let weights: Array1<f64> = pairs.map(|(p, weight)| weight * p * (1.0 - p)).collect();
        let (total, by_slope) = (weights.sum(), x.t().dot(&weights));
        let width = order - first;
        let mut covariance = Array2::zeros((width + 1, width + 1));
        for score in scores.values() {
            let moved = inverse.dot(&Array1::from(score[..order].to_vec()));
            let slopes: Array1<f64> = moved.iter().skip(first).copied().collect();
            let intercept = (score[order] - by_slope.dot(&slopes)) / total;
            let all: Vec<f64> = [intercept]
                .into_iter()
                .chain(slopes.iter().copied())
                .collect();
            for ((i, j), sum) in covariance.indexed_iter_mut() {
                *sum += all[i] * all[j];
            }
        }
        let g = scores.len() as f64;
        (covariance * (g / (g - 1.0).max(1.0)), scores.len())
    }
}

impl Pooled {
    /// Log-odds of the event where all columns are zero.
    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// Change of the log-odds of a higher grade, in every judgement, per unit of each column.
    pub fn coefficients(&self) -> &Array1<f64> {
        &self.coefficients
    }

    /// The cluster-robust covariance of intercept and then slopes.
    pub fn covariance(&self) -> &Array2<f64> {
        &self.covariance
    }

    /// The scale of each judgement with at least two grades.
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }

    /// How many clusters there were.
    pub fn clusters(&self) -> usize {
        self.clusters
    }

    /// How the fit went; its rows are inspections, its objective is that of the composite
    /// likelihood, and its effective parameters are those of the slopes and one intercept.
    pub fn report(&self) -> &FitReport {
        &self.report
    }
}
