//! Each authority over time: past scores by the models of their days, judgements, figures, and
//! what changed since the last quarter.

use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

use super::change::Change;
use super::explain::Explanation;
use super::figures_over_time::Trail;
use super::scores::Scores;
use crate::data::{Authority, AuthorityCode, Framework, Grade, OutcomeRule, Panel, Snapshot};
use crate::error::Result;
use crate::features::TrainingSet;
use crate::model::{RiskModel, RiskParams};
use crate::parallel::in_order;

/// Fewer events than this teach a model of a past day nothing worth showing.
pub const FEWEST_EVENTS: usize = 10;

/// How far profiles look back.
///
/// ```
/// use forewarn::data::OutcomeRule;
/// use forewarn::features::{FeatureRecipe, Months};
/// use forewarn::jiff::civil::date;
/// use forewarn::model::RiskParams;
/// use forewarn::score::ProfileParams;
/// use forewarn::simulate::SimulationParams;
///
/// let panel = SimulationParams::default().simulate()?.panel();
/// let today = panel.as_of(date(2024, 6, 1));
/// let training = today.training(&FeatureRecipe::default(), OutcomeRule::default(), Months(0))?;
/// let model = RiskParams::default().fit(&training)?;
/// let scores = model.score(&panel, today.date())?;
/// let profiles = ProfileParams { quarters: 4 }.run(&model, &panel, &scores)?;
/// assert_eq!(profiles.of.len(), panel.as_of(today.date()).authorities().count());
/// # Ok::<(), forewarn::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProfileParams {
    /// Quarters before the day; default 32.
    pub quarters: u16,
}

/// One day on which a model was learned from what was known then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastModel {
    /// The day.
    pub as_of: Date,
    /// Inspections it learned from.
    pub inspections: usize,
    /// Of these, inspections with the event.
    pub events: usize,
    /// The rate of that day.
    pub base_rate: f64,
    /// Authorities that it scored.
    pub scored: usize,
}

/// One authority's score on a past day, by the model of that day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PastScore {
    /// The day.
    pub as_of: Date,
    /// The probability of being judged Inadequate at an inspection starting the next day.
    pub probability: f64,
    /// The rank among all that were scored on the day.
    pub rank: usize,
}

/// A judgement as known on the day.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// When its report was published.
    pub published: Date,
    /// Under which framework.
    pub framework: Framework,
    /// The grade, where one was given.
    pub grade: Option<Grade>,
    /// Whether it is the event under the outcome rule, where the inspection says.
    pub event: Option<bool>,
    /// Whether it covered all services under SIF or ILACS, as the model's outcomes do.
    pub like_for_like: bool,
}

/// One authority over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The authority.
    pub organisation: AuthorityCode,
    /// Its name.
    pub name: String,
    /// Its region.
    pub region: String,
    /// The names of those that it was formed from.
    pub formed_from: Vec<String>,
    /// The first day of an authority that is younger than the data.
    pub formed_on: Option<Date>,
    /// Its scores, the oldest first, the last of the day itself; days without one are left out.
    pub past: Vec<PastScore>,
    /// Its judgements, the oldest first.
    pub judged: Vec<Judged>,
    /// Its figures.
    pub trails: Vec<Trail>,
    /// What changed since the last quarter, where it had a score on both days.
    pub change: Option<Change>,
}

/// The profiles of all authorities of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profiles {
    /// The day.
    pub as_of: Date,
    /// The models behind the past scores, the oldest first, the last that of the day itself.
    pub models: Vec<PastModel>,
    /// Past days without a model, for lack of judgements to learn from.
    pub days_without_model: usize,
    /// By code; the ones that are not scored are among them.
    pub of: Vec<Profile>,
}

impl Default for ProfileParams {
    fn default() -> Self {
        ProfileParams { quarters: 32 }
    }
}

/// A past day's scores, and the model that gave them.
struct Day {
    scores: Scores,
    record: PastModel,
}

