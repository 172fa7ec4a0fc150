//! One authority's score, with contributions that add up to it and the figure behind each.

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::interval::spans;
use super::watchlist::Capacity;
use crate::data::{AuthorityCode, Entity, Grade, Snapshot, Unit};
use crate::features::{Cell, Column, Flags, Measure};
use crate::model::{LearnedColumn, RiskModel};
use crate::resample::interval::Interval;

/// One feature's part in a score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contribution {
    /// The feature.
    pub feature: String,
    /// Its value from the figures as published, in the feature's unit; `None` where missing.
    pub value: Option<f64>,
    /// Last day of the newest figure's period.
    pub period_end: Option<Date>,
    /// The day from which that figure was known.
    pub known_from: Option<Date>,
    /// Whether the training mean stands in for a missing value.
    pub imputed: bool,
    /// Its part of the linear predictor, in log-odds against the training mean.
    pub log_odds: f64,
    /// The feature in words.
    #[serde(skip)]
    pub label: String,
    /// The unit of `value`; `None` for grades and years.
    #[serde(skip)]
    pub unit: Option<Unit>,
    /// The measure.
    #[serde(skip)]
    pub measure: Measure,
    /// England's figure of the same period, for a level.
    #[serde(skip)]
    pub england: Option<f64>,
    /// The value that entered the score, where shrinkage changed it.
    #[serde(skip)]
    pub shrunk: Option<f64>,
    /// What to know of the figure.
    #[serde(skip)]
    pub flags: Flags,
    /// Why there is no value.
    #[serde(skip)]
    pub missing: Option<&'static str>,
}

/// One authority's score.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// The authority.
    pub authority: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Place from the highest probability, 1 first; ties in the order of codes.
    pub rank: usize,
    /// Whether it is among the first `capacity`.
    pub on_watchlist: bool,
    /// Probability of being judged Inadequate at an inspection starting the next day.
    pub probability: f64,
    /// Log-odds of that probability.
    pub linear_predictor: f64,
    /// The part that is the same for everyone: the log-odds at the training mean.
    pub baseline_log_odds: f64,
    /// The parts of the features; with the baseline they add up to the linear predictor.
    pub contributions: Vec<Contribution>,
    /// The newest grade known.
    pub previous_grade: Option<Grade>,
    /// Years since that grade was published, to two decimals.
    #[serde(serialize_with = "two_decimals")]
    pub years_since_inspection: Option<f64>,
    /// What to know when reading this score.
    pub notes: Vec<String>,
    // Beside the contract of the JSON: a saved model has no training rows to resample, and has to
    // give the same JSON all the same.
    /// Interval of the probability, where computed: see [`Scores::with_intervals`](super::Scores::with_intervals).
    #[serde(skip)]
    pub probability_interval: Option<Interval>,
    /// Interval of the rank, where computed.
    #[serde(skip)]
    pub rank_interval: Option<[usize; 2]>,
    /// Share of resamples in which it is among the first `capacity`, where computed.
    #[serde(skip)]
    pub top_k_probability: Option<f64>,
    /// How far its probability moves between resamples on average, where computed.
    #[serde(skip)]
    pub instability: Option<f64>,
}

fn two_decimals<S: Serializer>(years: &Option<f64>, s: S) -> Result<S::Ok, S::Error> {
    years.map(|y| (100.0 * y).round() / 100.0).serialize(s)
}

