//! Lowess: a locally weighted line through points, without robustness iterations.
//!
//! Cleveland 1979, *JASA* 74:829-836, section 2, with the shortcuts of his program (Cleveland
//! 1981, *American Statistician* 35:54): the line is fitted at points at least `delta` apart and
//! joined up between them. It does what R's `lowess(x, y, iter = 0)` does, constants included, so
//! that `rms::val.prob` is reproduced.

/// Share of the points in each local fit.
const SPAN: f64 = 2.0 / 3.0;
/// Points nearer to a fitted one than this share of the range are joined up, not fitted.
const DELTA: f64 = 0.01;

/// The smoothed y at each x; `x` ascending, as long as `y`.
pub(crate) fn lowess(x: &[f64], y: &[f64]) -> Vec<f64> {
    let n = x.len();
    if n < 2 {
        return y.to_vec();
    }
    let width = ((SPAN * n as f64 + 1e-7) as usize).clamp(2, n);
    let delta = DELTA * (x[n - 1] - x[0]);
    let mut smooth = vec![0.0; n];
    let mut left = 0;
    let mut fitted: Option<usize> = None;
    let mut at = 0;
    loop {
        // The window of the `width` nearest points; its two ends are equally far at ties.
        while left + width < n && x[at] - x[left] > x[left + width] - x[at] {
            left += 1;
        }
        smooth[at] = local_line(x, y, x[at], left, left + width - 1).unwrap_or(y[at]);
        if let Some(before) = fitted {
            join(x, &mut smooth, before, at);
        }
        let mut last = at;
        let mut next = at + 1;
        while next < n && x[next] <= x[at] + delta {
            if x[next] == x[at] {
                smooth[next] = smooth[at];
                last = next;
            }
            next += 1;
        }
        if last == n - 1 {
            return smooth;
        }
        fitted = Some(last);
        at = (next - 1).max(last + 1);
    }
}

/// Straight between two fitted points.
fn join(x: &[f64], smooth: &mut [f64], before: usize, at: usize) {
    for between in before + 1..at {
        let share = (x[between] - x[before]) / (x[at] - x[before]);
        smooth[between] = share * smooth[at] + (1.0 - share) * smooth[before];
    }
}

/// The weighted line at `centre`; weights are tricube in the distance to it, and reach beyond
/// `right` only to points as near. `None` if there is no weight.
fn local_line(x: &[f64], y: &[f64], centre: f64, left: usize, right: usize) -> Option<f64> {
    let reach = (centre - x[left]).max(x[right] - centre);
    let weights: Vec<f64> = x[left..]
        .iter()
        .map_while(|&x| {
            let distance = (x - centre).abs();
            (distance <= 0.999 * reach || x <= centre).then(|| tricube(distance, reach))
        })
        .collect();
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        return None;
    }
    let points = || weights.iter().zip(&x[left..]).map(|(w, x)| (w / total, x));
    let mean: f64 = points().map(|(w, x)| w * x).sum();
    let variance: f64 = points().map(|(w, x)| w * (x - mean).powi(2)).sum();
    let range = x[x.len() - 1] - x[0];
    // Points that hardly spread get a weighted mean instead of a line.
    let slope = if reach > 0.0 && variance.sqrt() > 0.001 * range {
        (centre - mean) / variance
    } else {
        0.0
    };
    let line = points().zip(&y[left..]);
    Some(
        line.map(|((w, x), y)| w * (slope * (x - mean) + 1.0) * y)
            .sum(),
    )
}

/// (1 - (distance / reach)^3)^3, and 1 and 0 near the ends, against rounding.
fn tricube(distance: f64, reach: f64) -> f64 {
    if distance > 0.999 * reach {
        0.0
    } else if distance <= 0.001 * reach {
        1.0
    } else {
        (1.0 - (distance / reach).powi(3)).powi(3)
    }
}
