//! Is a warning within a horizon worth more than knowing when inspections come?
//!
//! At every origin timing and risk are learned at landmarks whose windows have closed, and the
//! landmarks of the year that follows are forecast. Most of the discrimination of the product is the
//! calendar: timing alone has a C-statistic of 0.80. So the product's own is never told as skill:
//! what stands here is its *gain* over timing alone (times one rate for all) and over timing times
//! the capped previous grade, and the C-statistic of the risk part alone among those judged.
//!
//! Rows of one organisation and of one quarter go together: variances of mean differences are two-way
//! (Cameron, Gelbach and Miller 2011, *Journal of Business & Economic Statistics* 29:238-249), and
//! intervals of C-statistics draw organisations and quarters, whose counts multiply (Owen 2007,
//! *Annals of Applied Statistics* 1:386-411).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::baselines::Baseline;
use super::forecaster::Forecaster;
use crate::data::{AuthorityCode, Knowledge, OutcomeRule, Panel};
use crate::error::Result;
use crate::features::{FeatureRecipe, Landmark, Months};
use crate::fit::logistic::{log_loss, probability};
use crate::model::{HorizonModel, Programme, RiskParams};
use crate::parallel::in_order;
use crate::stats::bootstrap::{Bootstrap, Clusters, percentile_interval};
use crate::stats::interval::{Interval, Limits, Z95};
use crate::stats::undefined::{Estimate, Undefined, or_why};
use crate::validate::measure::rank::StratifiedRanking;

/// Which forecast, and which landmarks.
#[derive(Clone, Debug)]
pub struct HorizonParams<'a> {
    /// The model of the risk part.
    pub model: &'a RiskParams,
    /// The recipe.
    pub recipe: &'a FeatureRecipe,
    /// What counts as the event.
    pub outcome_rule: OutcomeRule,
    /// When figures count as known.
    pub knowledge: Knowledge,
    /// The horizon.
    pub months: Months,
    /// First year whose landmarks are forecast.
    pub from: i16,
    /// Last day: what was published later is not known.
    pub to: Date,
    /// Draws behind intervals of C-statistics.
    pub bootstrap: Bootstrap,
}

/// What the forecasts within a horizon were worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HorizonEvidence {
    /// The horizon.
    pub months: Months,
    /// The scenario for timing: the programme as it ran.
    pub scenario: Programme,
    /// First and last landmark.
    pub landmarks: Option<(Date, Date)>,
    /// Organisations abolished in their windows without a judgement, counted as not judged.
    pub abolished: usize,
    /// A judgement with the event.
    pub any: OutcomeEvidence,
    /// A judgement with the event of an organisation whose grade was not the worst one already.
    pub newly: OutcomeEvidence,
    /// Expected and observed by year, of any.
    pub years: Vec<HorizonYear>,
}

/// One outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutcomeEvidence {
    /// Landmarks: organisations at quarter ends.
    pub n: usize,
    /// Judged within the horizon.
    pub judged: usize,
    /// With the event.
    pub events: usize,
    /// Judgements and organisations behind these.
    pub distinct: (usize, usize),
    /// Gain over timing times one rate for all.
    pub over_timing: Gain,
    /// Gain over timing times the capped previous grade.
    pub over_timing_and_grade: Gain,
    /// Within-quarter C-statistic of the risk part among those judged.
    #[serde(with = "or_why")]
    pub risk_c: Estimate,
    /// Its 95% interval.
    #[serde(with = "or_why")]
    pub risk_c_ci95: Estimate<Interval>,
    /// Judged: observed over expected.
    #[serde(with = "or_why")]
    pub timing_observed_expected: Estimate,
    /// The event, among those judged: observed over expected.
    #[serde(with = "or_why")]
    pub risk_observed_expected: Estimate,
    /// Both: observed over expected.
    #[serde(with = "or_why")]
    pub observed_expected: Estimate,
}

