//! The objective of ridge logistic regression, and of ridge towards a stated point.
//!
//! With rows x_i (a leading 1 for the intercept), labels y_i in {0, 1}, row weights v_i, log-odds
//! eta_i = x_i' beta and p_i = 1 / (1 + exp(-eta_i)), the objective is
//!
//! f(beta) = sum_i v_i [ln(1 + exp(eta_i)) - y_i eta_i] + 1/2 sum_j a_j (beta_j - c_j)^2,
//!
//! its gradient is X'V(p - y) + A(beta - c), and its second derivative, the penalised information,
//! is X'WX + A with W = diag(v p (1 - p)). A Newton step is iteratively reweighted least squares
//! (le Cessie and van Houwelingen 1992, *Applied Statistics* 41). Ridge is a_j = alpha and c_j = 0
//! for every column, and a_0 = 0.

use super::design::{BLOCK, Block, Chunk, Design, Rows};
use super::newton::{Optimum, Point, Problem, Search};
use super::products::add_products;
use crate::error::Result;
use crate::parallel::in_order;

/// How strongly each coefficient is drawn, and where to; intercept first.
pub(crate) struct Pull {
    pub(crate) precisions: Vec<f64>,
    pub(crate) centres: Vec<f64>,
}

impl Pull {
    /// Ridge: all but the intercept, towards 0.
    pub(crate) fn ridge(alpha: f64, order: usize) -> Self {
        let mut precisions = vec![alpha; order];
        precisions[0] = 0.0;
        Pull {
            precisions,
            centres: vec![0.0; order],
        }
    }
}

/// Rows, and the pull on their coefficients.
pub(crate) struct Logit<'a> {
    pub(crate) design: &'a Design,
    pub(crate) pull: Pull,
}

impl Logit<'_> {
    /// Newton steps from `start` (intercept first), or from the null model where that is better.
    pub(crate) fn minimise(&self, start: Option<Vec<f64>>, search: &Search) -> Result<Optimum> {
        let mut null = Point::new(self.design.null());
        let Some(start) = start else {
            search.evaluate(self, &mut null);
            return search.minimise(self, null);
        };
        let mut here = Point::new(start);
        search.evaluate(self, &mut here);
        let better = here.objective <= self.null_objective() * (1.0 + 1e-12); // false for NaN
        if !better {
            search.evaluate(self, &mut null);
            here = null;
        }
        search.minimise(self, here)
    }

    /// The objective of the best model without columns.
    fn null_objective(&self) -> f64 {
        let (all, events) = (self.design.mass, self.design.event_mass);
        let others = all - events;
        let loss = -events * (events / all).ln() - others * (others / all).ln();
        let pulls = self.pull.precisions.iter().zip(&self.pull.centres);
        loss + pulls.skip(1).map(|(a, c)| 0.5 * a * c * c).sum::<f64>()
    }
}

impl Problem for Logit<'_> {
    fn magnitudes(&self) -> &[f64] {
        &self.design.magnitudes
    }

    fn mass(&self) -> f64 {
        self.design.mass
    }

    fn evaluate(&self, point: &mut Point) {
        self.design.evaluate(point);
        let p = self.design.order;
        for j in 0..p {
            let (precision, off) = (
                self.pull.precisions[j],
                point.beta[j] - self.pull.centres[j],
            );
            point.objective += 0.5 * precision * off * off;
            point.gradient[j] += precision * off;
            point.information[j * p + j] += precision;
        }
    }
}

impl Design {
    /// The best model without columns: the log-odds of the share of events.
    pub(crate) fn null(&self) -> Vec<f64> {
        let mut beta = vec![0.0; self.order];
        beta[0] = (self.event_mass / (self.mass - self.event_mass)).ln();
        beta
    }

    /// Summed log-loss, its gradient and X'WX (lower triangle) at `point.beta`, in one pass.
    ///
    /// Each chunk is summed by itself and then the chunks in their order, on one thread as on many:
    /// the bits are the same.
    pub(crate) fn evaluate(&self, point: &mut Point) {
        point.clear();
        if let [only] = self.chunks.as_slice() {
            return only.add(self.order, point);
        }
        let beta = &point.beta;
        let parts = in_order(&self.chunks, |chunk| {
            let mut part = Point::new(beta.clone());
            part.clear();
            chunk.add(self.order, &mut part);
            part
        });
        for part in parts {
            point.objective += part.objective;
            accumulate(&mut point.gradient, &part.gradient);
            accumulate(&mut point.information, &part.information);
        }
    }
}

impl Chunk {
    /// Adds the chunk's loss, gradient and information at `point.beta`, block by block.
    fn add(&self, order: usize, point: &mut Point) {
        // Below the rows of X'WX, that of X'V(p - y), and one of zeros where theirs is an odd number.
        let mut left = vec![[0.0; BLOCK]; (order + 1).next_multiple_of(2)];
        let mut sums = vec![0.0; left.len() * order];
        for rows in self.blocks(order) {
            let terms = Terms::new(&rows, &point.beta);
            point.objective += terms.loss;
            for (left, column) in left.iter_mut().zip(rows.columns) {
                for i in 0..BLOCK {
                    left[i] = terms.weight[i] * column[i];
                }
            }
            left[order] = terms.residual;
            add_products(&left, rows.columns, &mut sums);
        }
        for j in 0..order {
            let triangle = j * order..=j * order + j;
            accumulate(&mut point.information[triangle.clone()], &sums[triangle]);
        }
        accumulate(&mut point.gradient, &sums[order * order..]);
    }
}

