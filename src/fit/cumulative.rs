//! The log-likelihood of cumulative logits, with shared slopes or with slopes of each threshold's own.
//!
//! logit P(y <= k) = theta_k - x' beta_k for the levels k = 0, ..., K - 2. Rows may belong to several
//! scales, each with levels and thresholds of its own and all with the same slopes. With u and l the
//! log-odds at a row's own level and at the one below, and d = u - l,
//!
//! P(y) = F(u) - F(l) = F(u) F(-l) (1 - exp(-d)),
//!
//! which loses no digits in either tail. So -ln P is ln(1 + exp(-u)) + ln(1 + exp(l)) plus the
//! barrier -ln(1 - exp(-d)), each of them convex (Pratt 1981, *Journal of the American Statistical
//! Association* 76): the thresholds stay in order, and there is one maximum.

use ndarray::ArrayView2;

use super::event_intercept::EventIntercept;
use super::held_out::LeaveOut;
use super::newton::{Point, Problem};

/// Rows, their levels, and how the coefficients are shared.
pub(crate) struct Cumulative {
    /// Rows z = (1, -x), one after the other.
    pub(crate) rows: Vec<f64>,
    /// What was observed of each row.
    pub(crate) outcomes: Vec<Outcome>,
    /// The first threshold of each scale, and then how many there are in all: a scale has one fewer
    /// than levels.
    pub(crate) firsts: Vec<usize>,
    /// Columns, and one for the threshold.
    pub(crate) width: usize,
    /// Whether all thresholds have the same slopes.
    pub(crate) shared: bool,
    /// Half of these times the squared slopes is added, where they are shared.
    pub(crate) precisions: Vec<f64>,
    /// Of each coefficient.
    pub(crate) magnitudes: Vec<f64>,
}

/// The level of one row.
#[derive(Clone, Copy)]
pub(crate) struct Outcome {
    /// Which scale it is on.
    pub(crate) scale: usize,
    /// The level, from 0.
    pub(crate) level: usize,
    /// How often the row counts.
    pub(crate) weight: f64,
}

/// Log-odds and derivatives of one row's -ln P at one of its ends.
struct Row {
    loss: f64,
    by_upper: f64,
    by_lower: f64,
    /// Second derivatives: by upper twice, by lower twice, and minus the mixed one.
    upper: f64,
    lower: f64,
    barrier: f64,
}

impl Row {
    /// `None` unless the ends are in order. An end that does not exist is infinitely far.
    fn new(upper: Option<f64>, lower: Option<f64>) -> Option<Row> {
        let mut row = Row {
            loss: 0.0,
            by_upper: 0.0,
            by_lower: 0.0,
            upper: 0.0,
            lower: 0.0,
            barrier: 0.0,
        };
        if let Some(u) = upper {
            row.loss += softplus(-u);
            row.by_upper = -logistic(-u);
            row.upper = logistic(u) * logistic(-u);
        }
        if let Some(l) = lower {
            row.loss += softplus(l);
            row.by_lower = logistic(l);
            row.lower = logistic(l) * logistic(-l);
        }
        if let (Some(u), Some(l)) = (upper, lower) {
            let apart = u - l;
            let (grown, shrunk) = (apart.exp_m1(), -(-apart).exp_m1());
            if grown.is_nan() || grown <= 0.0 {
                return None;
            }
            row.loss -= shrunk.ln();
            row.by_upper -= 1.0 / grown;
            row.by_lower += 1.0 / grown;
            row.barrier = 1.0 / (grown * shrunk);
            row.upper += row.barrier;
            row.lower += row.barrier;
        }
        Some(row)
    }
}

/// Where the ends of a row's level are among the thresholds.
#[derive(Clone, Copy)]
pub(crate) struct Ends {
    pub(crate) upper: Option<usize>,
    pub(crate) lower: Option<usize>,
}

impl Cumulative {
    /// Thresholds in all.
    pub(crate) fn thresholds(&self) -> usize {
        self.firsts.last().copied().unwrap_or(0)
    }

    /// Coefficients in all.
    pub(crate) fn order(&self) -> usize {
        if self.shared {
            self.thresholds() + self.width - 1
        } else {
            self.thresholds() * self.width
        }
    }

    /// Where coefficient `j` of threshold `k` stands: thresholds first and then the shared slopes,
    /// or each threshold with slopes of its own.
    pub(crate) fn place(&self, k: usize, j: usize) -> usize {
        match (self.shared, j) {
            (true, 0) => k,
            (true, _) => self.thresholds() - 1 + j,
            (false, _) => k * self.width + j,
        }
    }