impl Contribution {
    fn new(
        model: &RiskModel,
        j: usize,
        column: &Column,
        cell: &Cell,
        england: Option<f64>,
    ) -> Self {
        let learned: &LearnedColumn = &model.columns()[j];
        let measure = column.feature.measure;
        let standardised = learned.standardise(cell, measure);
        let value = cell.value(measure);
        Contribution {
            feature: column.name.clone(),
            value,
            period_end: cell.period_end.filter(|_| value.is_some()),
            known_from: cell.known_from.filter(|_| value.is_some()),
            imputed: value.is_none(),
            log_odds: standardised.map_or(0.0, |z| z * model.coefficients()[j]),
            label: column.label.clone(),
            unit: column.unit,
            measure,
            england,
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
        let (Some(value), Some(period_end), Some(known)) =
            (self.value, self.period_end, self.known_from)
        else {
            return format!("{}: {}", self.label, self.missing.unwrap_or("missing"));
        };
        let revised = if self.flags.revised { "*" } else { "" };
        let dates = format!("known {}{revised}", day(known));
        let level = matches!(self.measure, Measure::Level { .. });
        let number = match (self.unit, self.measure) {
            (Some(unit), _) if level => unit.format(value),
            (Some(Unit::Proportion), _) => format!("{:+.1} points", 100.0 * value),
            (Some(_), _) => format!("{value:+.1}"),
            (None, Measure::YearsSinceInspection) => format!("{value:.1}"),
            (None, Measure::InadequateBefore) if value == 0.0 => "no".to_owned(),
            (None, Measure::InadequateBefore) => "yes".to_owned(),
            (None, _) => format!("{value:.0}"),
        };
        let england = match (self.england, self.unit) {
            (Some(england), Some(unit)) => format!(" (England {})", unit.format(england)),
            _ => String::new(),
        };
        if self.unit.is_none() {
            return format!("{} {number}, {dates}", self.label);
        }
        format!(
            "{} {number} at {}{england}, {dates}",
            self.label,
            day(period_end)
        )
    }

    fn note(&self) -> Option<String> {
        let feature = &self.feature;
        if let Some(missing) = self.missing {
            return Some(format!(
                "{feature}: {missing}; the training mean stands in for it"
            ));
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

fn unit_step(unit: Unit) -> f64 {
    match unit {
        Unit::Proportion => 0.01,
        Unit::Per10kChildren | Unit::CasesPerWorker | Unit::Score | Unit::Count => 1.0,
    }
}

/// A date as people write it: `30 September 2022`.
pub fn day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

impl Score {
    /// The score of one row of features; the rank is given later.
    pub(super) fn new(
        model: &RiskModel,
        on: Snapshot<'_>,
        authority: AuthorityCode,
        columns: &[Column],
        cells: &[Cell],
    ) -> Self {
        let contributions: Vec<Contribution> = columns
            .iter()
            .zip(cells)
            .enumerate()
            .map(|(j, (column, cell))| {
                let england = england(on, column.feature.measure, cell.period_end);
                Contribution::new(model, j, column, cell, england)
            })
            .collect();
        let baseline = model.intercept();
        let linear_predictor = contributions
            .iter()
            .fold(baseline, |sum, c| sum + c.log_odds);
        let history = on.judgements(authority);
        let known = on.panel().register().get(authority);
        Score {
            authority,
            name: known.map(|a| a.name.clone()).unwrap_or_default(),
            rank: 0,
            on_watchlist: false,
            probability: crate::model::probability(linear_predictor),
            linear_predictor,
            baseline_log_odds: baseline,
            notes: notes(model, &contributions, history.persistent_failure()),
            contributions,
            previous_grade: history.previous_grade(),
            years_since_inspection: history.years_since_last(),
            probability_interval: None,
            rank_interval: None,
            top_k_probability: None,
            instability: None,
        }
    }

    /// Whether the interval of its rank has places on both sides of the list's end; `None` where
    /// there is no interval.
    pub fn spans_edge(&self, capacity: Capacity) -> Option<bool> {
        self.rank_interval.map(|rank| spans(rank, capacity))
    }

    /// The contributions that raise the score, the largest first: associations, not causes.
    pub fn reasons(&self) -> Vec<&Contribution> {
        let mut raising: Vec<&Contribution> = self
            .contributions
            .iter()
            .filter(|c| c.log_odds > 0.0)
            .collect();
        raising.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
        raising
    }
}

fn england(on: Snapshot<'_>, measure: Measure, period_end: Option<Date>) -> Option<f64> {
    let Measure::Level { indicator } = measure else {
        return None;
    };
    let period_end = period_end?;
    on.figures(Entity::England, indicator)
        .find(|f| f.period_end() == period_end)
        .and_then(|f| f.point())
}

fn notes(model: &RiskModel, contributions: &[Contribution], persistent: bool) -> Vec<String> {
    let mut notes: Vec<String> = contributions
        .iter()
        .filter_map(Contribution::note)
        .collect();
    notes.extend(model.contradictions().map(|(column, sign)| {
        let more = if sign < 0.0 {
            "a higher value lowers"
        } else {
            "a higher value raises"
        };
        format!(
            "{}: {more} this score, against its declared direction",
            column.feature
        )
    }));
    if persistent {
        notes.push("persistent failure: Inadequate twice within five years".to_owned());
    }
    notes
}