/// What a forecast adds to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// Mean log-loss of a landmark that it saves: above 0 is better.
    #[serde(with = "or_why")]
    pub log_loss: Estimate,
    /// Its 95% interval, two-way by organisation and quarter.
    #[serde(with = "or_why")]
    pub log_loss_ci95: Estimate<Interval>,
    /// Within-quarter C-statistic that it adds.
    #[serde(with = "or_why")]
    pub c_within_quarter: Estimate,
    /// Its 95% interval, drawing organisations and quarters.
    #[serde(with = "or_why")]
    pub c_ci95: Estimate<Interval>,
}

/// The landmarks that were forecast at one origin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HorizonYear {
    /// Year of the landmarks: from 31 December before it, the origin, to 30 September.
    pub year: i16,
    /// Landmarks.
    pub n: usize,
    /// Judged: expected and observed.
    pub judged: (f64, usize),
    /// With the event: expected and observed.
    pub events: (f64, usize),
    /// Between how many events 95 of 100 such years lie, given how far years were off before.
    pub events_ci95: Limits<f64>,
}

/// One landmark, forecast.
struct Row {
    // After the origin of its models.
    year: i16,
    organisation: AuthorityCode,
    on: Date,
    judged: Option<Date>,
    event: bool,
    already: bool,
    abolished: bool,
    timing: f64,
    // Log-odds of the event, if judged: of the model, the capped grade, and everybody.
    risk: f64,
    grade: f64,
    rate: f64,
}