    pub(crate) fn ends(&self, outcome: Outcome) -> Ends {
        let Outcome { scale, level, .. } = outcome;
        let (first, next) = (self.firsts[scale], self.firsts[scale + 1]);
        Ends {
            upper: (first + level < next).then_some(first + level),
            lower: level.checked_sub(1).map(|below| first + below),
        }
    }

    /// The row's log-loss with derivatives; `None` where its thresholds are out of order.
    fn row(&self, beta: &[f64], z: &[f64], ends: Ends) -> Option<Row> {
        let at = |k: usize| -> f64 {
            let terms = z.iter().enumerate();
            terms.map(|(j, z)| z * beta[self.place(k, j)]).sum()
        };
        Row::new(ends.upper.map(at), ends.lower.map(at))
    }

    /// Adds the derivative of one row's log-loss, times its weight, to `gradient`.
    fn add_gradient(&self, row: &Row, weight: f64, z: &[f64], ends: Ends, gradient: &mut [f64]) {
        let by = [(ends.upper, row.by_upper), (ends.lower, row.by_lower)];
        for (threshold, derivative) in by {
            for (j, z) in z.iter().enumerate() {
                if let Some(k) = threshold {
                    gradient[self.place(k, j)] += weight * derivative * z;
                }
            }
        }
    }

    /// The derivative of each row's log-loss, times its weight, without the penalty.
    pub(crate) fn row_gradients(&self, beta: &[f64]) -> Vec<Vec<f64>> {
        let rows = self.rows.chunks_exact(self.width).zip(&self.outcomes);
        rows.map(|(z, &outcome)| {
            let mut gradient = vec![0.0; self.order()];
            let ends = self.ends(outcome);
            if let Some(row) = self.row(beta, z, ends) {
                self.add_gradient(&row, outcome.weight, z, ends, &mut gradient);
            }
            gradient
        })
        .collect()
    }

    /// The sum over rows of w z z' (lower triangle) for threshold k: on the diagonal, and between
    /// thresholds k and k + 1.
    fn scatter(&self, sums: &[Vec<f64>], apart: usize, information: &mut [f64]) {
        let (p, width) = (self.order(), self.width);
        for (k, sum) in sums.iter().enumerate() {
            for i in 0..width {
                for j in 0..width {
                    let value = sum[i.max(j) * width + i.min(j)];
                    let (row, column) = (self.place(k, i), self.place(k + apart, j));
                    information[row * p + column] += value;
                    if apart > 0 {
                        information[column * p + row] += value;
                    }
                }
            }
        }
    }
}

impl Problem for Cumulative {
    fn magnitudes(&self) -> &[f64] {
        &self.magnitudes
    }

    fn mass(&self) -> f64 {
        self.outcomes.iter().map(|o| o.weight).sum()
    }

    /// The objective is infinite where thresholds are out of order.
    fn evaluate(&self, point: &mut Point) {
        let width = self.width;
        let mut on = vec![vec![0.0; width * width]; self.thresholds()];
        // The last one stays 0: it has no neighbour above.
        let mut between = on.clone();
        point.gradient.fill(0.0);
        point.information.fill(0.0);
        point.objective = 0.0;
        for (z, &outcome) in self.rows.chunks_exact(width).zip(&self.outcomes) {
            let (weight, ends) = (outcome.weight, self.ends(outcome));
            let Some(row) = self.row(&point.beta, z, ends) else {
                point.objective = f64::INFINITY;
                return;
            };
            point.objective += weight * row.loss;
            if let Some(k) = ends.upper {
                add(&mut on[k], weight * row.upper, z);
            }
            if let Some(k) = ends.lower {
                add(&mut on[k], weight * row.lower, z);
                if ends.upper.is_some() {
                    add(&mut between[k], -weight * row.barrier, z);
                }
            }
            self.add_gradient(&row, weight, z, ends, &mut point.gradient);
        }
        between.pop();
        self.scatter(&on, 0, &mut point.information);
        self.scatter(&between, 1, &mut point.information);
        self.penalise(point);
    }
}

impl Cumulative {
    /// The best model without columns: the log-odds of the cumulative shares.
    pub(crate) fn null(&self) -> Vec<f64> {
        let mut beta = vec![0.0; self.order()];
        for (scale, cuts) in self.firsts.windows(2).enumerate() {
            let mass = |upto: usize| -> f64 {
                let here = self.outcomes.iter().filter(|o| o.scale == scale);
                here.filter(|o| o.level <= upto).map(|o| o.weight).sum()
            };
            let all = mass(usize::MAX);
            for k in cuts[0]..cuts[1] {
                let below = mass(k - cuts[0]);
                beta[self.place(k, 0)] = (below / (all - below)).ln();
            }
        }
        beta
    }

