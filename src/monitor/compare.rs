//! Two scores of everybody: who moved, by what, and beyond what re-fits move.
//!
//! A difference in log-odds is split into four parts that add up to it. The first model is put to what
//! was known on the second side: what its score moves by is due to what became known, feature by
//! feature. What is left between the two models on the same figures is *tuning*: another fit, another
//! calibration, another recipe.
//!
//! A feature's part counts as *new judgements and events* where it is measured from them (the passing
//! of time since them too); as *revised figures* where the period is the same and the figure or its
//! day is not; and as *new figures* otherwise, those of others among them: a benchmark, a rank, or
//! what stands in for a missing figure.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::data::{Basis, Catalogue, OrganisationCode, Panel, ReleaseCalendar, Series};
use crate::error::{Error, Result};
use crate::features::FeatureRecipe;
use crate::model::RiskModel;
use crate::monitor::log::{Frozen, FrozenPart, FrozenScore};
use crate::parallel::in_order;
use crate::score::ScoreParams;

/// Mean absolute movements between re-fits that 95% of movements stay within, if those are normal.
pub(crate) const NOISE: f64 = 2.46;

/// What a score rests on: figures, a model and a day.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What was read.
    pub panel: &'a Panel,
    /// The model.
    pub model: &'a RiskModel,
    /// The day.
    pub as_of: Date,
}

/// Everybody's difference between two sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The first day.
    pub from: Date,
    /// The second day.
    pub to: Date,
    /// Whether tuning is told apart from what became known exactly. It is not where two entries of a
    /// log have different models: there the parts of features whose figure did not change are tuning,
    /// and those of the others hold what tuning did to them.
    pub exact: bool,
    /// All that are scored on either side, the largest difference first, then by code.
    pub organisations: Vec<Difference>,
}

/// One organisation's difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The organisation.
    pub organisation: OrganisationCode,
    /// Its name.
    pub name: String,
    /// Where it stood; `None` where it was not scored.
    pub before: Option<Stood>,
    /// Where it stands; `None` where it is not scored.
    pub after: Option<Stood>,
    /// Whether the risk moved beyond what re-fits move; `None` without re-fits or on one side alone.
    pub beyond_noise: Option<bool>,
    /// The difference in log-odds, in its parts.
    pub log_odds: Split,
    /// Features whose part moved for what became known.
    pub features: Vec<FeatureDifference>,
}

/// Where an organisation stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Stood {
    /// Its risk.
    pub probability: f64,
    /// Its place.
    pub rank: usize,
    /// Whether it is on the list.
    pub on_watchlist: bool,
}

/// A difference in log-odds, in its parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Split {
    /// All of it.
    pub total: f64,
    /// New figures.
    pub new_figures: f64,
    /// New judgements and events.
    pub new_judgements: f64,
    /// Revised figures.
    pub revised_figures: f64,
    /// The models.
    pub tuning: f64,
}

/// One feature's part of a difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FeatureDifference {
    /// The feature.
    pub feature: String,
    /// What it is due to.
    pub cause: Cause,
    /// In log-odds, by the first model.
    pub log_odds: f64,
    /// The figure before, and the last day of its period.
    pub before: (Option<f64>, Option<Date>),
    /// The figure after.
    pub after: (Option<f64>, Option<Date>),
    /// The day from which it was known.
    pub known_from: Option<Date>,
}

/// What the part of a feature moved for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A new figure, its own or others'.
    NewFigure,
    /// A judgement or event, or the time since.
    NewJudgement,
    /// The same period told anew.
    Revised,
}

impl Difference {
    /// Whether it came onto the list.
    pub fn came(&self) -> bool {
        self.after.is_some_and(|s| s.on_watchlist) && !self.before.is_some_and(|s| s.on_watchlist)
    }

    /// Whether it went from the list.
    pub fn went(&self) -> bool {
        self.before.is_some_and(|s| s.on_watchlist) && !self.after.is_some_and(|s| s.on_watchlist)
    }
}

/// Compares two sides: days, models, recipes, or published with own figures.
///
/// # Errors
/// [`Error::InvalidValue`] if the second day is before the first, or the sides are of different
/// services; those of [`RiskModel::score_with`].
pub fn compare(first: Side<'_>, second: Side<'_>, params: ScoreParams) -> Result<Comparison> {
    not_backwards(first.as_of, second.as_of)?;
    let frozen = |model: &RiskModel, side: Side<'_>| {
        let scores = model.score_with(side.panel, side.as_of, params)?;
        Frozen::of_scores(model, side.panel, &scores)
    };
    let sides = [
        (first.model, first),
        (first.model, second),
        (second.model, second),
    ];
    let scored = in_order(&sides, |&(model, side)| frozen(model, side));
    let scored = scored.into_iter().collect::<Result<Vec<_>>>()?;
    // One for each side, in their order.
    Ok(of(&scored[0], Some(&scored[1]), &scored[2]))
}

/// Compares two entries of a log, or of two.
///
/// # Errors
/// [`Error::InvalidValue`] if the second is of an earlier day or of another service.
pub fn compare_frozen(before: &Frozen, after: &Frozen) -> Result<Comparison> {
    not_backwards(before.as_of, after.as_of)?;
    if before.service != after.service {
        return Err(Error::InvalidValue {
            what: "service of the second entry",
            found: after.service.clone(),
            expected: before.service.clone(),
        });
    }
    let same = before.model_sha256 == after.model_sha256;
    Ok(of(before, same.then_some(after), after))
}

