//! Cholesky factor of small symmetric positive definite matrices (order up to about 50).
//!
//! A = L L', with L lower triangular, by rows (Golub and Van Loan, *Matrix Computations*, 4th ed.,
//! section 4.2). The result does not depend on the units of the columns beyond rounding: scaling
//! row and column j by s scales row j of L by s.

/// A pivot below this share of its diagonal element is rounding, not information.
const SMALLEST_PIVOT: f64 = 1e-13;

/// The lower triangular factor, and the memory for the next one.
pub(crate) struct Cholesky {
    order: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Memory for matrices of this order.
    pub(crate) fn new(order: usize) -> Self {
        Cholesky {
            order,
            lower: vec![0.0; order * order],
        }
    }

    /// Factors the row-major `matrix`, of which only the lower triangle is read. `None` unless it
    /// is finite and positive definite, in any units of its columns, up to rounding.
    pub(crate) fn factor(&mut self, matrix: &[f64]) -> Option<&Self> {
        let p = self.order;
        for i in 0..p {
            let (above, row) = self.lower.split_at_mut(i * p);
            for j in 0..i {
                let other = &above[j * p..][..=j];
                row[j] = (matrix[i * p + j] - dot(&row[..j], &other[..j])) / other[j];
            }
            let diagonal = matrix[i * p + i];
            let pivot = diagonal - dot(&row[..i], &row[..i]);
            // Also false for NaN, and for infinity.
            if !(pivot > 0.0 && pivot > SMALLEST_PIVOT * diagonal) {
                return None;
            }
            row[i] = pivot.sqrt();
        }
        Some(self)
    }

    /// The matrix's order.
    pub(crate) fn order(&self) -> usize {
        self.order
    }

    /// Row `i` of L, up to its diagonal.
    pub(crate) fn row(&self, i: usize) -> &[f64] {
        &self.lower[i * self.order..][..=i]
    }

    /// The logarithm of A's determinant.
    pub(crate) fn log_determinant(&self) -> f64 {
        (0..self.order).map(|i| 2.0 * self.row(i)[i].ln()).sum()
    }

    /// Overwrites `b` with the solution of A x = b.
    pub(crate) fn solve(&self, b: &mut [f64]) {
        let p = self.order;
        for i in 0..p {
            let row = &self.lower[i * p..][..=i];
            b[i] = (b[i] - dot(&row[..i], &b[..i])) / row[i];
        }
        for i in (0..p).rev() {
            let row = &self.lower[i * p..][..=i];
            b[i] /= row[i];
            let solved = b[i];
            for (b, l) in b[..i].iter_mut().zip(row) {
                *b -= l * solved;
            }
        }
    }

    /// The inverse of A, row-major and exactly symmetric.
    pub(crate) fn inverse(&self) -> Vec<f64> {
        let p = self.order;
        let mut inverse = vec![0.0; p * p];
        for j in 0..p {
            let row = &mut inverse[j * p..][..p];
            row[j] = 1.0;
            self.solve(row);
        }
        for i in 0..p {
            for j in 0..i {
                inverse[j * p + i] = inverse[i * p + j];
            }
        }
        inverse
    }
}

/// Condition number, in the 1-norm, of the matrix scaled to a unit diagonal: one for uncorrelated
/// columns, large for collinear ones, whatever their units. It is at least the ratio of the
/// extreme eigenvalues, and at most that ratio times the order. Scaling first follows Belsley, Kuh
/// and Welsch (1980), *Regression Diagnostics*, section 3.2.
pub(crate) fn condition_number(matrix: &[f64], inverse: &[f64], order: usize) -> f64 {
    let root = |i: usize| matrix[i * order + i].sqrt();
    let norm = |entry: &dyn Fn(usize, usize) -> f64| {
        let column = |j| (0..order).map(|i| entry(i, j)).sum();
        (0..order).map(column).fold(0.0, f64::max)
    };
    norm(&|i, j| matrix[i * order + j].abs() / (root(i) * root(j)))
        * norm(&|i, j| inverse[i * order + j].abs() * (root(i) * root(j)))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    // By hand: L = [2 0 0; 1 3 0; -1 2 1], A = L L'; the determinant is (2 * 3 * 1)^2 = 36.
    const A: [f64; 9] = [4.0, 2.0, -2.0, 2.0, 10.0, 5.0, -2.0, 5.0, 6.0];

    #[test]
    fn factor_solve_and_inverse_of_a_matrix_made_by_hand() {
        let mut memory = Cholesky::new(3);
        let factor = memory.factor(&A).unwrap();
        assert_eq!(factor.lower, [2.0, 0.0, 0.0, 1.0, 3.0, 0.0, -1.0, 2.0, 1.0]);
        let mut x = [4.0 + 4.0 - 6.0, 2.0 + 20.0 + 15.0, -2.0 + 10.0 + 18.0]; // A (1, 2, 3)'
        factor.solve(&mut x);
        assert_eq!(x, [1.0, 2.0, 3.0]);
        // Adjugate over determinant: the (3, 3) cofactor is 40 - 4, the (1, 2) one is -(12 + 10).
        let inverse = factor.inverse();
        assert!((inverse[8] - 1.0).abs() < 1e-15);
        assert!((inverse[1] + 22.0 / 36.0).abs() < 1e-15);
        assert_eq!(inverse[1], inverse[3]);
    }

    #[test]
    fn refuses_what_is_not_positive_definite_in_any_units() {
        let mut memory = Cholesky::new(2);
        for units in [1e-100, 1.0, 1e100] {
            let scaled = |m: [f64; 4]| m.map(|v| v * units);
            assert!(memory.factor(&scaled([1.0, 0.0, 0.0, 1.0])).is_some());
            assert!(memory.factor(&scaled([1.0, 1.0, 1.0, 1.0])).is_none());
            assert!(memory.factor(&scaled([1.0, 2.0, 2.0, 1.0])).is_none());
        }
        assert!(memory.factor(&[0.0; 4]).is_none());
        assert!(memory.factor(&[f64::NAN, 0.0, 0.0, 1.0]).is_none());
        assert!(memory.factor(&[1.0, 0.0, 0.0, f64::INFINITY]).is_none());
    }

    #[test]
    fn condition_number_is_that_of_the_correlations_in_any_units() {
        // Correlation 3/5: eigenvalues 8/5 and 2/5, ratio 4; the 1-norms are 8/5 and 5/2.
        for (a, b) in [(1.0, 1.0), (1e-6, 1e9)] {
            let matrix = [a * a, 0.6 * a * b, 0.6 * a * b, b * b];
            let inverse = Cholesky::new(2).factor(&matrix).unwrap().inverse();
            assert!((condition_number(&matrix, &inverse, 2) - 4.0).abs() < 1e-12);
        }
        // (I + J) / 2 of order 3: eigenvalues 2, 1/2, 1/2; inverse 2 I - J/2; 1-norms 2 and 5/2.
        let matrix = [1.0, 0.5, 0.5, 0.5, 1.0, 0.5, 0.5, 0.5, 1.0];
        let inverse = Cholesky::new(3).factor(&matrix).unwrap().inverse();
        assert!((condition_number(&matrix, &inverse, 3) - 5.0).abs() < 1e-12);
    }
}
