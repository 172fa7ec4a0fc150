//! The scores of a day as they are frozen.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::data::{Code, Grade, Knowledge, OrganisationCode, OutcomeRule, Panel};
use crate::error::{Error, Result};
use crate::features::CellState;
use crate::model::{InputFile, RiskModel};
use crate::read::table::guard;
use crate::score::{Group, NotScored, Score, Scores};

/// Days before the as-of day whose events are frozen with it.
const EVENT_DAYS: i32 = 366;

/// The scores of a day, with everything that was known of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frozen {
    /// The day.
    pub as_of: Date,
    /// The service.
    pub service: String,
    /// The family of the model.
    pub model: String,
    /// SHA-256 of the model as JSON.
    pub model_sha256: String,
    /// The day that the model was learned on.
    pub trained_on: Date,
    /// The recipe's name.
    pub recipe: String,
    /// What counts as the event.
    pub outcome_rule: OutcomeRule,
    /// When figures counted as known.
    #[serde(with = "crate::data::by_name")]
    pub knowledge: Knowledge,
    /// Places on the list.
    pub capacity: usize,
    /// Whether the figures say of themselves that they are simulated.
    pub simulated: bool,
    /// The files that were read, with their SHA-256.
    pub inputs: Vec<InputFile>,
    /// The scores, by rank.
    pub scores: Vec<FrozenScore>,
    /// Those without a score, and why.
    pub not_scored: Vec<NotScored>,
}

/// One organisation's score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenScore {
    /// The organisation.
    pub organisation: OrganisationCode,
    /// Its name.
    pub name: String,
    /// The risk.
    pub probability: f64,
    /// Its log-odds.
    pub linear_predictor: f64,
    /// The part that is everybody's.
    pub baseline: f64,
    /// Ends of the 95% interval.
    pub interval: [f64; 2],
    /// How far the risk moves between re-fits on average; `None` without re-fits.
    pub instability: Option<f64>,
    /// Its place.
    pub rank: usize,
    /// Where it stands towards the list.
    pub group: Group,
    /// Whether it is on the list.
    pub on_watchlist: bool,
    /// Places in 95 of 100 re-fits.
    pub places: Option<[usize; 2]>,
    /// Probability of the event within 12 months, where the model has that horizon.
    pub in_12_months: Option<f64>,
    /// The newest grade known.
    pub previous_grade: Option<Grade>,
    /// The worst grade twice within five years (National Audit Office 2016, figure 15).
    pub persistent_failure: bool,
    /// All key judgements of the worst grade; `None` where they were not given.
    pub systemic_failure: Option<bool>,
    /// The parts of its features: they and the baseline add up to the log-odds.
    pub parts: Vec<FrozenPart>,
    /// Features that raise it in their declared direction, the largest first.
    pub reasons: Vec<String>,
    /// Events of the year before.
    pub events: Vec<FrozenEvent>,
}

/// One feature's part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenPart {
    /// The feature.
    pub feature: String,
    /// Its part in log-odds.
    pub log_odds: f64,
    /// The figure; `None` where missing.
    pub value: Option<f64>,
    /// Last day of its period.
    pub period_end: Option<Date>,
    /// The day from which it was known.
    pub known_from: Option<Date>,
    /// Why there is no figure.
    pub missing: Option<CellState>,
    /// Whether it is measured from judgements or events, not from a figure.
    pub of_judgements: bool,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenEvent {
    /// Its kind.
    pub kind: Code<40>,
    /// What it found.
    pub finding: Option<Code<40>>,
    /// The day from which it was known.
    pub known_from: Date,
}

/// SHA-256 of a model as JSON: what its entries are known by.
///
/// # Errors
/// Those of [`RiskModel::to_json`].
pub fn sha256_of(model: &RiskModel) -> Result<String> {
    Ok(guard::sha256_of(model.to_json()?.as_bytes()))
}

impl Frozen {
    /// Freezes the scores that a model gave on a day from a panel.
    ///
    /// # Errors
    /// [`Error::InvalidValue`] if the scores are of another model: of another recipe, outcome or
    /// knowledge; those of [`RiskModel::to_json`].
    pub fn new(model: &RiskModel, panel: &Panel, scores: &Scores) -> Result<Frozen> {
        let of_model = (
            model.recipe().name(),
            model.outcome_rule(),
            model.knowledge(),
        );
        if (
            scores.recipe.as_str(),
            scores.outcome_rule,
            scores.knowledge,
        ) != of_model
        {
            return Err(Error::InvalidValue {
                what: "scores to be frozen",
                found: format!("{}, {}", scores.recipe, scores.outcome_rule),
                expected: format!("those of the model: {}, {}", of_model.0, of_model.1),
            });
        }
        let mut frozen = Frozen::of_scores(model, panel, scores)?;
        frozen.model_sha256 = sha256_of(model)?;
        Ok(frozen)
    }

    /// The same, without the hash of the model, which takes longer than all else.
    pub(crate) fn of_scores(model: &RiskModel, panel: &Panel, scores: &Scores) -> Result<Frozen> {
        let frozen = scores.scores.iter().map(|score| one(score, panel, scores));
        Ok(Frozen {
            as_of: scores.as_of,
            service: model.service().to_string(),
            model: model.family().name().to_owned(),
            model_sha256: String::new(),
            trained_on: model.training().date,
            recipe: scores.recipe.clone(),
            outcome_rule: scores.outcome_rule,
            knowledge: scores.knowledge,
            capacity: scores.capacity,
            simulated: panel.is_simulated(),
            inputs: model.inputs().to_vec(),
            scores: frozen.collect(),
            not_scored: scores.not_scored.clone(),
        })
    }

    /// An organisation's score.
    pub fn of(&self, organisation: OrganisationCode) -> Option<&FrozenScore> {
        let mut scores = self.scores.iter();
        scores.find(|score| score.organisation == organisation)
    }
}

fn one(score: &Score, panel: &Panel, scores: &Scores) -> FrozenScore {
    let known = panel.as_of_with(scores.as_of, scores.knowledge);
    let judged = known.judgements(score.organisation);
    let recent = known
        .events(score.organisation)
        .take_while(|event| (scores.as_of - event.known_from).get_days() <= EVENT_DAYS);
    let part = |c: &crate::score::Contribution| FrozenPart {
        feature: c.feature.clone(),
        log_odds: c.log_odds,
        value: c.value,
        period_end: c.period_end,
        known_from: c.known_from,
        missing: c.missing,
        of_judgements: c.measure.indicator().is_none(),
    };
    FrozenScore {
        organisation: score.organisation,
        name: score.name.clone(),
        probability: score.probability,
        linear_predictor: score.linear_predictor,
        baseline: score.baseline_log_odds,
        interval: [score.interval.low, score.interval.high],
        instability: score.instability,
        rank: score.rank,
        group: score.group,
        on_watchlist: score.on_watchlist,
        places: score.places.map(|places| [places.low, places.high]),
        in_12_months: score.within(12).map(|risk| risk.probability),
        previous_grade: score.previous_grade,
        persistent_failure: judged.persistent_failure(),
        systemic_failure: judged.systemic_failure(),
        parts: score.contributions.iter().map(part).collect(),
        reasons: score.reasons.iter().map(|r| r.feature.clone()).collect(),
        events: recent
            .map(|event| FrozenEvent {
                kind: event.kind,
                finding: event.finding,
                known_from: event.known_from,
            })
            .collect(),
    }
}
