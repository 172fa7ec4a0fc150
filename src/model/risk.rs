//! From a training set to a risk model: everything that is learned is learned here, in one order.

use jiff::civil::Date;
use ndarray::Array1;

use super::choose::choose;
use super::drift::Drift;
use super::families::{Sample, SampleColumn};
use super::linear::Linear;
use super::penalty::Penalty;
use super::preprocess::{Description, Unused};
use super::rate::RateNow;
use super::recalibrate::rows_of;
use super::risk_model::RiskModel;
use super::risk_params::RiskParams;
use super::rule::Rule;
use super::training_record::{MemberFit, TrainingRecord};
use super::warning::warnings;
use crate::data::{Direction, Framework};
use crate::error::{Error, Result};
use crate::features::{FeatureMatrix, TrainingSet};

/// A model, and what it says of its own rows without having seen their organisations.
pub(crate) struct Refit {
    pub(crate) model: RiskModel,
    /// Intercept and coefficients before calibration in time.
    pub(crate) uncalibrated: (f64, Array1<f64>),
    /// Log-odds before calibration in time, of each training row.
    pub(crate) held_out: Vec<f64>,
}

impl Refit {
    /// The log-odds of rows of the model's features before calibration in time.
    pub(crate) fn uncalibrated(&self, rows: &FeatureMatrix) -> Vec<f64> {
        let (intercept, coefficients) = &self.uncalibrated;
        Rule::new(&self.model.learned, *intercept, coefficients).log_odds(rows)
    }
}

impl RiskParams {
    /// Learns shrinkage, stand-ins, scaling, coefficients and calibration from the training set.
    ///
    /// # Errors
    /// [`Error::OneClass`], [`Error::NoUsableFeature`], [`Error::InvalidValue`] for an unusable
    /// penalty or choice of features, [`Error::NotConverged`] or [`Error::Separated`]: there is no
    /// model without convergence.
    pub fn fit(&self, training: &TrainingSet) -> Result<RiskModel> {
        let (Refit { mut model, .. }, sample) = self.estimate(training)?;
        model.warnings = warnings(&model.linear, &sample)?;
        Ok(model)
    }

    /// The model without its warnings, which nobody reads of a refit.
    pub(crate) fn refit(&self, training: &TrainingSet) -> Result<Refit> {
        Ok(self.estimate(training)?.0)
    }

