//! Where the Newton steps of a ridge fit start: the only file that mentions linfa-logistic.
//!
//! linfa-logistic 0.8 returns `Ok` wherever its L-BFGS stops, takes the more frequent class as the
//! positive one and is good for 6 to 9 digits. Hence its answer is turned by its own labels, used
//! as a start only if it beats the null model, and returned as a model only after the certificate
//! of [`RidgeParams::tolerance`](super::ridge::RidgeParams::tolerance).
//!
//! Of more than 8,192 rows every sixteenth is fitted first, or, of these, in turn every sixteenth.
//! That costs little and comes within sampling error of the whole, so that three or four Newton
//! steps on all rows remain.

use super::design::{CHUNK_ROWS, Design};
use super::ridge::{CheckedRidgeParams, Solver};
use linfa::dataset::DatasetBase;
use linfa::traits::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::{ArrayView1, ArrayView2, Axis, Slice};

/// linfa only has to get near, Newton steps converge quadratically from there: its own gradient
/// tolerance, per row, and its largest number of L-BFGS iterations.
const LINFA_TOLERANCE: f64 = 1e-2;
const LINFA_ITERATIONS: u64 = 20;
/// linfa is not asked where a column is larger than this: from about 1e12 on, the line search of
/// 0.8.1 was seen never to return. The start is then the null model.
const LINFA_LARGEST: f64 = 1e6;
const THINNED: usize = 16;
/// The tolerance of a fit that is only a start: well inside sampling error.
const ROUGHLY: f64 = 1e-6;

impl CheckedRidgeParams {
    /// Where Newton steps start on these rows; none for the null model.
    pub(crate) fn start(
        &self,
        x: ArrayView2<f64>,
        y: &[bool],
        design: &Design,
        alpha: f64,
    ) -> Option<Vec<f64>> {
        match self.solver {
            Solver::Newton if y.len() > CHUNK_ROWS => self.thinned_start(x, y, alpha),
            Solver::LinfaLogistic if design.largest() <= LINFA_LARGEST => linfa_start(x, y, alpha),
            Solver::Newton | Solver::LinfaLogistic => None,
        }
    }

    /// The minimum on every sixteenth row, roughly; none if these cannot be fitted.
    fn thinned_start(&self, x: ArrayView2<f64>, y: &[bool], alpha: f64) -> Option<Vec<f64>> {
        let x = x.slice_axis(Axis(0), Slice::new(0, None, THINNED as isize));
        let y: Vec<bool> = y.iter().copied().step_by(THINNED).collect();
        let alpha = alpha / THINNED as f64;
        let design = Design::new(x, &y).ok()?;
        let start = self.start(x, &y, &design, alpha);
        let optimum = self.minimise(&design, alpha, start, self.tolerance.max(ROUGHLY));
        optimum.ok().map(|optimum| optimum.beta)
    }
}

/// linfa-logistic's answer, intercept first, for the log-odds of `true`; none if it gave up.
fn linfa_start(x: ArrayView2<f64>, y: &[bool], alpha: f64) -> Option<Vec<f64>> {
    let fitted = LogisticRegression::default()
        .alpha(alpha)
        .max_iterations(LINFA_ITERATIONS)
        .gradient_tolerance(LINFA_TOLERANCE * y.len() as f64)
        .fit(&DatasetBase::new(x, ArrayView1::from(y)))
        .ok()?;
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let start = [fitted.intercept()]
        .into_iter()
        .chain(fitted.params().iter().copied());
    Some(start.map(|v| sign * v).collect())
}