    /// Twice what a log-likelihood of these rows is above that of the best thresholds alone.
    pub(crate) fn likelihood_ratio(&self, log_likelihood: f64) -> f64 {
        let mut null = Point::new(self.null());
        self.evaluate(&mut null);
        2.0 * (log_likelihood + null.objective)
    }

    /// Ridge on the slopes, where they are shared.
    fn penalise(&self, point: &mut Point) {
        if !self.shared {
            return;
        }
        let p = self.order();
        for (j, precision) in (self.thresholds()..p).zip(&self.precisions) {
            let slope = point.beta[j];
            point.objective += 0.5 * precision * slope * slope;
            point.gradient[j] += precision * slope;
            point.information[j * p + j] += precision;
        }
    }

    /// What the penalty adds to the objective at these slopes.
    pub(crate) fn cost(&self, slopes: &[f64]) -> f64 {
        let costs = self.precisions.iter().zip(slopes);
        costs.map(|(precision, b)| 0.5 * precision * b * b).sum()
    }

    /// How many of the slopes the penalty holds, given their variances.
    pub(crate) fn held<'a>(&self, variances: impl Iterator<Item = &'a f64>) -> f64 {
        let shares = self.precisions.iter().zip(variances);
        shares
            .map(|(precision, variance)| precision * variance)
            .sum()
    }

    /// Some of the rows, without the penalty.
    fn part(&self, rows: &[usize]) -> Cumulative {
        let z = |&row: &usize| &self.rows[row * self.width..][..self.width];
        Cumulative {
            rows: rows.iter().flat_map(z).copied().collect(),
            outcomes: rows.iter().map(|&row| self.outcomes[row]).collect(),
            firsts: self.firsts.clone(),
            width: self.width,
            shared: self.shared,
            precisions: Vec::new(),
            magnitudes: self.magnitudes.clone(),
        }
    }
}

/// Rows of cumulative logits, and what is asked of them: log-odds of the event.
pub(crate) struct CumulativeRows<'a> {
    pub(crate) problem: &'a Cumulative,
    /// The rows of the problem that belong to each row of the table.
    pub(crate) of: &'a [Vec<usize>],
    /// How often each row of the table counts.
    pub(crate) weights: &'a [f64],
    /// The part of the slopes' precisions that a row of the table brings that counts once.
    pub(crate) per_row: &'a [f64],
    pub(crate) x: ArrayView2<'a, f64>,
    /// The log-odds of the event are this, or minus the highest threshold, plus the slopes' part.
    pub(crate) intercept: Option<&'a EventIntercept>,
}

impl LeaveOut for CumulativeRows<'_> {
    fn add(&self, rows: &[usize], beta: &[f64], gradient: &mut [f64], information: &mut [f64]) {
        let own: Vec<usize> = rows
            .iter()
            .flat_map(|&row| &self.of[row])
            .copied()
            .collect();
        let mut point = Point::new(beta.to_vec());
        self.problem.part(&own).evaluate(&mut point);
        let sums = gradient.iter_mut().zip(&point.gradient);
        sums.for_each(|(sum, part)| *sum += part);
        let sums = information.iter_mut().zip(&point.information);
        sums.for_each(|(sum, part)| *sum += part);
        let order = beta.len();
        let left: f64 = rows.iter().map(|&row| self.weights[row]).sum();
        for (j, pull) in (self.problem.thresholds()..order).zip(self.per_row) {
            gradient[j] += left * pull * beta[j];
            information[j * order + j] += left * pull;
        }
    }

    fn log_odds(&self, left_out: &[usize], row: usize, beta: &[f64]) -> f64 {
        let cut = self.problem.thresholds();
        let intercept = match self.intercept {
            Some(of_event) => of_event.without(left_out, self.x, &beta[cut..]),
            None => -beta[cut - 1],
        };
        let slopes = self.x.row(row).into_iter().zip(&beta[cut..]);
        intercept + slopes.map(|(x, b)| x * b).sum::<f64>()
    }
}

/// Adds w z z' to the lower triangle of a row-major matrix.
fn add(sum: &mut [f64], weight: f64, z: &[f64]) {
    for (i, row) in sum.chunks_exact_mut(z.len()).enumerate() {
        let weighted = weight * z[i];
        for (sum, z) in row[..=i].iter_mut().zip(z) {
            *sum += weighted * z;
        }
    }
}

fn logistic(v: f64) -> f64 {
    super::logistic::probability(v)
}

/// ln(1 + exp(v)), without overflow.
fn softplus(v: f64) -> f64 {
    v.max(0.0) + (-v.abs()).exp().ln_1p()
}
