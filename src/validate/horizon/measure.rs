//! Forecasts against what happened: gains, ratios, and their intervals.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::result::{Gain, HorizonYear, OutcomeEvidence};
use super::row::Row;
use crate::data::AuthorityCode;
use crate::fit::logistic::{log_loss, probability};
use crate::stats::bootstrap::{Bootstrap, Clusters, percentile_interval};
use crate::stats::interval::{Interval, Limits, Z95};
use crate::stats::undefined::{Estimate, Undefined};
use crate::validate::measure::rank::StratifiedRanking;

/// What forecasts were worth, with the draws behind its intervals.
pub(super) struct Measures(pub(super) Bootstrap);

impl Measures {
    pub(super) fn outcome(&self, rows: &[&Row]) -> OutcomeEvidence {
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
        let by_organisation = self.0.run(&organisations, <[u32]>::to_vec);
        let shifted = self.0.shifted();
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
pub(super) fn by_year(rows: &[Row]) -> Vec<HorizonYear> {
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

    fn found<T>(rows: &[Row], of: impl Fn(Measures, &[&Row]) -> T) -> T {
        of(
            Measures(Bootstrap::new(200, 1)),
            &rows.iter().collect::<Vec<_>>(),
        )
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
