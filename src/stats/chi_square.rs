//! The chi-square distribution, for tests and limits of likelihoods.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// P(chi-square with `degrees` degrees of freedom > x): erfc(sqrt(x/2)) or exp(-x/2), and from
/// there Q(a + 1, t) = Q(a, t) + t^a exp(-t) / Gamma(a + 1) (Abramowitz and Stegun, 26.4.4 to 5).
pub(crate) fn survival(x: f64, degrees: usize) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let t = x / 2.0;
    let (mut a, mut q) = if degrees % 2 == 1 {
        (0.5, libm::erfc(t.sqrt()))
    } else {
        (1.0, (-t).exp())
    };
    while a < degrees as f64 / 2.0 {
        q += (a * t.ln() - t - libm::lgamma(a + 1.0)).exp();
        a += 1.0;
    }
    q.min(1.0)
}

/// The point z that a standard normal variable's magnitude stays below with probability `level`,
/// between 0 and 1; its square is the chi-square point on one degree of freedom.
pub fn normal_limit(level: f64) -> f64 {
    let beyond = |z: f64| libm::erfc(z * FRAC_1_SQRT_2) - (1.0 - level);
    let mut z = 0.0_f64;
    // Newton steps from below on a convex function rise to its root and never pass it.
    for _ in 0..200 {
        let density = (2.0 / PI).sqrt() * (-0.5 * z * z).exp();
        let step = beyond(z) / density;
        z += step;
        if step.abs() <= 1e-15 * z {
            break;
        }
    }
    z
}

/// P(a standard normal variable lies at least this far from 0).
pub fn two_sided_p(z: f64) -> f64 {
    libm::erfc(z.abs() * FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_r() {
        // R: pchisq(43.6558185, 3, lower = FALSE); pchisq(3.2, 1:5, lower = FALSE)
        let close =
            |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-13, "{found}");
        close(survival(43.655_818_5, 3), 1.785_860_267_613_087e-9);
        let expected = [
            0.073_638_270_120_302_77,
            0.201_896_517_994_655_38,
            0.361_805_027_497_532_2,
            0.524_930_946_786_104_1,
            0.669_182_902_033_243_4,
        ];
        for (degrees, expected) in (1..).zip(expected) {
            close(survival(3.2, degrees), expected);
        }
        // qnorm(c(0.75, 0.95, 0.975, 0.995))
        for (level, z) in [
            (0.5, 0.674_489_750_196_082),
            (0.9, 1.644_853_626_951_472),
            (0.95, 1.959_963_984_540_054),
            (0.99, 2.575_829_303_548_9),
        ] {
            close(normal_limit(level), z);
        }
        assert_eq!(survival(0.0, 1), 1.0);
    }
}