impl HorizonParams<'_> {
    /// Forecasts the landmarks of every year at its origin.
    ///
    /// # Errors
    /// Those of learning; an origin with too little to learn from has no landmarks.
    pub fn run(&self, panel: &Panel) -> Result<HorizonEvidence> {
        let all = panel
            .as_of_with(self.to, self.knowledge)
            .landmarks(self.recipe, self.outcome_rule, self.months)?
            .all;
        let last = all.iter().map(|l| l.on.year()).max().unwrap_or(self.from);
        let years: Vec<i16> = (self.from..=last).collect();
        let rows = in_order(&years, |&year| self.year(panel, &all, year));
        let rows: Vec<Vec<Row>> = rows.into_iter().collect::<Result<_>>()?;
        let rows: Vec<Row> = rows.into_iter().flatten().collect();
        let days = || rows.iter().map(|row| row.on);
        Ok(HorizonEvidence {
            months: self.months,
            scenario: Programme::AsRan,
            landmarks: days().min().zip(days().max()),
            abolished: rows.iter().filter(|row| row.abolished).count(),
            any: self.outcome(&rows.iter().collect::<Vec<_>>()),
            newly: self.outcome(&rows.iter().filter(|r| !r.already).collect::<Vec<_>>()),
            years: by_year(&rows),
        })
    }

    /// Landmarks of a year, by models of what was known on 31 December before it.
    fn year(&self, panel: &Panel, all: &[Landmark], year: i16) -> Result<Vec<Row>> {
        let origin = Date::constant(year - 1, 12, 31);
        let known = panel.as_of_with(origin, self.knowledge);
        let own = known.landmarks(self.recipe, self.outcome_rule, self.months);
        let model = HorizonModel::fit(
            self.model,
            known,
            self.recipe,
            self.outcome_rule,
            self.months,
        );
        let rivals = [Baseline::PreviousGradeCapped, Baseline::BaseRate];
        let (model, own) = match (model, own) {
            (Ok(model), Ok(own)) => (model, own),
            (Err(error), _) | (_, Err(error)) if nothing(&error) => return Ok(Vec::new()),
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        // Landmarks lie on or after the origin, and before the next one.
        let wanted: Vec<&Landmark> = all
            .iter()
            .filter(|l| l.on >= origin && l.on < Date::constant(year, 12, 31))
            .collect();
        let days: Vec<(AuthorityCode, Date)> =
            wanted.iter().map(|l| (l.organisation, l.on)).collect();
        let Some(last) = days.iter().map(|(_, day)| *day).max() else {
            return Ok(Vec::new());
        };
        let on = panel.as_of_with(last, self.knowledge);
        let matrix = on.features_for(self.recipe, days.clone())?;
        let risk = model.risk().rule().log_odds(&matrix);
        let mut others = Vec::with_capacity(rivals.len());
        for rival in rivals {
            let recipe = rival.recipe(self.recipe)?;
            let training = known
                .landmarks(&recipe, self.outcome_rule, self.months)?
                .judged;
            let calibrated = |scorer: &dyn super::forecaster::Scorer| -> Result<Vec<f64>> {
                let held_out = scorer.held_out(&training)?;
                let params = self.model.recalibration();
                let found = params.on(origin, training.rows(), &held_out)?;
                let matrix = on.features_for(&recipe, days.clone())?;
                let scores = scorer.log_odds(&matrix)?;
                Ok(scores.into_iter().map(|eta| found.apply(eta)).collect())
            };
            others.push(match rival.fit(&training) {
                Ok(scorer) => calibrated(&*scorer)?,
                Err(error) if error.leaves_no_model() => {
                    calibrated(&*Baseline::BaseRate.fit(&own.judged)?)?
                }
                Err(other) => return Err(other),
            });
        }
        let row = |(place, landmark): (usize, &&Landmark)| Row {
            year,
            organisation: landmark.organisation,
            on: landmark.on,
            judged: landmark.judged.map(|(published, _)| published),
            event: landmark.judged.is_some_and(|(_, event)| event),
            already: landmark
                .standing
                .grade
                .is_some_and(|grade| self.outcome_rule.is_event(grade)),
            abolished: landmark.abolished,
            timing: model.judged(landmark.standing, Programme::AsRan),
            risk: risk[place],
            grade: others[0][place],
            rate: others[1][place],
        };
        Ok(wanted.iter().enumerate().map(row).collect())
    }

    fn outcome(&self, rows: &[&Row]) -> OutcomeEvidence {
        let judged: Vec<&&Row> = rows.iter().filter(|row| row.judged.is_some()).collect();
        let events: Vec<&&Row> = rows.iter().filter(|row| row.event).collect();
        let mut judgements: Vec<(AuthorityCode, Option<Date>)> = events
            .iter()
            .map(|row| (row.organisation, row.judged))
            .collect();
        judgements.sort_unstable();
        judgements.dedup();
        let judgement_count = judgements.len();
        judgements.dedup_by_key(|(organisation, _)| *organisation);
        let (observed, sum) = (events.len() as f64, |of: &dyn Fn(&Row) -> f64| {
            rows.iter().map(|row| of(row)).sum::<f64>()
        });
        let ratio = |observed: f64, expected: f64| match expected {
            0.0 => Err(Undefined::ZeroDenominator),
            _ => Ok(observed / expected),
        };
        let risk_expected: f64 = judged.iter().map(|row| probability(row.risk)).sum();
        let only: Vec<&Row> = judged.iter().map(|row| **row).collect();
        let (risk_c, risk_c_ci95) = self.c_statistic(&only, &|row| row.risk, None);
        OutcomeEvidence {
            n: rows.len(),
            judged: judged.len(),
            events: events.len(),
            distinct: (judgement_count, judgements.len()),
            over_timing: self.gain(rows, &|row| row.timing * probability(row.rate)),
            over_timing_and_grade: self.gain(rows, &|row| row.timing * probability(row.grade)),
            risk_c,
            risk_c_ci95,
            timing_observed_expected: ratio(judged.len() as f64, sum(&|row| row.timing)),
            risk_observed_expected: ratio(observed, risk_expected),
            observed_expected: ratio(observed, sum(&Row::product)),
        }
    }

    /// What the product adds to another probability.
    fn gain(&self, rows: &[&Row], rival: &(dyn Fn(&Row) -> f64 + Sync)) -> Gain {
        let saved: Vec<f64> = rows
            .iter()
            .map(|row| loss(rival(row), row.event) - loss(row.product(), row.event))
            .collect();
        let (mean, error) = two_way(rows, &saved);
        let (c, c_ci95) = self.c_statistic(rows, &Row::product, Some(rival));
        Gain {
            log_loss: mean,
            log_loss_ci95: mean.and_then(|mean| {
                Ok(Interval {
                    low: mean - Z95 * error?,
                    high: mean + Z95 * error?,
                })
            }),
            c_within_quarter: c,
            c_ci95,
        }
    }

    /// The within-quarter C-statistic of a score, less that of a rival where one is given.
    fn c_statistic(
        &self,
        rows: &[&Row],
        own: &(dyn Fn(&Row) -> f64 + Sync),
        rival: Option<&(dyn Fn(&Row) -> f64 + Sync)>,
    ) -> (Estimate, Estimate<Interval>) {
        let outcomes: Vec<bool> = rows.iter().map(|row| row.event).collect();
        let quarters: Vec<Date> = rows.iter().map(|row| row.on).collect();
        let rank = |score: &(dyn Fn(&Row) -> f64 + Sync)| {
            let scores: Vec<f64> = rows.iter().map(|row| score(row)).collect();
            StratifiedRanking::new(&scores, &outcomes, &quarters).map_err(|_| Undefined::NoRows)
        };
        let rankings = (rank(own), rival.map(&rank));
        let drawn = |counts: &[u32]| -> Estimate {
            let own = rankings
                .0
                .as_ref()
                .map_err(|why| *why)?
                .c_statistic_of(counts)?;
            match &rankings.1 {
                Some(rival) => {
                    Ok(own - rival.as_ref().map_err(|why| *why)?.c_statistic_of(counts)?)
                }
                None => Ok(own),
            }
        };
        let organisations: Vec<AuthorityCode> = rows.iter().map(|row| row.organisation).collect();
        let (organisations, quarters) = (Clusters::new(&organisations), Clusters::new(&quarters));
        let by_organisation = self.bootstrap.run(&organisations, <[u32]>::to_vec);
        let shifted = self.bootstrap.shifted();
        let by_quarter = shifted.run(&quarters, <[u32]>::to_vec);
        let replicates: Vec<Estimate> = by_organisation
            .iter()
            .zip(&by_quarter)
            .map(|(a, b)| {
                let counts: Vec<u32> = a.iter().zip(b).map(|(a, b)| a * b).collect();
                drawn(&counts)
            })
            .collect();
        let interval = percentile_interval(&replicates).map(|i| i.interval95);
        (drawn(&vec![1; rows.len()]), interval)
    }
}

