//! Firth's penalised likelihood, whose penalty is the invariant prior of Jeffreys.
//!
//! With I = X'WX, W = diag(v p (1 - p)) and row weights v, the objective is
//!
//! f(beta) = -log L(beta) - 1/2 log det I(beta),
//!
//! and its gradient is minus the modified score X'[v (y - p) + h (1/2 - p)], with h the diagonal
//! of the hat matrix W^1/2 X I^-1 X' W^1/2 (Firth 1993, *Biometrika* 80; Heinze and Schemper 2002,
//! *Statistics in Medicine* 21, formula 2). Newton steps use the second derivative of f,
//!
//! X' diag(v w - h (1 - 6 w) / 2) X + G / 2,  w = p (1 - p),
//! G_rs = tr(I^-1 dI/dbeta_r I^-1 dI/dbeta_s),
//!
//! computed on rows z = L^-1 x with I = LL': there I is the identity, h = v w z'z, and
//! G_rs = sum_ab T_rab T_sab with the symmetric T_abc = sum_i v w (1 - 2p) z_a z_b z_c. Far from
//! the maximum it can fail to be positive definite; X'W(1 + h)X, which always is, takes its place.

use super::cholesky::Cholesky;
use super::design::{BLOCK, Block, Design};
use super::likelihood::Terms;
use super::newton::{Point, Problem, hold};
use super::products::dot;

/// Rows under Firth's penalty.
pub(crate) struct Jeffreys<'a> {
    pub(crate) design: &'a Design,
    /// As in the search: only the curvature of the others has to be positive definite.
    pub(crate) fixed: &'a [bool],
}

impl Problem for Jeffreys<'_> {
    fn magnitudes(&self) -> &[f64] {
        &self.design.magnitudes
    }

    fn mass(&self) -> f64 {
        self.design.mass
    }

    /// Leverages are known to fewer digits than log-odds: a solve lies between.
    fn noise(&self, beta: &[f64]) -> f64 {
        4.0 * f64::EPSILON * (self.design.order as f64 + self.reach(beta))
    }

    /// The objective is infinite where I cannot be inverted.
    fn evaluate(&self, point: &mut Point) {
        self.design.evaluate(point);
        let mut memory = Cholesky::new(self.design.order);
        let Some(root) = memory.factor(&point.information) else {
            point.objective = f64::INFINITY;
            return;
        };
        point.objective -= 0.5 * root.log_determinant();
        let (beta, gradient) = (&point.beta, &mut point.gradient);
        let mut sums = Sums::new(self.design.order);
        self.walk(root, beta, |block, rows, z| {
            for (sum, column) in gradient.iter_mut().zip(block) {
                *sum += dot(&rows.residual, column);
            }
            sums.add(rows, z);
        });
        let mut curvature = root.congruent(&sums.second_derivative());
        hold(&mut curvature, self.fixed, self.design.order);
        let usable = Cholesky::new(self.design.order)
            .factor(&curvature)
            .is_some();
        point.information = if usable {
            curvature
        } else {
            self.augmented(root, beta).0
        };
    }
}

impl<'a> Jeffreys<'a> {
    /// All coefficients free.
    pub(crate) fn new(design: &'a Design) -> Self {
        Jeffreys { design, fixed: &[] }
    }

    /// Visits the blocks with what they add and their whitened columns.
    fn walk(
        &self,
        root: &Cholesky,
        beta: &[f64],
        mut visit: impl FnMut(&[Block], &Whitened, &[Block]),
    ) {
        let mut z = vec![[0.0; BLOCK]; self.design.order];
        for rows in self.design.blocks() {
            let terms = Terms::new(&rows, beta);
            root.whiten(rows.columns, &mut z);
            let whitened = Whitened::new(&terms, rows.signs, rows.weights, &z);
            visit(rows.columns, &whitened, &z);
        }
    }

    /// X'WX, X'W(1 + h)X (lower triangles) and the leverage of every row at `beta`; none where the
    /// first cannot be inverted.
    pub(crate) fn at(&self, beta: &[f64]) -> Option<Leverage> {
        let mut point = Point::new(beta.to_vec());
        self.design.evaluate(&mut point);
        let mut memory = Cholesky::new(self.design.order);
        let root = memory.factor(&point.information)?;
        let (augmented, leverages) = self.augmented(root, beta);
        Some(Leverage {
            log_likelihood: -point.objective,
            information: point.information,
            augmented,
            leverages,
        })
    }

    /// X'W(1 + h)X (lower triangle) and the leverages h.
    fn augmented(&self, root: &Cholesky, beta: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let p = self.design.order;
        let mut sum = vec![0.0; p * p];
        let mut leverages = Vec::with_capacity(self.design.rows + BLOCK);
        self.walk(root, beta, |block, rows, _| {
            leverages.extend(rows.leverage);
            for (i, column) in block.iter().enumerate() {
                let weighted = product(&rows.augmented, column);
                for (sum, other) in sum[i * p..][..=i].iter_mut().zip(block) {
                    *sum += dot(&weighted, other);
                }
            }
        });
        leverages.truncate(self.design.rows);
        (sum, leverages)
    }
}

/// What Firth's penalty rests on, at one point.
pub(crate) struct Leverage {
    pub(crate) log_likelihood: f64,
    pub(crate) information: Vec<f64>,
    pub(crate) augmented: Vec<f64>,
    pub(crate) leverages: Vec<f64>,
}