impl ProfileParams {
    /// Learns a model on each past quarter from the judgements published before it, scores what
    /// was known on it, and gathers what a page about an authority tells. The last of the past
    /// scores are `scores`, which `model` gave; the past models are of its family, recipe, outcome
    /// and knowledge.
    ///
    /// Days with fewer than [`FEWEST_EVENTS`] events to learn from, or on which the fit fails, have
    /// no model. On the threads of the current rayon pool with the feature `parallel`, to the same
    /// bits.
    ///
    /// # Errors
    /// [`Error::InvalidValue`](crate::Error::InvalidValue) if the model was trained after the scores'
    /// day; those of [`Snapshot::training`] and [`RiskModel::score`].
    pub fn run(&self, model: &RiskModel, panel: &Panel, scores: &Scores) -> Result<Profiles> {
        let as_of = scores.as_of;
        model.check_days(std::iter::once(as_of))?;
        let known = panel.as_of_with(as_of, model.knowledge());
        let all = known.training(model.recipe(), model.outcome_rule(), model.lead())?;
        let days: Vec<Date> = (1..=self.quarters)
            .rev()
            .map(|q| as_of.saturating_sub(Span::new().months(3 * i64::from(q))))
            .collect();
        let params = model.params();
        let past = in_order(&days, |&day| past_day(&params, &all, panel, day));
        let past: Vec<Option<Day>> = past.into_iter().collect::<Result<_>>()?;
        let days_without_model = past.iter().filter(|day| day.is_none()).count();
        // Only the quarter just before the day explains a change.
        let last = past.last().and_then(Option::as_ref);
        let gather = Gather {
            model,
            panel,
            scores,
            last,
            past: past.iter().flatten().collect(),
        };
        let authorities: Vec<&Authority> = known.authorities().collect();
        let of = in_order(&authorities, |authority| gather.profile(authority));
        let now = PastModel::new(model, scores);
        let models = gather.past.iter().map(|day| day.record.clone());
        Ok(Profiles {
            as_of,
            models: models.chain([now]).collect(),
            days_without_model,
            of: of.into_iter().collect::<Result<_>>()?,
        })
    }
}

fn past_day(
    params: &RiskParams,
    all: &TrainingSet,
    panel: &Panel,
    day: Date,
) -> Result<Option<Day>> {
    let training = all.published_before(day);
    if training.events() < FEWEST_EVENTS {
        return Ok(None);
    }
    let model = match params.refit(&training) {
        Err(error) if error.leaves_no_model() => return Ok(None),
        fitted => fitted?.model,
    };
    let scores = model.score(panel, day)?;
    let record = PastModel::new(&model, &scores);
    Ok(Some(Day { scores, record }))
}

impl PastModel {
    fn new(model: &RiskModel, scores: &Scores) -> PastModel {
        let record = model.training();
        PastModel {
            as_of: scores.as_of,
            inspections: record.inspections,
            events: record.events,
            base_rate: record.rate_now.value,
            scored: scores.scores.len(),
        }
    }
}

/// What the profiles are gathered from.
struct Gather<'a> {
    model: &'a RiskModel,
    panel: &'a Panel,
    scores: &'a Scores,
    /// By day.
    past: Vec<&'a Day>,
    /// The quarter just before the day, if it has a model.
    last: Option<&'a Day>,
}

impl<'a> Gather<'a> {
    fn on(&self, day: Date) -> Snapshot<'a> {
        self.panel.as_of_with(day, self.model.knowledge())
    }

    fn profile(&self, authority: &Authority) -> Result<Profile> {
        let (code, on) = (authority.code, self.on(self.scores.as_of));
        let name = |&code: &AuthorityCode| {
            let known = self.panel.register().get(code);
            known.map_or_else(|| code.to_string(), |a| a.name.clone())
        };
        Ok(Profile {
            organisation: code,
            name: authority.name.clone(),
            region: authority.region.clone(),
            formed_from: authority.predecessors.iter().map(name).collect(),
            formed_on: authority.from,
            past: self.past_scores(code),
            judged: judged(on, code, self.model.outcome_rule()),
            trails: on.trails(self.model.recipe(), authority)?,
            change: self.change(code)?,
        })
    }

    fn past_scores(&self, code: AuthorityCode) -> Vec<PastScore> {
        let days = self.past.iter().map(|day| &day.scores);
        days.chain([self.scores])
            .filter_map(|scores| Some((scores.as_of, scores.of(code)?)))
            .map(|(as_of, score)| PastScore {
                as_of,
                probability: score.probability,
                rank: score.rank,
            })
            .collect()
    }

    fn change(&self, code: AuthorityCode) -> Result<Option<Change>> {
        let Some(last) = self.last else {
            return Ok(None);
        };
        let (Some(before), Some(now)) = (last.scores.of(code), self.scores.of(code)) else {
            return Ok(None);
        };
        let refigured: Explanation = self.model.hindsight(self.on(last.scores.as_of), code)?;
        Ok(Some(Change::new(
            before,
            last.scores.as_of,
            &refigured,
            now,
        )))
    }
}

fn judged(on: Snapshot<'_>, code: AuthorityCode, rule: OutcomeRule) -> Vec<Judged> {
    let mut judged: Vec<Judged> = on
        .judgements(code)
        .iter()
        .map(|i| Judged {
            published: i.published,
            framework: i.framework,
            grade: i.grade(),
            event: rule.event(i),
            like_for_like: i.is_like_for_like(),
        })
        .collect();
    judged.reverse();
    judged
}