impl Row {
    fn product(&self) -> f64 {
        self.timing * probability(self.risk)
    }
}

fn nothing(error: &crate::Error) -> bool {
    error.leaves_no_model() || matches!(error, crate::Error::NothingToTrainOn { .. })
}

fn loss(probability: f64, event: bool) -> f64 {
    log_loss((probability / (1.0 - probability)).ln(), event)
}

/// The mean over rows, and its standard error where rows of one organisation and of one quarter go
/// together: the variance by organisations plus that by quarters less that by both.
fn two_way(rows: &[&Row], values: &[f64]) -> (Estimate, Estimate) {
    if values.is_empty() {
        return (Err(Undefined::NoRows), Err(Undefined::NoRows));
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let by = |organisation: bool, quarter: bool| {
        let mut sums: BTreeMap<_, f64> = BTreeMap::new();
        for (row, value) in rows.iter().zip(values) {
            let key = (
                organisation.then_some(row.organisation),
                quarter.then_some(row.on),
            );
            *sums.entry(key).or_default() += value - mean;
        }
        sums.values().map(|sum| sum * sum).sum::<f64>() / (n * n)
    };
    let variance = by(true, false) + by(false, true) - by(true, true);
    let error = match variance > 0.0 {
        true => Ok(variance.sqrt()),
        false => Err(Undefined::NoSpread),
    };
    (Ok(mean), error)
}

/// Expected and observed by year of the landmarks. How far a year may be off its expectation beyond
/// chance is learned from the years before: Var = E + d E^2, with d by moments.
fn by_year(rows: &[Row]) -> Vec<HorizonYear> {
    let mut years: BTreeMap<i16, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        years.entry(row.year).or_default().push(row);
    }
    let (mut excess, mut squares) = (0.0, 0.0);
    let mut told = Vec::with_capacity(years.len());
    for (year, rows) in years {
        let expected: f64 = rows.iter().map(|row| row.product()).sum();
        let observed = rows.iter().filter(|row| row.event).count();
        let dispersion = if squares > 0.0 {
            f64::max(excess / squares, 0.0)
        } else {
            0.0
        };
        let half = Z95 * (expected + dispersion * expected * expected).sqrt();
        told.push(HorizonYear {
            year,
            n: rows.len(),
            judged: (
                rows.iter().map(|row| row.timing).sum(),
                rows.iter().filter(|row| row.judged.is_some()).count(),
            ),
            events: (expected, observed),
            events_ci95: Limits {
                low: (expected - half).max(0.0),
                high: expected + half,
            },
        });
        excess += (observed as f64 - expected).powi(2) - expected;
        squares += expected * expected;
    }
    told
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const EXACT: f64 = 1e-12;

    /// An organisation at a quarter end of 2020 or later, judged and failed or not.
    fn row(organisation: usize, quarter: usize, judged: bool, event: bool) -> Row {
        let on = Date::constant(2020 + (quarter / 4) as i16, 1 + 3 * (quarter % 4) as i8, 1);
        Row {
            year: on.year(),
            organisation: AuthorityCode::new(&format!("T{organisation:02}")).unwrap(),
            on,
            judged: judged.then_some(on),
            event,
            already: false,
            abolished: false,
            timing: 0.5,
            // Probabilities of 1/2, 1/3 and 1/5.
            risk: 0.0,
            grade: -(2f64.ln()),
            rate: -(4f64.ln()),
        }
    }

    /// What these rows say, by parameters that decide nothing of it but the resamples.
    fn found<T>(rows: &[Row], of: impl Fn(HorizonParams<'_>, &[&Row]) -> T) -> T {
        let params = HorizonParams {
            model: &RiskParams::default(),
            recipe: &FeatureRecipe::default(),
            outcome_rule: OutcomeRule::default(),
            knowledge: Knowledge::default(),
            months: Months(12),
            from: 2020,
            to: Date::constant(2023, 12, 31),
            bootstrap: Bootstrap::new(200, 1),
        };
        of(params, &rows.iter().collect::<Vec<_>>())
    }

    fn evidence(rows: &[Row]) -> OutcomeEvidence {
        found(rows, |params, rows| params.outcome(rows))
    }

    fn numbers(value: &Value) -> Vec<f64> {
        let all = value.as_array().unwrap().iter();
        all.map(|v| v.as_f64().unwrap()).collect()
    }

    /// `tests/reference/influence.py`: a quadratic form of the values and of which rows go together.
    #[test]
    fn the_two_way_variance_equals_a_quadratic_form() {
        let text = include_str!("../../../tests/reference/influence.json");
        let python: Value = serde_json::from_str(text).unwrap();
        let python = &python["two_way"];
        let places = numbers(&python["owner"])
            .into_iter()
            .zip(numbers(&python["quarter"]));
        let rows: Vec<Row> = places
            .map(|(owner, quarter)| row(owner as usize, quarter as usize, false, false))
            .collect();
        let (mean, error) = two_way(
            &rows.iter().collect::<Vec<_>>(),
            &numbers(&python["values"]),
        );
        assert!((mean.unwrap() - python["mean"].as_f64().unwrap()).abs() < EXACT);
        assert!((error.unwrap() - python["error"].as_f64().unwrap()).abs() < EXACT);
    }

    #[test]
    fn rows_of_their_own_have_the_usual_standard_error() {
        let rows: Vec<Row> = (0..12).map(|i| row(i, i, false, false)).collect();
        let values: Vec<f64> = (0..12).map(|i| f64::from(i * i)).collect();
        let (mean, error) = two_way(&rows.iter().collect::<Vec<_>>(), &values);
        let mean = mean.unwrap();
        let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
        assert!((error.unwrap() - squares.sqrt() / 12.0).abs() < EXACT);
    }

    #[test]
    fn a_forecast_gains_nothing_over_itself() {
        let mut rows: Vec<Row> = (0..40)
            .map(|i| row(i % 10, i / 10, i % 2 == 0, i % 4 == 0))
            .collect();
        for (place, row) in rows.iter_mut().enumerate() {
            row.risk = (place % 7) as f64 - 3.0;
        }
        let found = found(&rows, |params, rows| params.gain(rows, &Row::product));
        assert_eq!(found.log_loss, Ok(0.0));
        assert_eq!(found.log_loss_ci95, Err(Undefined::NoSpread));
        assert_eq!(found.c_within_quarter, Ok(0.0));
        let zero = Interval {
            low: 0.0,
            high: 0.0,
        };
        assert_eq!(found.c_ci95, Ok(zero));
    }

    /// Of ten landmarks five are judged and two failed: 5 of 5 expected judged, 2 of 2.5 of those
    /// judged, 2 of 2.5 of both. A landmark gives the event 1/4, timing alone 1/10, and timing times
    /// grade 1/6.
    #[test]
    fn observed_over_expected_and_gains_by_hand() {
        let mut rows: Vec<Row> = (0..10)
            .map(|i| row(i, i % 2, i < 5, i == 0 || i == 3))
            .collect();
        // The same organisation and judgement from two landmarks.
        rows[1] = row(0, 1, true, true);
        rows[1].judged = rows[0].judged;
        rows[3].event = false;
        let found = evidence(&rows);
        assert_eq!((found.n, found.judged, found.events), (10, 5, 2));
        assert_eq!(found.distinct, (1, 1));
        assert_eq!(found.timing_observed_expected, Ok(1.0));
        assert_eq!(found.risk_observed_expected, Ok(0.8));
        assert_eq!(found.observed_expected, Ok(0.8));
        let saved = |rival: f64| {
            let events = 2.0 * (0.25f64.ln() - rival.ln());
            (events + 8.0 * (0.75f64.ln() - (1.0 - rival).ln())) / 10.0
        };
        for (gain, rival) in [
            (&found.over_timing, 0.1),
            (&found.over_timing_and_grade, 1.0 / 6.0),
        ] {
            assert!((gain.log_loss.unwrap() - saved(rival)).abs() < EXACT);
            // All have the same rank, by either.
            assert_eq!(gain.c_within_quarter, Ok(0.0));
        }
        assert_eq!(found.risk_c, Ok(0.5));
    }

    /// Of two quarters, among those judged: in the first the event is above one of two, in the second
    /// level with the only one: 1.5 of 3 pairs.
    #[test]
    fn the_risk_part_is_ranked_within_quarters_among_those_judged() {
        let mut rows = vec![
            row(0, 0, true, true),
            row(1, 0, true, false),
            row(2, 0, true, false),
            // Higher than all, and not judged.
            row(3, 0, false, false),
            row(4, 1, true, true),
            row(5, 1, true, false),
        ];
        for (row, risk) in rows.iter_mut().zip([0.0, 1.0, -1.0, 9.0, 0.5, 0.5]) {
            row.risk = risk;
        }
        assert_eq!(evidence(&rows).risk_c, Ok(0.5));
        rows[2].risk = 2.0;
        assert_eq!(evidence(&rows).risk_c, Ok(0.5 / 3.0));
    }

    /// Of eight landmarks a year 2 are expected. In the first year 4 came: (4 - 2)^2 - 2 = 2 more than
    /// chance, and d = 2 / 2^2, so that the second has a variance of 2 + 0.5 x 4. In the second 2 came:
    /// d = (2 - 2) / (4 + 4) = 0 for the third.
    #[test]
    fn a_years_interval_learns_from_the_years_before() {
        let year = |year: usize, events: usize| {
            (0..8).map(move |i| row(i, 4 * year + i % 4, i < 5, i < events))
        };
        let rows: Vec<Row> = year(0, 4).chain(year(1, 2)).chain(year(2, 0)).collect();
        let found = by_year(&rows);
        let expected = [(2020, 4, 2.0), (2021, 2, 4.0), (2022, 0, 2.0)];
        assert_eq!(found.len(), 3);
        for (found, (year, events, variance)) in found.iter().zip(expected) {
            assert_eq!((found.year, found.n, found.judged), (year, 8, (4.0, 5)));
            assert_eq!(found.events, (2.0, events));
            let half = Z95 * f64::sqrt(variance);
            assert!((found.events_ci95.high - (2.0 + half)).abs() < EXACT);
            assert_eq!(found.events_ci95.low, 0.0, "no fewer than none");
        }
    }
}
