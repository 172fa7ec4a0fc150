//! Work on all cores whose results do not depend on how many there are.

use crate::error::{Error, Result};

/// Maps every item, on the current rayon pool with the feature `parallel`; results are in the
/// order of the items.
pub(crate) fn in_order<T: Sync, R: Send>(
    items: &[T],
    map: impl Fn(&T) -> R + Sync + Send,
) -> Vec<R> {
    #[cfg(feature = "parallel")]
    {
        use rayon::prelude::*;
        items.par_iter().map(map).collect()
    }
    #[cfg(not(feature = "parallel"))]
    items.iter().map(map).collect()
}

/// Runs `work` on a pool of so many threads, at least 1. Without the feature `parallel` there is
/// one thread whatever is asked for.
///
/// # Errors
/// [`Error::InvalidValue`] if the system refuses the threads.
pub fn with_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> Result<R> {
    #[cfg(feature = "parallel")]
    {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.max(1))
            .build();
        let refused = |error: rayon::ThreadPoolBuildError| Error::InvalidValue {
            what: "threads",
            found: threads.to_string(),
            expected: error.to_string(),
        };
        pool.map_err(refused).map(|pool| pool.install(work))
    }
    #[cfg(not(feature = "parallel"))]
    {
        let _ = threads;
        Ok::<R, Error>(work())
    }
}