/// What one block of rows adds to the penalty's derivatives.
struct Whitened {
    /// h.
    leverage: Block,
    /// h (p - 1/2).
    residual: Block,
    /// v w - h (1 - 6 w) / 2.
    curvature: Block,
    /// v w (1 + h).
    augmented: Block,
    /// v w (1 - 2p).
    skew: Block,
}

impl Whitened {
    fn new(terms: &Terms, signs: &Block, weights: Option<&Block>, z: &[Block]) -> Self {
        let mut h = [0.0; BLOCK];
        for column in z {
            for (h, z) in h.iter_mut().zip(column) {
                *h += z * z;
            }
        }
        for (h, weight) in h.iter_mut().zip(&terms.weight) {
            *h *= weight;
        }
        let weight = &terms.weight;
        let once = |total: &Block, i: usize| match weights {
            Some(v) if v[i] > 0.0 => total[i] / v[i],
            _ => total[i],
        };
        // p - 1/2 = (p - y) + (y - 1/2).
        let off_half: Block = std::array::from_fn(|i| once(&terms.residual, i) + 0.5 * signs[i]);
        let curve = |i: usize| weight[i] - 0.5 * h[i] * (1.0 - 6.0 * once(weight, i));
        Whitened {
            leverage: h,
            residual: std::array::from_fn(|i| h[i] * off_half[i]),
            curvature: std::array::from_fn(curve),
            augmented: std::array::from_fn(|i| weight[i] * (1.0 + h[i])),
            skew: std::array::from_fn(|i| -2.0 * weight[i] * off_half[i]),
        }
    }
}

/// Sums over rows in whitened coordinates.
struct Sums {
    order: usize,
    /// Row-major, lower triangle.
    curvature: Vec<f64>,
    /// T_abc for a >= b >= c, in that order, each in parts that are added up at the end.
    cubes: Vec<[f64; 8]>,
}

impl Sums {
    fn new(order: usize) -> Self {
        Sums {
            order,
            curvature: vec![0.0; order * order],
            cubes: vec![[0.0; 8]; order * (order + 1) * (order + 2) / 6],
        }
    }

    fn add(&mut self, rows: &Whitened, z: &[Block]) {
        let mut cubes = self.cubes.iter_mut();
        for (a, za) in z.iter().enumerate() {
            let (curved, skewed) = (product(&rows.curvature, za), product(&rows.skew, za));
            for (b, zb) in z[..=a].iter().enumerate() {
                self.curvature[a * self.order + b] += dot(&curved, zb);
                let both = product(&skewed, zb);
                for (zc, sum) in z[..=b].iter().zip(&mut cubes) {
                    add_product(sum, &both, zc);
                }
            }
        }
    }

    /// The second derivative of the objective in whitened coordinates.
    fn second_derivative(&self) -> Vec<f64> {
        let p = self.order;
        let mut slices = vec![0.0; p * p * p];
        let mut cubes = self.cubes.iter().map(|parts| parts.iter().sum::<f64>());
        for a in 0..p {
            for b in 0..=a {
                for (c, cube) in (0..=b).zip(&mut cubes) {
                    for [i, j, k] in [
                        [a, b, c],
                        [b, c, a],
                        [c, a, b],
                        [a, c, b],
                        [b, a, c],
                        [c, b, a],
                    ] {
                        slices[(i * p + j) * p + k] = cube;
                    }
                }
            }
        }
        let slices: Vec<&[f64]> = slices.chunks_exact(p * p).collect();
        let mut second = self.curvature.clone();
        for r in 0..p {
            for s in 0..=r {
                let pairs = slices[r].iter().zip(slices[s]);
                second[r * p + s] += 0.5 * pairs.map(|(a, b)| a * b).sum::<f64>();
            }
        }
        second
    }
}

/// Adds the dot product in eight parts, so that the compiler can use vector instructions.
fn add_product(parts: &mut [f64; 8], a: &Block, b: &Block) {
    for (a, b) in a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0) {
        for i in 0..8 {
            parts[i] += a[i] * b[i];
        }
    }
}

fn product(a: &Block, b: &Block) -> Block {
    std::array::from_fn(|i| a[i] * b[i])
}

impl Cholesky {
    /// Rows z = L^-1 x, column by column.
    fn whiten(&self, x: &[Block], z: &mut [Block]) {
        for (a, column) in x.iter().enumerate() {
            let row = self.row(a);
            let (done, rest) = z.split_at_mut(a);
            let Some(out) = rest.first_mut() else { return };
            *out = *column;
            for (l, z) in row.iter().zip(done) {
                for (out, z) in out.iter_mut().zip(z.iter()) {
                    *out -= l * z;
                }
            }
            for out in out.iter_mut() {
                *out /= row[a];
            }
        }
    }

    /// L M L' for a symmetric M, of which only the lower triangle is read; lower triangle.
    fn congruent(&self, m: &[f64]) -> Vec<f64> {
        let p = self.order();
        let entry = |i: usize, j: usize| if i >= j { m[i * p + j] } else { m[j * p + i] };
        let mut left = vec![0.0; p * p];
        let mut all = vec![0.0; p * p];
        for i in 0..p {
            for j in 0..p {
                let terms = self.row(i).iter().enumerate();
                left[i * p + j] = terms.map(|(k, l)| l * entry(k, j)).sum();
            }
            for j in 0..=i {
                let terms = self.row(j).iter().zip(&left[i * p..][..p]);
                all[i * p + j] = terms.map(|(l, v)| l * v).sum();
            }
        }
        all
    }
}
