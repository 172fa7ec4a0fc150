//! A figure and what it does to a score.

use jiff::civil::Date;

use crate::data::Unit;
use crate::features::{CellState, Measure};
use crate::score::{Contribution, Reason};

/// A date as people write it: `30 September 2022`.
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

impl Contribution {
    /// The figure in words, with its dates: "agency social workers 34.0% at 30 September 2022
    /// (England 17.6%), known 23 February 2023". An asterisk marks a figure of today's revised
    /// series, which stands for the first release.
    pub fn reason(&self) -> String {
        let Some(value) = self.value else {
            return format!(
                "{}: {}",
                self.label,
                self.missing.map_or("missing", CellState::words)
            );
        };
        let (Some(period_end), Some(known)) = (self.period_end, self.known_from) else {
            // Nothing is known to have happened.
            return format!("{}: no", self.label);
        };
        let revised = if self.flags.revised { "*" } else { "" };
        let dates = format!("known {}{revised}", day(known));
        let level = matches!(
            self.measure,
            Measure::Level { .. } | Measure::ShareAmongOthers { .. }
        );
        let number = match (self.unit, self.measure) {
            (Some(unit), _) if level => unit.format(value),
            (Some(Unit::Proportion), _) => format!("{:+.1} points", 100.0 * value),
            (Some(_), _) => format!("{value:+.1}"),
            (
                None,
                Measure::InadequateBefore
                | Measure::FirstInspection
                | Measure::Attribute { .. }
                | Measure::EventWithin { .. },
            ) => (if value == 0.0 { "no" } else { "yes" }).to_owned(),
            (None, Measure::Volatility { .. }) => format!("{:.0} places of 100", 100.0 * value),
            (None, _) if value.fract() == 0.0 => format!("{value:.0}"),
            (None, _) => format!("{value:.1}"),
        };
        let benchmark = match (self.england, self.unit, &self.benchmark_name) {
            (Some(value), Some(unit), Some(name)) => Some(format!("{name} {}", unit.format(value))),
            _ => None,
        };
        let rank = self.rank.map(|rank| match self.lower_riskier {
            true => format!("lower than in {:.0}% of all", 100.0 * (1.0 - rank)),
            false => format!("higher than in {:.0}% of all", 100.0 * rank),
        });
        let beside: Vec<String> = benchmark.into_iter().chain(rank).collect();
        let beside = match beside.is_empty() {
            true => String::new(),
            false => format!(" ({})", beside.join("; ")),
        };
        if self.unit.is_none() {
            return format!("{} {number}, {dates}", self.label);
        }
        format!(
            "{} {number} at {}{beside}, {dates}",
            self.label,
            day(period_end)
        )
    }
}

impl Reason {
    /// The figure in words, with its dates: see [`Contribution::reason`].
    pub fn reason(&self) -> String {
        self.figure.reason()
    }

    /// The same with its size: "... (+6 points)".
    pub fn with_size(&self) -> String {
        format!("{} (+{:.1} points)", self.reason(), 100.0 * self.points)
    }
}
