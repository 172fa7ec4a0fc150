//! From a value to a place: linear, and bands.

/// Values on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    domain: (f64, f64),
    range: (f64, f64),
}

impl Scale {
    /// Equal differences are equally far apart. A domain of no width is widened by 1.
    pub(crate) fn linear(domain: (f64, f64), range: (f64, f64)) -> Scale {
        Scale {
            domain: wide(domain),
            range,
        }
    }

    /// With the domain widened to the ends of round steps.
    pub(crate) fn nice(self, most: usize) -> Scale {
        let step = round_step(self.domain.1 - self.domain.0, most);
        let low = (self.domain.0 / step + 1e-9).floor() * step;
        let high = (self.domain.1 / step - 1e-9).ceil() * step;
        Scale {
            domain: (low, high),
            ..self
        }
    }

    /// The place of a value; beyond the domain, the place of its nearer end.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let (low, high) = self.domain;
        let value = value.clamp(low, high);
        let share = (value - low) / (high - low);
        self.range.0 + share * (self.range.1 - self.range.0)
    }

    /// The first and last value.
    pub(crate) fn domain(&self) -> (f64, f64) {
        self.domain
    }

    /// The first and last place.
    pub(crate) fn range(&self) -> (f64, f64) {
        self.range
    }

    /// Round values in the domain, rising: about so many, at least two.
    pub(crate) fn ticks(&self, most: usize) -> Vec<f64> {
        let ticks = self.multiples(most);
        // Five steps of a round width leave two of them inside wherever the domain begins.
        if ticks.len() < 2 {
            return self.multiples(5);
        }
        ticks
    }

    fn multiples(&self, most: usize) -> Vec<f64> {
        let (low, high) = self.domain;
        let step = round_step(high - low, most);
        let first = (low / step - 1e-9).ceil() as i64;
        let last = (high / step + 1e-9).floor() as i64;
        (first..=last).map(|k| k as f64 * step).collect()
    }
}

/// The smallest of 1, 2 and 5 times a power of ten that makes at most so many steps.
fn round_step(width: f64, most: usize) -> f64 {
    let least = width / most.max(1) as f64;
    let power = 10f64.powf(least.log10().floor());
    let times = [1.0, 2.0, 5.0, 10.0];
    let fits = times.iter().find(|t| *t * power >= least * (1.0 - 1e-9));
    fits.unwrap_or(&10.0) * power
}

fn wide((low, high): (f64, f64)) -> (f64, f64) {
    if high > low {
        (low, high)
    } else {
        (low, low + 1.0)
    }
}

/// Equal bands, one for each thing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Band {
    count: usize,
    range: (f64, f64),
}

impl Band {
    /// So many bands.
    pub(crate) fn new(count: usize, range: (f64, f64)) -> Band {
        Band { count, range }
    }

    /// The width of a band.
    pub(crate) fn step(&self) -> f64 {
        (self.range.1 - self.range.0) / self.count.max(1) as f64
    }

    /// The middle of a band.
    pub(crate) fn middle(&self, band: usize) -> f64 {
        self.range.0 + (band as f64 + 0.5) * self.step()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round() {
        let ticks = |low, high, most| Scale::linear((low, high), (0.0, 1.0)).ticks(most);
        assert_eq!(ticks(0.0, 10.0, 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks(2013.0, 2023.0, 11).len(), 11);
        let scale = Scale::linear((0.03, 0.47), (0.0, 1.0)).nice(5);
        assert_eq!(scale.domain(), (0.0, 0.5));
    }

    #[test]
    fn bands_share_the_range() {
        let band = Band::new(4, (0.0, 100.0));
        assert_eq!((band.step(), band.middle(3)), (25.0, 87.5));
    }

    proptest! {
        #[test]
        fn a_scale_rises_and_has_few_ticks(
            low in -1e4..1e4f64, width in 1e-3..1e4f64, most in 2..12usize, share in 0.0..1.0f64,
        ) {
            let scale = Scale::linear((low, low + width), (10.0, 90.0)).nice(most);
            let ticks = scale.ticks(most);
            prop_assert!(ticks.len() >= 2 && ticks.len() <= most + 3);
            let at = scale.at(low + share * width);
            prop_assert!((10.0..=90.0).contains(&at) && at <= scale.at(low + width));
        }
    }
}
