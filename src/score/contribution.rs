//! One feature's part in a score, and the figure behind it.

use jiff::civil::Date;
use serde::Serialize;

use crate::data::Unit;
use crate::features::{Cell, Column, Flags, Measure};
use crate::model::{LearnedColumn, Term};

/// One feature's part in a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contribution {
    /// The feature.
    pub feature: String,
    /// What is measured, from the figures as published, in the feature's unit; `None` where missing.
    pub value: Option<f64>,
    /// The rank of that figure in its release, from 0 to 1, where the rank stands for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<f64>,
    /// Last day of the newest figure's period.
    pub period_end: Option<Date>,
    /// The day from which that figure was known.
    pub known_from: Option<Date>,
    /// Whether something stands in for a missing value: what the known figures say of it, or, in a
    /// theme, the other members.
    pub imputed: bool,
    /// Its part of the linear predictor, in log-odds against the training mean.
    pub log_odds: f64,
    /// The feature in words.
    pub label: String,
    /// The theme that it is a member of.
    pub theme: Option<String>,
    /// The unit of `value`; `None` for grades and years.
    pub unit: Option<Unit>,
    /// The measure.
    #[serde(skip)]
    pub measure: Measure,
    /// Whether the model takes more of it to be riskier where that is declared, or less: `None`
    /// where no direction is declared.
    pub as_declared: Option<bool>,
    /// Whether a lower figure is the riskier one.
    #[serde(skip)]
    pub lower_riskier: bool,
    /// England's figure of the same period, for a level.
    #[serde(rename = "benchmark")]
    pub england: Option<f64>,
    /// The value that entered the score, where shrinkage changed it.
    pub shrunk: Option<f64>,
    /// What to know of the figure.
    pub flags: Flags,
    /// Why there is no value.
    pub missing: Option<&'static str>,
}

impl Contribution {
    pub(super) fn new(
        term: &Term,
        learned: &LearnedColumn,
        column: &Column,
        cell: &Cell,
        part: f64,
    ) -> Self {
        let measure = column.feature.measure;
        let value = cell.value(measure);
        let declared = column.direction.sign();
        // A theme's members are turned, so that its own coefficient says it for all of them.
        let sign = if term.is_theme { Some(1.0) } else { declared };
        Contribution {
            feature: column.name.clone(),
            value,
            rank: cell.rank(),
            period_end: cell.period_end.filter(|_| value.is_some()),
            known_from: cell.known_from.filter(|_| value.is_some()),
            imputed: value.is_none(),
            log_odds: part,
            label: column.label.clone(),
            theme: term.is_theme.then(|| term.name.clone()),
            unit: column.unit,
            measure,
            as_declared: declared.and(sign).map(|sign| sign * term.coefficient > 0.0),
            lower_riskier: declared == Some(-1.0),
            england: None,
            shrunk: cell
                .shrunk_value(measure, learned.prior)
                .filter(|&s| Some(s) != value),
            flags: cell.flags,
            missing: cell.reason(),
        }
    }

    /// The figure in words, with its dates: "agency social workers 34.0% at 30 September 2022
    /// (England 17.6%), known 23 February 2023". An asterisk marks a figure of today's revised
    /// series, which stands for the first release.
    pub fn reason(&self) -> String {
        let Some(value) = self.value else {
            return format!("{}: {}", self.label, self.missing.unwrap_or("missing"));
        };
        let (Some(period_end), Some(known)) = (self.period_end, self.known_from) else {
            // Nothing is known to have happened.
            return format!("{}: no", self.label);
        };
        let revised = if self.flags.revised { "*" } else { "" };
        let dates = format!("known {}{revised}", day(known));
        let level = matches!(self.measure, Measure::Level { .. });
        let number = match (self.unit, self.measure) {
            (Some(unit), _) if level => unit.format(value),
            (Some(Unit::Proportion), _) => format!("{:+.1} points", 100.0 * value),
            (Some(_), _) => format!("{value:+.1}"),
            (None, Measure::InadequateBefore | Measure::EventWithin { .. }) => {
                (if value == 0.0 { "no" } else { "yes" }).to_owned()
            }
            (None, Measure::Volatility { .. }) => format!("{:.0} places of 100", 100.0 * value),
            (None, _) if value.fract() == 0.0 => format!("{value:.0}"),
            (None, _) => format!("{value:.1}"),
        };
        let england = match (self.england, self.unit) {
            (Some(england), Some(unit)) => Some(format!("England {}", unit.format(england))),
            _ => None,
        };
        let rank = self.rank.map(|rank| match self.lower_riskier {
            true => format!("lower than in {:.0}% of authorities", 100.0 * (1.0 - rank)),
            false => format!("higher than in {:.0}% of authorities", 100.0 * rank),
        });
        let beside: Vec<String> = england.into_iter().chain(rank).collect();
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

    pub(super) fn note(&self) -> Option<String> {
        let feature = &self.feature;
        if let Some(missing) = self.missing {
            let stands_in = match &self.theme {
                Some(theme) => format!("left out of the theme {theme}"),
                None => "what its other figures say stands in for it".to_owned(),
            };
            return Some(format!("{feature}: {missing}; {stands_in}"));
        }
        let mut parts = Vec::new();
        if let (Some(shrunk), Some(value), Some(unit)) = (self.shrunk, self.value, self.unit)
            && (shrunk - value).abs() >= VISIBLE * unit_step(unit)
        {
            parts.push(format!(
                "published {}, counted as {}: small numbers are drawn towards the average",
                unit.format(value),
                unit.format(shrunk),
            ));
        }
        let flags = self.flags;
        for (set, words) in [
            (flags.joint, "returned jointly with another authority"),
            (flags.own, "own figure, not published by then"),
            (
                flags.inherited,
                "taken from the authority it was formed from",
            ),
            (
                flags.low,
                "published as 'low': the middle of that interval is used",
            ),
        ] {
            if set {
                parts.push(words.to_owned());
            }
        }
        (!parts.is_empty()).then(|| format!("{feature}: {}", parts.join("; ")))
    }
}

/// Shrinkage by less than a percentage point is not worth a note.
const VISIBLE: f64 = 1.0;

/// A date as people write it: `30 September 2022`.
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

fn unit_step(unit: Unit) -> f64 {
    match unit {
        Unit::Proportion => 0.01,
        Unit::Per10kChildren | Unit::CasesPerWorker | Unit::Score | Unit::Count => 1.0,
    }
}
