//! Orthonormal basis of a list of vectors, each taken or found to depend on those before it:
//! Gram-Schmidt, twice for the digits (Golub and Van Loan, *Matrix Computations*, section 5.2).

/// A vector of which less than this share is new depends on those before it.
const DEPENDENT: f64 = 1e-10;

/// A basis, and how the vectors are made of it.
pub(crate) struct Orthonormal {
    basis: Vec<Vec<f64>>,
    /// Which vectors were taken.
    pub(crate) kept: Vec<usize>,
    /// For each vector, its length, the share of it that was new, and its parts along the basis as
    /// it was then, with what was new last.
    parts: Vec<(f64, f64, Vec<f64>)>,
}

impl Orthonormal {
    pub(crate) fn new(vectors: &[Vec<f64>]) -> Self {
        let mut all = Orthonormal {
            basis: Vec::new(),
            kept: Vec::new(),
            parts: Vec::new(),
        };
        for (j, vector) in vectors.iter().enumerate() {
            let largest = vector.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
            let scale = if largest > 0.0 { largest } else { 1.0 };
            let mut rest: Vec<f64> = vector.iter().map(|v| v / scale).collect();
            let length = dot(&rest, &rest).sqrt();
            let mut parts = all.remove(&mut rest);
            let new = dot(&rest, &rest).sqrt();
            let share = if length > 0.0 { new / length } else { 0.0 };
            if share > DEPENDENT {
                parts.push(new);
                all.basis.push(rest.iter().map(|v| v / new).collect());
                all.kept.push(j);
            }
            for part in &mut parts {
                *part *= scale;
            }
            all.parts.push((length * scale, share, parts));
        }
        all
    }

    /// Takes the span out of `rest`; its parts along the basis.
    fn remove(&self, rest: &mut [f64]) -> Vec<f64> {
        let mut parts = vec![0.0; self.basis.len()];
        for _ in 0..2 {
            for (part, direction) in parts.iter_mut().zip(&self.basis) {
                let along = dot(rest, direction);
                *part += along;
                for (rest, d) in rest.iter_mut().zip(direction) {
                    *rest -= along * d;
                }
            }
        }
        parts
    }

    /// Element `i` of each basis vector.
    pub(crate) fn row(&self, i: usize) -> Vec<f64> {
        self.basis.iter().map(|b| b[i]).collect()
    }

    /// The share of `vector` that is not in the span.
    pub(crate) fn beyond(&self, vector: &[f64]) -> f64 {
        let length = dot(vector, vector).sqrt();
        let mut rest: Vec<f64> = vector.iter().map(|v| v / length).collect();
        self.remove(&mut rest);
        dot(&rest, &rest).sqrt()
    }

    /// Row `k` of the inverse of R: the weights that turn parts along the basis into the multiple
    /// of the k-th vector taken; R's columns are the parts of those taken.
    pub(crate) fn coefficient(&self, k: usize) -> Vec<f64> {
        let rank = self.kept.len();
        let r = |i: usize, j: usize| self.parts[self.kept[j]].2[i];
        let mut row = vec![0.0; rank];
        for j in k..rank {
            let before: f64 = (k..j).map(|i| row[i] * r(i, j)).sum();
            row[j] = (f64::from(u8::from(j == k)) - before) / r(j, j);
        }
        row
    }

    /// For vector `j`, the share of it that those taken before leave, and the multiples of those
    /// that make up the rest, each as a share of its length.
    pub(crate) fn made_of(&self, j: usize) -> (f64, Vec<(usize, f64)>) {
        let (length, share, parts) = &self.parts[j];
        let before = self.kept.iter().take_while(|&&k| k < j).count();
        let multiple = |k: usize| {
            // The first columns of R's inverse do not change as R grows.
            let along = dot(&self.coefficient(k)[..before], &parts[..before]);
            let size = self.parts[self.kept[k]].0;
            (self.kept[k], along * size / length)
        };
        (*share, (0..before).map(multiple).collect())
    }
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
