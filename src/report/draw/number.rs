//! Numbers as people write them: formatted here and nowhere else in the report.

use crate::score::Score;
use crate::stats::interval::Interval;
use crate::stats::undefined::Estimate;

/// A probability or share as a percentage with two significant figures: `12%`, `5.1%`, `0.32%`.
/// From 99.5% on `over 99%`, and under 0.1% so, because neither end is known so well.
pub fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent == 0.0 {
        "0%".to_owned()
    } else if percent < 0.1 {
        "under 0.1%".to_owned()
    } else if percent < 0.995 {
        format!("{percent:.2}%")
    } else if percent < 9.95 {
        format!("{percent:.1}%")
    } else if percent < 99.5 {
        format!("{percent:.0}%")
    } else if percent == 100.0 {
        "100%".to_owned()
    } else {
        "over 99%".to_owned()
    }
}

/// A percentage on an axis, with no more digits than the number needs: `10%`, `0.5%`.
pub fn tick_percent(share: f64) -> String {
    format!("{}%", tick(100.0 * share))
}

/// A number on an axis, with no more digits than it needs.
pub fn tick(value: f64) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    // No minus before 0.
    format!("{}", rounded + 0.0).replace('-', "\u{2212}")
}

/// A number with so many decimals, with a true minus sign.
pub fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(zero) if zero.chars().all(|c| matches!(c, '0' | '.')) => zero.to_owned(),
        Some(rest) => format!("\u{2212}{rest}"),
        None => text,
    }
}

/// A whole number with commas: `12,345`.
pub fn whole(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count that can be an expectation: `8` or `8.5`.
pub fn count(value: f64) -> String {
    if (value - value.round()).abs() < 0.05 {
        whole(value.round() as usize)
    } else {
        decimal(value, 1)
    }
}

/// Two ends of an interval of shares: `5.1% to 12%`.
pub fn percent_range(interval: Interval) -> String {
    format!("{} to {}", percent(interval.low), percent(interval.high))
}

/// Two ends of an interval: `0.62 to 0.78`.
pub fn range(interval: Interval, decimals: usize) -> String {
    let (low, high) = (interval.low, interval.high);
    format!("{} to {}", decimal(low, decimals), decimal(high, decimals))
}

/// What stands where a statistic is undefined.
pub const NONE: &str = "\u{2013}";

/// A statistic, or a dash.
pub fn or_dash<T>(estimate: Estimate<T>, words: impl FnOnce(T) -> String) -> String {
    estimate.map_or_else(|_| NONE.to_owned(), words)
}

/// An authority's risk, and the interval of its place: never a bare place.
pub(crate) fn risk_and_places(score: &Score, scored: usize) -> String {
    let risk = percent(score.probability);
    match score.places {
        Some(p) => format!("{risk}, place {} to {} of {scored}", p.low, p.high),
        None => risk,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_have_two_significant_figures() {
        let shown = [
            0.0, 0.0004, 0.0032, 0.00996, 0.0512, 0.0996, 0.123, 0.996, 1.0,
        ]
        .map(percent);
        let expected = [
            "0%",
            "under 0.1%",
            "0.32%",
            "1.0%",
            "5.1%",
            "10%",
            "12%",
            "over 99%",
            "100%",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_minus_is_a_minus_and_zero_has_none() {
        assert_eq!(decimal(-0.123, 2), "\u{2212}0.12");
        assert_eq!(decimal(-0.001, 2), "0.00");
        assert_eq!(tick(-0.5), "\u{2212}0.5");
        assert_eq!(tick(0.1 + 0.2), "0.3");
    }

    #[test]
    fn thousands_have_commas() {
        assert_eq!(
            [0, 999, 1000, 1_234_567].map(whole),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!([8.0, 8.5].map(count), ["8", "8.5"]);
    }
}
