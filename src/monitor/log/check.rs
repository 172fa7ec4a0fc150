//! Which entries are forecasts, by what the data say of the days on which things became known.

use jiff::civil::Date;
use jiff::tz::Offset;
use serde::Serialize;

use super::entry::Entry;
use super::frozen::{FrozenPart, FrozenScore};
use crate::data::{Entity, Knowledge, OrganisationCode, Panel};
use crate::features::FeatureRecipe;

/// Why a frozen score is no forecast.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "why", rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotForecast {
    /// It was frozen after the judgement was published that it would foresee.
    AfterJudgement {
        /// The entry.
        entry: u64,
        /// The organisation.
        organisation: OrganisationCode,
        /// The day of publication.
        published: Date,
    },
    /// It was frozen before a figure that it uses was known.
    BeforeFigure {
        /// The entry.
        entry: u64,
        /// The organisation.
        organisation: OrganisationCode,
        /// The feature.
        feature: String,
        /// The day from which the figure was known, by the entry or by the data.
        known_from: Date,
    },
}

/// The day on which an entry was frozen, in UTC.
pub(super) fn frozen_on(entry: &Entry) -> Date {
    Offset::UTC.to_datetime(entry.frozen_at).date()
}

/// Frozen scores that are no forecasts. A panel read later, with the judgements that came, says so.
pub fn not_forecasts(entries: &[Entry], panel: &Panel) -> Vec<NotForecast> {
    let mut found = Vec::new();
    for entry in entries {
        let Some(frozen) = entry.scores() else {
            continue;
        };
        let recipe = panel.service().recipe(&frozen.recipe).ok();
        for score in &frozen.scores {
            found.extend(too_late(entry, frozen.as_of, score, panel));
            found.extend(too_early(
                (entry, frozen.knowledge),
                score,
                panel,
                recipe.as_ref(),
            ));
        }
    }
    found
}

fn too_late(entry: &Entry, as_of: Date, score: &FrozenScore, panel: &Panel) -> Option<NotForecast> {
    let all = panel.as_of(Date::MAX).judgements(score.organisation);
    let next = all.iter().filter(|i| i.published > as_of);
    let published = next.map(|i| i.published).min()?;
    (published <= frozen_on(entry)).then_some(NotForecast::AfterJudgement {
        entry: entry.number,
        organisation: score.organisation,
        published,
    })
}

fn too_early<'a>(
    (entry, knowledge): (&'a Entry, Knowledge),
    score: &'a FrozenScore,
    panel: &'a Panel,
    recipe: Option<&'a FeatureRecipe>,
) -> impl Iterator<Item = NotForecast> + 'a {
    let frozen = frozen_on(entry);
    let known = move |part: &FrozenPart| {
        let stated = part.known_from?;
        let (period_end, _) = (part.period_end?, part.value?);
        let feature = recipe?.features().iter().find(|f| f.name() == part.feature);
        let by_data = feature.and_then(|feature| {
            let entity = Entity::Authority(score.organisation);
            let indicator = feature.measure.indicator()?;
            let of_period = |day| {
                let mut all = panel.as_of_with(day, knowledge).figures(entity, indicator);
                all.find(|figure| figure.period_end() == period_end)
            };
            match of_period(frozen) {
                Some(_) => None,
                None => of_period(Date::MAX).map(|figure| figure.known_from),
            }
        });
        Some(by_data.map_or(stated, |data| data.max(stated)))
    };
    let parts = score.parts.iter();
    parts.filter_map(move |part| {
        let known_from = known(part).filter(|day| *day > frozen)?;
        Some(NotForecast::BeforeFigure {
            entry: entry.number,
            organisation: score.organisation,
            feature: part.feature.clone(),
            known_from,
        })
    })
}