fn accumulate(sums: &mut [f64], terms: &[f64]) {
    for (sum, term) in sums.iter_mut().zip(terms) {
        *sum += term;
    }
}

/// What one block of rows adds, row by row.
pub(crate) struct Terms {
    loss: f64,
    /// v (p - y).
    pub(crate) residual: Block,
    /// v p (1 - p).
    pub(crate) weight: Block,
    /// exp(-|eta|).
    tail: Block,
    /// The log-odds of the observed label.
    margin: Block,
}

impl Terms {
    /// Loss, residual and weight of a block at `beta`, times the row weights.
    pub(crate) fn new(rows: &Rows, beta: &[f64]) -> Terms {
        let mut terms = Terms::of_log_odds(rows.columns, rows.signs, beta);
        let Some(weights) = rows.weights else {
            terms.loss = terms.unweighted_loss(rows.signs);
            return terms;
        };
        for (i, weight) in weights.iter().enumerate() {
            terms.residual[i] *= weight;
            terms.weight[i] *= weight;
            terms.loss += weight * (terms.tail[i].ln_1p() + (-terms.margin[i]).max(0.0));
        }
        terms
    }

    /// With s = eta for an event and -eta without, e = exp(-|s|) never overflows, and the
    /// probability of the other label and the weight keep their digits in both tails.
    fn of_log_odds(block: &[Block], signs: &Block, beta: &[f64]) -> Terms {
        let mut eta = [0.0; BLOCK];
        // Eight rows at a time, whose sums stay in registers.
        for (first, eta) in eta.as_chunks_mut::<8>().0.iter_mut().enumerate() {
            let mut sums = [0.0; 8];
            for (column, coefficient) in block.iter().zip(beta) {
                let values = &column.as_chunks::<8>().0[first];
                for i in 0..8 {
                    sums[i] += coefficient * values[i];
                }
            }
            *eta = sums;
        }
        let mut tail = [0.0; BLOCK];
        for (tail, eta) in tail.iter_mut().zip(&eta) {
            *tail = (-eta.abs()).exp();
        }
        let mut margin = [0.0; BLOCK];
        let (mut residual, mut weight) = ([0.0; BLOCK], [0.0; BLOCK]);
        for i in 0..BLOCK {
            margin[i] = signs[i] * eta[i];
            let likely = 1.0 / (1.0 + tail[i]);
            let unlikely = tail[i] * likely;
            residual[i] = -signs[i] * if margin[i] < 0.0 { likely } else { unlikely };
            weight[i] = likely * unlikely;
        }
        Terms {
            loss: 0.0,
            residual,
            weight,
            tail,
            margin,
        }
    }

    /// ln(1 + exp(-s)) = ln(1 + e) + max(-s, 0), with one logarithm of a product, at most 2^32, for
    /// the sum of 32 logarithms.
    fn unweighted_loss(&self, signs: &Block) -> f64 {
        let (mut product, mut hinge) = ([1.0; 4], [0.0; 4]);
        for i in 0..BLOCK {
            product[i % 4] *= 1.0 + self.tail[i] * signs[i].abs();
            hinge[i % 4] += (-self.margin[i]).max(0.0);
        }
        product.iter().product::<f64>().ln() + hinge.iter().sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parallel::with_threads;
    use ndarray::Array2;

    fn bits(point: &Point) -> Vec<u64> {
        let sums = point.gradient.iter().chain(&point.information);
        sums.chain([&point.objective])
            .map(|v| v.to_bits())
            .collect()
    }

    /// As without the feature `parallel`: one chunk after another.
    fn serial(design: &Design, beta: &[f64]) -> Point {
        let mut whole = Point::new(beta.to_vec());
        whole.clear();
        for chunk in &design.chunks {
            let mut part = Point::new(beta.to_vec());
            part.clear();
            chunk.add(design.order, &mut part);
            whole.objective += part.objective;
            accumulate(&mut whole.gradient, &part.gradient);
            accumulate(&mut whole.information, &part.information);
        }
        whole
    }

    #[test]
    fn sums_of_chunks_have_the_same_bits_on_any_number_of_threads() {
        let rows = 20_001; // three chunks, the last of them short
        let x = Array2::from_shape_fn((rows, 4), |(i, j)| ((i * 7 + j * 3) as f64).sin());
        let y: Vec<bool> = (0..rows).map(|i| i % 5 == 0).collect();
        let weights: Vec<f64> = (0..rows).map(|i| 0.5 + (i % 3) as f64).collect();
        let beta = [-1.0, 0.3, -0.2, 0.7, 0.1];
        let designs = [
            Design::new(x.view(), &y).unwrap(),
            Design::weighted(x.view(), &y, &weights).unwrap(),
        ];
        for design in &designs {
            assert_eq!(design.chunks.len(), 3);
            let expected = bits(&serial(design, &beta));
            for threads in [1, 2, 3] {
                let mut point = Point::new(beta.to_vec());
                with_threads(threads, || design.evaluate(&mut point)).unwrap();
                assert_eq!(bits(&point), expected, "{threads} threads");
            }
        }
    }
}