    fn estimate<'a>(&self, training: &'a TrainingSet) -> Result<(Refit, Sample<'a>)> {
        let (rows, events) = (training.rows().len(), training.events());
        if events == 0 || events == rows {
            return Err(Error::OneClass { rows, events });
        }
        let recipe = training.recipe();
        let mut described = Description::learn(training.matrix(), recipe)?;
        let learned = described.learned(recipe);
        let columns = columns(&described, training);
        if columns.is_empty() {
            return Err(Error::NoUsableFeature {
                features: described.columns.len(),
            });
        }
        let terms = learned.design(training.matrix());
        let mut sample = Sample::new(terms, &columns, training.rows());
        if let Some(most) = self.at_most {
            let kept = self.choose(most, &sample)?;
            described.keep(&kept, &learned.terms());
            sample = sample.select(&kept);
        }
        let Estimated {
            mut linear,
            held_out,
            members,
        } = self.members(&sample)?;
        let date = training.date();
        let rows = rows_of(date, training.rows(), &held_out);
        let recalibration = self.recalibration.fit(&rows)?;
        let uncalibrated = (linear.intercept, linear.coefficients.clone());
        linear.recalibrate(&recalibration);
        let record = TrainingRecord {
            recalibration,
            drift: Drift::estimate(&rows),
            ..self.record(training, members)?
        };
        let model = RiskModel::new(training, self.family, described, linear, record);
        let refit = Refit {
            model,
            uncalibrated,
            held_out,
        };
        Ok((refit, sample))
    }

    /// The mean of the members, each the mean over its penalties.
    fn members(&self, sample: &Sample<'_>) -> Result<Estimated> {
        let mut fits = Vec::with_capacity(self.members.len());
        let mut members = Vec::with_capacity(self.members.len());
        let share = 1.0 / self.members.len() as f64;
        let mut held_out = vec![0.0; sample.events.len()];
        for (place, &family) in self.members.iter().enumerate() {
            let held = self.held.as_ref().and_then(|held| held.get(place));
            let path = match held {
                Some(held) => held.penalties.iter().map(|(penalty, _)| *penalty).collect(),
                None => self.penalty.path()?,
            };
            let found = sample.fit(family, &path)?;
            let losses: Vec<f64> = found.iter().map(|fit| fit.loss).collect();
            let weights = match held {
                Some(held) if found.len() > 1 => held.penalties.iter().map(|(_, w)| *w).collect(),
                _ => self.penalty.weights(&losses),
            };
            let weights = if found.len() == 1 { vec![1.0] } else { weights };
            for (weight, fit) in weights.iter().zip(&found) {
                let sums = held_out.iter_mut().zip(&fit.held_out);
                sums.for_each(|(sum, eta)| *sum += share * weight * eta);
            }
            members.push(MemberFit {
                family,
                penalties: match family.has_penalty() {
                    true => path.into_iter().zip(weights.iter().copied()).collect(),
                    false => Vec::new(),
                },
            });
            let fitted = found.into_iter().map(|fit| fit.linear);
            fits.push((
                share,
                Linear::mean(&weights.into_iter().zip(fitted).collect::<Vec<_>>())?,
            ));
        }
        Ok(Estimated {
            linear: Linear::mean(&fits)?,
            held_out,
            members,
        })
    }

    /// Which of the columns are kept.
    fn choose(&self, most: usize, sample: &Sample<'_>) -> Result<Vec<usize>> {
        if most == 0 {
            return Err(Error::InvalidValue {
                what: "features to choose",
                found: most.to_string(),
                expected: "at least 1".to_owned(),
            });
        }
        let has_penalty = self.members.iter().any(|member| member.has_penalty());
        // A light one: what is chosen is shrunk afterwards.
        let penalty = match self.penalty {
            Penalty::PerObservation(penalty) => penalty,
            Penalty::Averaged => CHOOSING_PENALTY,
        };
        choose(has_penalty, sample.terms(), &sample.events, penalty, most)
    }

    fn record(&self, training: &TrainingSet, members: Vec<MemberFit>) -> Result<TrainingRecord> {
        let rows = training.rows();
        let events = training.events();
        let mut known: Vec<Framework> = rows.iter().map(|r| r.framework).collect();
        known.sort_unstable();
        known.dedup();
        let count = |framework: Framework| {
            let of = rows.iter().filter(|r| r.framework == framework);
            (
                framework,
                of.clone().count(),
                of.filter(|r| r.event).count(),
            )
        };
        let weight = |event: Option<bool>| -> f64 {
            let of = rows
                .iter()
                .filter(|r| event.is_none_or(|event| r.event == event));
            of.map(|r| r.weight).sum()
        };
        let base_rate = weight(Some(true)) / weight(None);
        let same = vec![(base_rate / (1.0 - base_rate)).ln(); rows.len()];
        let rate_rows = rows_of(training.date(), rows, &same);
        let rate = self.recalibration.without_slope().fit(&rate_rows)?;
        let drift = Drift::estimate(&rate_rows);
        let has_penalty = members.iter().any(|m| m.family.has_penalty());
        Ok(TrainingRecord {
            date: training.date(),
            inspections: rows.len(),
            events,
            frameworks: known.into_iter().map(count).collect(),
            first_start: rows.iter().map(|r| r.start).min().unwrap_or(Date::MIN),
            last_published: rows.iter().map(|r| r.published).max().unwrap_or(Date::MIN),
            assumed_starts: rows.iter().filter(|r| r.start_assumed).count(),
            base_rate,
            rate_now: RateNow::new(same[0], &rate, drift),
            penalty: match self.penalty {
                Penalty::PerObservation(penalty) if has_penalty => Some(penalty),
                _ => None,
            },
            members,
            most_features: self.at_most,
            recalibration_params: self.recalibration,
            recalibration: rate,
            drift,
            excluded: training.excluded().to_vec(),
        })
    }
}

/// Where features are chosen and no penalty is stated.
const CHOOSING_PENALTY: f64 = 0.01;

struct Estimated {
    linear: Linear,
    held_out: Vec<f64>,
    members: Vec<MemberFit>,
}

/// The terms as they enter a sample, in their order.
fn columns(described: &Description, training: &TrainingSet) -> Vec<SampleColumn> {
    let recipe = training.recipe();
    let rows = training.rows().len() as f64;
    let alone = described.columns[..recipe.alone()].iter();
    let alone = alone.filter(|c| c.unused.is_none()).map(|c| SampleColumn {
        direction: c.direction,
        weight: 1.0,
        known: c.present as f64 / rows,
    });
    let themes = recipe.themes().iter().zip(&described.themes);
    let themes = themes
        .filter(|(_, learned)| learned.unused.is_none())
        .map(|(theme, learned)| SampleColumn {
            direction: Direction::HigherRiskier,
            weight: theme.weight(),
            known: learned.present as f64 / rows,
        });
    alone.chain(themes).collect()
}

impl Description {
    /// Leaves all terms but these out of use.
    fn keep(&mut self, kept: &[usize], terms: &[std::ops::Range<usize>]) {
        let first_theme = terms.iter().position(|t| t.start >= self.alone());
        let first_theme = first_theme.unwrap_or(terms.len());
        let mut themes: Vec<&mut Option<Unused>> = self
            .themes
            .iter_mut()
            .map(|theme| &mut theme.unused)
            .filter(|unused| unused.is_none())
            .collect();
        for place in (0..terms.len()).filter(|place| !kept.contains(place)) {
            let unused = match place.checked_sub(first_theme) {
                Some(theme) => &mut *themes[theme],
                None => &mut self.columns[terms[place].start].unused,
            };
            *unused = Some(Unused::NotChosen);
        }
    }
}
