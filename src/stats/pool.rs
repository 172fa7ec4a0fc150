//! The rising step function nearest to the outcomes.
//!
//! Pool adjacent violators (Ayer et al. 1955, *Annals of Mathematical Statistics* 26:641-647;
//! Barlow et al. 1972, *Statistical Inference under Order Restrictions*, section 1.2).

/// Rows pooled into one level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pool {
    /// Rows with the event.
    pub(crate) events: f64,
    /// Rows.
    pub(crate) rows: f64,
}

impl Pool {
    /// The share with the event.
    pub(crate) fn level(&self) -> f64 {
        self.events / self.rows
    }
}

/// Pools neighbours until levels rise strictly; together they hold the same rows in the same order.
pub(crate) fn pool_adjacent_violators(pools: impl Iterator<Item = Pool>) -> Vec<Pool> {
    let mut rising: Vec<Pool> = Vec::new();
    for mut pool in pools {
        while let Some(before) = rising.pop_if(|before| before.level() >= pool.level()) {
            pool.events += before.events;
            pool.rows += before.rows;
        }
        rising.push(pool);
    }
    rising
}
