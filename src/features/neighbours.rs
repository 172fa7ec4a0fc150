//! The mean over an organisation's statistical neighbours: one definition for features and pages.

/// Fewer neighbours with a figure than this make no average.
const FEWEST: usize = 5;

/// The mean of what is known of the neighbours; `None` of fewer than five.
pub(crate) fn mean_of_neighbours(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    (count >= FEWEST).then(|| sum / count as f64)
}