fn not_backwards(first: Date, second: Date) -> Result<()> {
    match first <= second {
        true => Ok(()),
        false => Err(Error::InvalidValue {
            what: "second day of a comparison",
            found: second.to_string(),
            expected: format!("{first} or later"),
        }),
    }
}

fn of(before: &Frozen, between: Option<&Frozen>, after: &Frozen) -> Comparison {
    let mut both: BTreeMap<OrganisationCode, [Option<&FrozenScore>; 3]> = BTreeMap::new();
    let sides = [Some(before), between, Some(after)];
    for (side, frozen) in sides.into_iter().enumerate() {
        for score in frozen.into_iter().flat_map(|frozen| &frozen.scores) {
            both.entry(score.organisation).or_default()[side] = Some(score);
        }
    }
    let mut organisations: Vec<Difference> = both.into_values().filter_map(difference).collect();
    organisations.sort_by(|a, b| {
        let size = b.log_odds.total.abs().total_cmp(&a.log_odds.total.abs());
        size.then_with(|| a.organisation.cmp(&b.organisation))
    });
    Comparison {
        from: before.as_of,
        to: after.as_of,
        exact: between.is_some(),
        organisations,
    }
}

fn difference([before, between, after]: [Option<&FrozenScore>; 3]) -> Option<Difference> {
    let either = after.or(before)?;
    let stood = |score: &FrozenScore| Stood {
        probability: score.probability,
        rank: score.rank,
        on_watchlist: score.on_watchlist,
    };
    let (log_odds, features) = match (before, after) {
        (Some(a), Some(b)) => split(a, between, b),
        _ => (Split::default(), Vec::new()),
    };
    let beyond_noise = before.zip(after).and_then(|(a, b)| {
        let noise = a.instability?.max(b.instability?);
        Some((b.probability - a.probability).abs() > NOISE * noise)
    });
    Some(Difference {
        organisation: either.organisation,
        name: either.name.clone(),
        before: before.map(stood),
        after: after.map(stood),
        beyond_noise,
        log_odds,
        features,
    })
}

/// The parts, and the features that moved.
fn split(
    a: &FrozenScore,
    between: Option<&FrozenScore>,
    b: &FrozenScore,
) -> (Split, Vec<FeatureDifference>) {
    let known = between.unwrap_or(b);
    let mut split = Split {
        total: b.linear_predictor - a.linear_predictor,
        ..Split::default()
    };
    let mut features = Vec::new();
    for old in &a.parts {
        let Some(new) = known.parts.iter().find(|new| new.feature == old.feature) else {
            continue;
        };
        let moved = new.log_odds - old.log_odds;
        let cause = cause(old, new);
        if between.is_none() && is_same(old, new) {
            continue;
        }
        match cause {
            Cause::NewFigure => split.new_figures += moved,
            Cause::NewJudgement => split.new_judgements += moved,
            Cause::Revised => split.revised_figures += moved,
        }
        if moved != 0.0 || !is_same(old, new) {
            features.push(FeatureDifference {
                feature: old.feature.clone(),
                cause,
                log_odds: moved,
                before: (old.value, old.period_end),
                after: (new.value, new.period_end),
                known_from: new.known_from,
            });
        }
    }
    let told = split.new_figures + split.new_judgements + split.revised_figures;
    split.tuning = split.total - told;
    features.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    (split, features)
}

fn is_same(old: &FrozenPart, new: &FrozenPart) -> bool {
    (old.value, old.period_end, old.known_from) == (new.value, new.period_end, new.known_from)
}

fn cause(old: &FrozenPart, new: &FrozenPart) -> Cause {
    match (new.of_judgements, old.period_end == new.period_end) {
        (true, _) => Cause::NewJudgement,
        (false, true) if !is_same(old, new) && old.period_end.is_some() => Cause::Revised,
        (false, _) => Cause::NewFigure,
    }
}

/// A release that is to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Expected {
    /// The series.
    pub series: Series,
    /// Last day of the period.
    pub period_end: Date,
    /// When it becomes known.
    pub on: Date,
    /// How sure that is: `fallback` is the series' longest lag, and no announced day.
    pub basis: Basis,
    /// Features of the recipe that are measured from it.
    pub features: Vec<String>,
}

/// What becomes known next after a day, of each series that a recipe is measured from.
///
/// # Errors
/// [`Error::UnknownIndicator`] if the catalogue lacks an indicator of the recipe.
pub fn known_next(
    recipe: &FeatureRecipe,
    catalogue: &Catalogue,
    calendar: &ReleaseCalendar,
    after: Date,
) -> Result<Vec<Expected>> {
    let mut by_series: BTreeMap<Series, Vec<String>> = BTreeMap::new();
    for feature in recipe.features() {
        if let Some(id) = feature.measure.indicator() {
            let series = catalogue.get(id)?.series;
            by_series.entry(series).or_default().push(feature.name());
        }
    }
    let next = |(series, features): (Series, Vec<String>)| {
        let years = after.year().saturating_sub(3)..=after.year().saturating_add(1);
        let releases = years.filter_map(|year| {
            let period_end = series.period_end(year)?;
            Some((period_end, calendar.release(series, period_end)))
        });
        let next = releases.filter(|(_, release)| release.date > after);
        let (period_end, release) = next.min_by_key(|(_, release)| release.date)?;
        Some(Expected {
            series,
            period_end,
            on: release.date,
            basis: release.basis,
            features,
        })
    };
    let mut all: Vec<Expected> = by_series.into_iter().filter_map(next).collect();
    all.sort_by_key(|expected| (expected.on, expected.series));
    Ok(all)
}
