//! Feature choice inside the fit: at most k features, taken one after the other.
//!
//! Each step adds the feature with which the penalised likelihood of the training window is highest:
//! that of ridge at the model's own penalty, or Firth's for a family without one. It stops at k, or
//! where no feature raises twice that likelihood by more than 2 (Akaike 1974, *IEEE Transactions on
//! Automatic Control* 19:716-723). A choice is part of what is learned: every refit of a back-test
//! or a resample makes its own.

use ndarray::{ArrayView2, Axis};

use crate::error::Result;
use crate::fit::FirthParams;
use crate::fit::RidgeParams;

/// A feature that raises the log-likelihood by less is noise.
const LEAST_GAIN: f64 = 1.0;

/// The chosen columns of `x`, ascending: at least one, at most `most`.
pub(super) fn choose(
    has_penalty: bool,
    x: ArrayView2<f64>,
    events: &[bool],
    penalty: f64,
    most: usize,
) -> Result<Vec<usize>> {
    let likelihood = |columns: &[usize]| -> Result<f64> {
        let x = x.select(Axis(1), columns);
        if has_penalty {
            let ridge = RidgeParams::new().penalty(penalty);
            let start = vec![0.0; columns.len() + 1];
            let fit = ridge.fit_from(x.view(), events, &start)?;
            return Ok(-fit.report().objective);
        }
        let firth = FirthParams::new().fit_rows(x.view(), events)?;
        Ok(firth.penalised_log_likelihood())
    };
    let mut chosen: Vec<usize> = Vec::new();
    let mut here = f64::NEG_INFINITY;
    while chosen.len() < most.max(1) {
        let mut best: Option<(f64, usize)> = None;
        for column in (0..x.ncols()).filter(|column| !chosen.contains(column)) {
            let there = likelihood(&[&chosen[..], &[column]].concat())?;
            if best.is_none_or(|(found, _)| there > found) {
                best = Some((there, column));
            }
        }
        match best {
            Some((there, column)) if there > here + LEAST_GAIN => {
                here = there;
                chosen.push(column);
            }
            _ => break,
        }
    }
    chosen.sort_unstable();
    Ok(chosen)
}
