//! FLIC and FLAC: Firth's regression whose mean probability is the observed rate (Puhr et al. 2017,
//! *Statistics in Medicine* 36, section 2.3).

use super::design::{Design, SMALLEST_WEIGHT};
use super::firth_params::{FirthParams, InterceptCorrection};
use super::likelihood::{Logit, Pull};
use super::newton::{Optimum, Point};
use crate::error::{Error, Result};
use ndarray::{Array2, ArrayView2, Axis, concatenate};

impl FirthParams {
    /// The probability of the event without any column, of which [`fit_rows`](Self::fit_rows) needs one: the
    /// leverages add up to 1, so that the modified score k - n p + (1/2 - p) is 0 at
    /// (k + 1/2) / (n + 1). Under FLIC and FLAC it is the observed rate k / n.
    ///
    /// # Errors
    /// `Shape` without rows, or with fewer rows than events; `OneClass` under FLIC and FLAC where
    /// the rate is 0 or 1, which is no finite log-odds.
    pub fn rate(&self, events: usize, rows: usize) -> Result<f64> {
        if rows == 0 || events > rows {
            return Err(Error::Shape {
                what: "rows",
                found: rows,
                expected: events.max(1),
            });
        }
        let (k, n) = (events as f64, rows as f64);
        match self.checked.correction {
            InterceptCorrection::None => Ok((k + 0.5) / (n + 1.0)),
            _ if events == 0 || events == rows => Err(Error::OneClass { rows, events }),
            _ => Ok(k / n),
        }
    }

    /// Firth's slopes with the intercept of maximum likelihood.
    pub(crate) fn flic(&self, design: &Design, beta: &[f64]) -> Result<Vec<f64>> {
        let mut slopes = vec![true; design.order];
        slopes[0] = false;
        let (problem, search) = (Logit::unpenalised(design), self.search(&slopes));
        let mut start = Point::new(beta.to_vec());
        search.evaluate(&problem, &mut start);
        Ok(search.minimise(&problem, start)?.beta)
    }

    /// Maximum likelihood on the rows and their copies; the last coefficient tells them apart.
    pub(crate) fn flac(&self, copies: &Design) -> Result<Optimum> {
        Logit::unpenalised(copies).minimise(None, &self.search(&[]))
    }
}

/// The rows and, with half of each row's leverage as weight, a copy of it with each outcome; a
/// last column is 1 for copies.
pub(crate) fn augmented(
    x: ArrayView2<f64>,
    y: &[bool],
    weights: &[f64],
    leverages: &[f64],
) -> Result<Design> {
    let kept: Vec<usize> = (0..y.len()).filter(|&i| weights[i] > 0.0).collect();
    let rows = x.select(Axis(0), &kept);
    let n = kept.len();
    let copy = Array2::from_shape_fn((3 * n, 1), |(i, _)| if i < n { 0.0 } else { 1.0 });
    let thrice = concatenate![Axis(0), rows, rows, rows];
    let wide = concatenate![Axis(1), thrice, copy];
    let observed = kept.iter().map(|&i| (y[i], weights[i]));
    // A copy too light to be a row has no part.
    let light = |h: f64| h <= 4.0 * SMALLEST_WEIGHT;
    let half = move |h: &f64| if light(*h) { 0.0 } else { h / 2.0 };
    let copies = [true, false].into_iter();
    let copies = copies.flat_map(|y| leverages.iter().map(move |h| (y, half(h))));
    let (labels, masses): (Vec<bool>, Vec<f64>) = observed.chain(copies).unzip();
    Design::weighted(wide.view(), &labels, &masses)
}

impl Logit<'_> {
    /// The log-likelihood alone.
    pub(crate) fn unpenalised(design: &Design) -> Logit<'_> {
        Logit {
            pull: Pull::ridge(0.0, design.order),
            design,
        }
    }
}
